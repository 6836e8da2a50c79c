"""The rulebook as dates: every sitting of every panel, moved, asked or skipped where its day is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from casework.domain import clocks, recurrence, working_days
from casework.domain.panel_rulebook import MoveTo, Panel
from casework.domain.rulebook import Rulebook

Status = Literal["planned", "moved", "ask", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One date of one panel's rule. Times are London's; one that asks or is skipped keeps its original date."""

    panel: str
    original_on: date
    on: date
    start: time
    end: time
    status: Status
    incorporates: tuple[str, ...]
    papers_due_at: datetime
    reason: str | None

    @property
    def starts_at(self) -> datetime:
        return clocks.local_instant(self.on, self.start)

    @property
    def ends_at(self) -> datetime:
        return clocks.local_instant(self.on, self.end)


def occurrences(book: Rulebook, first: date, last: date) -> tuple[Occurrence, ...]:
    """Every sitting whose original date lies from `first` to `last`, both included, by start and then panel.

    A panel incorporated in another has no row of its own: it is named in `incorporates` and goes where its host goes.
    """
    found: list[Occurrence] = []
    for panel in book.panels:
        if panel.incorporated_in:
            continue
        guests = [
            (guest.code, frozenset(recurrence.dates(guest.schedule, first, last)) - frozenset(guest.not_on))
            for guest in book.panels
            if guest.incorporated_in == panel.code
        ]
        for day in recurrence.dates(panel.schedule, first, last):
            incorporates = tuple(code for code, days in guests if day in days)
            found.append(_occurrence(book, panel, day, incorporates))
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.panel)))


def _occurrence(book: Rulebook, panel: Panel, day: date, incorporates: tuple[str, ...]) -> Occurrence:
    closed = working_days.closed_because(day, book.calendar)
    on, start, end = day, panel.start, panel.end
    status: Status = "planned"
    reason = None
    if day in panel.not_on:
        status, reason = "skipped", "No sitting: the rulebook leaves this date out"
    elif closed is not None:
        status, on, start, end, reason = _when_closed(book, panel, day, closed)
    if working_days.is_projected(day.year, book.calendar):
        note = f"bank holidays of {day.year} are projected"
        reason = f"{reason}; {note}" if reason else note[0].upper() + note[1:]
    return Occurrence(
        panel=panel.code,
        original_on=day,
        on=on,
        start=start,
        end=end,
        status=status,
        incorporates=incorporates,
        papers_due_at=clocks.moment_before(on, panel.papers, book.calendar),
        reason=reason,
    )


def _when_closed(book: Rulebook, panel: Panel, day: date, closed: str) -> tuple[Status, date, time, time, str]:
    rule = panel.on_holiday
    target, start, end = day, panel.start, panel.end
    if isinstance(rule, MoveTo):
        target, start, end = recurrence.next_weekday(day, rule.weekday), rule.start, rule.end
    elif rule.kind == "next_working_day":
        target = working_days.operating_day_after(day, book.calendar)
    elif rule.kind == "previous_working_day":
        target = working_days.operating_day_before(day, book.calendar)
    elif rule.kind == "skip":
        return "skipped", day, start, end, f"No sitting: {closed}"
    if target != day:
        in_the_way = working_days.closed_because(target, book.calendar)
        if in_the_way is None and not recurrence.dates(panel.schedule, target, target):
            return "moved", target, start, end, f"Moved from {spoken(day)}: {closed}"
        if in_the_way is not None:
            also = f"{spoken(target)} is closed too ({in_the_way})"
        else:
            also = f"on {spoken(target)} the panel sits anyway"
        return "ask", day, panel.start, panel.end, f"Closed: {closed}; {also}: the coordinator decides"
    return "ask", day, panel.start, panel.end, f"Closed: {closed}: the coordinator decides"


def spoken(day: date) -> str:
    """A day as people say it: "Monday 6 April 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"
