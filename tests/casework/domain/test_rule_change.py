"""A rulebook changed to try something out: what each change makes of it, and which can't be."""

from __future__ import annotations

from datetime import date, time

import pytest

from casework.domain import rule_change
from casework.domain.panel_rulebook import MoveTo
from casework.domain.rule_change import CannotChange, Number
from casework.domain.sitting_calendar import occurrences
from casework.rulebook import faults
from tests.factories import rulebook

BOOK = rulebook()


def refused(panel: str, number: Number) -> str:
    with pytest.raises(CannotChange) as why:
        rule_change.with_slots(BOOK, panel, number)
    return str(why.value)


def test_a_sitting_left_out_is_skipped_and_no_other() -> None:
    changed = rule_change.without_sitting(BOOK, "ARP", date(2026, 11, 9))

    first, last = date(2026, 11, 1), date(2026, 11, 30)
    before, after = occurrences(BOOK, first, last), occurrences(changed, first, last)

    [(old, new)] = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert (old.panel, old.on, old.status) == ("ARP", date(2026, 11, 9), "planned")
    assert (new.on, new.status, new.reason) == (
        date(2026, 11, 9),
        "skipped",
        "No sitting: the rulebook leaves this date out",
    )
    assert list(faults.of(changed)) == []


@pytest.mark.parametrize("day", [date(2026, 4, 6), date(2026, 4, 7)])
def test_a_moved_sitting_is_named_by_either_of_its_days(day: date) -> None:
    changed = rule_change.without_sitting(BOOK, "ARP", day)

    assert changed.panel("ARP").not_on == (date(2026, 4, 6),)


def test_a_day_without_a_sitting_is_refused_with_the_nearest() -> None:
    with pytest.raises(CannotChange) as why:
        rule_change.without_sitting(BOOK, "ARP", date(2026, 11, 10))

    assert str(why.value) == ("ARP does not sit on Tuesday 10 November 2026. Nearest are 2026-11-09 and 2026-11-16.")


def test_a_sitting_is_left_out_once() -> None:
    changed = rule_change.without_sitting(BOOK, "ARP", date(2026, 11, 9))

    with pytest.raises(CannotChange, match="does not sit on Monday 9 November"):
        rule_change.without_sitting(changed, "ARP", date(2026, 11, 9))


def test_more_slots_make_the_sitting_longer_on_closed_days_too() -> None:
    panel = rule_change.with_slots(BOOK, "ARP", Number(2, is_step=True)).panel("ARP")

    assert (panel.slots, panel.start, panel.end) == (12, time(14), time(17))
    assert isinstance(panel.on_holiday, MoveTo)
    assert (panel.on_holiday.start, panel.on_holiday.end) == (time(9, 30), time(12, 30))


def test_fewer_slots_leave_its_length() -> None:
    panel = rule_change.with_slots(BOOK, "PLO", Number(10)).panel("PLO")

    assert (panel.slots, panel.end) == (10, time(16))


def test_slots_of_an_incorporated_panel_are_its_share() -> None:
    assert rule_change.with_slots(BOOK, "HP", Number(-1, is_step=True)).panel("HP").share == 3


def test_what_cannot_be_is_refused_in_words() -> None:
    assert refused("XYZ", Number(1)) == ("there is no panel XYZ. The panels are ARP, HP, PLO, CARE, LGP, PERM, BCBV.")
    assert refused("PLO", Number(0)) == ("PLO would have 0 slots: ask for one at least, or leave its sittings out.")
    assert refused("ARP", Number(5)) == "ARP would have 5 slots, and 5 are held already: ask for 6."
    assert refused("LGP", Number(40)) == "LGP would sit past midnight with 40 slots of 30 minutes."
    assert refused("HP", Number(9)) == (
        "HP would have 9 of the slots of ARP, and can have from 0 to 8:"
        " ARP has 10, of which one at least stays its own."
    )


def test_the_cut_off_moves_by_working_days() -> None:
    changed = rule_change.with_cut_off(BOOK, "ARP", Number(1, is_step=True))

    [before] = occurrences(BOOK, date(2026, 4, 13), date(2026, 4, 13))
    [after] = occurrences(changed, date(2026, 4, 13), date(2026, 4, 13))
    assert before.papers_due_at.isoformat() == "2026-04-08T12:00:00+01:00"
    assert after.papers_due_at.isoformat() == "2026-04-07T12:00:00+01:00"


def test_a_cut_off_that_cannot_be_is_refused() -> None:
    with pytest.raises(CannotChange, match=r"^ARP can't have that: papers\.days_before: .*less than or equal to 30\.$"):
        rule_change.with_cut_off(BOOK, "ARP", Number(31))
    with pytest.raises(CannotChange, match=r"^HP goes by the cut-off of ARP"):
        rule_change.with_cut_off(BOOK, "HP", Number(1, is_step=True))


def test_the_words_name_what_differs() -> None:
    changed = rule_change.with_slots(BOOK, "ARP", Number(12))
    changed = rule_change.with_cut_off(changed, "LGP", Number(1))
    changed = rule_change.without_sitting(changed, "PERM", date(2026, 11, 12))

    assert rule_change.words(BOOK, changed) == (
        "ARP: 12 slots instead of 10",
        "ARP: sits 14:00 to 17:00 instead of 14:00 to 16:30",
        "LGP: papers 1 working day before at 12:00 instead of 3 working days before at 12:00",
        "PERM: no sitting on Thursday 12 November 2026",
    )
    assert rule_change.words(BOOK, BOOK) == ()


def test_a_date_left_out_that_is_none_of_the_schedule_is_a_fault() -> None:
    panels = tuple(
        one.model_copy(update={"not_on": (date(2026, 11, 10),)}) if one.code == "ARP" else one for one in BOOK.panels
    )

    found = list(faults.of(BOOK.model_copy(update={"panels": panels})))

    assert found == [("panels.ARP.not_on", "2026-11-10 is no date of its schedule")]
