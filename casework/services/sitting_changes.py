"""Changing sittings: move, lengthen, shorten, cancel, resolve a closed day, call an extraordinary one, waive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from casework.db import deliveries, items, sitting_changes, sittings, slots
from casework.db.base import new_id
from casework.db.uow import Work
from casework.domain import access, clocks, london, sitting_calendar, sitting_plan
from casework.domain.booking import Sitting
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Person
from casework.domain.sitting_plan import Wanted
from casework.services import agendas, item_slots, offers, sitting_moves, sitting_pages, sitting_timers
from casework.services.context import Context, Rules, fresh, insist
from casework.services.recorder import delivery, record
from casework.services.sitting_people import concerned as concerned_by
from casework.sitting_views import SittingPage, SittingPreview

EXTRAORDINARY = "extraordinary"


async def preview(context: Context, *, person: Person, sitting_id: str, wanted: Wanted | None) -> SittingPreview:
    """What a change would do, before it is saved; `wanted` None: it would not take place.

    Raises FieldErrors for a time that can't be, Refusal NOT_FOUND, NOT_ALLOWED or SITTING_OVER.
    """
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        sitting = await _manageable(work, person, await sittings.get(work, sitting_id))
        if wanted is not None:
            _check(rules, work, sitting, wanted)
        plan = await _plan(work, rules, sitting, wanted)
        return await sitting_pages.preview(work, rules, sitting, plan.after, plan, reader=person)


async def change(
    context: Context, *, person: Person, sitting_id: str, version: int, wanted: Wanted, reason: str, nonce: str
) -> SittingPage:
    """Hold a sitting at another time, for longer or shorter, or elsewhere; one that waits for a decision then stands.

    Items that no longer fit, the last in line first, go to the next sitting with a place, or wait. Everybody concerned
    is told in the same transaction. Raises FieldErrors, Refusal STALE_CARD and as `preview`. Sent twice, done once.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        sitting = await _manageable(work, person, await sittings.lock(work, sitting_id))
        if await sitting_changes.of_nonce(work, nonce) is not None:
            return await sitting_pages.page(work, rules, sitting, reader=person)
        if sitting.version != version:
            raise Refusal(Code.STALE_CARD)
        _check(rules, work, sitting, wanted)
        plan = await _plan(work, rules, sitting, wanted)
        assert plan.after is not None
        concerned = await concerned_by(work, sitting)
        await offers.withdraw(work, sitting_id=sitting.id)
        went = await sitting_moves.place_again(work, rules, sitting, plan.leaves, by=person.id)
        await sitting_moves.close_gaps(work, sitting.id)
        after = await sittings.change(
            work,
            sitting.id,
            starts_at=plan.after.starts_at,
            ends_at=plan.after.ends_at,
            papers_due_at=plan.after.papers_due_at,
            slots=plan.after.slots,
            capacity=plan.after.capacity,
            urgent_slots=plan.after.urgent_slots,
            share_slots=plan.after.share_slots,
            minutes=wanted.minutes,
            status="planned" if plan.after.starts_at == sitting.starts_at and sitting.status != "ask" else "moved",
            venue=wanted.venue or None,
            reason=_moved_from(sitting) if plan.after.starts_at != sitting.starts_at else sitting.reason or None,
        )
        for item in plan.stays:
            await item_slots.remind(work, rules.book, item, after)
        await sitting_timers.set_(work, rules.book, after)
        same_start, same_end = after.starts_at == sitting.starts_at, after.ends_at == sitting.ends_at
        kind = "moved" if not same_start else "venue" if same_end else "length"
        facts = {"from": sitting.starts_at.isoformat(), "to": after.starts_at.isoformat(), "items": went}
        await _record(context, work, rules, after, person, kind, nonce, facts, reason, concerned)
        return await sitting_pages.page(work, rules, after, reader=person)


async def cancel(
    context: Context, *, person: Person, sitting_id: str, version: int, reason: str, nonce: str
) -> SittingPage:
    """It does not take place: its items go to the next sittings in order of priority, or wait. Raises as `change`."""
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        sitting = await _manageable(work, person, await sittings.lock(work, sitting_id))
        if await sitting_changes.of_nonce(work, nonce) is not None:
            return await sitting_pages.page(work, rules, sitting, reader=person)
        if sitting.version != version:
            raise Refusal(Code.STALE_CARD)
        concerned = await concerned_by(work, sitting)
        await offers.withdraw(work, sitting_id=sitting.id)
        leaving = await sitting_moves.by_priority(work, sitting)
        went = await sitting_moves.place_again(work, rules, sitting, leaving, by=person.id)
        await sitting_timers.cancel(work, sitting.id)
        status = "skipped" if sitting.status == "ask" else "cancelled"
        after = await sittings.change(work, sitting.id, status=status)
        facts = {"from": sitting.starts_at.isoformat(), "to": None, "items": went}
        await _record(context, work, rules, after, person, status, nonce, facts, reason, concerned)
        return await sitting_pages.page(work, rules, after, reader=person)


async def call(context: Context, *, person: Person, panel: str, wanted: Wanted, reason: str, nonce: str) -> SittingPage:
    """Call an extraordinary sitting; whoever waits for the panel gets its places, first in line first.

    The cut-off is the rule's where that lies ahead, else papers may come until it begins: it was called at short
    notice. Raises FieldErrors, Refusal NOT_FOUND or NOT_ALLOWED.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        known = next((one for one in rules.book.panels if one.code == panel and not one.incorporated_in), None)
        if known is None:
            raise Refusal(Code.NOT_FOUND)
        insist(access.can_call_sitting(person, panel))
        if (earlier := await sitting_changes.of_nonce(work, nonce)) is not None:
            there = await sittings.get(work, earlier)
            assert there is not None
            return await sitting_pages.page(work, rules, there, reader=person)
        sitting_plan.check(wanted, panel=known, book=rules.book, now=work.now)
        on = london.local_date(wanted.starts_at)
        if (panel, on) in await sittings.known_dates(work, first=on, last=on, kind=EXTRAORDINARY):
            raise FieldErrors({"when_date": Code.SAME_AS_BEFORE})
        places = sitting_plan.slots_in(known, wanted.minutes)
        by_rule = clocks.moment_before(on, known.papers, rules.book.calendar)
        planned = sittings.Planned(
            panel=panel,
            original_on=on,
            starts_at=wanted.starts_at,
            ends_at=wanted.starts_at + timedelta(minutes=wanted.minutes),
            papers_due_at=by_rule if by_rule > work.now else wanted.starts_at,
            status="planned",
            reason=None,
            incorporates=tuple(one.code for one in rules.book.panels if one.incorporated_in == panel),
            slots=places,
            capacity=places,
            minutes=wanted.minutes,
            slot_minutes=known.slot_minutes,
            rulebook_version=rules.version,
            kind=EXTRAORDINARY,
            venue=wanted.venue or None,
        )
        sitting = await sittings.lock(work, (await sittings.add(work, [planned]))[0])
        assert sitting is not None
        await sitting_timers.set_(work, rules.book, sitting)
        went = {item.id: sitting.id for item in await sitting_moves.promote(work, rules, sitting, by=person.id)}
        facts = {"from": sitting.starts_at.isoformat(), "to": sitting.starts_at.isoformat(), "items": went}
        concerned = await concerned_by(work, sitting)
        await _record(context, work, rules, sitting, person, "called", nonce, facts, reason, concerned)
        current = await sittings.get(work, sitting.id)
        assert current is not None
        return await sitting_pages.page(work, rules, current, reader=person)


async def waive(
    context: Context, *, person: Person, sitting_id: str, version: int, until: datetime, reason: str, nonce: str
) -> SittingPage:
    """The chair lets papers and bookings in until an aware instant before the sitting; raises as `change`."""
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        sitting = await sittings.lock(work, sitting_id)
        if sitting is None or not access.can_see_agenda(person, sitting.panel):
            raise Refusal(Code.NOT_FOUND)
        insist(access.can_waive_cutoff(person, sitting.panel))
        if await sitting_changes.of_nonce(work, nonce) is not None:
            return await sitting_pages.page(work, rules, sitting, reader=person)
        if sitting.version != version or sitting.status not in sitting_plan.OPEN:
            raise Refusal(Code.STALE_CARD)
        if not work.now < until <= sitting.starts_at:
            raise FieldErrors({"until_date": Code.NOT_LATER})
        after = await sittings.change(work, sitting.id, papers_due_at=until)
        await sitting_timers.set_(work, rules.book, after)
        for _, item in await items.on_sitting(work, sitting.id):
            if item.late == "late":
                await items.mark_late(work, item.id, "")
            await item_slots.remind(work, rules.book, item, after)
        facts = {"from": sitting.papers_due_at.isoformat(), "to": until.isoformat(), "items": {}}
        concerned = await concerned_by(work, sitting)
        await _record(context, work, rules, after, person, "waived", nonce, facts, reason, concerned)
        return await sitting_pages.page(work, rules, after, reader=person)


async def _plan(work: Work, rules: Rules, sitting: Sitting, wanted: Wanted | None) -> sitting_pages.Plan:
    rows = await sitting_moves.by_priority(work, sitting)
    told = len(await concerned_by(work, sitting))
    if wanted is None:
        return sitting_pages.Plan(after=None, stays=(), leaves=rows, clashes=(), people=told)
    panel = rules.book.panel(sitting.panel)
    places = sitting_plan.slots_in(panel, wanted.minutes)
    stays, leaves, there = await _kept(work, sitting, rows, places, wanted.minutes)
    lanes = sitting_plan.lanes(rules.book, panel, places, sitting.incorporates, there=there)
    if sitting.kind == EXTRAORDINARY:
        lanes = sitting_plan.Lanes(slots=places, capacity=places, urgent=0, share=0)
    ends_at = wanted.starts_at + timedelta(minutes=wanted.minutes)
    after = Sitting(
        id=sitting.id,
        panel=sitting.panel,
        starts_at=wanted.starts_at,
        ends_at=ends_at,
        papers_due_at=sitting_plan.papers_due(
            rules.book, panel, wanted.starts_at, now=work.now, before=sitting.papers_due_at
        ),
        status="moved",
        capacity=lanes.capacity,
        booked=there.booked,
        minutes=wanted.minutes,
        minutes_booked=there.minutes_booked,
        urgent_booked=there.urgent_booked,
        share_booked=there.share_booked,
        is_urgent_released=sitting.is_urgent_released,
        is_share_released=sitting.is_share_released,
        urgent_slots=lanes.urgent,
        share_slots=lanes.share,
        incorporates=sitting.incorporates,
        agenda_sent_at=sitting.agenda_sent_at,
        version=sitting.version,
        original_on=sitting.original_on,
        slots=places,
        slot_minutes=sitting.slot_minutes,
        kind=sitting.kind,
        venue=wanted.venue,
    )
    around = await sittings.between(
        work, first=wanted.starts_at - timedelta(hours=12), last=ends_at + timedelta(hours=12)
    )
    meeting = sitting_plan.clashes(wanted.starts_at, wanted.minutes, [one for one in around if one.id != sitting.id])
    return sitting_pages.Plan(after=after, stays=stays, leaves=leaves, clashes=meeting, people=told)


async def _kept(
    work: Work, sitting: Sitting, rows: Sequence[items.Item], places: int, minutes: int
) -> tuple[tuple[items.Item, ...], tuple[items.Item, ...], Sitting]:
    """(items that keep a slot, items that lose it, the sitting with only the first), in order of priority."""
    filled = {one.item_id: one for one in await slots.filled(work, sitting.id)}
    there = replace(sitting, booked=0, urgent_booked=0, share_booked=0, minutes_booked=0)
    stays: list[items.Item] = []
    leaves: list[items.Item] = []
    for item in rows:
        mine = filled[item.id]
        if len(stays) < places and there.minutes_booked + mine.minutes <= minutes:
            there = there.with_one_more(mine.lane, mine.minutes)
            stays.append(item)
        else:
            leaves.append(item)
    return tuple(stays), tuple(leaves), there


def _check(rules: Rules, work: Work, sitting: Sitting, wanted: Wanted) -> None:
    """Raises FieldErrors for a time that can't be, and for a change that changes nothing."""
    sitting_plan.check(wanted, panel=rules.book.panel(sitting.panel), book=rules.book, now=work.now)
    minutes = int((sitting.ends_at - sitting.starts_at).total_seconds() // 60)
    is_same = (wanted.starts_at, wanted.minutes, wanted.venue) == (sitting.starts_at, minutes, sitting.venue)
    if is_same and sitting.status != "ask":
        raise FieldErrors({"when_date": Code.SAME_AS_BEFORE})


async def _manageable(work: Work, person: Person, sitting: Sitting | None) -> Sitting:
    if sitting is None or not access.can_see_agenda(person, sitting.panel):
        raise Refusal(Code.NOT_FOUND)
    insist(access.can_manage_sittings(person))
    if sitting.starts_at <= work.now or sitting.status in ("cancelled", "skipped"):
        raise Refusal(Code.SITTING_OVER)
    return sitting


async def _record(
    context: Context,
    work: Work,
    rules: Rules,
    sitting: Sitting,
    person: Person,
    kind: str,
    nonce: str,
    facts: Mapping[str, object],
    reason: str,
    concerned: frozenset[str],
) -> None:
    """Write the change with its audit row, and tell everyone it concerns but whoever did it."""
    id = await sitting_changes.add(
        work, sitting_id=sitting.id, by_id=person.id, kind=kind, nonce=nonce or new_id(), facts=facts, reason=reason
    )
    went = facts["items"]
    assert isinstance(went, dict)
    moved = [await items.get(work, item_id) for item_id in went]
    told = concerned | {id for item in moved if item is not None for id in (item.requester_id, item.presenter_id)}
    tell = [
        delivery(work, kind=Kind.SITTING_CHANGED, subject_id=id, person_id=person_id, key=person_id)
        for person_id in sorted(told - {person.id})
    ]
    tell += await _other_agendas(work, rules, went, because=id)
    await record(
        context,
        work,
        actor_id=person.id,
        action=f"sitting.{kind}",
        subject_kind="sitting",
        subject_id=sitting.id,
        facts={
            "change": id,
            "panel": sitting.panel,
            "items": len(went),
            "from": str(facts["from"]),
            "to": str(facts["to"]),
        },
        tell=tell,
    )


async def _other_agendas(
    work: Work, rules: Rules, went: dict[str, str | None], *, because: str
) -> list[deliveries.Wanted]:
    """A changed agenda for every sitting that got an item and whose agenda is out already."""
    wanted: list[deliveries.Wanted] = []
    for sitting_id in sorted({there for there in went.values() if there is not None}):
        sitting = await sittings.get(work, sitting_id)
        if sitting is not None:
            wanted += await agendas.renew(work, rules, sitting, by=None, because=because)
    return wanted


def _moved_from(sitting: Sitting) -> str:
    return f"Moved from {sitting_calendar.spoken(london.local_date(sitting.starts_at))}"
