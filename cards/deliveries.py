"""Cards for the office: what did not arrive and what becomes of it, and the coordinator's morning."""

from __future__ import annotations

from cards import elements, sittings, wording
from casework import ports
from casework.delivery_views import OfficeDigest, Undelivered, UndeliveredLine
from casework.domain.deliveries import Kind
from casework.views import Choice

AGAIN = "delivery.again"
ARRIVED = "delivery.arrived"
LEAVE = "delivery.leave"
PAGE = "delivery.page"

# what each kind of card is called for somebody who may not see what is on it
NAMES: dict[Kind, str] = {
    Kind.ACTION_DUE: "action reminder",
    Kind.AGENDA: "agenda",
    Kind.CONSULT: "question",
    Kind.CONSULT_ANSWER: "answer",
    Kind.COVER_SET: "news of cover",
    Kind.DECISION: "decision",
    Kind.DEFERRED_AGAIN: "news of a deferral",
    Kind.HANDOVER: "handover",
    Kind.ITEM_APPROVAL: "request for approval",
    Kind.ITEM_CHANGED: "news of an item",
    Kind.ITEM_REVIEW: "review reminder",
    Kind.MINUTES_DUE: "record reminder",
    Kind.MORNING_DIGEST: "morning list",
    Kind.NO_HELD_SLOT: "urgent request without a slot",
    Kind.OFFICE_DIGEST: "coordinator's morning",
    Kind.PAPERS_DUE: "papers reminder",
    Kind.PAPERS_LATE: "late papers",
    Kind.PRESENTER_REMINDER: "presenter's reminder",
    Kind.SITTING_CHANGED: "news of a sitting",
    Kind.SLOT_OFFERED: "offer of a slot",
}
# why, in words; what is not here is said as it is
REASONS = {
    "blocked": "they blocked Usher",
    "cannot_be_drawn": "it could not be drawn: tell whoever runs Usher",
    "disabled_by_admin": "Usher is switched off for them",
    "left": "they hold no role any more",
    "no_address": "they have not added Usher yet",
    "not_found": "their chat is gone",
    "not_in_roster": "they removed Usher",
    "removed": "they removed Usher",
    "too_large": "Teams found it too large: tell whoever runs Usher",
    "wrong_recipient": "its chat is not theirs: tell whoever runs Usher",
}


def page(view: Undelivered, *, title: str = "Cards that did not arrive") -> ports.Message:
    """What waits for a person's word; ticked lines are sent again, said to have arrived, or left."""
    body: list[elements.Element] = []
    buttons = []
    if view.lines:
        body.append(
            elements.text(
                "Of some nobody knows whether they arrived: ask, then say so here. Nothing of these goes out again "
                "by itself, since a second agenda or decision does harm too."
            )
        )
        choices = [Choice(value=one.delivery_id, label=_line(one)) for one in view.lines]
        body += elements.choice_input("chosen", "Which?", choices, missing="Tick at least one", is_several=True)
        buttons = [elements.button("Send again", AGAIN, takes_inputs=True)]
        if any(one.is_unknown for one in view.lines):
            buttons.append(elements.button("They did arrive", ARRIVED, takes_inputs=True))
        buttons.append(elements.button("Leave them", LEAVE, takes_inputs=True))
    else:
        body.append(elements.text("Everything arrived, or is on its way."))
    if view.more:
        body.append(elements.text(f"And {view.more} more, shown when these are settled.", is_subtle=True))
    if view.unreachable:
        lines = "\n".join(
            f"- {elements.plain(name)}: {elements.plain(REASONS.get(why, why.replace('_', ' ')))}"
            for name, why in view.unreachable
        )
        body += [elements.subheading("Nobody can reach these people in Teams"), elements.text(lines)]
        body.append(
            elements.text("Ask them to add Usher again; cards of seven days follow by themselves.", is_subtle=True)
        )
    return elements.message(title, body, buttons, summary=wording.SUMMARY_UNDELIVERED)


def told(view: Undelivered) -> ports.Message:
    """The same, sent by Usher of itself."""
    return page(view, title="Some cards did not arrive")


def morning(view: OfficeDigest) -> ports.Message:
    """What waits for a coordinator this morning."""
    body: list[elements.Element] = []
    if view.today:
        lines = "\n".join(f"- {sittings.short(one)}" for one in view.today)
        body += [
            elements.subheading("Today"),
            elements.text(lines),
        ]
    if view.to_resolve:
        lines = "\n".join(f"- {sittings.short(one)}" for one in view.to_resolve)
        body += [elements.subheading("Days to settle"), elements.text(lines)]
    if view.waiting:
        waiting = ", ".join(f"{count} for the {elements.plain(name)}" for name, count in view.waiting)
        body.append(elements.text(f"**Waiting for a slot:** {waiting}."))
    buttons = [elements.button("Sittings", sittings.PAGE)]
    if view.undelivered or view.unreachable:
        cards = "1 card" if view.undelivered == 1 else f"{view.undelivered} cards"
        people = "1 person" if view.unreachable == 1 else f"{view.unreachable} people"
        body.append(elements.text(f"**Not delivered:** {cards}; {people} can't be reached in Teams."))
        buttons.append(elements.button("Not delivered", PAGE))
    return elements.message("Panels this morning", body, buttons, summary=wording.SUMMARY_OFFICE)


def _line(one: UndeliveredLine) -> str:
    what = NAMES.get(Kind(one.kind), "a card")
    known = "nobody knows" if one.is_unknown else REASONS.get(one.reason, one.reason.replace("_", " "))
    return f"{what[:1].upper()}{what[1:]} for {one.to}, {wording.short_day(one.at)} {wording.clock(one.at)}: {known}"
