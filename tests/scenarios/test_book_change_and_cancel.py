"""A social worker books a case onto a panel, moves it, cancels it; old cards and double clicks do no harm."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.scenarios import reading
from tests.scenarios.council import MONDAY_AFTERNOON, Council, first_of, open_council

AB = "AB 100101 onto legal gateway"


async def my_items(council: Council, first_name: str) -> list[str]:
    """The references on somebody's list, soonest first."""
    person = council.person(first_name)
    await person.says("my items")
    return [button.removeprefix("Open ") for button in person.card("Your panel items").buttons]


async def opened(council: Council, first_name: str, reference: str) -> dict[str, str]:
    """The facts of an item, opened from somebody's list."""
    person = council.person(first_name)
    await person.says("my items")
    return reading.facts(await person.clicks(person.card("Your panel items"), f"Open {reference}"))


async def test_booking_shows_the_slot_and_stands_in_my_items(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        form = await council.begins_booking("sam", AB)
        offered = next(iter(reading.choices(form, "sitting").values()))

        booked = await council.books("sam", AB)

        shown = reading.facts(booked)
        assert reading.title(booked) == "Booked: ITEM-2026-0001"
        assert shown["Child"] == "AB (ID 100101)"
        assert shown["Panel"] == "Legal Gateway Panel"
        assert shown["Presenter"] == "Sam Okafor"
        assert shown["Your slot"] == "number 1, about 9:30am"
        assert reading.day(shown["Sitting"]) == reading.day(offered)
        assert await my_items(council, "sam") == ["ITEM-2026-0001"]
        assert await opened(council, "sam", "ITEM-2026-0001") == shown


async def test_booking_by_an_old_client_gives_the_same_card(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")
        await sam.says("book a case")
        form = sam.latest
        inputs = {"initials": "AB", "case_id": "100101", "panel": "LGP"}

        await sam.clicks(form, "See the next sittings", inputs, way="submit")
        await sam.clicks(sam.latest, "Ask for it", first_of(sam.latest, "request_type"), way="submit")

        assert [reading.title(card) for card in sam.cards] == ["Waiting for approval: ITEM-2026-0001"]
        assert sam.latest.activity_id == form.activity_id
        assert reading.facts(sam.latest)["Child"] == "AB (ID 100101)"


async def test_mistakes_return_the_form_with_what_was_typed_and_every_error(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")
        await sam.says("book a case")

        form = await sam.clicks(sam.latest, "See the next sittings", {"initials": "A1", "case_id": "twelve"})

        assert reading.title(form) == "Book a case onto a panel"
        assert reading.typed(form) == {"initials": "A1", "case_id": "twelve", "panel": ""}
        assert form.words.count("Enter initials only, 1 to 4 letters, like AB") >= 1
        assert form.words.count("Check the case ID: it should look like 123456") >= 1
        assert form.words.count("Choose a panel") >= 1
        assert await my_items(council, "sam") == []


async def test_change_sitting_gives_the_old_place_back(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")
        before = reading.free_slots(await council.begins_booking("sam", AB))
        booked = await council.books("sam", AB)

        changing = await sam.clicks(booked, "Change sitting")
        target, words = list(reading.choices(changing, "sitting").items())[1]
        moved = await sam.clicks(changing, "Move", {"sitting": target})

        after = reading.free_slots(await council.begins_booking("sam", "CD 100102 onto legal gateway"))
        assert reading.title(moved) == "Moved: ITEM-2026-0001"
        assert reading.day(reading.facts(moved)["Sitting"]) == reading.day(words)
        assert after == {sitting: free - (sitting == target) for sitting, free in before.items()}
        assert await opened(council, "sam", "ITEM-2026-0001") == reading.facts(moved)


async def test_cancel_asks_once_and_frees_the_case_to_be_booked_again(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")
        booked = await council.books("sam", AB)
        second_try = await council.books("sam", AB)

        asked = await sam.clicks(booked, "Cancel item")
        cancelled = await sam.clicks(asked, "Yes, cancel it")
        third_try = await council.books("sam", AB)

        assert "This case is already booked onto the Legal Gateway Panel." in second_try.words
        assert reading.title(cancelled) == "Cancelled: ITEM-2026-0001"
        assert cancelled.buttons == []
        assert reading.title(third_try) == "Booked: ITEM-2026-0002"
        assert await my_items(council, "sam") == ["ITEM-2026-0002"]


async def test_stale_card_says_so_and_shows_the_item_as_it_stands(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")
        first_card = await council.books("sam", AB)
        await sam.says("my items")
        second_card = await sam.clicks(sam.latest, "Open ITEM-2026-0001")
        stale_form = await sam.clicks(first_card, "Cancel item")
        changing = await sam.clicks(second_card, "Change sitting")
        moved = await sam.clicks(changing, "Move")

        answer = await sam.clicks(stale_form, "Yes, cancel it")

        assert reading.title(answer) == "This card is out of date"
        assert reading.facts(answer) == reading.facts(moved)
        assert answer.buttons == ["Papers", "Change presenter", "Change sitting", "Cancel item"]
        assert await my_items(council, "sam") == ["ITEM-2026-0001"]


async def test_double_click_books_once_and_shows_the_same_item_twice(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        form = await council.begins_booking("neil", AB)
        before = reading.free_slots(form)
        sitting, free = next(iter(before.items()))
        data = reading.data_of(form, "item.book") | first_of(form, "request_type") | {"sitting": sitting}

        shown = await asyncio.gather(*(council.presses("neil", "item.book", data) for _ in range(5)))

        after = reading.free_slots(await council.begins_booking("sam", "CD 100102 onto legal gateway"))
        assert [reading.title(card) for card in shown] == ["Booked: ITEM-2026-0001"] * 5
        assert await my_items(council, "neil") == ["ITEM-2026-0001"]
        assert after == before | {sitting: free - 1}


async def test_the_same_activity_sent_again_books_once_and_gets_the_same_answer(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")
        form = await council.begins_booking("sam", AB)
        first = dict(sam.last_activity)
        await sam.clicks(form, "Ask for it", first_of(form, "request_type"))
        click = dict(sam.last_activity)
        standing = len(sam.inbox)

        answers = [await council.teams.post(click) for _ in range(2)]
        typed_again = await council.teams.post(first)

        assert [answer.body["value"] for answer in answers] == [form.card, form.card]
        assert reading.title(form) == "Waiting for approval: ITEM-2026-0001"
        assert (typed_again.status, len(sam.inbox)) == (200, standing)
        assert await my_items(council, "sam") == ["ITEM-2026-0001"]
