"""Cards that did not arrive, or of which nobody knows: the office is told, and decides what becomes of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from casework.db import addresses, deliveries, delivery_queue, people
from casework.db.uow import Work
from casework.delivery_views import Undelivered, UndeliveredLine
from casework.domain import access
from casework.domain.deliveries import OF_NTKS, POLICIES, Kind, State
from casework.domain.people import Person, Role
from casework.services.context import Context, fresh, insist, today
from casework.services.recorder import delivery, record

SUBJECT = "undelivered"
MOST_SHOWN = 15
MOST_NAMED = 12
LOOKED_BACK = timedelta(days=14)
AN_HOUR = timedelta(hours=1)
OFFICE = (Role.CO, Role.SY)
# who was told of an NTK is nothing the office needs to know
NOT_THE_OFFICES = OF_NTKS | {Kind.UNDELIVERED}


async def page(context: Context, *, person: Person) -> Undelivered:
    """What waits for a person's word; raises Refusal NOT_ALLOWED."""
    async with context.database.reading() as work:
        person = await fresh(work, person)
        insist(access.can_settle_deliveries(person))
        return await standing(work)


async def send_again(context: Context, *, person: Person, delivery_ids: Sequence[str]) -> Undelivered:
    """Send each once more; rights are checked again when it goes. What is settled already stays as it is."""
    async with context.database.writing() as work:
        person = await _allowed(work, person)
        for id in delivery_ids:
            if await delivery_queue.reopen(work, id, from_states=[State.UNKNOWN, State.REFUSED]):
                await _note(context, work, person, id, "delivery.sent_again")
        work.after_commit(context.wake)
        return await standing(work)


async def settle(context: Context, *, person: Person, delivery_ids: Sequence[str], arrived: bool) -> Undelivered:
    """A person knows better: it arrived after all, or is to be left."""
    async with context.database.writing() as work:
        person = await _allowed(work, person)
        state = State.ACCEPTED if arrived else State.SUPPRESSED
        from_states = [State.UNKNOWN] if arrived else [State.UNKNOWN, State.REFUSED]
        for id in delivery_ids:
            if await delivery_queue.settle_by_hand(work, id, state=state, from_states=from_states):
                await _note(context, work, person, id, "delivery.arrived" if arrived else "delivery.left")
        return await standing(work)


async def standing(work: Work) -> Undelivered:
    """What did not arrive in the last two weeks, and who has no chat that works."""
    rows = await _open(work)
    known = await people.by_ids(work, [row.person_id for row in rows], today=today(work))
    lines = [
        UndeliveredLine(
            delivery_id=row.id,
            kind=row.kind.value,
            to=known[row.person_id].name if row.person_id in known else "somebody who has left",
            at=row.ended_at or row.created_at,
            is_unknown=row.state is State.UNKNOWN,
            reason=row.outcome or "",
        )
        for row in rows
    ]
    closed = dict(await addresses.closed(work))
    gone = await people.by_ids(work, closed, today=today(work))
    return Undelivered(
        lines=tuple(lines[:MOST_SHOWN]),
        more=max(0, len(lines) - MOST_SHOWN),
        unreachable=tuple(sorted((one.name, closed[one.id]) for one in gone.values() if one.grants)[:MOST_NAMED]),
    )


async def told(work: Work, row: deliveries.Delivery) -> list[deliveries.Wanted]:
    """The card that tells the office, at most one an hour for each of them; what came since is on the next one."""
    if POLICIES[row.kind].is_update or row.kind is Kind.UNDELIVERED:
        return []
    wanted = []
    for person in await people.holding(work, OFFICE, today=today(work)):
        for hour in (work.now, (work.now + AN_HOUR).replace(minute=0, second=0, microsecond=0)):
            key = f"{person.id}:{hour:%Y-%m-%dT%H}"
            card = delivery(work, kind=Kind.UNDELIVERED, subject_id=SUBJECT, person_id=person.id, key=key)
            if not await deliveries.is_known(work, card.dedupe_key):
                wanted.append(replace(card, due_at=hour, may_exist=True))
                break
    return wanted


async def _open(work: Work) -> list[deliveries.Delivery]:
    found = await deliveries.ended_since(work, [State.UNKNOWN, State.REFUSED], since=work.now - LOOKED_BACK)
    return [row for row in found if not POLICIES[row.kind].is_update and row.kind not in NOT_THE_OFFICES]


async def _allowed(work: Work, person: Person) -> Person:
    person = await fresh(work, person)
    insist(access.can_settle_deliveries(person))
    return person


async def _note(context: Context, work: Work, person: Person, delivery_id: str, action: str) -> None:
    await record(context, work, actor_id=person.id, action=action, subject_kind="delivery", subject_id=delivery_id)
