"""People and case files: every bad row by line and reason, nothing taken of a file with one."""

from __future__ import annotations

from datetime import date

import pytest

from casework.domain import directory_files
from casework.domain.directory_files import BadFile, BadRow
from casework.domain.people import Grant, Role

HEAD = "entra_object_id,name,work_phone,role,team,service,panel,starts_on,ends_on\n"
ID = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"


def people(*lines: str) -> tuple[directory_files.PersonRow, ...]:
    return directory_files.read_people(HEAD + "\n".join(lines), panels=["ARP", "LGP"])


def faults(*lines: str) -> list[tuple[int, str]]:
    with pytest.raises(BadFile) as refused:
        people(*lines)
    return [(row.line, row.reason) for row in refused.value.rows]


def test_one_person_with_two_roles_is_one_person() -> None:
    [found] = people(
        f"{ID.upper()},Sam O'Neill,01632 960101,SW,North,Assessment,,,",
        f"{ID},Sam O'Neill,01632 960101,ch,,,arp,2026-01-01,2026-12-31",
    )

    assert found.entra_object_id == ID
    assert found.grants == (
        Grant(role=Role.SW, team="North", service="Assessment"),
        Grant(role=Role.CH, panel="ARP", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)),
    )


def test_a_byte_order_mark_blank_lines_and_quotes_are_fine() -> None:
    text = "\ufeff" + HEAD + f'\n{ID},"Okafor, Sam",,SW,North,Assessment,,,\n\n'

    [found] = directory_files.read_people(text, panels=[])

    assert found.name == "Okafor, Sam"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("sam,Sam,,SW,North,Assessment,,,", "entra_object_id must be"),
        (f"{ID},,,SW,North,Assessment,,,", "name is empty"),
        (f"{ID},Sam,,BOSS,,,,,", "role must be one of"),
        (f"{ID},Sam,,SW,,Assessment,,,", "role SW needs a team"),
        (f"{ID},Sam,,SM,,,,,", "role SM needs a service"),
        (f"{ID},Sam,,CH,,,NONE,,", "role CH needs a panel: one of ARP, LGP"),
        (f"{ID},Sam,,AD,,,,01/02/2026,", "starts_on must be a date"),
        (f"{ID},Sam,,AD,,,", "7 cells where the heading has 9"),
        (f"{ID},{'x' * 121},,AD,,,,,", "longer than 120 characters: name"),
    ],
)
def test_a_bad_row_is_named_by_line_and_reason(line: str, reason: str) -> None:
    other = ID.replace("1", "2")

    found = faults(f"{other},Sam,,AD,,,,,", line)

    assert [number for number, _ in found] == [3]
    assert found[0][1].startswith(reason)


def test_every_bad_row_is_named() -> None:
    assert [number for number, _ in faults("x,Sam,,AD,,,,,", f"{ID},,,AD,,,,,")] == [2, 3]


def test_two_names_for_one_person_are_refused() -> None:
    assert faults(f"{ID},Sam,,AD,,,,,", f"{ID},Tom,,CO,,,,,") == [
        (3, "name or work_phone differs from line 2 of the same person")
    ]


def test_a_wrong_heading_is_named() -> None:
    with pytest.raises(BadFile) as refused:
        directory_files.read_people("name,rolle\nSam,SW\n", panels=[])

    assert refused.value.rows == (
        BadRow(1, "unknown column: rolle"),
        BadRow(1, "missing column: entra_object_id, work_phone, role, team, service, panel, starts_on, ends_on"),
    )


def test_cases_are_tidied_and_duplicates_refused() -> None:
    head = "case_id,initials,team,service,allocated_to\n"
    pattern = r"\d{4,10}"

    [found] = directory_files.read_cases(f"{head}123 456,a.b,North,Assessment,{ID.upper()}\n", case_id_pattern=pattern)
    with pytest.raises(BadFile) as refused:
        directory_files.read_cases(f"{head}1234,AB,N,A,\n12 34,AB,N,A,\nX,A1,,,me\n", case_id_pattern=pattern)

    assert (found.case_id, found.initials, found.allocated_to) == ("123456", "AB", ID)
    assert [row.line for row in refused.value.rows] == [3, 4, 4, 4, 4]
