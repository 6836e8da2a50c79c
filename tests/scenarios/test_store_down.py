"""The database is away or full: people are told that nothing was saved and to phone, and never that it was."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import event, func, select

from casework.db import ntk
from tests.scenarios import reading
from tests.scenarios.council import MONDAY_AFTERNOON, STORY, TOLD_AT_LEVEL_1, Council, open_council
from tests.teams_service.chats import Shown

NOT_SAVED = "Usher can't save anything just now, so nothing was sent and nobody was told. Phone"
FILE = "usher.sqlite3"
LONG_STORY = {**STORY, "what_happened": "x" * 900, "actions_taken": "y" * 900}


@contextlib.asynccontextmanager
async def store_away(council: Council, folder: Path) -> AsyncIterator[None]:
    """Put a folder where the database's file was, and the file back at the end."""
    engine = council.parts.context.database.engine
    await engine.dispose()
    here, away = folder / FILE, folder / "away.sqlite3"
    here.rename(away)
    here.mkdir()
    try:
        yield
    finally:
        await engine.dispose()
        here.rmdir()
        away.rename(here)


async def last_look(council: Council) -> Shown:
    """Sam's NTK, one click short of sent."""
    sam = council.person("sam")
    await sam.says("raise")
    await council.checks("sam", sam.latest, STORY)
    return sam.card("Check before you send")


async def ntks(council: Council) -> int:
    async with council.parts.context.database.reading() as work:
        return await work.connection.scalar(select(func.count()).select_from(ntk.ntks)) or 0


async def test_a_raise_while_the_store_is_away_says_phone_and_can_be_sent_when_it_is_back(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam = council.person("sam")
        data = reading.data_of(await last_look(council), "ntk.send")

        async with store_away(council, tmp_path):
            refused = await council.presses("sam", "ntk.send", data)
        nobody = council.who_sees("Need-to-know NTK-")
        saved = await ntks(council)
        receipt = await council.presses("sam", "ntk.send", data)
        await council.send_all()

        assert reading.title(refused) == "Not saved: please phone"
        assert NOT_SAVED in refused.words
        assert (nobody, saved) == ([], 0)
        assert reading.title(receipt) == "Need-to-know raised: NTK-2026-0001"
        assert council.who_sees("Need-to-know NTK-2026-0001") == TOLD_AT_LEVEL_1
        assert await ntks(council) == 1
        assert "raised" not in sam.latest.words


async def test_typing_while_the_store_is_away_is_answered_in_the_chat(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam = council.person("sam")

        async with store_away(council, tmp_path):
            answers = [await sam.says(line) for line in ("raise", "my items", "help")]
            said = [shown.words.splitlines()[0] for shown in sam.inbox[1:]]
        await sam.says("raise")

        assert [answer.status for answer in answers] == [200, 200, 200]
        assert said == ["Not saved: please phone"] * 3
        assert reading.title(sam.latest) == "Raise a need-to-know"


async def test_an_acknowledgement_while_the_store_is_away_is_not_shown_as_made(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await council.send_all()
        tara = council.person("tara")
        data = reading.data_of(tara.card("Need-to-know NTK-2026-0001"), "ntk.acknowledge")

        async with store_away(council, tmp_path):
            refused = await council.presses("tara", "ntk.acknowledge", data)
        receipt = await council.presses("sam", "ntk.status", data)

        assert reading.title(refused) == "Not saved: please phone"
        assert "acknowledged**" not in receipt.words


async def test_readiness_says_that_the_store_is_away_and_liveness_stays(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council, aiohttp.ClientSession() as session:
        origin = council.teams.messages_url.removesuffix("/api/messages")
        statuses = []
        async with store_away(council, tmp_path):
            for path in ("live", "ready"):
                async with session.get(f"{origin}/health/{path}") as answer:
                    statuses.append(answer.status)
        async with session.get(f"{origin}/health/ready") as answer:
            statuses.append(answer.status)

        assert statuses == [200, 503, 200]


async def test_on_a_full_disk_every_raise_is_whole_or_not_saved(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await let_it_grow_by(council, pages=24)

        ends = [await try_to_raise(council) for _ in range(12)]

        assert set(ends) == {"Need-to-know raised", "Not saved"}
        assert await ntks(council) == ends.count("Need-to-know raised")


async def let_it_grow_by(council: Council, *, pages: int) -> None:
    """From now on the database's file may grow by so many pages, as on a disk that is nearly full."""
    engine = council.parts.context.database.engine
    async with engine.connect() as connection:
        size = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()

    def limit(connection: Any, _: object) -> None:
        connection.cursor().execute(f"PRAGMA max_page_count = {size + pages}")

    event.listen(engine.sync_engine, "connect", limit)
    await engine.dispose()


async def try_to_raise(council: Council) -> str:
    """Sam goes as far as the buttons lead; the first words of the heading of the last card."""
    sam = council.person("sam")
    await sam.says("raise")
    shown = sam.latest
    for button in ("Start a new one", "Continue", "Check and send", f"Send to {len(TOLD_AT_LEVEL_1)} people"):
        if button in shown.buttons:
            shown = await sam.clicks(shown, button, LONG_STORY if button in ("Continue", "Check and send") else None)
    return reading.title(shown).split(":")[0]
