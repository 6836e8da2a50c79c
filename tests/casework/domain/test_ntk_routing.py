"""Who is told of an NTK: the line as far as the level reaches, gaps named, nobody told twice."""

from __future__ import annotations

import dataclasses

from casework.domain import ntk_routing
from casework.domain.ntk_routing import Gap, Recipient
from casework.domain.people import Person, Role
from tests.factories import SERVICE, TEAM, grant, person, rulebook

LINE = (
    person("tara", Role.TM),
    person("neil", Role.SM),
    person("chloe", Role.HOS),
    person("priya", Role.AD),
    person("dana", Role.DIR),
)


def route(level: int, *people: Person, raiser: str = "sam", team: str = TEAM) -> ntk_routing.Routing:
    return ntk_routing.route(
        rulebook=rulebook(), level=level, team=team, service=SERVICE, raiser_id=raiser, people=people
    )


def test_level_1_goes_to_every_tier() -> None:
    found = route(1, *LINE)

    assert found.recipients == (
        Recipient("tara", "TM"),
        Recipient("neil", "SM"),
        Recipient("chloe", "HOS"),
        Recipient("priya", "AD"),
        Recipient("dana", "DIR"),
    )
    assert found.gaps == ()


def test_level_3_goes_up_in_turn_as_far_as_the_head_of_service() -> None:
    found = route(3, *LINE)

    assert [one.tier for one in found.recipients] == ["TM"]
    assert [one.tier for one in found.later][:2] == ["SM", "HOS"]


def test_a_tier_nobody_holds_is_a_gap_and_the_next_is_told() -> None:
    found = route(3, *LINE[1:])

    assert [one.person_id for one in found.recipients] == ["neil"]
    assert found.gaps == (Gap("TM", "vacant"),)


def test_a_tier_everybody_of_is_away_is_a_gap_that_says_so() -> None:
    away = dataclasses.replace(LINE[0], is_away=True)

    found = route(3, away, *LINE[1:])

    assert [one.person_id for one in found.recipients] == ["neil"]
    assert found.gaps == (Gap("TM", "away"),)


def test_other_teams_and_services_are_not_told() -> None:
    south = person("ruth", grants=(grant(Role.TM, team="South team"),))
    looked_after = person("helen", grants=(grant(Role.HOS, service="Looked after"),))

    assert route(3, *LINE, south, looked_after) == route(3, *LINE)


def test_an_assistant_director_of_another_service_is_not_told() -> None:
    other = person("omar", grants=(grant(Role.AD, service="Looked after"),))

    found = route(2, other, *LINE)

    assert [one.person_id for one in (*found.recipients, *found.later)] == ["tara", "neil", "chloe", "priya", "dana"]


def test_the_raiser_is_not_told_of_their_own() -> None:
    found = route(3, *LINE, raiser="tara")

    assert [one.person_id for one in (*found.recipients, *found.later)][:2] == ["neil", "chloe"]
    assert found.gaps == ()


def test_who_holds_two_tiers_is_told_once_at_the_lower() -> None:
    both = person("both", Role.SM, Role.HOS)

    found = route(3, LINE[0], both)

    assert (*found.recipients, *found.later) == (Recipient("tara", "TM"), Recipient("both", "SM"))


def test_everyone_of_a_tier_is_told() -> None:
    assert [one.person_id for one in route(3, LINE[0], person("tess", Role.TM)).recipients] == ["tara", "tess"]


def test_where_the_level_s_tiers_hold_nobody_the_line_is_followed_up() -> None:
    found = route(3, LINE[3], LINE[4], team="Unknown team")

    assert found.recipients == (Recipient("priya", "AD"),)
    assert found.gaps == (Gap("TM"), Gap("SM"), Gap("HOS"))


def test_nobody_at_all_leaves_every_tier_a_gap() -> None:
    tiers = ("TM", "SM", "HOS", "AD", "DIR")

    assert route(1) == ntk_routing.Routing(recipients=(), gaps=tuple(Gap(tier) for tier in tiers))
