"""VIEWERS: for each kind of delivery, what its reader may see at the moment of sending, or why it is dropped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from casework.db import decisions, deliveries, items, people, sittings
from casework.db.uow import Work
from casework.delivery_views import OfficeDigest, Undelivered
from casework.domain import access
from casework.domain.deliveries import Kind
from casework.domain.people import Person, Role
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
from casework.services import (
    actions,
    agendas,
    digests,
    item_cards,
    item_pages,
    item_slots,
    ntk_outbox,
    offers,
    papers,
    session_pages,
    sitting_pages,
    undelivered,
)
from casework.services.context import Context, today
from casework.services.dropped import Dropped
from casework.sitting_views import SittingChanged, SittingRecord
from casework.views import Agenda

View = (
    Agenda
    | OfficeDigest
    | Undelivered
    | ActionDue
    | ItemApproval
    | ItemChanged
    | ItemDecided
    | ItemDeferred
    | ItemPage
    | ItemReview
    | LatePapers
    | NoHeldSlot
    | OfferCard
    | PapersDue
    | SittingChanged
    | SittingRecord
    | ntk_outbox.View
)
Viewer = Callable[[Context, Work, deliveries.Delivery, Person], Awaitable[View | Dropped]]


async def agenda(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The agenda for a chair, or for the coordinator of a panel that has none."""
    sitting = await sittings.get(work, delivery.subject_id)
    if sitting is None or sitting.starts_at <= work.now or sitting.status not in ("planned", "moved"):
        return Dropped("over")
    if not access.can_see_agenda(reader, sitting.panel):
        return Dropped("no_longer_entitled")
    is_change = ":change:" in delivery.dedupe_key
    return await agendas.view(work, await context.rules(work), sitting, reader=reader, is_change=is_change)


async def not_arrived(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """What did not arrive, while there is anything, for who may settle it."""
    if not access.can_settle_deliveries(reader):
        return Dropped("no_longer_entitled")
    found = await undelivered.standing(work)
    return found if found.lines or found.unreachable else Dropped("over")


async def office_digest(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The coordinator's morning."""
    if not access.can_manage_sittings(reader):
        return Dropped("no_longer_entitled")
    return await digests.office(context, work)


async def reminder(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The presenter's slot tomorrow; dropped when the item left its sitting meanwhile."""
    item = await items.get(work, delivery.subject_id)
    if item is None or item.state != items.BOOKED or item.presenter_id != reader.id:
        return Dropped("over")
    view = await item_pages.page(work, await context.rules(work), item, reader=reader)
    if view.card.starts_at is None or view.card.starts_at <= work.now:
        return Dropped("over")
    return view


async def item_changed(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """What somebody else did to the reader's item."""
    item = await items.get(work, delivery.subject_id)
    rules = await context.rules(work)
    if item is None or not access.can_read_item(reader, await item_cards.facts_by(work, rules.book, item)):
        return Dropped("no_longer_entitled")
    actors = await people.by_ids(work, [item.changed_by_id or ""], today=today(work))
    return ItemChanged(
        page=await item_pages.page(work, rules, item, reader=reader),
        changed_by=actors[item.changed_by_id].name if item.changed_by_id in actors else "Usher",
    )


async def sitting_changed(
    context: Context, work: Work, delivery: deliveries.Delivery, reader: Person
) -> View | Dropped:
    """What became of a sitting and of the reader's items on it."""
    found = await sitting_pages.changed(work, await context.rules(work), delivery.subject_id, reader)
    return found or Dropped("no_longer_entitled")


async def approval(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """An item that waits for the reader's word, while it does."""
    rules = await context.rules(work)
    item = await items.get(work, delivery.subject_id)
    facts = await item_cards.facts_by(work, rules.book, item) if item else None
    if item is None or facts is None or item.state != items.AWAITING:
        return Dropped("over")
    if not access.can_approve_item(reader, facts) and not reader.has(Role.CO):
        return Dropped("no_longer_entitled")
    return ItemApproval(page=await item_pages.page(work, rules, item, reader=reader))


async def offered(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """A slot that came free, while it can be taken."""
    found = await offers.card(work, await context.rules(work), delivery.subject_id, reader)
    return found or Dropped("over")


async def papers_due(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """What is missing for the reader's item, while it is."""
    item = await items.get(work, delivery.subject_id)
    if item is None or reader.id not in (item.requester_id, item.presenter_id):
        return Dropped("no_longer_entitled")
    return await papers.due_view(work, await context.rules(work), item, reader) or Dropped("over")


async def papers_late(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The items that are late for a sitting, for its chair."""
    sitting = await sittings.get(work, delivery.subject_id)
    if sitting is None or not access.can_see_agenda(reader, sitting.panel):
        return Dropped("no_longer_entitled")
    return await papers.late_view(work, await context.rules(work), sitting, reader) or Dropped("over")


async def decision(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """What was decided, for whoever asked and presents, and their manager."""
    rules = await context.rules(work)
    item = await items.get(work, delivery.subject_id)
    if item is None or not access.can_read_item(reader, await item_cards.facts_by(work, rules.book, item)):
        return Dropped("no_longer_entitled")
    return ItemDecided(page=await item_pages.page(work, rules, item, reader=reader))


async def deferred(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """An item that was deferred again, for whoever watches over that."""
    rules = await context.rules(work)
    item = await items.get(work, delivery.subject_id)
    if item is None or not access.can_read_item(reader, await item_cards.facts_by(work, rules.book, item)):
        return Dropped("no_longer_entitled")
    return ItemDeferred(page=await item_pages.page(work, rules, item, reader=reader))


async def no_held_slot(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """What can't wait and found no held slot, for who may call an extraordinary sitting."""
    rules = await context.rules(work)
    item = await items.get(work, delivery.subject_id)
    if item is None or item.state not in (items.WAITING, items.BOOKED):
        return Dropped("over")
    if not access.can_call_sitting(reader, item_slots.sits(rules.book, item.panel)):
        return Dropped("no_longer_entitled")
    return NoHeldSlot(page=await item_pages.page(work, rules, item, reader=reader))


async def action_due(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """One action, for its owner and, once it is overdue, their manager; nothing once it is done."""
    found = await actions.view_of(work, await context.rules(work), delivery.subject_id, reader)
    if found is None or found.is_done:
        return Dropped("over")
    return ActionDue(action=found, is_new=":new:" in delivery.dedupe_key)


async def minutes_due(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The record of a sitting that waits for its chair's word."""
    return await session_pages.record_for(work, await context.rules(work), delivery.subject_id, reader) or Dropped(
        "over"
    )


async def review(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """A review that is near, or an agreement that runs out."""
    rules = await context.rules(work)
    made = await decisions.get(work, delivery.subject_id)
    item = await items.get(work, made.item_id) if made else None
    if made is None or item is None:
        return Dropped("over")
    if not access.can_read_item(reader, await item_cards.facts_by(work, rules.book, item)):
        return Dropped("no_longer_entitled")
    page = await item_pages.page(work, rules, item, reader=reader)
    return ItemReview(page=page, review_on=made.review_on, until_on=made.until_on)


VIEWERS: dict[Kind, Viewer] = {
    Kind.ACTION_DUE: action_due,
    Kind.AGENDA: agenda,
    Kind.CONSULT: ntk_outbox.consult,
    Kind.CONSULT_ANSWER: ntk_outbox.consult_answer,
    Kind.COVER_SET: ntk_outbox.cover_set,
    Kind.DECISION: decision,
    Kind.DEFERRED_AGAIN: deferred,
    Kind.HANDOVER: ntk_outbox.handover,
    Kind.ITEM_APPROVAL: approval,
    Kind.ITEM_CHANGED: item_changed,
    Kind.ITEM_REVIEW: review,
    Kind.MINUTES_DUE: minutes_due,
    Kind.MORNING_DIGEST: ntk_outbox.morning,
    Kind.NO_HELD_SLOT: no_held_slot,
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
    Kind.OFFICE_DIGEST: office_digest,
    Kind.PAPERS_DUE: papers_due,
    Kind.PAPERS_LATE: papers_late,
    Kind.PRESENTER_REMINDER: reminder,
    Kind.SITTING_CHANGED: sitting_changed,
    Kind.SLOT_OFFERED: offered,
    Kind.UNDELIVERED: not_arrived,
}
