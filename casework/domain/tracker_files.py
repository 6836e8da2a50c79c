"""The CSV file by which the families open at go-live come onto the trackers: one row a child, all of it or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from casework.domain import cases, directory_files
from casework.domain.directory_files import UUID, BadFile, BadRow
from casework.domain.trackers import Stage

DATES = ("opened_on", "letter_on", "meeting_on", "hearing_on", "review_on", "unborn_due_on")
FAMILY_COLUMNS = (
    "stage",
    "family",
    "case_id",
    "initials",
    "lead",
    *DATES,
    "extended_weeks",
    "permanence_plan",
)
# columns a file may leave out
OPTIONAL_COLUMNS = ("worker",)
# what is one family's, not one child's: the lead's row has it
SHARED = (*DATES, "extended_weeks", "permanence_plan", "worker")
YES_NO = {"yes": True, "no": False}
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
UK_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
WEEKS = re.compile(r"[0-9]{1,2}")
# a date further from today than this is a slip of the year
MAX_YEARS = 3
# Children Act 1989 s32(8): an extension is at most 8 weeks; the column is a sum, of four at the very most
MAX_EXTENDED_WEEKS = 8 * 4

Value = date | int | bool | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRow:
    """A family as the file has it.

    `line` is the lead's line; `children` are (case id, initials), the lead first; `worker` is an Entra object id or
    empty; `extended_weeks` is the sum of the extensions agreed.
    """

    line: int
    stage: Stage
    children: tuple[tuple[str, str], ...]
    opened_on: date
    letter_on: date | None = None
    meeting_on: date | None = None
    hearing_on: date | None = None
    review_on: date | None = None
    unborn_due_on: date | None = None
    extended_weeks: int = 0
    has_permanence_plan: bool = False
    worker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Child:
    """One row: what is the child's own, and what its row says of the family.

    `said` has None for an empty cell, and lacks the columns that couldn't be read.
    """

    line: int
    stage: Stage
    label: str
    case_id: str
    initials: str
    is_lead: bool
    said: dict[str, Value]


def read_families(text: str, *, case_id_pattern: str, today: date) -> tuple[FamilyRow, ...]:
    """Read the open families of pre-proceedings and care proceedings, in the order in which the file names them.

    Rows of one stage with one `family` label are one family; its dates stand in the row of its lead. Dates are ISO or
    dd/mm/yyyy. `case_id_pattern` is the council's own, from the rulebook. Raises BadFile with every fault of the file:
    nothing of it is taken then.
    """
    bad: list[BadRow] = []
    families: dict[tuple[Stage, str], list[_Child]] = {}
    lines: dict[tuple[Stage, str], int] = {}
    unsure: set[str] = set()
    count = 0
    for line, row in directory_files.rows(text, FAMILY_COLUMNS, bad, optional=OPTIONAL_COLUMNS):
        count += 1
        reasons, child = _child(line, row, case_id_pattern, today)
        if child is None:
            unsure.add(_label(row))
        else:
            key = (child.stage, child.case_id)
            if child.case_id and key in lines:
                reasons.append(f"this child stands in line {lines[key]} already, in the same stage")
            lines.setdefault(key, line)
            families.setdefault((child.stage, child.label), []).append(child)
        bad.extend(BadRow(line, reason) for reason in reasons)
    if not count and not bad:
        bad.append(BadRow(1, "there are no families under the heading"))
    for children in families.values():
        # a row whose stage or lead can't be read is named already, and might be the lead that seems to be missing
        bad.extend(_family_faults(children, today, is_whole=children[0].label not in unsure))
    if bad:
        raise BadFile(sorted(bad, key=lambda row: row.line))
    return tuple(_family(children) for children in families.values())


def _child(line: int, row: dict[str, str], case_id_pattern: str, today: date) -> tuple[list[str], _Child | None]:
    """What is wrong with one row by itself, and the row; None where its stage, family or lead can't be told."""
    reasons: list[str] = []
    stage = next((one for one in Stage if one == row["stage"].upper()), None)
    if stage is None:
        reasons.append(f"stage must be one of {', '.join(Stage)}")
    label = _label(row)
    if not label:
        reasons.append("family is empty: give all rows of one family the same label")
    is_lead = YES_NO.get(row["lead"].lower())
    if is_lead is None:
        reasons.append("lead must be yes or no")
    case_id, initials = cases.tidy_case_id(row["case_id"]), cases.tidy_initials(row["initials"])
    reasons += directory_files.child_reasons(case_id, initials, case_id_pattern=case_id_pattern)
    said: dict[str, Value] = {}
    for column in SHARED:
        text = row.get(column, "")
        try:
            said[column] = _value(column, text, today) if text else None
        except ValueError as fault:
            reasons.append(f"{column} {fault}")
    if stage is None or not label or is_lead is None:
        return reasons, None
    return reasons, _Child(
        line=line,
        stage=stage,
        label=label,
        case_id=case_id,
        initials=initials,
        is_lead=is_lead,
        said=said,
    )


def _label(row: dict[str, str]) -> str:
    return " ".join(row["family"].split()).casefold()


def _value(column: str, text: str, today: date) -> Value:
    """What a filled cell says; raises ValueError with what it must say instead."""
    if column == "extended_weeks":
        if not WEEKS.fullmatch(text):
            raise ValueError("must be a number of whole weeks, 0 to 99, or empty")
        return int(text)
    if column == "permanence_plan":
        if text.lower() not in YES_NO:
            raise ValueError("must be yes, no or empty")
        return YES_NO[text.lower()]
    if column == "worker":
        if not UUID.fullmatch(text):
            raise ValueError("must be an Entra object id or empty")
        return text.lower()
    return _day(text, today)


def _day(text: str, today: date) -> date:
    if found := ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := UK_DATE.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    else:
        raise ValueError("must be a date like 2026-04-13 or 13/04/2026")
    try:
        read = date(year, month, day)
    except ValueError:
        raise ValueError("is a day that does not exist") from None
    if not _years_from(today, -MAX_YEARS) <= read <= _years_from(today, MAX_YEARS):
        raise ValueError(f"is more than {MAX_YEARS} years from today: check the year")
    return read


def _years_from(day: date, years: int) -> date:
    """The same day so many years away; 29 February is taken as the 28th where that year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return (day - timedelta(days=1)).replace(year=day.year + years)


def _family_faults(children: Sequence[_Child], today: date, *, is_whole: bool) -> list[BadRow]:
    """What is wrong with the rows of one family taken together."""
    leads = [child for child in children if child.is_lead]
    if not leads:
        reason = "no row of this family says yes under lead: mark exactly one"
        return [BadRow(children[0].line, reason)] if is_whole else []
    lead = leads[0]
    bad = [
        BadRow(other.line, f"line {lead.line} is the lead of this family already: mark exactly one")
        for other in leads[1:]
    ]
    bad.extend(BadRow(lead.line, reason) for reason in _lead_faults(lead, today))
    for child in children:
        if child is not lead:
            bad.extend(BadRow(child.line, reason) for reason in _differences(child, lead))
    return bad


def _lead_faults(lead: _Child, today: date) -> Iterator[str]:
    """What a family's dates and weeks can't be; a cell that couldn't be read is named already and left out here."""
    opened, letter, meeting, hearing = (_date(lead, column) for column in DATES[:4])
    if "opened_on" in lead.said and opened is None:
        yield "opened_on is needed in the row of the lead"
    if opened and opened > today:
        yield "opened_on is in the future"
    if letter and letter > today:
        # it would hide that no letter was sent
        yield "letter_on is in the future: leave it empty until the letter is sent"
    if letter and meeting and meeting < letter:
        yield "meeting_on is before letter_on"
    if lead.stage is Stage.PLO:
        # in care proceedings both came before the issue, and may stand in the file as history
        if opened and letter and letter < opened:
            yield "letter_on is before opened_on"
        if opened and meeting and not letter and meeting < opened:
            yield "meeting_on is before opened_on"
        if hearing:
            # nobody would be told of it
            yield "hearing_on is for CARE only: leave it empty, or check the stage"
    else:
        if opened and hearing and hearing < opened:
            yield "hearing_on is before opened_on"
        if _number(lead) > MAX_EXTENDED_WEEKS:
            yield f"extended_weeks is over {MAX_EXTENDED_WEEKS}: give only the weeks added to the 26"


def _differences(child: _Child, lead: _Child) -> Iterator[str]:
    for column in SHARED:
        there = child.said.get(column)
        if there is not None and column in lead.said and there != lead.said[column]:
            yield f"{column} differs from line {lead.line}, the lead of this family: mend one, or leave this one empty"


def _family(children: Sequence[_Child]) -> FamilyRow:
    """A family without faults, its lead first."""
    lead = next(child for child in children if child.is_lead)
    opened_on = _date(lead, "opened_on")
    assert opened_on is not None
    worker = lead.said["worker"]
    return FamilyRow(
        line=lead.line,
        stage=lead.stage,
        children=tuple((one.case_id, one.initials) for one in (lead, *(one for one in children if one is not lead))),
        opened_on=opened_on,
        letter_on=_date(lead, "letter_on"),
        meeting_on=_date(lead, "meeting_on"),
        hearing_on=_date(lead, "hearing_on"),
        review_on=_date(lead, "review_on"),
        unborn_due_on=_date(lead, "unborn_due_on"),
        extended_weeks=_number(lead),
        has_permanence_plan=lead.said["permanence_plan"] is True,
        worker=worker if isinstance(worker, str) else "",
    )


def _date(child: _Child, column: str) -> date | None:
    value = child.said.get(column)
    return value if isinstance(value, date) else None


def _number(child: _Child) -> int:
    value = child.said.get("extended_weeks")
    return value if isinstance(value, int) else 0
