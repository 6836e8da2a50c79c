"""A manager is away, somebody stands in, somebody is on call: who is told, who may do what, and until when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cards import wording
from casework.domain.errors import Code
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
from tests.scenarios.council import TOLD_AT_LEVEL_1, Council

TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
TODAY = TEN.date()
TOMORROW = TODAY + timedelta(days=1)
A_DAY = timedelta(days=1)
TWO_AT_NIGHT = datetime(2026, 12, 1, 2, tzinfo=UTC)
LEVEL_2 = {"category": "PROVIDER"}
LEVEL_3 = {"category": "COMPLAINT"}
ANNOUNCED = "Cover was arranged"


async def does(council: Council, first_name: str, act: str) -> str:
    """Somebody's client sends a button's act on the NTK, whatever stands on their cards; the heading that answers."""
    shown = council.person("sam").card(REFERENCE)
    ntk_id = reading.data_of(shown, "ntk.more")["ntk"]
    return reading.title(await council.presses(first_name, "ntk.do", {"ntk": ntk_id, "act": act}))


async def test_a_team_manager_away_with_no_cover_brings_the_service_manager_in_at_once(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "tara", starts_on=TODAY, ends_on=TOMORROW)

        receipt = (await council.raises("sam", **LEVEL_2)).words
        await council.send_all()

        assert await told(council) == [("neil", "SM", "line")]
        assert council.who_sees(NTK) == ["neil"]
        assert "- Team manager: everybody is on leave and nobody covers" in receipt


async def test_the_gap_is_reported_to_the_administrators_with_nothing_of_the_case(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "tara", starts_on=TODAY, ends_on=TOMORROW)

        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        assert who_got(council, "A gap in the line") == {"sasha": 1}
        report = council.person("sasha").card("A gap in the line").words
        assert "- team manager: everybody is on leave and nobody covers" in report
        said_of_the_case = (REFERENCE, "AB", "100101", "Provider", "neighbour", "Sam Okafor", "Level")
        assert [word for word in said_of_the_case if word in report] == []
        assert council.who_sees("100101") == ["neil", "sam"]


async def test_the_cover_gets_it_as_covering_and_the_one_away_is_not_told(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "tara", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TOMORROW)

        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        assert await told(council) == [("ruth", "TM", "cover")]
        assert council.who_sees(NTK) == ["ruth"]
        assert titles(council.person("tara"), REFERENCE) == []
        assert (
            "Ruth Ainsley, team manager, covering: delivered" in council.person("sam").card("Need-to-know raised").words
        )
        assert who_got(council, "A gap in the line") == {}


async def test_the_cover_checks_it_and_so_passes_it_up(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "tara", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TOMORROW)
        await council.raises("sam", **LEVEL_2)
        await council.send_all()
        ruth = council.person("ruth")

        checked = await ruth.clicks(ruth.card(NTK), "Endorse")
        await council.send_all()

        assert "Checked by Ruth Ainsley" in reading.facts(checked)["Stands"]
        assert council.who_sees(NTK) == ["neil", "ruth"]


async def test_the_day_after_the_cover_may_check_it_no_more(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "tara", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TODAY)
        await council.raises("sam", **LEVEL_3)
        await council.send_all()

        await council.at(TEN + A_DAY)
        refused = await does(council, "ruth", "endorse")
        accepted = await does(council, "tara", "endorse")
        await council.send_all()

        assert refused != f"Need-to-know {REFERENCE}"
        assert accepted == f"Need-to-know {REFERENCE}"
        assert "Checked by Tara Whitfield" in council.person("sam").card("Need-to-know raised").words


async def test_the_day_after_the_cover_finds_it_no_more(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "tara", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TODAY)
        await council.raises("sam", **LEVEL_3)
        await council.send_all()

        await council.at(TEN + A_DAY)

        assert "Nothing found" in await finds(council, "ruth", REFERENCE)
        assert REFERENCE in await finds(council, "tara", REFERENCE)


async def test_the_day_after_it_is_the_one_who_is_back_who_is_reminded(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "tara", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TODAY)
        await council.raises("sam", **LEVEL_3)
        await council.send_all()

        # level 3 has until 17:00 the next working day; the reminder counts office hours and comes at nine
        await council.at(datetime(2026, 12, 3, 9, 1, tzinfo=UTC))

        assert who_got(council, f"Please acknowledge {REFERENCE}") == {"tara": 1}


async def test_cover_that_has_not_begun_or_is_over_changes_nothing(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "tara", cover="Ruth Ainsley", starts_on=TOMORROW, ends_on=TOMORROW)

        await council.raises("sam", **LEVEL_2)
        await council.send_all()
        today = council.who_sees(NTK)
        await council.at(TEN + A_DAY)
        await council.raises("sam", initials="CD", case_id="100102", **LEVEL_2)
        the_day = await told(council, "NTK-2026-0002")
        await council.at(TEN + 2 * A_DAY)
        await council.raises("sam", initials="EF", case_id="100103", **LEVEL_2)
        the_day_after = await told(council, "NTK-2026-0003")

        assert today == ["tara"]
        assert (the_day, the_day_after) == ([("ruth", "TM", "cover")], [("tara", "TM", "line")])


async def test_cover_begins_and_ends_at_midnight_in_london(council_at: Opener) -> None:
    last_minute = datetime(2026, 7, 1, 22, 59, tzinfo=UTC)
    async with council_at(last_minute) as council:
        await council.everybody_installs()
        await arranges(council, "tara", cover="Ruth Ainsley", starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 1))

        await council.raises("sam", **LEVEL_2)
        await council.send_all()
        await council.at(last_minute + timedelta(minutes=2))
        await council.raises("sam", initials="CD", case_id="100102", **LEVEL_2)

        assert [await told(council, f"NTK-2026-000{number}") for number in (1, 2)] == [
            [("ruth", "TM", "cover")],
            [("tara", "TM", "line")],
        ]


async def test_a_card_not_sent_before_its_cover_ended_goes_to_who_is_back(council_at: Opener) -> None:
    last_minute = datetime(2026, 7, 1, 22, 59, tzinfo=UTC)
    async with council_at(last_minute) as council:
        await council.everybody_installs()
        await arranges(council, "tara", cover="Ruth Ainsley", starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 1))
        await council.raises("sam", **LEVEL_2)

        await council.at(last_minute + timedelta(minutes=2))

        assert council.who_sees("Need-to-know NTK-2026-0001") == ["tara"]
        assert await told(council, "NTK-2026-0001") == [("ruth", "TM", "cover"), ("tara", "TM", "line")]


@pytest.mark.parametrize(
    ("away", "cover"),
    [("tara", "Sam Okafor"), ("neil", "Tara Whitfield"), ("chloe", "Neil Abara"), ("tara", "Connor Byrne")],
)
async def test_cover_never_goes_down_and_what_was_typed_is_kept(council_at: Opener, away: str, cover: str) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        form = await arranges(council, away, cover=cover, starts_on=TODAY, ends_on=TOMORROW)
        typed = reading.typed(form)
        await council.send_all()
        await council.person(away).says("cover")

        assert wording.ERRORS[Code.PERSON_BELOW] in form.words
        assert (typed["cover"], typed["starts_on"], typed["ends_on"]) == (cover, "2026-12-01", "2026-12-02")
        assert "Nothing is arranged." in council.person(away).latest.words
        assert who_got(council, ANNOUNCED) == {}


async def test_covering_raises_nobody_so_cover_does_not_go_down_by_a_detour(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "neil", cover="Grace Nakamura", starts_on=TODAY, ends_on=TOMORROW)
        await arranges(council, "tara", cover="Grace Nakamura", starts_on=TODAY, ends_on=TOMORROW)

        form = await arranges(council, "grace", cover="Tara Whitfield", starts_on=TODAY, ends_on=TOMORROW)

        assert wording.ERRORS[Code.PERSON_BELOW] in form.words


@pytest.mark.parametrize(
    ("away", "cover"), [("tara", "Ruth Ainsley"), ("tara", "Neil Abara"), ("neil", "Dana Holloway")]
)
async def test_cover_goes_sideways_or_up(council_at: Opener, away: str, cover: str) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        page = await arranges(council, away, cover=cover, starts_on=TODAY, ends_on=TOMORROW)
        await council.send_all()

        assert f"{cover} covers." in page.words
        assert who_got(council, ANNOUNCED) == {cover.split()[0].lower(): 1}


@pytest.mark.parametrize("first_name", ["sam", "marek", "ruth", "connor", "imran", "helen"])
async def test_only_oneself_ones_managers_and_administrators_arrange_it(council_at: Opener, first_name: str) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        answer = await arranges(
            council, first_name, absent="Tara Whitfield", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TOMORROW
        )
        await council.send_all()
        await council.raises("sam", **LEVEL_2)

        assert wording.ERRORS[Code.NOT_ALLOWED] in answer.words
        assert who_got(council, ANNOUNCED) == {}
        assert await told(council) == [("tara", "TM", "line")]


@pytest.mark.parametrize("first_name", ["neil", "chloe", "priya", "dana", "sasha"])
async def test_those_entitled_arrange_it_and_both_are_told_by_card(council_at: Opener, first_name: str) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        await arranges(
            council, first_name, absent="Tara Whitfield", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TOMORROW
        )
        await council.send_all()

        assert who_got(council, ANNOUNCED) == {"ruth": 1, "tara": 1}
        words = "Tara Whitfield is away, Tue 1 December 2026 to Wed 2 December 2026. Ruth Ainsley covers."
        assert [words in council.person(name).card(ANNOUNCED).words for name in ("ruth", "tara")] == [True, True]


async def test_a_manager_sees_and_ends_what_they_arranged_for_somebody_of_their_line(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        page = await arranges(
            council, "neil", absent="Tara Whitfield", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TOMORROW
        )
        shown = page.words
        await council.person("neil").clicks(page, "End 1")
        await council.raises("sam", **LEVEL_2)

        assert "Tara Whitfield is away, Tue 1 December 2026 to Wed 2 December 2026. Ruth Ainsley covers." in shown
        assert await told(council) == [("tara", "TM", "line")]


async def test_a_typed_name_nobody_has_is_refused_beside_its_field(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        form = await arranges(
            council, "neil", absent="Tara Witfeld Jones", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TOMORROW
        )

        assert wording.ERRORS[Code.PERSON_UNKNOWN] in form.words
        assert reading.typed(form)["absent"] == "Tara Witfeld Jones"


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [(TOMORROW, TODAY), (TODAY - 3 * A_DAY, TODAY - A_DAY), (TODAY, TODAY + timedelta(days=400))],
)
async def test_cover_needs_an_end_that_lies_ahead_and_not_too_far(
    council_at: Opener, starts_on: date, ends_on: date
) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        form = await arranges(council, "tara", cover="Ruth Ainsley", starts_on=starts_on, ends_on=ends_on)

        assert wording.ERRORS[Code.NOT_LATER] in form.words
        assert reading.typed(form)["cover"] == "Ruth Ainsley"


async def test_cover_ended_early_ends_rights_at_once(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        page = await arranges(council, "tara", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TODAY + 9 * A_DAY)
        await council.raises("sam", **LEVEL_3)
        await council.send_all()

        ended = await council.person("tara").clicks(page, "End 1")
        refused = await does(council, "ruth", "endorse")
        await council.raises("sam", initials="CD", case_id="100102", **LEVEL_2)

        assert "Nothing is arranged." in ended.words
        assert refused != f"Need-to-know {REFERENCE}"
        assert await told(council, "NTK-2026-0002") == [("tara", "TM", "line")]


async def test_the_cover_cannot_end_or_lengthen_what_others_arranged(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        page = await arranges(council, "tara", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TODAY + 9 * A_DAY)
        cover_id = reading.data_of(page, "cover.end")
        ruth = council.person("ruth")

        await ruth.says("cover")
        shown = ruth.latest.buttons
        answer = await council.presses("ruth", "cover.end", cover_id)
        await council.raises("sam", **LEVEL_2)

        assert "End 1" not in shown
        assert wording.ERRORS[Code.NOT_FOUND] in answer.words
        assert await told(council) == [("ruth", "TM", "cover")]


async def test_a_cover_who_is_away_too_leaves_a_gap_not_a_silence(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "tara", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TOMORROW)
        await arranges(council, "ruth", starts_on=TODAY, ends_on=TOMORROW)

        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        assert await told(council) == [("neil", "SM", "line")]
        assert who_got(council, "A gap in the line") == {"sasha": 1}


async def test_whoever_goes_on_leave_after_being_told_is_not_the_only_one_to_be_chased(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        await arranges(
            council, "neil", absent="Tara Whitfield", cover="Ruth Ainsley", starts_on=TODAY, ends_on=TOMORROW
        )
        # two hours to acknowledge, and half an hour later the deputy step
        await council.at(TEN + timedelta(hours=3, minutes=1))

        assert council.who_sees(NTK) == ["neil", "tara"]


@pytest.mark.parametrize("first_name", ["sam", "tara", "neil", "yusuf", "ruth"])
async def test_only_heads_of_service_and_coordinators_keep_the_rota(council_at: Opener, first_name: str) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        person = council.person(first_name)

        await person.says("on call")
        shown = person.latest.buttons
        answer = await council.presses(first_name, "rota.start", {})

        assert "Put somebody on call" not in shown
        assert wording.ERRORS[Code.NOT_ALLOWED] in answer.words


async def test_somebody_without_a_tier_cannot_be_put_on_call(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        form = await puts_on_call(
            council, "connor", name="Sam Okafor", tier="TM", starts_at=TEN, ends_at=TEN + timedelta(hours=15)
        )

        assert reading.title(form) == "Put somebody on call"
        assert reading.typed(form)["name"] == "Sam Okafor"


async def test_taken_off_the_rota_somebody_is_told_no_more(council_at: Opener) -> None:
    async with council_at(TWO_AT_NIGHT) as council:
        await council.everybody_installs()
        page = await puts_on_call(
            council,
            "dana",
            name="Helen Strand",
            tier="HOS",
            starts_at=TWO_AT_NIGHT,
            ends_at=TWO_AT_NIGHT + timedelta(hours=7),
        )

        await council.person("dana").clicks(page, "Take off duty 1")
        await council.raises("yusuf")
        await council.send_all()

        assert council.who_sees(NTK) == TOLD_AT_LEVEL_1


async def test_raised_at_two_at_night_it_goes_to_those_on_call_now_and_to_the_day_team_at_nine(
    council_at: Opener,
) -> None:
    async with council_at(TWO_AT_NIGHT) as council:
        await council.everybody_installs()
        await puts_on_call(
            council,
            "dana",
            name="Helen Strand",
            tier="HOS",
            starts_at=TWO_AT_NIGHT - timedelta(hours=1),
            ends_at=TWO_AT_NIGHT + timedelta(hours=7),
        )

        await council.raises("yusuf")
        await council.send_all()
        at_once = council.who_sees(NTK)
        await council.at(datetime(2026, 12, 1, 8, 59, tzinfo=UTC))
        before = who_got(council, "Handover from the night")
        await council.at(datetime(2026, 12, 1, 9, 1, tzinfo=UTC))
        at_nine = who_got(council, "Handover from the night")
        await council.at(datetime(2026, 12, 2, 12, tzinfo=UTC))

        assert at_once == sorted([*TOLD_AT_LEVEL_1, "helen"])
        assert (before, at_nine) == ({}, {"neil": 1, "tara": 1})
        assert who_got(council, "Handover from the night") == {"neil": 1, "tara": 1}
        handover = council.person("tara").card("Handover from the night").words
        assert REFERENCE in handover
        assert "neighbour" not in handover


async def test_the_one_on_call_acknowledges_and_the_tier_is_chased_no_more(council_at: Opener) -> None:
    async with council_at(TWO_AT_NIGHT) as council:
        await council.everybody_installs()
        await puts_on_call(
            council,
            "dana",
            name="Ruth Ainsley",
            tier="TM",
            starts_at=TWO_AT_NIGHT - timedelta(hours=1),
            ends_at=TWO_AT_NIGHT + timedelta(hours=7),
        )
        await council.raises("yusuf")
        await council.send_all()

        for name in ("ruth", "neil", "chloe", "priya", "dana"):
            await acknowledges(council, name)
        await council.at(TWO_AT_NIGHT + timedelta(hours=3))

        assert who_got(council, f"Please acknowledge {REFERENCE}") == {}


async def test_the_emergency_duty_team_sees_only_what_it_raised(council_at: Opener) -> None:
    async with council_at(TWO_AT_NIGHT) as council:
        await council.everybody_installs()
        await council.raises("sam", initials="CD", case_id="100102")
        await council.raises("yusuf")
        await council.send_all()
        yusuf = council.person("yusuf")

        answers = [await finds(council, "yusuf", words) for words in ("100102", "NTK-2026-0001", "100101")]
        await yusuf.says("my ntks")
        listed = yusuf.latest.buttons
        await yusuf.says("team ntks")

        assert ["Nothing found" in words for words in answers] == [True, True, False]
        assert [button for button in listed if button.startswith("Open NTK")] == ["Open NTK-2026-0002"]
        assert wording.ERRORS[Code.NOT_ALLOWED] in yusuf.latest.words


async def test_the_raisers_card_names_who_is_on_call_with_their_number(council_at: Opener) -> None:
    async with council_at(TWO_AT_NIGHT) as council:
        await council.everybody_installs()
        await puts_on_call(
            council,
            "dana",
            name="Helen Strand",
            tier="DUTY",
            starts_at=TWO_AT_NIGHT - timedelta(hours=1),
            ends_at=TWO_AT_NIGHT + timedelta(hours=7),
        )

        receipt = await council.raises("yusuf")
        yusuf = council.person("yusuf")
        await yusuf.says("who do I phone")

        assert "- Duty head: Helen Strand, 01632 960114" in receipt.words
        assert "On call, duty head: Helen Strand, 01632 960114" in yusuf.latest.words
