"""A restricted NTK is for those named on it: to everybody else it does not exist, and that they asked is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.scenarios import reading
from tests.scenarios.acting import FIRST, NO_SUCH_ID, SECRETS, acknowledge, audited, does, found, leaked, opens, why
from tests.scenarios.council import STORY, Council

NTK = f"Need-to-know {FIRST}"
ALLEGATION = {"category": "STAFFALLEG", "subject_role": "FOSTER"}
OUTSIDERS = ("chloe", "neil", "dana", "marek", "ruth", "connor", "devi", "leila")
DIGEST_AT = datetime(2026, 12, 1, 8, 31, tzinfo=UTC)


async def raised(council: Council, **changed: str) -> None:
    await council.raises("sam", **{**ALLEGATION, **changed})
    await council.send_all()


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_a_search_by_reference_or_case_id_answers_as_for_one_that_does_not_exist(
    council: Council, who: str
) -> None:
    await raised(council)
    person = council.person(who)
    answers = []

    for words in (FIRST, "NTK-2026-0777", "100101", "100999"):
        await person.says(f"find {words}")
        answers.append(person.latest.card)

    assert reading.title(person.latest) == "Nothing found"
    assert [card == answers[0] for card in answers] == [True] * 4


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_no_button_of_it_answers_otherwise_than_for_one_that_does_not_exist(council: Council, who: str) -> None:
    await raised(council)
    id = (await found(council)).id

    for verb in ("ntk.open", "ntk.more", "ntk.status", "ntk.timeline", "ntk.acknowledge", "ntk.act", "ntk.do"):
        data = {"act": "update", "text": "What is it?"}
        answer = await council.presses(who, verb, {**data, "ntk": id})
        nothing = await council.presses(who, verb, {**data, "ntk": NO_SUCH_ID})

        assert answer.card == nothing.card, verb


async def test_lists_of_managers_of_the_line_hold_no_trace_of_it(council: Council) -> None:
    seen = {}
    for who in ("chloe", "neil", "dana"):
        for words in ("team ntks", "my ntks"):
            await council.person(who).says(words)
            seen[who, words] = council.person(who).latest.card

    await raised(council)

    for (who, words), before in seen.items():
        await council.person(who).says(words)
        assert council.person(who).latest.card == before, (who, words)


async def test_morning_lists_hold_no_trace_of_it(council: Council) -> None:
    await raised(council)
    await acknowledge(council, "tara")

    await council.at(DIGEST_AT)

    assert [name for name in council.who_sees(FIRST) if name not in ("sam", "tara", "neil", "morag")] == []
    assert council.who_sees("Your morning: Tue 1 December 2026") == ["neil", "tara"]


async def test_no_duplicate_is_pointed_out_to_somebody_who_may_not_read_it(council: Council) -> None:
    await raised(council)

    form = await council.fills_in("chloe")

    assert "Perhaps raised already" not in form.words
    assert FIRST not in form.words


async def test_a_refused_search_stands_in_the_audit_trail(council: Council) -> None:
    await raised(council)

    for words in (FIRST, "100101", "NTK-2026-0777", "100999"):
        await council.person("chloe").says(f"find {words}")

    chloe = await council.id_of("chloe")
    assert [row["actor"] for row in await audited(council, "ntk.refused")] == [chloe, chloe]


async def test_those_named_on_it_read_it_and_their_card_says_what_it_is(council: Council) -> None:
    await raised(council)

    assert council.who_sees(NTK) == ["morag", "tara"]
    assert "**Restricted**: only those named on it can see it." in council.person("tara").card(NTK).words
    assert STORY["what_happened"] in (await opens(council, "morag")).words


async def test_the_next_tier_may_read_it_once_it_is_told_and_not_before(council: Council) -> None:
    await raised(council)
    before = await council.presses("neil", "ntk.open", {"ntk": (await found(council)).id})

    await acknowledge(council, "tara")

    assert "There is nothing by that name that you can see." in before.words
    assert STORY["what_happened"] in (await opens(council, "neil")).words


async def test_the_member_of_staff_it_is_about_and_their_managers_never_see_it(council: Council) -> None:
    await raised(council, initials="LM", case_id="100301", subject_role="STAFF", subject="Jo Pemberton")
    await council.at(datetime(2026, 12, 4, 17, tzinfo=UTC))

    for who in ("jo", "imran", "grace", "helen"):
        await council.person(who).says(f"find {FIRST}")
        assert reading.title(council.person(who).latest) == "Nothing found", who

    assert [name for name in council.who_sees(FIRST) if name in ("jo", "imran", "grace", "helen")] == []
    assert "priya" in council.who_sees(NTK)
    assert await leaked(council, "Jo Pemberton", *SECRETS) == []


async def test_a_worker_who_is_the_subject_and_allocated_to_the_child_does_not_learn_of_it(council: Council) -> None:
    await council.raises(
        "ruth",
        **{**ALLEGATION, "subject_role": "STAFF", "subject": "Sam Okafor", "initials": "AB", "case_id": "100101"},
    )
    await council.send_all()
    await council.at(datetime(2026, 12, 3, 17, tzinfo=UTC))

    form = await council.fills_in("sam")

    assert [name for name in council.who_sees(FIRST) if name in ("sam", "tara", "neil", "chloe")] == []
    assert "Perhaps raised already" not in form.words


@pytest.mark.parametrize("because", ["STAFF", "PROFILE", "REVIEW"])
async def test_any_category_can_be_restricted_by_its_raiser(council: Council, because: str) -> None:
    await council.raises("sam", category="COMPLAINT", restrict=because)
    await council.send_all()
    chloe = council.person("chloe")

    await chloe.says(f"find {FIRST}")

    assert (await found(council)).is_restricted is True
    assert reading.title(chloe.latest) == "Nothing found"
    assert council.who_sees(NTK) == ["tara"]


async def test_the_line_reads_one_that_is_not_restricted_without_being_told(council: Council) -> None:
    await council.raises("sam", category="COMPLAINT")
    await council.send_all()

    shown = await opens(council, "chloe")

    assert STORY["what_happened"] in shown.words
    assert ("line" in why(shown), "head of service" in why(shown)) == (True, True)


async def test_every_reading_of_it_is_audited(council: Council) -> None:
    await raised(council)

    await opens(council, "tara")
    await does(council, "tara", "comment", text="Is the child safe?")

    tara, morag = await council.id_of("tara"), await council.id_of("morag")
    disclosed = {row["actor"] for row in await audited(council, "ntk.disclosed")}
    assert {tara, morag} <= disclosed
    assert tara in {row["actor"] for row in await audited(council, "ntk.read")}
