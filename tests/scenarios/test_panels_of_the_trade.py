"""The scenarios of the trade that concern when panels sit, each under its own name, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.scenarios import reading
from tests.scenarios.conftest import Opener
from tests.scenarios.council import MONDAY_AFTERNOON
from tests.scenarios.test_sittings import manages


async def test_access_to_resources_on_easter_monday_is_moved_to_the_tuesday_and_listed_as_settled(
    council_at: Opener,
) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        connor = council.person("connor")

        await connor.says("sittings")
        listed = connor.latest.words
        council.clock.forward_to(datetime(2027, 3, 22, 17, tzinfo=UTC))
        await council.person("sam").says("next access to resources")
        offered = council.person("sam").latest.words
        page = await manages(council, "Tue 30 Mar, 9:30am · Access to Resources Panel")

        assert "Access to Resources Panel: Tue 30 Mar, 9:30am. Moved from Monday 29 March 2027: Easter Monday" in listed
        assert "Tuesday 30 March 2027, 9:30am to midday" in offered
        # operating days before it: Thursday 25, Wednesday 24, Tuesday 23; Good Friday is none
        assert reading.facts(page)["Papers due"] == "Tuesday 23 March 2027 at midday"


async def test_the_housing_pathways_cycle_crosses_the_year_s_end_with_its_week_53(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()

        await council.person("sam").says("next housing pathways")

        days = [line for line in council.person("sam").latest.words.splitlines() if line.startswith("**")]
        # every 4th Monday from 26 January 2026: 2026 has a week 53, which a count by week numbers would stumble over
        assert [day.strip("*").partition(",")[0] for day in days] == [
            "Monday 25 January 2027",
            "Monday 22 February 2027",
            "Monday 22 March 2027",
            "Monday 19 April 2027",
            "Monday 17 May 2027",
            "Monday 14 June 2027",
        ]


async def test_best_care_best_value_does_not_sit_between_the_years(council_at: Opener) -> None:
    async with council_at(MONDAY_AFTERNOON) as council:
        await council.everybody_installs()

        await council.person("sam").says("next best care")

        said = council.person("sam").latest.words
        # the last Wednesday of December lies in the closure: the third is taken
        assert "Wednesday 16 December 2026, 2pm to 4pm" in said
        assert "Wednesday 30 December 2026" not in said
        assert "Wednesday 27 January 2027, 2pm to 4pm" in said


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (datetime(2027, 3, 24, 9, tzinfo=UTC), ("Wednesday 31 March 2027", "Wednesday 7 April 2027")),
        (datetime(2027, 10, 26, 9, tzinfo=UTC), ("Wednesday 27 October 2027", "Wednesday 3 November 2027")),
    ],
)
async def test_in_the_week_the_clocks_change_the_panel_sits_at_the_same_hour(
    council_at: Opener, now: datetime, days: tuple[str, ...]
) -> None:
    async with council_at(now - timedelta(days=1)) as council:
        await council.everybody_installs()

        await council.person("sam").says("next legal gateway")

        said = council.person("sam").latest.words
        assert [f"{day}, 9:30am to midday" in said for day in days] == [True, True]
