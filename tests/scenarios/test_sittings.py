"""Coordinators and chairs change sittings through the chat: everyone is told, and nobody's item is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from casework.db import items, sittings, slots
from casework.services import sittings as sitting_services
from tests.scenarios import reading
from tests.scenarios.acting import audited
from tests.scenarios.council import MONDAY_AFTERNOON, Council
from tests.teams_service.chats import Shown

CONNOR = "connor"
LGP_9 = "Wed 9 Dec, 9:30am · Legal Gateway Panel"
NO_ROLE = "You don't have the role for this"
CASES = ("100101", "100102", "100103", "100201", "100202", "100301")
WHY = "The chair is at court."


async def manages(council: Council, words: str, first_name: str = CONNOR) -> Shown:
    """The card of one sitting, opened from the list."""
    person = council.person(first_name)
    await person.says("sittings")
    choices = reading.choices(person.latest, "chosen")
    chosen = next(value for value, label in choices.items() if label.startswith(words))
    return await person.clicks(person.latest, "Manage it", {"chosen": chosen})


async def changes(council: Council, words: str, **typed: str) -> Shown:
    """What a change would do: the card before it is saved."""
    person = council.person(CONNOR)
    form = await person.clicks(await manages(council, words), "sitting.change")
    return await person.clicks(form, "See what it does", {"reason": WHY, **typed})


async def saves(council: Council, words: str, **typed: str) -> Shown:
    person = council.person(CONNOR)
    shown = await person.clicks(await changes(council, words, **typed), "Save and tell everyone")
    await council.send_all()
    return shown


async def cancels(council: Council, words: str, reason: str = WHY) -> Shown:
    person = council.person(CONNOR)
    form = await person.clicks(await manages(council, words), "sitting.cancel")
    shown = await person.clicks(form, "sitting.cancel_save", {"reason": reason})
    await council.send_all()
    return shown


async def book_legal_gateway(council: Council, count: int, *, kind: str = "") -> None:
    """So many cases onto the first Legal Gateway that can be booked."""
    for number in range(count):
        inputs = {"request_type": kind} if kind else {}
        shown = await council.books("sam", f"AB {CASES[number]} onto legal gateway", **inputs)
        assert reading.title(shown).startswith("Booked: ")
    await council.send_all()


async def standing(council: Council) -> dict[str, tuple[str, str]]:
    """Reference -> (state, day it is heard)."""
    async with council.parts.context.database.reading() as work:
        rows = (
            await work.connection.execute(select(items.items.c.id, items.items.c.reference, items.items.c.state))
        ).all()
        found = {}
        for id, reference, state in rows:
            slot = await slots.slot_of(work, id)
            there = await sittings.get(work, slot[0]) if slot else None
            found[reference] = (state, f"{there.starts_at:%d %b}" if there else "")
        return found


async def test_a_moved_sitting_takes_its_items_deadline_and_reminders_along(council: Council) -> None:
    await book_legal_gateway(council, 1)

    preview = await changes(council, LGP_9, when_date="2026-12-10", when_time="10:00")
    said = preview.words
    after = await council.person(CONNOR).clicks(preview, "Save and tell everyone")
    await council.send_all()

    assert "1 of 1 items keep a slot on it." in said
    assert reading.facts(after)["Sitting"] == "Thursday 10 December 2026, 10am to 12:30pm"
    # three operating days before Thursday 10 December, at midday
    assert reading.facts(after)["Papers due"] == "Monday 7 December 2026 at midday"
    for who in ("sam", "chloe"):
        card = council.person(who).card("The Legal Gateway Panel has moved")
        assert "Was" in card.words
        assert WHY in card.words
        assert reading.facts(card)["Sitting"] == "Thursday 10 December 2026, 10am to 12:30pm"
    assert "ITEM-2026-0001 · AB (ID 100101): Thu 10 Dec, 10am" in council.person("sam").card("has moved").words
    assert [row["panel"] for row in await audited(council, "sitting.moved")] == ["LGP"]
    await council.at(datetime(2026, 12, 9, 9, 30, tzinfo=UTC))
    assert "You present on Thu 10 Dec" in council.person("sam").latest.words


async def test_a_cancelled_sitting_places_its_items_again_in_order_of_priority(council: Council) -> None:
    await book_legal_gateway(council, 3, kind="ADVICE")
    await council.books("sam", "EF 100201 onto legal gateway", request_type="PREBIRTH")

    shown = await cancels(council, LGP_9)

    assert reading.facts(shown)["Stands"] == "Cancelled"
    assert set((await standing(council)).values()) == {("booked", "16 Dec")}
    card = council.person("sam").card("The Legal Gateway Panel is cancelled").words
    lines = [line for line in card.splitlines() if line.startswith("- ITEM")]
    assert len(lines) == 4
    assert "The agenda" not in card
    # EF is allocated to Marek, who presents it
    assert council.who_sees("The Legal Gateway Panel is cancelled") == ["chloe", "marek", "quinn", "sam"]


async def test_who_finds_no_place_waits_and_gets_the_first_that_comes_free(council: Council) -> None:
    await book_legal_gateway(council, 2, kind="ADVICE")
    async with council.parts.context.database.writing() as work:
        later = select(sittings.sittings.c.id).where(
            sittings.sittings.c.panel == "LGP", sittings.sittings.c.starts_at > datetime(2026, 12, 10, tzinfo=UTC)
        )
        ids = list((await work.connection.execute(later)).scalars())
        for id in ids:
            await sittings.change(work, id, capacity=0)

    await cancels(council, LGP_9)
    waiting = await standing(council)
    await council.person("sam").says("my items")
    mine = council.person("sam").latest.words
    async with council.parts.context.database.writing() as work:
        await sittings.change(work, ids[0], capacity=1)
    again = await council.books("sam", "AB 100101 onto legal gateway", request_type="ADVICE")
    await council.person("sam").says("my items")
    item = await council.person("sam").clicks(council.person("sam").latest, "Open ITEM-2026-0002")
    choosing = await council.person("sam").clicks(item, "Choose a sitting")
    moved = await council.person("sam").clicks(choosing, "Move")

    assert "This case is already booked onto the Legal Gateway Panel" in again.words
    assert set(waiting.values()) == {("waiting", "")}
    assert "waiting for a slot" in mine
    assert reading.title(moved) == "Moved: ITEM-2026-0002"
    await council.person("sam").clicks(await council.person("sam").clicks(moved, "Cancel item"), "Yes, cancel it")
    await council.send_all()
    taken = await council.person("sam").clicks(council.person("sam").card("A slot for ITEM-2026-0001"), "Take the slot")
    assert reading.title(taken) == "Booked: ITEM-2026-0001"


async def test_where_nothing_can_be_booked_one_waits_and_the_most_urgent_is_first(council: Council) -> None:
    await book_legal_gateway(council, 1, kind="ADVICE")
    async with council.parts.context.database.writing() as work:
        mine = select(sittings.sittings.c.id, sittings.sittings.c.booked).where(sittings.sittings.c.panel == "LGP")
        for id, booked in (await work.connection.execute(mine)).all():
            await sittings.change(work, id, capacity=booked, urgent_slots=0)
    sam, neil = council.person("sam"), council.person("neil")

    without = await neil.clicks(
        await council.begins_booking("neil", "CD 100102 onto legal gateway"), "Wait for a slot", {"request_type": ""}
    )
    told = without.words
    first = await neil.clicks(without, "Wait for a slot", {"request_type": "ADVICE"})
    urgent = await council.begins_booking("neil", "EF 100103 onto legal gateway")
    await neil.clicks(urgent, "Wait for a slot", {"request_type": "PREBIRTH"})
    twice = await council.presses("sam", "item.wait", {"draft": "0" * 32})
    await council.person(CONNOR).says("sittings")
    listed = await council.person(CONNOR).clicks(council.person(CONNOR).latest, "Waiting list")
    await sam.says("my items")
    booked = await sam.clicks(sam.latest, "Open ITEM-2026-0001")
    await sam.clicks(await sam.clicks(booked, "Cancel item"), "Yes, cancel it")
    await council.send_all()

    assert "Choose what you are asking the panel for" in told
    assert reading.title(first) == "Waiting for a slot: ITEM-2026-0002"
    assert "This form was sent already" in twice.words
    assert listed.words.index("ITEM-2026-0003") < listed.words.index("ITEM-2026-0002")
    assert await standing(council) == {
        "ITEM-2026-0001": ("cancelled", ""),
        "ITEM-2026-0002": ("waiting", ""),
        "ITEM-2026-0003": ("waiting", ""),
    }
    assert "A slot came free." in neil.card("A slot for ITEM-2026-0003").words
    assert [card for card in neil.cards if "A slot for ITEM-2026-0002" in card.words] == []


async def test_a_shortened_sitting_keeps_the_first_in_line(council: Council) -> None:
    await book_legal_gateway(council, 2, kind="ADVICE")
    await council.books("sam", "EF 100201 onto legal gateway", request_type="PREBIRTH")

    preview = await changes(council, LGP_9, minutes="60")
    said = preview.words
    await council.person(CONNOR).clicks(preview, "Save and tell everyone")
    await council.send_all()

    assert "2 of 3 items keep a slot on it." in said
    stands = await standing(council)
    assert stands["ITEM-2026-0003"] == ("booked", "09 Dec")
    assert sorted(stands.values()) == [("booked", "09 Dec"), ("booked", "09 Dec"), ("booked", "16 Dec")]
    assert "is longer or shorter" in reading.title(council.person("sam").card("is longer or shorter"))


async def test_a_closed_day_waits_for_the_coordinator_who_holds_it_on_another(council: Council) -> None:
    connor = council.person(CONNOR)
    await connor.says("sittings")
    listed = connor.latest
    assert "Days to settle" in listed.words
    assert "Wednesday 30 December 2026" in listed.words

    page = await connor.clicks(listed, "Settle LGP, Wed 30 Dec")
    form = await connor.clicks(page, "Hold it on another day")
    preview = await connor.clicks(
        form, "See what it does", {"when_date": "2027-01-05", "when_time": "09:30", "reason": "The office is closed."}
    )
    await connor.clicks(preview, "Save and tell everyone")
    await connor.says("sittings")

    waits, _, settled = connor.latest.words.partition("Settled")
    assert "Wednesday 30 December 2026" not in waits
    assert "Legal Gateway Panel: Tue 5 Jan, 9:30am. Moved from Wednesday 30 December 2026" in settled
    await council.person("sam").says("next legal gateway")
    assert "Tuesday 5 January 2027" in council.person("sam").latest.words


async def test_no_sitting_on_a_closed_day_is_settled_too(council: Council) -> None:
    connor = council.person(CONNOR)
    await connor.says("sittings")
    page = await connor.clicks(connor.latest, "Settle LGP, Wed 30 Dec")

    form = await connor.clicks(page, "No sitting this time")
    shown = await connor.clicks(form, "sitting.cancel_save", {"reason": "Closed for Christmas."})

    assert reading.facts(shown)["Stands"] == "No sitting"
    await connor.says("sittings")
    assert "Settle LGP, Wed 30 Dec" not in connor.latest.buttons


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"venue": ""}, "This is what it was before: enter something else"),
        ({"when_date": "2026-11-27"}, "This has to lie in the future"),
        ({"when_date": "2026-12-12"}, "The council is closed on that day: choose another"),
        ({"when_date": "2026-12-25"}, "The council is closed on that day: choose another"),
        ({"when_date": "2026-13-01"}, "Enter a real date, like 3 December 2026"),
        ({"reason": ""}, "Enter why"),
        ({"reason": "Annabel Whitcombe is ill."}, "Take out what may say who somebody is"),
    ],
)
async def test_a_change_that_cannot_be_brings_the_form_back(council: Council, typed: dict[str, str], said: str) -> None:
    form = await changes(council, LGP_9, **{"venue": "Room 4", **typed})

    assert said in form.words
    assert reading.typed(form)["venue"] == typed.get("venue", "Room 4")


async def test_a_move_never_puts_the_cut_off_into_the_past(council: Council) -> None:
    await council.at(datetime(2026, 12, 3, 12, tzinfo=UTC))

    preview = await changes(council, LGP_9, when_date="2026-12-07", when_time="09:30")

    # three operating days before the 7th have passed; people were promised Friday 4 December at midday
    assert reading.facts(preview)["Papers due"] == "Friday 4 December 2026 at midday"
    assert "lies in the past" not in preview.words


async def test_where_the_cut_off_has_passed_only_the_chair_lets_papers_in(council: Council) -> None:
    await council.at(datetime(2026, 12, 7, 9, tzinfo=UTC))
    preview = await changes(council, LGP_9, when_date="2026-12-08", when_time="14:00")
    assert "only the chair can let papers in" in preview.words
    await council.person(CONNOR).clicks(preview, "Save and tell everyone")
    await council.send_all()
    card = council.person("chloe").card("The Legal Gateway Panel has moved")
    data = reading.data_of(council.person(CONNOR).latest, "sitting.change")

    refused = await council.presses(CONNOR, "sitting.waive", data)
    form = await council.presses("chloe", "sitting.waive", data)
    shown = await council.presses(
        "chloe",
        "sitting.waive_save",
        reading.data_of(form, "sitting.waive_save")
        | {"until_date": "2026-12-08", "until_time": "12:00", "reason": "Moved at short notice."},
    )
    await council.send_all()

    assert "Legal Gateway Panel" in card.words
    assert NO_ROLE in refused.words
    assert reading.facts(shown)["Papers due"] == "Tuesday 8 December 2026 at midday"
    assert council.who_sees("The Legal Gateway Panel takes papers for longer") == [CONNOR, "quinn"]


async def test_an_extraordinary_sitting_is_called_and_takes_those_who_wait(council: Council) -> None:
    await book_legal_gateway(council, 2, kind="ADVICE")
    async with council.parts.context.database.writing() as work:
        later = select(sittings.sittings.c.id).where(
            sittings.sittings.c.panel == "LGP", sittings.sittings.c.starts_at > datetime(2026, 12, 10, tzinfo=UTC)
        )
        for id in list((await work.connection.execute(later)).scalars()):
            await sittings.change(work, id, capacity=0)
    await cancels(council, LGP_9)
    connor = council.person(CONNOR)
    await connor.says("sittings")
    assert "2 for the Legal Gateway Panel" in connor.latest.words

    form = await connor.clicks(connor.latest, "Call an extraordinary sitting")
    typed = {"panel": "LGP", "when_date": "2026-12-11", "when_time": "09:30", "minutes": "60", "reason": "Two wait."}
    shown = await connor.clicks(form, "Call it and tell everyone", typed)
    await council.send_all()

    assert reading.facts(shown)["Stands"] == "Planned, extraordinary"
    assert set((await standing(council)).values()) == {("booked", "11 Dec")}
    assert council.who_sees("The Legal Gateway Panel sits extraordinarily") == ["chloe", "quinn", "sam"]


async def test_a_chair_calls_for_the_own_panel_only(council: Council) -> None:
    form = await council.presses("chloe", "sitting.call", {})
    refused = await council.presses("sam", "sitting.call", {})

    assert set(reading.choices(form, "panel").values()) == {
        "Care Proceedings Panel",
        "Legal Gateway Panel",
        "PLO Panel",
    }
    assert NO_ROLE in refused.words


@pytest.mark.parametrize("verb", ["sitting.change", "sitting.cancel", "sitting.cancel_save", "sittings.waiting"])
@pytest.mark.parametrize("who", ["sam", "chloe", "dana"])
async def test_nobody_but_a_coordinator_changes_a_sitting(council: Council, who: str, verb: str) -> None:
    data = reading.data_of(await manages(council, LGP_9), "sitting.cancel")

    answer = await council.presses(who, verb, data | {"reason": "No.", "nonce": "0" * 32})

    assert NO_ROLE in answer.words or "There is nothing by that name" in answer.words
    assert await audited(council, "sitting.cancelled") == []


async def test_saved_twice_it_is_done_once(council: Council) -> None:
    await book_legal_gateway(council, 1)
    preview = await changes(council, LGP_9, when_date="2026-12-10")
    data = reading.data_of(preview, "sitting.change_save")

    for _ in range(3):
        await council.presses(CONNOR, "sitting.change_save", data)
    await council.send_all()

    assert len(await audited(council, "sitting.moved")) == 1
    assert len([card for card in council.person("sam").cards if "has moved" in reading.title(card)]) == 1


async def test_two_who_change_one_sitting_do_not_undo_each_other(council: Council) -> None:
    first = await changes(council, LGP_9, when_date="2026-12-10")
    second = await changes(council, LGP_9, when_date="2026-12-11")
    await council.person(CONNOR).clicks(first, "Save and tell everyone")

    late = await council.presses(CONNOR, "sitting.change_save", reading.data_of(second, "sitting.change_save"))

    assert "This card is out of date" in late.words
    assert reading.facts(late)["Sitting"].startswith("Thursday 10 December 2026")


async def test_a_virtual_sitting_says_where_it_is(council: Council) -> None:
    await book_legal_gateway(council, 1)

    await saves(council, LGP_9, venue="Teams: https://teams.example/lgp")

    card = council.person("sam").card("The Legal Gateway Panel is held elsewhere")
    assert reading.facts(card)["Where"] == "Teams: https://teams.example/lgp"


async def test_at_the_same_time_as_another_panel_it_warns(council: Council) -> None:
    # the Access to Resources Panel sits on Monday 7 December from 2pm
    preview = await changes(council, LGP_9, when_date="2026-12-07", when_time="14:30")

    assert "At the same time: Access to Resources Panel." in preview.words


async def test_a_year_made_again_leaves_changed_sittings_alone(council: Council) -> None:
    await saves(council, LGP_9, when_date="2026-12-10")

    added = await sitting_services.extend(council.parts.context)

    assert added == 0
    await council.person("sam").says("next legal gateway")
    assert "Thursday 10 December 2026" in council.person("sam").latest.words
    assert MONDAY_AFTERNOON.year == 2026
