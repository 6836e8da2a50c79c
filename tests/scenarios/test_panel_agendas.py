"""Agendas: draft, locked, released in versions with their changes; who has seen which; order and minutes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casework.db import agendas as agendas_db
from casework.domain import agenda_plan
from casework.services import agendas
from tests.scenarios import panel_acts, reading
from tests.scenarios.acting import audited
from tests.scenarios.council import Council
from tests.teams_service.chats import Shown

THREE = ("100101", "100102", "100103")
# the agenda of Wednesday 9 December goes out on Monday at 16:00
OUT = datetime(2026, 12, 7, 16, 0, 5, tzinfo=UTC)


async def agenda(council: Council, first_name: str, panel: str = "lgp", day: str = "2026-12-09") -> Shown:
    """Somebody opens the agenda of a sitting."""
    person = council.person(first_name)
    await person.says("help")
    sitting = await panel_acts.sitting_on(council, panel.upper(), day)
    return await person.presses(person.latest, "sitting.agenda", {"sitting": sitting.id})


async def versions(council: Council) -> list[agendas_db.Released]:
    """The released versions of the Legal Gateway's agenda of 9 December, the newest first."""
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    async with council.parts.context.database.reading() as work:
        return list(await agendas_db.versions(work, sitting.id))


async def test_an_agenda_goes_out_at_its_time_to_chair_and_members_with_a_version(council: Council) -> None:
    await panel_acts.fills(council, "LGP", "2026-12-09", *THREE)
    draft = (await agenda(council, "chloe")).words

    await council.at(OUT)

    found = await versions(council)
    assert "Draft." in draft
    assert [one.version for one in found] == [1]
    card = council.person("quinn").card("Agenda: Legal Gateway Panel")
    assert f"Version 1, checksum {found[0].digest[:12]}." in card.words
    assert council.who_sees(f"checksum {found[0].digest[:12]}") == ["chloe", "quinn"]


async def test_locked_only_the_coordinator_changes_items(council: Council) -> None:
    await panel_acts.fills(council, "LGP", "2026-12-09", "100101")

    locked = await council.person("connor").clicks(await agenda(council, "connor"), "Lock the agenda")
    mine = await panel_acts.opens(council, "neil")
    theirs = await panel_acts.opens(council, "connor")

    assert "Locked: only the coordinator changes it. Not released yet." in locked.words
    assert "Cancel item" not in mine.buttons
    assert "Cancel item" in theirs.buttons
    assert await versions(council) == []


async def test_the_coordinator_releases_it_before_its_time_and_it_does_not_go_out_twice(council: Council) -> None:
    await panel_acts.fills(council, "LGP", "2026-12-09", "100101")

    await council.person("connor").clicks(await agenda(council, "connor"), "Release it now")
    await council.at(OUT)

    assert [one.version for one in await versions(council)] == [1]
    told = [card for card in council.person("quinn").cards if "Wednesday 9 December 2026" in card.words]
    assert len(told) == 1


@pytest.mark.parametrize(("who", "may"), [("sam", False), ("neil", False), ("quinn", False), ("chloe", True)])
async def test_only_coordinator_and_chair_lock_and_release(council: Council, who: str, may: bool) -> None:
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")

    await council.presses(who, "agenda.lock", {"sitting": sitting.id})
    await council.presses(who, "agenda.release", {"sitting": sitting.id})

    after = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    assert after.agenda_state == ("released" if may else "draft")


async def test_a_change_makes_a_new_version_with_what_changed_and_who_has_not_seen_it(council: Council) -> None:
    refs = await panel_acts.fills(council, "LGP", "2026-12-09", *THREE)
    await council.at(OUT)
    await council.person("quinn").clicks(council.person("quinn").card("Version 1"), "I have read it")

    form = await council.person("connor").clicks(await panel_acts.opens(council, "connor", refs[1]), "Cancel item")
    await council.person("connor").clicks(form, "Yes, cancel it")
    await panel_acts.does(council, "connor", "Place and minutes", refs[2], place="1", minutes="45")
    await council.send_all()
    seen = council.person("quinn").card("Agenda: Legal Gateway Panel")
    got = seen.words
    before = (await agenda(council, "chloe")).words
    await council.person("quinn").clicks(seen, "I have read it")
    after = (await agenda(council, "chloe")).words

    assert [one.version for one in await versions(council)] == [3, 2, 1]
    assert "**This agenda has changed since you last got it.**" in got
    # she saw version 1: everything since then is named
    assert f"{refs[1]}: taken off" in got
    assert f"{refs[2]}: from place 2 to 1" in before
    assert f"{refs[2]}: 45 minutes instead of 30" in before
    assert "Not yet seen by: Quinn Hartley." in before
    assert "Not yet seen by" not in after
    assert [row["version"] for row in await audited(council, "agenda.read")] == [1, 3]


async def test_start_times_follow_from_order_and_minutes(council: Council) -> None:
    refs = await panel_acts.fills(council, "LGP", "2026-12-09", *THREE)

    await panel_acts.does(council, "connor", "Place and minutes", refs[2], place="1", minutes="45")

    lines = [line for line in (await agenda(council, "chloe")).words.splitlines() if " (ID " in line]
    assert [line.split(" · ")[:2] for line in lines] == [
        ["**9:30am**", "AB (ID 100103)"],
        ["**10:15am**", "AB (ID 100101)"],
        ["**10:45am**", "AB (ID 100102)"],
    ]


async def test_more_minutes_than_the_sitting_has_are_refused_with_what_was_typed(council: Council) -> None:
    refs = await panel_acts.fills(council, "LGP", "2026-12-09", *THREE)

    shown = await panel_acts.does(council, "connor", "Place and minutes", refs[0], place="1", minutes="90")

    # 150 minutes: two others of 30, and 30 held for what can't wait
    assert "The sitting has not the time for that." in shown.words
    assert reading.typed(shown)["minutes"] == "90"
    assert (await panel_acts.sitting_on(council, "LGP", "2026-12-09")).minutes_booked == 90


async def test_papers_that_come_late_make_a_supplement(council: Council) -> None:
    refs = await panel_acts.fills(council, "LGP", "2026-12-09", "100101")
    await council.at(OUT)

    await panel_acts.does(council, "neil", "Papers", refs[0], ready=panel_acts.ALL_PAPERS["LGP"])

    newest, first = await versions(council)
    found = agenda_plan.changes(first.content, newest.content)
    assert [(one.kind, one.was, one.now) for one in found] == [("papers", "incomplete", "complete")]
    assert f"{refs[0]}: papers complete, were incomplete" in (await agenda(council, "quinn")).words


async def test_every_released_version_gives_its_digest_again_and_a_changed_one_does_not(council: Council) -> None:
    refs = await panel_acts.fills(council, "LGP", "2026-12-09", *THREE)
    await council.at(OUT)
    await panel_acts.does(council, "connor", "Place and minutes", refs[0], place="3", minutes="30")
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")

    async with council.parts.context.database.reading() as work:
        true = await agendas.verify(work, sitting.id)
    async with council.parts.context.database.writing() as work:
        table = agendas_db.agendas
        content = dict((await agendas_db.versions(work, sitting.id))[0].content) | {"sitting": "another"}
        await work.connection.execute(table.update().where(table.c.version == 2).values(content=content))
    async with council.parts.context.database.reading() as work:
        tampered = await agendas.verify(work, sitting.id)

    assert [(one.version, one.is_true) for one in true] == [(2, True), (1, True)]
    assert [(one.version, one.is_true) for one in tampered] == [(2, False), (1, True)]


async def test_after_the_agenda_is_out_a_withdrawal_is_the_coordinators(council: Council) -> None:
    """Scenario 16 of the trade: agenda locked, worker withdraws: coordinator only."""
    shown = await council.books("sam", "AB 100101 onto legal gateway")
    await council.at(OUT)

    answer = await council.presses("sam", "item.cancel_confirm", dict(reading.data_of(shown, "item.cancel")))
    item = await panel_acts.item_of(council)
    version = {"item": item.id, "version": item.version}
    await council.presses("sam", "item.cancel_confirm", version)
    still = (await panel_acts.item_of(council)).state
    await council.presses("connor", "item.cancel_confirm", version)

    assert "Ask the panel coordinator to change or cancel this item" in answer.words
    assert still == "booked"
    assert (await panel_acts.item_of(council)).state == "cancelled"


async def test_a_conflict_of_interest_hides_an_item_and_recuses(council: Council) -> None:
    refs = await panel_acts.fills(council, "LGP", "2026-12-09", *THREE)
    quinn = council.person("quinn")

    shown = await panel_acts.does(council, "quinn", "Conflict of interest", refs[0], reason="A neighbour of mine.")
    mine = (await agenda(council, "quinn")).words
    theirs = (await agenda(council, "chloe")).words
    item = await panel_acts.item_of(council, refs[0])
    opened = await council.presses("quinn", "item.open", {"item": item.id})

    assert "You are kept out of this item from now on" in shown.words
    assert refs[0] not in mine
    assert "1 not shown: you have declared an interest." in mine
    assert refs[0] in theirs
    assert "There is nothing by that name that you can see" in opened.words
    assert quinn is not None


async def test_a_chair_who_manages_the_case_is_warned_and_offered_deputies(council: Council) -> None:
    """Scenario 10 of the trade: the chair is the case's own head of service."""
    own = await panel_acts.fills(council, "LGP", "2026-12-09", "100101")
    other = await panel_acts.fills(council, "LGP", "2026-12-09", "100301", by="grace")

    said = (await agenda(council, "chloe")).words

    warned = "Chloe Marsh chairs the panel and manages this case. Dana Holloway, Helen Strand, Priya Lindqvist"
    assert f"{own[0]}: {warned} could chair it." in said
    assert f"{other[0]}: Chloe" not in said
