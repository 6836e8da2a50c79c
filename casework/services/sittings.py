"""Sittings: keep a rolling year of them from the rulebook, offer the next ones, show an agenda."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta

from sqlalchemy.exc import IntegrityError

from casework.db import agendas as agendas_db
from casework.db import sittings, timers
from casework.domain import access, clocks, sitting_calendar, sitting_plan
from casework.domain.booking import Sitting
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, Refusal
from casework.domain.panel_rulebook import Panel
from casework.domain.people import Person
from casework.services import agendas, item_cards, sitting_rules, sitting_timers
from casework.services.context import Context, Rules, fresh, insist, today
from casework.services.recorder import record
from casework.views import Agenda, SittingOffer

HORIZON = timedelta(days=366)
OFFERED = 6


async def extend(context: Context) -> int:
    """Write the sittings of the coming year that have no row yet, each stamped with the rulebook's version.

    Returns how many were added. Those that stand are brought into line with the rulebook in effect, as long as no
    agenda is out and nobody changed them by hand; one with items booked is never dropped.
    """
    try:
        return await _extend(context)
    except IntegrityError:  # another replica is writing the very same sittings
        return 0


async def _extend(context: Context) -> int:
    async with context.database.writing() as work:
        rules = await context.rules(work)
        first, last = today(work), today(work) + HORIZON
        await sitting_rules.align(context, work, rules, last=last)
        standing = await sittings.between(work, first=work.now, last=work.now + HORIZON)
        await sitting_timers.complete(work, rules.book, standing)
        known = await sittings.known_dates(work, first=first, last=last)
        missing = [
            _planned(rules, occurrence)
            for occurrence in sitting_calendar.occurrences(rules.book, first, last)
            if (occurrence.panel, occurrence.original_on) not in known
        ]
        ids = await sittings.add(work, missing)
        for sitting_id in ids:
            sitting = await sittings.get(work, sitting_id)
            if sitting is not None:
                await sitting_timers.set_(work, rules.book, sitting)
        if ids:
            await record(
                context,
                work,
                actor_id=None,
                action="sittings.added",
                subject_kind="rulebook",
                subject_id=str(rules.version),
                facts={"added": len(ids)},
            )
        return len(ids)


async def offers(context: Context, *, person: Person, panel: str, limit: int = OFFERED) -> tuple[SittingOffer, ...]:
    """The next sittings that hear `panel`, full and closed ones too (marked), soonest first.

    Raises Refusal NOT_FOUND for a panel the rulebook doesn't have.
    """
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        heard_by = _hearing(rules, panel)
        found = await sittings.upcoming(
            work, panels=[heard_by.code], limit=limit * (1 if heard_by.code == panel else 5)
        )
        hearing = [sitting for sitting in found if sitting.hears(panel)][:limit]
        return tuple(item_cards.offer(rules, sitting, panel=panel, work=work, reader=person) for sitting in hearing)


async def agenda(context: Context, *, person: Person, panel: str, from_day: date | None = None) -> Agenda:
    """The agenda of the panel's next sitting, or of its first one on or after `from_day`, for who may see it.

    Raises Refusal NOT_ALLOWED, or NOT_FOUND when the panel is unknown or nothing is planned.
    """
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        heard_by = _hearing(rules, panel)
        insist(access.can_see_agenda(person, heard_by.code))
        after = clocks.local_instant(from_day, time()).astimezone(UTC) if from_day else work.now
        found = await sittings.upcoming(work, panels=[heard_by.code], limit=10, after=max(after, work.now))
        hearing = [sitting for sitting in found if sitting.hears(panel)]
        if not hearing:
            raise Refusal(Code.NOT_FOUND)
        return await agendas.view(work, rules, hearing[0], reader=person)


async def agenda_of(context: Context, *, person: Person, sitting_id: str) -> Agenda:
    """The agenda of one sitting as it stands now; raises Refusal NOT_FOUND for who may not see it."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        sitting = await sittings.get(work, sitting_id)
        if sitting is None or not access.can_see_agenda(person, sitting.panel):
            raise Refusal(Code.NOT_FOUND)
        return await agendas.view(work, rules, sitting, reader=person)


async def seen(context: Context, *, person: Person, sitting_id: str, version: int) -> Agenda:
    """Keep that this person has read a version of the agenda; raises Refusal NOT_FOUND for who may not see it."""
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        sitting = _visible(person, await sittings.get(work, sitting_id))
        if 0 < version <= sitting.agenda_version:
            await agendas_db.see(work, sitting_id=sitting.id, person_id=person.id, version=version)
            await record(
                context,
                work,
                actor_id=person.id,
                action="agenda.read",
                subject_kind="sitting",
                subject_id=sitting.id,
                facts={"version": version},
            )
        return await agendas.view(work, rules, sitting, reader=person)


async def lock(context: Context, *, person: Person, sitting_id: str) -> Agenda:
    """From now on only the coordinator changes items; raises Refusal NOT_FOUND or NOT_ALLOWED."""
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        sitting = _visible(person, await sittings.lock(work, sitting_id))
        insist(access.can_release_agenda(person, sitting.panel))
        if sitting.agenda_state == agendas.DRAFT:
            sitting = await sittings.change(work, sitting.id, agenda_state=agendas.LOCKED)
            await record(
                context,
                work,
                actor_id=person.id,
                action="agenda.locked",
                subject_kind="sitting",
                subject_id=sitting.id,
                facts={"panel": sitting.panel},
            )
        return await agendas.view(work, rules, sitting, reader=person)


async def release(context: Context, *, person: Person, sitting_id: str) -> Agenda:
    """The agenda goes out now, before its time; raises Refusal NOT_FOUND, NOT_ALLOWED or SITTING_OVER."""
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        sitting = _visible(person, await sittings.lock(work, sitting_id))
        insist(access.can_release_agenda(person, sitting.panel))
        if sitting.starts_at <= work.now or sitting.status not in sitting_plan.OPEN:
            raise Refusal(Code.SITTING_OVER)
        if sitting.agenda_state != agendas.RELEASED:
            await timers.cancel(work, kind=Kind.AGENDA.value, subject_id=sitting.id)
            tell = await agendas.release(work, rules, sitting, by=person.id, because="by hand")
            await record(
                context,
                work,
                actor_id=person.id,
                action="agenda.released",
                subject_kind="sitting",
                subject_id=sitting.id,
                facts={"panel": sitting.panel},
                tell=tell,
            )
        current = await sittings.get(work, sitting.id)
        assert current is not None
        return await agendas.view(work, rules, current, reader=person)


def _visible(person: Person, sitting: Sitting | None) -> Sitting:
    if sitting is None or not access.can_see_agenda(person, sitting.panel):
        raise Refusal(Code.NOT_FOUND)
    return sitting


def _hearing(rules: Rules, panel: str) -> Panel:
    """The panel whose sittings hear `panel`: itself, or the one it is incorporated in."""
    try:
        asked = rules.book.panel(panel)
    except KeyError:
        raise Refusal(Code.NOT_FOUND) from None
    return rules.book.panel(asked.incorporated_in) if asked.incorporated_in else asked


def _planned(rules: Rules, occurrence: sitting_calendar.Occurrence) -> sittings.Planned:
    panel = rules.book.panel(occurrence.panel)
    lanes = sitting_plan.lanes(rules.book, panel, panel.slots, occurrence.incorporates)
    return sittings.Planned(
        panel=occurrence.panel,
        original_on=occurrence.original_on,
        starts_at=occurrence.starts_at.astimezone(UTC),
        ends_at=occurrence.ends_at.astimezone(UTC),
        papers_due_at=occurrence.papers_due_at.astimezone(UTC),
        status=occurrence.status,
        reason=occurrence.reason,
        incorporates=occurrence.incorporates,
        slots=lanes.slots,
        capacity=lanes.capacity,
        urgent_slots=lanes.urgent,
        share_slots=lanes.share,
        minutes=int((occurrence.ends_at - occurrence.starts_at).total_seconds() // 60),
        slot_minutes=panel.slot_minutes,
        rulebook_version=rules.version,
    )
