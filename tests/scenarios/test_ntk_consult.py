""" "Not sure: ask my manager first": the question, its three answers, and what happens when none comes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from casework.db import consults, ntk
from tests.scenarios import reading
from tests.scenarios.acting import NAMED, NO_SUCH_ID, SECRETS, WHY_KEPT, audited, count, leaked
from tests.scenarios.council import STORY, TOLD_AT_LEVEL_1, Council
from tests.teams_service.chats import Shown

ASK = "Not sure: ask my manager first"
QUESTION = "Is this a need-to-know?"
WHO_KEYS = ("category", "initials", "case_id", "status", "age_band")
HALF = {key: STORY[key] for key in WHO_KEYS}
STILL = "You can still raise it."


async def asks(council: Council, first_name: str = "sam", **changed: str) -> Shown:
    """Somebody fills in the first form and asks; the card they then have."""
    person = council.person(first_name)
    await person.says("raise")
    shown = await person.clicks(person.latest, ASK, {**HALF, **changed})
    await council.send_all()
    return shown


async def the_question(council: Council) -> str:
    """The id of the only question there is."""
    async with council.parts.context.database.reading() as work:
        return str(await work.connection.scalar(select(consults.consults.c.id)))


async def test_the_manager_gets_the_question_with_what_was_typed_and_what_the_coach_says(council: Council) -> None:
    shown = await asks(council)

    card = council.person("tara").card(QUESTION)
    assert reading.title(shown) == "Your manager is asked"
    assert "Your manager has your question and 30 minutes to answer." in shown.words
    assert council.who_sees(QUESTION) == ["tara"]
    assert "Sam Okafor, 01632 960101 asks whether to raise this." in card.words
    assert "**Monday 30 November 2026 at 5:20pm**" in card.words
    assert reading.facts(card)["About"] == "Serious injury or harm, life-threatening or narrowly avoided"
    assert reading.facts(card)["Child"] == "AB (ID 100101)"
    assert reading.facts(card)["Child's status"] == "Child protection plan"
    assert "A child is seriously harmed, or nearly was" in card.words
    assert await count(council, ntk.ntks) == 0


async def test_it_can_be_asked_from_each_of_the_three_forms(council: Council) -> None:
    form = await council.fills_in("sam")
    offered = ASK in form.buttons

    await council.person("sam").clicks(form, ASK)
    await council.send_all()

    assert offered is True
    assert STORY["what_happened"] in council.person("tara").card(QUESTION).words


@pytest.mark.parametrize(
    ("button", "comment", "said"),
    [
        ("Raise it", "", "**Tara Whitfield** says: raise it."),
        ("Talk to me first", "Ring me at five.", "**Tara Whitfield** asks you to talk first, 01632 960102."),
        ("Not needed now", "The hospital has it in hand.", f"**Tara Whitfield** says it is not needed now. {STILL}"),
    ],
)
async def test_the_asker_is_told_the_answer_and_carries_on_with_what_was_typed(
    council: Council, button: str, comment: str, said: str
) -> None:
    await asks(council)
    sam, tara = council.person("sam"), council.person("tara")

    answered = await tara.clicks(tara.card(QUESTION), button, {"comment": comment})
    await council.send_all()
    card = sam.card("Your manager has answered")
    words = card.words
    form = await sam.clicks(card, "Carry on with it")

    assert "This is answered or raised already." in answered.words
    assert said in words
    assert comment in words
    assert {key: reading.typed(form)[key] for key in WHO_KEYS} == HALF
    await council.checks("sam", form, STORY)
    await sam.clicks(form, "ntk.send")
    await council.send_all()
    assert council.who_sees("Need-to-know NTK-2026-0001") == TOLD_AT_LEVEL_1


@pytest.mark.parametrize("button", ["Talk to me first", "Not needed now"])
async def test_any_answer_but_raise_it_needs_a_comment(council: Council, button: str) -> None:
    await asks(council)
    tara = council.person("tara")

    form = await tara.clicks(tara.card(QUESTION), button, {"comment": " "})
    await council.send_all()

    assert "Enter why, so that they know what to do" in form.words
    assert council.who_sees("Your manager has answered") == []


async def test_without_an_answer_the_asker_is_told_to_raise_or_phone_and_the_next_manager_is_asked(
    council: Council,
) -> None:
    await asks(council)

    await council.at(datetime(2026, 11, 30, 17, 19, tzinfo=UTC))
    before = (council.who_sees("No answer yet"), council.who_sees(QUESTION))
    await council.at(datetime(2026, 11, 30, 17, 21, tzinfo=UTC))

    assert before == ([], ["tara"])
    assert council.who_sees("No answer yet") == ["sam"]
    assert "Nobody has answered in time. Raise it now, or phone." in council.person("sam").card("No answer yet").words
    assert council.who_sees(QUESTION) == ["neil", "tara"]


async def test_the_next_manager_can_answer_it_and_the_first_one_comes_too_late(council: Council) -> None:
    await asks(council)
    await council.at(datetime(2026, 11, 30, 17, 21, tzinfo=UTC))
    neil, tara = council.person("neil"), council.person("tara")

    await neil.clicks(neil.card(QUESTION), "Raise it")
    late = await tara.clicks(tara.card(QUESTION), "Not needed now", {"comment": "Leave it."})
    await council.send_all()

    assert "This was done already, or somebody else was faster." in late.words
    assert "**Neil Abara** says: raise it." in council.person("sam").card("Your manager has answered").words
    assert "Leave it." not in "".join(card.words for card in council.person("sam").cards)


async def test_the_next_manager_reads_by_when_to_answer_and_not_a_time_that_is_past(council: Council) -> None:
    await asks(council)

    await council.at(datetime(2026, 11, 30, 17, 21, tzinfo=UTC))

    assert "Please answer by **Monday 30 November 2026 at 5:20pm**" not in council.person("neil").card(QUESTION).words


async def test_it_can_be_raised_all_the_while_and_the_question_is_settled_by_it(council: Council) -> None:
    await asks(council)
    sam, tara = council.person("sam"), council.person("tara")

    await sam.says("raise")
    form = sam.latest
    if "Carry on with it" in form.buttons:
        await sam.clicks(form, "Carry on with it")
    await council.checks("sam", form, STORY)
    await sam.clicks(form, "ntk.send")
    await council.send_all()
    late = await tara.clicks(tara.card(QUESTION), "Not needed now", {"comment": "Leave it."})
    await council.at(datetime(2026, 11, 30, 17, 21, tzinfo=UTC))

    assert council.who_sees("Need-to-know NTK-2026-0001") == TOLD_AT_LEVEL_1
    assert "This was done already" in late.words or "answered or raised already" in late.words
    assert council.who_sees("No answer yet") == council.who_sees("Your manager has answered") == []
    assert "neil" not in council.who_sees(QUESTION)


async def test_not_needed_now_forbids_nothing(council: Council) -> None:
    await asks(council)
    tara = council.person("tara")
    await tara.clicks(tara.card(QUESTION), "Not needed now", {"comment": "The hospital has it in hand."})
    await council.send_all()

    receipt = await council.raises("sam")

    assert reading.title(receipt) == "Need-to-know raised: NTK-2026-0001"


@pytest.mark.parametrize("who", ["ruth", "imran", "grace", "helen", "marek", "connor", "sam"])
async def test_nobody_of_another_team_nor_the_asker_sees_or_answers_it(council: Council, who: str) -> None:
    await asks(council)
    id = await the_question(council)

    answer = await council.presses(who, "consult.answer", {"consult": id, "answer": "NOTNOW", "comment": "No."})
    nothing = await council.presses(
        who, "consult.answer", {"consult": NO_SUCH_ID, "answer": "NOTNOW", "comment": "No."}
    )
    await council.send_all()

    assert answer.card == nothing.card
    assert await audited(council, "consult.answered") == []


async def test_asked_twice_it_asks_once(council: Council) -> None:
    sam = council.person("sam")
    await sam.says("raise")
    data = {**reading.data_of(sam.latest, "ntk.ask_first"), **HALF}

    for _ in range(3):
        await council.presses("sam", "ntk.ask_first", data)
    await council.send_all()

    assert await count(council, consults.consults) == 1
    assert [QUESTION in card.words for card in council.person("tara").cards].count(True) == 1


async def test_a_question_and_its_answer_are_audited_without_words(council: Council) -> None:
    await asks(council)
    tara = council.person("tara")

    await tara.clicks(tara.card(QUESTION), "Talk to me first", {"comment": "Ring me at five."})
    await council.send_all()

    assert [row["actor"] for row in await audited(council, "consult.asked")] == [await council.id_of("sam")]
    assert [(row["actor"], row["answer"]) for row in await audited(council, "consult.answered")] == [
        (await council.id_of("tara"), "TALK")
    ]
    assert await leaked(council, "Ring me at five.") == []


async def test_a_name_in_what_was_typed_is_held_back_from_the_manager(council: Council) -> None:
    sam = council.person("sam")
    form = await council.fills_in("sam", what_happened=NAMED)

    await sam.clicks(form, ASK, {"what_happened": NAMED})
    await council.send_all()

    assert "This may say who somebody is" in form.words
    assert council.who_sees(QUESTION) == []
    assert await count(council, consults.consults) == 0
    assert await leaked(council, *SECRETS) == []


async def test_with_a_reason_the_question_goes_and_the_count_is_audited(council: Council) -> None:
    sam = council.person("sam")
    form = await council.fills_in("sam", what_happened=NAMED)

    await sam.clicks(form, ASK, {"what_happened": NAMED, "privacy_reason": WHY_KEPT})
    await council.send_all()

    assert "Annabel Whitcombe" in council.person("tara").card(QUESTION).words
    assert await leaked(council, *SECRETS, WHY_KEPT) == []
    assert [row.get("kept_identifiers") for row in await audited(council, "consult.asked")] == [2]


async def test_a_name_in_the_answer_is_held_back_and_goes_only_with_a_reason(council: Council) -> None:
    await asks(council)
    tara = council.person("tara")

    form = await tara.clicks(tara.card(QUESTION), "Talk to me first", {"comment": NAMED})
    await council.send_all()
    held, words = council.who_sees("Your manager has answered"), form.words
    await tara.clicks(form, "Talk to me first", {"comment": NAMED, "privacy_reason": WHY_KEPT})
    await council.send_all()

    assert held == []
    assert "a name “Annabel Whitcombe”, a date of birth “12/03/2015”" in words
    assert "Annabel Whitcombe" in council.person("sam").card("Your manager has answered").words
    assert await leaked(council, *SECRETS) == []
    assert [row.get("kept_identifiers") for row in await audited(council, "consult.answered")] == [2]


async def test_somebody_without_a_manager_on_the_list_is_told_to_phone_or_send(council: Council) -> None:
    shown = await asks(council, "yusuf")

    assert (
        "Nobody is on Usher's list as your manager today" in shown.words
        or "Your manager has your question" in shown.words
    )
    asked = council.who_sees(QUESTION)
    assert asked in ([], ["priya"], ["dana"])


async def test_a_manager_who_asks_is_answered_by_the_next_one_up(council: Council) -> None:
    await asks(council, "tara")

    assert council.who_sees(QUESTION) == ["neil"]
