"""Token buckets."""

from __future__ import annotations

from casework.domain import buckets
from tests.bot.teams.ticking import Ticking

RATE = buckets.Rate(burst=3, per_second=2)


def test_a_bucket_gives_its_burst_and_no_more() -> None:
    held = buckets.Buckets(RATE, Ticking())

    assert [held.take("a") for _ in range(5)] == [True, True, True, False, False]


def test_a_bucket_refills_with_time_up_to_its_burst() -> None:
    ticking = Ticking()
    held = buckets.Buckets(RATE, ticking)
    for _ in range(3):
        held.take("a")

    ticking.passes(0.4)
    too_soon = held.take("a")
    ticking.passes(0.1)
    one = [held.take("a") for _ in range(2)]
    ticking.passes(1000)
    full = [held.take("a") for _ in range(4)]

    assert (too_soon, one, full) == (False, [True, False], [True, True, True, False])


def test_a_bucket_is_its_keys_own() -> None:
    held = buckets.Buckets(RATE, Ticking())
    for _ in range(3):
        held.take("a")

    assert (held.take("a"), held.take("b")) == (False, True)


def test_looking_takes_nothing() -> None:
    held = buckets.Buckets(RATE, Ticking())

    looked = [held.has_room("a") for _ in range(10)]
    taken = [held.take("a") for _ in range(3)]

    assert (looked, taken, held.has_room("a")) == ([True] * 10, [True] * 3, False)


def test_buckets_unused_longest_are_forgotten() -> None:
    held = buckets.Buckets(buckets.Rate(burst=1, per_second=0), Ticking())
    held.take("first")
    for number in range(buckets.MOST_BUCKETS):
        held.take(str(number))

    assert (held.take(str(buckets.MOST_BUCKETS - 1)), held.take("first")) == (False, True)
