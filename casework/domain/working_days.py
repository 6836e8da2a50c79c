"""Which days count: statutory working days, and the council's operating days, which its closures shorten further."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

from casework.domain.rulebook import CalendarRules


def holiday_name(day: date, rules: CalendarRules) -> str | None:
    """The bank holiday of England and Wales on `day`, the rulebook's overrides applied; None on other days."""
    for override in rules.overrides:
        if override.on == day:
            return override.name if override.kind == "add" else None
    return _bank_holidays(day.year).get(day)


def closed_because(day: date, rules: CalendarRules) -> str | None:
    """The holiday or closure that closes the council on `day`; None on other days, weekends among them."""
    if (name := holiday_name(day, rules)) is not None:
        return name
    mark = f"{day:%m-%d}"
    return next((closure.name for closure in rules.closures if closure.first <= mark <= closure.last), None)


def is_statutory_working_day(day: date, rules: CalendarRules) -> bool:
    """Not a weekend, not a bank holiday. The council's closure counts: statutory clocks run through it."""
    return day.weekday() < 5 and holiday_name(day, rules) is None


def is_operating_day(day: date, rules: CalendarRules) -> bool:
    """A statutory working day on which the council is not closed: what papers and reminders count in."""
    return day.weekday() < 5 and closed_because(day, rules) is None


def is_projected(year: int, rules: CalendarRules) -> bool:
    """Whether the bank holidays of `year` are not published yet."""
    return year > rules.published_to


def operating_day_after(day: date, rules: CalendarRules) -> date:
    """The first operating day later than `day`."""
    return _step(day, rules, 1)


def operating_day_before(day: date, rules: CalendarRules) -> date:
    """The last operating day earlier than `day`."""
    return _step(day, rules, -1)


def _step(day: date, rules: CalendarRules, days: int) -> date:
    day += timedelta(days=days)
    while not is_operating_day(day, rules):
        day += timedelta(days=days)
    return day


@lru_cache(maxsize=256)
def _bank_holidays(year: int) -> dict[date, str]:
    found = holidays.country_holidays("GB", subdiv="ENG", years=year, language="en_GB")
    return {day: name.replace(" (observed)", " (substitute day)") for day, name in found.items()}
