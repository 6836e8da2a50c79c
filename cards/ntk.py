"""The cards of a need-to-know that was raised: the raiser's, the recipient's, reminders, and whom to phone."""

from __future__ import annotations

from collections.abc import Sequence

from cards import elements, fitting, ntk_verbs, ntk_words, wording
from cards.ntk_form import short, story
from casework import ports
from casework.ntk_views import NotDelivered, NtkCard, NtkReceipt, NtkReminder, NtkStub, PromptLine, Standing

FIRST_ACTS = ("lower_confirm", "lower_keep", "endorse", "found", "update", "comment")
MOST_ACTS = 3
MOST_OF_AN_OLD_UPDATE = 400
RAISER_ACTS = ("update", "found")
RETURNED = "**Your manager asks for more detail.** Add an update to answer."
RECORD = "This card shows who has acknowledged as it happens. Record it in the case system too."


def receipt(view: NtkReceipt) -> ports.Message:
    """The raiser's own card: the reference, exactly who was told, who has acknowledged, whom to phone."""
    to_phone = [person for person in view.told if ntk_words.must_phone(person)]
    standing = view.standing
    is_live = standing.state in ("submitted", "returned", "open")
    body: list[elements.Element] = []
    if is_live and (to_phone or not view.told):
        body.append(ntk_words.phone_box(to_phone))
    if standing.state == "returned":
        body.append(elements.box([elements.text(RETURNED)], style="warning"))
    body += [
        elements.facts(
            [
                ("Reference", standing.reference),
                ("About", standing.category),
                ("Level", f"{standing.level}: {standing.level_meaning}"),
                ("Child", ntk_words.child(standing)),
                ("Raised", wording.moment(standing.raised_at)),
                ("Stands", ntk_words.state(standing)),
                *_next_update(standing),
            ]
        ),
        elements.subheading("Who was told"),
        elements.text("\n".join(f"- {ntk_words.told(person)}" for person in view.told) or "Nobody yet."),
        *_later(view),
        *ntk_words.gap_lines(view.gaps),
        *prompts_box(view.prompts),
        *_on_call(view),
        *([elements.text(RECORD, is_subtle=True)] if is_live else []),
    ]
    buttons = [
        elements.button("Show latest", ntk_verbs.STATUS, {"ntk": standing.ntk_id}),
        *ntk_verbs.act_buttons(view.acts, RAISER_ACTS, standing.ntk_id),
        ntk_verbs.more_button(standing.ntk_id),
    ]
    return elements.message(f"Need-to-know raised: {standing.reference}", body, buttons, summary=wording.SUMMARY_DONE)


def card(view: NtkCard | NtkStub) -> ports.Message:
    """A recipient's card: the need-to-know, and the button that says they have seen it."""
    if isinstance(view, NtkStub):
        return stub(view)
    standing = view.standing
    phone = f", {view.raiser_phone}" if view.raiser_phone else ""
    behalf = f", for {view.on_behalf}" if view.on_behalf else ""
    body = [
        *_banners(view),
        elements.facts(
            [
                ("About", standing.category),
                ("Level", f"{standing.level}: {standing.level_meaning}"),
                ("Child" if len(view.children) == 1 else "Children", ", ".join(view.children)),
                ("Raised by", f"{view.raised_by}{phone}{behalf}"),
                ("Raised", wording.moment(standing.raised_at)),
                ("Known since", wording.moment(view.aware_at)),
                ("Team", view.team or "not known"),
                ("Stands", ntk_words.state(standing)),
                *_next_update(standing),
            ]
        ),
        *_updates(view),
        *story(view.answers),
        elements.subheading("More about it"),
        *short(view.answers),
        *prompts_box(view.prompts),
        elements.subheading("Also told"),
        elements.text("\n".join(f"- {ntk_words.also_told(person)}" for person in view.told) or "Nobody else."),
        elements.text(f"Why you: {elements.plain(ntk_words.why(view.why))}", is_subtle=True),
    ]
    can = view.may_acknowledge and view.acknowledged_at is None and standing.state in ("submitted", "returned", "open")
    buttons = [
        *([elements.button("Acknowledge", ntk_verbs.ACKNOWLEDGE, {"ntk": standing.ntk_id})] if can else []),
        *ntk_verbs.act_buttons(view.acts, FIRST_ACTS, standing.ntk_id)[:MOST_ACTS],
        ntk_verbs.more_button(standing.ntk_id),
    ]
    return elements.message(f"Need-to-know {standing.reference}", body, buttons, summary=wording.SUMMARY_NTK)


def stub(view: NtkStub) -> ports.Message:
    """What is left of a card whose NTK was withdrawn, or whose reader has no right to it any more."""
    words = {
        "withdrawn": "This need-to-know was withdrawn before a manager acted on it. Its record is kept.",
        "removed": "You have no access to this need-to-know any more.",
    }[view.because]
    title = f"{view.reference} was withdrawn" if view.because == "withdrawn" else "No longer shown"
    return elements.message(title, [elements.text(words)], summary=wording.SUMMARY_CHANGED)


def not_delivered(view: NotDelivered) -> ports.Message:
    """To the raiser: whom to phone now, because Teams could not put the card before them."""
    body = [
        ntk_words.phone_box(view.to_phone),
        elements.facts([("Reference", view.reference), *_child(view), ("Level", str(view.level))]),
        elements.text(
            "The next manager up is told at once. Those named above get it as soon as they open their chat with Usher.",
            is_subtle=True,
        ),
    ]
    buttons = [elements.button("Show latest", ntk_verbs.STATUS, {"ntk": view.ntk_id})]
    return elements.message(
        f"{view.reference} was not delivered to everyone", body, buttons, summary=wording.SUMMARY_PHONE_NOW
    )


def exhausted(view: NotDelivered) -> ports.Message:
    """Nobody answers and no step is left: to the duty head and the raiser, with everybody's number."""
    tier = elements.plain(view.tier)
    why = f"Teams can't reach the {tier.lower()}" if view.is_unreachable else f"{tier} did not answer in time"
    title = "Can't be reached: phone now" if view.is_unreachable else "Nobody has acknowledged: phone now"
    body = [
        ntk_words.phone_box(view.to_phone, title=title),
        elements.facts([("Reference", view.reference), *_child(view), ("Level", str(view.level))]),
        elements.text(f"{why}, and no step is left. If nobody answers the phone: {elements.plain(view.duty_phone)}."),
    ]
    buttons = [elements.button("Open it", ntk_verbs.OPEN, {"ntk": view.ntk_id})] if view.may_open else []
    return elements.message(f"{view.reference}: nobody answers", body, buttons, summary=wording.SUMMARY_PHONE_NOW)


def reminder(view: NtkReminder) -> ports.Message:
    """Not acknowledged yet: which one, and the two buttons."""
    body = [
        elements.text(
            "You have not acknowledged this yet. If you don't, your deputy and the next manager up are told."
        ),
        elements.facts(
            [
                ("Reference", view.reference),
                ("About", view.category),
                ("Level", str(view.level)),
                ("Child", f"{view.initials} (ID {view.case_id})"),
                ("Raised", wording.moment(view.raised_at)),
            ]
        ),
    ]
    buttons = [
        elements.button("Open it", ntk_verbs.OPEN, {"ntk": view.ntk_id}),
        elements.button("Acknowledge", ntk_verbs.ACKNOWLEDGE, {"ntk": view.ntk_id}),
    ]
    return elements.message(f"Please acknowledge {view.reference}", body, buttons, summary=wording.SUMMARY_REMINDER_NTK)


def prompts_box(prompts: Sequence[PromptLine]) -> list[elements.Element]:
    """The outside clocks: due when, or recorded by whom."""
    if not prompts:
        return []
    lines = []
    for prompt in prompts:
        name = elements.plain(prompt.name)
        if prompt.decision is None:
            due = f"due {wording.moment(prompt.due_at)}"
            lines.append(
                f"- {name}: {'**overdue**, ' if prompt.is_overdue else ''}{due}, {ntk_words.low(prompt.owner)}"
            )
        else:
            on = f" on {wording.plain_day(prompt.decided_on)}" if prompt.decided_on else ""
            word = ntk_words.DECISIONS.get(prompt.decision, prompt.decision).lower()
            lines.append(f"- {name}: {word}{on}, recorded by {elements.plain(prompt.decided_by)}")
    return [elements.subheading("Outside clocks"), elements.text("\n".join(lines))]


def _banners(view: NtkCard) -> list[elements.Element]:
    shown: list[elements.Element] = []
    if view.escalated_from:
        tier = elements.plain(ntk_words.low(view.escalated_from))
        words = f"**Passed on to you**: the {tier} has not answered or could not be reached."
        shown.append(elements.box([elements.text(words)], style="attention"))
    if view.sent_again_at is not None:
        words = (
            f"Sent again at {wording.clock(view.sent_again_at)}, as we can't be sure the first copy arrived. "
            "Acknowledging either is enough."
        )
        shown.append(elements.text(words, is_subtle=True))
    if view.standing.is_restricted:
        shown.append(elements.text("**Restricted**: only those named on it can see it. Don't pass it on."))
    if view.acknowledged_at is not None:
        words = f"**You acknowledged this** on {wording.moment(view.acknowledged_at)}."
        shown.append(elements.box([elements.text(words)], style="good"))
    return shown


def _updates(view: NtkCard) -> list[elements.Element]:
    if not view.updates:
        return []
    shown = [elements.subheading("What is new")]
    for place, (at, who, words) in enumerate(view.updates):
        said = elements.plain(words)
        if place and len(said) > MOST_OF_AN_OLD_UPDATE:
            said = f"{fitting.shortened(said, MOST_OF_AN_OLD_UPDATE)} – all of it under “More”."
        shown.append(elements.text(f"**{wording.short_day(at)}, {wording.clock(at)}**, {elements.plain(who)}"))
        shown.append(elements.text(said, spacing="Small"))
    return shown


def _next_update(standing: Standing) -> list[tuple[str, str]]:
    if standing.next_update_at is None:
        return []
    overdue = " (overdue)" if standing.is_overdue else ""
    return [("Next update", f"{wording.moment(standing.next_update_at)}{overdue}")]


def _later(view: NtkReceipt) -> list[elements.Element]:
    if not view.later or view.standing.state not in ("submitted", "returned", "open"):
        return []
    return [
        elements.text(f"Then, step by step: {wording.named_list(tuple(ntk_words.low(tier) for tier in view.later))}.")
    ]


def _on_call(view: NtkReceipt) -> list[elements.Element]:
    if not view.on_call:
        return []
    lines = [f"- {tier}: {elements.plain(name)}, {elements.plain(phone)}" for tier, name, phone in view.on_call]
    return [elements.subheading("On call now"), elements.text("\n".join(lines))]


def _who_failed(view: NotDelivered) -> str:
    return f"The {elements.plain(ntk_words.low(view.tier))}" if view.tier else "They"


def _child(view: NotDelivered) -> list[tuple[str, str]]:
    return [("Child", f"{view.initials} (ID {view.case_id})")] if view.case_id else []
