"""What is added to an NTK: updates, questions and answers; when updates fall due, and how a missing one is chased."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from casework.db import ntk, ntk_events
from tests.scenarios import acting, reading
from tests.scenarios.acting import (
    FIRST,
    NAMED,
    SECRETS,
    WHY_KEPT,
    acknowledge,
    audited,
    begins,
    does,
    found,
    menu,
    receipt,
)
from tests.scenarios.council import STORY, TOLD_AT_LEVEL_1, Council
from tests.teams_service.chats import Shown

NTK = f"Need-to-know {FIRST}"
UPDATE = f"Update to {FIRST}"
COMMENT = f"Comment on {FIRST}"
LINE = ("tara", "neil", "chloe", "priya", "dana")
TUESDAY_NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)


async def raised(council: Council, **changed: str) -> None:
    await council.raises("sam", **changed)
    await council.send_all()


async def written(council: Council) -> list[bytes | None]:
    """What people wrote, as it is sealed: of the NTK and of each event so far, oldest first."""
    async with council.parts.context.database.reading() as work:
        story = await work.connection.scalar(select(ntk.ntks.c.narrative))
        events = (
            await work.connection.execute(select(ntk_events.ntk_events.c.text).order_by(ntk_events.ntk_events.c.seq))
        ).scalars()
        return [story, *events]


async def test_updates_are_added_and_what_was_said_before_stays_as_it_is(council: Council) -> None:
    await raised(council)
    before = await written(council)

    await does(council, "sam", "update", text="The child is in hospital.")
    after_one = await written(council)
    await does(council, "sam", "update", text="The child is out of danger.")
    after_two = await written(council)

    assert after_one[: len(before)] == before
    assert after_two[: len(after_one)] == after_one
    card = council.person("tara").card(NTK).words
    places = [card.index(words) for words in ("out of danger.", "in hospital.", STORY["what_happened"])]
    assert places == sorted(places)


async def test_everyone_told_gets_a_card_that_says_what_changed(council: Council) -> None:
    await raised(council)

    await does(council, "sam", "update", text="The child is in hospital.")

    assert council.who_sees(UPDATE) == TOLD_AT_LEVEL_1
    card = council.person("dana").card(UPDATE)
    assert "Sam Okafor added an update, Mon 30 Nov, 4:50pm." in card.words
    assert "The child is in hospital." in card.words
    assert card.summary == "A need-to-know changed"
    assert "Acknowledge" in card.buttons


async def test_an_update_needs_words(council: Council) -> None:
    await raised(council)

    form = await does(council, "sam", "update", text="")

    assert "Enter what is new" in form.words
    assert council.who_sees(UPDATE) == []


async def test_a_material_update_asks_everyone_to_acknowledge_again_and_begins_the_steps_anew(council: Council) -> None:
    await raised(council)
    await acknowledge(council, *LINE)
    await council.at(datetime(2026, 11, 30, 18, tzinfo=UTC))
    quiet = council.who_sees(f"Please acknowledge {FIRST}")

    await does(council, "sam", "update", text="The child has died.", material="yes")
    asked = receipt(council).words
    await council.at(datetime(2026, 11, 30, 18, 29, tzinfo=UTC))
    early = council.who_sees(f"Please acknowledge {FIRST}")
    await council.at(datetime(2026, 11, 30, 18, 31, tzinfo=UTC))

    assert (quiet, early) == ([], [])
    assert "**acknowledged**" not in asked
    assert "This changes things: please acknowledge again." in council.person("tara").card(UPDATE).words
    assert council.who_sees(f"Please acknowledge {FIRST}") == sorted(LINE)


async def test_an_ordinary_update_leaves_acknowledgements_as_they_are(council: Council) -> None:
    await raised(council)
    await acknowledge(council, *LINE)

    await does(council, "sam", "update", text="The child is in hospital.")
    await council.at(datetime(2026, 11, 30, 18, tzinfo=UTC))

    assert receipt(council).words.count("**acknowledged**") == 5
    assert council.who_sees(f"Please acknowledge {FIRST}") == []
    assert "Acknowledge" not in council.person("tara").card(UPDATE).buttons


async def test_a_manager_who_adds_something_material_needs_not_acknowledge_it(council: Council) -> None:
    await raised(council)
    await acknowledge(council, *LINE)

    await does(council, "tara", "update", text="The child has died.", material="yes")

    words = receipt(council).words
    assert "Tara Whitfield, team manager: **acknowledged**" in words
    assert words.count("**acknowledged**") == 1


async def test_acknowledged_on_the_what_changed_card_it_counts(council: Council) -> None:
    await raised(council)
    await does(council, "sam", "update", text="The child has died.", material="yes")

    await council.person("tara").clicks(council.person("tara").card(UPDATE), "Acknowledge")
    await council.send_all()

    assert "Tara Whitfield, team manager: **acknowledged**" in receipt(council).words


async def test_an_update_form_sent_twice_adds_one(council: Council) -> None:
    await raised(council)
    form = await begins(council, "sam", "update")
    data = {**reading.data_of(form, "ntk.do"), "text": "The child is in hospital."}

    for _ in range(3):
        await council.presses("sam", "ntk.do", data)
    await council.send_all()

    assert len(await audited(council, "ntk.update")) == 1
    assert [UPDATE in card.words for card in council.person("tara").cards].count(True) == 1


async def test_the_next_update_of_a_level_1_is_due_at_noon_of_the_next_day(council: Council) -> None:
    await raised(council)
    sam = council.person("sam")
    promised = reading.facts(sam.card("Need-to-know raised"))["Next update"]

    await council.at(TUESDAY_NOON - A_MINUTE)
    early = council.who_sees(f"Update due: {FIRST}")
    await council.at(TUESDAY_NOON + A_MINUTE)

    assert promised == "Tuesday 1 December 2026 at midday"
    assert (early, council.who_sees(f"Update due: {FIRST}")) == ([], ["sam"])


async def test_an_update_in_time_sets_the_next_one_and_nobody_is_chased(council: Council) -> None:
    await raised(council)
    await council.at(TUESDAY_NOON - timedelta(hours=1))

    await does(council, "sam", "update", text="Nothing is new.")
    await council.at(TUESDAY_NOON + A_MINUTE)

    assert council.who_sees(f"Update due: {FIRST}") == []
    assert reading.facts(receipt(council))["Next update"] == "Wednesday 2 December 2026 at midday"


async def test_an_overdue_update_is_visible_and_chased_with_the_manager(council: Council) -> None:
    await raised(council)
    await acknowledge(council, *LINE)

    await council.at(datetime(2026, 12, 2, 9, 31, tzinfo=UTC))

    assert council.who_sees(f"Overdue update: {FIRST}") == ["sam", "tara"]
    shown = await acting.opens(council, "tara")
    assert reading.facts(shown)["Next update"] == "Tuesday 1 December 2026 at midday (overdue)"
    form = await council.person("sam").clicks(council.person("sam").card("Overdue update"), "Add an update")
    await council.person("sam").clicks(form, "Send the update", {"text": "Nothing is new."})
    await council.send_all()
    assert (await found(council)).next_update_at == datetime(2026, 12, 3, 12, tzinfo=UTC)


async def test_chasing_ends_after_five_times(council: Council) -> None:
    await raised(council)
    await acknowledge(council, *LINE)

    await council.at(TUESDAY_NOON + 21 * A_DAY)

    asked = [reading.title(card) for card in council.person("sam").cards]
    assert asked.count(f"Update due: {FIRST}") == 1
    assert asked.count(f"Overdue update: {FIRST}") == 4
    assert [reading.title(card) for card in council.person("tara").cards].count(f"Overdue update: {FIRST}") == 4


async def test_a_level_without_a_cadence_is_never_chased(council: Council) -> None:
    await raised(council, category="PRACTICE")
    await acknowledge(council, "tara", "neil", "chloe")

    await council.at(TUESDAY_NOON + 14 * A_DAY)

    assert "Next update" not in reading.facts(receipt(council))
    assert council.who_sees(f"Update due: {FIRST}") == council.who_sees(f"Overdue update: {FIRST}") == []


async def test_a_question_goes_to_the_raiser_and_the_answer_back_to_whoever_asked(council: Council) -> None:
    await raised(council)
    sam = council.person("sam")

    await does(council, "chloe", "comment", text="Is the sibling safe?")
    asked = council.who_sees("Is the sibling safe?")
    card = sam.card(COMMENT)
    await sam.clicks(await sam.clicks(card, "Comment or ask"), "Send", {"text": "With an aunt since four."})
    await council.send_all()

    assert asked == ["sam"]
    # the raiser's own card and the asker's: nobody else
    assert [name for name in council.who_sees("With an aunt since four.") if name != "sam"] == ["chloe"]
    assert "Sam Okafor commented" in council.person("chloe").card(COMMENT).words


async def test_a_comment_needs_words_and_a_right_to_read(council: Council) -> None:
    await raised(council)

    empty = await does(council, "dana", "comment", text="")
    outsider = await council.presses(
        "marek", "ntk.do", {"ntk": (await found(council)).id, "act": "comment", "text": "What is it?"}
    )

    assert "Enter your comment or question" in empty.words
    assert "There is nothing by that name that you can see." in outsider.words
    assert await audited(council, "ntk.comment") == []


@pytest.mark.parametrize(
    ("who", "may"), [("sam", True), ("tara", True), ("dana", True), ("leila", False), ("quinn", False)]
)
async def test_the_raiser_and_the_line_add_updates_and_those_told_besides_do_not(
    council: Council, who: str, may: bool
) -> None:
    await raised(council)

    assert ("Add an update" in (await menu(council, who)).buttons) is may


async def test_whom_a_director_briefed_is_recorded_and_nothing_is_sent(council: Council) -> None:
    await raised(council)
    cards = {name: len(person.cards) for name, person in council.people.items() if name != "dana"}

    await does(council, "dana", "briefed", whom="MEMBER,CEX", text="By phone at five.")

    assert {name: len(person.cards) for name, person in council.people.items() if name != "dana"} == cards
    assert any(
        "Dana Holloway briefed: lead member, chief executive" in line
        for line in await acting.timeline(council, "priya")
    )
    offered = {
        who: "Record whom you briefed" in (await menu(council, who)).buttons for who in ("sam", "chloe", "priya")
    }
    assert offered == {"sam": False, "chloe": False, "priya": True}


WORDS_OF_ACTS = [
    ("sam", "update", {}, "text", "ntk.update"),
    ("tara", "comment", {}, "text", "ntk.comment"),
    ("tara", "return", {}, "text", "ntk.returned"),
    ("tara", "check", {"statutory": "NK"}, "needed", "ntk.checked"),
    ("tara", "level", {"level": "1"}, "text", "ntk.level"),
    ("tara", "not_ntk", {"reason": "BELOW"}, "text", "ntk.not_ntk"),
    ("neil", "propose_close", {}, "text", "ntk.close_proposed"),
    ("chloe", "close", {"outcome": "RESOLVED", "themes": "RISK", "recorded_on": "2026-11-30"}, "text", "ntk.closed"),
    (
        "chloe",
        "close",
        {"outcome": "RESOLVED", "themes": "RISK", "recorded_on": "2026-11-30", "text": "It is over."},
        "learning",
        "ntk.closed",
    ),
    ("sam", "withdraw", {}, "text", "ntk.withdrawn"),
    ("sam", "correct", {"child": "0", "initials": "CD", "case_id": "100102"}, "text", "ntk.corrected"),
    ("dana", "briefed", {"whom": "MEMBER"}, "text", "ntk.briefed"),
]


@pytest.mark.parametrize(("who", "code", "inputs", "field", "action"), WORDS_OF_ACTS)
async def test_a_name_in_any_act_is_held_back_and_goes_only_with_a_reason(
    council: Council, who: str, code: str, inputs: dict[str, str], field: str, action: str
) -> None:
    await raised(council, category="COMPLAINT")
    before = await acting.counts(council)

    form = await does(council, who, code, **{**inputs, field: NAMED})
    refused, words = await acting.counts(council), form.words
    leaked = await acting.leaked(council, *SECRETS)
    await council.person(who).clicks(form, reading_send(form), {**inputs, field: NAMED, "privacy_reason": WHY_KEPT})
    await council.send_all()

    assert "This may say who somebody is" in words
    assert "a name “Annabel Whitcombe”, a date of birth “12/03/2015”" in words
    assert {name: refused[name] - before[name] for name in refused if name not in ("audit", "audit_unlinked")} == (
        dict.fromkeys((name for name in refused if name not in ("audit", "audit_unlinked")), 0)
    )
    assert [row["kept_identifiers"] for row in await audited(council, action)] == [2]
    assert leaked == []
    assert await acting.leaked(council, *SECRETS, WHY_KEPT) == []


def reading_send(form: Shown) -> str:
    """The title of the button that sends the form of an act."""
    return str(next(action["title"] for action in (form.card or {})["actions"] if action["verb"] == "ntk.do"))
