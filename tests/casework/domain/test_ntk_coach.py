"""The threshold coach: criteria with what they rest on, the time to raise by, and a missing child's thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from casework.domain import ntk_coach
from tests.factories import rulebook

AWARE = datetime(2026, 11, 30, 16, 50, tzinfo=UTC)
NOTHING: Mapping[str, str] = {}
EVERY_TIER = ("TM", "SM", "HOS", "AD", "DIR")


def advice(
    category: str, answers: Mapping[str, str] = NOTHING, *, aware_at: datetime | None = AWARE
) -> ntk_coach.Advice:
    return ntk_coach.advise(rulebook(), category=category, answers=answers, aware_at=aware_at)


@pytest.mark.parametrize(
    ("category", "answers", "level", "raise_by"),
    [
        ("SERHARM", {}, 1, datetime(2026, 11, 30, 18, 50, tzinfo=UTC)),
        ("VIOLENCE", {}, 2, datetime(2026, 12, 1, 12, 50, tzinfo=UTC)),
        ("PRACTICE", {}, 3, datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("MISSING", {"missing_risk": "LOW"}, 2, datetime(2026, 12, 1, 12, 50, tzinfo=UTC)),
        ("MISSING", {"missing_risk": "HIGH"}, 1, datetime(2026, 11, 30, 18, 50, tzinfo=UTC)),
        ("MEDIA", {"media": "LIVE"}, 1, datetime(2026, 11, 30, 18, 50, tzinfo=UTC)),
        ("MEDIA", {"media": "LIKELY"}, 2, datetime(2026, 12, 1, 12, 50, tzinfo=UTC)),
        ("OTHER", {}, 2, datetime(2026, 12, 1, 12, 50, tzinfo=UTC)),
    ],
)
def test_the_time_to_raise_by_counts_from_when_the_council_knew(
    category: str, answers: dict[str, str], level: int, raise_by: datetime
) -> None:
    found = advice(category, answers)

    assert (found.level, found.raise_by) == (level, raise_by)


def test_over_the_closure_office_hours_do_not_count_and_hours_by_the_clock_do() -> None:
    before_closing = datetime(2026, 12, 24, 16, tzinfo=UTC)

    assert advice("VIOLENCE", aware_at=before_closing).raise_by == datetime(2027, 1, 4, 12, tzinfo=UTC)
    assert advice("DEATH", aware_at=before_closing).raise_by == datetime(2026, 12, 24, 18, tzinfo=UTC)


def test_without_a_moment_there_is_no_time() -> None:
    assert advice("SERHARM", aware_at=None).raise_by is None


def test_every_category_has_criteria_of_its_own_that_say_on_what_they_rest() -> None:
    for category in rulebook().categories:
        criteria = advice(category.code).criteria

        assert {one.category for one in criteria} == {category.code}, category.code
        assert {one.basis for one in criteria} <= {"law", "council", "proposal"}
        assert [bool(one.text and one.clause) for one in criteria] == [True] * len(criteria)


def test_what_the_law_says_is_told_from_what_is_only_proposed() -> None:
    assert [(one.code, one.basis) for one in advice("SERHARM").criteria] == [
        ("SERHARM1", "law"),
        ("SERHARM2", "proposal"),
    ]


def test_an_unknown_category_is_an_error() -> None:
    with pytest.raises(KeyError):
        advice("NONE")


@pytest.mark.parametrize(
    ("answers", "steps"),
    [
        ({"status": "LACCO"}, [(24, ("TM", "SM")), (48, ("HOS", "AD")), (72, EVERY_TIER)]),
        ({"status": "CP", "missing_risk": "LOW"}, [(24, ("TM", "SM")), (48, ("HOS", "AD")), (72, EVERY_TIER)]),
        ({"status": "CIN", "missing_risk": "MEDIUM"}, [(72, EVERY_TIER)]),
        ({"status": "UNKNOWN", "missing_risk": "HIGH"}, [(0, EVERY_TIER), (72, EVERY_TIER)]),
        ({}, [(72, EVERY_TIER)]),
    ],
)
def test_a_missing_childs_thresholds_follow_from_status_and_risk(
    answers: dict[str, str], steps: list[tuple[int, tuple[str, ...]]]
) -> None:
    assert [(rule.hours, rule.tiers) for rule in advice("MISSING", answers).missing] == steps


def test_only_a_missing_child_has_them() -> None:
    assert [
        category.code for category in rulebook().categories if advice(category.code, {"status": "LACCO"}).missing
    ] == ["MISSING"]


def test_a_threshold_counts_hours_by_the_clock_over_nights_weekends_and_the_change_of_clocks() -> None:
    rule = advice("MISSING", {"status": "LACCO"}).missing[0]
    saturday = datetime(2026, 10, 24, 22, tzinfo=UTC)

    assert ntk_coach.missing_due(rule, saturday) - saturday == timedelta(hours=24)
