"""The file of open families: read whole, or every bad row named and nothing taken."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain import tracker_files
from casework.domain.directory_files import BadFile
from casework.domain.tracker_files import FamilyRow
from casework.domain.trackers import Stage

TODAY = date(2026, 11, 23)
ID = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"
COLUMNS = (*tracker_files.FAMILY_COLUMNS, "worker")
HEAD = ",".join(COLUMNS)
LEAD = {
    "stage": "PLO",
    "family": "1",
    "case_id": "1234",
    "initials": "AB",
    "lead": "yes",
    "opened_on": "2026-10-05",
}
SIBLING = {"stage": "PLO", "family": "1", "case_id": "1235", "initials": "CD", "lead": "no"}


def line(row: dict[str, str], **changed: str) -> str:
    return ",".join({**row, **changed}.get(name, "") for name in COLUMNS)


def read(*lines: str, head: str = HEAD, today: date = TODAY) -> tuple[FamilyRow, ...]:
    return tracker_files.read_families("\n".join((head, *lines)), case_id_pattern=r"\d{4,10}", today=today)


def faults(*lines: str, head: str = HEAD, today: date = TODAY) -> list[tuple[int, str]]:
    with pytest.raises(BadFile) as refused:
        read(*lines, head=head, today=today)
    return [(row.line, row.reason) for row in refused.value.rows]


def test_a_family_of_two_is_one_row_with_its_lead_first() -> None:
    lead = line(
        LEAD,
        letter_on="08/10/2026",
        meeting_on="2026-10-16",
        review_on="1/12/2026",
        unborn_due_on="2027-02-01",
        worker=ID.upper(),
    )

    found = read(line(SIBLING), lead)

    assert found == (
        FamilyRow(
            line=3,
            stage=Stage.PLO,
            children=(("1234", "AB"), ("1235", "CD")),
            opened_on=date(2026, 10, 5),
            letter_on=date(2026, 10, 8),
            meeting_on=date(2026, 10, 16),
            review_on=date(2026, 12, 1),
            unborn_due_on=date(2027, 2, 1),
            worker=ID,
        ),
    )


def test_a_family_in_proceedings_has_its_hearing_extension_and_plan() -> None:
    care = line(
        LEAD, stage="care", hearing_on="2026-12-01", extended_weeks="8", permanence_plan="Yes", letter_on="2026-06-01"
    )

    found = read(care)

    assert found == (
        FamilyRow(
            line=2,
            stage=Stage.CARE,
            children=(("1234", "AB"),),
            opened_on=date(2026, 10, 5),
            letter_on=date(2026, 6, 1),
            hearing_on=date(2026, 12, 1),
            extended_weeks=8,
            has_permanence_plan=True,
        ),
    )


def test_a_child_may_stand_in_both_stages_under_one_label() -> None:
    found = read(line(LEAD), line(LEAD, stage="CARE"))

    assert [(one.stage, one.children) for one in found] == [
        (Stage.PLO, (("1234", "AB"),)),
        (Stage.CARE, (("1234", "AB"),)),
    ]


def test_a_label_is_the_same_in_capitals_and_with_more_spaces() -> None:
    [found] = read(line(LEAD, family="north  one"), line(SIBLING, family="North One"))

    assert found.children == (("1234", "AB"), ("1235", "CD"))


def test_initials_and_case_ids_are_tidied() -> None:
    [found] = read(line(LEAD, case_id="12 34", initials="a.b."))

    assert found.children == (("1234", "AB"),)


def test_a_sibling_may_say_again_what_the_lead_says() -> None:
    found = read(line(LEAD), line(SIBLING, opened_on="05/10/2026"))

    assert [one.opened_on for one in found] == [date(2026, 10, 5)]


def test_a_byte_order_mark_blank_lines_and_a_file_without_worker_are_fine() -> None:
    head = "\ufeff" + ",".join(tracker_files.FAMILY_COLUMNS)

    [found] = read("", line(LEAD).removesuffix(","), "", head=head)

    assert (found.line, found.worker) == (3, "")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"stage": "LGP"}, "stage must be one of PLO, CARE"),
        ({"stage": ""}, "stage must be one of PLO, CARE"),
        ({"family": ""}, "family is empty: give all rows of one family the same label"),
        ({"lead": "maybe"}, "lead must be yes or no"),
        ({"case_id": "12"}, "case_id is not in the council's format"),
        ({"case_id": ""}, "case_id is not in the council's format"),
        ({"initials": "A1"}, "initials must be 1 to 4 letters"),
        ({"worker": "sam"}, "worker must be an Entra object id or empty"),
        ({"permanence_plan": "soon"}, "permanence_plan must be yes, no or empty"),
        ({"extended_weeks": "-1"}, "extended_weeks must be a number of whole weeks, 0 to 99, or empty"),
        ({"extended_weeks": "1.5"}, "extended_weeks must be a number of whole weeks, 0 to 99, or empty"),
        ({"opened_on": "5 Oct 2026"}, "opened_on must be a date like 2026-04-13 or 13/04/2026"),
        ({"opened_on": "20261005"}, "opened_on must be a date like 2026-04-13 or 13/04/2026"),
        ({"opened_on": "05/10/26"}, "opened_on must be a date like 2026-04-13 or 13/04/2026"),
        ({"opened_on": "10/13/2026"}, "opened_on is a day that does not exist"),
        ({"opened_on": "2026-02-29"}, "opened_on is a day that does not exist"),
        ({"opened_on": "0000-01-01"}, "opened_on is a day that does not exist"),
        ({"opened_on": ""}, "opened_on is needed in the row of the lead"),
        ({"opened_on": "2026-11-24"}, "opened_on is in the future"),
        ({"opened_on": "2023-11-22"}, "opened_on is more than 3 years from today: check the year"),
        ({"review_on": "2206-12-01"}, "review_on is more than 3 years from today: check the year"),
        ({"letter_on": "2026-10-04"}, "letter_on is before opened_on"),
        ({"letter_on": "2026-11-24"}, "letter_on is in the future: leave it empty until the letter is sent"),
        ({"meeting_on": "2026-10-04"}, "meeting_on is before opened_on"),
        ({"letter_on": "2026-10-08", "meeting_on": "2026-10-07"}, "meeting_on is before letter_on"),
        ({"hearing_on": "2026-12-01"}, "hearing_on is for CARE only: leave it empty, or check the stage"),
        ({"stage": "CARE", "hearing_on": "2026-10-04"}, "hearing_on is before opened_on"),
        (
            {"stage": "CARE", "extended_weeks": "33"},
            "extended_weeks is over 32: give only the weeks added to the 26",
        ),
    ],
)
def test_a_bad_row_is_named_once_by_line_and_reason(changed: dict[str, str], reason: str) -> None:
    other = line(LEAD, family="2", case_id="9999")

    found = faults(other, line(LEAD, **changed))

    assert found == [(3, reason)]


@pytest.mark.parametrize(
    "changed",
    [
        {"opened_on": "2026-11-23"},
        {"letter_on": "2026-11-23"},
        {"opened_on": "2023-11-23"},
        {"letter_on": "2026-10-05", "meeting_on": "2026-10-05"},
        {"meeting_on": "2027-01-05"},
        {"extended_weeks": "33"},
        {"stage": "CARE", "extended_weeks": "32"},
        {"stage": "CARE", "hearing_on": "2026-10-05"},
    ],
)
def test_a_row_just_within_the_rules_is_taken(changed: dict[str, str]) -> None:
    assert len(read(line(LEAD, **changed))) == 1


def test_on_a_leap_day_three_years_ago_is_the_28th() -> None:
    leap_day = date(2028, 2, 29)

    taken = read(line(LEAD, opened_on="2025-02-28"), today=leap_day)
    refused = faults(line(LEAD, opened_on="2025-02-27"), today=leap_day)

    assert [one.opened_on for one in taken] == [date(2025, 2, 28)]
    assert refused == [(2, "opened_on is more than 3 years from today: check the year")]


def test_a_leap_day_can_be_read_both_ways() -> None:
    found = read(
        line(LEAD, opened_on="29/02/2028"),
        line(LEAD, family="2", case_id="9999", opened_on="2028-02-29"),
        today=date(2028, 3, 1),
    )

    assert [one.opened_on for one in found] == [date(2028, 2, 29), date(2028, 2, 29)]


def test_every_fault_of_a_row_and_of_every_row_is_named_in_the_order_of_the_file() -> None:
    found = faults(
        line(SIBLING, review_on="2026-12-01"),
        line(LEAD, case_id="x", initials="", worker="sam"),
        line(LEAD, family="2", case_id="9999", opened_on="soon"),
    )

    assert found == [
        (2, "review_on differs from line 3, the lead of this family: mend one, or leave this one empty"),
        (3, "case_id is not in the council's format"),
        (3, "initials must be 1 to 4 letters"),
        (3, "worker must be an Entra object id or empty"),
        (4, "opened_on must be a date like 2026-04-13 or 13/04/2026"),
    ]


def test_a_child_twice_in_one_stage_is_refused_across_families() -> None:
    assert faults(line(LEAD), line(LEAD, family="2", case_id="12 34")) == [
        (3, "this child stands in line 2 already, in the same stage")
    ]


def test_a_family_without_a_lead_is_refused() -> None:
    assert faults(line(SIBLING)) == [(2, "no row of this family says yes under lead: mark exactly one")]


def test_a_family_with_two_leads_is_refused() -> None:
    assert faults(line(LEAD), line(SIBLING, lead="yes")) == [
        (3, "line 2 is the lead of this family already: mark exactly one")
    ]


@pytest.mark.parametrize("changed", [{"stage": "PLOO"}, {"lead": "y"}])
def test_a_lead_that_could_not_be_read_is_not_called_missing(changed: dict[str, str]) -> None:
    assert [number for number, _ in faults(line(LEAD, **changed), line(SIBLING))] == [2]


def test_a_date_of_the_lead_that_could_not_be_read_is_not_called_different() -> None:
    assert faults(line(LEAD, opened_on="x"), line(SIBLING, opened_on="2026-10-05")) == [
        (2, "opened_on must be a date like 2026-04-13 or 13/04/2026")
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [("opened_on", "2026-10-06"), ("extended_weeks", "4"), ("permanence_plan", "yes"), ("worker", ID)],
)
def test_what_a_sibling_says_otherwise_is_refused_and_not_lost(column: str, value: str) -> None:
    assert faults(line(LEAD), line(SIBLING, **{column: value})) == [
        (3, f"{column} differs from line 2, the lead of this family: mend one, or leave this one empty")
    ]


def test_a_wrong_heading_is_named() -> None:
    head = HEAD.replace("stage", "phase")

    assert faults(line(LEAD), head=head) == [(1, "unknown column: phase"), (1, "missing column: stage")]


def test_semicolons_are_refused_as_in_the_other_files() -> None:
    head = HEAD.replace(",", ";")

    assert [number for number, _ in faults(line(LEAD).replace(",", ";"), head=head)] == [1, 1]


def test_an_empty_file_misses_every_column() -> None:
    assert faults(head="") == [(1, "missing column: " + ", ".join(tracker_files.FAMILY_COLUMNS))]


def test_a_heading_alone_is_refused() -> None:
    assert faults() == [(1, "there are no families under the heading")]


@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=6), order=st.randoms(use_true_random=False))
def test_no_child_of_a_good_file_is_lost_whatever_the_order_of_its_rows(sizes: list[int], order: Random) -> None:
    rows = [
        line(LEAD if place == 0 else SIBLING, family=str(family), case_id=f"{family}{place:03}")
        for family, size in enumerate(sizes, start=1)
        for place in range(size)
    ]
    order.shuffle(rows)

    found = read(*rows)

    assert sorted(one.children[0][0] for one in found) == [f"{family}000" for family in range(1, len(sizes) + 1)]
    assert {one.children[0][0]: len(one.children) for one in found} == {
        f"{family}000": size for family, size in enumerate(sizes, start=1)
    }


@given(opened=st.dates(TODAY - timedelta(days=1000), TODAY))
def test_a_day_reads_the_same_in_both_ways_of_writing_it(opened: date) -> None:
    both = read(
        line(LEAD, opened_on=opened.isoformat()),
        line(LEAD, family="2", case_id="9999", opened_on=f"{opened:%d/%m/%Y}"),
    )

    assert [one.opened_on for one in both] == [opened, opened]


@given(text=st.text(max_size=200))
def test_no_text_at_all_gets_another_answer_than_a_bad_file(text: str) -> None:
    assert faults(text, head=HEAD)
