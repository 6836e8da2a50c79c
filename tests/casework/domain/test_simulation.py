"""Requests replayed by hand-worked cases: who is heard when, what one sitting, slot or day more or less does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain import rule_change, simulation
from casework.domain.panel_rulebook import Before, OnHoliday
from casework.domain.rule_change import Number
from casework.domain.rulebook import Rulebook
from casework.domain.simulation import Asked, Outcome, Placed
from tests.factories import rulebook

BOOK = rulebook()
# Mondays 2, 9, 16 and 23 November 2026; Housing Pathways on the 2nd only (every 4th week from 26 January)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 29)


def at(day: int, hour: int = 9, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def asked(
    when: datetime, panel: str = "LGP", *, band: int = 5, papers: datetime | None = None, minutes: int = 0
) -> Asked:
    return Asked(panel=panel, band=band, asked_on=when, papers_ready_at=papers, minutes=minutes)


def days(placed: Iterable[Placed]) -> list[date | None]:
    return [one.sitting.starts_at.date() if one.sitting else None for one in placed]


def placed_in(
    requests: Iterable[Asked], book: Rulebook = BOOK, first: date = FIRST, last: date = LAST
) -> tuple[Placed, ...]:
    return simulation.place(requests, book, simulation.sittings_of(book, first, last))


def outcome(requests: Iterable[Asked], panel: str = "LGP", book: Rulebook = BOOK) -> Outcome:
    return simulation.replay(requests, book, FIRST, LAST)[panel]


def test_a_request_goes_to_the_soonest_sitting_whose_cut_off_lies_ahead() -> None:
    # papers for Wednesday 11 November are due on Friday the 6th at 12:00
    found = placed_in([asked(at(6, 11)), asked(at(6, 12)), asked(at(6, 13))])

    assert days(found) == [date(2026, 11, 11), date(2026, 11, 18), date(2026, 11, 18)]


def test_one_outcome_says_everything() -> None:
    # four slots on Wednesday 11 November (the fifth is held): the fifth request waits a week longer
    requests = [asked(at(2, hour)) for hour in (9, 10, 11, 12, 13)] + [asked(at(27))]

    found = outcome(requests)

    assert found == Outcome(
        panel="LGP",
        items=6,
        heard=5,
        # asked for on Monday the 2nd: the 4th is past its cut-off, the 11th is 7 working days on, the 18th 12
        wait_median=7,
        wait_ninety=12,
        wait_worst=12,
        overflow=1,
        unheard=1,
        late=0,
        papers_known=0,
        sittings=4,
        unsettled=0,
        places=16,
        taken=5,
    )
    assert found.use == 5 / 16


def test_nobody_asks_and_nothing_is_heard() -> None:
    found = outcome([])

    assert (found.items, found.heard, found.wait_median, found.wait_worst, found.use) == (0, 0, None, None, 0)


def test_dropping_a_sitting_moves_everybody_on_by_a_week() -> None:
    requests = [asked(at(2, hour)) for hour in (9, 10, 11)]
    changed = rule_change.without_sitting(BOOK, "LGP", date(2026, 11, 11))

    before, after = outcome(requests), outcome(requests, book=changed)

    assert days(placed_in(requests, changed)) == [date(2026, 11, 18)] * 3
    assert (before.wait_median, after.wait_median) == (7, 12)
    assert (before.sittings, after.sittings) == (4, 3)
    assert (before.overflow, after.overflow) == (0, 0)


def test_two_more_slots_end_the_overflow() -> None:
    requests = [asked(at(2, hour)) for hour in range(9, 15)]
    changed = rule_change.with_slots(BOOK, "LGP", Number(2, is_step=True))

    before, after = outcome(requests), outcome(requests, book=changed)

    assert (before.overflow, after.overflow) == (2, 0)
    assert (before.wait_worst, after.wait_worst) == (12, 7)
    assert (before.places, after.places) == (16, 24)


def test_a_cut_off_a_day_earlier_makes_three_items_late() -> None:
    # ready on Friday the 6th at 10:00: in time for the 11th by the rule, a day late by the other
    requests = [asked(at(2, hour), papers=at(6, 10)) for hour in (9, 10, 11)] + [asked(at(2, 12), papers=at(5, 10))]
    changed = rule_change.with_cut_off(BOOK, "LGP", Number(1, is_step=True))

    before, after = outcome(requests), outcome(requests, book=changed)

    assert (before.late, after.late) == (0, 3)
    assert (before.papers_known, after.papers_known) == (4, 4)


def test_papers_ready_at_the_cut_off_itself_are_in_time() -> None:
    requests = [asked(at(2), papers=at(6, 12)), asked(at(2), papers=at(6, 12) + timedelta(microseconds=1))]

    assert outcome(requests).late == 1


def test_who_asks_at_the_same_moment_goes_by_band() -> None:
    requests = [asked(at(2), band=band) for band in (5, 4, 3, 2, 1)]

    found = placed_in(requests)

    assert [(one.asked.band, day) for one, day in zip(found, days(found), strict=True)] == [
        (1, date(2026, 11, 11)),
        (2, date(2026, 11, 11)),
        (3, date(2026, 11, 11)),
        (4, date(2026, 11, 11)),
        (5, date(2026, 11, 18)),
    ]


def test_minutes_count_and_a_longer_item_leaves_room_for_fewer() -> None:
    # 150 minutes, of which the held slot keeps 30: 60 and 60, and the next goes a week on
    requests = [asked(at(2, 9), minutes=60), asked(at(2, 10), minutes=60), asked(at(2, 11))]

    assert days(placed_in(requests)) == [date(2026, 11, 11), date(2026, 11, 11), date(2026, 11, 18)]


def test_an_item_longer_than_any_sitting_is_never_heard() -> None:
    found = outcome([asked(at(2), minutes=200)])

    assert (found.heard, found.unheard, found.overflow) == (0, 1, 1)


def test_housing_pathways_is_heard_only_where_it_is_incorporated() -> None:
    last = date(2026, 12, 6)
    requests = [asked(at(2), "HP"), asked(at(2), "ARP")]

    found = placed_in(requests, last=last)
    figures = simulation.replay(requests, BOOK, FIRST, last)

    assert days(found) == [date(2026, 11, 30), date(2026, 11, 9)]
    assert (figures["HP"].sittings, figures["ARP"].sittings) == (2, 5)


def test_leaving_out_housing_pathways_leaves_its_host_s_sitting() -> None:
    changed = rule_change.without_sitting(BOOK, "HP", date(2026, 11, 30))

    figures = simulation.replay([asked(at(2), "HP")], changed, FIRST, date(2026, 12, 6))

    assert (figures["HP"].unheard, figures["HP"].sittings, figures["ARP"].sittings) == (1, 1, 5)


def with_release(days_before: int) -> Rulebook:
    """Housing Pathways gives back its share so many days before; papers are due three days before."""
    release = Before.model_validate({"days_before": days_before, "at": "12:00"})
    panels = tuple(
        one.model_copy(update={"share_release": release}) if one.code == "HP" else one for one in BOOK.panels
    )
    return BOOK.model_copy(update={"panels": panels})


def test_a_freed_place_goes_by_band_then_by_waiting() -> None:
    # one sitting, with Housing Pathways: 10 slots, 1 held as urgent, 4 for HP, so 5 for the others
    first, last = date(2026, 11, 30), date(2026, 11, 30)
    full = [asked(at(2, 9), "ARP", band=5)] * 5
    line = [asked(at(3, 9), "ARP", band=5), asked(at(3, 10), "ARP", band=5), asked(at(3, 11), "ARP", band=1)]
    guests = [asked(at(4, 9), "HP", band=1)] * 2

    found = placed_in([*full, *line, *guests], with_release(5), first, last)

    heard = Counter((one.asked.band, one.asked.asked_on.hour, one.sitting is not None) for one in found[5:8])
    assert heard == {(5, 9, True): 1, (5, 10, False): 1, (1, 11, True): 1}
    assert [one.was_pushed_on for one in found[5:8]] == [False, True, False]
    assert [one.sitting is not None for one in found[8:]] == [True, True]


def test_a_place_freed_goes_to_nobody_who_asked_after_the_cut_off() -> None:
    # papers for Monday the 30th are due on Wednesday the 25th at 12:00, the share is given back on Thursday
    first, last = date(2026, 11, 30), date(2026, 11, 30)
    full = [asked(at(2, 9), "ARP")] * 5

    found = placed_in([*full, asked(at(25, 13), "ARP"), asked(at(25, 11), "ARP")], first=first, last=last)

    assert days(found)[5:] == [date(2026, 11, 30), None]


def test_one_freed_place_is_enough_for_one() -> None:
    # Mondays 2 and 30 November with Housing Pathways, each giving its 4 places back while papers can still come
    mondays = [one for one in simulation.sittings_of(with_release(5), FIRST, date(2026, 11, 30)) if one.hears("HP")]
    full = [asked(at(12, 9, month=10), "ARP")] * 10
    line = [asked(at(13, 9, month=10), "ARP")] * 5

    found = simulation.place([*full, *line], with_release(5), mondays)

    assert Counter(days(found)) == {date(2026, 11, 2): 5 + 4, date(2026, 11, 30): 5 + 1}


def test_a_sitting_moved_back_into_the_span_counts() -> None:
    rule = OnHoliday.model_validate({"kind": "previous_working_day"})
    panels = tuple(one.model_copy(update={"on_holiday": rule}) if one.code == "ARP" else one for one in BOOK.panels)
    thursday = date(2026, 4, 2)

    found = simulation.sittings_of(BOOK.model_copy(update={"panels": panels}), thursday, thursday)

    assert [one.original_on for one in found if one.panel == "ARP"] == [date(2026, 4, 6)]


def test_easter_monday_is_heard_on_the_tuesday_and_no_working_day() -> None:
    # asked for on Thursday 26 March 2026, the 30th past its cut-off: Tuesday 7 April instead of Easter Monday
    [found] = placed_in([asked(at(26, 13, month=3), "ARP")], first=date(2026, 3, 23), last=date(2026, 4, 12))

    assert days([found]) == [date(2026, 4, 7)]
    # 27, 30, 31 March; 1, 2 April; the 3rd and the 6th are closed; 7 April
    assert simulation.waited(found, BOOK.calendar) == 6


def test_december_is_waited_through_in_working_days_and_a_closed_wednesday_hears_nobody() -> None:
    # Legal Gateway on 23 December 2026, none on the 30th (closed, nobody has settled it), then 6 January
    requests = [asked(at(16, 9, month=12)), asked(at(21, 13, month=12))]
    first, last = date(2026, 12, 1), date(2027, 1, 31)

    found = placed_in(requests, first=first, last=last)
    figures = simulation.replay(requests, BOOK, first, last)["LGP"]

    assert days(found) == [date(2026, 12, 23), date(2027, 1, 6)]
    # 22, 23, 24 December; 25 to 31 December and 1 January are closed; 4, 5, 6 January
    assert [simulation.waited(one, BOOK.calendar) for one in found] == [5, 6]
    assert figures.unsettled == 1


def test_the_last_wednesday_of_december_is_the_third() -> None:
    [found] = placed_in([asked(at(1, 9, month=12), "BCBV")], first=date(2026, 12, 1), last=date(2026, 12, 31))

    assert days([found]) == [date(2026, 12, 16)]


def test_fortnights_run_on_through_week_53() -> None:
    # 2026 has 53 weeks: PLO sits on 22 December and, counted on, 5 January; parity of weeks would say otherwise
    requests = [asked(at(10, 9, month=12), "PLO"), asked(at(18, 9, month=12), "PLO")]

    found = placed_in(requests, first=date(2026, 12, 8), last=date(2027, 1, 10))

    assert days(found) == [date(2026, 12, 22), date(2027, 1, 5)]


def test_a_sitting_moved_into_the_span_counts_and_one_moved_out_does_not() -> None:
    easter = date(2026, 4, 6)
    tuesday = easter + timedelta(days=1)

    moved_in = [one for one in simulation.sittings_of(BOOK, tuesday, tuesday) if one.panel == "ARP"]
    moved_out = [one for one in simulation.sittings_of(BOOK, easter, easter) if one.panel == "ARP"]

    assert [one.original_on for one in moved_in] == [easter]
    assert moved_out == []


def test_clocks_going_back_move_no_cut_off() -> None:
    # Wednesday 28 October 2026: papers by Friday the 23rd 12:00 in London, which is still 11:00 UTC
    first, last = date(2026, 10, 28), date(2026, 10, 28)

    found = placed_in([asked(at(23, 10, month=10)), asked(at(23, 11, month=10))], first=first, last=last)

    assert days(found) == [date(2026, 10, 28), None]


def test_a_panel_no_rulebook_knows_hears_nobody() -> None:
    found = outcome([asked(at(2), "GONE")], "GONE")

    assert (found.items, found.heard, found.unheard, found.overflow, found.use) == (1, 0, 1, 0, None)


def test_nobody_is_sent_back_to_a_sitting_that_has_begun() -> None:
    # a rule that takes papers in the evening of the day itself
    after = Before.model_validate({"days_before": 0, "at": "18:00"})
    panels = tuple(one.model_copy(update={"papers": after}) if one.code == "LGP" else one for one in BOOK.panels)
    late = BOOK.model_copy(update={"panels": panels})

    assert days(placed_in([asked(at(11, 9)), asked(at(11, 10))], late)) == [date(2026, 11, 11), date(2026, 11, 18)]


@pytest.mark.parametrize(("count", "ninety"), [(1, 1), (9, 9), (10, 9), (11, 10), (20, 18)])
def test_nine_in_ten_is_by_nearest_rank(count: int, ninety: int) -> None:
    # one item a working day before Thursday 31 December, each waiting one working day longer
    waits = range(1, count + 1)
    sitting = simulation.sittings_of(BOOK, date(2026, 11, 25), date(2026, 11, 25))[0]
    line = [Placed(asked(working_days_before(wait)), sitting, sitting) for wait in waits]

    found = simulation._outcome("LGP", line, [sitting], taken={}, unsettled=0, calendar=BOOK.calendar)

    assert (found.wait_ninety, found.wait_worst) == (ninety, count)


def working_days_before(count: int) -> datetime:
    """So many weekdays before Wednesday 25 November 2026; none is closed."""
    day = date(2026, 11, 25)
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


PANELS = tuple(panel.code for panel in BOOK.panels)
requests_ = st.lists(
    st.builds(
        Asked,
        panel=st.sampled_from(PANELS),
        band=st.integers(1, 9),
        asked_on=st.integers(0, 28 * 24).map(lambda hours: at(1, 0) + timedelta(hours=hours)),
        papers_ready_at=st.none() | st.integers(0, 28 * 24).map(lambda hours: at(1, 0) + timedelta(hours=hours)),
        minutes=st.sampled_from((0, 10, 15, 30, 45, 200)),
    ),
    max_size=60,
)
plain = st.lists(
    st.builds(
        Asked,
        panel=st.just("LGP"),
        band=st.integers(1, 9),
        asked_on=st.integers(0, 28 * 6).map(lambda quarter: at(1, 0) + timedelta(hours=4 * quarter)),
    ),
    max_size=40,
)


@given(requests=requests_)
def test_heard_and_unheard_are_all_and_late_and_overflow_are_some(requests: list[Asked]) -> None:
    found = simulation.replay(requests, BOOK, FIRST, LAST)

    assert {code: one.items for code, one in found.items()} == {
        code: sum(one.panel == code for one in requests) for code in PANELS
    }
    for one in found.values():
        assert one.heard + one.unheard == one.items
        assert one.late <= one.papers_known <= one.heard
        assert one.overflow <= one.items
        assert one.taken <= one.places


@given(requests=requests_, days_before=st.integers(1, 8))
def test_capacity_and_minutes_are_never_exceeded(requests: list[Asked], days_before: int) -> None:
    book = with_release(days_before)
    sittings = {one.id: one for one in simulation.sittings_of(book, FIRST, LAST)}

    found = placed_in(requests, book)

    slots: Counter[str] = Counter()
    minutes: Counter[str] = Counter()
    for one in found:
        if one.sitting is not None:
            assert one.sitting.hears(one.asked.panel)
            assert one.sitting.papers_due_at > one.asked.asked_on
            slots[one.sitting.id] += 1
            minutes[one.sitting.id] += one.asked.minutes or one.sitting.slot_minutes
    for id, sitting in sittings.items():
        assert slots[id] <= sitting.slots - sitting.urgent_slots
        assert minutes[id] <= sitting.minutes - sitting.urgent_slots * sitting.slot_minutes


@given(requests=plain, more=st.integers(1, 6))
def test_with_more_slots_nobody_waits_longer(requests: list[Asked], more: int) -> None:
    changed = rule_change.with_slots(BOOK, "LGP", Number(more, is_step=True))
    never = datetime.max.replace(tzinfo=UTC)

    before, after = placed_in(requests), placed_in(requests, changed)

    assert [one.asked for one in before] == [one.asked for one in after]
    for one, other in zip(before, after, strict=True):
        soonest = one.sitting.starts_at if one.sitting else never
        assert (other.sitting.starts_at if other.sitting else never) <= soonest
    assert outcome(requests, book=changed).heard >= outcome(requests).heard
