"""The sitting itself: who is there, the quorum, decisions for each child, what follows, the record and its addenda."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from casework.db import decisions, item_actions, trackers
from casework.services import session_pages
from tests.scenarios import panel_acts, reading
from tests.scenarios.acting import audited, leaked
from tests.scenarios.council import Council
from tests.teams_service.chats import Shown

FIRST = "ITEM-2026-0001"
LGP = "AB 100101 onto legal gateway"
DAY = "2026-12-09"
WHY = "Harm is likely and support did not hold."
THREE = ("chloe", "leila", "quinn")


async def heard(
    council: Council, *here: str, words: str = LGP, panel: str = "LGP", day: str = DAY, **inputs: str
) -> Shown:
    """Sam's item before its panel, with these people there; the sitting's card."""
    await council.books("sam", words, **{"request_type": "ISSUE", **inputs})
    return await panel_acts.runs(council, here[0], panel, day, *here)


async def decides(council: Council, reference: str = FIRST, by: str = "chloe", **typed: str) -> Shown:
    """The chair records a decision."""
    return await panel_acts.does(council, by, "Record the decision", reference, **{"rationale": WHY, **typed})


async def actions(council: Council) -> list[tuple[str, str, date]]:
    """(what, whose, by when) of every action there is."""
    async with council.parts.context.database.reading() as work:
        ids = list((await work.connection.execute(select(item_actions.item_actions.c.item_id).distinct())).scalars())
        found = [one for row in (await item_actions.of_items(work, ids)).values() for one in row]
    return [(one.what, one.owner_id, one.due_on) for one in found]


async def test_a_sitting_starts_on_its_day_and_only_its_chair_runs_it(council: Council) -> None:
    sitting = await panel_acts.sitting_on(council, "LGP", DAY)
    early = await council.presses("chloe", "sitting.start", {"sitting": sitting.id})
    await council.at(datetime(2026, 12, 9, 9, tzinfo=UTC))
    others = [await council.presses(name, "sitting.start", {"sitting": sitting.id}) for name in ("connor", "leila")]

    started = await council.presses("chloe", "sitting.start", {"sitting": sitting.id})

    assert "can't be booked any more" in early.words or "Not started" in early.words
    assert all("You don't have the role for this" in one.words for one in others)
    assert "**In session.**" in started.words


async def test_without_a_lawyer_the_gateway_records_neither_b_nor_c_nor_anything(council: Council) -> None:
    """Scenario 9 of the trade."""
    await heard(council, "chloe", "quinn")

    refused = [await decides(council, outcome=code, review="2027-01-20") for code in ("B", "C", "A")]
    async with council.parts.context.database.reading() as work:
        made = (await work.connection.execute(select(decisions.decisions))).all()

    assert ["No legal adviser is at this sitting" in shown.words for shown in refused] == [True] * 3
    # what was typed stays
    assert reading.typed(refused[0])["rationale"] == WHY
    assert made == []


async def test_with_too_few_people_the_gateway_does_not_decide_and_others_decide_in_principle(council: Council) -> None:
    await heard(council, "chloe", "leila")
    shown = await decides(council, outcome="B")
    await council.books("sam", "CD 100102 onto access to resources", request_type="SUPPORT")
    await panel_acts.runs(council, "priya", "ARP", "2026-12-14", "priya")
    arp = await decides(
        council, "ITEM-2026-0002", by="priya", outcome="AGREED", cost="£1,200 a week for 12 weeks", review="2027-03-01"
    )

    assert "The panel is not quorate" in shown.words
    assert "AGREED: Agreed in principle" in arp.words
    # nothing follows from it yet
    assert [what for what, _, _ in await actions(council)] == []


async def test_in_principle_is_confirmed_by_a_senior_and_then_things_follow(council: Council) -> None:
    await council.books("sam", "CD 100102 onto access to resources", request_type="SUPPORT")
    await panel_acts.runs(council, "priya", "ARP", "2026-12-07", "priya")
    await decides(council, by="priya", outcome="AGREED", cost="£1,200 a week", review="2027-03-01")

    shown = await panel_acts.does(council, "neil", "Confirm what was decided in principle", rationale="I agree.")

    assert "in principle" not in shown.words.split("What happened")[0]
    assert [what for what, _, _ in await actions(council)] == ["Order the placement or package"]


async def test_a_decision_needs_reasons_what_its_outcome_needs_and_an_action_with_owner_and_day(
    council: Council,
) -> None:
    await heard(council, *THREE)
    sam = await council.id_of("sam")

    nothing = await decides(council, outcome="A", rationale="")
    no_review = await decides(council, outcome="A")
    half = await decides(council, outcome="A", review="2027-01-20", action="Review the plan")
    past = await decides(
        council, outcome="A", review="2026-01-20", action="Review", action_who=sam, action_due="2026-12-08"
    )
    done = await decides(
        council, outcome="A", review="2027-01-20", action="Review the plan", action_who=sam, action_due="2026-12-18"
    )

    assert "Enter the panel's reasons" in nothing.words
    assert "- Enter when it comes back to the panel" in no_review.words
    assert "- First action: choose who does it" in half.words
    assert "This has to lie in the future" in past.words
    assert reading.title(done) == f"Decided: {FIRST}"
    assert await actions(council) == [("Review the plan", sam, date(2026, 12, 18))]


async def test_a_family_of_four_one_deferred_three_decided(council: Council) -> None:
    """Scenario 8 of the trade."""
    await heard(council, *THREE, siblings="CD 100102\nEF 100103\nKL 100901")
    form = await council.person("chloe").clicks(await panel_acts.opens(council, "chloe"), "Record the decision")
    ids = list(reading.choices(form, "children"))

    await council.person("chloe").clicks(
        form, "Record it", {"children": ",".join(ids[:3]), "outcome": "C", "rationale": WHY}
    )
    await panel_acts.does(council, "chloe", "Defer", deferred="OUTDATED", words="A new assessment of KL.")

    found = await panel_acts.every_item(council)
    part = next(item for item in found.values() if item.origin == "split")
    family = (await panel_acts.opens(council, "chloe")).words
    assert found[FIRST].state == "decided"
    assert [line for line in family.splitlines() if ": C: " in line and line.startswith("**")] == [
        f"**{child}: C: Issue care proceedings**" for child in ("AB (ID 100101)", "CD (ID 100102)", "EF (ID 100103)")
    ]
    assert (part.state, part.deferrals, part.initials) == ("booked", 1, "KL")
    there = await panel_acts.opens(council, "sam", part.reference)
    assert reading.facts(there)["Sitting"] == "Wednesday 16 December 2026, 9:30am to midday"


async def test_b_lists_the_family_on_the_next_plo_panel_once_and_sets_the_letter_task(council: Council) -> None:
    """Scenario 15 of the trade."""
    await heard(council, *THREE)

    form = await council.person("chloe").clicks(await panel_acts.opens(council, "chloe"), "Record the decision")
    data = reading.data_of(form, "item.do") | {"outcome": "B", "rationale": WHY}
    for _ in range(2):
        await council.presses("chloe", "item.do", data)
    await council.send_all()

    found = await panel_acts.every_item(council)
    listed = [item for item in found.values() if item.panel == "PLO"]
    sam = await council.id_of("sam")
    assert len(listed) == 1
    there = await panel_acts.opens(council, "sam", listed[0].reference)
    assert reading.facts(there)["Sitting"].startswith("Tuesday 22 December 2026")
    assert "week 1 of 16" in there.words
    assert await actions(council) == [("Send the letter before proceedings", sam, date(2026, 12, 14))]


async def test_c_goes_to_care_proceedings_and_leaves_the_plo_tracker(council: Council) -> None:
    await heard(council, *THREE)
    await decides(council, outcome="B")
    await council.books("sam", LGP, request_type="ISSUE")
    await panel_acts.runs(council, "chloe", "LGP", "2026-12-16", *THREE)

    second = next(
        one.reference
        for one in (await panel_acts.every_item(council)).values()
        if one.state == "booked" and one.panel == "LGP"
    )
    await decides(council, second, outcome="C")

    found = (await panel_acts.every_item(council)).values()
    assert {(one.panel, one.state) for one in found if one.origin == "tracker"} == {
        ("PLO", "cancelled"),
        ("CARE", "booked"),
    }
    async with council.parts.context.database.reading() as work:
        assert [one.stage for stage in ("PLO", "CARE") for one in await trackers.open_in(work, stage)] == ["CARE"]


async def test_the_booker_and_their_manager_are_told_the_same_day(council: Council) -> None:
    await heard(council, *THREE)

    await decides(council, outcome="B")

    assert council.who_sees(f"Decided: {FIRST}") == ["chloe", "sam", "tara"]
    told = council.person("sam").card(f"Decided: {FIRST}").words
    assert WHY in told
    assert "Send the letter before proceedings · Sam Okafor · by Mon 14 December 2026 (open)" in told


async def test_legal_advice_is_seen_only_by_those_the_rulebook_names(council: Council) -> None:
    await council.books("sam", LGP, request_type="ISSUE")
    await panel_acts.does(council, "leila", "Legal advice", advice="Threshold is met on neglect.")

    seen = {
        name: "Threshold is met on neglect." in (await panel_acts.opens(council, name)).words
        for name in ("leila", "chloe", "priya", "dana", "sam", "tara", "neil", "connor", "quinn")
    }

    assert seen == {
        "leila": True, "chloe": True, "priya": True, "dana": True,
        "sam": False, "tara": False, "neil": False, "connor": False, "quinn": False,
    }  # fmt: skip
    assert await leaked(council, "Threshold is met on neglect") == []


async def test_a_second_deferral_tells_the_head_of_service_a_third_the_assistant_director(council: Council) -> None:
    await heard(council, *THREE)
    told = []
    for day in (None, "2026-12-16", "2026-12-23"):
        if day is not None:
            await panel_acts.runs(council, "chloe", "LGP", day, *THREE)
        await panel_acts.does(council, "chloe", "Defer", deferred="LATE", words="The assessment.")
        told.append([council.who_sees("Deferred a second time"), council.who_sees("Deferred a third time")])

    assert told == [[[], []], [["chloe"], []], [["chloe"], ["priya"]]]
    assert (await panel_acts.item_of(council)).deferrals == 3
    assert "Deferred" in reading.facts(await panel_acts.opens(council, "sam"))


async def test_what_was_not_heard_carries_over_before_all_others(council: Council) -> None:
    await council.books("sam", LGP, request_type="ADVICE")
    await panel_acts.fills(council, "LGP", "2026-12-16", "100102", "100103", "100201", "100202")
    await panel_acts.runs(council, "chloe", "LGP", DAY, *THREE)

    record = await panel_acts.closes(council, "chloe", "LGP", DAY)

    item = await panel_acts.item_of(council)
    next_week = await panel_acts.sitting_on(council, "LGP", "2026-12-16")
    assert "**not heard, carried over**" in record.words
    # the ordinary slots of next week are taken: it gets the held one
    assert (item.state, item.carries_over, item.deferrals) == ("booked", True, 0)
    assert (next_week.booked, next_week.urgent_booked) == (4, 1)
    assert "It goes before all others next time." in council.person("sam").card(f"{FIRST} was not heard").words


async def test_a_substitute_of_the_same_level_chairs_and_one_below_does_not(council: Council) -> None:
    await council.books("sam", LGP, request_type="ISSUE")
    await panel_acts.runs(council, "chloe", "LGP", DAY, *THREE)
    chloe = council.person("chloe")
    sitting = await panel_acts.sitting_on(council, "LGP", DAY)
    form = await chloe.presses(chloe.latest, "sitting.attend", {"sitting": sitting.id})
    ids = ",".join([await council.id_of(name) for name in ("leila", "quinn")])

    below = await chloe.clicks(form, "Save", {"present": ids, "others": "Tara Whitfield for Chloe Marsh"})
    said = below.words
    shown = await chloe.clicks(below, "Save", {"present": ids, "others": "Helen Strand for Chloe Marsh"})
    decided = await panel_acts.does(council, "helen", "Record the decision", outcome="B", rationale=WHY)

    assert "Choose somebody at the same level or above" in said
    assert "Helen Strand for Chloe Marsh" in shown.words
    assert reading.title(decided) == f"Decided: {FIRST}"


async def test_who_has_an_interest_does_not_count_for_the_quorum_of_that_item(council: Council) -> None:
    await heard(council, *THREE)
    item = await panel_acts.item_of(council)
    async with council.parts.context.database.writing() as work:
        from casework.db import attendance

        await attendance.declare(
            work,
            item_id=item.id,
            person_id=await council.id_of("quinn"),
            reason="",
            by_id=await council.id_of("connor"),
        )

    shown = await decides(council, outcome="B")

    assert "The panel is not quorate" in shown.words


async def test_the_record_is_confirmed_and_locked_and_later_changes_are_addenda(council: Council) -> None:
    await heard(council, *THREE)
    await decides(council, outcome="B")
    chloe = council.person("chloe")
    draft = await panel_acts.closes(council, "chloe", "LGP", DAY)
    said = draft.words

    locked = await chloe.clicks(draft, "Confirm the record")
    words = locked.words
    item = await panel_acts.item_of(council)
    refused = await council.presses("chloe", "item.act", {"item": item.id, "act": "decide"})
    form = await chloe.clicks(locked, "Add an addendum")
    added = await chloe.clicks(form, "Add it", {"words": "The father's name is spelt wrongly in the referral."})

    assert "The record is a draft. Confirm it by Wednesday 16 December 2026 at 9am." in said
    assert "**The record is confirmed** by Chloe Marsh" in words
    assert "Record the decision" not in refused.buttons
    assert "The father's name is spelt wrongly in the referral. (Chloe Marsh)" in added.words
    sitting = await panel_acts.sitting_on(council, "LGP", DAY)
    async with council.parts.context.database.reading() as work:
        kept = await session_pages.digest_of(work, sitting)
    assert [row["digest"] for row in await audited(council, "sitting.confirmed")] == [kept]


async def test_a_record_nobody_confirms_is_chased_after_five_working_days(council: Council) -> None:
    await heard(council, *THREE)
    await decides(council, outcome="B")
    await panel_acts.closes(council, "chloe", "LGP", DAY)

    await council.at(datetime(2026, 12, 16, 9, 1, tzinfo=UTC))

    assert "Confirm the record" in council.person("chloe").card("Record: Legal Gateway Panel").buttons
    assert [row["panel"] for row in await audited(council, "sitting.minutes_due")] == ["LGP"]


async def test_decided_outside_the_panel_it_is_listed_for_ratification_at_the_next_sitting(council: Council) -> None:
    await council.asks("sam", "AB 100101 onto access to resources", request_type="NEWPLACE")

    no_reason = await panel_acts.does(council, "chloe", "Decide outside the panel", outcome="AGREED", rationale=WHY)
    said = no_reason.words
    shown = await council.person("chloe").clicks(
        no_reason,
        "Record it",
        {
            "urgency": "Placed tonight. Agreed with Priya Lindqvist by phone at 23:00.",
            "cost": "£900",
            "review": "2027-02-01",
        },
    )

    found = await panel_acts.every_item(council)
    listed = next(item for item in found.values() if item.origin == "ratify")
    assert "Enter why it can't wait" in said
    assert "outside the panel" in shown.words
    assert (listed.panel, listed.request_type, listed.band, listed.state) == ("ARP", "RATIFY", 1, "booked")
    assert (await panel_acts.sitting_on(council, "ARP", "2026-12-07")).taken == 1


async def test_colleagues_may_be_named_where_it_is_asked_who_and_families_not(council: Council) -> None:
    await heard(council, *THREE)

    family = await decides(council, outcome="B", dissent="Annabel Whitcombe's aunt.")
    said = family.words
    shown = await council.person("chloe").clicks(
        family, "Record it", {"dissent": "Leila Farouk would rather wait for the assessment."}
    )

    assert "This may say who somebody is" in said
    assert "Leila Farouk would rather wait" in shown.words


@pytest.mark.parametrize(("who", "may"), [("tara", False), ("neil", False), ("chloe", True), ("helen", False)])
async def test_only_a_head_of_service_of_the_line_and_above_decides_outside(
    council: Council, who: str, may: bool
) -> None:
    await council.asks("sam", "AB 100101 onto access to resources")
    item = await panel_acts.item_of(council)

    answer = await council.presses(who, "item.act", {"item": item.id, "act": "out_of_panel"})

    assert ("Why can't it wait?" in answer.words) is may


async def test_an_action_is_chased_until_it_is_done_and_the_last_one_closes_the_item(council: Council) -> None:
    await heard(council, *THREE)
    await decides(council, outcome="B")
    sam = council.person("sam")

    # due Monday 14 December: two working days before, and the working day after
    await council.at(datetime(2026, 12, 10, 9, 1, tzinfo=UTC))
    soon = council.who_sees("Action due soon")
    await council.at(datetime(2026, 12, 15, 9, 1, tzinfo=UTC))
    overdue = council.who_sees("Overdue action")
    await council.person("connor").says("actions")
    listed = council.person("connor").latest.words
    await sam.says("actions")
    done = await sam.clicks(sam.card("Mark it done"), "Mark it done")
    await council.at(datetime(2026, 12, 30, 9, 1, tzinfo=UTC))

    assert soon == ["sam"]
    assert overdue == ["sam", "tara"]
    assert "Send the letter before proceedings · Sam Okafor · by Mon 14 December 2026 (overdue)" in listed
    assert "**Done.**" in done.words
    assert (await panel_acts.item_of(council)).state == "closed"
    assert len(await audited(council, "action.chased")) == 2


async def test_a_review_is_announced_in_time_to_book_it(council: Council) -> None:
    await heard(council, *THREE)
    sam = await council.id_of("sam")
    await decides(council, outcome="A", review="2027-02-10", action="Review", action_who=sam, action_due="2027-02-01")

    # ten operating days before Wednesday 10 February
    await council.at(datetime(2027, 1, 27, 9, 1, tzinfo=UTC))

    card = council.person("sam").card(f"Back to the panel: {FIRST}")
    assert "It is due back at the panel on **Wed 10 February 2027**." in card.words


async def test_the_family_is_seen_whole_within_the_readers_rights(council: Council) -> None:
    await council.raises("sam")
    await heard(council, *THREE)
    await decides(council, outcome="B")
    await council.books("sam", "AB 100101 onto access to resources", request_type="SUPPORT")

    mine = (await panel_acts.opens(council, "sam", "ITEM-2026-0003")).words
    members = (await panel_acts.opens(council, "helen", "ITEM-2026-0003")).words

    assert "Open need-to-know · AB (ID 100101): NTK-2026-0001" in mine
    assert "Decided before · AB (ID 100101): Legal Gateway Panel, B: Start pre-proceedings" in mine
    # a member of the Access to Resources Panel reads its item, not the need-to-know, nor the gateway's decision
    assert "Also about this family" not in members or "NTK-" not in members
    assert "B: Start pre-proceedings" not in members
