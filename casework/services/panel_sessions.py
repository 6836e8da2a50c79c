"""The sitting itself: started, who is there, item by item, closed, its record confirmed; later only addenda."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casework.db import attendance, deliveries, item_events, items, minutes, people, sitting_changes, sittings, timers
from casework.db.uow import Work
from casework.domain import access, london, sitting_plan
from casework.domain.booking import Sitting
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Person, Role
from casework.services import directory, item_moves, session_pages, sitting_timers
from casework.services.context import Context, Rules, fresh, insist, today
from casework.services.recorder import delivery, record
from casework.sitting_views import SittingRecord


async def show(context: Context, *, person: Person, sitting_id: str) -> SittingRecord:
    """A sitting as it is run, or its record; raises Refusal NOT_FOUND for who may not see its agenda."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        sitting = await _visible(work, person, await sittings.get(work, sitting_id))
        return await session_pages.view(work, rules, sitting, reader=person)


async def start(context: Context, *, person: Person, sitting_id: str) -> SittingRecord:
    """The chair opens the sitting, on its day; raises Refusal NOT_FOUND, NOT_ALLOWED or SITTING_NOT_OPEN."""
    async with context.database.writing() as work:
        rules, person, sitting = await _mine(context, work, person, sitting_id)
        if sitting.started_at is None:
            on_its_day = london.local_date(sitting.starts_at) <= today(work)
            if sitting.status not in sitting_plan.OPEN or not on_its_day or sitting.closed_at is not None:
                raise Refusal(Code.SITTING_NOT_OPEN)
            chairs = [(person.id, attendance.PRESENT, None)]
            await attendance.put(work, sitting_id=sitting.id, rows=chairs, by_id=person.id)
            sitting = await sittings.change(work, sitting.id, started_at=work.now)
            await _note(context, work, sitting, person, "started", {})
        return await session_pages.view(work, rules, sitting, reader=person)


async def attend(
    context: Context, *, person: Person, sitting_id: str, present: list[str], apologies: list[str], others: str
) -> SittingRecord:
    """Record who is there; `others` are lines "full name" or "full name for full name" (a substitute).

    Raises FieldErrors for a name nobody has, or a substitute below whom they stand in for; Refusal as `start`.
    """
    async with context.database.writing() as work:
        rules, person, sitting = await _mine(context, work, person, sitting_id)
        if sitting.started_at is None or sitting.closed_at is not None:
            raise Refusal(Code.NOT_IN_SESSION)
        invited = {one.id: one for one in await session_pages.invited(work, sitting)}
        rows: dict[str, tuple[str, str, str | None]] = {}
        for ids, state in ((apologies, attendance.APOLOGIES), (present, attendance.PRESENT)):
            rows |= {id: (id, state, None) for id in ids if id in invited}
        for line in (one.strip() for one in others.splitlines()):
            if line:
                who, stands_for = await _named(work, line)
                rows[who.id] = (who.id, attendance.PRESENT, stands_for.id if stands_for else None)
                if stands_for is not None:
                    rows[stands_for.id] = (stands_for.id, attendance.APOLOGIES, None)
        await attendance.put(work, sitting_id=sitting.id, rows=list(rows.values()), by_id=person.id)
        there = len([one for one in rows.values() if one[1] == attendance.PRESENT])
        await _note(context, work, sitting, person, "attended", {"present": there})
        return await session_pages.view(work, rules, sitting, reader=person)


async def close(context: Context, *, person: Person, sitting_id: str) -> SittingRecord:
    """The sitting is over: what was not decided carries over before all others; its record waits for the chair."""
    async with context.database.writing() as work:
        rules, person, sitting = await _mine(context, work, person, sitting_id)
        if sitting.started_at is None:
            raise Refusal(Code.NOT_IN_SESSION)
        if sitting.closed_at is None:
            tell = []
            for _, item in await items.on_sitting(work, sitting.id):
                if item.state == items.BOOKED:
                    placed, told, facts = await item_moves.carry_over(work, rules, item, by=person.id)
                    await item_events.add(work, item_id=placed.id, by_id=person.id, kind="not_heard", facts=facts)
                    tell += told
                    if placed.id != item.id:
                        await items.change(work, item, state=items.DECIDED, by=person.id, carries_over=False)
            sitting = await sittings.change(work, sitting.id, closed_at=work.now)
            due_at = sitting_timers.record_at(rules.book, sitting)
            await timers.set_(work, [(minutes.TIMER, sitting.id, due_at)])
            await _note(context, work, sitting, person, "closed", {"carried_over": len(tell)}, tell=tell)
        return await session_pages.view(work, rules, sitting, reader=person)


async def confirm(context: Context, *, person: Person, sitting_id: str) -> SittingRecord:
    """The chair confirms the record: it is locked with a digest of every decision. Raises Refusal NOT_IN_SESSION."""
    async with context.database.writing() as work:
        rules, person, sitting = await _mine(context, work, person, sitting_id)
        if sitting.closed_at is None:
            raise Refusal(Code.NOT_IN_SESSION)
        if await minutes.confirmed(work, sitting.id) is None:
            digest = await session_pages.digest_of(work, sitting)
            await minutes.confirm(work, sitting_id=sitting.id, by_id=person.id, digest=digest)
            await timers.cancel(work, kind=minutes.TIMER, subject_id=sitting.id)
            await _note(context, work, sitting, person, "confirmed", {"digest": digest})
        return await session_pages.view(work, rules, sitting, reader=person)


async def add(context: Context, *, person: Person, sitting_id: str, words: str, nonce: str) -> SittingRecord:
    """An addendum to a confirmed record; sent twice, added once. Raises Refusal NOT_IN_SESSION before that."""
    async with context.database.writing() as work:
        rules, person, sitting = await _mine(context, work, person, sitting_id, also_office=True)
        if await minutes.confirmed(work, sitting.id) is None:
            raise Refusal(Code.NOT_IN_SESSION)
        if not await minutes.was_added(work, nonce):
            await minutes.add(work, sitting_id=sitting.id, words=words, by_id=person.id, nonce=nonce)
            await _note(context, work, sitting, person, "addendum", {})
        return await session_pages.view(work, rules, sitting, reader=person)


async def remind(context: Context, work: Work, timer: timers.Timer) -> None:
    """The record should be confirmed by now: the chair is told."""
    sitting = await sittings.get(work, timer.subject_id)
    is_useful = sitting is not None and await minutes.confirmed(work, timer.subject_id) is None
    if not await timers.finish(work, timer.id, state=timers.FIRED if is_useful else timers.SKIPPED):
        return
    if sitting is None or not is_useful:
        return
    chairs = [one for one in await people.holding(work, [Role.CH], today=today(work)) if one.chairs(sitting.panel)]
    await record(
        context,
        work,
        actor_id=None,
        action="sitting.minutes_due",
        subject_kind="sitting",
        subject_id=sitting.id,
        facts={"panel": sitting.panel},
        tell=[
            delivery(work, kind=Kind.MINUTES_DUE, subject_id=sitting.id, person_id=one.id, key=one.id) for one in chairs
        ],
    )


async def _named(work: Work, line: str) -> tuple[Person, Person | None]:
    """ "Full name", or "full name for full name": who is there, and whom they stand in for."""
    name, _, absent_name = line.partition(" for ")
    found = []
    for one in (name, absent_name):
        person = await directory.person_named(work, one) if one.strip() else None
        if isinstance(person, Code):
            raise FieldErrors({"others": person})
        found.append(person)
    who, absent = found
    if who is None:
        raise FieldErrors({"others": Code.PERSON_UNKNOWN})
    if absent is not None and not access.can_cover(who, absent):
        raise FieldErrors({"others": Code.PERSON_BELOW})
    return who, absent


async def _mine(
    context: Context, work: Work, person: Person, sitting_id: str, *, also_office: bool = False
) -> tuple[Rules, Person, Sitting]:
    rules = await context.rules(work)
    person = await fresh(work, person)
    sitting = await _visible(work, person, await sittings.lock(work, sitting_id))
    is_office = also_office and person.has(Role.CO)
    insist(is_office or access.can_run_sitting(person, sitting.panel, await session_pages.stand_ins(work, sitting)))
    return rules, person, sitting


async def _visible(work: Work, person: Person, sitting: Sitting | None) -> Sitting:
    if sitting is None:
        raise Refusal(Code.NOT_FOUND)
    if not access.can_see_agenda(person, sitting.panel) and person.id not in await session_pages.stand_ins(
        work, sitting
    ):
        raise Refusal(Code.NOT_FOUND)
    return sitting


async def _note(
    context: Context,
    work: Work,
    sitting: Sitting,
    person: Person,
    kind: str,
    facts: Mapping[str, str | int | bool | None],
    tell: Sequence[deliveries.Wanted] = (),
) -> None:
    await sitting_changes.add(
        work, sitting_id=sitting.id, by_id=person.id, kind=kind, nonce=None, facts=dict(facts), reason=""
    )
    await record(
        context,
        work,
        actor_id=person.id,
        action=f"sitting.{kind}",
        subject_kind="sitting",
        subject_id=sitting.id,
        facts={"panel": sitting.panel, **facts},
        tell=tell,
    )
