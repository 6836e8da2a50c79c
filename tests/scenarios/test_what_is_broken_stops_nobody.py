"""One broken row in the outbox: its neighbours go out, and somebody is told to phone."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from tests.scenarios.council import MONDAY_AFTERNOON, TOLD_AT_LEVEL_1, Council, open_council


async def spoil(council: Council, statement: str) -> None:
    async with council.parts.context.database.writing() as work:
        await work.connection.execute(text(statement))


async def test_a_narrative_nobody_can_open_still_tells_the_raiser_to_phone(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await spoil(council, "UPDATE ntks SET narrative = X'00'")

        await council.send_all()

        phone = council.person("sam").card("was not delivered to everyone").words
        assert "- Tara Whitfield, team manager: 01632 960102" in phone
        assert "NTK-2026-0001" in phone


async def test_a_kind_of_a_newer_version_waits_and_the_others_go_out(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.raises("sam")
        tara = await council.id_of("tara")
        await spoil(council, f"UPDATE deliveries SET kind = 'of_tomorrow' WHERE person_id = '{tara}'")

        await council.send_all()

        assert council.who_sees("Need-to-know NTK-2026-0001") == [name for name in TOLD_AT_LEVEL_1 if name != "tara"]
