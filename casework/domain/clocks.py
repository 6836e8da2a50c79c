"""Deadlines: so many days before or after, and the instant a time of day in London means."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from casework.domain import working_days
from casework.domain.london import ZONE
from casework.domain.panel_rulebook import Before
from casework.domain.rulebook import CalendarRules


def operating_days_before(day: date, count: int, rules: CalendarRules) -> date:
    """The day `count` operating days before `day`; 0 is `day` itself."""
    for _ in range(count):
        day = working_days.operating_day_before(day, rules)
    return day


def statutory_days_after(day: date, count: int, rules: CalendarRules) -> date:
    """The day `count` statutory working days after `day`: these clocks run through the council's closure."""
    while count:
        day += timedelta(days=1)
        count -= working_days.is_statutory_working_day(day, rules)
    return day


def local_instant(day: date, at: time) -> datetime:
    """That time of day in London as an aware instant.

    Of the hour that comes twice in October the first is meant; a time that never was in March is taken an hour later.
    """
    wall = datetime.combine(day, at, tzinfo=ZONE)
    return wall.astimezone(UTC).astimezone(ZONE)


def moment_before(day: date, rule: Before, rules: CalendarRules) -> datetime:
    """When a deadline or reminder of a sitting on `day` falls, as an aware instant in London."""
    return local_instant(operating_days_before(day, rule.days_before, rules), rule.at)
