"""A missing child's clock: whom each threshold tells, what "found" stops, and the return interview it starts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casework.db import ntk_prompts
from tests.scenarios import acting, reading
from tests.scenarios.acting import FIRST, does, found, menu
from tests.scenarios.council import Council

NTK = f"Need-to-know {FIRST}"
MISSING = {
    "category": "MISSING",
    "status": "LACCO",
    "missing_since_date": "2026-11-29",
    "missing_since_time": "17:50",
    "missing_risk": "MEDIUM",
}
FOUND = {"found_date": "2026-11-30", "found_time": "16:45", "text": "Well, at the placement."}
BEFORE_SIX = datetime(2026, 11, 30, 17, 49, tzinfo=UTC)
AFTER_SIX = datetime(2026, 11, 30, 17, 51, tzinfo=UTC)
EVERYONE = ["chloe", "dana", "neil", "priya", "tara"]


async def raised(council: Council, **changed: str) -> None:
    await council.raises("sam", **{**MISSING, **changed})
    await council.send_all()


@pytest.mark.parametrize(
    ("status", "since", "at_once", "then"),
    [
        ("LACCO", "2026-11-29", ["tara"], ["neil", "tara"]),
        ("LAC20", "2026-11-28", ["neil", "tara"], ["chloe", "neil", "priya", "tara"]),
        ("CP", "2026-11-27", ["chloe", "neil", "priya", "tara"], EVERYONE),
        ("CIN", "2026-11-29", ["tara"], ["tara"]),
        ("CIN", "2026-11-28", ["tara"], ["tara"]),
        ("CIN", "2026-11-27", ["tara"], EVERYONE),
    ],
)
async def test_each_threshold_tells_its_tiers_when_it_passes_day_or_night(
    council: Council, status: str, since: str, at_once: list[str], then: list[str]
) -> None:
    await raised(council, status=status, missing_since_date=since)
    told = [council.who_sees(NTK)]

    for moment in (BEFORE_SIX, AFTER_SIX):
        await council.at(moment)
        told.append(council.who_sees(NTK))

    assert told == [at_once, at_once, then]


async def test_whoever_a_threshold_tells_reads_why(council: Council) -> None:
    await raised(council)

    await council.at(AFTER_SIX)

    said = acting.why(council.person("neil").card(NTK))
    assert ("missing" in said, "service manager" in said) == (True, True)


async def test_high_risk_is_level_1_at_once(council: Council) -> None:
    await council.raises("sam", **{**MISSING, "missing_risk": "HIGH"})
    await council.send_all()

    assert (await found(council)).level == 1
    assert council.who_sees(NTK) == sorted([*EVERYONE, "quinn"])


async def test_a_whole_family_missing_is_said(council: Council) -> None:
    await raised(council, whole_family="yes")

    assert reading.facts(council.person("tara").card(NTK))["The whole family is missing"] == "Yes"


async def test_found_stops_the_clock_and_everyone_hears_it(council: Council) -> None:
    await raised(council)

    await does(council, "sam", "found", **FOUND)
    await council.at(AFTER_SIX)

    assert council.who_sees(NTK) == ["tara"]
    card = council.person("tara").card(f"Found: {FIRST}").words
    assert "Sam Okafor reported the child found" in card
    assert "Well, at the placement." in card
    assert (await found(council)).found_at == datetime(2026, 11, 30, 16, 45, tzinfo=UTC)


async def test_found_is_reported_once(council: Council) -> None:
    await raised(council)
    await does(council, "sam", "found", **FOUND)

    offered = {who: "Found or returned" in (await menu(council, who)).buttons for who in ("sam", "tara")}
    data = {"ntk": (await found(council)).id, "act": "found", "nonce": "f" * 32, **FOUND}
    await council.presses("tara", "ntk.do", {**data, "found_time": "12:00"})

    assert offered == {"sam": False, "tara": False}
    assert (await found(council)).found_at == datetime(2026, 11, 30, 16, 45, tzinfo=UTC)


async def test_only_a_missing_child_can_be_found(council: Council) -> None:
    await council.raises("sam", category="VIOLENCE")
    await council.send_all()

    assert "Found or returned" not in (await menu(council, "sam")).buttons


async def test_found_needs_when_and_how(council: Council) -> None:
    await raised(council)

    form = await does(council, "sam", "found", found_date="2026-12-01", found_time="10:00", text="")

    assert "This can't be in the future" in form.words
    assert "Enter how the child is" in form.words
    assert reading.typed(form)["found_date"] == "2026-12-01"
    assert (await found(council)).found_at is None


async def test_a_child_is_not_found_before_it_went_missing(council: Council) -> None:
    await raised(council)

    form = await does(council, "sam", "found", found_date="2026-11-28", found_time="10:00", text="Well.")

    assert reading.title(form) == "Found or returned"
    assert (await found(council)).found_at is None


async def test_the_return_interview_is_due_72_hours_after_the_return(council: Council) -> None:
    await raised(council)
    before = await acting.count(council, ntk_prompts.ntk_prompts)

    await does(council, "sam", "found", **FOUND)

    card = council.person("tara").card("Has the child been offered a return interview?")
    assert before == 0
    assert reading.title(card) == "Return interview"
    assert reading.facts(card)["Due"] == "Thursday 3 December 2026 at 4:45pm"
    assert council.who_sees("Has the child been offered a return interview?") == ["tara"]


async def test_its_owner_is_reminded_until_it_is_recorded(council: Council) -> None:
    await raised(council)
    await does(council, "sam", "found", **FOUND)
    tara = council.person("tara")
    seen = []

    for moment in (
        datetime(2026, 12, 2, 8, 59, tzinfo=UTC),
        datetime(2026, 12, 2, 9, 1, tzinfo=UTC),
        datetime(2026, 12, 3, 9, 1, tzinfo=UTC),
        datetime(2026, 12, 3, 16, 46, tzinfo=UTC),
    ):
        await council.at(moment)
        seen.append([reading.title(card) for card in tara.cards].count("Return interview"))

    assert seen == [1, 2, 3, 4]


async def test_high_risk_learnt_later_is_answered_by_a_higher_level(council: Council) -> None:
    await raised(council)

    await does(council, "tara", "level", level="1", text="Seen with an adult known to the police.")

    assert council.who_sees(NTK) == sorted([*EVERYONE, "quinn"])
