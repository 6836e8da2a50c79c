"""VIEWERS: for each kind of delivery, what its reader may see at the moment of sending, or why it is dropped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from casework.db import deliveries, items, ntk, people, sittings
from casework.db.uow import Work
from casework.domain import access
from casework.domain.deliveries import Kind
from casework.domain.people import Person
from casework.services import item_cards, ntk_cards
from casework.services.context import Context, today
from casework.views import Agenda, ItemCard, ItemChanged, NotDelivered, NtkCard, NtkReceipt

View = NtkCard | NtkReceipt | NotDelivered | Agenda | ItemCard | ItemChanged


@dataclass(frozen=True, slots=True)
class Dropped:
    """The delivery has lost its use or its reader the right: it is suppressed, with this word as the reason."""

    because: str


async def ntk_card(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The NTK for somebody it is addressed to. A send that may have gone out before says so."""
    found = await ntk.get(work, delivery.subject_id)
    if found is None:
        return Dropped("gone")
    facts = ntk.facts(found, await ntk.told(work, found.id))
    if not access.can_acknowledge_ntk(reader, facts):
        return Dropped("no_longer_entitled")
    return await ntk_cards.card(
        context,
        work,
        found,
        reader=reader,
        action="ntk.disclosed",
        sent_again_at=work.now if delivery.unknown_at else None,
    )


async def ntk_receipt(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The raiser's own card as it stands now."""
    found = await ntk.get(work, delivery.subject_id)
    if found is None or found.raiser_id != reader.id:
        return Dropped("no_longer_entitled")
    return await ntk_cards.receipt(context, work, found)


async def ntk_not_delivered(
    context: Context, work: Work, delivery: deliveries.Delivery, reader: Person
) -> View | Dropped:
    """Whom the raiser has to phone; dropped when everybody was reached or has acknowledged meanwhile."""
    found = await ntk.get(work, delivery.subject_id)
    if found is None or found.raiser_id != reader.id:
        return Dropped("no_longer_entitled")
    view = await ntk_cards.not_delivered(context, work, found)
    return view if view.to_phone else Dropped("settled")


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


Viewer = Callable[[Context, Work, deliveries.Delivery, Person], Awaitable[View | Dropped]]

VIEWERS: dict[Kind, Viewer] = {
    Kind.AGENDA: agenda,
    Kind.ITEM_CHANGED: item_changed,
    Kind.NTK_NEW: ntk_card,
    Kind.NTK_NOT_DELIVERED: ntk_not_delivered,
    Kind.NTK_RECEIPT_CARD: ntk_receipt,
    Kind.NTK_RECIPIENT_CARD: ntk_card,
    Kind.PRESENTER_REMINDER: reminder,
}
