"""Nobody acknowledges an NTK: who is asked again, who is told next, when, how often, and what stops it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from casework.domain.rulebook import Rulebook
from casework.services import directory
from tests.scenarios.chain import (
    ALARM,
    NTK,
    PLEASE,
    acknowledges,
    apply_rulebook,
    arranges,
    current_rulebook,
    planned,
    puts_on_call,
    steps,
    titles,
    told,
    who_got,
)
from tests.scenarios.conftest import Opener
from tests.scenarios.council import PEOPLE, Council
from tests.teams_service.service import TENANT_ID

# a Tuesday morning: every minute counted here lies within office hours
TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
TODAY = TEN.date()
# what a scenario itself takes: time ticks while it runs
SOON = timedelta(minutes=1)
A_DAY = timedelta(days=1)
LEVEL_2 = {"category": "PROVIDER"}
LEVEL_3 = {"category": "COMPLAINT"}
LINE = ("tara", "neil", "chloe", "priya", "dana")
PASSED_ON = "Passed on to you"


def minutes(count: int) -> datetime:
    """So long after ten, and a little."""
    return TEN + timedelta(minutes=count) + SOON


def with_category(book: Rulebook, code: str, **changed: object) -> tuple[object, ...]:
    """The rulebook's categories, one of them changed."""
    return tuple(c.model_copy(update=changed) if c.code == code else c for c in book.categories)


async def second_team_manager(council: Council) -> None:
    """Ruth manages the north team too from now on."""
    header = PEOPLE.splitlines()[0]
    ruth = [line for line in PEOPLE.splitlines() if "Ruth Ainsley" in line]
    rows = [header, *ruth, ruth[0].replace("South team", "North team")]
    await directory.import_people(council.parts.context, "\n".join(rows), tenant_id=TENANT_ID)


async def test_level_1_asks_again_then_deputy_then_tier_above_then_alarm_each_once(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(
            council, "tara", cover="Ruth Ainsley", kind="deputy", starts_on=TODAY, ends_on=TODAY + timedelta(days=30)
        )
        await puts_on_call(
            council, "dana", name="Helen Strand", tier="DUTY", starts_at=TEN - SOON, ends_at=TEN + 3 * A_DAY
        )
        await council.raises("sam")
        await council.send_all()
        for name in LINE[1:]:
            await acknowledges(council, name)

        seen = []
        for minute in (28, 30, 43, 45, 58, 60, 88, 90):
            await council.at(minutes(minute))
            twice = [name for name, cards in who_got(council, NTK).items() if cards == 2]
            seen.append(
                (minute, who_got(council, PLEASE), "ruth" in council.who_sees(NTK), twice, council.who_sees(ALARM))
            )
        before = {name: len(person.inbox) for name, person in council.people.items()}
        await council.at(TEN + timedelta(hours=13))

        reminded = {"tara": 1}
        assert seen == [
            (28, {}, False, [], []),
            (30, reminded, False, [], []),
            (43, reminded, False, [], []),
            (45, reminded, True, [], []),
            (58, reminded, True, [], []),
            (60, reminded, True, ["neil"], []),
            (88, reminded, True, ["neil"], []),
            (90, reminded, True, ["neil"], ["helen", "sam"]),
        ]
        assert who_got(council, ALARM) == {"helen": 1, "sam": 1}
        assert {name: len(person.inbox) for name, person in council.people.items()} == before
        assert await steps(council, "TM") == [
            ("remind", "done", "due"),
            ("deputy", "done", "due"),
            ("above", "done", "due"),
            ("alarm", "done", "due"),
        ]


async def test_the_alarm_names_whom_to_phone_and_shows_an_outsider_nothing_of_the_child(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await puts_on_call(
            council, "dana", name="Helen Strand", tier="DUTY", starts_at=TEN - SOON, ends_at=TEN + 3 * A_DAY
        )
        await council.raises("sam")
        await council.send_all()
        for name in LINE[1:]:
            await acknowledges(council, name)

        await council.at(minutes(90))

        alarm = council.person("helen").card(ALARM)
        assert [line for line in alarm.words.splitlines() if line.startswith("- ")] == [
            "- Tara Whitfield, team manager: 01632 960102"
        ]
        assert [word for word in ("AB", "100101", "Serious") if word in alarm.words] == []
        assert alarm.buttons == []
        assert "Child" in council.person("sam").card(ALARM).words


async def test_without_a_duty_head_the_top_of_the_line_is_alarmed(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await council.send_all()
        for name in LINE[1:]:
            await acknowledges(council, name)

        await council.at(minutes(90))

        assert who_got(council, ALARM) == {"dana": 1, "sam": 1}


async def test_nobody_at_all_answers_and_it_ends_all_the_same(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await council.send_all()

        await council.at(minutes(30))
        reminded = who_got(council, PLEASE)
        await council.at(minutes(60))
        passed_on = who_got(council, NTK)
        await council.at(minutes(90))
        alarmed = council.who_sees(ALARM)
        before = {name: len(person.inbox) for name, person in council.people.items()}
        await council.at(TEN + timedelta(hours=13))

        assert reminded == dict.fromkeys(sorted(LINE), 1)
        assert passed_on == {"chloe": 2, "dana": 2, "leila": 1, "neil": 2, "priya": 2, "quinn": 1, "tara": 1}
        assert alarmed == ["dana", "sam"]
        assert {name: len(person.inbox) for name, person in council.people.items()} == before
        assert who_got(council, PLEASE) == dict.fromkeys(sorted(LINE), 1)
        assert who_got(council, ALARM) == {"dana": 1, "sam": 1}


async def test_acknowledging_stops_the_chasing_of_that_tier_only(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await council.send_all()
        for name in ("chloe", "priya", "dana"):
            await acknowledges(council, name)
        await council.at(minutes(30))

        await acknowledges(council, "tara")
        await council.at(minutes(90))

        assert who_got(council, PLEASE) == {"neil": 1, "tara": 1}
        assert [name for name, cards in who_got(council, NTK).items() if cards == 2] == ["chloe"]
        assert [(do, state) for do, state, _ in await steps(council, "TM")] == [
            ("remind", "done"),
            ("deputy", "not_needed"),
            ("above", "not_needed"),
            ("alarm", "not_needed"),
        ]
        assert [state for _, state, _ in await steps(council, "SM")] == ["done"] * 4


async def test_that_it_was_passed_on_stays_on_the_card_when_the_card_is_renewed(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await council.send_all()
        for name in LINE[1:]:
            await acknowledges(council, name)
        await council.at(minutes(60))
        first = council.who_sees(PASSED_ON)

        await acknowledges(council, "tara")

        assert first == ["neil"]
        assert council.who_sees(PASSED_ON) == ["neil"]


async def test_the_deputys_acknowledgement_stops_the_chasing_of_the_tier(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await arranges(council, "tara", cover="Ruth Ainsley", kind="deputy", starts_on=TODAY, ends_on=TODAY + A_DAY)
        await council.raises("sam")
        await council.send_all()
        for name in LINE[1:]:
            await acknowledges(council, name)
        await council.at(minutes(45))

        await acknowledges(council, "ruth")
        await council.at(minutes(120))

        assert await told(council) == [
            ("tara", "TM", "line"),
            ("neil", "SM", "line"),
            ("chloe", "HOS", "line"),
            ("priya", "AD", "line"),
            ("dana", "DIR", "line"),
            ("quinn", "ALSO", "role"),
            ("leila", "ALSO", "role"),
            ("ruth", "TM", "deputy"),
        ]
        assert who_got(council, ALARM) == {}
        assert [name for name, cards in who_got(council, NTK).items() if cards == 2] == []


async def test_any_acknowledgement_is_enough_where_the_rulebook_says_any(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        book = await current_rulebook(council)
        await apply_rulebook(council, categories=with_category(book, "SERHARM", acknowledged_by="any"))
        await council.raises("sam")
        await council.send_all()

        await acknowledges(council, "priya")
        await council.at(minutes(120))

        assert (who_got(council, PLEASE), council.who_sees(PASSED_ON), council.who_sees(ALARM)) == ({}, [], [])


@pytest.mark.parametrize(("rule", "reminded"), [("one_per_tier", {}), ("all", {"ruth": 1})])
async def test_two_team_managers_and_one_of_them_acknowledges(
    council_at: Opener, rule: str, reminded: dict[str, int]
) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await second_team_manager(council)
        book = await current_rulebook(council)
        await apply_rulebook(council, categories=with_category(book, "SERHARM", acknowledged_by=rule))
        await council.raises("sam")
        await council.send_all()
        for name in LINE:
            await acknowledges(council, name)

        await council.at(minutes(30))
        asked_again = who_got(council, PLEASE)
        if reminded:
            await acknowledges(council, "ruth")
        await council.at(minutes(120))

        assert asked_again == reminded
        assert who_got(council, PLEASE) == reminded
        assert (council.who_sees(PASSED_ON), council.who_sees(ALARM)) == ([], [])


async def test_level_2_goes_up_tier_by_tier_as_each_acknowledges(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        seen = [council.who_sees(NTK)]
        for name in ("tara", "neil", "chloe", "priya"):
            await acknowledges(council, name)
            seen.append(council.who_sees(NTK))

        assert seen == [
            ["tara"],
            ["neil", "tara"],
            ["chloe", "neil", "tara"],
            ["chloe", "neil", "priya", "tara"],
            ["chloe", "neil", "priya", "tara"],
        ]


async def test_level_2_goes_up_when_time_runs_out_and_on_to_the_assistant_director(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        seen = []
        for instant in (
            # the team manager has two hours, until 12:00; the service manager is told an hour later
            TEN + timedelta(hours=3) - SOON,
            TEN + timedelta(hours=3) + SOON,
            # the service manager has until 15:00, the head of service is told at 16:00
            TEN + timedelta(hours=6) - SOON,
            TEN + timedelta(hours=6) + SOON,
            # the head of service has until 17:00 the same day; an office hour later it is 10:00 on Wednesday
            datetime(2026, 12, 2, 9, 59, tzinfo=UTC),
            datetime(2026, 12, 2, 10, 1, tzinfo=UTC),
        ):
            await council.at(instant)
            seen.append(council.who_sees(NTK))

        assert seen == [
            ["tara"],
            ["neil", "tara"],
            ["neil", "tara"],
            ["chloe", "neil", "tara"],
            ["chloe", "neil", "tara"],
            ["chloe", "neil", "priya", "tara"],
        ]
        assert [(name, tier, why) for name, tier, why in await told(council)] == [
            ("tara", "TM", "line"),
            ("neil", "SM", "escalated"),
            ("chloe", "HOS", "escalated"),
            ("priya", "AD", "escalated"),
        ]


async def test_a_late_answer_passes_over_nobody_who_has_not_answered_yet(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam", **LEVEL_2)
        await council.send_all()
        await council.at(TEN + timedelta(hours=3) + SOON)
        both = council.who_sees(NTK)

        await acknowledges(council, "tara")

        assert both == ["neil", "tara"]
        assert council.who_sees(NTK) == ["neil", "tara"]


async def test_level_2_late_on_a_friday_counts_office_hours_only(council_at: Opener) -> None:
    async with council_at(datetime(2026, 12, 4, 16, 50, tzinfo=UTC)) as council:
        await council.everybody_installs()

        await council.raises("sam", **LEVEL_2)

        assert await planned(council) == [
            ("TM", "remind", "Mon 07 Dec 10:50"),
            ("TM", "deputy", "Mon 07 Dec 11:20"),
            ("TM", "above", "Mon 07 Dec 11:50"),
            ("TM", "alarm", "Mon 07 Dec 14:50"),
        ]


async def test_level_3_stops_at_the_head_of_service(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam", **LEVEL_3)
        await council.send_all()

        for name in ("tara", "neil", "chloe"):
            await acknowledges(council, name)
        await council.at(TEN + timedelta(days=6))

        assert council.who_sees(NTK) == ["chloe", "neil", "tara"]
        assert (who_got(council, PLEASE), council.who_sees(ALARM)) == ({}, [])


async def test_a_tier_the_raiser_holds_is_passed_over_when_the_one_below_does_not_answer(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("neil", **LEVEL_2)
        await council.send_all()
        first = council.who_sees(NTK)

        await council.at(TEN + timedelta(hours=3) + SOON)

        assert first == ["tara"]
        assert council.who_sees(NTK) == ["chloe", "tara"]


async def test_endorsing_is_acknowledging_and_passes_it_up(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam", **LEVEL_2)
        await council.send_all()
        tara = council.person("tara")

        await tara.clicks(tara.card(NTK), "Endorse")
        await council.send_all()
        await council.at(TEN + timedelta(minutes=110))

        assert council.who_sees(NTK) == ["neil", "tara"]
        assert [state for _, state, _ in await steps(council, "TM")] == ["not_needed"] * 4
        assert titles(tara, PLEASE) == []


async def test_the_chain_stays_as_it_was_raised_whatever_rulebook_is_applied_after(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await council.send_all()
        before = (await told(council), await planned(council))
        book = await current_rulebook(council)
        slower = tuple(
            level.model_copy(
                update={
                    "tiers": ("TM", "HOS"),
                    "tell": "in_turn",
                    "by_tier": (),
                    "decides": "HOS",
                    "acknowledge": level.acknowledge.model_copy(update={"minutes": 600, "days": None, "at": None})
                    if level.acknowledge
                    else None,
                }
            )
            for level in book.levels
        )

        await apply_rulebook(
            council,
            levels=slower,
            tiers=tuple(tier for tier in book.tiers if tier.code in ("TM", "HOS", "AD")),
            missing=tuple(rule.model_copy(update={"tiers": ("TM", "HOS")}) for rule in book.missing),
            fields=tuple(field for field in book.fields if field.code != "safety"),
        )
        after = (await told(council), await planned(council))
        await council.at(minutes(60))

        assert after == before
        assert who_got(council, PLEASE) == dict.fromkeys(sorted(LINE), 1)
        assert [name for name, cards in who_got(council, NTK).items() if cards == 2] == [
            "chloe",
            "dana",
            "neil",
            "priya",
        ]
        assert "Are the child and any siblings safe now" in council.person("tara").card(NTK).words


async def test_a_line_without_service_managers_works_without_code(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        book = await current_rulebook(council)
        await apply_rulebook(
            council,
            tiers=tuple(tier for tier in book.tiers if tier.code != "SM"),
            levels=tuple(
                level.model_copy(update={"tiers": tuple(code for code in level.tiers if code != "SM")})
                for level in book.levels
            ),
            missing=tuple(
                rule.model_copy(update={"tiers": tuple(code for code in rule.tiers if code != "SM")})
                for rule in book.missing
            ),
        )

        receipt = (await council.raises("sam", **LEVEL_2)).words
        await council.send_all()
        first = council.who_sees(NTK)
        await council.at(TEN + timedelta(hours=3) + SOON)
        second = council.who_sees(NTK)
        await acknowledges(council, "chloe")

        assert "Then, step by step: head of service and assistant director." in receipt
        assert (first, second) == (["tara"], ["chloe", "tara"])
        assert council.who_sees(NTK) == ["chloe", "priya", "tara"]


async def test_another_time_to_acknowledge_works_without_code(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        book = await current_rulebook(council)
        within = book.level(1).acknowledge
        assert within is not None
        await apply_rulebook(
            council,
            levels=tuple(
                level.model_copy(update={"acknowledge": within.model_copy(update={"minutes": 10})})
                if level.number == 1
                else level
                for level in book.levels
            ),
        )
        await council.raises("sam")
        await council.send_all()

        await council.at(minutes(8))
        before = who_got(council, PLEASE)
        await council.at(minutes(10))

        assert before == {}
        assert who_got(council, PLEASE) == dict.fromkeys(sorted(LINE), 1)


async def test_a_restart_or_two_ticks_at_once_do_no_step_twice(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await council.send_all()

        council.clock.forward_to(TEN + timedelta(hours=5))
        await council.send_all()
        await council.send_all()

        assert who_got(council, PLEASE) == dict.fromkeys(sorted(LINE), 1)
        assert who_got(council, ALARM) == {"dana": 1, "sam": 1}


async def test_what_is_no_longer_live_is_chased_no_more(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.everybody_installs()
        receipt = await council.raises("sam")
        await council.send_all()
        sam = council.person("sam")

        menu = await sam.clicks(receipt, "More")
        await sam.clicks(await sam.clicks(menu, "Withdraw"), "Withdraw it", {"text": "Raised twice by mistake."})
        await council.at(TEN + timedelta(hours=5))

        assert (who_got(council, PLEASE), council.who_sees(PASSED_ON), council.who_sees(ALARM)) == ({}, [], [])


async def test_thirty_minutes_stay_thirty_minutes_while_the_clocks_go_back(council_at: Opener) -> None:
    quarter_to_two = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    async with council_at(quarter_to_two) as council:
        await council.everybody_installs()
        await council.raises("sam", aware_date="2026-10-25", aware_time="01:40")
        await council.send_all()

        await council.at(quarter_to_two + timedelta(minutes=29))
        before = who_got(council, PLEASE)
        await council.at(quarter_to_two + timedelta(minutes=31))

        assert before == {}
        assert who_got(council, PLEASE) == dict.fromkeys(sorted(LINE), 1)


async def test_thirty_minutes_stay_thirty_minutes_while_the_clocks_go_forward(council_at: Opener) -> None:
    quarter_to_one = datetime(2027, 3, 28, 0, 45, tzinfo=UTC)
    async with council_at(quarter_to_one) as council:
        await council.everybody_installs()
        await council.raises("sam", aware_date="2027-03-28", aware_time="00:40")
        await council.send_all()

        await council.at(quarter_to_one + timedelta(minutes=29))
        before = who_got(council, "Please acknowledge NTK-2027-0001")
        await council.at(quarter_to_one + timedelta(minutes=31))

        assert before == {}
        assert who_got(council, "Please acknowledge NTK-2027-0001") == dict.fromkeys(sorted(LINE), 1)


def test_ten_is_a_working_hour_of_a_working_day() -> None:
    assert (TODAY, TEN.weekday()) == (date(2026, 12, 1), 1)
