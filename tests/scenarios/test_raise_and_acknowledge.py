"""A social worker raises an NTK at 16:50; the line of managers gets it and acknowledges it."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.council import MONDAY_AFTERNOON, TOLD_AT_LEVEL_1, open_council


async def test_raise_tells_the_line_and_shows_who_acknowledged(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()

        receipt = await council.raises("sam")
        await council.send_all()
        await council.person("tara").clicks(council.person("tara").card("Need-to-know NTK-2026-0001"), "Acknowledge")
        await council.send_all()

        assert council.who_sees("Need-to-know NTK-2026-0001") == TOLD_AT_LEVEL_1
        shown = council.person("sam").card("Need-to-know raised")
        assert shown.activity_id == receipt.activity_id
        assert "Tara Whitfield, team manager: **acknowledged** Mon 30 Nov, 4:50pm" in shown.words
        assert "Chloe Marsh, head of service: delivered" in shown.words
        assert "You acknowledged this" in council.person("tara").latest.words
