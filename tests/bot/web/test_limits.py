"""Token buckets."""

from __future__ import annotations

from bot.web import limits
from tests.bot.teams.ticking import Ticking

RATE = limits.Rate(burst=3, per_second=2)


def test_a_bucket_gives_its_burst_and_no_more() -> None:
    buckets = limits.Buckets(RATE, Ticking())

    assert [buckets.take("a") for _ in range(5)] == [True, True, True, False, False]


def test_a_bucket_refills_with_time_up_to_its_burst() -> None:
    ticking = Ticking()
    buckets = limits.Buckets(RATE, ticking)
    for _ in range(3):
        buckets.take("a")

    ticking.passes(0.4)
    too_soon = buckets.take("a")
    ticking.passes(0.1)
    one = [buckets.take("a") for _ in range(2)]
    ticking.passes(1000)
    full = [buckets.take("a") for _ in range(4)]

    assert (too_soon, one, full) == (False, [True, False], [True, True, True, False])


def test_a_bucket_is_its_keys_own() -> None:
    buckets = limits.Buckets(RATE, Ticking())
    for _ in range(3):
        buckets.take("a")

    assert (buckets.take("a"), buckets.take("b")) == (False, True)


def test_looking_takes_nothing() -> None:
    buckets = limits.Buckets(RATE, Ticking())

    looked = [buckets.has_room("a") for _ in range(10)]
    taken = [buckets.take("a") for _ in range(3)]

    assert (looked, taken, buckets.has_room("a")) == ([True] * 10, [True] * 3, False)


def test_buckets_unused_longest_are_forgotten() -> None:
    buckets = limits.Buckets(limits.Rate(burst=1, per_second=0), Ticking())
    buckets.take("first")
    for number in range(limits.MOST_BUCKETS):
        buckets.take(str(number))

    assert (buckets.take(str(limits.MOST_BUCKETS - 1)), buckets.take("first")) == (False, True)
