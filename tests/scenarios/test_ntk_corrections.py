"""Putting right what went wrong: a mistyped child, a wrong recipient, a conflicted manager, a raiser who has left."""

from __future__ import annotations

from datetime import UTC, datetime

from casework.services import directory, ntk_corrections
from tests.scenarios import reading
from tests.scenarios.acting import (
    FIRST,
    NO_SUCH_ID,
    acknowledge,
    audited,
    begins,
    does,
    found,
    leaked,
    menu,
    opens,
    stored,
    timeline,
)
from tests.scenarios.council import PEOPLE, STORY, TOLD_AT_LEVEL_1, Council
from tests.teams_service.service import TENANT_ID

NTK = f"Need-to-know {FIRST}"
RIGHT = {"child": "0", "initials": "c.d.", "case_id": "100 102", "text": "Two files were open."}
NOT_FOUND = "There is nothing by that name that you can see."


async def raised(council: Council, first_name: str = "sam", **changed: str) -> None:
    await council.raises(first_name, **changed)
    await council.send_all()


async def finds(council: Council, first_name: str, words: str) -> bool:
    """Whether somebody's search finds the NTK."""
    await council.person(first_name).says(f"find {words}")
    return f"Open {FIRST}" in council.person(first_name).latest.buttons


async def takes_off(council: Council, who: str, *, by: str = "sam") -> None:
    await does(council, by, "wrong_person", person=await council.id_of(who), text="Two people of a like name.")


async def keeps_out(council: Council, who: str, *, by: str = "priya") -> None:
    await does(council, by, "exclude", person=await council.id_of(who), text="Related to the family.")


async def test_a_mistyped_child_is_put_right_everywhere_and_everyone_told_hears_it(council: Council) -> None:
    await raised(council)

    await does(council, "sam", "correct", **RIGHT)

    assert council.who_sees(f"Corrected: {FIRST}") == TOLD_AT_LEVEL_1
    card = council.person("dana").card(f"Corrected: {FIRST}").words
    assert "CD (ID 100102)" in card
    assert "AB (ID 100101)" in card
    assert "Two files were open." in card
    assert reading.facts(council.person("tara").card(NTK))["Child"] == "CD (ID 100102)"
    assert reading.facts(council.person("sam").card("Need-to-know raised"))["Child"] == "CD (ID 100102)"


async def test_it_is_found_by_the_right_case_id_and_no_longer_by_the_wrong_one(council: Council) -> None:
    await raised(council)
    before = [await finds(council, "tara", case_id) for case_id in ("100101", "100102")]

    await does(council, "sam", "correct", **RIGHT)

    assert before == [True, False]
    assert [await finds(council, "tara", case_id) for case_id in ("100101", "100102")] == [False, True]


async def test_what_was_there_before_is_on_the_timeline_and_sealed_in_the_database(council: Council) -> None:
    await raised(council)

    await does(council, "sam", "correct", **RIGHT)

    assert "Before: AB (ID 100101)" in await timeline(council, "tara")
    assert await leaked(council, "AB (ID 100101)", "Two files were open.") == []
    assert [(row["initials"], row["case_id"]) for row in await audited(council, "ntk.corrected")] == [(True, True)]


async def test_one_child_of_a_sibling_group_is_put_right_and_the_others_stay(council: Council) -> None:
    await raised(council, other_children="CD 100102\nEF 100103")

    await does(council, "tara", "correct", **{**RIGHT, "child": "1", "initials": "GH", "case_id": "100109"})

    children = reading.facts(await opens(council, "tara"))["Children"]
    assert children == "AB (ID 100101), GH (ID 100109), EF (ID 100103)"
    assert [await finds(council, "tara", id) for id in ("100101", "100102", "100103", "100109")] == [
        *(True, False, True, True)
    ]


async def test_the_same_child_again_or_a_sibling_that_is_there_is_refused(council: Council) -> None:
    await raised(council, other_children="CD 100102")

    same = await does(council, "sam", "correct", **{**RIGHT, "initials": "AB", "case_id": "100101"})
    sibling = await does(council, "sam", "correct", **RIGHT)

    said = "This is what it was before: enter something else"
    assert (said in same.words, said in sibling.words) == (True, True)
    assert await audited(council, "ntk.corrected") == []


async def test_whoever_got_it_by_mistake_loses_it_at_once_and_their_card_becomes_a_stub(council: Council) -> None:
    await raised(council)
    leila = council.person("leila")
    before = await finds(council, "leila", FIRST)

    await takes_off(council, "leila")

    assert before is True
    assert [await finds(council, "leila", words) for words in (FIRST, "100101")] == [False, False]
    answer = await council.presses("leila", "ntk.open", {"ntk": (await found(council)).id})
    assert NOT_FOUND in answer.words
    assert leila.card("No longer shown").words == "No longer shown\nYou have no access to this need-to-know any more."
    assert STORY["what_happened"] not in "".join(card.words for card in leila.cards)


async def test_whoever_got_it_by_mistake_keeps_no_card_with_anything_of_it(council: Council) -> None:
    await raised(council)
    await does(council, "sam", "update", text="The child is in hospital.")
    await does(council, "sam", "correct", **RIGHT)

    await takes_off(council, "leila")

    kept = [reading.title(card) for card in council.person("leila").cards if "100102" in card.words]
    told = [reading.title(card) for card in council.person("leila").cards if "in hospital" in card.words]
    assert (kept, told) == ([], [])


async def test_whoever_was_taken_off_hears_nothing_of_what_comes_after(council: Council) -> None:
    await raised(council)
    await takes_off(council, "leila")
    before = len(council.person("leila").cards)

    await does(council, "sam", "update", text="The child is in hospital.")
    await does(council, "tara", "level", level="2", text="Out of danger.")

    assert len(council.person("leila").cards) == before


async def test_a_breach_is_recorded_with_what_they_saw(council: Council) -> None:
    await raised(council)
    await opens(council, "leila")
    await opens(council, "leila")

    await takes_off(council, "leila")

    # one card in the chat; put into it once, opened twice
    rows = await audited(council, "ntk.breach")
    assert [(row["person"], row["cards"], row["opened"]) for row in rows] == [(await council.id_of("leila"), 1, 3)]
    said = [line for line in await timeline(council, "tara") if "Sam Okafor recorded a breach" in line]
    assert [("Leila Farouk" in line, "1" in line, "3" in line) for line in said] == [(True, True, True)]


async def test_the_data_protection_officer_hears_of_it_and_nothing_of_the_child(council: Council) -> None:
    await raised(council)

    await takes_off(council, "leila")

    card = council.person("devi").card(f"Data breach recorded: {FIRST}")
    assert "Sam Okafor recorded a breach" in card.words
    assert "Leila Farouk" in card.words
    assert [word for word in ("AB", "100101", *STORY.values()) if len(word) > 2 and word in card.words] == []
    assert "AB (ID" not in card.words
    assert "Open it" not in card.buttons
    assert await finds(council, "devi", FIRST) is False
    answers = [
        (await council.presses("devi", "ntk.open", {"ntk": id})).words for id in ((await found(council)).id, NO_SUCH_ID)
    ]
    assert answers[0] == answers[1]


async def test_what_somebody_wrote_about_the_mistake_does_not_reach_the_officer(council: Council) -> None:
    await raised(council)

    await takes_off(council, "leila")

    assert "Two people of a like name." not in council.person("devi").card("Data breach recorded").words


async def test_a_manager_taken_off_who_belongs_to_the_line_cannot_read_it_by_that_either(council: Council) -> None:
    await raised(council)

    await takes_off(council, "neil")
    await council.person("neil").says("team ntks")

    assert council.person("neil").latest.words.splitlines()[1] == "No need-to-know is open for your team or service."


async def test_a_conflicted_manager_kept_out_has_no_access_and_finds_no_trace(council: Council) -> None:
    await raised(council)
    neil = council.person("neil")
    await acknowledge(council, "neil")

    await keeps_out(council, "neil")
    await neil.says("team ntks")
    team = neil.latest
    await neil.says("my ntks")

    assert [await finds(council, "neil", words) for words in (FIRST, "100101")] == [False, False]
    assert FIRST not in team.words
    assert [FIRST in card.words for card in neil.cards] == [False] * len(neil.cards)
    id = (await found(council)).id
    for verb in ("ntk.open", "ntk.more", "ntk.timeline", "ntk.acknowledge", "ntk.status"):
        answer = await council.presses("neil", verb, {"ntk": id})
        nothing = await council.presses("neil", verb, {"ntk": NO_SUCH_ID})

        assert answer.card == nothing.card, verb
    assert [row["person"] for row in await audited(council, "ntk.excluded")] == [await council.id_of("neil")]


async def test_a_manager_kept_out_keeps_no_earlier_card_that_names_it(council: Council) -> None:
    await raised(council)
    await does(council, "sam", "update", text="The child is in hospital.")
    await council.at(datetime(2026, 11, 30, 17, 25, tzinfo=UTC))

    await keeps_out(council, "neil")

    assert [reading.title(card) for card in council.person("neil").cards if FIRST in card.words] == []


async def test_a_manager_kept_out_hears_nothing_of_what_comes_after(council: Council) -> None:
    await raised(council)
    await keeps_out(council, "neil")
    before = len(council.person("neil").cards)

    await does(council, "sam", "update", text="The child has died.", material="yes")
    await does(council, "tara", "level", level="2", text="Out of danger.")
    await council.at(datetime(2026, 12, 3, 12, tzinfo=UTC))

    assert len(council.person("neil").cards) == before


async def test_where_nobody_of_a_tier_is_left_the_one_above_is_told(council: Council) -> None:
    await raised(council, category="VIOLENCE")

    await keeps_out(council, "tara")

    assert council.who_sees(NTK) == ["neil"] or council.who_sees(NTK) == ["neil", "priya"]
    assert "tara" not in council.who_sees(FIRST)


async def test_only_assistant_directors_and_directors_keep_somebody_out(council: Council) -> None:
    await raised(council)

    offered = {
        who: "Keep somebody out" in (await menu(council, who)).buttons
        for who in ("sam", "tara", "neil", "chloe", "priya", "dana")
    }

    assert offered == {"sam": False, "tara": False, "neil": False, "chloe": False, "priya": True, "dana": True}


async def test_nobody_takes_themselves_off(council: Council) -> None:
    await raised(council)
    form = await begins(council, "priya", "exclude")

    await council.person("priya").clicks(
        form, "Keep them out", {"person": await council.id_of("priya"), "text": "Related."}
    )

    assert await audited(council, "ntk.excluded") == []
    assert await finds(council, "priya", FIRST) is True


async def leaves(council: Council, first_name: str, day: str = "2026-11-30") -> None:
    """Somebody's last day: their rows of the people file end then."""
    lines = []
    for line in PEOPLE.splitlines():
        parts = line.split(",")
        if parts[1].lower().startswith(first_name):
            parts[8] = day
        lines.append(",".join(parts))
    await directory.import_people(council.parts.context, "\n".join(lines) + "\n", tenant_id=TENANT_ID)


async def test_what_somebody_who_left_answered_for_goes_to_their_manager_who_is_told(council: Council) -> None:
    await raised(council)
    await leaves(council, "sam")
    await council.at(datetime(2026, 12, 1, 8, tzinfo=UTC))

    moved = await ntk_corrections.reassign_leavers(council.parts.context)
    await council.send_all()

    assert moved == 1
    assert (await found(council)).owner_id == await council.id_of("tara")
    card = council.person("tara").card(f"{FIRST} is yours now")
    assert "Usher handed it from Sam Okafor, who has left, to Tara Whitfield" in card.words
    assert "Add an update" in card.buttons
    assert await ntk_corrections.reassign_leavers(council.parts.context) == 0


async def test_the_new_owner_is_chased_for_the_update_and_the_leaver_is_not(council: Council) -> None:
    await raised(council)
    await leaves(council, "sam")
    await council.at(datetime(2026, 12, 1, 8, tzinfo=UTC))
    await ntk_corrections.reassign_leavers(council.parts.context)

    await council.at(datetime(2026, 12, 1, 12, 1, tzinfo=UTC))

    assert council.who_sees(f"Update due: {FIRST}") == ["tara"]


async def test_the_leaver_opens_nothing_any_more(council: Council) -> None:
    await raised(council)
    await leaves(council, "sam")
    await council.at(datetime(2026, 12, 1, 8, tzinfo=UTC))

    answer = await council.presses("sam", "ntk.status", {"ntk": (await found(council)).id})

    assert STORY["what_happened"] not in answer.words
    assert answer.card is None  # a sentence for people Usher doesn't work with


async def test_nobody_who_is_kept_out_is_handed_it(council: Council) -> None:
    await raised(council)
    await keeps_out(council, "tara")
    await leaves(council, "sam")
    await council.at(datetime(2026, 12, 1, 8, tzinfo=UTC))

    await ntk_corrections.reassign_leavers(council.parts.context)

    assert (await found(council)).owner_id == await council.id_of("neil")


async def test_nothing_about_corrections_stands_in_the_clear(council: Council) -> None:
    await raised(council)
    await takes_off(council, "leila")
    await keeps_out(council, "neil")

    kept = await stored(council)

    assert [words for words in ("Two people of a like name.", "Related to the family.", "Leila") if words in kept] == []
