"""VIEWERS: for each kind of delivery, what its reader may see at the moment of sending, or why it is dropped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from casework.db import deliveries, items, people, sittings
from casework.db.uow import Work
from casework.domain import access
from casework.domain.deliveries import Kind
from casework.domain.people import Person
from casework.services import item_cards, ntk_outbox, sitting_pages
from casework.services.context import Context, today
from casework.services.dropped import Dropped
from casework.sitting_views import SittingChanged
from casework.views import Agenda, ItemCard, ItemChanged

View = Agenda | ItemCard | ItemChanged | SittingChanged | ntk_outbox.View
Viewer = Callable[[Context, Work, deliveries.Delivery, Person], Awaitable[View | Dropped]]


async def agenda(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The agenda for a chair, or for the coordinator of a panel that has none."""
    sitting = await sittings.get(work, delivery.subject_id)
    if sitting is None or sitting.starts_at <= work.now or sitting.status not in ("planned", "moved"):
        return Dropped("over")
    if not access.can_see_agenda(reader, sitting.panel):
        return Dropped("no_longer_entitled")
    is_change = ":change:" in delivery.dedupe_key
    return await item_cards.agenda(work, await context.rules(work), sitting, is_change=is_change)


async def reminder(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The presenter's slot tomorrow; dropped when the item left its sitting meanwhile."""
    item = await items.get(work, delivery.subject_id)
    if item is None or item.state != items.BOOKED or item.presenter_id != reader.id:
        return Dropped("over")
    view = await item_cards.card(work, await context.rules(work), item, reader=reader)
    if view.starts_at is None or view.starts_at <= work.now:
        return Dropped("over")
    return view


async def item_changed(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """What somebody else did to the reader's item."""
    item = await items.get(work, delivery.subject_id)
    if item is None or not access.can_read_item(reader, await item_cards.facts(work, item)):
        return Dropped("no_longer_entitled")
    actors = await people.by_ids(work, [item.changed_by_id or ""], today=today(work))
    return ItemChanged(
        item=await item_cards.card(work, await context.rules(work), item, reader=reader),
        changed_by=actors[item.changed_by_id].name if item.changed_by_id in actors else "Usher",
    )


async def sitting_changed(
    context: Context, work: Work, delivery: deliveries.Delivery, reader: Person
) -> View | Dropped:
    """What became of a sitting and of the reader's items on it."""
    found = await sitting_pages.changed(work, await context.rules(work), delivery.subject_id, reader)
    return found or Dropped("no_longer_entitled")


VIEWERS: dict[Kind, Viewer] = {
    Kind.AGENDA: agenda,
    Kind.CONSULT: ntk_outbox.consult,
    Kind.CONSULT_ANSWER: ntk_outbox.consult_answer,
    Kind.COVER_SET: ntk_outbox.cover_set,
    Kind.HANDOVER: ntk_outbox.handover,
    Kind.ITEM_CHANGED: item_changed,
    Kind.MORNING_DIGEST: ntk_outbox.morning,
    Kind.NTK_CHANGED: ntk_outbox.changed,
    Kind.NTK_CONFIRM: ntk_outbox.confirm,
    Kind.NTK_ESCALATED: ntk_outbox.escalated,
    Kind.NTK_EXHAUSTED: ntk_outbox.exhausted,
    Kind.NTK_GAP: ntk_outbox.gap,
    Kind.NTK_STUB: ntk_outbox.stub,
    Kind.NTK_LETTER: ntk_outbox.letter,
    Kind.NTK_NEW: ntk_outbox.ntk_card,
    Kind.NTK_NOT_DELIVERED: ntk_outbox.not_delivered,
    Kind.NTK_PROMPT: ntk_outbox.prompt,
    Kind.NTK_RECEIPT_CARD: ntk_outbox.receipt,
    Kind.NTK_RECIPIENT_CARD: ntk_outbox.ntk_card,
    Kind.NTK_REMINDER: ntk_outbox.reminder,
    Kind.NTK_UNPROVED: ntk_outbox.unproved,
    Kind.NTK_UPDATE_DUE: ntk_outbox.update_due,
    Kind.PRESENTER_REMINDER: reminder,
    Kind.SITTING_CHANGED: sitting_changed,
}
