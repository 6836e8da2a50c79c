"""What falls due comes at its time in London, once, whether or not anybody was awake, and not when it lost its use."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from casework.db import audit
from casework.services import timers
from tests.scenarios import reading
from tests.scenarios.council import MONDAY_AFTERNOON, TOLD_AT_LEVEL_1, Council, open_council
from tests.teams_service import faults
from tests.teams_service.people import Person
from tests.teams_service.service import FakeTeams

AB = "AB 100101 onto legal gateway"
AGENDA_DUE = datetime(2026, 12, 7, 16, tzinfo=UTC)
"""For Legal Gateway on Wednesday 9 December: 16:00 two working days before (issue 2, section 6)."""
REMINDER_DUE = datetime(2026, 12, 8, 9, tzinfo=UTC)
SITTING_STARTS = datetime(2026, 12, 9, 9, 30, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
BEFORE_THE_CLOCKS_CHANGE = datetime(2026, 10, 19, 9, tzinfo=UTC)
FIRST_HALF_PAST_ONE = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
SECOND_HALF_PAST_ONE = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def agendas(council: Council, day: str = "Wednesday 9 December") -> int:
    """How many agendas of one day's sitting Chloe has been sent."""
    return sum("Agenda: " in card.words and day in card.words for card in council.person("chloe").cards)


def reminders(person: Person) -> list[str]:
    """The headings of the reminders somebody was sent."""
    return [reading.title(card) for card in person.cards if reading.title(card).startswith("You present")]


async def skipped(council: Council) -> dict[str, int]:
    """How often the audit trail says that something due was skipped."""
    async with council.parts.context.database.reading() as work:
        rows = await work.connection.execute(
            select(audit.audit.c.action, func.count())
            .where(audit.audit.c.action.endswith(".skipped"))
            .group_by(audit.audit.c.action)
        )
        return {action: int(count) for action, count in rows}


async def test_the_agenda_comes_at_four_two_working_days_before_and_not_earlier(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.books("sam", AB)

        await council.at(AGENDA_DUE - 30 * A_SECOND)
        before = agendas(council)
        await council.at(AGENDA_DUE)
        await council.at(SITTING_STARTS + A_DAY)

        assert before == 0
        assert agendas(council) == 1


async def test_the_reminder_comes_at_nine_the_working_day_before(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam = council.person("sam")
        await council.books("sam", AB)

        await council.at(REMINDER_DUE - 30 * A_SECOND)
        before = reminders(sam)
        await council.at(REMINDER_DUE)
        await council.at(SITTING_STARTS + A_DAY)

        assert before == []
        assert reminders(sam) == ["You present on Wed 9 Dec: ITEM-2026-0001"]
        assert sam.card("You present on").summary == "Panel item"


async def test_a_server_down_over_the_due_moments_sends_once_when_it_is_back(tmp_path: Path) -> None:
    async with FakeTeams() as teams:
        async with open_council(tmp_path, now=MONDAY_AFTERNOON, same_teams=teams) as council:
            await council.everybody_installs()
            await council.books("sam", AB)

        seen = []
        for now in (REMINDER_DUE + AN_HOUR, REMINDER_DUE + 2 * AN_HOUR):
            async with open_council(tmp_path, now=now, same_teams=teams) as council:
                await council.send_all()
                seen.append((agendas(council), reminders(council.person("sam"))))

        assert seen == [(1, ["You present on Wed 9 Dec: ITEM-2026-0001"])] * 2


async def test_ticks_at_once_fire_each_timer_once(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.books("sam", AB)
        council.clock.forward_to(REMINDER_DUE + AN_HOUR)

        await asyncio.gather(*(timers.fire_due(council.parts.context, limit=100) for _ in range(5)))
        await council.send_all()

        assert agendas(council) == 1
        assert len(reminders(council.person("sam"))) == 1


async def test_a_cancelled_items_reminder_never_comes(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam = council.person("sam")
        cancelled = await council.books("sam", AB)
        await council.books("sam", "CD 100102 onto legal gateway")
        await sam.clicks(await sam.clicks(cancelled, "Cancel item"), "Yes, cancel it")

        await council.at(SITTING_STARTS + A_DAY)

        assert reminders(sam) == ["You present on Wed 9 Dec: ITEM-2026-0002"]


async def test_a_reminder_already_due_is_not_sent_for_an_item_cancelled_meanwhile(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam = council.person("sam")
        mine = await council.books("sam", AB)
        await council.books("sam", "CD 100102 onto legal gateway")
        council.clock.forward_to(REMINDER_DUE)
        await timers.fire_due(council.parts.context, limit=100)
        held = reading.data_of(mine, "item.cancel")

        await council.presses("connor", "item.cancel_confirm", held)
        await council.send_all()

        assert reminders(sam) == ["You present on Wed 9 Dec: ITEM-2026-0002"]


async def test_a_moved_items_reminder_comes_before_its_new_sitting_only(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam = council.person("sam")
        changing = await sam.clicks(await council.books("sam", AB), "Change sitting")
        target = next(iter(reading.choices(changing, "sitting")))
        moved = await sam.clicks(changing, "Move", {"sitting": target})

        await council.at(SITTING_STARTS + A_DAY)
        for_the_old_day = reminders(sam)
        await council.at(SITTING_STARTS + 7 * A_DAY)

        assert reading.day(reading.facts(moved)["Sitting"]) == "16 Dec"
        assert for_the_old_day == []
        assert reminders(sam) == ["You present on Wed 16 Dec: ITEM-2026-0001"]


async def test_three_days_asleep_brings_everything_once_and_late(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.books("sam", AB)
        await council.at(datetime(2026, 12, 5, 12, tzinfo=UTC))

        council.clock.forward_to(datetime(2026, 12, 8, 12, tzinfo=UTC))
        await council.send_all()

        assert agendas(council) == 1
        assert reminders(council.person("sam")) == ["You present on Wed 9 Dec: ITEM-2026-0001"]


async def test_asleep_until_the_sitting_is_over_sends_nothing_and_says_so(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.books("sam", AB)
        await council.at(datetime(2026, 12, 7, 12, tzinfo=UTC))
        before = await skipped(council)

        council.clock.forward_to(SITTING_STARTS + AN_HOUR)
        await council.send_all()

        after = await skipped(council)
        assert agendas(council) == 0
        assert reminders(council.person("sam")) == []
        assert after["presenter_reminder.skipped"] - before.get("presenter_reminder.skipped", 0) == 1
        assert after["agenda.skipped"] > before.get("agenda.skipped", 0)


async def test_due_times_keep_the_clock_on_the_wall_across_the_end_of_summer_time(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=BEFORE_THE_CLOCKS_CHANGE) as council:
        await council.everybody_installs()
        form = await council.begins_booking("sam", AB)
        after_the_change = next(
            sitting for sitting, words in reading.choices(form, "sitting").items() if "Wed 28 Oct" in words
        )
        booked = await council.books("sam", AB, sitting=after_the_change)

        moments = []
        for instant in (
            datetime(2026, 10, 26, 15, 59, 30, tzinfo=UTC),
            datetime(2026, 10, 26, 16, tzinfo=UTC),
            datetime(2026, 10, 27, 8, 59, 30, tzinfo=UTC),
            datetime(2026, 10, 27, 9, tzinfo=UTC),
        ):
            await council.at(instant)
            moments.append((agendas(council, "Wednesday 28 October"), len(reminders(council.person("sam")))))

        assert reading.facts(booked)["Papers due"] == "Friday 23 October 2026 at midday"
        assert moments == [(0, 0), (1, 0), (1, 0), (1, 1)]


async def test_an_agenda_due_in_summer_time_comes_at_four_by_the_clock_on_the_wall(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=BEFORE_THE_CLOCKS_CHANGE) as council:
        await council.everybody_installs()

        await council.at(datetime(2026, 10, 19, 14, 59, 30, tzinfo=UTC))
        before = agendas(council, "Wednesday 21 October")
        await council.at(datetime(2026, 10, 19, 15, tzinfo=UTC))

        assert (before, agendas(council, "Wednesday 21 October")) == (0, 1)


async def test_at_both_half_past_ones_of_october_an_ntk_goes_out_at_once_and_in_order(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=BEFORE_THE_CLOCKS_CHANGE) as council:
        await council.everybody_installs()
        await council.at(FIRST_HALF_PAST_ONE)

        first = await council.raises("sam", aware_date="2026-10-25", aware_time="01:15")
        await council.send_all()
        first_seen = council.who_sees("Need-to-know NTK-2026-0001")
        await council.at(SECOND_HALF_PAST_ONE)
        await council.person("tara").clicks(council.person("tara").card("NTK-2026-0001"), "Acknowledge")
        second = await council.raises("sam", initials="CD", case_id="100102")
        await council.send_all()

        told = TOLD_AT_LEVEL_1
        assert reading.facts(first)["Raised"] == reading.facts(second)["Raised"] == "Sunday 25 October 2026 at 1:30am"
        assert (first_seen, council.who_sees("Need-to-know NTK-2026-0002")) == (told, told)
        assert "**acknowledged** Sun 25 Oct, 1:30am" in first.words


async def test_a_wait_across_the_hour_that_comes_twice_is_as_long_as_teams_asked(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=BEFORE_THE_CLOCKS_CHANGE) as council:
        await council.everybody_installs()
        await council.at(datetime(2026, 10, 25, 0, 55, tzinfo=UTC))
        council.teams.fail(faults.throttled("600"), person=council.person("tara"))
        await council.raises("sam")
        await council.send_all()

        await council.at(datetime(2026, 10, 25, 1, 4, 30, tzinfo=UTC))
        too_early = council.who_sees("Need-to-know NTK-2026-0001")
        await council.at(datetime(2026, 10, 25, 1, 7, 30, tzinfo=UTC))

        assert too_early == [name for name in TOLD_AT_LEVEL_1 if name != "tara"]
        assert council.who_sees("Need-to-know NTK-2026-0001") == TOLD_AT_LEVEL_1
