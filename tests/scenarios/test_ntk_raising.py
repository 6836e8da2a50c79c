"""Raising an NTK: three forms at most, every mistake at once, whole names and dates of birth held back, the coach."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casework.db import ntk
from casework.domain.rulebook import Rulebook
from casework.services import rulebook
from tests.scenarios import acting, reading
from tests.scenarios.acting import FIRST, NAMED, SECRETS, WHY_KEPT
from tests.scenarios.conftest import Opener
from tests.scenarios.council import STORY, TOLD_AT_LEVEL_1, Council
from tests.teams_service.chats import Shown

GUARD = "This may say who somebody is"
ON_EVERY_SECOND_FORM = {
    *("what_happened", "safety", "actions_taken", "who_told", "occurred_date", "occurred_time", "setting"),
    *("agencies", "media", "out_of_county", "other_authority", "restrict", "links"),
}
UNBORN = "Enter the date the child is expected"


async def second_form(council: Council, first_name: str, **changed: str) -> Shown:
    """Somebody fills in the first form and sees the second."""
    person = council.person(first_name)
    await person.says("raise")
    if "Start a new one" in person.latest.buttons:
        await person.clicks(person.latest, "Start a new one")
    return await person.clicks(person.latest, "Continue", {**STORY, **changed})


async def test_raising_takes_three_forms_and_one_card(council: Council) -> None:
    sam = council.person("sam")
    cards_before = len(sam.cards)

    await sam.says("raise")
    form = sam.latest
    seen = [(reading.title(form), form.words.splitlines()[1].split(".")[0])]
    await sam.clicks(form, "Continue", {key: STORY[key] for key in reading.typed(form) if key in STORY})
    seen.append((reading.title(form), form.words.splitlines()[1].split(".")[0]))
    await sam.clicks(form, "Check and send", {key: STORY[key] for key in reading.typed(form) if key in STORY})
    seen.append((reading.title(form), ""))
    await sam.clicks(form, "ntk.send")
    await council.send_all()

    assert seen == [
        ("Raise a need-to-know", "Step 1 of 3"),
        ("Raise a need-to-know", "Step 2 of 3"),
        ("Check before you send", ""),
    ]
    assert reading.title(form) == f"Need-to-know raised: {FIRST}"
    assert council.who_sees(f"Need-to-know {FIRST}") == TOLD_AT_LEVEL_1
    # the three forms and the receipt are one message; besides it nothing came
    assert len(sam.cards) - cards_before == 1


async def test_every_mistake_of_the_first_form_is_named_at_once_and_what_was_typed_stays(council: Council) -> None:
    typed = {
        "category": "SERHARM",
        "initials": "Annabel",
        "case_id": "12",
        "other_children": "somebody",
        "aware_date": "2026-12-24",
        "aware_time": "10:00",
        "status": "",
        "age_band": "",
    }

    form = await second_form(council, "sam", **typed)

    assert reading.title(form) == "Raise a need-to-know"
    assert form.words.splitlines()[1].startswith("Step 1 of 3")
    assert [
        sentence in form.words
        for sentence in (
            "Enter initials only, 1 to 4 letters, like AB",
            "Check the case ID: it should look like 123456",
            "Enter one child a line, initials and case ID",
            "This can't be in the future",
            "Choose the child's status",
            "Choose the child's age",
        )
    ] == [True] * 6
    assert {field: reading.typed(form)[field] for field in typed} == typed
    assert await acting.count(council, ntk.ntks) == 0


async def test_every_mistake_of_the_second_form_is_named_at_once_and_what_was_typed_stays(council: Council) -> None:
    sam = council.person("sam")
    form = await second_form(council, "sam")
    typed = {"what_happened": "Found alone.", "abuse": "", "safety": "", "actions_taken": " ", "links": "http://x"}

    await sam.clicks(form, "Check and send", typed)

    assert form.words.splitlines()[1].startswith("Step 2 of 3")
    assert [
        sentence in form.words
        for sentence in (
            "Choose whether abuse or neglect is known or suspected",
            "Choose whether the child is safe now",
            "Enter what has been done so far, or “none yet”",
            "Enter who you have spoken to, or “nobody yet”",
            "Enter links that begin with https://, one a line",
        )
    ] == [True] * 5
    assert reading.typed(form)["what_happened"] == "Found alone."
    assert reading.typed(form)["links"] == "http://x"


async def test_a_mistake_on_the_first_form_found_at_the_end_brings_that_form_back(council: Council) -> None:
    sam = council.person("sam")
    form = await second_form(council, "sam")

    await sam.clicks(form, "Check and send", {**STORY, "initials": "", "who_told": ""})

    assert form.words.splitlines()[1].startswith("Step 1 of 3")
    assert "Enter the child's initials" in form.words
    await sam.clicks(form, "Continue", {"initials": "AB"})
    assert reading.typed(form)["what_happened"] == STORY["what_happened"]


@pytest.mark.parametrize(
    ("category", "asked"),
    [
        ("MISSING", {"missing_since_date", "missing_since_time", "missing_risk", "whole_family"}),
        ("STAFFALLEG", {"subject_role", "subject"}),
        ("DEATH", {"abuse", "death_cause"}),
        ("CLDEATH", {"death_cause"}),
        ("SERHARM", {"abuse"}),
        ("OTHER", {"why_other"}),
        ("PRACTICE", set()),
    ],
)
async def test_the_second_form_asks_what_its_category_needs(council: Council, category: str, asked: set[str]) -> None:
    form = await second_form(council, "sam", category=category)

    assert set(reading.typed(form)) == ON_EVERY_SECOND_FORM | asked


@pytest.mark.parametrize(
    ("category", "typed", "said"),
    [
        ("MISSING", {}, ["Enter when the child was last seen", "Choose the risk while missing"]),
        (
            "STAFFALLEG",
            {"subject_role": "STAFF"},
            ["Enter the name of the member of staff, so that Usher keeps this from them"],
        ),
        (
            "STAFFALLEG",
            {"subject_role": "STAFF", "subject": "Zebedee Quux"},
            ["Nobody of that name is on Usher's list: check the spelling"],
        ),
        ("STAFFALLEG", {}, ["Choose who the allegation is about"]),
        (
            "DEATH",
            {"abuse": ""},
            ["Choose whether abuse or neglect is known or suspected", "Choose how the death came about"],
        ),
        ("OTHER", {}, ["Enter why senior officers need to know"]),
    ],
)
async def test_what_a_category_needs_is_missed(
    council: Council, category: str, typed: dict[str, str], said: list[str]
) -> None:
    form = await council.fills_in("sam", **{"category": category, **typed})

    problem = [line.removeprefix("- ") for line in form.words.splitlines() if line.startswith("- ")]
    assert [sentence for sentence in said if sentence in problem] == said
    assert await acting.count(council, ntk.ntks) == 0


async def test_an_allegation_about_somebody_outside_the_council_needs_no_name(council: Council) -> None:
    form = await council.fills_in("sam", category="STAFFALLEG", subject_role="FOSTER")

    assert reading.title(form) == "Check before you send"


async def test_a_sibling_group_is_one_ntk_found_by_any_of_its_children(council: Council) -> None:
    await council.raises("sam", other_children="cd 100102\nEF 100103")
    await council.send_all()
    tara = council.person("tara")

    found = {}
    for case_id in ("100101", "100102", "100103"):
        await tara.says(f"find {case_id}")
        found[case_id] = [button for button in tara.latest.buttons if button.startswith("Open ")]

    assert found == {key: [f"Open {FIRST}"] for key in ("100101", "100102", "100103")}
    assert await acting.count(council, ntk.ntks) == 1
    card = tara.card(f"Need-to-know {FIRST}")
    assert reading.facts(card)["Children"] == "AB (ID 100101), CD (ID 100102), EF (ID 100103)"
    assert reading.facts(council.person("sam").card("Need-to-know raised"))["Child"] == "AB and 2 more (ID 100101)"


async def test_a_child_named_twice_in_a_sibling_group_is_a_mistake_of_the_first_form(council: Council) -> None:
    form = await second_form(council, "sam", other_children="CD 100101")

    assert form.words.splitlines()[1].startswith("Step 1 of 3")
    assert reading.typed(form)["other_children"] == "CD 100101"


async def test_an_unborn_child_needs_an_expected_date(council: Council) -> None:
    sam = council.person("sam")
    without = (await second_form(council, "sam", age_band="UNBORN")).words

    form = await council.checks("sam", sam.latest, {**STORY, "age_band": "UNBORN", "expected_on": "2027-02-14"})
    await sam.clicks(form, "ntk.send")
    await council.send_all()

    assert UNBORN in without
    card = council.person("tara").card(f"Need-to-know {FIRST}")
    assert reading.facts(card)["Expected date, for an unborn child"] == "14 February 2027"


async def test_a_born_child_needs_none(council: Council) -> None:
    form = await council.fills_in("sam", age_band="A5")

    assert reading.title(form) == "Check before you send"


async def test_an_ntk_shows_the_form_it_was_raised_with_after_the_form_changes(council: Council) -> None:
    await council.raises("sam")
    async with council.parts.context.database.reading() as work:
        book: Rulebook = (await council.parts.context.rules(work)).book
    asked = "Are the child and any siblings safe now?"
    changed = tuple(
        field.model_copy(update={"label": "Safe?"}) if field.code == "safety" else field
        for field in book.fields
        if field.code != "who_told"
    )

    await rulebook.apply(
        council.parts.context, book.model_copy(update={"fields": changed}), applied_by="the test", why="A new form."
    )
    await council.send_all()
    old = await acting.opens(council, "tara")
    await council.raises("sam", initials="CD", case_id="100102")
    await council.send_all()
    new = council.person("tara").card("Need-to-know NTK-2026-0002")

    assert (f"{asked} **Safe**" in old.words, "Who have you spoken to" in old.words) == (True, True)
    assert ("Safe? **Safe**" in new.words, asked in new.words) == (True, False)
    assert "Who have you spoken to" not in new.words


async def test_a_double_click_on_send_raises_once(council: Council) -> None:
    form = await council.fills_in("sam")
    data = reading.data_of(form, "ntk.send")

    receipts = [await council.presses("sam", "ntk.send", data) for _ in range(3)]
    await council.send_all()

    assert [reading.title(shown) for shown in receipts] == [f"Need-to-know raised: {FIRST}"] * 3
    assert await acting.count(council, ntk.ntks) == 1
    assert council.who_sees(f"Need-to-know {FIRST}") == TOLD_AT_LEVEL_1


async def test_raised_for_a_colleague_it_is_theirs_too_and_their_typed_name_is_not_kept(council: Council) -> None:
    await council.raises("tara", on_behalf="Sam Okafor")
    await council.send_all()

    await council.person("sam").says("my ntks")

    assert f"Open {FIRST}" in council.person("sam").latest.buttons
    assert "for Sam Okafor" in reading.facts(council.person("chloe").card(f"Need-to-know {FIRST}"))["Raised by"]
    assert (await acting.found(council)).owner_id == await council.id_of("sam")
    assert await acting.leaked(council, "Okafor") == []


async def test_a_name_nobody_has_is_a_mistake_of_the_first_form(council: Council) -> None:
    form = await second_form(council, "sam", on_behalf="Zebedee Quux")

    assert form.words.splitlines()[1].startswith("Step 1 of 3")
    assert "Nobody of that name is on Usher's list: check the spelling" in form.words


async def test_initials_that_differ_from_those_known_are_pointed_out_and_hold_nothing_back(council: Council) -> None:
    form = await council.fills_in("sam", initials="ZZ")

    assert "Usher has other initials for this case ID." in form.words
    assert "ntk.send" in [action["verb"] for action in (form.card or {})["actions"]]


async def test_a_pasted_name_and_date_of_birth_are_held_back_shown_and_stored_nowhere(council: Council) -> None:
    form = await council.fills_in("sam", what_happened=NAMED)

    assert form.words.splitlines()[1].startswith("Step 2 of 3")
    assert GUARD in form.words
    assert "What happened?: a name “Annabel Whitcombe”, a date of birth “12/03/2015”" in form.words
    assert reading.typed(form)["what_happened"] == NAMED
    assert await acting.count(council, ntk.ntks) == 0
    assert await acting.leaked(council, *SECRETS) == []


async def test_with_the_name_taken_out_it_goes(council: Council) -> None:
    sam = council.person("sam")
    form = await council.fills_in("sam", what_happened=NAMED)

    await sam.clicks(form, "Check and send", {"what_happened": "The mother's friend was there."})
    await sam.clicks(form, "ntk.send")
    await council.send_all()

    assert council.who_sees(f"Need-to-know {FIRST}") == TOLD_AT_LEVEL_1
    assert council.who_sees("Whitcombe") == []
    assert [row["kept_identifiers"] for row in await acting.audited(council, "ntk.raised")] == [0]
    assert await acting.leaked(council, *SECRETS) == []


async def test_with_a_reason_it_goes_and_the_count_is_audited_never_the_words(council: Council) -> None:
    sam = council.person("sam")
    form = await council.fills_in("sam", what_happened=NAMED)

    await sam.clicks(form, "Check and send", {"privacy_reason": WHY_KEPT})
    await sam.clicks(form, "ntk.send")
    await council.send_all()

    assert council.who_sees("Annabel Whitcombe") == TOLD_AT_LEVEL_1
    rows = await acting.audited(council, "ntk.raised")
    assert [row["kept_identifiers"] for row in rows] == [2]
    assert await acting.leaked(council, *SECRETS, WHY_KEPT) == []
    assert f"Why identifiers stay: {WHY_KEPT}" in await acting.timeline(council, "tara")


async def test_a_reason_of_a_few_letters_is_none(council: Council) -> None:
    sam = council.person("sam")
    form = await council.fills_in("sam", what_happened=NAMED)

    await sam.clicks(form, "Check and send", {"privacy_reason": "ok"})

    assert GUARD in form.words
    assert reading.typed(form)["privacy_reason"] == "ok"


EVERYONE_AT_72 = (
    "Missing 72 hours: Team manager, Service manager, Head of service, Assistant director and Director told"
)
COACH_AT = datetime(2026, 11, 30, 16, 50, tzinfo=UTC)


async def test_the_coach_says_on_what_each_criterion_rests_and_by_when_it_is_to_be_raised(council: Council) -> None:
    form = await second_form(council, "sam", aware_date="2026-11-30", aware_time="15:30")

    words = form.words
    assert (
        "Level 1: to be raised by **Monday 30 November 2026 at 5:30pm**. Counted from when the council knew." in words
    )
    assert (
        "A child is seriously harmed, or nearly was, and abuse or neglect is known or suspected. "
        "(law: Children Act 2004 section 16C: notify within five working days of becoming aware)"
    ) in words
    assert (
        "Any life-threatening injury, or one that changes a life, whatever the cause. "
        "(Usher's proposal, not yet adopted by the council: after the published procedures of Guernsey and Manchester)"
    ) in words
    assert "In doubt, raise it or ask your manager first." in words


async def test_the_coach_says_that_the_time_is_past(council: Council) -> None:
    form = await second_form(council, "sam", aware_date="2026-11-30", aware_time="14:30")

    assert (
        "Level 1: to be raised by **Monday 30 November 2026 at 4:30pm**. **This is past.** Raise it now and phone."
    ) in form.words
    await council.person("sam").clicks(form, "Check and send", STORY)
    assert reading.facts(form)["Raise by"] == "Monday 30 November 2026 at 4:30pm (past)"


@pytest.mark.parametrize(
    ("category", "by"),
    [
        ("VIOLENCE", "Level 2: to be raised by **Tuesday 1 December 2026 at 12:50pm**."),
        ("PRACTICE", "Level 3: to be raised by **Tuesday 1 December 2026 at 5pm**."),
    ],
)
async def test_the_coach_counts_office_hours_and_working_days_where_the_level_does(
    council: Council, category: str, by: str
) -> None:
    form = await second_form(council, "sam", category=category, aware_date="2026-11-30", aware_time="16:50")

    assert by in form.words


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        (
            "LACCO",
            [
                "Missing 24 hours: Team manager and Service manager told",
                "Missing 48 hours: Head of service and Assistant director told",
                EVERYONE_AT_72,
            ],
        ),
        (
            "CIN",
            [EVERYONE_AT_72],
        ),
    ],
)
async def test_the_coach_shows_after_how_long_missing_whom_is_told(
    council: Council, status: str, steps: list[str]
) -> None:
    form = await second_form(council, "sam", category="MISSING", status=status)

    assert [
        line.removeprefix("- ") for line in form.words.splitlines() if "Missing " in line and "told" in line
    ] == steps


async def test_the_coach_never_says_that_it_is_not_a_need_to_know(council: Council) -> None:
    async with council.parts.context.database.reading() as work:
        book = (await council.parts.context.rules(work)).book

    said = [
        (await second_form(council, "sam", category=category.code, age_band="A5")).words.lower()
        for category in book.categories
    ]

    assert ["not a need-to-know" in words or "not an ntk" in words for words in said] == [False] * len(said)
    assert ["in doubt, raise it or ask your manager first." in words for words in said] == [True] * len(said)


async def test_somebody_without_the_role_is_refused_before_a_form(council_at: Opener) -> None:
    async with council_at(COACH_AT) as council:
        for who in ("connor", "leila", "devi", "sasha", "morag"):
            await council.person(who).says("raise")

            assert "You don't have the role for this." in council.person(who).latest.words, who
