"""On which days a schedule falls: counted from anchor dates, over python-dateutil's rrule."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from dateutil import rrule

from casework.domain.panel_rulebook import WEEKDAYS, EveryNWeeks, LastOfMonth, NthOfMonth, Schedule, Weekday, Weekly

RRULE_WEEKDAYS = dict(zip(WEEKDAYS, (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR), strict=True))


def dates(schedule: Schedule, first: date, last: date) -> tuple[date, ...]:
    """Every day of the schedule from `first` to `last`, both included, in order.

    Alternation is by calendar: a sitting that did not take place changes no later date.
    """
    if last < first:
        return ()
    if isinstance(schedule, Weekly):
        rule = rrule.rrule(rrule.WEEKLY, byweekday=RRULE_WEEKDAYS[schedule.weekday], dtstart=_start(first))
        return _between(rule, first, last)
    if isinstance(schedule, EveryNWeeks):
        step = 7 * schedule.weeks
        on = first + timedelta(days=(schedule.anchor - first).days % step)
        rule = rrule.rrule(rrule.DAILY, interval=step, dtstart=_start(on))
        return _between(rule, first, last)
    return _last_of_month(schedule, first, last)


def next_weekday(after: date, weekday: Weekday) -> date:
    """The first such weekday later than `after`."""
    ahead = (WEEKDAYS.index(weekday) - after.weekday() - 1) % 7 + 1
    return after + timedelta(days=ahead)


def _last_of_month(schedule: LastOfMonth, first: date, last: date) -> tuple[date, ...]:
    weekday = RRULE_WEEKDAYS[schedule.weekday]
    own = {exception.month for exception in schedule.instead}
    usual = [month for month in range(1, 13) if month not in own]
    found: list[date] = []
    if usual:
        rule = rrule.rrule(rrule.MONTHLY, bymonth=usual, byweekday=weekday(-1), dtstart=_start(first))
        found += _between(rule, first, last)
    for exception in schedule.instead:
        found += _nth(exception, weekday, first, last)
    return tuple(sorted(found))


def _nth(exception: NthOfMonth, weekday: rrule.weekday, first: date, last: date) -> tuple[date, ...]:
    rule = rrule.rrule(rrule.MONTHLY, bymonth=exception.month, byweekday=weekday(exception.nth), dtstart=_start(first))
    return _between(rule, first, last)


def _start(day: date) -> datetime:
    return datetime.combine(day, time())


def _between(rule: rrule.rrule, first: date, last: date) -> tuple[date, ...]:
    return tuple(found.date() for found in rule.between(_start(first), _start(last), inc=True))
