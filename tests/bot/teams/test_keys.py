"""Signing keys: rolled over, unreachable, slow and forged, without a turn ever waiting for a key it knows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from jwt.algorithms import RSAAlgorithm

from bot.teams import keys
from tests.bot.teams.ticking import Ticking
from tests.teams_service import FakeTeams

DAY = 24 * 60 * 60


@asynccontextmanager
async def key_set(teams: FakeTeams, ticking: Ticking) -> AsyncIterator[keys.KeySet]:
    async with teams.session() as session:
        found = keys.KeySet(session, f"{teams.origin}/v1/.well-known/openidconfiguration", ticking)
        yield found
        await found.close()


async def settle() -> None:
    """Let a fetch in the background end: two requests on loopback."""
    for _ in range(100):
        await asyncio.sleep(0.002)


async def test_a_key_is_found_with_its_endorsements() -> None:
    async with FakeTeams() as teams, key_set(teams, Ticking()) as found:
        key = await found.find("first")

        assert key is not None
        assert (key.public_key.key_size, key.endorsements) == (2048, frozenset({"msteams", "webchat"}))


async def test_many_first_turns_at_once_fetch_once() -> None:
    async with FakeTeams() as teams, key_set(teams, Ticking()) as found:
        results = await asyncio.gather(*(found.find("first") for _ in range(50)))

        assert (None in results, teams.entra.key_requests) == (False, 1)


async def test_a_turn_given_up_does_not_take_the_fetch_with_it() -> None:
    async with FakeTeams() as teams, key_set(teams, Ticking()) as found:
        teams.entra.seconds_to_answer = 0.05
        given_up = asyncio.create_task(found.find("first"))
        waiting = asyncio.create_task(found.find("first"))
        await asyncio.sleep(0.02)

        given_up.cancel()

        assert await waiting is not None
        assert teams.entra.key_requests == 1


async def test_a_new_key_is_fetched_once_when_it_first_comes() -> None:
    ticking = Ticking()
    async with FakeTeams() as teams, key_set(teams, ticking) as found:
        await found.find("first")
        teams.entra.roll_over("second")
        ticking.passes(301)

        results = await asyncio.gather(*(found.find("second") for _ in range(20)))

        assert (None in results, teams.entra.key_requests) == (False, 2)
        # the key no longer published no longer opens
        assert await found.find("first") is None


async def test_unknown_ids_cause_one_fetch_in_five_minutes() -> None:
    ticking = Ticking()
    async with FakeTeams() as teams, key_set(teams, ticking) as found:
        await found.find("first")
        for number in range(200):
            ticking.passes(2)
            assert await found.find(f"forged {number}") is None

        # 400 seconds: the first fetch, and one more
        assert teams.entra.key_requests == 2


async def test_keys_older_than_a_day_answer_at_once_and_are_fetched_anew() -> None:
    ticking = Ticking()
    async with FakeTeams() as teams, key_set(teams, ticking) as found:
        await found.find("first")
        ticking.passes(DAY - 1)
        await found.find("first")
        await settle()
        before = teams.entra.key_requests
        ticking.passes(2)
        teams.entra.seconds_to_answer = 1.0

        started = time.perf_counter()
        key = await found.find("first")
        waited = time.perf_counter() - started
        await settle()

        assert (before, key is not None, teams.entra.key_requests) == (1, True, 2)
        assert waited < teams.entra.seconds_to_answer / 2


async def test_old_keys_serve_while_the_key_server_is_down() -> None:
    ticking = Ticking()
    async with FakeTeams() as teams, key_set(teams, ticking) as found:
        await found.find("first")
        teams.entra.is_down = True

        for _ in range(3):
            ticking.passes(2 * DAY)
            assert await found.find("first") is not None
            await settle()

        assert teams.entra.key_requests == 4


async def test_a_start_without_key_server_tries_again_soon() -> None:
    ticking = Ticking()
    async with FakeTeams() as teams, key_set(teams, ticking) as found:
        teams.entra.is_down = True
        first = await found.find("first")
        at_once = await found.find("first")
        asked = teams.entra.key_requests
        teams.entra.is_down = False
        ticking.passes(6)

        later = await found.find("first")

        assert (first, at_once, asked) == (None, None, 1)
        assert later is not None


def jwk(bits: int) -> dict[str, object]:
    """A key of the id "second"."""
    public_key = generate_private_key(public_exponent=65537, key_size=bits).public_key()
    key: dict[str, object] = RSAAlgorithm.to_jwk(public_key, as_dict=True)
    return key | {"kid": "second", "endorsements": ["msteams"]}


BAD_KEY_SETS: list[tuple[str, object]] = [
    ("no keys", {"keys": []}),
    ("keys of another kind", {"keys": "first"}),
    ("not an object", ["first"]),
    ("symmetric", {"keys": [{"kty": "oct", "kid": "first", "k": "c2VjcmV0"}]}),
    ("broken", {"keys": [{"kty": "RSA", "kid": "first", "n": "!", "e": "AQAB"}]}),
    ("no id", {"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}),
    ("short", {"keys": [jwk(1024)]}),
    ("huge", {"keys": [jwk(2048)], "x": "x" * 1_100_000}),
]


@pytest.mark.parametrize("document", [held for _, held in BAD_KEY_SETS], ids=[name for name, _ in BAD_KEY_SETS])
async def test_a_key_set_of_no_use_keeps_the_old_one(document: object) -> None:
    async with served_keys([None, document]) as (found, ticking):
        await found.find("first")
        ticking.passes(301)

        unknown = await found.find("second")

        assert unknown is None
        assert await found.find("first") is not None


async def test_keys_on_another_host_are_not_fetched() -> None:
    async with FakeTeams() as teams, key_set(teams, Ticking()) as found:
        teams.entra.keys_origin = teams.origin.replace("127.0.0.1", "localhost")

        assert await found.find("first") is None


@asynccontextmanager
async def served_keys(documents: list[object]) -> AsyncIterator[tuple[keys.KeySet, Ticking]]:
    """A key server that serves one document after another; None stands for the fake's own."""
    ticking = Ticking()
    async with FakeTeams() as teams, teams.session() as session:
        answers = iter(documents)

        async def openid(_: web.Request) -> web.Response:
            return web.json_response({"jwks_uri": f"{origin}/keys"})

        async def served(_: web.Request) -> web.Response:
            document = next(answers)
            if document is not None:
                return web.json_response(document)
            async with session.get(f"{teams.origin}/v1/.well-known/keys") as real:
                return web.json_response(await real.json())

        app = web.Application()
        app.add_routes([web.get("/openid", openid), web.get("/keys", served)])
        origin = await teams.serve(app)
        found = keys.KeySet(session, f"{origin}/openid", ticking)
        yield found, ticking
        await found.close()
