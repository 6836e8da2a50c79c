"""Spans of time as the rulebook writes them: by the clock, in office hours, or to an hour of an operating day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from casework.domain import clocks, london, working_days
from casework.domain.rulebook import Rulebook
from casework.domain.rulebook_base import Within


def is_open(now: datetime, book: Rulebook) -> bool:
    """Whether the office is open at an aware instant: an operating day, between opening and closing."""
    wall = london.local(now)
    return working_days.is_operating_day(wall.date(), book.calendar) and book.ntk.opens <= wall.time() < book.ntk.closes


def runs_out_of_hours(start: datetime, end: datetime, book: Rulebook) -> bool:
    """Whether any part of the span from `start` to `end` lies outside office hours: then those on call are told."""
    closes = clocks.local_instant(london.local_date(start), book.ntk.closes)
    return not is_open(start, book) or end > closes


def due(start: datetime, within: Within, book: Rulebook) -> datetime:
    """The instant (UTC) by which something `within` a span of `start` (aware) has to be done."""
    if within.minutes is not None:
        return after(start, within.minutes, within.hours, book)
    assert within.days is not None
    assert within.at is not None
    day = london.local_date(start)
    if within.days == 0 and not working_days.is_operating_day(day, book.calendar):
        day = working_days.operating_day_after(day, book.calendar)
    for _ in range(within.days):
        day = working_days.operating_day_after(day, book.calendar)
    if clocks.local_instant(day, within.at) <= start:
        day = working_days.operating_day_after(day, book.calendar)
    return clocks.local_instant(day, within.at).astimezone(UTC)


def after(start: datetime, minutes: int, hours: str, book: Rulebook) -> datetime:
    """The instant (UTC) so many minutes after `start`: `hours` "clock" counts all, "working" office hours only."""
    if hours == "clock":
        return start + timedelta(minutes=minutes)
    left = timedelta(minutes=minutes)
    moment = start
    while True:
        moment = _opening(moment, book)
        closes = clocks.local_instant(london.local_date(moment), book.ntk.closes)
        if moment + left <= closes:
            return (moment + left).astimezone(UTC)
        left -= closes - moment
        moment = closes


def _opening(moment: datetime, book: Rulebook) -> datetime:
    """`moment` itself while the office is open, otherwise when it next opens."""
    if is_open(moment, book):
        return moment
    day = london.local_date(moment)
    is_later_today = london.local(moment).time() < book.ntk.opens
    if not (working_days.is_operating_day(day, book.calendar) and is_later_today):
        day = working_days.operating_day_after(day, book.calendar)
    return clocks.local_instant(day, book.ntk.opens).astimezone(UTC)
