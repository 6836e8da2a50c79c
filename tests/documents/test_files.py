"""What a paper can be had as, and what its file is called."""

from __future__ import annotations

from datetime import date

import pytest

from documents import files
from tests.documents import papers

BEGINS = {"csv": b"\xef\xbb\xbf", "docx": b"PK", "pdf": b"%PDF-1.7"}


def test_formats_are_sorted_and_named_by_their_ending() -> None:
    assert list(files.FORMATS) == ["csv", "docx", "pdf"]
    assert [one.ending for one in files.FORMATS.values()] == ["csv", "docx", "pdf"]
    assert [one.media_type for one in files.FORMATS.values()] == [
        "text/csv; charset=utf-8",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/pdf",
    ]


@pytest.mark.parametrize("name", sorted(BEGINS))
def test_each_format_makes_both_papers(name: str) -> None:
    made = files.FORMATS[name]

    assert made.agenda(papers.agenda()).startswith(BEGINS[name])
    assert made.decisions(papers.decisions()).startswith(BEGINS[name])


def test_file_name_says_what_which_panel_and_when() -> None:
    assert files.file_name("LGP", date(2026, 12, 2), "agenda", "pdf") == "agenda-LGP-2026-12-02.pdf"
    assert files.file_name("LGP", date(2026, 12, 2), "decisions", "docx") == "decisions-LGP-2026-12-02.docx"


def test_file_name_is_safe_whatever_a_panel_is_called() -> None:
    assert files.file_name('../A"B\r\n C', date(2026, 12, 2), "agenda", "csv") == "agenda-ABC-2026-12-02.csv"
