"""The pace: Teams' limits for a tenant and a chat, kept in virtual time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from scheduler.pace import CHAT_BURST, Pace
from tests.bot.teams.ticking import Ticking

BOUND = 500 / 40


@dataclass
class Road:
    """Cards that go out one after another, each at a second of virtual time."""

    ticking: Ticking = field(default_factory=Ticking)
    sent: list[tuple[float, str]] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.ticking.passes(seconds)

    def pace(self, **rates: float) -> Pace:
        return Pace(monotonic=self.ticking, sleep=self.sleep, **rates)

    async def sends(self, pace: Pace, *people: str) -> None:
        for person in people:
            await pace.turn(person)
            self.sent.append((self.ticking.seconds - 1000.0, person))

    def most_within(self, seconds: float) -> int:
        """The most cards in any window of so many seconds."""
        times = [at for at, _ in self.sent]
        return max(sum(1 for at in times if first <= at < first + seconds) for first in times)


async def test_500_recipients_at_40_a_second_finish_within_a_tenth_of_the_bound() -> None:
    """Pitfall 17, D08."""
    road = Road()

    await road.sends(road.pace(), *(f"person-{n}" for n in range(500)))

    assert BOUND * 0.9 <= road.sent[-1][0] <= BOUND * 1.1
    # a burst and a second's worth: still under Teams' own 50 and 60
    assert road.most_within(1.0) <= 60


@pytest.mark.parametrize("replicas", [2, 4])
async def test_replicas_share_the_tenants_rate(replicas: int) -> None:
    road = Road()
    pace = road.pace()
    pace.share(replicas)

    await road.sends(pace, *(f"person-{n}" for n in range(200)))

    assert road.sent[-1][0] == pytest.approx((200 - 20 / replicas) * replicas / 40, rel=0.1)


async def test_one_chat_gets_a_few_at_once_and_then_one_a_second() -> None:
    road = Road()

    await road.sends(road.pace(), *["tara"] * 10)

    assert [round(at, 2) for at, _ in road.sent[: int(CHAT_BURST)]] == [0.0] * int(CHAT_BURST)
    assert road.sent[-1][0] == pytest.approx(10 - CHAT_BURST, abs=0.1)


async def test_a_full_chat_holds_nobody_else_up() -> None:
    """D07: other conversations keep flowing."""
    ended: list[str] = []
    pace = Pace(per_chat=0.5)
    for _ in range(int(CHAT_BURST)):
        await pace.turn("tara")

    async def one(person: str) -> None:
        await pace.turn(person)
        ended.append(person)

    waiting = asyncio.create_task(one("tara"))
    await asyncio.sleep(0)
    for person in ("neil", "chloe"):
        await one(person)
    waiting.cancel()

    assert ended == ["neil", "chloe"]
