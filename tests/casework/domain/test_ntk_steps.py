"""The timed steps of one tier, and when its acknowledgements are enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casework.domain import london, ntk_steps
from casework.domain.ntk_steps import Ack
from tests.factories import rulebook

BOOK = rulebook()
TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)


def ack(person_id: str, tier: str, minute: int | None = None) -> Ack:
    """Somebody told, who acknowledged so many minutes after ten, or not."""
    at = TEN + timedelta(minutes=minute) if minute is not None else None
    return Ack(person_id=person_id, tier=tier, acknowledged_at=at)


def planned(level: int, tier: str, told_at: datetime = TEN) -> list[tuple[str, str]]:
    """(what to do, when by the clock on the wall) of every step."""
    steps = ntk_steps.plan(BOOK, BOOK.level(level), tier=tier, told_at=told_at)
    return [(step.do, f"{london.local(step.due_at):%a %d %b %H:%M}") for step in steps]


@pytest.mark.parametrize("tier", ["TM", "SM", "HOS", "AD", "DIR"])
def test_level_1_counts_by_the_clock_for_every_tier_even_on_christmas_day(tier: str) -> None:
    assert planned(1, tier, datetime(2026, 12, 25, 2, tzinfo=UTC)) == [
        ("remind", "Fri 25 Dec 02:30"),
        ("deputy", "Fri 25 Dec 02:45"),
        ("above", "Fri 25 Dec 03:00"),
        ("alarm", "Fri 25 Dec 03:30"),
    ]


def test_level_2_gives_each_tier_its_own_time() -> None:
    assert planned(2, "TM") == [
        ("remind", "Tue 01 Dec 12:00"),
        ("deputy", "Tue 01 Dec 12:30"),
        ("above", "Tue 01 Dec 13:00"),
        ("alarm", "Tue 01 Dec 16:00"),
    ]
    # a head of service has until five today, an assistant director until five tomorrow: the steps come in office time
    assert planned(2, "HOS") == [
        ("remind", "Wed 02 Dec 09:00"),
        ("deputy", "Wed 02 Dec 09:30"),
        ("above", "Wed 02 Dec 10:00"),
        ("alarm", "Wed 02 Dec 13:00"),
    ]
    assert planned(2, "AD")[0] == ("remind", "Thu 03 Dec 09:00")


def test_level_3_has_until_five_the_next_working_day() -> None:
    assert planned(3, "TM") == [
        ("remind", "Thu 03 Dec 09:00"),
        ("deputy", "Thu 03 Dec 11:00"),
        ("above", "Thu 03 Dec 13:00"),
        ("alarm", "Thu 03 Dec 17:00"),
    ]


def test_a_level_nobody_has_to_acknowledge_has_no_steps() -> None:
    level = BOOK.level(3).model_copy(update={"acknowledge": None})

    assert ntk_steps.plan(BOOK, level, tier="TM", told_at=TEN) == ()
    assert ntk_steps.acknowledge_by(BOOK, level, tier="TM", told_at=TEN) is None


def test_the_time_to_acknowledge_ends_where_the_steps_begin() -> None:
    by = ntk_steps.acknowledge_by(BOOK, BOOK.level(1), tier="TM", told_at=TEN)

    assert by == TEN + timedelta(minutes=30)
    assert ntk_steps.plan(BOOK, BOOK.level(1), tier="TM", told_at=TEN)[0].due_at == by


@pytest.mark.parametrize(
    ("rule", "told", "is_settled"),
    [
        ("one_per_tier", [ack("tara", "TM"), ack("neil", "SM", 5)], False),
        ("one_per_tier", [ack("tara", "TM", 5), ack("tess", "TM"), ack("neil", "SM")], True),
        ("all", [ack("tara", "TM", 5), ack("tess", "TM")], False),
        ("all", [ack("tara", "TM", 5), ack("tess", "TM", 6), ack("neil", "SM")], True),
        ("any", [ack("tara", "TM"), ack("neil", "SM", 5)], True),
        ("any", [ack("tara", "TM"), ack("neil", "SM")], False),
        ("all", [], False),
        ("one_per_tier", [], False),
        ("any", [], False),
    ],
)
def test_when_a_tier_needs_no_more_chasing(rule: str, told: list[Ack], is_settled: bool) -> None:
    assert ntk_steps.is_settled(rule, "TM", told) is is_settled


@pytest.mark.parametrize(
    ("rule", "minute"),
    [("one_per_tier", 7), ("all", 9), ("any", 3)],
)
def test_when_it_was_settled(rule: str, minute: int) -> None:
    told = [ack("tara", "TM", 7), ack("tess", "TM", 9), ack("neil", "SM", 3)]

    assert ntk_steps.settled_at(rule, "TM", told) == TEN + timedelta(minutes=minute)


def test_a_tier_nobody_acknowledged_for_was_never_settled() -> None:
    assert ntk_steps.settled_at("one_per_tier", "TM", [ack("tara", "TM"), ack("neil", "SM", 3)]) is None
