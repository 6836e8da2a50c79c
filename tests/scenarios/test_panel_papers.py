"""Papers: the checklist of each panel, reminders before the cut-off, what is late, and the chair's word on it."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.scenarios import panel_acts, reading
from tests.scenarios.acting import audited, leaked
from tests.scenarios.council import Council
from tests.teams_service.chats import Shown

LGP = "AB 100101 onto legal gateway"
FIRST = "ITEM-2026-0001"
ALL = panel_acts.ALL_PAPERS["LGP"]
CUT_OFF = datetime(2026, 12, 4, 12, 0, 5, tzinfo=UTC)


async def booked(council: Council, **inputs: str) -> Shown:
    """Sam's item, approved, on the Legal Gateway of 9 December."""
    return await council.books("sam", LGP, **{"request_type": "ISSUE", **inputs})


async def test_each_panel_and_request_type_has_its_own_checklist(council: Council) -> None:
    gateway = await council.person("sam").clicks(await booked(council), "Papers")
    asked = set(reading.choices(gateway, "ready").values())
    ratify = await council.books("sam", "CD 100102 onto legal gateway", request_type="RATIFY")
    fewer = set(reading.choices(await council.person("sam").clicks(ratify, "Papers"), "ready").values())

    assert "Threshold chronology" in asked
    assert "Child and family assessment, no older than 6 months" in asked
    assert "Other assessments (if there is one)" in asked
    assert asked - fewer == {
        "Latest child protection minutes and plan",
        "Assessments proposed: who, why, when",
    }


async def test_ticks_and_links_make_it_ready_and_the_legal_adviser_confirms(council: Council) -> None:
    await booked(council)

    ticked = await panel_acts.does(council, "sam", "Papers", ready=ALL, links="https://council.test/cases/1")
    amber = ticked.words
    no_link = await panel_acts.does(council, "sam", "Papers", ready=ALL, links="the shared drive")
    said = no_link.words
    mine = await panel_acts.opens(council, "connor")
    shown = await panel_acts.does(council, "leila", "Papers are complete")

    assert "Amber: not everything is there yet. The legal adviser has not confirmed them yet" in amber
    assert "https://council.test/cases/1" in amber
    assert "Enter links that begin with https://" in said
    # at the legal panel it is the legal adviser's word, not the coordinator's
    assert "Papers are complete" not in mine.buttons
    assert "Green: ready" in shown.words
    assert council.who_sees(f"{FIRST} is ready") == ["sam"]


async def test_what_will_not_come_is_said_with_a_reason(council: Council) -> None:
    await booked(council)
    ready = ",".join(code for code in ALL.split(",") if code != "FGC")

    shown = await panel_acts.does(council, "sam", "Papers", ready=ready, why="The family declined a conference.")

    assert "Will not come: Family group conference held or considered" in shown.words
    assert "(The family declined a conference.)" in shown.words
    assert await leaked(council, "The family declined") == []


async def test_readiness_turns_red_on_the_working_day_before_the_cut_off(council: Council) -> None:
    await booked(council)
    before = (await panel_acts.opens(council, "sam")).words

    await council.at(datetime(2026, 12, 3, 9, 30, tzinfo=UTC))

    assert "Amber: not everything is there yet. Missing: Referral form, part A" in before
    assert "Red: papers are missing. Missing: Referral form, part A" in (await panel_acts.opens(council, "sam")).words


async def test_reminders_come_five_two_and_one_working_days_before_and_on_the_morning(council: Council) -> None:
    # the Legal Gateway of 16 December: papers by Friday the 11th
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-16")
    await council.books("sam", LGP, sitting=sitting.id)

    await council.at(datetime(2026, 12, 11, 11, tzinfo=UTC))

    rows = await audited(council, "papers_due.due")
    assert [row["due_at"][:16] for row in rows] == [
        "2026-12-04T09:00",
        "2026-12-09T09:00",
        "2026-12-10T09:00",
        "2026-12-11T09:00",
    ]
    assert "Papers today: ITEM-2026-0001" in council.person("sam").latest.words


async def test_no_reminder_goes_out_once_the_papers_are_there(council: Council) -> None:
    await booked(council)
    await panel_acts.does(council, "sam", "Papers", ready=ALL)

    await council.at(datetime(2026, 12, 4, 11, tzinfo=UTC))

    assert await audited(council, "papers_due.due") == []
    assert council.who_sees("Papers by") == []


async def test_at_the_cut_off_what_is_missing_is_late_and_the_chair_is_asked(council: Council) -> None:
    await booked(council)
    await panel_acts.fills(council, "LGP", "2026-12-09", "100102")
    await panel_acts.does(council, "neil", "Papers", "ITEM-2026-0002", ready=f"{ALL},OTHERS,EVID,NEEDS")

    await council.at(CUT_OFF)
    late = council.person("chloe").card("Late papers: Legal Gateway Panel")

    assert (await panel_acts.item_of(council)).late == "late"
    assert (await panel_acts.item_of(council, "ITEM-2026-0002")).late == ""
    assert "Let in ITEM-2026-0001" in late.buttons
    assert "Let in ITEM-2026-0002" not in late.buttons
    assert "Its papers did not come in time." in council.person("sam").card(f"{FIRST} has late papers").words


async def test_the_chair_lets_late_papers_in_with_a_reason(council: Council) -> None:
    await booked(council)
    await council.at(CUT_OFF)
    chloe = council.person("chloe")

    form = await chloe.clicks(chloe.card("Late papers"), f"Let in {FIRST}")
    empty = await chloe.clicks(form, "Save", {"reason": ""})
    said = empty.words
    shown = await chloe.clicks(empty, "Save", {"reason": "The hearing is on Thursday."})
    await council.send_all()

    assert "Enter why" in said
    assert "Late, let in by the chair." in shown.words
    assert "The chair lets its late papers in." in council.person("sam").card(f"{FIRST} is let in").words


async def test_the_chair_refuses_late_papers_and_it_goes_to_the_next_sitting(council: Council) -> None:
    await booked(council)
    await council.at(CUT_OFF)
    chloe = council.person("chloe")

    form = await chloe.clicks(chloe.card("Late papers"), f"Refuse {FIRST}")
    shown = await chloe.clicks(form, "Refuse it", {"reason": "Not without the assessment."})
    await council.send_all()

    assert reading.facts(shown)["Sitting"] == "Wednesday 16 December 2026, 9:30am to midday"
    assert (
        "Its papers were late: it is not heard this time." in council.person("sam").card(f"{FIRST} was refused").words
    )
    assert (await panel_acts.sitting_on(council, "LGP", "2026-12-09")).taken == 0


async def test_only_the_chair_rules_on_late_papers(council: Council) -> None:
    await booked(council)
    await council.at(CUT_OFF)
    item = await panel_acts.item_of(council)

    answers = [
        await council.presses(name, "item.do", {"item": item.id, "act": "let_in", "reason": "Please."})
        for name in ("sam", "tara", "connor", "leila", "quinn")
    ]

    assert ["You don't have the role for this" in answer.words for answer in answers] == [True] * 5
    assert (await panel_acts.item_of(council)).late == "late"


async def test_a_longer_cut_off_makes_late_items_in_time_again(council: Council) -> None:
    await booked(council)
    await council.at(CUT_OFF)
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    chloe = council.person("chloe")
    await chloe.says("help")

    page = await chloe.presses(chloe.latest, "sitting.manage", {"sitting": sitting.id})
    form = await chloe.clicks(page, "Let papers in for longer")
    await chloe.clicks(
        form, "sitting.waive_save", {"until_date": "2026-12-08", "until_time": "12:00", "reason": "Court moved."}
    )
    await council.send_all()
    in_time = (await panel_acts.item_of(council)).late
    await council.at(datetime(2026, 12, 8, 12, 1, tzinfo=UTC))

    assert in_time == ""
    assert (await panel_acts.item_of(council)).late == "late"
