"""`serve` is killed, stopped and frozen while it sends: nothing is lost, and at most what was in flight is doubled."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator

import pytest

from tests.scenarios import serving
from tests.teams_service.service import FakeTeams

IS_LONG = os.environ.get("USHER_LONG") == "1"
CARDS = 400 if IS_LONG else 48
KILLS = 30 if IS_LONG else 3
STOPS = 10 if IS_LONG else 1
LONGEST_WAIT = 0.25 if IS_LONG else 0.1
SECONDS_TO_ANSWER = 0.02
SEED = int(os.environ.get("SEED", "20261123"))


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    async with FakeTeams() as opened:
        opened.chats.seconds_to_answer = SECONDS_TO_ANSWER
        yield opened


async def test_kill_9_at_random_loses_nothing_and_doubles_at_most_what_was_in_flight(
    teams: FakeTeams, database_url: str
) -> None:
    dice = random.Random(SEED)
    due = await serving.make_cards_due(teams, database_url, count=CARDS)
    environ = serving.environ_of(teams, database_url)

    doubled_by = [0]
    for _ in range(KILLS):
        async with serving.serving(environ) as server:
            await _starts_sending(teams)
            await asyncio.sleep(dice.uniform(0.0, LONGEST_WAIT))
            server.send(signal.SIGKILL)
            await server.ends()
        doubled_by.append(_doubled(teams))
    async with serving.serving(environ) as server:
        await serving.all_settled(teams, database_url)
        server.send(signal.SIGTERM)
        code, said = await server.ends()

    sys.stdout.write(f"seed {SEED}: {KILLS} kills, {CARDS} cards, {_doubled(teams)} doubled, by kill: {doubled_by}")
    assert set(serving.copies(teams.requests)) == due
    assert _doubled(teams) <= serving.WIDTH * KILLS
    assert serving.unannounced_copies(teams.requests) == []
    assert (code, said) == (0, "")
    assert await serving.all_settled(teams, database_url) == {"accepted": CARDS}


async def test_sigterm_under_load_loses_nothing_and_doubles_nothing(teams: FakeTeams, database_url: str) -> None:
    dice = random.Random(SEED)
    due = await serving.make_cards_due(teams, database_url, count=CARDS)
    environ = serving.environ_of(teams, database_url)

    ends = []
    for _ in range(STOPS):
        async with serving.serving(environ) as server:
            await _starts_sending(teams)
            await asyncio.sleep(dice.uniform(0.0, LONGEST_WAIT))
            server.send(signal.SIGTERM)
            ends.append(await server.ends(within=10))
    unfinished = len(due) - len(serving.copies(teams.requests))
    async with serving.serving(environ) as server:
        await serving.all_settled(teams, database_url)
        server.send(signal.SIGTERM)
        ends.append(await server.ends(within=10))

    assert ends == [(0, "")] * (STOPS + 1)
    assert unfinished > 0
    assert serving.copies(teams.requests) == dict.fromkeys(due, 1)
    assert await serving.all_settled(teams, database_url) == {"accepted": CARDS}


async def test_a_replica_frozen_beyond_its_lease_is_taken_over_and_its_late_mark_changes_nothing(
    teams: FakeTeams, postgres_url: str
) -> None:
    due = await serving.make_cards_due(teams, postgres_url, count=CARDS)
    environ = serving.environ_of(teams, postgres_url)

    teams.chats.seconds_to_answer = 1.5
    async with serving.serving(environ) as frozen:
        await _starts_sending(teams)
        await asyncio.sleep(0.8)  # the next four are on their way now, and no transaction is open
        frozen.send(signal.SIGSTOP)
        teams.chats.seconds_to_answer = SECONDS_TO_ANSWER
        async with serving.serving(environ) as other:
            settled = await serving.all_settled(teams, postgres_url)
            frozen.send(signal.SIGCONT)
            await asyncio.sleep(0.5)
            for server in (frozen, other):
                server.send(signal.SIGTERM)
            codes = [(await server.ends())[0] for server in (frozen, other)]

    assert set(serving.copies(teams.requests)) == due
    assert 1 <= _doubled(teams) <= serving.WIDTH
    assert serving.unannounced_copies(teams.requests) == []
    assert codes == [0, 0]
    assert settled == await serving.all_settled(teams, postgres_url) == {"accepted": CARDS}


async def test_a_second_serve_on_the_same_sqlite_file_is_refused(teams: FakeTeams, sqlite_url: str) -> None:
    environ = serving.environ_of(teams, sqlite_url)
    await serving.make_cards_due(teams, sqlite_url, count=1)

    async with serving.serving(environ) as first:
        await _starts_sending(teams)
        async with serving.serving(environ, "-m", "bot", "serve") as second:
            code, said = await second.ends()
        first.send(signal.SIGTERM)
        ended = await first.ends()

    assert code == 2
    assert said.startswith("Usher can't start: ")
    assert "usher.sqlite3" in said
    assert ended == (0, "")


def _doubled(teams: FakeTeams) -> int:
    return sum(count - 1 for count in serving.copies(teams.requests).values())


async def _starts_sending(teams: FakeTeams) -> None:
    """Wait for the first card after now."""
    before = len(teams.requests)
    for _ in range(3000):
        if len(teams.requests) > before:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nothing was sent within half a minute")
