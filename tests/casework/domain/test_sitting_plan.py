"""What a change of a sitting does: slots, the cut-off, who keeps a slot and who goes where, what clashes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain import sitting_plan
from casework.domain.booking import Lane, Sitting
from casework.domain.errors import Code, FieldErrors
from casework.domain.sitting_plan import Wanted
from tests.factories import rulebook

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LGP = rulebook().panel("LGP")


def sitting(number: int, *, free: int = 1, starts_at: datetime = NOW, minutes: int = 150) -> Sitting:
    return Sitting(
        id=f"s{number}",
        panel="LGP",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        papers_due_at=starts_at,
        status="planned",
        capacity=free,
        booked=0,
        incorporates=(),
        agenda_sent_at=None,
        version=1,
        original_on=date(2026, 12, 1),
    )


def refused(wanted: Wanted) -> dict[str, Code]:
    with pytest.raises(FieldErrors) as found:
        sitting_plan.check(wanted, panel=LGP, book=rulebook(), now=NOW)
    return found.value.errors


@pytest.mark.parametrize(
    ("starts_at", "minutes", "errors"),
    [
        (NOW, 150, {"when_date": Code.IN_THE_PAST}),
        (datetime(2026, 12, 12, 9, 30, tzinfo=UTC), 150, {"when_date": Code.DAY_CLOSED}),
        (datetime(2026, 12, 25, 9, 30, tzinfo=UTC), 150, {"when_date": Code.DAY_CLOSED}),
        (datetime(2026, 12, 29, 9, 30, tzinfo=UTC), 150, {"when_date": Code.DAY_CLOSED}),
        (datetime(2026, 12, 2, 9, 30, tzinfo=UTC), 20, {"minutes": Code.CHOICE_UNKNOWN}),
        (datetime(2026, 12, 2, 9, 30, tzinfo=UTC), 481, {"minutes": Code.CHOICE_UNKNOWN}),
        (datetime(2026, 11, 30, 9, 30, tzinfo=UTC), 0, {"when_date": Code.IN_THE_PAST, "minutes": Code.CHOICE_UNKNOWN}),
    ],
)
def test_a_time_that_cannot_be_is_named(starts_at: datetime, minutes: int, errors: dict[str, Code]) -> None:
    assert refused(Wanted(starts_at=starts_at, minutes=minutes)) == errors


def test_an_ordinary_wednesday_can_be() -> None:
    wanted = Wanted(starts_at=datetime(2026, 12, 2, 9, 30, tzinfo=UTC), minutes=150)

    sitting_plan.check(wanted, panel=LGP, book=rulebook(), now=NOW)


@pytest.mark.parametrize(
    ("minutes", "lanes"), [(150, (5, 4, 1)), (60, (2, 1, 1)), (30, (1, 1, 0)), (240, (8, 7, 1)), (45, (1, 1, 0))]
)
def test_slots_follow_the_length_and_one_stays_open(minutes: int, lanes: tuple[int, int, int]) -> None:
    found = sitting_plan.lanes(rulebook(), LGP, sitting_plan.slots_in(LGP, minutes))

    assert (found.slots, found.capacity, found.urgent) == lanes


def test_a_guest_panel_has_its_share_and_gives_way_before_what_is_held() -> None:
    arp = rulebook().panel("ARP")
    found = [sitting_plan.lanes(rulebook(), arp, slots, ["HP"]) for slots in (10, 4, 2)]

    assert [(one.capacity, one.urgent, one.share) for one in found] == [(5, 1, 4), (1, 1, 2), (1, 1, 0)]


def test_no_lane_gets_fewer_slots_than_are_taken() -> None:
    there = replace(sitting(1, free=0), booked=7, urgent_booked=1, share_booked=2)

    found = sitting_plan.lanes(rulebook(), rulebook().panel("ARP"), 10, ["HP"], there=there)

    assert (found.capacity, found.urgent, found.share) == (7, 1, 2)


def papers(starts_at: datetime, *, before: datetime | None) -> datetime:
    return sitting_plan.papers_due(rulebook(), LGP, starts_at, now=NOW, before=before)


def test_the_cut_off_is_the_rule_s_where_that_lies_ahead() -> None:
    before = datetime(2026, 12, 1, 12, tzinfo=UTC)

    assert papers(datetime(2026, 12, 16, 9, 30, tzinfo=UTC), before=before) == datetime(2026, 12, 11, 12, tzinfo=UTC)


def test_a_cut_off_that_has_passed_gives_way_to_the_one_people_were_told() -> None:
    before = datetime(2026, 12, 2, 12, tzinfo=UTC)

    assert papers(datetime(2026, 12, 3, 9, 30, tzinfo=UTC), before=before) == before


@pytest.mark.parametrize("before", [None, NOW, datetime(2026, 12, 4, tzinfo=UTC)])
def test_with_no_such_cut_off_it_has_passed_and_only_the_chair_helps(before: datetime | None) -> None:
    assert papers(datetime(2026, 12, 3, 9, 30, tzinfo=UTC), before=before) == datetime(2026, 11, 30, 12, tzinfo=UTC)


def anywhere(one: Sitting, item: object) -> Lane | None:
    """Every sitting hears every item."""
    return one.lane_free(one.panel)


def no_longer(item: object) -> int:
    """Every item takes an ordinary slot's time."""
    return 0


def test_the_first_in_line_get_the_soonest_places() -> None:
    there = [sitting(1, free=1), sitting(2, free=2)]

    shared = sitting_plan.share_out(
        "abcd", there, lane=lambda one, item: one.lane_free(one.panel), minutes=lambda item: 0
    )

    assert [(item, one.id if one else None) for item, one in shared] == [
        ("a", "s1"),
        ("b", "s2"),
        ("c", "s2"),
        ("d", None),
    ]


def test_a_place_that_does_not_hear_an_item_is_left_for_the_next() -> None:
    shared = sitting_plan.share_out(
        "ab", [sitting(1)], lane=lambda one, item: "open" if item == "b" else None, minutes=lambda item: 0
    )

    assert [(item, one.id if one else None) for item, one in shared] == [("a", None), ("b", "s1")]


@given(free=st.lists(st.integers(0, 4), max_size=6), count=st.integers(0, 12))
def test_nobody_is_given_a_place_that_is_taken_and_none_is_left_while_somebody_waits(
    free: list[int], count: int
) -> None:
    there = [sitting(number, free=places) for number, places in enumerate(free)]

    shared = sitting_plan.share_out(
        range(count), there, lane=lambda one, item: one.lane_free(one.panel), minutes=lambda item: 0
    )
    given_to = [one.id for _, one in shared if one is not None]

    assert all(given_to.count(one.id) <= one.free for one in there)
    assert len(given_to) == min(count, sum(free))


def test_sittings_clash_where_they_overlap_and_not_where_they_touch() -> None:
    at = datetime(2026, 12, 2, 9, 30, tzinfo=UTC)
    before, over, after = (
        sitting(number, starts_at=start, minutes=60)
        for number, start in enumerate((at - timedelta(hours=1), at + timedelta(minutes=30), at + timedelta(hours=1)))
    )

    assert sitting_plan.clashes(at, 60, (before, over, after)) == (over,)
