"""A council's own day: signed tokens in and out, https, Microsoft's host names, and the real clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import app
from bot.config import Settings
from casework.db import migrate
from tests.scenarios import reading
from tests.scenarios.council import MONDAY_AFTERNOON, TOLD_AT_LEVEL_1, Council, open_council
from tests.teams_service.service import PRODUCTION_SERVICE_URL, FakeTeams

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


def moved_ahead(url: str, versions: int) -> None:
    """The tables as a later version leaves them: what it adds, and its number."""
    migrate.upgrade(url)
    with migrate.connected(url) as connection:
        connection.exec_driver_sql("ALTER TABLE items ADD COLUMN of_the_next_version VARCHAR(20)")
        connection.exec_driver_sql("ALTER TABLE deliveries ADD COLUMN of_the_next_version INTEGER DEFAULT 0 NOT NULL")
        number = f"{int(migrate.head()) + versions:04d}"
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{number}'")


async def test_a_replica_works_on_while_the_tables_are_one_version_ahead(tmp_path: Path, database_url: str) -> None:
    """Rolling upgrade: the next version's migration has run, and replicas of this one still start and work."""
    moved_ahead(database_url, 1)

    async with open_council(
        tmp_path, now=MONDAY_AFTERNOON, production=True, database_url=database_url, is_migrated=True
    ) as council:
        await council.everybody_installs()
        receipt = await council.raises("sam")
        await council.send_all()
        booked = await council.books("sam", "AB 100101 onto legal gateway")

        assert council.who_sees(f"Need-to-know {reading.facts(receipt)['Reference']}") == TOLD_AT_LEVEL_1
        assert reading.title(booked).startswith("Booked: ITEM-")


async def test_tables_two_versions_ahead_are_refused(database_url: str) -> None:
    moved_ahead(database_url, 2)
    settings = Settings.from_env(FakeTeams(production=True).environ(USHER_DATABASE_URL=database_url))

    with pytest.raises(app.CannotStart, match="db upgrade"):
        async with app.open_context(settings):
            pass
