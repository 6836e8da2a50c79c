"""Spans by the clock, in office hours and to an hour of an operating day, to the minute."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain import london, office_hours, working_days
from casework.domain.rulebook_base import Within
from tests.factories import rulebook

BOOK = rulebook()
# when the clocks change in London: 1am UTC both times
BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)
FORWARD = datetime(2027, 3, 28, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


def wall(year: int, month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    """An instant by the clock on the wall in London."""
    return datetime(year, month, day, hour, minute, fold=fold, tzinfo=london.ZONE).astimezone(UTC)


def working(start: datetime, minutes: int) -> str:
    """When so many minutes of office time after `start` are over, by the clock on the wall."""
    return f"{london.local(office_hours.after(start, minutes, 'working', BOOK)):%a %d %b %Y %H:%M}"


def due(start: datetime, days: int, at: time = time(17)) -> str:
    return f"{london.local(office_hours.due(start, Within(days=days, at=at), BOOK)):%a %d %b %Y %H:%M}"


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (wall(2026, 12, 1, 8, 59), False),
        (wall(2026, 12, 1, 9), True),
        (wall(2026, 12, 1, 16, 59), True),
        (wall(2026, 12, 1, 17), False),
        (wall(2026, 12, 5, 12), False),  # a Saturday
        (wall(2026, 8, 31, 12), False),  # the August bank holiday
        (wall(2026, 12, 24, 12), True),
        (wall(2026, 12, 29, 12), False),  # in the closure
        (wall(2026, 7, 1, 9), True),  # 8am in UTC
    ],
)
def test_the_office_is_open_from_nine_to_five_of_an_operating_day(moment: datetime, is_open: bool) -> None:
    assert office_hours.is_open(moment, BOOK) is is_open


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (wall(2026, 12, 1, 10), 120, "Tue 01 Dec 2026 12:00"),
        (wall(2026, 12, 1, 16), 60, "Tue 01 Dec 2026 17:00"),  # to the minute of closing is still today
        (wall(2026, 12, 1, 16), 61, "Wed 02 Dec 2026 09:01"),
        (wall(2026, 12, 1, 17), 30, "Wed 02 Dec 2026 09:30"),
        (wall(2026, 12, 1, 2), 30, "Tue 01 Dec 2026 09:30"),
        (wall(2026, 12, 4, 16, 50), 120, "Mon 07 Dec 2026 10:50"),  # over a weekend
        (wall(2026, 12, 5, 12), 30, "Mon 07 Dec 2026 09:30"),  # on a Saturday
        (wall(2026, 8, 28, 16, 50), 120, "Tue 01 Sep 2026 10:50"),  # over a bank holiday Monday
        (wall(2026, 12, 24, 16, 50), 120, "Mon 04 Jan 2027 10:50"),  # over Christmas, the closure and New Year
        (wall(2026, 4, 2, 16, 50), 120, "Tue 07 Apr 2026 10:50"),  # over Easter
        (wall(2026, 12, 1, 9), 3 * 480, "Thu 03 Dec 2026 17:00"),  # three whole days of eight hours
        (wall(2026, 12, 1, 10), 0, "Tue 01 Dec 2026 10:00"),
        (wall(2026, 12, 1, 18), 0, "Wed 02 Dec 2026 09:00"),
    ],
)
def test_office_time_counts_while_the_office_is_open(start: datetime, minutes: int, end: str) -> None:
    assert working(start, minutes) == end


def test_office_time_over_the_end_of_summer_time_loses_and_gains_nothing() -> None:
    assert working(wall(2026, 10, 23, 16, 50), 120) == "Mon 26 Oct 2026 10:50"
    assert office_hours.after(wall(2026, 10, 23, 16, 50), 120, "working", BOOK) == datetime(
        2026, 10, 26, 10, 50, tzinfo=UTC
    )


def test_office_time_over_the_beginning_of_summer_time_loses_and_gains_nothing() -> None:
    # Good Friday is 26 March 2027 and Easter Monday 29 March: the next day open is Tuesday 30 March
    assert office_hours.after(wall(2027, 3, 25, 16, 50), 120, "working", BOOK) == datetime(
        2027, 3, 30, 9, 50, tzinfo=UTC
    )


def test_thirty_minutes_by_the_clock_from_the_hour_that_comes_twice() -> None:
    first = wall(2026, 10, 25, 1, 45)
    second = wall(2026, 10, 25, 1, 45, fold=1)

    assert (first, second) == (BACK - timedelta(minutes=15), BACK + timedelta(minutes=45))
    assert office_hours.after(first, 30, "clock", BOOK) == wall(2026, 10, 25, 1, 15, fold=1)
    assert office_hours.after(second, 30, "clock", BOOK) == wall(2026, 10, 25, 2, 15)


def test_thirty_minutes_by_the_clock_over_the_hour_that_never_was() -> None:
    start = wall(2027, 3, 28, 0, 45)

    assert start == FORWARD - timedelta(minutes=15)
    assert office_hours.after(start, 30, "clock", BOOK) == wall(2027, 3, 28, 2, 15)


def test_a_day_by_the_clock_over_either_change_is_twenty_four_hours() -> None:
    for change in (BACK, FORWARD):
        start = change - timedelta(hours=12)
        assert office_hours.after(start, 24 * 60, "clock", BOOK) == start + timedelta(hours=24)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (wall(2026, 12, 1, 10), 0, "Tue 01 Dec 2026 17:00"),
        (wall(2026, 12, 1, 17), 0, "Wed 02 Dec 2026 17:00"),  # the hour has passed
        (wall(2026, 12, 1, 20), 0, "Wed 02 Dec 2026 17:00"),
        (wall(2026, 12, 1, 10), 1, "Wed 02 Dec 2026 17:00"),
        (wall(2026, 12, 1, 20), 1, "Wed 02 Dec 2026 17:00"),
        (wall(2026, 12, 4, 10), 1, "Mon 07 Dec 2026 17:00"),
        (wall(2026, 12, 4, 23, 59), 1, "Mon 07 Dec 2026 17:00"),
        (wall(2026, 12, 5, 12), 0, "Mon 07 Dec 2026 17:00"),
        (wall(2026, 12, 24, 16, 50), 1, "Mon 04 Jan 2027 17:00"),
        (wall(2026, 12, 1, 10), 5, "Tue 08 Dec 2026 17:00"),
    ],
)
def test_so_many_operating_days_after_the_moments_own_day(start: datetime, days: int, end: str) -> None:
    assert due(start, days) == end


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (wall(2026, 12, 5, 0, 1), "Mon 07 Dec 2026 17:00"),
        (wall(2026, 12, 6, 23), "Mon 07 Dec 2026 17:00"),
        (wall(2026, 12, 28, 12), "Mon 04 Jan 2027 17:00"),
    ],
)
def test_the_first_operating_day_after_a_closed_day_is_the_next_one_open(start: datetime, end: str) -> None:
    assert due(start, 1) == end


@pytest.mark.parametrize("days", [0, 1, 5])
@given(moment=MOMENTS, later=st.timedeltas(timedelta(0), timedelta(days=4)))
def test_what_starts_later_is_never_due_earlier(days: int, moment: datetime, later: timedelta) -> None:
    within = Within(days=days, at=time(17))

    assert office_hours.due(moment, within, BOOK) <= office_hours.due(moment + later, within, BOOK)


@pytest.mark.parametrize("days", [1, 2, 5])
@given(moment=MOMENTS)
def test_a_weekend_costs_no_operating_day(days: int, moment: datetime) -> None:
    """Whoever starts on a closed day is due when they would be who started in the evening of the last day open."""
    day = london.local_date(moment)
    if not working_days.is_operating_day(day, BOOK.calendar):
        before = working_days.operating_day_before(day, BOOK.calendar)
        evening = wall(before.year, before.month, before.day, 23)
        within = Within(days=days, at=time(17))
        assert office_hours.due(moment, within, BOOK) == office_hours.due(evening, within, BOOK)


@given(moment=MOMENTS, minutes=st.integers(1, 3000))
def test_office_time_ends_in_office_hours_and_never_before_it_began(moment: datetime, minutes: int) -> None:
    end = office_hours.after(moment, minutes, "working", BOOK)

    assert end >= moment + timedelta(minutes=minutes)
    assert office_hours.is_open(end - timedelta(seconds=1), BOOK)
    assert end.tzinfo is UTC


@given(moment=MOMENTS, first=st.integers(1, 1000), second=st.integers(1, 1000))
def test_office_time_in_two_parts_is_office_time_in_one(moment: datetime, first: int, second: int) -> None:
    halfway = office_hours.after(moment, first, "working", BOOK)

    assert office_hours.after(halfway, second, "working", BOOK) == office_hours.after(
        moment, first + second, "working", BOOK
    )


@given(moment=MOMENTS, minutes=st.integers(0, 10_000))
def test_minutes_by_the_clock_are_minutes_whatever_the_day(moment: datetime, minutes: int) -> None:
    assert office_hours.due(moment, Within(minutes=minutes + 1), BOOK) == moment + timedelta(minutes=minutes + 1)


@pytest.mark.parametrize(
    ("start", "minutes", "is_beyond"),
    [
        (wall(2026, 12, 1, 10), 30, False),
        (wall(2026, 12, 1, 16, 30), 30, False),
        (wall(2026, 12, 1, 16, 31), 30, True),
        (wall(2026, 12, 1, 17), 30, True),
        (wall(2026, 12, 1, 8, 45), 30, True),
        (wall(2026, 12, 5, 12), 30, True),
        (wall(2026, 12, 24, 16, 50), 30, True),
    ],
)
def test_those_on_call_are_told_where_the_span_leaves_office_hours(
    start: datetime, minutes: int, is_beyond: bool
) -> None:
    assert office_hours.runs_out_of_hours(start, start + timedelta(minutes=minutes), BOOK) is is_beyond
