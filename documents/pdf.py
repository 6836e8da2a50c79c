"""Agendas and decision sheets as PDF that screen readers can follow (PDF/UA-1), typeset by Typst."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typst

from casework.paper_views import AgendaPaper, DecisionPaper
from documents import agenda_sheet, decision_sheet, words
from documents.sheets import HANDLING, Sheet

TEMPLATES = Path(__file__).with_name("templates")
TEMPLATE = TEMPLATES / "sheet.typ"


def agenda(view: AgendaPaper) -> bytes:
    """The agenda; the same view gives the same bytes."""
    return typeset(agenda_sheet.sheet(view))


def decisions(view: DecisionPaper) -> bytes:
    """The record of a sitting; the same view gives the same bytes."""
    return typeset(decision_sheet.sheet(view))


def typeset(sheet: Sheet) -> bytes:
    """The sheet through the template. Words go in as JSON values: Typst never reads them as its own language."""
    # the machine's fonts would make the bytes depend on the machine
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATES, ignore_system_fonts=True)
    made = compiler.compile(
        format="pdf",
        sys_inputs={"sheet": as_json(sheet)},
        pdf_standards=["ua-1"],
        timestamp=int(sheet.dated_at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def as_json(sheet: Sheet) -> str:
    """The sheet as the template reads it."""
    return json.dumps(
        {
            "title": words.shown(sheet.title),
            "running_head": words.shown(sheet.running_head),
            "mark": words.shown(sheet.mark),
            "handling": HANDLING,
            "is_wide": sheet.is_wide,
            "blocks": [{"kind": type(block).__name__, **shown(asdict(block))} for block in sheet.blocks],
        }
    )


def shown(fields: dict[str, object]) -> dict[str, object]:
    """A block's fields with all words as the fonts can show them."""
    return {name: each_shown(value) for name, value in fields.items()}


def each_shown(value: object) -> object:
    """The value, its words made showable however deep they stand."""
    if isinstance(value, str):
        return words.shown(value)
    if isinstance(value, tuple | list):
        return [each_shown(part) for part in value]
    return value
