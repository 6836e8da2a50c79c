"""Outbound tokens: one fetch for many sends, one at a time, off the loop, and a slow Entra that delays nobody."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import Mapping

import pytest
from aiohttp import web

from bot import config
from bot.teams import entra
from tests.bot.teams.running import usher
from tests.bot.teams.ticking import Ticking
from tests.teams_service import FakeTeams
from tests.teams_service.service import APP_ID, TENANT_ID


class Counted:
    """A blocking fetch: numbers its tokens, and can be made slow or fail."""

    def __init__(self) -> None:
        self.calls = 0
        self.seconds = 0.0
        self.error: Exception | None = None
        self.lifetime: object = 3600

    def __call__(self) -> Mapping[str, object]:
        self.calls += 1
        time.sleep(self.seconds)
        if self.error is not None:
            raise self.error
        return {"access_token": f"token {self.calls}", "expires_in": self.lifetime}


async def test_a_token_is_fetched_once_for_a_thousand_turns() -> None:
    async with usher(production=True) as running:
        people = [running.teams.person(name=f"Person {number}") for number in range(50)]

        for _ in range(20):
            await asyncio.gather(*(person.says("hello") for person in people))

        assert (len(running.teams.requests), running.teams.entra.token_requests) == (1000, 1)


async def test_many_sends_at_once_wait_for_one_fetch() -> None:
    fetch = Counted()
    fetch.seconds = 0.05
    tokens = entra.EntraTokens(fetch, Ticking())

    found = await asyncio.gather(*(tokens.token() for _ in range(50)))

    assert (set(found), fetch.calls) == ({"token 1"}, 1)


async def test_a_slow_fetch_does_not_hold_up_the_loop() -> None:
    fetch = Counted()
    fetch.seconds = 0.5
    tokens = entra.EntraTokens(fetch, Ticking())
    asked = asyncio.create_task(tokens.token())
    turned = 0

    while not asked.done():
        await asyncio.sleep(0.005)
        turned += 1

    # a fetch on the loop would have let it turn once
    assert turned > 10


async def test_a_token_near_its_end_is_used_while_the_next_is_fetched() -> None:
    fetch, ticking = Counted(), Ticking()
    tokens = entra.EntraTokens(fetch, ticking)
    await tokens.token()
    ticking.passes(3299)
    before = await tokens.token()
    fetch.seconds = 0.05
    ticking.passes(2)

    near = await tokens.token()
    again = await tokens.token()
    await tokens.close()
    after = await tokens.token()

    assert (before, near, again, after, fetch.calls) == ("token 1", "token 1", "token 1", "token 2", 2)


async def test_a_token_at_its_end_is_not_used_any_more() -> None:
    fetch, ticking = Counted(), Ticking()
    tokens = entra.EntraTokens(fetch, ticking)
    await tokens.token()
    ticking.passes(3600)

    assert await tokens.token() == "token 2"


async def test_a_living_token_serves_while_entra_is_down() -> None:
    fetch, ticking = Counted(), Ticking()
    tokens = entra.EntraTokens(fetch, ticking)
    await tokens.token()
    fetch.error = OSError("unreachable")
    ticking.passes(3400)

    found = []
    for _ in range(5):
        found.append(await tokens.token())
        await asyncio.sleep(0.01)
        ticking.passes(1)

    # one try in ten seconds
    assert (found, fetch.calls) == (["token 1"] * 5, 2)


async def test_no_token_at_all_is_an_error_and_entra_is_not_hammered() -> None:
    fetch, ticking = Counted(), Ticking()
    fetch.error = OSError("unreachable")
    tokens = entra.EntraTokens(fetch, ticking)

    for _ in range(5):
        with pytest.raises(entra.TokenError):
            await tokens.token()
    asked = fetch.calls
    fetch.error = None
    ticking.passes(10)

    assert (asked, await tokens.token()) == (1, "token 2")


@pytest.mark.parametrize(
    "result", [{}, {"error": "invalid_client"}, {"access_token": ""}, {"access_token": 7}], ids=str
)
async def test_an_answer_without_a_token_is_an_error(result: dict[str, object]) -> None:
    tokens = entra.EntraTokens(lambda: result, Ticking())

    with pytest.raises(entra.TokenError):
        await tokens.token()


async def test_a_refused_token_is_renewed_once_for_all_who_held_it() -> None:
    fetch, ticking = Counted(), Ticking()
    tokens = entra.EntraTokens(fetch, ticking)
    old = await tokens.token()
    ticking.passes(60)

    renewed = await asyncio.gather(*(tokens.renew(old) for _ in range(20)))
    late = await tokens.renew(old)

    assert (set(renewed), late, fetch.calls) == ({"token 2"}, "token 2", 2)


async def test_a_token_refused_moments_after_its_fetch_is_not_fetched_again() -> None:
    fetch, ticking = Counted(), Ticking()
    tokens = entra.EntraTokens(fetch, ticking)
    fresh = await tokens.token()
    ticking.passes(29)

    assert (await tokens.renew(fresh), fetch.calls) == (fresh, 1)


async def test_msal_asks_entra_by_secret() -> None:
    async with FakeTeams(signed=True) as teams:
        settings = config.Settings.from_env(teams.environ())
        tokens = entra.EntraTokens(entra.fetcher(settings, entra.EntraHttp(settings.login_url)))

        token = await tokens.token()

        assert teams.entra.is_valid(f"Bearer {token}")
        assert teams.entra.token_requests == 1


async def test_msal_with_a_wrong_secret_is_refused_without_the_secret_in_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with FakeTeams(signed=True) as teams:
        settings = config.Settings.from_env(teams.environ(MicrosoftAppPassword="a wrong client secret"))
        tokens = entra.EntraTokens(entra.fetcher(settings, entra.EntraHttp(settings.login_url)))

        with pytest.raises(entra.TokenError) as refused:
            await tokens.token()

        printed = capsys.readouterr()
        assert str(refused.value) == "refused"
        assert "a wrong client secret" not in printed.out + printed.err


async def test_msal_asks_for_a_managed_identity_by_its_client_id(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, str]] = []

    async def identity(request: web.Request) -> web.Response:
        asked.append(dict(request.query) | {"header": request.headers["X-IDENTITY-HEADER"]})
        return web.json_response({"access_token": "of the identity", "expires_on": str(int(time.time()) + 3600)})

    def key(name: str) -> str:
        return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()

    app = web.Application()
    app.router.add_get("/token", identity)
    async with FakeTeams() as teams:
        origin = await teams.serve(app)
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{origin}/token")
        monkeypatch.setenv("IDENTITY_HEADER", "the header")
        settings = config.Settings.from_env(
            {
                "MicrosoftAppId": APP_ID,
                "MicrosoftAppType": "UserAssignedMSI",
                "MicrosoftAppTenantId": TENANT_ID,
                "USHER_DATABASE_URL": "sqlite:///x",
                "USHER_KEYS": f"k1:{key('a')}",
                "USHER_INDEX_KEY": key("b"),
                "USHER_CHAIN_KEY": key("c"),
            }
        )
        tokens = entra.EntraTokens(entra.fetcher(settings, entra.EntraHttp()))

        token = await tokens.token()

        assert (token, [(query["client_id"], query["resource"], query["header"]) for query in asked]) == (
            "of the identity",
            [(APP_ID, "https://api.botframework.com", "the header")],
        )
