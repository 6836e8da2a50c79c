"""The outside clocks an NTK starts: due to the minute, reminded of, and stopped by nothing but a named person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casework.db import ntk_prompts
from casework.domain.ntk import State
from tests.scenarios import reading
from tests.scenarios.acting import (
    NAMED,
    NO_SUCH_ID,
    SECRETS,
    WHY_KEPT,
    acknowledge,
    answers_clocks,
    audited,
    does,
    found,
    leaked,
    menu,
    opens,
    records,
    timeline,
)
from tests.scenarios.conftest import Opener
from tests.scenarios.council import Council

SIN, RAPID, ICO = "Serious incident notification", "Rapid review", "Information Commissioner"
DECIDED = {"decision": "DONE", "on": "2026-11-30", "reason": "Notified by the assistant director."}
CLOSING = {"outcome": "RESOLVED", "themes": "RISK", "text": "It is over.", "recorded_on": "2026-11-30"}


async def raised(council: Council, **changed: str) -> None:
    await council.raises("sam", **changed)
    await council.send_all()


async def prompts(council: Council) -> dict[str, ntk_prompts.Prompt]:
    one = await found(council)
    async with council.parts.context.database.reading() as work:
        return {prompt.code: prompt for prompt in await ntk_prompts.of_ntk(work, one.id)}


def sent(council: Council, first_name: str, title: str) -> int:
    """How many cards of this heading somebody was sent."""
    return [reading.title(card) for card in council.person(first_name).cards].count(title)


async def test_they_count_statutory_days_over_bank_holidays_and_through_the_closure(council_at: Opener) -> None:
    async with council_at(datetime(2026, 12, 23, 16, 50, tzinfo=UTC)) as council:
        await council.everybody_installs()

        await raised(council, aware_date="2026-12-23", aware_time="10:00")

        priya = council.person("priya")
        due = {name: reading.facts(priya.card(f"{name}\n"))["Due"] for name in (SIN, RAPID)}
        assert due == {SIN: "Monday 4 January 2027 at 5pm", RAPID: "Monday 18 January 2027 at 5pm"}
        assert {code: prompt.due_at for code, prompt in (await prompts(council)).items()} == {
            "SIN": datetime(2027, 1, 4, 17, tzinfo=UTC),
            "RAPID": datetime(2027, 1, 18, 17, tzinfo=UTC),
        }


async def test_they_count_from_when_the_council_knew_not_from_the_raising(council: Council) -> None:
    await raised(council, aware_date="2026-11-27", aware_time="23:30")

    assert {code: prompt.due_at for code, prompt in (await prompts(council)).items()} == {
        "SIN": datetime(2026, 12, 4, 17, tzinfo=UTC),
        "RAPID": datetime(2026, 12, 18, 17, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    ("typed", "begun"),
    [
        ({"category": "SERHARM", "abuse": "NO", "status": "CIN"}, []),
        ({"category": "SERHARM", "abuse": "YES", "status": "CIN"}, ["RAPID", "SIN"]),
        ({"category": "DEATH", "abuse": "NO", "status": "LAC20", "death_cause": "EXPECTED"}, ["RAPID", "SIN"]),
        ({"category": "DEATH", "abuse": "NO", "status": "CIN", "death_cause": "EXPECTED"}, []),
        ({"category": "CLDEATH", "death_cause": "NK", "status": "LEAVER"}, ["CLDFE"]),
        ({"category": "REVIEW", "status": "CIN"}, ["RAPID"]),
        ({"category": "DATA"}, ["ICO"]),
        ({"category": "COMPLAINT", "other_authority": "Another council"}, ["AUTHORITY"]),
        ({"category": "COMPLAINT"}, []),
    ],
)
async def test_which_begin_follows_from_the_facts(council: Council, typed: dict[str, str], begun: list[str]) -> None:
    await raised(council, **typed)

    assert sorted(await prompts(council)) == begun


async def test_the_check_before_sending_names_those_that_will_begin(council: Council) -> None:
    form = await council.fills_in("sam")

    assert "Clocks that begin: Serious incident notification and Rapid review." in form.words


async def test_their_owner_gets_a_card_and_reminders_and_nobody_else_does(council: Council) -> None:
    await raised(council)
    seen = [sent(council, "priya", SIN)]

    for moment in (
        datetime(2026, 12, 2, 8, 59, tzinfo=UTC),
        datetime(2026, 12, 2, 9, 1, tzinfo=UTC),
        datetime(2026, 12, 4, 9, 1, tzinfo=UTC),
        datetime(2026, 12, 7, 9, 1, tzinfo=UTC),
        datetime(2026, 12, 7, 16, 59, tzinfo=UTC),
        datetime(2026, 12, 7, 17, 1, tzinfo=UTC),
    ):
        await council.at(moment)
        seen.append(sent(council, "priya", SIN))

    assert seen == [1, 1, 2, 3, 4, 4, 5]
    assert "**Overdue.**" in council.person("priya").card("Has the Child Safeguarding Practice Review Panel").words
    assert council.who_sees("Has the Child Safeguarding Practice Review Panel") == ["priya"]


async def test_what_is_recorded_stands_on_every_card_with_who_recorded_it(council: Council) -> None:
    await raised(council)

    await records(council, "priya", SIN, **DECIDED, reference="CSPR-77")

    said = "Serious incident notification: done on Mon 30 November 2026, recorded by Priya Lindqvist"
    for who, words in (("priya", "Need-to-know NTK"), ("tara", "Need-to-know NTK"), ("sam", "Need-to-know raised")):
        assert said in council.person(who).card(words).words, who
    lines = await timeline(council, "chloe")
    assert "Notified by the assistant director." in lines
    assert "Reference: CSPR-77" in lines
    assert [row["decision"] for row in await audited(council, "ntk.decided")] == ["DONE"]


async def test_once_recorded_its_owner_is_reminded_no_more(council: Council) -> None:
    await raised(council)
    await records(council, "priya", SIN, **DECIDED)
    before = sent(council, "priya", SIN)

    await council.at(datetime(2026, 12, 8, 9, tzinfo=UTC))

    assert sent(council, "priya", SIN) == before


async def test_not_required_is_a_decision_too(council: Council) -> None:
    await raised(council)

    await records(council, "chloe", SIN, **{**DECIDED, "decision": "NOTNEEDED"})

    assert "not required on Mon 30 November 2026, recorded by Chloe Marsh" in (await opens(council, "tara")).words


async def test_a_record_needs_decision_day_and_reason_all_named_at_once(council: Council) -> None:
    await raised(council)

    form = await records(council, "priya", SIN, reference="CSPR-77")

    assert [
        sentence in form.words
        for sentence in ("Choose the decision", "Enter the day it was done or decided", "Enter the reason")
    ] == [True] * 3
    assert reading.typed(form)["reference"] == "CSPR-77"
    assert (await prompts(council))["SIN"].decision is None


async def test_a_record_is_not_of_a_day_to_come(council: Council) -> None:
    await raised(council)

    await records(council, "priya", SIN, **{**DECIDED, "on": "2027-06-01"})

    assert (await prompts(council))["SIN"].decision is None


async def test_nothing_but_a_record_stops_it(council: Council) -> None:
    await raised(council)

    await does(council, "tara", "endorse")
    await acknowledge(council, "priya", "dana")
    await does(council, "sam", "update", text="The Panel was notified by phone.")
    await does(council, "chloe", "close", **CLOSING)
    await council.at(datetime(2026, 12, 8, 9, tzinfo=UTC))

    assert [prompt.decision for prompt in (await prompts(council)).values()] == [None, None]
    assert (
        "Serious incident notification: **overdue**, due Monday 7 December 2026 at 5pm, assistant director"
        in (await opens(council, "tara")).words
    )


async def test_without_a_record_it_can_neither_be_closed_nor_called_no_need_to_know(council: Council) -> None:
    await raised(council)

    both = (await does(council, "chloe", "close", **CLOSING)).words
    not_ntk = (await does(council, "tara", "not_ntk", reason="BELOW", text="A graze.")).words
    await records(council, "priya", SIN, **DECIDED)
    one = (await does(council, "chloe", "close", **CLOSING)).words
    await records(council, "priya", RAPID, **DECIDED)
    await does(council, "chloe", "close", **CLOSING)

    blocked = "Before this, somebody has to record a decision on: "
    assert f"{blocked}{SIN}, {RAPID}." in both
    assert f"{blocked}{SIN}, {RAPID}." in not_ntk
    assert f"{blocked}{RAPID}." in one
    assert (await found(council)).state is State.CLOSED


@pytest.mark.parametrize(("who", "may"), [("sam", False), ("tara", False), ("neil", False), ("leila", False),
                                          ("chloe", True), ("priya", True), ("dana", True)])  # fmt: skip
async def test_its_owner_and_the_top_of_the_line_record_it_and_nobody_else(
    council: Council, who: str, may: bool
) -> None:
    await raised(council)
    id = (await prompts(council))["SIN"].id

    offered = f"Record: {SIN}" in (await menu(council, who)).buttons
    answer = await council.presses(who, "ntk.decide", {"prompt": id, "nonce": "f" * 32, **DECIDED})
    await council.send_all()

    assert offered is may
    assert ("You don't have the role for this." in answer.words) is not may
    assert ((await prompts(council))["SIN"].decision is not None) is may


@pytest.mark.parametrize("who", ["jo", "helen", "connor", "devi"])
async def test_for_whoever_may_not_read_it_there_is_no_such_clock(council: Council, who: str) -> None:
    await raised(council)
    id = (await prompts(council))["SIN"].id

    for verb in ("ntk.prompt", "ntk.decide"):
        answer = await council.presses(who, verb, {"prompt": id, "nonce": "f" * 32, **DECIDED})
        nothing = await council.presses(who, verb, {"prompt": NO_SUCH_ID, "nonce": "f" * 32, **DECIDED})

        assert answer.card == nothing.card
    assert (await prompts(council))["SIN"].decision is None


async def test_recorded_again_the_later_record_stands_and_both_are_on_the_timeline(council: Council) -> None:
    await raised(council)

    await records(council, "priya", SIN, **{**DECIDED, "decision": "NOTNEEDED", "reason": "No abuse."})
    await records(council, "dana", SIN, **{**DECIDED, "reason": "Abuse was found."})

    shown = (await opens(council, "tara")).words
    assert "done on Mon 30 November 2026, recorded by Dana Holloway" in shown
    said = [line.split("** ")[1] for line in await timeline(council, "tara") if "recorded for" in line]
    assert said == [f"Dana Holloway recorded for {SIN}: Done", f"Priya Lindqvist recorded for {SIN}: Not required"]


async def test_a_record_sent_twice_is_written_once(council: Council) -> None:
    await raised(council)
    priya = council.person("priya")
    form = await priya.clicks(await menu(council, "priya"), f"Record: {SIN}")
    data = reading.data_of(form, "ntk.decide") | DECIDED

    for _ in range(3):
        await council.presses("priya", "ntk.decide", data)
    await council.send_all()

    assert len(await audited(council, "ntk.decided")) == 1


async def test_a_name_in_a_record_is_held_back_and_goes_only_with_a_reason_that_is_kept(council: Council) -> None:
    await raised(council)

    form = await records(council, "priya", SIN, **{**DECIDED, "reason": NAMED})
    held = ((await prompts(council))["SIN"].decision, form.words, await leaked(council, *SECRETS))
    await council.person("priya").clicks(form, "Record it", {**DECIDED, "reason": NAMED, "privacy_reason": WHY_KEPT})
    await council.send_all()

    assert held[0] is None
    assert "a name “Annabel Whitcombe”, a date of birth “12/03/2015”" in held[1]
    assert held[2] == await leaked(council, *SECRETS, WHY_KEPT) == []
    assert [row.get("kept_identifiers") for row in await audited(council, "ntk.decided")] == [2]
    assert f"Why identifiers stay: {WHY_KEPT}" in await timeline(council, "priya")


async def test_lost_data_starts_72_hours_for_the_data_protection_officer(council: Council) -> None:
    await raised(council, category="DATA", aware_date="2026-11-30", aware_time="16:30")

    card = council.person("devi").card("Does the Information Commissioner have to be told")
    due = reading.facts(card)["Due"]
    await records(council, "devi", ICO, **{**DECIDED, "decision": "NOTNEEDED", "reason": "Nobody is at risk."})

    assert due == "Thursday 3 December 2026 at 4:30pm"
    assert (await prompts(council))["ICO"].decision == "NOTNEEDED"


async def test_another_councils_child_gives_the_team_manager_four_hours(council: Council) -> None:
    await raised(council, category="COMPLAINT", other_authority="Another council")

    card = council.person("tara").card("Has the child's own council been told?")

    assert reading.facts(card)["Due"] == "Monday 30 November 2026 at 8:50pm"


async def test_a_clock_whose_owner_was_taken_off_still_reminds_somebody(council: Council) -> None:
    await raised(council, category="COMPLAINT", restrict="PROFILE", other_authority="Another council")
    await does(council, "sam", "wrong_person", person=await council.id_of("tara"), text="She knows the family.")
    title = "The child's own council"
    before = {name: sent(council, name, title) for name in council.people}

    await council.at(datetime(2026, 11, 30, 20, 51, tzinfo=UTC))

    reminded = [name for name in council.people if sent(council, name, title) > before[name]]
    assert "tara" not in reminded
    assert reminded != []


async def test_it_runs_on_where_the_ntk_is_reopened(council: Council) -> None:
    await raised(council)
    await answers_clocks(council, "priya", SIN, RAPID)
    await does(council, "chloe", "close", **CLOSING)

    await does(council, "chloe", "reopen", text="The hospital has rung again.")

    assert [prompt.decision for prompt in (await prompts(council)).values()] == ["DONE", "DONE"]
