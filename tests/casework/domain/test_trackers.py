"""Weeks, flags, bands and the order of tracked families, by the default rulebook and its calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain import trackers
from casework.domain.panel_rulebook import Tracked
from casework.domain.trackers import Family, Flag, Flagged, Stage
from tests.factories import rulebook

CALENDAR = rulebook().calendar
OPENED = date(2026, 1, 6)
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def rules(stage: Stage) -> Tracked:
    found = rulebook().panel(stage).tracked
    assert found is not None
    return found


PLO, CARE = rules(Stage.PLO), rules(Stage.CARE)


def plo(
    *,
    id: str = "f1",
    opened_on: date = OPENED,
    letter_on: date | None = OPENED,
    meeting_on: date | None = OPENED,
    review_on: date | None = None,
    unborn_due_on: date | None = None,
) -> Family:
    """A family in pre-proceedings of which nothing is to be flagged on its first day."""
    return Family(
        id=id,
        stage=Stage.PLO,
        opened_on=opened_on,
        letter_on=letter_on,
        meeting_on=meeting_on,
        review_on=review_on,
        unborn_due_on=unborn_due_on,
    )


def care(
    *,
    id: str = "f1",
    opened_on: date = OPENED,
    hearing_on: date | None = None,
    extended_weeks: int = 0,
    has_permanence_plan: bool = True,
) -> Family:
    """A family in proceedings of which nothing is to be flagged on its first day."""
    return Family(
        id=id,
        stage=Stage.CARE,
        opened_on=opened_on,
        hearing_on=hearing_on,
        extended_weeks=extended_weeks,
        has_permanence_plan=has_permanence_plan,
    )


def flags(family: Family, today: date) -> tuple[Flagged, ...]:
    return trackers.flags(family, today, rules(family.stage), CALENDAR)


def band(family: Family, today: date) -> int:
    return trackers.band(family, today, rules(family.stage), CALENDAR)


def in_week(number: int) -> date:
    """The first day of a week counted from OPENED."""
    return OPENED + timedelta(weeks=number - 1)


days_about = st.integers(-250, 250).map(lambda days: OPENED + timedelta(days=days))
maybe = st.none() | days_about


@st.composite
def families(draw: st.DrawFn) -> list[Family]:
    """Families of one stage, each with an id of its own."""
    stage = draw(st.sampled_from(Stage))
    return [
        Family(
            id=f"f{number}",
            stage=stage,
            opened_on=draw(days_about),
            letter_on=draw(maybe),
            meeting_on=draw(maybe),
            hearing_on=draw(maybe),
            review_on=draw(maybe),
            unborn_due_on=draw(maybe),
            extended_weeks=draw(st.integers(0, 32)),
            has_permanence_plan=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 8)))
    ]


@pytest.mark.parametrize(("days", "number"), [(0, 1), (6, 1), (7, 2), (13, 2), (105, 16), (111, 16), (112, 17)])
def test_week_is_1_for_the_first_seven_days(days: int, number: int) -> None:
    assert trackers.week(plo(), OPENED + timedelta(days=days)) == number


def test_week_before_the_opening_is_1() -> None:
    assert trackers.week(plo(), OPENED - timedelta(days=30)) == 1


def test_week_changes_seven_days_on_across_the_spring_clock_change() -> None:
    family = plo(opened_on=date(2026, 3, 24))

    found = [trackers.week(family, date(2026, 3, day)) for day in (28, 29, 30, 31)]

    assert found == [1, 1, 1, 2]


def test_week_changes_seven_days_on_across_the_autumn_clock_change() -> None:
    family = plo(opened_on=date(2026, 10, 20))

    found = [trackers.week(family, date(2026, 10, day)) for day in (24, 25, 26, 27)]

    assert found == [1, 1, 1, 2]


def test_week_counts_the_leap_day() -> None:
    family = plo(opened_on=date(2028, 2, 23))

    found = [trackers.week(family, day) for day in (date(2028, 2, 29), date(2028, 3, 1))]

    assert found == [1, 2]


def test_week_runs_on_through_iso_week_53() -> None:
    family = plo(opened_on=date(2026, 12, 22))

    found = [trackers.week(family, date(2026, 12, 22) + timedelta(weeks=number)) for number in range(4)]

    assert date(2026, 12, 29).isocalendar().week == 53
    assert found == [1, 2, 3, 4]


def test_limit_is_16_weeks_of_pre_proceedings_and_26_of_proceedings_with_their_extensions() -> None:
    families = (plo(), care(), care(extended_weeks=8))

    assert [trackers.limit_weeks(one, rules(one.stage)) for one in families] == [16, 26, 34]


def test_a_family_on_its_first_day_has_no_flags() -> None:
    assert [flags(one, OPENED) for one in (plo(), care())] == [(), ()]


@pytest.mark.parametrize(
    ("number", "flagged"), [(5, None), (6, 6), (9, 6), (10, 10), (13, 10), (14, 14), (15, 14), (16, 16)]
)
def test_pre_proceedings_are_flagged_at_the_highest_week_reached(number: int, flagged: int | None) -> None:
    expected = () if flagged is None else (Flagged(flag=Flag.WEEK, number=flagged),)

    assert flags(plo(), in_week(number)) == expected


@pytest.mark.parametrize(
    ("number", "flagged"), [(11, None), (12, 12), (19, 12), (20, 20), (23, 20), (24, 24), (25, 24), (26, 26)]
)
def test_proceedings_are_flagged_at_the_highest_week_reached(number: int, flagged: int | None) -> None:
    expected = () if flagged is None else (Flagged(flag=Flag.WEEK, number=flagged),)

    assert flags(care(), in_week(number)) == expected


@pytest.mark.parametrize(
    ("family", "last_on"),
    [
        (plo(), date(2026, 4, 27)),
        (care(), date(2026, 7, 6)),
        (care(extended_weeks=8), date(2026, 8, 31)),
        (care(opened_on=date(2028, 1, 4)), date(2028, 7, 3)),
    ],
    ids=["plo", "care", "extended", "leap_day"],
)
def test_limit_begins_with_the_day_of_opening_so_the_day_after_the_last_week_is_over(
    family: Family, last_on: date
) -> None:
    of_stage = rules(family.stage)
    after = last_on + timedelta(days=1)

    assert trackers.last_day(family, of_stage) == last_on
    assert [trackers.days_left(family, day, of_stage) for day in (last_on, after)] == [0, -1]
    assert [trackers.week(family, day) for day in (last_on, after)] == [
        trackers.limit_weeks(family, of_stage),
        trackers.limit_weeks(family, of_stage) + 1,
    ]
    assert flags(family, after) == (Flagged(flag=Flag.OVER, number=1),)


@given(tracked=families(), days=st.integers(-3, 3))
def test_a_family_is_over_its_limit_exactly_when_its_week_is(tracked: list[Family], days: int) -> None:
    for family in tracked:
        of_stage = rules(family.stage)
        limit = trackers.limit_weeks(family, of_stage)
        today = family.opened_on + timedelta(weeks=limit, days=days)

        found = {said.flag for said in flags(family, today)}

        assert (Flag.OVER in found) is (trackers.week(family, today) > limit)


@pytest.mark.parametrize(("number", "over"), [(17, 1), (18, 2), (30, 14)])
def test_over_the_limit_replaces_the_week(number: int, over: int) -> None:
    assert flags(plo(), in_week(number)) == (Flagged(flag=Flag.OVER, number=over),)


def test_an_extension_moves_the_limit_of_proceedings() -> None:
    family = care(extended_weeks=8)

    assert flags(family, in_week(28)) == (Flagged(flag=Flag.WEEK, number=26),)
    assert flags(family, in_week(36)) == (Flagged(flag=Flag.OVER, number=2),)


def test_letter_is_late_from_the_sixth_day() -> None:
    family = plo(letter_on=None, meeting_on=None)

    found = [flags(family, OPENED + timedelta(days=days)) for days in (5, 6)]

    assert found == [(), (Flagged(flag=Flag.LETTER_LATE, on=date(2026, 1, 11)),)]


def test_letter_days_are_calendar_days_at_easter() -> None:
    family = plo(opened_on=date(2026, 4, 1), letter_on=None, meeting_on=None)

    found = [flags(family, date(2026, 4, day)) for day in (6, 7)]

    assert found == [(), (Flagged(flag=Flag.LETTER_LATE, on=date(2026, 4, 6)),)]


def test_letter_that_was_sent_is_not_late_whenever() -> None:
    assert flags(plo(letter_on=date(2026, 1, 30)), date(2026, 2, 3)) == ()


@pytest.mark.parametrize(
    ("letter_on", "due_on"),
    [
        (date(2026, 1, 8), date(2026, 1, 19)),
        # Good Friday 3 April and Easter Monday 6 April don't count
        (date(2026, 4, 1), date(2026, 4, 14)),
        # Christmas Day, the substitute for Boxing Day and New Year don't count; the council's closure does
        (date(2026, 12, 22), date(2027, 1, 5)),
        # the leap day counts, a Tuesday
        (date(2028, 2, 24), date(2028, 3, 6)),
    ],
    ids=["plain", "easter", "christmas", "leap_day"],
)
def test_meeting_is_late_after_seven_statutory_working_days(letter_on: date, due_on: date) -> None:
    family = plo(opened_on=letter_on, letter_on=letter_on, meeting_on=None)

    found = [flags(family, due_on + timedelta(days=days)) for days in (0, 1)]

    assert found == [(), (Flagged(flag=Flag.MEETING_LATE, on=due_on),)]


def test_meeting_is_not_late_while_no_letter_was_sent() -> None:
    family = plo(letter_on=None, meeting_on=None)

    assert [one.flag for one in flags(family, in_week(5))] == [Flag.LETTER_LATE]


def test_letter_and_meeting_are_not_asked_of_proceedings() -> None:
    assert flags(care(), in_week(5)) == ()


def test_review_is_late_from_the_day_after() -> None:
    family = plo(review_on=date(2026, 1, 20))

    found = [flags(family, date(2026, 1, day)) for day in (20, 21)]

    assert found == [(), (Flagged(flag=Flag.REVIEW_LATE, on=date(2026, 1, 20)),)]


@pytest.mark.parametrize(
    ("today", "last_on"),
    [
        (date(2026, 1, 12), date(2026, 1, 26)),
        (date(2026, 3, 30), date(2026, 4, 15)),
        # the closure from 27 to 31 December is not counted for hearings
        (date(2026, 12, 18), date(2027, 1, 11)),
    ],
    ids=["plain", "easter", "christmas"],
)
def test_hearing_is_soon_within_ten_working_days(today: date, last_on: date) -> None:
    opened_on = today - timedelta(days=7)

    found = [
        flags(care(opened_on=opened_on, hearing_on=on), today) for on in (today, last_on, last_on + timedelta(days=1))
    ]

    assert found == [
        (Flagged(flag=Flag.HEARING_SOON, on=today),),
        (Flagged(flag=Flag.HEARING_SOON, on=last_on),),
        (),
    ]


def test_hearing_that_has_passed_asks_for_a_new_date() -> None:
    family = care(hearing_on=date(2026, 1, 20))

    assert flags(family, date(2026, 1, 21)) == (Flagged(flag=Flag.HEARING_PASSED, on=date(2026, 1, 20)),)


def test_unborn_is_soon_within_twelve_weeks_and_passed_from_the_day_after() -> None:
    due_on = OPENED + timedelta(weeks=14)
    family = plo(unborn_due_on=due_on)
    before = due_on - timedelta(weeks=12)

    found = [
        tuple(one for one in flags(family, day) if one.flag is not Flag.WEEK)
        for day in (before - timedelta(days=1), before, due_on, due_on + timedelta(days=1))
    ]

    assert found == [
        (),
        (Flagged(flag=Flag.UNBORN_SOON, on=due_on),),
        (Flagged(flag=Flag.UNBORN_SOON, on=due_on),),
        (Flagged(flag=Flag.UNBORN_PASSED, on=due_on),),
    ]


def test_permanence_plan_is_asked_for_from_week_20_of_proceedings() -> None:
    family = care(has_permanence_plan=False)

    found = [[one.flag for one in flags(family, in_week(number))] for number in (19, 20)]

    assert found == [[Flag.WEEK], [Flag.NO_PLAN, Flag.WEEK]]


def test_flags_stand_worst_first() -> None:
    in_proceedings = care(hearing_on=in_week(29), has_permanence_plan=False)
    before = plo(letter_on=None, meeting_on=None, review_on=in_week(3), unborn_due_on=in_week(20))

    found = [[one.flag for one in flags(one, in_week(28))] for one in (in_proceedings, before)]

    assert found == [
        [Flag.OVER, Flag.HEARING_SOON, Flag.NO_PLAN],
        [Flag.OVER, Flag.LETTER_LATE, Flag.REVIEW_LATE, Flag.UNBORN_PASSED],
    ]


@pytest.mark.parametrize(
    ("family", "number"),
    [
        (plo(opened_on=OPENED - timedelta(weeks=13)), 1),
        (plo(opened_on=OPENED - timedelta(weeks=13, days=-1)), 4),
        (plo(review_on=OPENED - timedelta(days=1)), 2),
        (plo(review_on=OPENED), 4),
        (plo(unborn_due_on=OPENED + timedelta(weeks=12)), 3),
        (plo(unborn_due_on=OPENED - timedelta(days=1)), 3),
        (plo(unborn_due_on=OPENED + timedelta(weeks=12, days=1)), 4),
        (care(hearing_on=OPENED), 1),
        (care(hearing_on=OPENED - timedelta(days=1)), 1),
        (care(opened_on=OPENED - timedelta(weeks=19)), 2),
        (care(opened_on=OPENED - timedelta(weeks=19, days=-1)), 4),
        (care(has_permanence_plan=False), 3),
        (care(hearing_on=OPENED + timedelta(weeks=8)), 4),
    ],
)
def test_band_is_the_first_that_holds(family: Family, number: int) -> None:
    assert band(family, OPENED) == number


@pytest.mark.parametrize(("review_on", "is_due"), [(None, True), (OPENED, True), (OPENED + timedelta(days=1), False)])
def test_family_is_due_every_cycle_or_from_its_review_day(review_on: date | None, is_due: bool) -> None:
    assert trackers.is_due(plo(review_on=review_on), OPENED) is is_due


def test_order_is_band_then_days_left_then_the_longest_tracked_then_id() -> None:
    late = plo(id="late", opened_on=OPENED - timedelta(weeks=14))
    overdue = plo(id="overdue", review_on=OPENED - timedelta(days=1))
    unborn = plo(id="unborn", unborn_due_on=OPENED)
    older = plo(id="older", opened_on=OPENED - timedelta(days=1))
    twins = (plo(id="a"), plo(id="b"))
    not_due = plo(id="not_due", review_on=OPENED + timedelta(days=1))

    found = trackers.in_order([*reversed(twins), not_due, older, unborn, overdue, late], OPENED, PLO, CALENDAR)

    assert [one.id for one in found] == ["late", "overdue", "unborn", "older", "a", "b"]


def test_of_two_with_as_many_days_left_the_longer_tracked_comes_first() -> None:
    longer = care(id="b", opened_on=OPENED - timedelta(weeks=1), extended_weeks=1)
    shorter = care(id="a")

    found = trackers.in_order([shorter, longer], OPENED, CARE, CALENDAR)

    assert [one.id for one in found] == ["b", "a"]


def test_an_extension_puts_a_family_behind_another_of_its_band() -> None:
    extended = care(id="a", opened_on=OPENED - timedelta(days=1), extended_weeks=8)
    plain = care(id="b")

    found = trackers.in_order([extended, plain], OPENED, CARE, CALENDAR)

    assert [one.id for one in found] == ["b", "a"]


@given(tracked=families(), sitting_on=days_about)
def test_no_family_that_is_due_is_omitted_and_none_that_is_not_is_there(
    tracked: list[Family], sitting_on: date
) -> None:
    found = trackers.in_order(tracked, sitting_on, rules(tracked[0].stage), CALENDAR)

    assert sorted(one.id for one in found) == [
        one.id for one in tracked if one.review_on is None or one.review_on <= sitting_on
    ]


@given(tracked=families(), sitting_on=days_about, data=st.data())
def test_order_is_total_whatever_the_order_they_come_in(
    tracked: list[Family], sitting_on: date, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(tracked))
    of_stage = rules(tracked[0].stage)

    assert trackers.in_order(shuffled, sitting_on, of_stage, CALENDAR) == trackers.in_order(
        tracked, sitting_on, of_stage, CALENDAR
    )


@given(tracked=families(), sitting_on=days_about)
def test_bands_never_fall_along_the_order(tracked: list[Family], sitting_on: date) -> None:
    found = trackers.in_order(tracked, sitting_on, rules(tracked[0].stage), CALENDAR)

    bands = [band(one, sitting_on) for one in found]

    assert bands == sorted(bands)
    assert set(bands) <= {1, 2, 3, 4}


@given(opened_on=DAYS, today=DAYS)
def test_week_never_decreases_and_rises_by_one_in_seven_days(opened_on: date, today: date) -> None:
    family = plo(opened_on=opened_on)
    start = max(opened_on, today)

    found = [trackers.week(family, start + timedelta(days=days)) for days in range(8)]

    assert found == sorted(found)
    assert found[7] == found[0] + 1


@given(tracked=families(), today=days_about)
def test_each_flag_is_said_once(tracked: list[Family], today: date) -> None:
    for family in tracked:
        found = [one.flag for one in flags(family, today)]

        assert len(found) == len(set(found))


def test_an_extension_to_a_day_ends_on_that_day_and_a_week_begun_counts() -> None:
    family = replace(care(), until_on=OPENED + timedelta(weeks=28, days=2))

    assert trackers.last_day(family, rules(Stage.CARE)) == OPENED + timedelta(weeks=28, days=2)
    assert trackers.limit_weeks(family, rules(Stage.CARE)) == 29
    assert trackers.days_left(family, OPENED + timedelta(weeks=28), rules(Stage.CARE)) == 2
