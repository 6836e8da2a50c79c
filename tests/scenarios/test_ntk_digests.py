"""The morning digest and the night's handover: to whom, on which days, how often, and with how little in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.scenarios import reading
from tests.scenarios.chain import acknowledges, arranges, titles, who_got
from tests.scenarios.conftest import Opener
from tests.scenarios.council import MONDAY_AFTERNOON, STORY, Council

MORNING = "Your morning"
HANDOVER = "Handover from the night"
LEVEL_2 = {"category": "PROVIDER"}
LINE = ["chloe", "dana", "neil", "priya", "tara"]
TUESDAY_DIGEST = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
A_MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)


def mornings(council: Council, first_name: str) -> list[str]:
    """The days of the digests somebody got."""
    return [title.removeprefix("Your morning: ") for title in titles(council.person(first_name), MORNING)]


async def test_the_digest_comes_at_half_past_eight_to_managers_who_have_something(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.raises("sam", **LEVEL_2)

        await council.at(TUESDAY_DIGEST - A_MINUTE)
        before = who_got(council, MORNING)
        await council.at(TUESDAY_DIGEST + A_MINUTE)
        await council.at(TUESDAY_DIGEST + timedelta(hours=15))

        assert before == {}
        assert who_got(council, MORNING) == dict.fromkeys(LINE, 1)
        assert mornings(council, "tara") == ["Tue 1 December 2026"]


async def test_the_digest_counts_and_names_but_tells_no_story(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.raises("sam")

        await council.at(TUESDAY_DIGEST + A_MINUTE)

        digest = council.person("chloe").card(MORNING)
        assert reading.facts(digest) == {
            "Open": "1",
            "New since yesterday": "1",
            "Not acknowledged by everyone": "1",
            "Update overdue": "0",
            "Update due today": "0",
        }
        assert "**NTK-2026-0001** · level 1" in digest.words
        assert "- NTK-2026-0001: Serious incident notification, due Monday 7 December 2026 at 5pm" in digest.words
        told = [STORY[name] for name in ("what_happened", "actions_taken", "who_told")]
        assert [words for words in told if words in digest.words] == []
        assert (digest.summary, digest.buttons) == ("Your morning list", ["Open the list", "Mine"])


async def test_nobody_gets_a_digest_where_nothing_is_open(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()

        await council.at(TUESDAY_DIGEST + A_DAY)

        assert who_got(council, MORNING) == {}


async def test_what_nobody_has_to_do_anything_about_makes_no_digest(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.raises("sam", **LEVEL_2)
        await council.send_all()
        for name in ("tara", "neil", "chloe", "priya"):
            await acknowledges(council, name)

        # new on Tuesday; acknowledged by everyone and no update due before Monday
        await council.at(TUESDAY_DIGEST + 2 * A_DAY)

        assert mornings(council, "tara") == ["Tue 1 December 2026"]


async def test_there_is_no_digest_at_weekends_on_bank_holidays_or_in_the_closure(council_at: Opener) -> None:
    async with council_at(datetime(2026, 12, 23, 16, 50, tzinfo=UTC)) as council:
        await council.everybody_installs()
        await council.raises("sam")

        await council.at(datetime(2027, 1, 5, 8, 31, tzinfo=UTC))

        assert mornings(council, "chloe") == ["Thu 24 December 2026", "Mon 4 January 2027", "Tue 5 January 2027"]


async def test_three_days_asleep_bring_one_digest_of_today(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await council.send_all()

        council.clock.forward_to(datetime(2026, 12, 3, 12, tzinfo=UTC))
        await council.send_all()
        asleep = mornings(council, "chloe")
        await council.at(datetime(2026, 12, 4, 8, 31, tzinfo=UTC))

        assert asleep == ["Thu 3 December 2026"]
        assert mornings(council, "chloe") == ["Thu 3 December 2026", "Fri 4 December 2026"]


async def test_woken_on_a_saturday_the_digest_waits_for_monday(council_at: Opener) -> None:
    async with council_at(datetime(2026, 12, 3, 16, 50, tzinfo=UTC)) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await council.send_all()

        council.clock.forward_to(datetime(2026, 12, 5, 9, tzinfo=UTC))
        await council.send_all()
        await council.at(datetime(2026, 12, 7, 8, 31, tzinfo=UTC))

        assert mornings(council, "chloe") == ["Mon 7 December 2026"]


@pytest.mark.parametrize("summer_time_ends", [datetime(2026, 10, 23, 15, 50, tzinfo=UTC)])
async def test_half_past_eight_is_by_the_clock_on_the_wall(council_at: Opener, summer_time_ends: datetime) -> None:
    async with council_at(summer_time_ends) as council:
        await council.everybody_installs()
        await council.raises("sam")

        # the clocks go back on Sunday 25 October: on Monday half past eight in London is half past eight in UTC
        await council.at(datetime(2026, 10, 26, 8, 29, tzinfo=UTC))
        before = mornings(council, "chloe")
        await council.at(datetime(2026, 10, 26, 8, 31, tzinfo=UTC))

        assert (before, mornings(council, "chloe")) == ([], ["Mon 26 October 2026"])


async def test_whoever_is_away_has_no_morning_and_the_cover_has_it_instead(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        today = MONDAY_AFTERNOON.date()
        await arranges(council, "tara", cover="Ruth Ainsley", starts_on=today, ends_on=today + A_DAY)
        await council.raises("sam", **LEVEL_2)

        await council.at(TUESDAY_DIGEST + A_MINUTE)

        assert sorted(who_got(council, MORNING)) == ["chloe", "dana", "neil", "priya", "ruth"]


async def test_another_service_has_nothing_of_this_one_in_its_morning(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.raises("sam", **LEVEL_2)
        await council.raises("jo", initials="LM", case_id="100301", **LEVEL_2)

        await council.at(TUESDAY_DIGEST + A_MINUTE)

        opened = {name: reading.facts(council.person(name).card(MORNING))["Open"] for name in who_got(council, MORNING)}
        assert opened == {
            "chloe": "1",
            "dana": "2",
            "grace": "1",
            "helen": "1",
            "imran": "1",
            "neil": "1",
            "priya": "2",
            "tara": "1",
        }
        assert "NTK-2026-0002" not in council.person("tara").card(MORNING).words


async def test_an_overdue_update_stands_in_the_morning_until_it_comes(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.raises("sam")
        await council.send_all()
        for name in ("tara", "neil", "chloe", "priya", "dana"):
            await acknowledges(council, name)

        # a level 1 is updated daily by midday: due on Tuesday, overdue on Wednesday morning
        await council.at(TUESDAY_DIGEST + A_MINUTE)
        due = reading.facts(council.person("chloe").card(MORNING))
        await council.at(TUESDAY_DIGEST + A_DAY + A_MINUTE)
        overdue = reading.facts(council.person("chloe").card(MORNING))

        assert (due["Update due today"], due["Update overdue"]) == ("1", "0")
        assert (overdue["Update due today"], overdue["Update overdue"]) == ("0", "1")


async def test_a_weekends_need_to_knows_are_handed_over_on_monday_and_not_again(council_at: Opener) -> None:
    async with council_at(datetime(2026, 12, 5, 14, tzinfo=UTC)) as council:
        await council.everybody_installs()
        await council.raises("yusuf")
        await council.send_all()

        await council.at(datetime(2026, 12, 7, 8, 59, tzinfo=UTC))
        before = who_got(council, HANDOVER)
        await council.at(datetime(2026, 12, 9, 12, tzinfo=UTC))

        assert before == {}
        assert who_got(council, HANDOVER) == {"neil": 1, "tara": 1}
        assert (
            "Raised since Friday 4 December 2026 at 5pm, for the day team:"
            in council.person("tara").card(HANDOVER).words
        )


async def test_what_was_raised_in_office_hours_is_not_handed_over(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.raises("sam")

        await council.at(datetime(2026, 12, 1, 9, 1, tzinfo=UTC))

        assert who_got(council, HANDOVER) == {}


async def test_what_was_withdrawn_in_the_night_is_not_handed_over(council_at: Opener) -> None:
    async with council_at(datetime(2026, 12, 1, 2, tzinfo=UTC)) as council:
        await council.everybody_installs()
        yusuf = council.person("yusuf")
        receipt = await council.raises("yusuf")

        menu = await yusuf.clicks(receipt, "More")
        await yusuf.clicks(await yusuf.clicks(menu, "Withdraw"), "Withdraw it", {"text": "Raised twice by mistake."})
        await council.at(datetime(2026, 12, 1, 9, 1, tzinfo=UTC))

        assert who_got(council, HANDOVER) == {}
