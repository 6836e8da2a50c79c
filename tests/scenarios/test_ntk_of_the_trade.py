"""The scenarios of the trade that concern need-to-knows, each under its own name, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from casework.domain.ntk import State
from tests.scenarios import acting, reading
from tests.scenarios.chain import NOT_DELIVERED, NTK, REFERENCE, arranges, finds, puts_on_call, told
from tests.scenarios.conftest import Opener
from tests.scenarios.council import STORY, TOLD_AT_LEVEL_1
from tests.teams_service import faults

TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
# the last working day before the Christmas closure, a Thursday
CHRISTMAS_EVE = datetime(2026, 12, 24, 16, 50, tzinfo=UTC)
NOTHING_FOUND = "Nothing found"


async def test_level_1_raised_at_1650_on_the_last_working_day_before_the_christmas_closure(council_at: Opener) -> None:
    async with council_at(CHRISTMAS_EVE) as council:
        await council.everybody_installs()
        evening = CHRISTMAS_EVE.replace(hour=17, minute=0)
        for name, tier in (("Ruth Ainsley", "TM"), ("Helen Strand", "HOS")):
            await puts_on_call(
                council, "dana", name=name, tier=tier, starts_at=evening, ends_at=evening + timedelta(days=11)
            )

        await council.raises("sam")
        await council.send_all()

        assert council.who_sees(NTK) == sorted([*TOLD_AT_LEVEL_1, "helen", "ruth"])
        assert sorted(row for row in await told(council) if row[2] == "on_call") == [
            ("helen", "HOS", "on_call"),
            ("ruth", "TM", "on_call"),
        ]
        assert (
            "Ruth Ainsley, team manager, on call: delivered" in council.person("sam").card("Need-to-know raised").words
        )
        # Working days after Thursday 24 December: 29, 30, 31 December, then 4 and 5 January. Not 25 (Christmas Day), 26
        # and 27 (a weekend), 28 (the substitute for Boxing Day) and 1 January; the closure's three days do count.
        priya = council.person("priya")
        assert reading.facts(priya.card("Child Safeguarding Practice Review Panel"))["Due"] == (
            "Tuesday 5 January 2027 at 5pm"
        )
        # ten more: 6, 7, 8, 11, 12, 13, 14, 15, 18, 19 January
        assert reading.facts(priya.card("Is a rapid review held?"))["Due"] == "Tuesday 19 January 2027 at 5pm"


async def test_team_manager_on_leave_and_no_deputy_the_service_manager_gets_it_at_once(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "tara", cover="", starts_on=TEN.date(), ends_on=TEN.date())

        await council.raises("sam", category="PROVIDER")
        await council.send_all()

        assert council.who_sees(NTK) == ["neil"]
        assert await told(council) == [("neil", "SM", "line")]
        report = council.person("sasha").latest.words
        assert "- team manager: everybody is on leave and nobody covers" in report
        assert (REFERENCE in report, STORY["case_id"] in report) == (False, False)


async def test_the_worker_who_is_the_subject_of_the_allegation_never_sees_the_ntk(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        await council.raises("marek", category="STAFFALLEG", subject_role="STAFF", subject="Sam Okafor")
        await council.send_all()
        await council.at(TEN + timedelta(days=2))
        answers = [await finds(council, "sam", words) for words in (REFERENCE, STORY["case_id"])]
        await council.person("sam").says("my ntks")

        assert [NOTHING_FOUND in words for words in answers] == [True, True]
        assert [card.words for card in council.person("sam").cards if REFERENCE in card.words] == []


async def test_two_workers_raise_the_same_incident_it_is_suggested_and_merged(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await council.send_all()
        council.clock.forward_to(TEN + timedelta(hours=47))

        suggested = (await council.fills_in("tara")).words
        await council.person("tara").clicks(council.person("tara").latest, "ntk.send")
        await council.send_all()
        await acting.does(council, "chloe", "merge", "NTK-2026-0002", reference=REFERENCE)

        assert "Perhaps raised already" in suggested
        assert REFERENCE in suggested
        assert (await acting.found(council, "NTK-2026-0002")).state is State.MERGED
        history = "".join(await acting.timeline(council, "chloe"))
        assert history.count("raised it") == 2


async def test_delivery_to_the_director_fails_and_the_sender_sees_phone_now(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        council.teams.fail(faults.forbidden("ConversationBlockedByUser"), person=council.person("dana"))

        await council.raises("sam")
        await council.send_all()

        card = council.person("sam").card(NOT_DELIVERED)
        assert "Dana Holloway, director: 01632 960106" in card.words
        assert "phone" in card.words.lower()
        assert council.who_sees(NTK) == [name for name in TOLD_AT_LEVEL_1 if name != "dana"]


async def test_a_pasted_full_name_and_date_of_birth_are_blocked_and_not_stored(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()

        form = await council.fills_in("sam", what_happened=acting.NAMED)

        assert "a name “Annabel Whitcombe”, a date of birth “12/03/2015”" in form.words
        assert reading.typed(form)["what_happened"] == acting.NAMED
        assert await acting.leaked(council, *acting.SECRETS) == []


async def test_a_restricted_case_searched_by_an_outsider_is_not_revealed_and_the_search_logged(
    council_at: Opener,
) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam", restrict="PROFILE", category="PROVIDER")
        await council.send_all()

        answers = {words: await finds(council, "imran", words) for words in (REFERENCE, "NTK-2026-0777")}

        assert [NOTHING_FOUND in words for words in answers.values()] == [True, True]
        assert answers[REFERENCE] == answers["NTK-2026-0777"]
        imran = await council.id_of("imran")
        assert [row["actor"] for row in await acting.audited(council, "ntk.refused")] == [imran]
