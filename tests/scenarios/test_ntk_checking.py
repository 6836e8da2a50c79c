"""What managers decide about an NTK: endorsing, returning, another level, further up, not a need-to-know."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from casework.domain.ntk import State
from tests.scenarios import acting, reading
from tests.scenarios.acting import FIRST, acknowledge, audited, begins, does, found, menu
from tests.scenarios.council import STORY, TOLD_AT_LEVEL_1, Council

NTK = f"Need-to-know {FIRST}"
TUESDAY = datetime(2026, 12, 1, tzinfo=UTC)
NO_ROLE = "You don't have the role for this."


async def raised(council: Council, first_name: str = "sam", **changed: str) -> None:
    await council.raises(first_name, **changed)
    await council.send_all()


async def presses(council: Council, first_name: str, code: str, **inputs: object) -> str:
    """Somebody's client sends an act whatever their cards offer; the words answered."""
    data = {"ntk": (await found(council)).id, "act": code, "nonce": uuid.uuid4().hex, **inputs}
    shown = await council.presses(first_name, "ntk.do", data)
    await council.send_all()
    return shown.words


async def test_a_manager_endorses_by_one_tap_on_the_card(council: Council) -> None:
    await raised(council)
    tara = council.person("tara")
    card = tara.card(NTK)
    before = reading.facts(card)["Stands"]

    await tara.clicks(card, "Endorse")
    await council.send_all()

    said = "Checked by Tara Whitfield on Mon 30 Nov, 4:50pm"
    assert before == "Not yet checked by a manager"
    assert reading.facts(card)["Stands"] == said
    assert reading.facts(council.person("sam").card("Need-to-know raised"))["Stands"] == said
    assert reading.facts(council.person("dana").card(NTK))["Stands"] == said
    assert "Endorse" not in card.buttons
    assert "You acknowledged this" in card.words


async def test_an_endorsement_tells_the_next_tier_where_a_level_is_told_in_turn(council: Council) -> None:
    await raised(council, category="VIOLENCE")
    before = council.who_sees(NTK)

    await council.person("tara").clicks(council.person("tara").card(NTK), "Endorse")
    await council.send_all()

    assert (before, council.who_sees(NTK)) == (["tara"], ["neil", "tara"])


async def test_notes_say_what_is_needed_and_what_was_considered(council: Council) -> None:
    await raised(council)

    await does(
        council,
        "tara",
        "check",
        needed="Somebody to speak to the school.",
        statutory="YES",
        statutory_why="Abuse is suspected.",
        welfare="yes",
        recorded_on="2026-11-30",
    )

    assert (await found(council)).state is State.OPEN
    told = [name for name in TOLD_AT_LEVEL_1 if name != "tara"]
    assert council.who_sees("Somebody to speak to the school.") == sorted([*told, "sam"])
    facts = (await audited(council, "ntk.checked"))[0]
    assert {key: facts[key] for key in ("statutory", "welfare", "comms", "legal", "recorded_on", "tier")} == {
        "statutory": "YES",
        "welfare": True,
        "comms": False,
        "legal": False,
        "recorded_on": "2026-11-30",
        "tier": "TM",
    }
    assert "Needed from senior managers: Somebody to speak to the school." in await acting.timeline(council, "sam")


async def test_the_second_of_two_managers_who_endorse_sees_who_was_faster(council: Council) -> None:
    await raised(council)

    await presses(council, "tara", "endorse")
    second = await presses(council, "neil", "endorse")

    assert "Checked by Tara Whitfield on Mon 30 Nov, 4:50pm" in second
    assert len(await audited(council, "ntk.checked")) == 1


async def test_nobody_checks_what_they_raised_themselves(council: Council) -> None:
    await raised(council, "tara")

    offered = (await menu(council, "tara")).buttons
    forced = await presses(council, "tara", "endorse")

    assert [title for title in ("Endorse", "Return for detail", "Change the level") if title in offered] == []
    assert NO_ROLE in forced
    assert (await found(council)).state is State.SUBMITTED


@pytest.mark.parametrize("who", ["marek", "ruth", "grace", "helen", "connor", "devi"])
async def test_nobody_of_another_line_checks_it_or_learns_that_it_exists(council: Council, who: str) -> None:
    await raised(council)

    answers = [await presses(council, who, code) for code in ("endorse", "return", "not_ntk", "level", "close")]
    nothing = [
        (await council.presses(who, "ntk.do", {"ntk": acting.NO_SUCH_ID, "act": code})).words
        for code in ("endorse", "return", "not_ntk", "level", "close")
    ]

    assert answers == nothing
    assert (await found(council)).state is State.SUBMITTED


async def test_a_legal_adviser_who_was_told_reads_it_and_checks_nothing(council: Council) -> None:
    await raised(council)

    answers = [await presses(council, "leila", code) for code in ("endorse", "return", "level", "not_ntk", "close")]

    assert [NO_ROLE in words for words in answers] == [True] * 5


async def test_a_return_needs_words(council: Council) -> None:
    await raised(council)

    form = await does(council, "tara", "return", text="  ")

    assert reading.title(form) == "Return for detail"
    assert "Enter what the raiser has to add" in form.words
    assert (await found(council)).state is State.SUBMITTED


async def test_a_returned_level_1_is_held_back_from_nobody_and_answered_by_an_update(council: Council) -> None:
    await raised(council)
    sam = council.person("sam")

    await does(council, "tara", "return", text="Where is the sibling?")
    returned = (await found(council)).state
    asked = sam.card(f"Please add detail to {FIRST}")
    said = asked.words
    form = await sam.clicks(asked, "Add an update")
    await sam.clicks(form, "Send the update", {"text": "With an aunt."})
    await council.send_all()

    assert returned is State.RETURNED
    assert council.who_sees(NTK) == TOLD_AT_LEVEL_1
    assert "Where is the sibling?" in said
    assert (await found(council)).state is State.SUBMITTED
    assert "With an aunt." in council.person("tara").card(f"Update to {FIRST}").words


async def test_a_return_without_an_answer_passes_up(council: Council) -> None:
    await raised(council, category="VIOLENCE")

    await does(council, "tara", "return", text="Who was hurt?")
    await council.at(TUESDAY.replace(hour=10, minute=49))
    before = council.who_sees(NTK)
    await council.at(TUESDAY.replace(hour=10, minute=51))

    assert (before, council.who_sees(NTK)) == (["tara"], ["neil", "tara"])
    assert "Your manager asked for more detail and has none yet." in council.person("sam").card(FIRST).words


async def test_a_return_answered_in_time_passes_up_no_step_of_its_own(council: Council) -> None:
    await raised(council, category="VIOLENCE")
    await does(council, "tara", "return", text="Who was hurt?")

    await does(council, "sam", "update", text="Nobody was hurt.")
    await does(council, "tara", "endorse")
    await council.at(TUESDAY.replace(hour=10, minute=51))

    assert "Your manager asked for more detail" not in "".join(shown.words for shown in council.person("sam").cards)
    assert council.who_sees(NTK) == ["neil", "tara"]


async def test_an_answered_return_nobody_looks_at_again_does_not_rest_with_the_team_manager(council: Council) -> None:
    await raised(council, category="VIOLENCE")
    await does(council, "tara", "return", text="Who was hurt?")
    await does(council, "sam", "update", text="The worker was taken to hospital.")

    await council.at(TUESDAY.replace(day=3, hour=17))

    assert "neil" in council.who_sees(NTK)


async def test_a_return_comes_once(council: Council) -> None:
    await raised(council)
    await does(council, "tara", "return", text="Where is the sibling?")

    again = await presses(council, "neil", "return", text="And the mother?")

    assert "Returned for detail" in again
    assert council.who_sees("And the mother?") == []
    assert len(await audited(council, "ntk.returned")) == 1


async def test_recorded_as_not_a_need_to_know_with_a_reason_everyone_told_hears_it(council: Council) -> None:
    await raised(council, category="COMPLAINT")
    form = await does(council, "tara", "not_ntk", reason="", text="")
    missed = form.words

    await council.person("tara").clicks(
        form, "Record it", {"reason": "BELOW", "text": "Answered by the team within a day."}
    )
    await council.send_all()

    assert "Choose a reason" in missed
    assert "Enter why it is not a need-to-know" in missed
    assert (await found(council)).state is State.NOT_NTK
    told = council.person("sam").card(f"Not a need-to-know: {FIRST}").words
    assert "Tara Whitfield recorded it as not a need-to-know: Below what senior officers need to know" in told
    assert "Answered by the team within a day." in told
    await council.person("chloe").says(f"find {FIRST}")
    assert "not a need-to-know" in council.person("chloe").latest.words.lower()


async def test_not_a_need_to_know_waits_for_the_outside_clocks(council: Council) -> None:
    await raised(council)

    refused = await does(council, "tara", "not_ntk", reason="BELOW", text="A graze.")

    assert "Serious incident notification, Rapid review" in refused.words
    assert (await found(council)).state is State.SUBMITTED


async def test_once_endorsed_it_is_not_recorded_as_not_a_need_to_know(council: Council) -> None:
    await raised(council, category="COMPLAINT")
    await does(council, "tara", "endorse")

    forced = await presses(council, "tara", "not_ntk", reason="BELOW", text="A graze.")

    assert "Checked by Tara Whitfield on Mon 30 Nov, 4:50pm" in forced
    assert (await found(council)).state is State.OPEN


async def test_a_higher_level_acts_at_once_and_tells_everyone_it_reaches(council: Council) -> None:
    await raised(council, category="COMPLAINT")
    before = council.who_sees(NTK)
    without = (await does(council, "tara", "level", level="1", text="")).words

    await does(council, "tara", "level", level="1", text="The Ombudsman has gone to the press.")

    assert before == ["tara"]
    assert "Enter why the level changes" in without
    assert (await found(council)).level == 1
    assert council.who_sees(NTK) == ["chloe", "dana", "neil", "priya", "quinn", "tara"]
    changed = council.person("sam").card(f"Level changed: {FIRST}").words
    assert "Tara Whitfield changed the level from 3 to 1" in changed
    assert "The Ombudsman has gone to the press." in changed


async def test_a_higher_level_begins_its_own_steps_and_updates(council: Council) -> None:
    await raised(council, category="COMPLAINT")

    await does(council, "tara", "level", level="1", text="The Ombudsman has gone to the press.")
    await council.at(datetime(2026, 11, 30, 17, 19, tzinfo=UTC))
    early = council.who_sees(f"Please acknowledge {FIRST}")
    await council.at(datetime(2026, 11, 30, 17, 21, tzinfo=UTC))

    assert (early, council.who_sees(f"Please acknowledge {FIRST}")) == ([], ["chloe", "dana", "neil", "priya", "tara"])
    receipt = council.person("sam").card("Need-to-know raised")
    assert reading.facts(receipt)["Next update"] == "Tuesday 1 December 2026 at midday"


async def test_the_same_level_again_is_not_offered_and_refused(council: Council) -> None:
    await raised(council)

    offered = reading.choices(await begins(council, "tara", "level"), "level")
    forced = await presses(council, "tara", "level", level="1", text="The same.")

    assert list(offered) == ["2", "3"]
    assert "Choose one from the list" in forced or "This is what it was before" in forced


async def test_a_lower_level_holds_only_once_a_senior_confirms(council: Council) -> None:
    await raised(council)

    await does(council, "tara", "level", level="3", text="It was a graze.")
    asked = await found(council)
    waiting = reading.facts(council.person("sam").card("Need-to-know raised"))["Stands"]
    card = council.person("neil").card(f"Lower {FIRST}?")
    said = card.words
    await council.person("neil").clicks(card, "Confirm level 3")
    await council.send_all()

    assert (asked.level, asked.lower_to) == (1, 3)
    assert waiting.endswith("Lowering to level 3 waits to be confirmed; level 1 holds")
    assert "Tara Whitfield asks to lower" in said
    assert "It was a graze." in said
    lowered = await found(council)
    assert (lowered.level, lowered.lower_to) == (3, None)
    assert "Neil Abara changed the level from 1 to 3" in council.person("sam").card(f"Level changed: {FIRST}").words
    assert council.who_sees(NTK) == TOLD_AT_LEVEL_1


async def test_while_lowering_waits_the_steps_of_the_old_level_go_on(council: Council) -> None:
    await raised(council)

    await does(council, "tara", "level", level="3", text="It was a graze.")
    await council.at(datetime(2026, 11, 30, 17, 21, tzinfo=UTC))

    assert council.who_sees(f"Please acknowledge {FIRST}") == ["chloe", "dana", "neil", "priya", "tara"]


async def test_a_senior_keeps_the_level_and_whoever_asked_hears_it(council: Council) -> None:
    await raised(council)
    await does(council, "tara", "level", level="3", text="It was a graze.")

    await council.person("neil").clicks(council.person("neil").card(f"Lower {FIRST}?"), "Keep level 1")
    await council.send_all()

    kept = await found(council)
    assert (kept.level, kept.lower_to) == (1, None)
    assert "Neil Abara kept the level at 1" in council.person("tara").card(f"Level kept: {FIRST}").words
    assert reading.facts(council.person("sam").card("Need-to-know raised"))["Stands"] == "Not yet checked by a manager"


async def test_whoever_asked_to_lower_it_cannot_confirm(council: Council) -> None:
    await raised(council)
    await does(council, "tara", "level", level="3", text="It was a graze.")

    offered = (await menu(council, "tara")).buttons
    for code in ("lower_confirm", "lower_keep"):
        await presses(council, "tara", code)

    assert [title for title in ("Confirm the lower level", "Keep the level") if title in offered] == []
    still = await found(council)
    assert (still.level, still.lower_to) == (1, 3)


async def test_a_junior_of_whoever_asked_cannot_confirm(council: Council) -> None:
    await raised(council)
    await does(council, "chloe", "level", level="2", text="It was a graze.")

    forced = [await presses(council, who, "lower_confirm") for who in ("tara", "neil")]
    held = (await found(council)).level
    await does(council, "priya", "lower_confirm")

    assert [NO_ROLE in words for words in forced] == [True, True]
    assert (held, (await found(council)).level) == (1, 2)


async def test_the_buttons_for_a_lower_level_stand_only_where_they_work(council: Council) -> None:
    await raised(council)
    await does(council, "chloe", "level", level="2", text="It was a graze.")

    offered = {
        who: "Confirm the lower level" in (await menu(council, who)).buttons for who in ("tara", "neil", "priya")
    }

    assert offered == {"tara": False, "neil": False, "priya": True}


async def test_something_else_is_level_2_until_a_manager_checks_it(council: Council) -> None:
    receipt = await council.raises("sam", category="OTHER", why_other="A councillor may ask.")
    await council.send_all()
    began = reading.facts(receipt)["Level"]

    await does(council, "tara", "level", level="1", text="The press knows.")

    assert began == "2: up to the assistant director, who decides about the director"
    assert (await found(council)).level == 1
    assert "A councillor may ask." in council.person("tara").card(NTK).words


@pytest.mark.parametrize(("decision", "told"), [("UP", ["priya"]), ("STAY", [])])
async def test_the_head_of_service_decides_whether_a_level_3_goes_further_up(
    council: Council, decision: str, told: list[str]
) -> None:
    await raised(council, category="COMPLAINT")
    await acknowledge(council, "tara", "neil", "chloe")
    before = council.who_sees(NTK)
    without = (await does(council, "chloe", "up", decision=decision, text="")).words

    await does(council, "chloe", "up", decision=decision, text="It is about a councillor.")

    assert before == ["chloe", "neil", "tara"]
    assert "Enter why" in without
    assert council.who_sees(NTK) == sorted([*before, *told])
    said = {"UP": "the tier above is told", "STAY": "it stays here"}[decision]
    assert (
        f"Chloe Marsh decided about going further up: {said}" in council.person("sam").card(f"Decided: {FIRST}").words
    )
    assert "It is about a councillor." in council.person("sam").card(f"Decided: {FIRST}").words


async def test_only_the_tier_that_decides_is_asked_whether_it_goes_up(council: Council) -> None:
    await raised(council, category="COMPLAINT")

    offered = {
        who: "Decide about going further up" in (await menu(council, who)).buttons
        for who in ("tara", "neil", "chloe", "priya", "sam")
    }

    assert offered == {"tara": False, "neil": False, "chloe": True, "priya": False, "sam": False}


async def test_the_assistant_director_decides_about_the_director_at_level_2(council: Council) -> None:
    await raised(council, category="VIOLENCE")
    await acknowledge(council, "tara", "neil", "chloe", "priya")
    before = council.who_sees(NTK)

    await does(council, "priya", "up", decision="UP", text="A worker was hurt.")

    assert (before, council.who_sees(NTK)) == (
        ["chloe", "neil", "priya", "tara"],
        ["chloe", "dana", "neil", "priya", "tara"],
    )
    said = acting.why(council.person("dana").card(NTK))
    assert ("decided" in said, "director" in said) == (True, True)


async def test_a_form_sent_twice_decides_once(council: Council) -> None:
    await raised(council)
    form = await begins(council, "tara", "level")
    data = {**reading.data_of(form, "ntk.do"), "level": "3", "text": "It was a graze."}

    answers = [await council.presses("tara", "ntk.do", data) for _ in range(3)]
    await council.send_all()

    assert [reading.title(shown) for shown in answers] == [NTK] * 3
    assert len(await audited(council, "ntk.lower_asked")) == 1
    assert STORY["what_happened"] in answers[0].words
