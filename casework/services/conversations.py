"""Who is at the door, where their chat is, and whether this very activity was seen before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from casework import ports
from casework.db import addresses, audit, deliveries, delivery_queue, inbound, ntk_recipients, people
from casework.db.uow import Work
from casework.domain.deliveries import Kind, State
from casework.domain.people import Person
from casework.services.context import Context, today

REVIVED = (
    Kind.NTK_NEW,
    Kind.NTK_ESCALATED,
    Kind.NTK_EXHAUSTED,
    Kind.NTK_CHANGED,
    Kind.NTK_CONFIRM,
    Kind.NTK_NOT_DELIVERED,
    Kind.NTK_PROMPT,
    Kind.NTK_UPDATE_DUE,
    Kind.CONSULT,
    Kind.CONSULT_ANSWER,
    Kind.COVER_SET,
    Kind.AGENDA,
    Kind.PRESENTER_REMINDER,
    Kind.ITEM_APPROVAL,
    Kind.ITEM_CHANGED,
    Kind.SITTING_CHANGED,
    Kind.SLOT_OFFERED,
    Kind.DECISION,
    Kind.DEFERRED_AGAIN,
    Kind.NO_HELD_SLOT,
    Kind.PAPERS_LATE,
    Kind.ACTION_DUE,
    Kind.MINUTES_DUE,
)
REVIVED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """`person` is None for strangers and leavers. `key` remembers the activity, None when it had no id.

    `is_repeat` says that the activity was seen before: nothing is to be done again.
    """

    person: Person | None
    key: str | None
    is_repeat: bool


async def arrive(
    context: Context,
    *,
    tenant_id: str,
    entra_object_id: str,
    conversation_id: str,
    activity_id: str | None,
    address: ports.Address | None,
    keeps_answer: bool = True,
) -> Arrival:
    """Claim the activity, find the person by their verified Entra id, and keep their newest address.

    `keeps_answer` says that `answered` follows: a repeat waits for that answer and gets the same.
    """
    async with context.database.writing() as work:
        key = inbound.key(work, conversation_id, activity_id) if activity_id else None
        if key is not None and not await inbound.begin(work, key, keeps_answer=keeps_answer):
            return Arrival(person=None, key=key, is_repeat=True)
        person = await people.by_entra(work, tenant_id=tenant_id, entra_object_id=entra_object_id, today=today(work))
        if person is None or not person.grants:
            return Arrival(person=None, key=key, is_repeat=False)
        is_new = address is not None and not await addresses.is_current(work, person.id, address)
        if is_new and address is not None and await addresses.open_(work, person.id, address):
            await _revive(context, work, person)
        return Arrival(person=person, key=key, is_repeat=False)


async def leave(context: Context, *, tenant_id: str, entra_object_id: str) -> None:
    """The person took Usher out of their chat: nothing is sent there until they bring it back."""
    async with context.database.writing() as work:
        person = await people.by_entra(work, tenant_id=tenant_id, entra_object_id=entra_object_id, today=today(work))
        if person is not None:
            await addresses.close(work, person.id, "removed")
            await audit.append(
                work,
                audit.Entry(
                    actor_id=person.id,
                    action="address.closed",
                    subject_kind="person",
                    subject_id=person.id,
                    facts={"because": "removed"},
                ),
            )


async def answered(context: Context, *, key: str, answer: object) -> None:
    """Keep the answer (any JSON value) for a repeat of the same activity."""
    async with context.database.writing() as work:
        await inbound.finish(work, key, answer)


async def earlier_answer(context: Context, *, key: str) -> tuple[bool, object]:
    """(whether the first of a repeated activity is done, the answer it was given)."""
    async with context.database.reading() as work:
        return await inbound.answer(work, key)


async def forget_old(context: Context) -> int:
    """Drop the memory of activities older than a day; returns how many."""
    async with context.database.writing() as work:
        return await inbound.forget_old(work)


async def _revive(context: Context, work: Work, person: Person) -> None:
    """Send again what couldn't reach this person lately, now that there is a chat; viewers drop what is stale."""
    missed = await deliveries.of_person(work, person.id, kinds=REVIVED, states=[State.REFUSED])
    revived = 0
    for row in missed:
        if row.created_at < work.now - REVIVED_FOR:
            continue
        if row.kind is Kind.NTK_NEW:
            told = {one.person_id: one for one in await ntk_recipients.told(work, row.subject_id)}
            if person.id not in told or told[person.id].acknowledged_at is not None:
                continue
        revived += await delivery_queue.reopen(work, row.id, from_states=[State.REFUSED])
    await audit.append(
        work,
        audit.Entry(
            actor_id=person.id,
            action="address.opened",
            subject_kind="person",
            subject_id=person.id,
            facts={"revived": revived},
        ),
    )
    if revived:
        work.after_commit(context.wake)
