"""What a rulebook that leaves a date out does to the sitting that stands there already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from casework.domain import rule_change, rule_effect, simulation, sitting_calendar
from tests.factories import rulebook

DAY = date(2026, 11, 9)


@pytest.mark.parametrize(("booked", "kind"), [(0, "changed"), (1, "kept")])
def test_a_date_left_out_is_skipped_unless_items_are_booked(booked: int, kind: str) -> None:
    changed = rule_change.without_sitting(rulebook(), "ARP", DAY)
    standing = [replace(one, booked=booked) for one in simulation.sittings_of(rulebook(), DAY, DAY)]

    found = rule_effect.effects(changed, standing, sitting_calendar.occurrences(changed, DAY, DAY), by_hand=())

    assert [(one.kind, one.panel, one.on, one.occurrence and one.occurrence.status) for one in found] == [
        (kind, "ARP", DAY, "skipped")
    ]
