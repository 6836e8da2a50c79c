"""What Usher sends of itself about items: approvals, offers, papers, decisions, deferrals, actions, reviews."""

from __future__ import annotations

from cards import elements, items, wording
from cards.booking import OPEN, START
from cards.sittings import CALL
from casework import ports
from casework.item_views import (
    ActionDue,
    ItemApproval,
    ItemChanged,
    ItemDecided,
    ItemDeferred,
    ItemPage,
    ItemReview,
    LatePapers,
    NoHeldSlot,
    OfferCard,
    PapersDue,
)


def changed(view: ItemChanged) -> ports.Message:
    """To requester or presenter: somebody else did something to their item."""
    card = view.page.card
    who = elements.plain(view.changed_by)
    last = view.page.history[-1].kind if view.page.history else ""
    title, first = {
        "awaiting": ("was asked for", f"{who} asks for a slot."),
        "returned": ("was sent back", f"{who} sent it back: see what happened."),
        "declined": ("was declined", f"{who} declined it: see what happened."),
        "waiting": ("waits for a slot", "There was no place: it is offered the first slot that comes free."),
        "cancelled": ("was cancelled", f"{who} cancelled it."),
        "decided": ("was decided", f"{who} recorded the decision."),
        "closed": ("is closed", f"{who} finished the last action."),
        "booked": ("was booked", f"{who} booked it."),
    }[card.state]
    if card.state in ("booked", "waiting"):
        title, first = {
            "approved": ("was approved", f"{who} approved it."),
            "deferred": ("was deferred", f"{who} deferred it: see what happened."),
            "not_heard": ("was not heard", "There was no time for it. It goes before all others next time."),
            "moved": ("was moved", f"{who} moved it."),
            "presenter": ("has another presenter", f"{who} changed who presents it."),
            "let_in": ("is let in", "The chair lets its late papers in."),
            "refused_late": ("was refused", "Its papers were late: it is not heard this time."),
            "papers_ok": ("is ready", f"{who} says that its papers are complete."),
            "out_of_turn": ("was given a slot", "The chair gave it a slot out of turn."),
            "listed": ("is listed", "Its tracker lists it: it is due at the panel."),
        }.get(last, (title, first))
    if card.state == "booked" and view.page.late == "late":
        title, first = "has late papers", "Its papers did not come in time. The chair decides whether they are let in."
    return items.page(view.page, title=f"{card.reference} {title}", first=first)


def approval(view: ItemApproval) -> ports.Message:
    """To whoever approves next."""
    return items.page(view.page, title=f"For your approval: {view.page.card.reference}")


def offered(view: OfferCard) -> ports.Message:
    """A slot came free: take it, or not this time."""
    until = wording.moment(view.lapses_at)
    body = [
        elements.text(f"**A slot came free.** It is held for you until {until}, then offered to the next in line."),
        elements.facts(
            [
                ("Reference", view.item.reference),
                ("Child" if len(view.item.children) < 2 else "Children", ", ".join(view.item.children)),
                ("Panel", view.item.panel_name),
                ("Sitting", wording.span(view.starts_at, view.ends_at)),
                ("Papers due", wording.moment(view.papers_due_at)),
            ]
        ),
    ]
    if view.is_late:
        body.append(elements.text("The cut-off has passed: it is offered to you because your papers are complete."))
    buttons = [
        elements.button("Take the slot", items.TAKE, {"offer": view.offer_id}),
        elements.button("Not this time", items.REFUSE, {"offer": view.offer_id}),
    ]
    return elements.message(f"A slot for {view.item.reference}", body, buttons, summary=wording.SUMMARY_REMINDER)


def papers_due(view: PapersDue) -> ports.Message:
    """What is still missing, and until when."""
    last = "today" if view.is_last else f"by {wording.moment(view.due_at)}"
    first = f"Papers are due **{wording.moment(view.due_at)}**."
    return items.page(view.page, title=f"Papers {last}: {view.page.card.reference}", first=first)


def papers_late(view: LatePapers) -> ports.Message:
    """To the chair at the cut-off: what is not complete, to be let in or refused."""
    body: list[elements.Element] = [
        elements.text(f"**{wording.day(view.starts_at)}.** The cut-off has passed and these are not complete.")
    ]
    for card, ready in view.lines:
        missing = ", ".join(ready.missing) or "not confirmed"
        said = (
            f"**{card.reference}** · {elements.plain(', '.join(card.children))}\n\nMissing: {elements.plain(missing)}"
        )
        body.append(elements.text(said, spacing="Medium"))
        held = {"item": card.item_id, "version": card.version}
        body.append(
            elements.actions(
                [
                    elements.button(f"Let in {card.reference}", items.ACT, {**held, "act": "let_in"}),
                    elements.button(f"Refuse {card.reference}", items.ACT, {**held, "act": "refuse_late"}),
                ]
            )
        )
    return elements.message(f"Late papers: {view.panel_name}", body, summary=wording.SUMMARY_REMINDER)


def decided(view: ItemDecided) -> ports.Message:
    """To whoever asked and presents, the same day."""
    return items.page(view.page, title=f"Decided: {view.page.card.reference}")


def deferred(view: ItemDeferred) -> ports.Message:
    """To whoever watches over deferrals."""
    count = {2: "a second", 3: "a third"}.get(view.page.deferrals, "another")
    return items.page(view.page, title=f"Deferred {count} time: {view.page.card.reference}")


def review(view: ItemReview) -> ports.Message:
    """A review is near, or what was agreed runs out: book a slot in time."""
    card = view.page.card
    if view.until_on is not None:
        first = f"What was agreed ends on **{wording.plain_day(view.until_on)}**. Book it in time if it has to go on."
        title = f"Ends soon: {card.reference}"
    else:
        on = f" on **{wording.plain_day(view.review_on)}**" if view.review_on else ""
        first = f"It is due back at the panel{on}. Book a slot for it."
        title = f"Back to the panel: {card.reference}"
    book = elements.button("Book a case", START, {"panel": card.panel})
    drawn = items.page(view.page, title=title, first=first)
    assert drawn.card is not None
    return ports.Message(summary=drawn.summary, card={**drawn.card, "actions": [book]})


def no_held_slot(view: NoHeldSlot) -> ports.Message:
    """To coordinators and chair: an extraordinary sitting may be needed."""
    first = "It can't wait, and the sitting it was wanted on has no held slot left. Call an extraordinary sitting?"
    drawn = items.page(view.page, title=f"No urgent slot: {view.page.card.reference}", first=first)
    assert drawn.card is not None
    call = elements.button("Call an extraordinary sitting", CALL)
    return ports.Message(summary=drawn.summary, card={**drawn.card, "actions": [call]})


def reminder(view: ItemPage) -> ports.Message:
    """To the presenter, the working day before."""
    assert view.card.starts_at is not None
    return items.page(view, title=f"You present on {wording.short_day(view.card.starts_at)}: {view.card.reference}")


def action_due(view: ActionDue) -> ports.Message:
    """One action: new, due soon, or overdue."""
    one = view.action
    title = "New action for you" if view.is_new else "Overdue action" if one.is_overdue else "Action due soon"
    body = [
        elements.text(f"**{elements.plain(one.what)}**"),
        elements.facts(
            [
                ("Owner", one.owner),
                ("By", wording.plain_day(one.due_on)),
                ("From", f"{one.panel_name}, {one.reference}"),
                ("About", one.child),
            ]
        ),
    ]
    buttons = [elements.button("Mark it done", items.DONE, {"action": one.action_id})] if one.may_finish else []
    if one.is_done:
        body.insert(0, elements.text("**Done.**"))
        title = "Action done"
    buttons.append(elements.button("Open the item", OPEN, {"item": one.item_id}))
    return elements.message(title, body, buttons, summary=wording.SUMMARY_REMINDER)
