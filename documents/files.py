"""FORMATS: what a paper can be had as, and what the file is called."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from casework.paper_views import AgendaPaper, DecisionPaper
from documents import csv_files, pdf, word

What = Literal["agenda", "decisions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of file: its ending, what HTTP calls it, and the two functions that make it."""

    ending: str
    media_type: str
    agenda: Callable[[AgendaPaper], bytes]
    decisions: Callable[[DecisionPaper], bytes]


FORMATS: dict[str, Format] = {
    "csv": Format(
        ending="csv",
        media_type="text/csv; charset=utf-8",
        agenda=csv_files.agenda,
        decisions=csv_files.decisions,
    ),
    "docx": Format(
        ending="docx",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        agenda=word.agenda,
        decisions=word.decisions,
    ),
    "pdf": Format(ending="pdf", media_type="application/pdf", agenda=pdf.agenda, decisions=pdf.decisions),
}


def file_name(panel_code: str, on: date, what: What, format: str) -> str:
    """A name such as "agenda-LGP-2026-12-02.pdf", from the sitting alone: nothing of a case may stand in it."""
    panel = re.sub(r"[^A-Za-z0-9]", "", panel_code)
    return f"{what}-{panel}-{on.isoformat()}.{FORMATS[format].ending}"
