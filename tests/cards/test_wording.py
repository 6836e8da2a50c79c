"""Times as GOV.UK writes them, in London, on both sides of a clock change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cards import wording


@pytest.mark.parametrize(
    ("instant", "said"),
    [
        (datetime(2026, 11, 23, 16, 50, tzinfo=UTC), "4:50pm"),
        (datetime(2026, 11, 23, 14, 0, tzinfo=UTC), "2pm"),
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), "midday"),
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), "midnight"),
        (datetime(2026, 11, 23, 0, 5, tzinfo=UTC), "12:05am"),
        (datetime(2026, 7, 1, 13, 0, tzinfo=UTC), "2pm"),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), "midnight"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "1:30am"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "1:30am"),
    ],
)
def test_clock_is_london_s(instant: datetime, said: str) -> None:
    assert wording.clock(instant) == said


def test_a_sitting_reads_as_day_and_times() -> None:
    starts_at = datetime(2026, 12, 2, 9, 30, tzinfo=UTC)
    ends_at = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)

    assert wording.span(starts_at, ends_at) == "Wednesday 2 December 2026, 9:30am to midday"


@pytest.mark.parametrize(("free", "said"), [(0, "full"), (1, "1 slot free"), (7, "7 slots free")])
def test_slots_in_words(free: int, said: str) -> None:
    assert wording.slots(free) == said
