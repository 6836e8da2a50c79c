"""A worker asks the coordinator to change an item: the coordinator finds it on the agenda and moves it."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios.council import MONDAY_AFTERNOON, open_council
from tests.teams_service.chats import actions


async def test_the_coordinator_opens_somebody_s_item_from_the_agenda_and_cancels_it(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.books("sam", "ab 100101 onto legal gateway", request_type="ISSUE")
        connor = council.person("connor")

        await connor.says("agenda legal gateway 9 dec")
        await connor.clicks(connor.card("Agenda: Legal Gateway Panel"), "Open ITEM-2026-0001")
        await connor.clicks(connor.card("ITEM-2026-0001"), "Back to the agenda")
        await connor.clicks(connor.card("Agenda: Legal Gateway Panel"), "Open ITEM-2026-0001")
        await connor.clicks(connor.card("ITEM-2026-0001"), "Cancel item")
        await connor.clicks(connor.card("Cancel ITEM-2026-0001?"), "Yes, cancel it")
        await council.send_all()

        assert "Connor Byrne cancelled it." in council.person("sam").card("ITEM-2026-0001 was cancelled").words


async def test_somebody_else_s_agenda_button_shows_nothing(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.person("chloe").says("agenda legal gateway")
        button = next(
            action for action in actions(council.person("chloe").latest.card) if action.get("title") == "Show latest"
        )

        shown = await council.presses("sam", button["verb"], button["data"])
        own = await council.presses("chloe", button["verb"], button["data"])

        assert "There is nothing by that name that you can see" in shown.words
        assert "Agenda: Legal Gateway Panel" in own.words
