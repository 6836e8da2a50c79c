"""Agendas and decision sheets as CSV for spreadsheets: one row a slot, a decision or an action, and no formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from casework.domain import london
from casework.paper_views import AgendaPaper, DecisionItem, DecisionPaper
from documents.sheets import HANDLING, checksum
from documents.words import plain

# what Excel, LibreOffice or Google Sheets take for the start of a formula
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
AGENDA = (
    "Panel",
    "Day",
    "Version",
    "Checksum",
    "Item",
    "Starts",
    "Minutes",
    "Reference",
    "Children",
    "Asking for",
    "Presenter",
    "Papers",
    "Flags",
    "Handling",
)
DECISIONS = (
    "Panel",
    "Day",
    "Standing",
    "Checksum",
    "Kind",
    "Item",
    "Reference",
    "Asking for",
    "Presenter",
    "Child",
    "Outcome code",
    "Outcome",
    "In principle",
    "Rationale",
    "Conditions",
    "Dissent",
    "Cost",
    "Until",
    "Review on",
    "What",
    "Owner",
    "Due",
    "Done",
    "Handling",
)
NO_SLOT = "No slot"


def agenda(view: AgendaPaper) -> bytes:
    """One row a slot, then one for each reference that has none."""
    head = {
        "Panel": view.panel_name,
        "Day": day_of(view.starts_at),
        "Version": str(view.version),
        "Checksum": checksum(view.digest),
        "Handling": HANDLING,
    }
    slots = [
        {
            "Item": str(line.number),
            "Starts": f"{london.local(line.starts_at):%H:%M}",
            "Minutes": str(line.minutes),
            "Reference": line.reference,
            "Children": "; ".join(line.children),
            "Asking for": line.request_type,
            "Presenter": line.presenter,
            "Papers": line.readiness,
            "Flags": "; ".join(line.flags),
        }
        for line in view.lines
    ]
    waiting = [{"Reference": reference, "Flags": NO_SLOT} for reference in view.overflow]
    return written(AGENDA, [head | row for row in slots + waiting])


def decisions(view: DecisionPaper) -> bytes:
    """One row a child's decision and one an action; items without decision and addenda have rows of their own.

    Privileged advice is left out: it belongs in a box that says so, which a row of a spreadsheet can't be.
    """
    head = {
        "Panel": view.panel_name,
        "Day": day_of(view.starts_at),
        "Standing": "Confirmed" if view.confirmed_at else "Draft",
        "Checksum": checksum(view.digest),
        "Handling": HANDLING,
    }
    rows = [row for item in view.items for row in item_rows(item)]
    rows += [{"Kind": "Addendum", "What": words} for words in view.addenda]
    return written(DECISIONS, [head | row for row in rows])


def item_rows(item: DecisionItem) -> Iterator[dict[str, str]]:
    """What came of one item, each row whole in itself so that it can be sorted and filtered."""
    head = {
        "Item": str(item.number),
        "Reference": item.reference,
        "Asking for": item.request_type,
        "Presenter": item.presenter,
    }
    for said in item.decisions:
        yield head | {
            "Kind": "Decision",
            "Child": said.child,
            "Outcome code": said.outcome_code,
            "Outcome": said.outcome,
            "In principle": "Yes" if said.is_in_principle else "No",
            "Rationale": said.rationale,
            "Conditions": said.conditions,
            "Dissent": said.dissent,
            "Cost": said.cost,
            "Until": day_text(said.until_on),
            "Review on": day_text(said.review_on),
        }
    if item.not_decided.strip() or not item.decisions:
        yield head | {"Kind": "Not decided", "What": item.not_decided}
    for action in item.actions:
        yield head | {
            "Kind": "Action",
            "What": action.what,
            "Owner": action.owner,
            "Due": day_text(action.due_on),
            "Done": day_text(action.done_on),
        }


def written(columns: tuple[str, ...], rows: Iterable[dict[str, str]]) -> bytes:
    """The rows under their columns, every cell quoted; the mark in front tells Excel that this is UTF-8."""
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, columns, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return made.getvalue().encode("utf-8-sig")


def cell(words: str) -> str:
    """The words as a spreadsheet shows and never computes them: an apostrophe stands before what could be a formula."""
    clean = plain(words)
    return f"'{clean}" if words.startswith(tuple(FORMULA_STARTS)) or starts_formula(clean) else clean


def starts_formula(words: str) -> bool:
    """Does the first character that can be seen, or a line's end before it, begin a formula?"""
    for character in words:
        if character in FORMULA_STARTS:
            return True
        if unicodedata.category(character) != "Zs":
            return False
    return False


def day_of(instant: datetime) -> str:
    """The day in London as spreadsheets sort it."""
    return london.local_date(instant).isoformat()


def day_text(day: date | None) -> str:
    """The day as spreadsheets sort it, or nothing."""
    return day.isoformat() if day else ""
