"""Recurrence against a brute-force count of days, over a hundred years."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from casework.domain import recurrence
from casework.domain.panel_rulebook import WEEKDAYS, EveryNWeeks, LastOfMonth, NthOfMonth, Weekday, Weekly

FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)
weekdays = st.sampled_from(WEEKDAYS)
windows = st.tuples(st.dates(FIRST, LAST), st.integers(0, 1500)).map(
    lambda pair: (pair[0], pair[0] + timedelta(pair[1]))
)


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def is_last_of_month(day: date) -> bool:
    return (day + timedelta(days=7)).month != day.month


@given(weekday=weekdays, window=windows)
def test_weekly_is_every_such_day(weekday: Weekday, window: tuple[date, date]) -> None:
    expected = [day for day in every_day(*window) if day.weekday() == WEEKDAYS.index(weekday)]

    assert list(recurrence.dates(Weekly(kind="weekly", weekday=weekday), *window)) == expected


@given(anchor=st.dates(FIRST, LAST), weeks=st.integers(1, 52), window=windows)
def test_every_n_weeks_counts_days_from_its_anchor(anchor: date, weeks: int, window: tuple[date, date]) -> None:
    expected = [day for day in every_day(*window) if (day - anchor).days % (7 * weeks) == 0]

    found = recurrence.dates(EveryNWeeks(kind="every_n_weeks", anchor=anchor, weeks=weeks), *window)

    assert list(found) == expected


@given(weekday=weekdays, month=st.integers(1, 12), nth=st.integers(1, 4), window=windows)
def test_last_of_month_but_for_a_month_with_its_own(
    weekday: Weekday, month: int, nth: int, window: tuple[date, date]
) -> None:
    schedule = LastOfMonth(kind="last_of_month", weekday=weekday, instead=(NthOfMonth(month=month, nth=nth),))
    such = [day for day in every_day(*window) if day.weekday() == WEEKDAYS.index(weekday)]
    expected = [day for day in such if ((day.day - 1) // 7 + 1 == nth if day.month == month else is_last_of_month(day))]

    assert list(recurrence.dates(schedule, *window)) == expected


def test_the_whole_century_agrees_day_by_day_for_the_seven_panels() -> None:
    plo = EveryNWeeks(kind="every_n_weeks", anchor=date(2026, 1, 6), weeks=2)
    care = EveryNWeeks(kind="every_n_weeks", anchor=date(2026, 1, 13), weeks=2)

    both = sorted((*recurrence.dates(plo, FIRST, LAST), *recurrence.dates(care, FIRST, LAST)))

    assert both == [day for day in every_day(FIRST, LAST) if day.weekday() == 1]


def test_the_year_after_week_53_goes_on_alternating() -> None:
    plo = EveryNWeeks(kind="every_n_weeks", anchor=date(2026, 1, 6), weeks=2)

    found = recurrence.dates(plo, date(2026, 12, 20), date(2027, 1, 20))

    assert found == (date(2026, 12, 22), date(2027, 1, 5), date(2027, 1, 19))


@given(day=st.dates(FIRST, LAST), weekday=weekdays)
def test_next_weekday_is_the_first_later_one(day: date, weekday: Weekday) -> None:
    week = every_day(day + timedelta(days=1), day + timedelta(days=7))

    assert recurrence.next_weekday(day, weekday) == next(d for d in week if d.weekday() == WEEKDAYS.index(weekday))
