"""When things fall due for a sitting: its agenda, the papers' cut-off, the release of its held slots."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time

from casework.db import minutes, timers
from casework.db.uow import Work
from casework.domain import clocks, london, sitting_plan, working_days
from casework.domain.booking import Sitting
from casework.domain.deliveries import Kind
from casework.domain.panel_rulebook import Before
from casework.domain.rulebook import Rulebook

CUT_OFF = "cut_off"
RELEASE_URGENT = "release_urgent"
RELEASE_SHARE = "release_share"


async def set_(work: Work, book: Rulebook, sitting: Sitting) -> None:
    """Set whatever falls due for a sitting as it now stands; what was set for another moment is cancelled.

    An agenda whose moment has passed and that did not go out goes out now.
    """
    await cancel(work, sitting.id)
    if sitting.status not in sitting_plan.OPEN or sitting.starts_at <= work.now:
        return
    wanted: list[tuple[str, str, datetime]] = []
    if sitting.agenda_sent_at is not None and sitting.taken:
        wanted.append((minutes.TIMER, sitting.id, record_at(book, sitting)))
    if sitting.agenda_sent_at is None:
        wanted.append((Kind.AGENDA.value, sitting.id, max(agenda_at(book, sitting), work.now)))
    if sitting.papers_due_at > work.now:
        wanted.append((CUT_OFF, sitting.id, sitting.papers_due_at))
    panel = book.panel(sitting.panel)
    if sitting.urgent_slots and panel.urgent_release and not sitting.is_urgent_released:
        wanted.append((RELEASE_URGENT, sitting.id, before(book, sitting, panel.urgent_release)))
    guests = [one.share_release for one in book.panels if one.code in sitting.incorporates and one.share_release]
    if sitting.share_slots and guests and not sitting.is_share_released:
        wanted.append((RELEASE_SHARE, sitting.id, before(book, sitting, guests[0])))
    await timers.set_(work, [(kind, id, max(at, work.now)) for kind, id, at in wanted])


async def complete(work: Work, book: Rulebook, found: Iterable[Sitting]) -> int:
    """Set the timers of sittings that have none for their papers, as those made by an older version; how many."""
    have = await timers.subjects(work, CUT_OFF)
    lacking = [
        one for one in found if one.id not in have and one.status in sitting_plan.OPEN and one.papers_due_at > work.now
    ]
    for one in lacking:
        await set_(work, book, one)
    return len(lacking)


async def cancel(work: Work, sitting_id: str) -> None:
    """Nothing falls due for this sitting any more."""
    for kind in (Kind.AGENDA.value, CUT_OFF, RELEASE_URGENT, RELEASE_SHARE, minutes.TIMER):
        await timers.cancel(work, kind=kind, subject_id=sitting_id)


def agenda_at(book: Rulebook, sitting: Sitting) -> datetime:
    """When the agenda goes out: the rulebook's time (default 16:00, two operating days before)."""
    return before(book, sitting, book.panel(sitting.panel).agenda or book.delivery.agenda)


def record_at(book: Rulebook, sitting: Sitting) -> datetime:
    """When the chair is reminded that the record should be confirmed: 9:00, so many operating days after (UTC)."""
    day = london.local_date(sitting.starts_at)
    for _ in range(book.panel_work.minutes_days):
        day = working_days.operating_day_after(day, book.calendar)
    return clocks.local_instant(day, time(9)).astimezone(UTC)


def before(book: Rulebook, sitting: Sitting, rule: Before) -> datetime:
    """A moment of the rulebook's before a sitting, in UTC."""
    day = clocks.operating_days_before(london.local_date(sitting.starts_at), rule.days_before, book.calendar)
    return clocks.local_instant(day, rule.at).astimezone(UTC)
