"""The chair gets the agenda; from then on only the coordinator changes it, and everybody concerned is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from tests.scenarios import reading
from tests.scenarios.council import MONDAY_AFTERNOON, first_of, open_council

AGENDA_DUE = datetime(2026, 12, 7, 16, tzinfo=UTC)
AFTERWARDS = datetime(2026, 12, 7, 16, 30, tzinfo=UTC)
AB = "AB 100101 onto legal gateway"


async def test_the_chair_gets_the_agenda_in_order_with_times(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.books("sam", AB)
        await council.books("marek", "GH 100201 onto legal gateway")

        await council.at(AGENDA_DUE)

        agenda = council.person("chloe").card("Wednesday 9 December")
        lines = [line for line in agenda.words.splitlines() if " · " in line]
        assert council.who_sees("Agenda: Legal Gateway Panel") == ["chloe", "quinn"]
        assert agenda.summary == "Panel agenda"
        assert [line.split(" · ")[:2] for line in lines if line.startswith("**")] == [
            ["**9:30am**", "AB (ID 100101)"],
            [lines[2].split(" · ")[0], "GH (ID 100201)"],
        ]
        assert [line for line in lines if line.startswith("ITEM")] == [
            "ITEM-2026-0001 · presented by Sam Okafor · 30 minutes · papers incomplete",
            "ITEM-2026-0002 · presented by Marek Sadowski · 30 minutes · papers incomplete",
        ]


async def test_after_the_agenda_the_requester_is_sent_to_the_coordinator(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam = council.person("sam")
        booked = await council.books("sam", AB)
        sitting = reading.facts(booked)["Sitting"]
        await council.at(AFTERWARDS)

        changing = await sam.clicks(booked, "Change sitting")

        assert "The agenda has gone out. Ask the panel coordinator to change or cancel this item." in changing.words
        assert changing.buttons == ["Papers", "Change presenter"]
        assert reading.facts(changing)["Sitting"] == sitting


async def test_a_cancel_button_opened_before_the_agenda_is_refused_after_it(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam = council.person("sam")
        asked = await sam.clicks(await council.books("sam", AB), "Cancel item")
        await council.at(AFTERWARDS)

        refused = await sam.clicks(asked, "Yes, cancel it")
        await sam.says("my items")

        assert "The agenda has gone out. Ask the panel coordinator" in refused.words
        assert sam.card("Your panel items").buttons == ["Open ITEM-2026-0001"]


async def test_the_coordinator_moves_somebodys_item_and_they_are_told(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        booked = await council.books("sam", AB)
        held = reading.data_of(booked, "item.change")

        changing = await council.presses("connor", "item.change", held)
        target, words = list(reading.choices(changing, "sitting").items())[1]
        moved = await council.presses(
            "connor", "item.move", reading.data_of(changing, "item.move") | {"sitting": target}
        )
        await council.send_all()

        told = council.person("sam").card("ITEM-2026-0001 was moved")
        assert reading.title(moved) == "Moved: ITEM-2026-0001"
        assert "Connor Byrne moved it." in told.words
        assert reading.facts(told) == reading.facts(moved)
        assert reading.day(reading.facts(told)["Sitting"]) == reading.day(words)
        assert told.summary == "Panel item"
        assert told.buttons == ["Papers", "Change presenter", "Change sitting", "Cancel item"]


async def test_a_change_after_the_agenda_brings_the_chair_a_changed_agenda(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        connor, chloe, marek = council.person("connor"), council.person("chloe"), council.person("marek")
        mareks = await council.begins_booking("marek", "GH 100201 onto legal gateway")
        sitting = next(iter(reading.choices(mareks, "sitting")))
        await council.books("connor", AB, sitting=sitting)
        asked = await marek.clicks(mareks, "Ask for it", first_of(mareks, "request_type") | {"sitting": sitting})
        await council.approved("marek", asked)
        await council.at(AFTERWARDS)
        first = chloe.card("Wednesday 9 December")

        await connor.says("my items")
        item = await connor.clicks(connor.card("Your panel items"), "Open ITEM-2026-0001")
        await connor.clicks(await connor.clicks(item, "Cancel item"), "Yes, cancel it")
        await council.send_all()

        second = chloe.card("Wednesday 9 December")
        assert second.activity_id != first.activity_id
        assert "This agenda has changed since you last got it." in second.words
        assert [line for line in second.words.splitlines() if line.startswith("ITEM") and "presented" in line] == [
            "ITEM-2026-0002 · presented by Marek Sadowski · 30 minutes · papers incomplete"
        ]
        assert "Connor Byrne cancelled it." in council.person("sam").card("ITEM-2026-0001 was cancelled").words


async def test_before_the_agenda_nobody_is_told_of_changes_to_it(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam, chloe = council.person("sam"), council.person("chloe")
        booked = await council.books("sam", AB)
        await council.send_all()
        before = [shown.words for shown in chloe.inbox]

        await sam.clicks(await sam.clicks(booked, "Cancel item"), "Yes, cancel it")
        await council.send_all()
        straight_after = [shown.words for shown in chloe.inbox]
        await council.at(AGENDA_DUE)

        assert straight_after == before
        assert "Nothing is booked yet." in chloe.card("Wednesday 9 December").words
