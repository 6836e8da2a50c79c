"""What the reader of each kind of delivery about need-to-knows may see when it is sent, or why it is dropped."""

from __future__ import annotations

from casework import cover_views, ntk_list_views, ntk_views
from casework.db import consults as consults_db
from casework.db import deliveries, ntk, ntk_events, ntk_prompts, ntk_recipients, ntk_steps
from casework.db.uow import Work
from casework.domain import access
from casework.domain.deliveries import POLICIES
from casework.domain.ntk import LIVE, State
from casework.domain.people import Person, Role
from casework.services import consults, covers, digests, ntk_cards, ntk_notices, ntk_told
from casework.services.context import Context
from casework.services.dropped import Dropped

View = (
    ntk_views.NtkCard
    | ntk_views.NtkStub
    | ntk_views.NtkReceipt
    | ntk_views.NotDelivered
    | ntk_views.NtkReminder
    | ntk_views.NtkChange
    | ntk_views.NtkConfirm
    | ntk_views.UpdateDue
    | ntk_views.PromptCard
    | ntk_views.GapReport
    | ntk_views.Unproved
    | ntk_views.ConsultCard
    | ntk_views.ConsultAnswer
    | cover_views.CoverLine
    | ntk_list_views.Digest
    | ntk_list_views.Handover
)
GONE = Dropped("gone")
OVER = Dropped("over")
NOT_ENTITLED = Dropped("no_longer_entitled")


async def ntk_card(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The NTK for somebody it is addressed to. A send that may have gone out before says so.

    A card already in a chat whose NTK was withdrawn, or whose reader lost the right, is replaced by a stub.
    """
    found = await ntk.get(work, delivery.subject_id)
    if found is None:
        return GONE
    is_update = POLICIES[delivery.kind].is_update
    if not access.can_acknowledge_ntk(reader, await ntk_recipients.facts(work, found)):
        return ntk_views.NtkStub(reference=found.reference, because="removed") if is_update else NOT_ENTITLED
    if found.state is State.WITHDRAWN:
        return ntk_views.NtkStub(reference=found.reference, because="withdrawn") if is_update else OVER
    return await ntk_cards.card(
        context,
        work,
        found,
        reader=reader,
        action="ntk.disclosed",
        sent_again_at=work.now if delivery.unknown_at else None,
        escalated_from=await _escalated_from(context, work, found, delivery),
    )


async def escalated(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The NTK again, as theirs to answer now; dropped once it is over."""
    found = await ntk.get(work, delivery.subject_id)
    if found is None or found.state not in LIVE:
        return OVER
    return await ntk_card(context, work, delivery, reader)


async def receipt(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The raiser's own card as it stands now."""
    found = await ntk.get(work, delivery.subject_id)
    if found is None or not access.is_raisers_side(reader, await ntk_recipients.facts(work, found)):
        return NOT_ENTITLED
    return await ntk_cards.receipt(context, work, found, reader=reader)


async def not_delivered(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """Whom the raiser has to phone; dropped when everybody was reached or has acknowledged meanwhile."""
    found = await ntk.get(work, delivery.subject_id)
    if found is None or not access.is_raisers_side(reader, await ntk_recipients.facts(work, found)):
        return NOT_ENTITLED
    view = await ntk_cards.not_delivered(context, work, found)
    return view if view.to_phone else Dropped("settled")


async def reminder(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """ "Not acknowledged yet"; dropped once they have."""
    found = await ntk.get(work, delivery.subject_id)
    if found is None or found.state not in LIVE:
        return OVER
    mine = [row for row in await ntk_recipients.told(work, found.id) if row.person_id == reader.id]
    if not mine:
        return NOT_ENTITLED
    return await ntk_notices.reminder(context, work, found) if mine[0].acknowledged_at is None else Dropped("settled")


async def exhausted(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    step = await ntk_steps.get(work, delivery.subject_id)
    found = await ntk.get(work, step.ntk_id) if step else None
    if step is None or found is None or found.state not in LIVE:
        return OVER
    return await ntk_notices.exhausted(context, work, found, step, reader) or Dropped("settled")


async def changed(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    event = await ntk_events.get(work, delivery.subject_id)
    found = await ntk.get(work, event.ntk_id) if event else None
    if event is None or found is None:
        return GONE
    if found.state is State.WITHDRAWN and event.kind != "withdrawn":
        return OVER
    return await ntk_notices.change(context, work, event, reader) or NOT_ENTITLED


async def confirm(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    event = await ntk_events.get(work, delivery.subject_id)
    if event is None:
        return GONE
    view = await ntk_notices.confirm(context, work, event, reader)
    return (view if view.is_open else OVER) if view else NOT_ENTITLED


async def update_due(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    step = await ntk_steps.get(work, delivery.subject_id)
    found = await ntk.get(work, step.ntk_id) if step else None
    if step is None or found is None or found.state not in LIVE:
        return OVER
    if not access.can_update_ntk(reader, await ntk_recipients.facts(work, found)):
        return NOT_ENTITLED
    return await ntk_notices.update_due(context, work, found, step)


async def prompt(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    row = await ntk_prompts.get(work, delivery.subject_id)
    found = await ntk.get(work, row.ntk_id) if row else None
    if row is None or found is None or row.decision is not None or found.state in (State.WITHDRAWN, State.MERGED):
        return OVER
    return await ntk_notices.prompt(context, work, row, reader) or NOT_ENTITLED


async def gap(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    found = await ntk.get(work, delivery.subject_id)
    if found is None or not reader.has(Role.SY):
        return NOT_ENTITLED
    view = await ntk_notices.gap(context, work, found)
    return view if view.gaps else OVER


async def unproved(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """To administrators: a step of an NTK is missing."""
    found = await ntk.get(work, delivery.subject_id)
    if found is None or not reader.has(Role.SY):
        return NOT_ENTITLED
    return ntk_views.Unproved(reference=found.reference)


async def stub(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """In place of a card that told of an NTK its reader is to have no more."""
    found = await ntk.get(work, delivery.subject_id)
    if found is None:
        return GONE
    if found.state is State.WITHDRAWN:
        return ntk_views.NtkStub(reference=found.reference, because="withdrawn")
    if not access.can_read_ntk(reader, await ntk_recipients.facts(work, found)):
        return ntk_views.NtkStub(reference=found.reference, because="removed")
    return OVER


async def letter(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    """The content-free e-mail; dropped when the card reached them after all, or they have no right to it."""
    found = await ntk.get(work, delivery.subject_id)
    if found is None or not access.can_acknowledge_ntk(reader, await ntk_recipients.facts(work, found)):
        return NOT_ENTITLED
    mine = [row for row in await ntk_recipients.told(work, found.id) if row.person_id == reader.id]
    if not reader.work_email:
        return Dropped("no_email")
    return ntk_views.NtkStub(reference="", because="removed") if mine[0].acknowledged_at is None else Dropped("settled")


async def consult(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    found = await consults_db.get(work, delivery.subject_id)
    if found is None or found.state != consults_db.ASKED:
        return OVER
    return await consults.card(context, work, found) if consults.may_answer(reader, found) else NOT_ENTITLED


async def consult_answer(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    found = await consults_db.get(work, delivery.subject_id)
    if found is None or found.asker_id != reader.id:
        return NOT_ENTITLED
    is_lapse = delivery.dedupe_key.endswith(":lapsed")
    if found.state == consults_db.RAISED or (is_lapse and found.state != consults_db.ASKED):
        return OVER
    return await consults.answer_view(work, found)


async def cover_set(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    return await covers.line_of(work, delivery.subject_id) or OVER


async def morning(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    if not access.can_list_team(reader):
        return NOT_ENTITLED
    return await digests.morning(context, work, reader)


async def handover(context: Context, work: Work, delivery: deliveries.Delivery, reader: Person) -> View | Dropped:
    view = await digests.night(context, work, reader)
    return view if view.lines else OVER


async def _escalated_from(context: Context, work: Work, found: ntk.Ntk, delivery: deliveries.Delivery) -> str:
    """The tier that didn't answer, where a step brought the NTK to this reader."""
    rules = await context.rules(work, version=found.rulebook_version)
    chain = await ntk_recipients.told(work, found.id)
    mine = next((row for row in chain if row.person_id == delivery.person_id), None)
    first = await deliveries.get(work, delivery.updates_id) if delivery.updates_id else delivery
    step = await ntk_steps.get(work, first.dedupe_key.rpartition(":")[2]) if first else None
    if step is not None:
        return ntk_told.role_name(rules.book, step.tier)
    if mine is not None and mine.because in ("escalated", "deputy"):
        order = [tier.code for tier in rules.book.tiers]
        below = [row.tier for row in chain if row.tier in order and row.acknowledged_at is None]
        if mine.because == "deputy":
            return ntk_told.role_name(rules.book, mine.tier)
        lower = [tier for tier in order[: order.index(mine.tier)] if tier in below] if mine.tier in order else []
        return ntk_told.role_name(rules.book, lower[-1]) if lower else ""
    return ""
