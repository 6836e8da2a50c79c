"""One item in full: how it stands, papers, decisions, actions, what one may do; the form of each act; the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards import elements, fields, item_words, wording
from cards.booking import AGENDA, CANCEL, CHANGE, OPEN
from cards.fields import NONE, Mistakes
from casework import ports
from casework.domain.errors import Code
from casework.item_views import Actions, ActionView, Approvals, ItemForm, ItemPage
from casework.views import ItemCard

ACT = "item.act"
DO = "item.do"
TAKE = "offer.take"
REFUSE = "offer.refuse"
DONE = "action.done"
ACTIONS = "actions.list"

MOST_PER_ROW = 4


def page(view: ItemPage, *, title: str = "", back_to: str = "", refusal: str = "", first: str = "") -> ports.Message:
    """One item for one reader: everything there is about it, then what they can do.

    `back_to` is the sitting whose agenda it was opened from; `first` a sentence that comes before all else.
    """
    card = view.card
    body: list[elements.Element] = problem(refusal)
    if first:
        body.append(elements.text(first))
    body += _standing(view)
    body.append(elements.facts(lines(view)))
    if view.summary:
        body.append(elements.text(f"**Asks:** {elements.plain(view.summary)}"))
    body += papers(view)
    body += decisions(view)
    body += actions(view.actions)
    if view.advice:
        advice = [elements.subheading("Legal advice: privileged")]
        body.append(elements.box([*advice, *(elements.text(elements.plain(one)) for one in view.advice)]))
    body += _listed("Also about this family", [item_words.braid(one, _day(one.on)) for one in view.braid])
    history = [item_words.happened(one, wording.short_day(one.at)) for one in view.history]
    body += _listed("What happened", history, is_subtle=True)
    body += buttons(view, back_to)
    return elements.message(
        title or f"{item_words.STATES[card.state]}: {card.reference}", body, summary=wording.SUMMARY_ITEM
    )


def lines(view: ItemPage) -> list[tuple[str, str]]:
    """The facts of an item."""
    card = view.card
    found = [
        ("Reference", card.reference),
        ("Child" if len(view.children) < 2 else "Children", ", ".join(view.children)),
        ("Panel", card.panel_name),
        ("Asking for", card.request_type),
        ("Presenter", card.presenter),
    ]
    if card.starts_at and card.ends_at and card.slot_starts_at and card.papers_due_at:
        found += [
            ("Sitting", wording.span(card.starts_at, card.ends_at)),
            ("Your slot", f"number {card.place}, about {wording.clock(card.slot_starts_at)}"),
            ("Papers due", wording.moment(card.papers_due_at)),
        ]
    if view.deadline_on is not None and view.days_left is not None:
        left = f"{view.days_left} days left" if view.days_left >= 0 else f"{-view.days_left} days ago"
        found.append((view.deadline_label or "Date", f"{wording.plain_day(view.deadline_on)}, {left}"))
    if card.state in ("waiting", "awaiting") and view.band:
        found.append(("Priority", view.band))
    if view.deferrals:
        found.append(("Deferred", "once" if view.deferrals == 1 else f"{view.deferrals} times"))
    return found


def papers(view: ItemPage) -> list[elements.Element]:
    """How ready its papers are, with the links."""
    if view.ready is None or not (view.ready.missing or view.ready.excused or view.ready.links or view.late):
        return [elements.text(f"**Papers:** {item_words.ready(view.ready)}")] if view.ready else []
    late = {"late": " **Late.** The chair decides whether they are let in.", "let_in": " Late, let in by the chair."}
    style = {"red": "attention", "amber": "warning", "green": "good"}[view.ready.colour]
    box = [elements.text(f"**Papers:** {elements.plain(item_words.ready(view.ready))}.{late.get(view.late, '')}")]
    box += [elements.text(elements.plain(one)) for one in view.ready.links]
    return [elements.box(box, style=style)]


def decisions(view: ItemPage) -> list[elements.Element]:
    """What was decided for each child, with reasons; the same for several children is said once."""
    if not view.decisions:
        return []
    said: list[elements.Element] = [elements.subheading("Decision")]
    for one in view.decisions:
        said.append(elements.text(f"**{elements.plain(item_words.decided(one))}**"))
        facts = [(label, one.words[name]) for name, label in item_words.SAID if one.words.get(name)]
        if one.until_on:
            facts.append(("Until", wording.plain_day(one.until_on)))
        if one.review_on:
            facts.append(("Back to the panel", wording.plain_day(one.review_on)))
        facts.append(("Decided", f"{wording.plain_day(one.decided_on)}, {one.who}"))
        said.append(elements.facts(facts))
    return [elements.box(said)]


def actions(views: Sequence[ActionView], *, with_item: bool = False) -> list[elements.Element]:
    """Actions with their owners and days; each open one of one's own with its button."""
    if not views:
        return []
    body: list[elements.Element] = [elements.subheading("Actions")]
    for number, one in enumerate(views, start=1):
        body.append(elements.text(f"- {elements.plain(action_words(one, with_item=with_item))}"))
        if one.may_finish:
            done = elements.button(f"Done: action {number}", DONE, {"action": one.action_id})
            body.append(elements.actions([done]))
    return body


def action_words(one: ActionView, *, with_item: bool = False) -> str:
    """One action in a line."""
    state = "done" if one.is_done else "overdue" if one.is_overdue else "open"
    of = f" · {one.reference}, {one.child}" if with_item else ""
    return f"{one.what} · {one.owner} · by {wording.plain_day(one.due_on)} ({state}){of}"


def buttons(view: ItemPage, back_to: str = "") -> list[elements.Element]:
    """Everything this reader may do now, in rows."""
    card = view.card
    held: dict[str, object] = {"item": card.item_id, "version": card.version}
    found = []
    if view.offer_id:
        found += [
            elements.button("Take the slot", TAKE, {"offer": view.offer_id}),
            elements.button("Not this time", REFUSE, {"offer": view.offer_id}),
        ]
    for act in view.acts:
        verb = ACT if act.fields is not None else DO
        found.append(elements.button(act.title, verb, {**held, "act": act.code}))
    if card.may_change:
        change = "Change sitting" if card.sitting_id else "Choose a sitting"
        found += [elements.button(change, CHANGE, held), elements.button("Cancel item", CANCEL, held)]
    if back_to:
        found.append(elements.button("Back to the agenda", AGENDA, {"sitting": back_to}))
    return [elements.actions(found[at : at + MOST_PER_ROW]) for at in range(0, len(found), MOST_PER_ROW)]


def form(
    view: ItemForm,
    *,
    values: Mapping[str, str] | None = None,
    nonce: str = "",
    wrong: Mistakes = NONE,
    refusal: str = "",
    back_to: str = "",
) -> ports.Message:
    """The form of one act, with what was typed before and every error beside its field."""
    body: list[elements.Element] = [
        elements.text(f"**{view.reference}** · {elements.plain(view.child)}"),
        *problem(refusal),
        *([elements.text(view.act.intro)] if view.act.intro else []),
        *fields.draw(view.fields, view.values if values is None else values, wrong),
    ]
    held = {"item": view.item_id, "act": view.act.code, "nonce": nonce or view.nonce, "version": view.version}
    send = [
        elements.button(view.act.send, DO, held, takes_inputs=True),
        elements.button("Back", OPEN, {"item": view.item_id, "sitting": back_to}),
    ]
    return elements.message(view.act.title, body, send, summary=wording.SUMMARY_FORM)


def approvals(view: Approvals) -> ports.Message:
    """What waits for the reader's word."""
    body: list[elements.Element] = []
    for one in view.items:
        body.append(elements.text(f"**{one.reference}** · {elements.plain(in_short(one))}", spacing="Medium"))
        body.append(elements.actions([elements.button(f"Open {one.reference}", OPEN, {"item": one.item_id})]))
    if not body:
        body.append(elements.text("Nothing waits for your approval."))
    return elements.message("Waiting for your approval", body, summary=wording.SUMMARY_LIST)


def action_list(view: Actions) -> ports.Message:
    """One's own open actions, then what is overdue with others, by owner."""
    body = actions(view.mine, with_item=True)
    if not view.mine:
        body.append(elements.text("You have no open actions."))
    if view.others:
        body.append(elements.subheading("Overdue with others"))
        body += [elements.text(f"- {elements.plain(action_words(one, with_item=True))}") for one in view.others]
    if view.more:
        body.append(elements.text(f"And {view.more} more.", is_subtle=True))
    again = [elements.button("Show latest", ACTIONS)]
    return elements.message("Actions", body, again, summary=wording.SUMMARY_LIST)


def in_short(one: ItemCard) -> str:
    """An item in one line; still to be escaped."""
    return f"{', '.join(one.children)} · {one.panel_name} · {one.request_type} · {one.presenter}"


def problem(words: str) -> list[elements.Element]:
    """A box that says why the last press did nothing."""
    if not words:
        return []
    return [elements.box([elements.subheading(wording.PROBLEM), elements.text(words)], style="attention")]


def _standing(view: ItemPage) -> list[elements.Element]:
    card = view.card
    body: list[elements.Element] = []
    if card.state == "waiting":
        waits = (
            "**Waiting for a slot.** It is offered the first one that comes free; you can choose a sitting yourself."
        )
        body.append(elements.text(waits))
    elif card.state == "cancelled":
        body.append(elements.text("**Cancelled.** It has no slot any more."))
    elif card.state in ("awaiting", "returned", "declined"):
        body.append(elements.text(f"**{elements.plain(item_words.stands(view))}.**"))
    elif card.state == "booked" and card.agenda_sent and not card.may_change:
        body.append(elements.text(wording.ERRORS[Code.AGENDA_SENT], is_subtle=True))
    if card.is_urgent:
        body.append(elements.text("**Urgent:** it can't wait for an ordinary slot."))
    if view.flags:
        body.append(elements.text(f"**{elements.plain('; '.join(view.flags))}**"))
    if view.warnings:
        said = [elements.text(elements.plain(one)) for one in view.warnings]
        body.append(elements.box(said, style="warning"))
    return body


def _listed(title: str, said: Sequence[str], *, is_subtle: bool = False) -> list[elements.Element]:
    if not said:
        return []
    words = "\n".join(f"- {elements.plain(one)}" for one in said)
    return [elements.subheading(title), elements.text(words, is_subtle=is_subtle)]


def _day(on: object) -> str:
    return wording.plain_day(on) if on else ""  # type: ignore[arg-type]  # a date where there is one
