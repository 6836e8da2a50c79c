"""The CSV files by which people and cases come in: columns, and every bad row named by line and reason."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from casework.domain import cases
from casework.domain.people import NEEDS_PANEL, NEEDS_SERVICE, NEEDS_TEAM, Grant, Role

PEOPLE_COLUMNS = (
    "entra_object_id",
    "name",
    "work_phone",
    "role",
    "team",
    "service",
    "panel",
    "starts_on",
    "ends_on",
)
# columns a file may leave out
OPTIONAL_COLUMNS = ("work_email",)
CASES_COLUMNS = ("case_id", "initials", "team", "service", "allocated_to")
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MAX_TEXT = 120
EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[A-Za-z0-9.-]{3,80}")


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that can't be taken: its line in the file (the heading is line 1) and why."""

    line: int
    reason: str


class BadFile(Exception):
    """Nothing of the file was taken; `rows` holds every bad row."""

    def __init__(self, rows: Sequence[BadRow]) -> None:
        super().__init__(f"{len(rows)} bad rows")
        self.rows = tuple(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person as the file has them: one or more lines, one role each."""

    entra_object_id: str
    name: str
    work_phone: str
    grants: tuple[Grant, ...]
    work_email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as the file has it; `allocated_to` is an Entra object id or empty."""

    line: int
    case_id: str
    initials: str
    team: str
    service: str
    allocated_to: str


def read_people(text: str, *, panels: Sequence[str]) -> tuple[PersonRow, ...]:
    """Read the people file: one line for each role somebody holds.

    `panels` are the codes a chair may be named for. Raises BadFile with every fault of the file.
    """
    bad: list[BadRow] = []
    named: dict[str, tuple[str, str, int]] = {}
    held: dict[str, list[Grant]] = {}
    emails: dict[str, str] = {}
    for line, row in rows(text, PEOPLE_COLUMNS, bad, optional=OPTIONAL_COLUMNS):
        entra_object_id = row["entra_object_id"].lower()
        reasons, grant = _grant(row, panels)
        if not UUID.fullmatch(entra_object_id):
            reasons.append(
                "entra_object_id must be the person's Entra object id, like 1b4e28ba-2fa1-11d2-883f-0016d3cca427"
            )
        if not row["name"]:
            reasons.append("name is empty")
        email = row.get("work_email", "")
        if email and not EMAIL.fullmatch(email):
            reasons.append("work_email must be an e-mail address or empty")
        earlier = named.get(entra_object_id)
        if earlier and earlier[:2] != (row["name"], row["work_phone"]):
            reasons.append(f"name or work_phone differs from line {earlier[2]} of the same person")
        bad.extend(BadRow(line, reason) for reason in reasons)
        if not reasons and grant is not None:
            named.setdefault(entra_object_id, (row["name"], row["work_phone"], line))
            held.setdefault(entra_object_id, []).append(grant)
            emails[entra_object_id] = email or emails.get(entra_object_id, "")
    if bad:
        raise BadFile(bad)
    return tuple(
        PersonRow(
            entra_object_id=entra_object_id,
            name=name,
            work_phone=work_phone,
            grants=tuple(held[entra_object_id]),
            work_email=emails[entra_object_id],
        )
        for entra_object_id, (name, work_phone, _) in named.items()
    )


def read_cases(text: str, *, case_id_pattern: str) -> tuple[CaseRow, ...]:
    """Read the cases file, one line a case; raises BadFile with every fault of the file."""
    bad: list[BadRow] = []
    found: dict[str, CaseRow] = {}
    lines: dict[str, int] = {}
    for line, row in rows(text, CASES_COLUMNS, bad):
        case_id, initials = cases.tidy_case_id(row["case_id"]), cases.tidy_initials(row["initials"])
        reasons = child_reasons(case_id, initials, case_id_pattern=case_id_pattern)
        if not row["team"] or not row["service"]:
            reasons.append("team and service are needed")
        if row["allocated_to"] and not UUID.fullmatch(row["allocated_to"]):
            reasons.append("allocated_to must be an Entra object id or empty")
        if case_id in lines:
            reasons.append(f"case_id stands in line {lines[case_id]} already")
        bad.extend(BadRow(line, reason) for reason in reasons)
        lines.setdefault(case_id, line)
        found[case_id] = CaseRow(
            line=line,
            case_id=case_id,
            initials=initials,
            team=row["team"],
            service=row["service"],
            allocated_to=row["allocated_to"].lower(),
        )
    if bad:
        raise BadFile(bad)
    return tuple(found.values())


def child_reasons(case_id: str, initials: str, *, case_id_pattern: str) -> list[str]:
    """What is wrong with a tidied case id and tidied initials, in words for whoever mends the file."""
    reasons = []
    if cases.case_id_problem(case_id, case_id_pattern):
        reasons.append("case_id is not in the council's format")
    if cases.initials_problem(initials):
        reasons.append("initials must be 1 to 4 letters")
    return reasons


def rows(
    text: str, columns: Sequence[str], bad: list[BadRow], *, optional: Sequence[str] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line's number and its trimmed cells by column; lines that can't be read are added to `bad` instead."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        heading = [name.strip().lower() for name in next(reader, [])]
        if unknown := [name for name in heading if name not in (*columns, *optional)]:
            bad.append(BadRow(1, f"unknown column: {', '.join(unknown)}"))
        if missing := [name for name in columns if name not in heading]:
            bad.append(BadRow(1, f"missing column: {', '.join(missing)}"))
        if bad:
            return
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                bad.append(BadRow(reader.line_num, f"{len(cells)} cells where the heading has {len(heading)}"))
                continue
            row = {name: cell.strip() for name, cell in zip(heading, cells, strict=True)}
            if too_long := [name for name, cell in row.items() if len(cell) > MAX_TEXT]:
                bad.append(BadRow(reader.line_num, f"longer than {MAX_TEXT} characters: {', '.join(too_long)}"))
                continue
            yield reader.line_num, row
    except csv.Error as fault:
        bad.append(BadRow(reader.line_num, f"not readable as CSV: {fault}"))


def _grant(row: dict[str, str], panels: Sequence[str]) -> tuple[list[str], Grant | None]:
    reasons: list[str] = []
    try:
        role = Role(row["role"].upper())
    except ValueError:
        return [f"role must be one of {', '.join(Role)}"], None
    team, service, panel = row["team"] or None, row["service"] or None, row["panel"].upper() or None
    if role in NEEDS_TEAM and team is None:
        reasons.append(f"role {role} needs a team")
    if role in NEEDS_SERVICE and service is None:
        reasons.append(f"role {role} needs a service")
    if role in NEEDS_PANEL and panel not in panels:
        reasons.append(f"role {role} needs a panel: one of {', '.join(panels)}")
    dates: dict[str, date | None] = {}
    for column in ("starts_on", "ends_on"):
        try:
            dates[column] = date.fromisoformat(row[column]) if row[column] else None
        except ValueError:
            reasons.append(f"{column} must be a date like 2026-04-13")
    if reasons:
        return reasons, None
    return [], Grant(
        role=role, team=team, service=service, panel=panel, starts_on=dates["starts_on"], ends_on=dates["ends_on"]
    )
