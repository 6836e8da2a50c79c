"""The founding document's seven panels as dates: holidays, closures, clock changes, week 53."""

from __future__ import annotations

from datetime import date, time

import pytest

from casework.domain.panel_rulebook import OnHoliday
from casework.domain.rulebook import HolidayOverride, Rulebook
from casework.domain.sitting_calendar import Occurrence, occurrences
from casework.rulebook import reader


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return reader.read(None)


def only(book: Rulebook, panel: str, day: date) -> Occurrence:
    found = [one for one in occurrences(book, day, day) if one.panel == panel]
    assert len(found) == 1
    return found[0]


def with_rule(book: Rulebook, panel: str, kind: str) -> Rulebook:
    rule = OnHoliday.model_validate({"kind": kind})
    panels = tuple(one.model_copy(update={"on_holiday": rule}) if one.code == panel else one for one in book.panels)
    return book.model_copy(update={"panels": panels})


def test_an_ordinary_monday_is_planned_with_papers_on_the_wednesday_before(book: Rulebook) -> None:
    found = only(book, "ARP", date(2026, 4, 13))

    assert (found.status, found.reason) == ("planned", None)
    assert found.starts_at.isoformat() == "2026-04-13T14:00:00+01:00"
    assert found.papers_due_at.isoformat() == "2026-04-08T12:00:00+01:00"


def test_access_to_resources_moves_from_easter_monday_to_tuesday_morning(book: Rulebook) -> None:
    found = only(book, "ARP", date(2026, 4, 6))

    assert (found.status, found.on, found.start, found.end) == ("moved", date(2026, 4, 7), time(9, 30), time(12))
    assert found.reason == "Moved from Monday 6 April 2026: Easter Monday"
    assert found.papers_due_at.isoformat() == "2026-03-31T12:00:00+01:00"


def test_permanency_papers_count_back_over_easter(book: Rulebook) -> None:
    found = only(book, "PERM", date(2026, 4, 16))

    assert found.papers_due_at.isoformat() == "2026-04-09T12:00:00+01:00"


def test_papers_five_operating_days_before_cross_good_friday_and_easter_monday(book: Rulebook) -> None:
    found = only(book, "BCBV", date(2027, 3, 31))

    assert found.papers_due_at.isoformat() == "2027-03-22T12:00:00+00:00"


@pytest.mark.parametrize("day", [date(2026, 12, 28), date(2027, 12, 27), date(2028, 12, 25)])
def test_housing_pathways_on_a_closed_december_monday_and_tuesday_asks(book: Rulebook, day: date) -> None:
    found = only(book, "ARP", day)

    assert (found.status, found.on, found.start, found.incorporates) == ("ask", day, time(14), ("HP",))


def test_housing_pathways_moves_with_its_host(book: Rulebook) -> None:
    found = only(book, "ARP", date(2028, 4, 17))

    assert (found.status, found.on, found.incorporates) == ("moved", date(2028, 4, 18), ("HP",))


def test_housing_pathways_is_every_28_days_from_its_anchor(book: Rulebook) -> None:
    found = [one.original_on for one in occurrences(book, date(2026, 1, 1), date(2026, 6, 30)) if one.incorporates]

    assert found == [
        date(2026, 1, 26),
        date(2026, 2, 23),
        date(2026, 3, 23),
        date(2026, 4, 20),
        date(2026, 5, 18),
        date(2026, 6, 15),
    ]


@pytest.mark.parametrize("year", [2024, 2026, 2029, 2030])
def test_best_care_sits_once_in_december_on_the_third_wednesday(book: Rulebook, year: int) -> None:
    found = [one for one in occurrences(book, date(year, 12, 1), date(year, 12, 31)) if one.panel == "BCBV"]

    assert [(one.status, one.on.weekday(), 15 <= one.on.day <= 21) for one in found] == [("planned", 2, True)]


def test_best_care_takes_the_fifth_wednesday_where_there_is_one(book: Rulebook) -> None:
    found = [one.on for one in occurrences(book, date(2026, 9, 1), date(2026, 10, 31)) if one.panel == "BCBV"]

    assert found == [date(2026, 9, 30), date(2026, 10, 28)]


def test_tuesdays_go_on_alternating_in_the_year_after_week_53(book: Rulebook) -> None:
    found = [
        (one.panel, one.original_on)
        for one in occurrences(book, date(2026, 12, 15), date(2027, 1, 12))
        if one.panel in ("PLO", "CARE")
    ]

    assert found == [
        ("CARE", date(2026, 12, 15)),
        ("PLO", date(2026, 12, 22)),
        ("CARE", date(2026, 12, 29)),
        ("PLO", date(2027, 1, 5)),
        ("CARE", date(2027, 1, 12)),
    ]


def test_a_closure_day_counts_like_a_holiday(book: Rulebook) -> None:
    found = only(book, "CARE", date(2026, 12, 29))

    assert (found.status, found.on) == ("ask", date(2026, 12, 29))
    assert found.reason == "Closed: the council's Christmas closure: the coordinator decides"


@pytest.mark.parametrize(("day", "offset"), [(date(2026, 10, 19), "+01:00"), (date(2026, 10, 26), "+00:00")])
def test_two_o_clock_stays_two_o_clock_over_the_clock_change(book: Rulebook, day: date, offset: str) -> None:
    assert only(book, "ARP", day).starts_at.isoformat() == f"{day.isoformat()}T14:00:00{offset}"


def test_years_past_the_published_list_say_projected(book: Rulebook) -> None:
    planned = only(book, "ARP", date(2029, 1, 8))
    moved = only(book, "ARP", date(2029, 5, 7))

    assert planned.reason == "Bank holidays of 2029 are projected"
    assert moved.reason == "Moved from Monday 7 May 2029: May Day; bank holidays of 2029 are projected"


@pytest.mark.parametrize(
    ("kind", "status", "on"),
    [
        ("skip", "skipped", date(2026, 5, 25)),
        ("ask", "ask", date(2026, 5, 25)),
        ("next_working_day", "moved", date(2026, 5, 26)),
        ("previous_working_day", "moved", date(2026, 5, 22)),
    ],
)
def test_each_holiday_rule(book: Rulebook, kind: str, status: str, on: date) -> None:
    found = only(with_rule(book, "ARP", kind), "ARP", date(2026, 5, 25))

    assert (found.status, found.on) == (status, on)


def test_an_override_adds_and_removes_holidays(book: Rulebook) -> None:
    overrides = (
        HolidayOverride(on=date(2026, 6, 8), name="Royal event"),
        HolidayOverride(on=date(2026, 5, 25), name="Moved", kind="remove"),
    )
    changed = book.model_copy(update={"calendar": book.calendar.model_copy(update={"overrides": overrides})})

    assert only(changed, "ARP", date(2026, 6, 8)).reason == "Moved from Monday 8 June 2026: Royal event"
    assert only(changed, "ARP", date(2026, 5, 25)).status == "planned"


def test_ten_years_agree_with_independent_counts(book: Rulebook) -> None:
    found = occurrences(book, date(2026, 1, 1), date(2036, 12, 31))

    counts = {code: sum(one.panel == code for one in found) for code in ("ARP", "PLO", "CARE", "LGP", "PERM", "BCBV")}
    days = [date.fromordinal(n) for n in range(date(2026, 1, 1).toordinal(), date(2036, 12, 31).toordinal() + 1)]
    assert counts["ARP"] == sum(day.weekday() == 0 for day in days)
    assert counts["LGP"] == sum(day.weekday() == 2 for day in days)
    assert counts["PLO"] + counts["CARE"] == sum(day.weekday() == 1 for day in days)
    assert counts["PERM"] == sum((day - date(2026, 1, 8)).days % 14 == 0 for day in days)
    assert counts["BCBV"] == 11 * 12
    assert list(found) == sorted(found, key=lambda one: (one.starts_at, one.panel))
