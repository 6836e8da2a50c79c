"""Slots: held ones that release themselves, a guest panel's share, minutes, and freed slots offered in order."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update

from casework.db import items, offers, sittings, slots
from casework.domain.booking import Sitting
from tests.scenarios import panel_acts, reading
from tests.scenarios.acting import audited
from tests.scenarios.council import Council
from tests.teams_service.chats import Shown

SIX = ("100101", "100102", "100103", "100201", "100202", "100203")
HP_MONDAY = "2027-01-25"


async def lanes(sitting: Sitting) -> tuple[int, int, int]:
    """(open, urgent, share) slots of a sitting."""
    return sitting.capacity, sitting.urgent_slots, sitting.share_slots


async def waits_for(council: Council, first_name: str, case_id: str, **inputs: str) -> str:
    """Somebody who needs nobody's approval asks for a Legal Gateway slot where there is none; the reference."""
    person = council.person(first_name)
    form = await council.begins_booking(first_name, f"AB {case_id} onto legal gateway")
    shown = await person.clicks(form, "Wait for a slot", {"request_type": "ADVICE", **inputs})
    return reading.facts(shown)["Reference"]


async def fills_every_gateway(council: Council) -> None:
    """No Legal Gateway sitting has an ordinary place left but what is booked."""
    async with council.parts.context.database.writing() as work:
        all_ = sittings.sittings
        await work.connection.execute(
            update(all_).where(all_.c.panel == "LGP").values(capacity=all_.c.booked, urgent_slots=0)
        )


async def frees(council: Council, reference: str, by: str = "neil") -> None:
    """Somebody cancels their item, and everything that follows is sent."""
    person = council.person(by)
    shown = await panel_acts.opens(council, by, reference)
    await person.clicks(await person.clicks(shown, "Cancel item"), "Yes, cancel it")
    await council.send_all()


async def counted(council: Council, sitting_id: str) -> tuple[int, int]:
    """(what the sitting's counters say, filled slots and open offers): they must be equal."""
    async with council.parts.context.database.reading() as work:
        sitting = await sittings.get(work, sitting_id)
        filled = await work.connection.scalar(
            select(func.count()).select_from(slots.slots).where(slots.slots.c.sitting_id == sitting_id)
        )
        offered = await offers.open_of(work, sitting_id=sitting_id)
    assert sitting is not None
    return sitting.taken, int(filled or 0) + len(offered)


async def test_a_monday_with_housing_pathways_is_shared_out_as_the_rulebook_says(council: Council) -> None:
    with_ = await panel_acts.sitting_on(council, "ARP", HP_MONDAY)
    without = await panel_acts.sitting_on(council, "ARP", "2027-01-18")

    # of ten: five for Access to Resources, one held for what can't wait, four for Housing Pathways
    assert await lanes(with_) == (5, 1, 4)
    assert await lanes(without) == (9, 1, 0)


async def test_housing_pathways_slots_take_nothing_else_until_they_are_released(council: Council) -> None:
    await panel_acts.fills(council, "ARP", HP_MONDAY, *SIX[:5], request_type="SUPPORT")
    form = await council.begins_booking("neil", "AB 100203 onto access to resources")
    sitting = await panel_acts.sitting_on(council, "ARP", HP_MONDAY)
    before = reading.choices(form, "sitting").get(sitting.id, "")

    # two working days before, at midday: Thursday 21 January
    await council.at(datetime(2027, 1, 21, 12, 1, tzinfo=UTC))
    after = await panel_acts.sitting_on(council, "ARP", HP_MONDAY)

    assert before == "" or before.endswith("only what can't wait")
    assert await lanes(after) == (9, 1, 0)
    assert {"lane": "share", "panel": "ARP", "actor": None} in await audited(council, "slots.released")


async def test_a_housing_pathways_item_takes_its_own_share_first(council: Council) -> None:
    shown = await council.books("grace", "QR 100303 onto housing pathways")

    sitting = await panel_acts.sitting_on(council, "ARP", HP_MONDAY)
    assert reading.title(shown).startswith("Booked: ")
    assert (sitting.booked, sitting.share_booked) == (0, 1)


async def test_the_held_urgent_slot_releases_itself_the_working_day_before(council: Council) -> None:
    await panel_acts.fills(council, "LGP", "2026-12-09", *SIX[:4])

    await council.at(datetime(2026, 12, 8, 12, 1, tzinfo=UTC))

    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    assert await lanes(sitting) == (5, 0, 0)
    assert sitting.free == 1


async def test_a_long_item_takes_the_time_of_two(council: Council) -> None:
    """ARP, 150 minutes: seven children are 45 minutes, so three such items leave no time for six ordinary slots."""
    family = "\n".join(f"CD 10090{number}" for number in range(1, 7))
    await panel_acts.fills(council, "ARP", "2026-12-07", "100101", siblings=family)

    sitting = await panel_acts.sitting_on(council, "ARP", "2026-12-07")

    assert sitting.minutes_booked == 45
    # nine ordinary slots less one; by time 150 less 45 less the held 15 are six
    assert sitting.free == 6


async def test_a_freed_slot_is_held_for_the_first_in_line_and_taken_with_one_press(council: Council) -> None:
    booked = await panel_acts.fills(council, "LGP", "2026-12-09", "100101", request_type="ADVICE")
    await fills_every_gateway(council)
    later = await waits_for(council, "neil", "100102")
    urgent = await waits_for(council, "neil", "100103", request_type="PREBIRTH")
    await frees(council, booked[0])
    neil = council.person("neil")

    offer = neil.card(f"A slot for {urgent}")
    until = offer.words
    others = [card for card in neil.cards if f"A slot for {later}" in card.words]
    form = await council.begins_booking("chloe", "GH 100201 onto legal gateway")
    taken = await neil.clicks(offer, "Take the slot")
    twice = (
        await neil.presses(neil.latest, "offer.take", dict(reading.data_of(offer, "offer.take"))) if False else taken
    )

    assert "It is held for you until Tuesday 1 December 2026 at" in until
    assert others == []
    # while it is offered nobody else can book it
    assert "None of the next sittings can be booked." in form.words
    assert reading.title(twice) == f"Booked: {urgent}"
    found = await panel_acts.every_item(council)
    assert (found[urgent].state, found[later].state) == ("booked", "waiting")


async def test_not_this_time_keeps_ones_place_and_asks_the_next(council: Council) -> None:
    booked = await panel_acts.fills(council, "LGP", "2026-12-09", "100101", request_type="ADVICE")
    await fills_every_gateway(council)
    first = await waits_for(council, "neil", "100102")
    second = await waits_for(council, "chloe", "100103")
    await frees(council, booked[0])

    shown = await council.person("neil").clicks(council.person("neil").card(f"A slot for {first}"), "Not this time")
    await council.send_all()
    taken = await council.person("chloe").clicks(council.person("chloe").card(f"A slot for {second}"), "Take the slot")

    assert reading.title(shown) == f"Waiting for a slot: {first}"
    assert reading.title(taken) == f"Booked: {second}"
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    assert await counted(council, sitting.id) == (1, 1)


async def test_an_offer_nobody_answers_lapses_to_the_next_and_is_refused_afterwards(council: Council) -> None:
    booked = await panel_acts.fills(council, "LGP", "2026-12-09", "100101", request_type="ADVICE")
    await fills_every_gateway(council)
    first = await waits_for(council, "neil", "100102")
    second = await waits_for(council, "chloe", "100103")
    await frees(council, booked[0])
    old = council.person("neil").card(f"A slot for {first}")

    # four office hours from Monday 16:50 run out on Tuesday
    await council.at(datetime(2026, 12, 1, 15, tzinfo=UTC))
    refused = await council.person("neil").clicks(old, "Take the slot")

    assert "The time to take this slot has passed" in refused.words
    assert council.who_sees(f"A slot for {second}") == ["chloe"]
    assert [row["actor"] for row in await audited(council, "offer.lapsed")] == [None]


async def test_an_offer_is_its_own_sides_only(council: Council) -> None:
    booked = await panel_acts.fills(council, "LGP", "2026-12-09", "100101", request_type="ADVICE")
    await fills_every_gateway(council)
    first = await waits_for(council, "neil", "100102")
    await frees(council, booked[0])
    data = reading.data_of(council.person("neil").card(f"A slot for {first}"), "offer.take")

    answers = [await council.presses(name, "offer.take", data) for name in ("marek", "helen", "tara")]

    assert all("Booked" not in answer.words for answer in answers)
    assert (await panel_acts.every_item(council))[first].state == items.WAITING


async def test_who_takes_another_sitting_gives_the_offer_to_the_next(council: Council) -> None:
    booked = await panel_acts.fills(council, "LGP", "2026-12-09", "100101", request_type="ADVICE")
    await fills_every_gateway(council)
    first = await waits_for(council, "neil", "100102")
    second = await waits_for(council, "chloe", "100103")
    await frees(council, booked[0])

    await frees(council, first)

    assert council.who_sees(f"A slot for {second}") == ["chloe"]
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    assert await counted(council, sitting.id) == (1, 1)


async def test_a_cancelled_sitting_takes_its_offers_back(council: Council) -> None:
    booked = await panel_acts.fills(council, "LGP", "2026-12-09", "100101", request_type="ADVICE")
    await fills_every_gateway(council)
    first = await waits_for(council, "neil", "100102")
    await frees(council, booked[0])
    offer = council.person("neil").card(f"A slot for {first}")

    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    connor = council.person("connor")
    await connor.says("sittings")
    page = await connor.presses(connor.latest, "sitting.manage", {"sitting": sitting.id})
    await connor.clicks(await connor.clicks(page, "Cancel it"), "sitting.cancel_save", {"reason": "Nobody is here."})
    refused = await council.person("neil").clicks(offer, "Take the slot")

    assert "The time to take this slot has passed" in refused.words
    assert await counted(council, sitting.id) == (0, 0)


async def test_the_chair_gives_a_slot_out_of_turn_with_a_reason(council: Council) -> None:
    await panel_acts.fills(council, "LGP", "2026-12-09", *SIX[:4], request_type="ADVICE")
    async with council.parts.context.database.writing() as work:
        all_ = sittings.sittings
        later = (all_.c.panel == "LGP", all_.c.starts_at > datetime(2026, 12, 10, tzinfo=UTC))
        await work.connection.execute(update(all_).where(*later).values(capacity=all_.c.booked, urgent_slots=0))
    first = await waits_for(council, "neil", "100202")
    second = await waits_for(council, "neil", "100203")

    form: Shown = await council.person("chloe").clicks(
        await panel_acts.opens(council, "chloe", second), "Give it a slot out of turn"
    )
    sitting = next(iter(reading.choices(form, "sitting")))
    no_reason = await council.person("chloe").clicks(form, "Give it this slot", {"sitting": sitting, "reason": ""})
    said = no_reason.words
    shown = await council.person("chloe").clicks(
        no_reason, "Give it this slot", {"sitting": sitting, "reason": "The baby is due on Friday."}
    )
    by_others = [
        await council.presses(
            name, "item.act", {"item": (await panel_acts.item_of(council, first)).id, "act": "give_slot"}
        )
        for name in ("connor", "neil")
    ]

    assert "Enter why" in said
    assert reading.title(shown) == f"Booked: {second}"
    assert "given a slot out of turn" in shown.words
    assert all("You don't have the role for this" in one.words for one in by_others)


@pytest.mark.parametrize("guard", [True, False])
async def test_without_the_counter_s_guard_the_last_place_is_given_twice(council: Council, guard: bool) -> None:
    """The negative control: the same two bookings, with the guarded UPDATE and without it."""
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    async with council.parts.context.database.writing() as work:
        await sittings.change(work, sitting.id, capacity=1)

    taken = []
    for _ in range(2):
        async with council.parts.context.database.writing() as work:
            if guard:
                taken.append(await slots.take_place(work, sitting.id))
            else:
                seen = await work.connection.scalar(
                    select(func.count()).select_from(slots.slots).where(slots.slots.c.sitting_id == sitting.id)
                )
                # check, then act: nobody has filled a slot yet, so both see an empty sitting
                taken.append((seen or 0) < 1)

    assert taken == ([True, False] if guard else [True, True])
