"""Places on a sitting run out, and papers fall due: what is offered then, and what happens to forms opened before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.scenarios import reading
from tests.scenarios.council import MONDAY_AFTERNOON, Council, first_of, open_council
from tests.teams_service.chats import Shown

A_MINUTE = timedelta(minutes=1)
PAPERS_DUE = datetime(2026, 12, 4, 12, tzinfo=UTC)
"""Of Legal Gateway on Wednesday 9 December: midday, three operating days before (issue 2, section 4)."""


async def fill(council: Council, *, but: int) -> str:
    """Book strangers' cases onto the first Legal Gateway on offer until `but` slots are left; its id."""
    form = await council.begins_booking("marek", "GH 100201 onto legal gateway")
    sitting, free = next(iter(reading.free_slots(form).items()))
    for number in range(free - but):
        await council.books("marek", f"XY {700100 + number} onto legal gateway", sitting=sitting)
    return sitting


async def test_a_full_sitting_is_named_as_full_and_not_offered(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sitting = await fill(council, but=0)

        form = await council.begins_booking("sam", "AB 100101 onto legal gateway")

        closed = form.words.split("Not open for booking:")[1]
        assert sitting not in reading.free_slots(form)
        assert "- Wed 9 Dec: full" in closed.splitlines()


async def test_the_loser_of_the_last_slot_is_offered_the_next_sitting(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sitting = await fill(council, but=1)
        sams = await council.begins_booking("neil", "AB 100101 onto legal gateway")
        jos = await council.begins_booking("grace", "LM 100301 onto legal gateway")

        won = await _book(council, "neil", sams, sitting)
        lost = await _book(council, "grace", jos, sitting)
        said, offered = lost.words, reading.choices(lost, "sitting")
        then = await _book(council, "grace", lost, next(iter(offered)))

        assert reading.title(won).startswith("Booked: ")
        assert "The last slot of that sitting has just been taken. Choose another below." in said
        assert reading.day(next(iter(offered.values()))) == "16 Dec"
        assert reading.title(then).startswith("Booked: ")
        assert reading.day(reading.facts(then)["Sitting"]) == "16 Dec"


async def test_moving_into_a_sitting_that_has_filled_up_keeps_the_place_one_has(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sitting = await fill(council, but=1)
        sam = council.person("sam")
        later = list(reading.choices(await council.begins_booking("sam", "AB 100101 onto lgp"), "sitting"))[1]
        mine = await council.books("sam", "AB 100101 onto lgp", sitting=later)
        where = reading.facts(mine)["Sitting"]
        changing = await sam.clicks(mine, "Change sitting")
        await council.books("grace", "LM 100301 onto lgp", sitting=sitting)

        refused = await sam.clicks(changing, "Move", {"sitting": sitting})

        assert "The last slot of that sitting has just been taken." in refused.words
        assert reading.facts(refused)["Sitting"] == where
        assert sitting not in reading.free_slots(refused)


async def test_a_cancelled_place_is_offered_again(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sitting = await fill(council, but=1)
        sam = council.person("sam")
        booked = await council.books("sam", "AB 100101 onto legal gateway", sitting=sitting)
        full = await council.begins_booking("jo", "LM 100301 onto legal gateway")

        await sam.clicks(await sam.clicks(booked, "Cancel item"), "Yes, cancel it")

        again = await council.begins_booking("jo", "LM 100301 onto legal gateway")
        assert sitting not in reading.free_slots(full)
        assert reading.free_slots(again)[sitting] == 1


async def test_after_the_papers_cut_off_only_the_coordinator_is_offered_the_sitting(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.at(PAPERS_DUE - A_MINUTE)
        before = await council.begins_booking("sam", "AB 100101 onto legal gateway")
        first = next(iter(reading.free_slots(before)))
        await council.at(PAPERS_DUE + A_MINUTE)

        sams = await council.begins_booking("sam", "AB 100101 onto legal gateway")
        connors = await council.begins_booking("connor", "AB 100101 onto legal gateway")

        assert "- Wed 9 Dec: papers were due Fri 4 Dec, midday" in sams.words.splitlines()
        assert first not in reading.free_slots(sams)
        assert next(iter(reading.choices(connors, "sitting"))) == first


async def test_a_form_opened_before_the_cut_off_is_refused_after_it_with_the_next_sittings(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.at(PAPERS_DUE - A_MINUTE)
        form = await council.begins_booking("sam", "AB 100101 onto legal gateway")
        first = next(iter(reading.free_slots(form)))
        await council.at(PAPERS_DUE + A_MINUTE)

        refused = await _book(council, "sam", form, first)

        assert "The papers for that sitting were due before now." in refused.words
        assert reading.title(refused) == "Choose a sitting"
        assert first not in reading.free_slots(refused)
        assert reading.typed(refused)["request_type"] != ""


async def _book(council: Council, first_name: str, form: Shown, sitting: str) -> Shown:
    inputs = first_of(form, "request_type") | {"sitting": sitting}
    return await council.person(first_name).clicks(form, "item.book", inputs)
