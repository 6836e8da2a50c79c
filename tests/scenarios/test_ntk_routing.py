"""Whom an NTK goes to and whom it is kept from: at the year's worst hour, when it is about staff, and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cards import wording
from casework.domain.errors import Code
from casework.services import directory
from tests.scenarios import reading
from tests.scenarios.chain import (
    NTK,
    REFERENCE,
    acknowledges,
    arranges,
    finds,
    puts_on_call,
    titles,
    told,
    who_got,
)
from tests.scenarios.conftest import Opener
from tests.scenarios.council import MONDAY_AFTERNOON, PEOPLE, STORY, TOLD_AT_LEVEL_1, Council
from tests.teams_service.chats import Shown
from tests.teams_service.service import TENANT_ID

TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
# the last working day before the Christmas closure, a Thursday
CHRISTMAS_EVE = datetime(2026, 12, 24, 16, 50, tzinfo=UTC)
LEVEL_2 = {"category": "PROVIDER"}
ABOUT_SAM = {"category": "STAFFALLEG", "subject_role": "STAFF", "subject": "Sam Okafor"}
ABOUT_TARA = {"category": "STAFFALLEG", "subject_role": "STAFF", "subject": "Tara Whitfield"}
# Sam, and the managers of Sam's team and service
KEPT_OUT = ("chloe", "neil", "sam", "tara")
NOTHING_FOUND = "Nothing found"


def traces(council: Council, *first_names: str) -> dict[str, list[str]]:
    """The headings of whatever in these people's chats says the reference."""
    return {
        name: [reading.title(card) for card in council.person(name).cards if REFERENCE in card.words]
        for name in first_names
    }


def because(shown: Shown) -> str:
    """What a card answers to "why did I get this?"."""
    return next(line for line in shown.words.splitlines() if line.startswith("Why you: "))


async def imports(council: Council, *rows: str) -> None:
    """Somebody brings in more people."""
    header = PEOPLE.splitlines()[0]
    await directory.import_people(council.parts.context, "\n".join([header, *rows]), tenant_id=TENANT_ID)


async def test_in_the_middle_of_a_working_day_nobody_on_call_is_told(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await puts_on_call(
            council, "dana", name="Helen Strand", tier="HOS", starts_at=TEN, ends_at=TEN + timedelta(days=1)
        )

        await council.raises("sam")
        await council.send_all()

        assert council.who_sees(NTK) == TOLD_AT_LEVEL_1


async def test_an_allegation_never_reaches_the_worker_it_is_about_nor_their_line(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        preview = (await council.fills_in("marek", **ABOUT_SAM)).words
        marek = council.person("marek")
        await marek.clicks(marek.latest, "ntk.send")
        await council.send_all()
        found = {name: [await finds(council, name, words) for words in ("100101", REFERENCE)] for name in KEPT_OUT}

        assert "Kept from the person it is about and their managers." in preview
        assert council.who_sees(NTK) == ["morag", "priya"]
        assert await told(council) == [("priya", "AD", "line"), ("morag", "ALSO", "role")]
        assert all(NOTHING_FOUND in words for answers in found.values() for words in answers)
        assert traces(council, *KEPT_OUT, "dana", "sasha") == {name: [] for name in (*KEPT_OUT, "dana", "sasha")}


async def test_an_allegation_stays_hidden_while_it_is_answered_and_chased(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("marek", **ABOUT_SAM)
        await council.send_all()

        await acknowledges(council, "morag")
        await council.at(TEN + timedelta(days=6))

        assert traces(council, *KEPT_OUT) == {name: [] for name in KEPT_OUT}
        assert council.who_sees(NTK) == ["dana", "morag", "priya"]
        assert (await told(council))[-1] == ("dana", "DIR", "escalated")


async def test_an_allegation_is_in_no_list_count_digest_or_handover_of_the_line(council_at: Opener) -> None:
    two_at_night = datetime(2026, 12, 1, 2, tzinfo=UTC)
    async with council_at(two_at_night) as council:
        await council.everybody_installs()
        await council.raises("yusuf", **ABOUT_SAM)
        await council.raises("yusuf", initials="CD", case_id="100102", **LEVEL_2)
        await council.send_all()

        await council.at(datetime(2026, 12, 1, 9, 1, tzinfo=UTC))
        listed = {}
        for name in ("tara", "neil", "chloe", "priya"):
            await council.person(name).says("team ntks")
            card = council.person(name).latest
            listed[name] = [button for button in card.buttons if button.startswith("Open NTK")]
        await council.person("sam").says("my ntks")

        assert listed == {
            "tara": ["Open NTK-2026-0002"],
            "neil": ["Open NTK-2026-0002"],
            "chloe": ["Open NTK-2026-0002"],
            "priya": ["Open NTK-2026-0002", "Open NTK-2026-0001"]
            if listed["priya"][0].endswith("2")
            else ["Open NTK-2026-0001", "Open NTK-2026-0002"],
        }
        opened = {name: reading.facts(council.person(name).card("Your morning"))["Open"] for name in listed}
        assert opened == {"tara": "1", "neil": "1", "chloe": "1", "priya": "2"}
        assert who_got(council, "Handover from the night") == {"neil": 1, "tara": 1}
        assert traces(council, *KEPT_OUT) == {name: [] for name in KEPT_OUT}


async def test_an_allegation_against_a_team_manager_passes_the_whole_line_by(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        await council.raises("sam", **ABOUT_TARA)
        await council.send_all()
        answers = [await finds(council, name, "100101") for name in ("tara", "neil", "chloe")]

        assert council.who_sees(NTK) == ["morag", "priya"]
        assert all(NOTHING_FOUND in words for words in answers)
        assert traces(council, "tara", "neil", "chloe") == {"tara": [], "neil": [], "chloe": []}
        assert who_got(council, "A gap in the line") == {}
        assert "Tara" not in council.person("sam").card("Need-to-know raised").words


async def test_a_cover_of_a_manager_it_is_kept_from_does_not_get_it_either(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(
            council, "tara", cover="Ruth Ainsley", starts_on=TEN.date(), ends_on=TEN.date() + timedelta(days=9)
        )

        await council.raises("marek", **ABOUT_SAM)
        await council.send_all()

        assert council.who_sees(NTK) == ["morag", "priya"]
        assert NOTHING_FOUND in await finds(council, "ruth", "100101")


async def test_a_cover_arranged_later_finds_no_trace_of_what_is_kept_from_the_one_away(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam", **ABOUT_TARA)
        await council.send_all()
        await arranges(
            council, "tara", cover="Ruth Ainsley", starts_on=TEN.date(), ends_on=TEN.date() + timedelta(days=9)
        )
        priya = council.person("priya")

        menu = await priya.clicks(priya.card(NTK), "More")
        form = await priya.clicks(menu, "Change the level")
        await priya.clicks(form, "Change the level", {"level": "1", "text": "It is worse than it looked."})
        await council.send_all()

        assert council.who_sees(REFERENCE) == ["dana", "morag", "priya", "quinn", "sam"]


async def test_a_manager_who_reports_her_own_worker_keeps_what_she_raised(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        tara = council.person("tara")

        await council.raises("tara", **ABOUT_SAM)
        await council.send_all()
        receipt = tara.card("Need-to-know raised")
        menu = await tara.clicks(receipt, "More")

        assert council.who_sees(NTK) == ["morag", "priya"]
        assert traces(council, "sam", "neil", "chloe") == {"sam": [], "neil": [], "chloe": []}
        assert reading.title(menu) == f"{REFERENCE}: more"
        assert "Add an update" in menu.buttons


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Enter the name of the member of staff, so that Usher keeps this from them"),
        ("Nobody Ofthatname", wording.ERRORS[Code.PERSON_UNKNOWN]),
        ("Sam Okafr", wording.ERRORS[Code.PERSON_UNCLEAR]),
    ],
)
async def test_a_subject_who_cannot_be_found_is_asked_for_and_what_was_typed_kept(
    council_at: Opener, name: str, said: str
) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await imports(
            council,
            "a0000000-0000-4000-8000-000000000099,Sam Okafir,01632 960199,SW,South team,Assessment and court,,,,",
        )

        form = await council.fills_in("marek", **{**ABOUT_SAM, "subject": name})

        assert reading.title(form) == "Raise a need-to-know"
        assert said in form.words
        typed = reading.typed(form)
        assert (typed["subject"], typed["what_happened"]) == (name, STORY["what_happened"])
        assert council.who_sees(REFERENCE) == []


async def test_a_subject_typed_with_a_slip_is_still_found(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        await council.raises("marek", **{**ABOUT_SAM, "subject": "sam  okaffor"})
        await council.send_all()

        assert council.who_sees(NTK) == ["morag", "priya"]


async def test_a_carers_name_is_not_asked_for(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        await council.raises("sam", **{**ABOUT_SAM, "subject_role": "FOSTER", "subject": ""})
        await council.send_all()

        assert council.who_sees(NTK) == ["morag", "tara"]


async def test_why_did_i_get_this_is_answered_on_card_and_menu(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        today = MONDAY_AFTERNOON.date()
        tomorrow = today + timedelta(days=1)
        await arranges(council, "tara", cover="Ruth Ainsley", starts_on=today, ends_on=tomorrow)
        await arranges(council, "neil", cover="Grace Nakamura", kind="deputy", starts_on=today, ends_on=tomorrow)
        await puts_on_call(
            council,
            "dana",
            name="Helen Strand",
            tier="HOS",
            starts_at=MONDAY_AFTERNOON,
            ends_at=MONDAY_AFTERNOON + timedelta(days=1),
        )
        await council.raises("sam")
        await council.send_all()
        await council.at(MONDAY_AFTERNOON + timedelta(minutes=46))

        why = {
            "chloe": ("head of service", "team or service"),
            "ruth": ("cover for Tara Whitfield", "away"),
            "helen": ("on call", "head of service"),
            "quinn": ("role", "quality assurance and safeguarding lead"),
            "grace": ("deputy of Neil Abara", "service manager"),
        }
        for name, words in why.items():
            person = council.person(name)
            on_card = because(person.card(NTK))
            in_menu = because(await person.clicks(person.card(NTK), "More"))
            assert (name, [word for word in words if word not in on_card]) == (name, [])
            assert in_menu == on_card


async def test_why_did_i_get_this_where_the_tier_below_did_not_answer(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam", **LEVEL_2)
        await council.send_all()
        await council.at(TEN + timedelta(hours=3, minutes=1))
        neil = council.person("neil")

        on_card = because(neil.card(NTK))
        in_menu = because(await neil.clicks(neil.card(NTK), "More"))

        assert [word for word in ("below", "answer", "service manager") if word not in on_card] == []
        assert in_menu == on_card


async def test_raised_for_a_colleague_shows_both_names_and_the_colleague_answers_for_it(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        marek, tara = council.person("marek"), council.person("tara")

        await council.raises("sam", on_behalf="Marek Sadowski", **LEVEL_2)
        await council.send_all()
        raised_by = reading.facts(tara.card(NTK))["Raised by"]
        await acknowledges(council, "tara")
        await marek.says("my ntks")
        own = await marek.clicks(marek.latest, f"Open {REFERENCE}")

        assert raised_by == "Sam Okafor, 01632 960101, for Marek Sadowski"
        assert reading.title(own) == f"Need-to-know raised: {REFERENCE}"
        assert "Tara Whitfield, team manager: **acknowledged**" in own.words
        assert "Add an update" in own.buttons


async def test_the_colleague_it_was_raised_for_is_told_that_it_was(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        await council.raises("sam", on_behalf="Marek Sadowski", **LEVEL_2)
        await council.send_all()

        assert [title for title in titles(council.person("marek")) if REFERENCE in title] != []


async def test_questions_and_overdue_updates_go_to_the_colleague_too(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        tara = council.person("tara")
        await council.raises("sam", on_behalf="Marek Sadowski", **LEVEL_2)
        await council.send_all()

        form = await tara.clicks(tara.card(NTK), "Comment or ask")
        await tara.clicks(form, "Send", {"text": "Which provider is it?"})
        await council.send_all()
        # a level 2 is updated weekly: five working days after Tuesday 1 December it is Tuesday 8 December, midday
        await council.at(datetime(2026, 12, 8, 12, 1, tzinfo=UTC))

        assert who_got(council, f"Comment on {REFERENCE}") == {"marek": 1, "sam": 1}
        assert who_got(council, f"Update due: {REFERENCE}") == {"marek": 1, "sam": 1}


async def test_a_colleague_nobody_knows_is_asked_for_on_the_first_form(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        form = await council.fills_in("sam", on_behalf="Nobody Ofthatname")

        assert wording.ERRORS[Code.PERSON_UNKNOWN] in form.words
        assert reading.typed(form)["on_behalf"] == "Nobody Ofthatname"
