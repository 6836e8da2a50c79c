"""The end of an NTK and its return: closed, reopened, withdrawn, merged. Whatever becomes of it, nothing is deleted."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from casework.domain.ntk import State
from casework.domain.ntk_acts import ACTS
from tests.scenarios import reading
from tests.scenarios.acting import (
    FIRST,
    acknowledge,
    answers_clocks,
    begins,
    counts,
    does,
    found,
    menu,
    opens,
    timeline,
)
from tests.scenarios.council import STORY, TOLD_AT_LEVEL_1, Council

NTK = f"Need-to-know {FIRST}"
SECOND = "NTK-2026-0002"
CLOSING = {"outcome": "RESOLVED", "themes": "RISK,GOOD", "text": "The child is home.", "recorded_on": "2026-11-30"}
NO_ROLE = "You don't have the role for this."
UNKNOWN = "There is no open need-to-know with this reference that you can merge into"
OPENS_CLOSE = ("Close", "Propose to close", "Reopen")


async def raised(council: Council, first_name: str = "sam", **changed: str) -> None:
    await council.raises(first_name, **changed)
    await council.send_all()


async def forced(council: Council, first_name: str, code: str, **inputs: object) -> str:
    """Somebody's client sends an act whatever their cards offer; the words answered."""
    data = {"ntk": (await found(council)).id, "act": code, "nonce": code.ljust(32, "0"), **inputs}
    shown = await council.presses(first_name, "ntk.do", data)
    await council.send_all()
    return shown.words


def about(council: Council) -> dict[str, list[str]]:
    """First name -> the headings of the cards in their chat that name the NTK."""
    return {
        name: [reading.title(card) for card in person.cards if FIRST in card.words]
        for name, person in council.people.items()
    }


async def test_closing_needs_outcome_themes_how_it_ended_and_the_day_of_the_record(council: Council) -> None:
    await raised(council, category="COMPLAINT")

    form = await does(council, "chloe", "close", learning="Ring the school sooner.")

    assert [
        sentence in form.words
        for sentence in (
            "Choose the outcome",
            "Choose at least one theme",
            "Enter how it ended",
            "Enter the day it was recorded in the case system",
        )
    ] == [True] * 4
    assert reading.typed(form)["learning"] == "Ring the school sooner."
    assert (await found(council)).state is State.SUBMITTED


async def test_a_head_of_service_closes_it_and_everyone_told_hears_how_it_ended(council: Council) -> None:
    await raised(council, category="COMPLAINT")
    await acknowledge(council, "tara")

    await does(council, "chloe", "close", **CLOSING, learning="Ring the school sooner.")

    assert (await found(council)).state is State.CLOSED
    assert council.who_sees(f"Closed: {FIRST}") == ["neil", "sam", "tara"]
    card = council.person("sam").card(f"Closed: {FIRST}").words
    assert "Chloe Marsh closed it: Dealt with, no further action" in card
    assert "The child is home." in card
    assert "Ring the school sooner." in card
    assert reading.facts(council.person("sam").card("Need-to-know raised"))["Stands"] == "Closed"


async def test_once_closed_nobody_is_reminded_chased_or_asked_to_acknowledge(council: Council) -> None:
    await raised(council)
    await answers_clocks(council, "priya", "Serious incident notification", "Rapid review")
    await does(council, "chloe", "close", **CLOSING)
    before = about(council)

    await council.at(datetime(2026, 12, 21, 17, 1, tzinfo=UTC))

    assert about(council) == before
    assert "Acknowledge" not in council.person("tara").card(NTK).buttons


async def test_heads_of_service_and_above_close_a_service_manager_proposes(council: Council) -> None:
    await raised(council, category="COMPLAINT")

    offered = {}
    for who in ("sam", "tara", "neil", "chloe", "priya", "dana"):
        buttons = (await menu(council, who)).buttons
        offered[who] = [title for title in OPENS_CLOSE if title in buttons]
    refused = [await forced(council, who, "close", **CLOSING) for who in ("sam", "tara", "neil")]

    assert offered == {
        "sam": [],
        "tara": [],
        "neil": ["Propose to close"],
        "chloe": ["Close"],
        "priya": ["Close"],
        "dana": ["Close"],
    }
    assert [NO_ROLE in words for words in refused] == [True] * 3
    assert (await found(council)).state is State.SUBMITTED


async def test_a_proposal_brings_the_head_of_service_a_card_to_close_it_from(council: Council) -> None:
    await raised(council, category="COMPLAINT")
    chloe = council.person("chloe")

    await does(council, "neil", "propose_close", text="The family is content.")
    card = chloe.card(f"Close {FIRST}?")
    said = card.words
    await chloe.clicks(await chloe.clicks(card, "Close"), "Close it", CLOSING)
    await council.send_all()

    assert council.who_sees(f"Close {FIRST}?") == []  # the card turned into the closed need-to-know
    assert "Neil Abara proposed to close it" in said
    assert "The family is content." in said
    assert (await found(council)).state is State.CLOSED


async def test_it_is_reopened_with_a_reason_that_everyone_told_hears(council: Council) -> None:
    await raised(council, category="VIOLENCE")
    await does(council, "chloe", "close", **CLOSING)

    without = (await does(council, "chloe", "reopen", text="")).words
    await does(council, "chloe", "reopen", text="The worker is off sick.")

    assert "Enter why it is opened again" in without
    reopened = await found(council)
    assert (reopened.state, reopened.closed_at) == (State.OPEN, None)
    assert reopened.next_update_at == datetime(2026, 12, 7, 12, tzinfo=UTC)
    assert council.who_sees(f"Opened again: {FIRST}") == ["sam", "tara"]
    assert "The worker is off sick." in council.person("sam").card(f"Opened again: {FIRST}").words


async def test_what_was_recorded_as_no_need_to_know_can_be_opened_again(council: Council) -> None:
    await raised(council, category="COMPLAINT")
    await does(council, "tara", "not_ntk", reason="BELOW", text="Answered by the team.")

    refused = await forced(council, "tara", "reopen", text="It is in the press.")
    await does(council, "chloe", "reopen", text="It is in the press.")

    assert NO_ROLE in refused
    assert (await found(council)).state is State.OPEN


async def test_reopened_before_anybody_acknowledged_it_goes_up_by_itself_again(council: Council) -> None:
    await raised(council, category="VIOLENCE")
    await does(council, "chloe", "close", **CLOSING)

    await does(council, "chloe", "reopen", text="The worker is off sick.")
    await council.at(datetime(2026, 12, 3, 17, tzinfo=UTC))

    assert council.who_sees(f"Please acknowledge {FIRST}") != []


async def test_withdrawn_before_a_manager_checked_it_the_cards_become_a_stub(council: Council) -> None:
    await raised(council)

    without = (await does(council, "sam", "withdraw", text="")).words
    await does(council, "sam", "withdraw", text="It was another family.")

    assert "Enter why you withdraw it" in without
    assert (await found(council)).state is State.WITHDRAWN
    assert council.who_sees(f"{FIRST} was withdrawn") == TOLD_AT_LEVEL_1
    assert council.who_sees(STORY["what_happened"]) == []
    assert council.who_sees("It was another family.") == TOLD_AT_LEVEL_1
    assert f"{FIRST} was withdrawn" in (await opens(council, "tara")).words
    assert "Sam Okafor withdrew it" in "".join(await timeline(council, "sam"))


async def test_withdrawn_nothing_people_wrote_is_left_on_any_recipients_card(council: Council) -> None:
    await raised(council)
    await does(council, "sam", "update", text="The child is in hospital.")
    tara = council.person("tara")
    form = await tara.clicks(tara.card(f"Update to {FIRST}"), "Acknowledge")
    form = await tara.clicks(form, "Comment or ask")
    await tara.clicks(form, ACTS["comment"].send, {"text": "Which ward?"})
    await council.send_all()
    before = council.who_sees("The child is in hospital.")

    await does(council, "sam", "withdraw", text="It was another family.")

    assert before == ["chloe", "dana", "leila", "neil", "priya", "quinn", "tara"]
    assert council.who_sees("The child is in hospital.") == []


async def test_after_a_manager_checked_it_it_is_withdrawn_no_more(council: Council) -> None:
    await raised(council)
    await does(council, "tara", "endorse")

    offered = (await menu(council, "sam")).buttons
    await forced(council, "sam", "withdraw", text="It was another family.")

    assert "Withdraw" not in offered
    assert (await found(council)).state is State.OPEN
    assert STORY["what_happened"] in council.person("tara").card(NTK).words


async def test_nobody_but_the_raisers_side_withdraws_it(council: Council) -> None:
    await raised(council)

    refused = [await forced(council, who, "withdraw", text="Not needed.") for who in ("tara", "chloe", "dana")]

    assert [NO_ROLE in words for words in refused] == [True] * 3
    assert (await found(council)).state is State.SUBMITTED


async def test_nothing_is_deleted_whatever_becomes_of_it(council: Council) -> None:
    await raised(council, category="VIOLENCE")
    await raised(council, category="VIOLENCE", initials="CD", case_id="100102")
    await raised(council, category="COMPLAINT", initials="EF", case_id="100103")
    seen = [await counts(council)]

    for who, code, reference, inputs in (
        ("sam", "withdraw", "NTK-2026-0003", {"text": "It was another family."}),
        ("sam", "correct", FIRST, {"child": "0", "initials": "AC", "case_id": "100104", "text": "Mistyped."}),
        ("chloe", "merge", FIRST, {"reference": SECOND}),
        ("chloe", "close", SECOND, CLOSING),
        ("chloe", "reopen", SECOND, {"text": "The worker is off sick."}),
    ):
        await does(council, who, code, reference, **inputs)
        seen.append(await counts(council))

    for before, after in itertools.pairwise(seen):
        fewer = {name: (before[name], after[name]) for name in before if after[name] < before[name]}
        assert fewer in ({}, {"audit_unlinked": (before.get("audit_unlinked"), after.get("audit_unlinked"))})
        assert after["ntk_events"] > before["ntk_events"]
    assert seen[-1]["ntks"] == 3


async def test_a_second_ntk_on_a_child_is_pointed_out_to_whoever_may_read_the_first_and_not_blocked(
    council: Council,
) -> None:
    await raised(council)

    form = await council.fills_in("tara")
    said = form.words
    await council.person("tara").clicks(form, "ntk.send")

    assert "Perhaps raised already" in said
    assert f"Open {FIRST}" in form.buttons or f"**{FIRST}**" in said
    assert reading.title(form) == f"Need-to-know raised: {SECOND}"


async def test_the_first_is_opened_from_there_and_gets_the_update_instead(council: Council) -> None:
    await raised(council)
    tara = council.person("tara")

    form = await council.fills_in("tara")
    card = await tara.clicks(form, f"Open {FIRST}")
    await tara.clicks(await tara.clicks(card, "Add an update"), "Send the update", {"text": "Police are there."})
    await council.send_all()

    assert "Police are there." in council.person("sam").card(f"Update to {FIRST}").words


async def test_whoever_may_not_read_the_first_is_told_nothing_of_it(council: Council) -> None:
    await raised(council)

    form = await council.fills_in("marek")

    assert reading.title(form) == "Check before you send"
    assert "Perhaps raised already" not in form.words
    assert FIRST not in form.words


async def test_after_two_days_it_is_no_duplicate_any_more(council: Council) -> None:
    await raised(council)
    await council.at(datetime(2026, 12, 2, 16, 52, tzinfo=UTC))

    form = await council.fills_in("tara")

    assert "Perhaps raised already" not in form.words


async def two_on_one_incident(council: Council, first: dict[str, str], second: dict[str, str]) -> None:
    """Sam raises one, Tara another about another child of the incident."""
    await raised(council, "sam", **first)
    await raised(council, "tara", **{"initials": "CD", "case_id": "100102", **second})


async def test_merged_there_is_one_reference_with_both_histories_children_and_people(council: Council) -> None:
    await two_on_one_incident(council, {"category": "COMPLAINT"}, {"what_happened": "Heard shouting."})
    before = council.who_sees(NTK)

    await does(council, "chloe", "merge", SECOND, reference=FIRST, text="One family.")

    merged = await found(council, SECOND)
    assert merged.state is State.MERGED
    assert merged.merged_into_id == (await found(council)).id
    assert before == ["tara"]
    assert council.who_sees(NTK) == ["chloe", "dana", "leila", "neil", "priya", "quinn", "tara"]
    await council.person("chloe").says("find 100102")
    assert f"Open {FIRST}" in council.person("chloe").latest.buttons
    assert reading.facts(await opens(council, "chloe"))["Children"] == "AB (ID 100101), CD (ID 100102)"
    history = "\n".join(await timeline(council, "chloe"))
    assert "Tara Whitfield raised it at level 1" in history
    assert "Sam Okafor raised it at level 3" in history
    assert f"Chloe Marsh merged {SECOND} into it" in history
    assert f"Merged into {FIRST}" in (await opens(council, "chloe", SECOND)).words


async def test_merged_the_outside_clocks_run_on_under_the_one_that_is_kept(council: Council) -> None:
    await two_on_one_incident(council, {"category": "COMPLAINT"}, {})

    await does(council, "chloe", "merge", SECOND, reference=FIRST)

    card = (await opens(council, "chloe")).words
    assert "Serious incident notification: due Monday 7 December 2026 at 5pm, assistant director" in card
    refused = await does(council, "chloe", "close", **CLOSING)
    assert "Serious incident notification, Rapid review" in refused.words


async def test_merged_the_owner_of_a_clock_is_still_reminded_before_it_is_due(council: Council) -> None:
    await two_on_one_incident(council, {"category": "COMPLAINT"}, {})
    await does(council, "chloe", "merge", SECOND, reference=FIRST)
    before = [reading.title(card) for card in council.person("priya").cards].count("Serious incident notification")

    await council.at(datetime(2026, 12, 7, 9, 1, tzinfo=UTC))

    now = [reading.title(card) for card in council.person("priya").cards].count("Serious incident notification")
    assert now - before == 3


async def test_merged_the_more_serious_level_holds_with_its_steps_and_updates(council: Council) -> None:
    await two_on_one_incident(council, {"category": "COMPLAINT"}, {})

    await does(council, "chloe", "merge", SECOND, reference=FIRST)
    kept = await found(council)
    await council.at(datetime(2026, 11, 30, 17, 21, tzinfo=UTC))

    assert (kept.level, kept.next_update_at) == (1, datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert council.who_sees(f"Please acknowledge {FIRST}") == ["chloe", "dana", "neil", "priya", "tara"]


async def test_whoever_raised_the_merged_one_can_open_the_one_that_is_kept(council: Council) -> None:
    await raised(council)
    await raised(council, "marek", initials="CD", case_id="100102")

    await does(council, "chloe", "merge", SECOND, reference=FIRST)

    await council.person("marek").says(f"find {FIRST}")
    assert f"Open {FIRST}" in council.person("marek").latest.buttons


async def test_whoever_is_kept_out_of_the_merged_one_does_not_come_to_its_child_by_the_merge(council: Council) -> None:
    await raised(council)
    await raised(council, initials="CD", case_id="100102")
    await does(council, "priya", "exclude", SECOND, person=await council.id_of("neil"), text="Related to CD.")

    await does(council, "chloe", "merge", SECOND, reference=FIRST)

    await council.person("neil").says("find 100102")
    assert reading.title(council.person("neil").latest) == "Nothing found"


async def test_everyone_told_of_the_merged_one_hears_where_it_went(council: Council) -> None:
    await raised(council)
    await raised(council, "tara", initials="CD", case_id="100102")

    await does(council, "chloe", "merge", SECOND, reference=FIRST)

    assert council.who_sees(f"Merged: {SECOND}") == ["dana", "leila", "neil", "priya", "quinn", "tara"]
    assert f"Chloe Marsh merged it into {FIRST}" in council.person("tara").card(f"Merged: {SECOND}").words


async def test_only_heads_of_service_and_above_merge(council: Council) -> None:
    await raised(council)
    await raised(council, "tara", initials="CD", case_id="100102")

    offered = {
        who: "Merge into another" in (await menu(council, who)).buttons
        for who in ("sam", "tara", "neil", "chloe", "priya", "dana")
    }

    assert offered == {"sam": False, "tara": False, "neil": False, "chloe": True, "priya": True, "dana": True}


async def test_a_restricted_one_is_not_merged_into_one_that_is_not(council: Council) -> None:
    await raised(council)
    await raised(council, "tara", initials="CD", case_id="100102", restrict="PROFILE")

    form = await does(council, "chloe", "merge", SECOND, reference=FIRST)

    assert "A restricted need-to-know can't go into one that isn't: merge the other way round" in form.words
    assert (await found(council, SECOND)).state is State.SUBMITTED


async def test_merged_into_a_restricted_one_nobody_comes_in_by_it_nor_learns_of_it(council: Council) -> None:
    await raised(council, "tara", restrict="PROFILE")
    await raised(council, "sam", category="LEGAL", initials="CD", case_id="100102")
    told_first, told_second = council.who_sees(NTK), council.who_sees(f"Need-to-know {SECOND}")

    await does(council, "chloe", "merge", SECOND, reference=FIRST)

    assert (told_first, told_second) == (["chloe", "dana", "leila", "neil", "priya", "quinn"], ["leila", "tara"])
    assert council.who_sees(NTK) == told_first
    assert FIRST not in "".join(card.words for card in council.person("sam").cards)
    assert "merged it into another" in council.person("sam").card(f"Merged: {SECOND}").words


@pytest.mark.parametrize("reference", [SECOND, "NTK-2026-0099", FIRST, "nonsense"])
async def test_a_reference_that_is_unknown_unreadable_or_its_own_gives_the_same_error(
    council: Council, reference: str
) -> None:
    await raised(council)
    await raised(council, "jo", initials="LM", case_id="100301")

    form = await does(council, "chloe", "merge", reference=reference)

    assert [line for line in form.words.splitlines() if line.startswith("- ")] == [
        f"- Reference of the one to keep: {UNKNOWN}"
    ]
    assert (await found(council)).state is State.SUBMITTED


async def test_a_closed_one_is_not_merged_into(council: Council) -> None:
    await raised(council, category="COMPLAINT")
    await raised(council, category="COMPLAINT", initials="CD", case_id="100102")
    await does(council, "chloe", "close", **CLOSING)

    form = await does(council, "chloe", "merge", SECOND, reference=FIRST)

    assert UNKNOWN in form.words


async def test_two_heads_who_merge_two_into_each_other_leave_one_open(council: Council) -> None:
    await raised(council)
    await raised(council, initials="CD", case_id="100102")
    form = await begins(council, "priya", "merge", SECOND)

    await does(council, "chloe", "merge", FIRST, reference=SECOND)
    await council.person("priya").clicks(form, "Merge", {"reference": FIRST})
    await council.send_all()

    assert [(await found(council)).state, (await found(council, SECOND)).state] == [State.MERGED, State.SUBMITTED]
