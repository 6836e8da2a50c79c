"""A council's own day: signed tokens in and out, https, Microsoft's host names, and the real clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenarios import reading
from tests.scenarios.council import MONDAY_AFTERNOON, TOLD_AT_LEVEL_1, Council, open_council
from tests.teams_service.service import PRODUCTION_SERVICE_URL

UNAUTHORIZED = {"error": "unauthorized"}


@pytest.fixture
async def council(tmp_path: Path) -> AsyncIterator[Council]:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON, production=True) as opened:
        yield opened


async def test_raise_deliver_acknowledge_and_book_with_signed_tokens_both_ways(council: Council) -> None:
    await council.everybody_installs()
    tara = council.person("tara")

    receipt = await council.raises("sam")
    await council.send_all()
    reference = reading.facts(receipt)["Reference"]
    await tara.clicks(tara.card(f"Need-to-know {reference}"), "Acknowledge")
    await council.send_all()
    booked = await council.books("sam", "AB 100101 onto legal gateway")

    assert council.who_sees(f"Need-to-know {reference}") == TOLD_AT_LEVEL_1
    assert "Tara Whitfield, team manager: **acknowledged**" in receipt.words
    assert reading.title(booked).startswith("Booked: ITEM-")
    assert {request.status for request in council.teams.requests} == {200, 201}
    assert [request.authorization.startswith("Bearer ey") for request in council.teams.requests] == [True] * len(
        council.teams.requests
    )
    assert council.teams.entra.token_requests == 1


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer abc.def.ghi", "Basic dXNoZXI6eA=="])
async def test_an_unsigned_activity_is_turned_away_and_leaves_nothing(council: Council, authorization: str) -> None:
    sam = council.person("sam")
    activity = council.teams.activity(sam, "message") | {"text": "raise", "textFormat": "plain"}

    answer = await council.teams.post(activity, authorization=authorization or "none")

    assert (answer.status, answer.body) == (401, UNAUTHORIZED)
    assert (sam.inbox, council.teams.requests) == ([], [])


async def test_a_signed_activity_of_another_service_address_is_turned_away(council: Council) -> None:
    sam = council.person("sam")
    activity = council.teams.activity(sam, "message") | {"text": "raise", "serviceUrl": "https://evil.example/"}

    answers = [
        await council.teams.post(activity),
        await council.teams.post(activity, authorization=f"Bearer {council.teams.entra.sign('https://evil.example/')}"),
    ]

    assert [(answer.status, answer.body) for answer in answers] == [(401, UNAUTHORIZED)] * 2
    assert council.teams.service_url == PRODUCTION_SERVICE_URL
    assert sam.inbox == []


async def test_the_demo_clock_does_not_exist(council: Council) -> None:
    sam = council.person("sam")
    before = council.parts.clock.now()

    await sam.says("demo: forward 2 days")

    assert reading.title(sam.latest) == "Sorry, I didn't understand"
    assert (council.parts.clock.now() - before).total_seconds() < 60
