"""Sittings: keep a rolling year of them from the rulebook, offer the next ones, show an agenda."""

from __future__ import annotations

from datetime import UTC, date, time, timedelta

from sqlalchemy.exc import IntegrityError

from casework.db import sittings, timers
from casework.domain import access, clocks, sitting_calendar
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person
from casework.domain.rulebook import Panel
from casework.services import item_cards, sitting_rules
from casework.services.context import Context, Rules, fresh, insist, today
from casework.services.recorder import record
from casework.services.timers import agenda_at
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
        known = await sittings.known_dates(work, first=first, last=last)
        missing = [
            _planned(rules, occurrence)
            for occurrence in sitting_calendar.occurrences(rules.book, first, last)
            if (occurrence.panel, occurrence.original_on) not in known
        ]
        ids = await sittings.add(work, missing)
        for sitting_id in ids:
            sitting = await sittings.get(work, sitting_id)
            if sitting is None or sitting.status not in ("planned", "moved"):
                continue
            due_at = agenda_at(rules.book, sitting)
            if sitting.starts_at > work.now:
                await timers.set_(work, [(Kind.AGENDA.value, sitting_id, due_at)])
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
        return await item_cards.agenda(work, rules, hearing[0])


async def agenda_of(context: Context, *, person: Person, sitting_id: str) -> Agenda:
    """The agenda of one sitting as it stands now; raises Refusal NOT_FOUND for who may not see it."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        sitting = await sittings.get(work, sitting_id)
        if sitting is None or not access.can_see_agenda(person, sitting.panel):
            raise Refusal(Code.NOT_FOUND)
        return await item_cards.agenda(work, rules, sitting)


def _hearing(rules: Rules, panel: str) -> Panel:
    """The panel whose sittings hear `panel`: itself, or the one it is incorporated in."""
    try:
        asked = rules.book.panel(panel)
    except KeyError:
        raise Refusal(Code.NOT_FOUND) from None
    return rules.book.panel(asked.incorporated_in) if asked.incorporated_in else asked


def _planned(rules: Rules, occurrence: sitting_calendar.Occurrence) -> sittings.Planned:
    panel = rules.book.panel(occurrence.panel)
    return sittings.Planned(
        panel=occurrence.panel,
        original_on=occurrence.original_on,
        starts_at=occurrence.starts_at.astimezone(UTC),
        ends_at=occurrence.ends_at.astimezone(UTC),
        papers_due_at=occurrence.papers_due_at.astimezone(UTC),
        status=occurrence.status,
        reason=occurrence.reason,
        incorporates=occurrence.incorporates,
        slots=panel.slots,
        capacity=panel.slots - panel.urgent_held,
        slot_minutes=panel.slot_minutes,
        rulebook_version=rules.version,
    )
