"""Asking for a slot: families as one item, approvals in turn, what is sent back or declined, on behalf of another."""

from __future__ import annotations

from datetime import UTC, date, datetime

from casework.db import item_children, items, sittings
from tests.scenarios import chain, panel_acts, reading
from tests.scenarios.acting import audited, leaked
from tests.scenarios.council import Council

LGP = "AB 100101 onto legal gateway"
FIRST = "ITEM-2026-0001"


async def test_a_family_is_one_item_with_each_child_named(council: Council) -> None:
    shown = await council.asks("sam", LGP, siblings="CD 100102\nEF 100103")

    item = await panel_acts.item_of(council)
    async with council.parts.context.database.reading() as work:
        family = await item_children.of_item(work, item.id)
    assert reading.facts(shown)["Children"] == "AB (ID 100101), CD (ID 100102), EF (ID 100103)"
    assert [child.initials for child in family] == ["AB", "CD", "EF"]
    # thirty minutes for the first, five for each further child
    assert item.minutes == 40


async def test_a_child_named_twice_or_badly_brings_the_form_back(council: Council) -> None:
    twice = await council.asks("sam", LGP, siblings="AB 100101")
    said = twice.words
    badly = await council.person("sam").clicks(twice, "Ask for it", {"siblings": "Annabel 12"})

    assert "This child is named twice" in said
    assert "Enter one child a line" in badly.words
    assert reading.typed(badly)["siblings"] == "Annabel 12"
    assert await panel_acts.every_item(council) == {}


async def test_a_sibling_already_before_the_panel_is_not_asked_for_twice(council: Council) -> None:
    await council.asks("sam", LGP, siblings="CD 100102")

    again = await council.asks("sam", "CD 100102 onto legal gateway")

    assert "This case is already booked onto the Legal Gateway Panel" in again.words
    assert list(await panel_acts.every_item(council)) == [FIRST]


async def test_the_team_manager_then_the_service_manager_approve_and_it_gets_its_slot(council: Council) -> None:
    shown = await council.asks("sam", LGP)
    await council.send_all()
    asked = council.who_sees(f"For your approval: {FIRST}")
    first = await council.person("tara").clicks(council.person("tara").card("For your approval"), "Approve")
    await council.send_all()
    then = council.who_sees(f"For your approval: {FIRST}")
    second = await council.person("neil").clicks(council.person("neil").card("For your approval"), "Approve")
    await council.send_all()

    assert reading.title(shown) == f"Waiting for approval: {FIRST}"
    assert "Waiting for the team manager: Tara Whitfield" in shown.words
    assert asked == ["tara"]
    assert "Waiting for the service manager: Neil Abara" in first.words
    assert then == ["neil"]
    assert reading.title(second) == f"Booked: {FIRST}"
    assert "Neil Abara approved it." in council.person("sam").card(f"{FIRST} was approved").words
    assert [row["for"] for row in await audited(council, "item.approved")] == ["TM", "SM"]


async def test_nobody_approves_what_they_asked_for_and_a_manager_says_yes_for_those_below(council: Council) -> None:
    tara = await council.asks("tara", LGP)
    neil = await council.asks("neil", "CD 100102 onto legal gateway")

    assert "Approve" not in tara.buttons
    assert "Waiting for the service manager" in tara.words
    assert reading.title(neil) == "Booked: ITEM-2026-0002"


async def test_what_is_sent_back_can_be_changed_and_goes_round_again(council: Council) -> None:
    await council.asks("sam", LGP, summary="Please.")

    back = await panel_acts.does(council, "tara", "Send back", reason="Say what has been tried.")
    told = council.person("sam").card(f"{FIRST} was sent back")
    form = await council.person("sam").clicks(told, "Change and send again")
    empty = await council.person("sam").clicks(form, "Send again", {"summary": ""})
    said = empty.words
    again = await council.person("sam").clicks(empty, "Send again", {"summary": "Family support did not hold."})

    assert reading.title(back) == f"Sent back: {FIRST}"
    assert "Tara Whitfield: Say what has been tried." in told.words
    assert "Enter what you ask for" in said
    assert reading.title(again) == f"Waiting for approval: {FIRST}"
    assert "Family support did not hold." in again.words
    assert (await panel_acts.item_of(council)).awaiting == "TM"


async def test_a_service_manager_declines_with_a_reason_and_worker_and_team_manager_are_told(council: Council) -> None:
    await council.asks("sam", LGP)
    await panel_acts.approves(council, "tara")
    await council.send_all()

    no_reason = await panel_acts.does(council, "neil", "Decline", reason="")
    said = no_reason.words
    shown = await council.person("neil").clicks(no_reason, "Decline it", {"reason": "Not at threshold yet."})
    await council.send_all()

    assert "Enter why" in said
    assert reading.title(shown) == f"Declined: {FIRST}"
    assert council.who_sees(f"{FIRST} was declined") == ["sam", "tara"]
    assert (await panel_acts.item_of(council)).state == items.DECLINED


async def test_a_team_manager_can_send_back_but_not_decline(council: Council) -> None:
    await council.asks("sam", LGP)
    item = await panel_acts.item_of(council)

    answer = await council.presses("tara", "item.do", {"item": item.id, "act": "decline", "reason": "No."})

    assert "You don't have the role for this" in answer.words
    assert (await panel_acts.item_of(council)).state == items.AWAITING


async def test_a_manager_of_another_team_is_not_asked_and_cannot_say_yes(council: Council) -> None:
    await council.asks("sam", LGP)
    item = await panel_acts.item_of(council)

    answer = await council.presses("ruth", "item.do", {"item": item.id, "act": "approve", "version": item.version})

    assert "There is nothing by that name that you can see" in answer.words
    assert (await panel_acts.item_of(council)).awaiting == "TM"


async def test_nobody_answers_and_on_the_next_working_day_the_tier_above_is_asked_too(council: Council) -> None:
    await council.asks("sam", LGP)
    await council.send_all()
    before = council.who_sees(f"For your approval: {FIRST}")

    await council.at(datetime(2026, 12, 1, 12, 1, tzinfo=UTC))

    assert before == ["tara"]
    assert council.who_sees(f"For your approval: {FIRST}") == ["neil", "tara"]
    # the service manager may say yes for the team manager too: the item is booked at once
    shown = await council.person("neil").clicks(council.person("neil").card("For your approval"), "Approve")
    assert reading.title(shown) == f"Booked: {FIRST}"


async def test_with_the_team_manager_on_leave_the_service_manager_is_asked_at_once(council: Council) -> None:
    await chain.arranges(council, "tara", starts_on=date(2026, 11, 30), ends_on=date(2026, 12, 4))

    await council.asks("sam", LGP)
    await council.send_all()

    assert council.who_sees(f"For your approval: {FIRST}") == ["neil"]


async def test_approved_when_its_sitting_is_full_it_goes_to_the_next_one(council: Council) -> None:
    await council.asks("sam", LGP)
    await panel_acts.fills(council, "LGP", "2026-12-09", "100102", "100103", "100201", "100202")

    await panel_acts.approves(council, "tara")
    await panel_acts.approves(council, "neil")
    await council.send_all()

    told = council.person("sam").card(f"{FIRST} was approved")
    assert reading.facts(told)["Sitting"] == "Wednesday 16 December 2026, 9:30am to midday"


async def test_what_cannot_wait_needs_the_head_of_service_and_takes_the_held_slot(council: Council) -> None:
    await panel_acts.fills(council, "LGP", "2026-12-09", "100102", "100103", "100201", "100202")
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")

    form = await council.begins_booking("sam", LGP)
    offered = reading.choices(form, "sitting")[sitting.id]
    kind = {"request_type": "ISSUE", "sitting": sitting.id}
    refused = await council.person("sam").clicks(form, "Ask for it", kind)
    said = refused.words
    shown = await council.person("sam").clicks(refused, "Ask for it", {**kind, "urgent": "yes"})
    await panel_acts.approves(council, "tara")
    await panel_acts.approves(council, "neil")
    waits = await panel_acts.item_of(council, "ITEM-2026-0005")
    await panel_acts.approves(council, "chloe")
    after = await panel_acts.sitting_on(council, "LGP", "2026-12-09")

    assert offered == "Wed 9 Dec, 9:30am · only what can't wait"
    assert "The last slot of that sitting has just been taken" in said
    assert reading.title(shown) == "Waiting for approval: ITEM-2026-0005"
    assert (waits.state, waits.awaiting) == ("awaiting", "HOS")
    assert (after.booked, after.urgent_booked, after.taken) == (4, 1, 5)


async def test_a_coordinator_asks_on_behalf_and_names_who_presents(council: Council) -> None:
    wrong = await council.asks("connor", "GH 100201 onto legal gateway", presenter="Nobody Known")
    said = wrong.words
    shown = await council.person("connor").clicks(wrong, "Ask for it", {"presenter": "Sam Okafor"})

    assert "Nobody of that name is on Usher's list" in said
    assert reading.facts(shown)["Presenter"] == "Sam Okafor"
    # the case is the south team's: its own managers are asked
    assert "Waiting for the team manager: Ruth Ainsley" in shown.words


async def test_what_is_asked_is_held_back_where_it_may_say_who_somebody_is(council: Council) -> None:
    shown = await council.asks("sam", LGP, summary="Annabel Whitcombe is at risk.")
    said = shown.words
    kept = await council.person("sam").clicks(
        shown, "Ask for it", {"privacy_reason": "The court asked for the full name."}
    )

    assert "This may say who somebody is" in said
    assert reading.title(kept) == f"Waiting for approval: {FIRST}"
    assert await leaked(council, "Whitcombe", "The court asked") == []
    assert [row["kept_identifiers"] for row in await audited(council, "item.requested")] == [1]


async def test_a_near_date_moves_a_request_up_a_band(council: Council) -> None:
    await council.asks("sam", LGP, request_type="ADVICE", deadline="2027-02-01")
    await council.asks("sam", "CD 100102 onto legal gateway", request_type="ADVICE", deadline="2027-09-01")

    found = await panel_acts.every_item(council)

    # a supervision order that ends, or a baby due, within three months
    assert (found[FIRST].band, found["ITEM-2026-0002"].band) == (3, 5)


async def test_approvals_lists_what_waits_for_ones_word(council: Council) -> None:
    await council.asks("sam", LGP)
    await council.asks("marek", "GH 100201 onto legal gateway")

    for name in ("tara", "ruth", "helen"):
        await council.person(name).says("approvals")

    assert "Open ITEM-2026-0001" in council.person("tara").latest.buttons
    assert "Open ITEM-2026-0002" not in council.person("tara").latest.buttons
    assert "Open ITEM-2026-0002" in council.person("ruth").latest.buttons
    assert "Nothing waits for your approval." in council.person("helen").latest.words


async def test_a_second_urgent_case_prompts_an_extraordinary_sitting(council: Council) -> None:
    """Scenario 11 of the trade: sitting full, its held slot used, another that can't wait."""
    await panel_acts.fills(council, "LGP", "2026-12-09", "100102", "100103", "100201", "100202")
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    for case_id in ("100101", "100301"):
        form = await council.begins_booking("sam" if case_id == "100101" else "jo", f"AB {case_id} onto legal gateway")
        who = council.person("sam" if case_id == "100101" else "jo")
        await who.clicks(form, "Ask for it", {"request_type": "ISSUE", "sitting": sitting.id, "urgent": "yes"})
    for name in ("tara", "neil", "chloe"):
        await panel_acts.approves(council, name, "ITEM-2026-0005")
    for name in ("imran", "grace", "helen"):
        await panel_acts.approves(council, name, "ITEM-2026-0006")
    await council.send_all()

    prompted = council.who_sees("No urgent slot: ITEM-2026-0006")
    connor = council.person("connor")
    form = await connor.clicks(connor.card("No urgent slot: ITEM-2026-0006"), "Call an extraordinary sitting")

    assert prompted == ["chloe", "connor"]
    assert "LGP" in reading.choices(form, "panel")
    assert council.who_sees("No urgent slot: ITEM-2026-0005") == []
    # it is not left without a slot meanwhile
    assert (await panel_acts.item_of(council, "ITEM-2026-0006")).state == "booked"


async def test_a_presenter_on_leave_or_before_another_panel_is_warned_of(council: Council) -> None:
    sam = await council.books("sam", "AB 100101 onto legal gateway")
    free = sam.words
    lgp = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    perm = await panel_acts.sitting_on(council, "PERM", "2026-12-10")
    async with council.parts.context.database.writing() as work:
        # the Permanency Panel sits at the same time
        await sittings.change(work, perm.id, starts_at=lgp.starts_at, ends_at=lgp.ends_at)
    await council.books("sam", "CD 100102 onto permanency", sitting=perm.id)
    await chain.arranges(council, "tara", absent="Sam Okafor", starts_on=date(2026, 12, 9), ends_on=date(2026, 12, 9))

    words = (await panel_acts.opens(council, "sam")).words
    agenda = await council.presses("chloe", "sitting.agenda", {"sitting": lgp.id})

    assert "Sam Okafor" in free
    assert "at the same time" not in free
    assert "Sam Okafor presents to the Permanency Panel at the same time." in words
    assert "Sam Okafor is on leave that day: name somebody else." in words
    assert "ITEM-2026-0001: Sam Okafor is on leave that day" in agenda.words
