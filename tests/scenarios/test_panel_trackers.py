"""Tracked families: brought in by a file, listed whenever they are due, none omitted, with week and flags."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from casework.db import timers, trackers
from casework.domain.directory_files import BadFile
from casework.services import sitting_timers, sittings, tracker_listing
from casework.services import trackers as tracker_services
from tests.scenarios import panel_acts, reading
from tests.scenarios.council import Council
from tests.teams_service.service import TENANT_ID

FILE = Path("demo/council/tracker.csv").read_text(encoding="utf-8")
HEAD = FILE.splitlines()[0]
# the PLO Panel of Tuesday 8 December: papers by Thursday 3 December, listed five operating days before
LISTED = datetime(2026, 11, 30, 16, 55, tzinfo=UTC)


async def imports(council: Council, text: str = FILE) -> int:
    return await tracker_services.import_families(council.parts.context, text, tenant_id=TENANT_ID)


async def lists(council: Council) -> int:
    """The daily job runs, and everything that follows is sent."""
    count = await tracker_listing.list_due(council.parts.context)
    await council.send_all()
    return count


async def agenda(council: Council, panel: str, day: str) -> str:
    """The words of an agenda as its chair reads them."""
    chloe = council.person("chloe")
    sitting = await panel_acts.sitting_on(council, panel, day)
    await chloe.says("help")
    return (await chloe.presses(chloe.latest, "sitting.agenda", {"sitting": sitting.id})).words


def many(count: int) -> str:
    """A file of so many families in pre-proceedings."""
    rows = [f"PLO,F{n},{200000 + n},AB,yes,2026-10-05,2026-10-08,2026-10-16,,,,,no," for n in range(count)]
    return "\n".join([HEAD, *rows])


async def test_every_due_family_is_listed_once_in_order_with_week_and_flags(council: Council) -> None:
    assert await imports(council) == 5

    listed = await lists(council)
    again = await lists(council)
    words = await agenda(council, "PLO", "2026-12-08")

    lines = [line for line in words.splitlines() if " (ID " in line]
    # week 16 first; then the baby due; the newest last
    assert [line.split(" · ")[1] for line in lines] == [
        "BC (ID 100401) and 1 more",
        "FG (ID 100404)",
        "DE (ID 100403)",
    ]
    # three in pre-proceedings, and two for the Care Proceedings Panel of the next day
    assert (listed, again) == (5, 0)
    assert "**week 16 of 16; week 16 reached**" in words
    assert "letter not sent, was due 21 Nov; baby due 20 Jan" in words


async def test_care_proceedings_come_with_hearing_week_and_missing_plan(council: Council) -> None:
    await imports(council)
    await council.at(datetime(2026, 12, 7, 9, tzinfo=UTC))

    await lists(council)
    words = await agenda(council, "CARE", "2026-12-15")

    assert [line.split(" · ")[1] for line in words.splitlines() if " (ID " in line] == [
        "HJ (ID 100405) and 1 more",
        "LN (ID 100407)",
    ]
    assert "**week 24 of 26; hearing on 9 Dec; no permanence plan; week 24 reached**" in words


async def test_more_families_than_slots_are_all_there_and_the_rest_named(council: Council) -> None:
    await imports(council, many(15))

    listed = await lists(council)
    words = await agenda(council, "PLO", "2026-12-08")
    found = await panel_acts.every_item(council)

    assert listed == 15
    assert sorted(item.state for item in found.values()) == ["booked"] * 12 + ["waiting"] * 3
    waiting = sorted(ref for ref, item in found.items() if item.state == "waiting")
    assert f"**Due, and without a slot:** {', '.join(waiting)}." in words


async def test_a_family_is_taken_off_by_the_coordinator_only_and_comes_back_while_it_is_due(council: Council) -> None:
    await imports(council)
    await lists(council)
    item = next(one for one in (await panel_acts.every_item(council)).values() if one.initials == "DE")
    data = {"item": item.id, "version": item.version}

    marek = await council.presses("marek", "item.cancel_confirm", data)
    await council.presses("connor", "item.cancel_confirm", data)
    gone = (await panel_acts.item_of(council, item.reference)).state
    back = await lists(council)

    assert "You don't have the role for this" in marek.words
    assert gone == "cancelled"
    assert back == 1


async def test_a_file_taken_again_brings_dates_up_to_date_and_doubles_nobody(council: Council) -> None:
    await imports(council)

    again = await imports(council, FILE.replace("2026-11-16,,,,,2027-01-20", "2026-11-16,2026-11-24,,,,2027-01-20"))

    async with council.parts.context.database.reading() as work:
        rows = await trackers.open_in(work, "PLO")
    assert again == 5
    assert [row.letter_on.isoformat() if row.letter_on else "" for row in rows] == [
        "2026-08-20",
        "2026-10-29",
        "2026-11-24",
    ]


async def test_a_file_with_bad_rows_changes_nothing_and_names_each(council: Council) -> None:
    bad = "\n".join([
        HEAD,
        "PLO,F1,12,AB,yes,2026-10-05,,,,,,,no,",
        "COURT,F2,200001,AB,yes,2026-10-05,,,,,,,no,",
        "PLO,F3,200002,AB,yes,2026-10-05,,,,,,,no,a0000000-0000-4000-8000-00000000ffff",
    ])  # fmt: skip

    with pytest.raises(BadFile) as refused:
        await imports(council, bad)

    async with council.parts.context.database.reading() as work:
        assert await trackers.open_in(work, "PLO") == ()
    assert [row.line for row in refused.value.rows] == [2, 3]


async def test_continue_with_a_review_date_lists_it_when_that_comes_and_not_before(council: Council) -> None:
    await imports(council)
    await lists(council)
    await panel_acts.runs(council, "chloe", "PLO", "2026-12-08", "chloe", "leila", "quinn")
    item = next(one for one in (await panel_acts.every_item(council)).values() if one.initials == "DE")
    sam = await council.id_of("marek")
    shown = await panel_acts.does(
        council, "chloe", "Record the decision", item.reference,
        outcome="CONTINUE", rationale="On course.", review="2027-01-05",
        action="Finish the parenting assessment", action_who=sam, action_due="2026-12-20",
    )  # fmt: skip
    await panel_acts.closes(council, "chloe", "PLO", "2026-12-08")

    await council.at(datetime(2026, 12, 15, 9, tzinfo=UTC))
    await lists(council)
    for_22 = [line for line in (await agenda(council, "PLO", "2026-12-22")).splitlines() if " (ID " in line]
    await council.at(datetime(2026, 12, 22, 17, tzinfo=UTC))
    await lists(council)
    for_5 = [line for line in (await agenda(council, "PLO", "2027-01-05")).splitlines() if " (ID " in line]

    assert reading.title(shown) == f"Decided: {item.reference}"
    assert [line for line in for_22 if "DE (ID 100403)" in line] == []
    assert len([line for line in for_5 if "DE (ID 100403)" in line]) == 1


async def test_whoever_presents_brings_the_dates_up_to_date_and_the_flags_follow(council: Council) -> None:
    await imports(council)
    await lists(council)
    item = next(one for one in (await panel_acts.every_item(council)).values() if one.initials == "FG")

    too_early = await panel_acts.does(council, "sam", "Dates of the family", item.reference, letter="2026-11-01")
    said = too_early.words
    shown = await council.person("sam").clicks(too_early, "Save", {"letter": "2026-11-20"})

    assert "Enter an end after the start" in said
    assert "letter not sent" not in shown.words
    assert "baby due 20 Jan" in shown.words


async def test_a_family_booked_by_hand_is_listed_as_that_and_not_a_second_time(council: Council) -> None:
    await council.books("sam", "DE 100403 onto plo", request_type="REVIEW")
    await imports(council)

    await lists(council)
    words = await agenda(council, "PLO", "2026-12-08")

    lines = [line for line in words.splitlines() if "DE (ID 100403)" in line]
    assert len(lines) == 1
    assert "week 6 of 16" in words
    assert len([one for one in (await panel_acts.every_item(council)).values() if one.initials == "DE"]) == 1


async def test_an_extension_to_a_day_ends_on_that_day_and_not_with_its_week(council: Council) -> None:
    await imports(council)
    await council.at(datetime(2026, 12, 7, 9, tzinfo=UTC))
    await lists(council)
    await panel_acts.runs(council, "chloe", "CARE", "2026-12-15", "chloe", "leila", "quinn")
    item = next(one for one in (await panel_acts.every_item(council)).values() if one.initials == "LN")

    shown = await panel_acts.does(
        council, "chloe", "Record the decision", item.reference,
        outcome="EXTEND", rationale="An expert is late.", conditions="Report by 1 February.", until="2027-04-21",
        action="Chase the report", action_who=await council.id_of("leila"), action_due="2027-01-20",
    )  # fmt: skip
    async with council.parts.context.database.reading() as work:
        row = await trackers.get(work, item.tracker_id or "")

    assert reading.title(shown) == f"Decided: {item.reference}"
    assert row is not None
    assert row.until_on == date(2027, 4, 21)


async def test_a_sitting_of_an_older_version_gets_its_deadlines(council: Council) -> None:
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    async with council.parts.context.database.writing() as work:
        await sitting_timers.cancel(work, sitting.id)

    await sittings.extend(council.parts.context)

    async with council.parts.context.database.reading() as work:
        assert sitting.id in await timers.subjects(work, sitting_timers.CUT_OFF)
