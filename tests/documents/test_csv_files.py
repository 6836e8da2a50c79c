"""The CSV files as a spreadsheet reads them."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import csv_files
from documents.words import plain
from tests.documents import papers

STARTS = "=+-@\t\r\n＝＋－＠"
LIKELY = st.text(st.one_of(st.sampled_from(f"{STARTS} \u00a0\u200b\u3000\ufeff'\",;ab"), st.characters(codec=None)))


def read(file: bytes) -> list[dict[str, str]]:
    assert file.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def filled(row: dict[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in row.items() if value and name not in ("Panel", "Day", "Checksum", "Handling")
    }


def test_agenda_has_one_row_a_slot_and_one_for_each_without() -> None:
    rows = read(csv_files.agenda(papers.agenda(lines=60)))

    assert len(rows) == 62
    assert rows[1] == {
        "Panel": "Legal Gateway Panel",
        "Day": "2026-12-02",
        "Version": "2",
        "Checksum": "0123456789ab",
        "Item": "2",
        "Starts": "09:50",
        "Minutes": "20",
        "Reference": "LGP-2026-0002",
        "Children": "AB (ID 100102); CD (ID 200102)",
        "Asking for": "Permission to start care proceedings",
        "Presenter": "Sam Reed",
        "Papers": "Complete",
        "Flags": "Week 14 of 16",
        "Handling": "Official-Sensitive. Initials and case IDs only.",
    }
    assert filled(rows[-1]) == {"Version": "2", "Reference": "LGP-2026-0045", "Flags": "No slot"}


def test_decisions_have_one_row_a_child_an_action_an_undecided_item_and_an_addendum() -> None:
    rows = read(csv_files.decisions(papers.decisions()))

    assert [(row["Kind"], row["Item"], row["Child"], row["What"]) for row in rows] == [
        ("Decision", "1", "AB (ID 100101)", ""),
        ("Decision", "1", "CD (ID 200101)", ""),
        ("Action", "1", "", "Send the letter before proceedings"),
        ("Action", "1", "", "Family group conference"),
        ("Not decided", "2", "", "Deferred: the social worker was called away"),
        ("Addendum", "", "", papers.decisions().addenda[0]),
    ]
    assert filled(rows[0]) == {
        "Standing": "Confirmed",
        "Kind": "Decision",
        "Item": "1",
        "Reference": "LGP-2026-0001",
        "Asking for": "Permission to start care proceedings",
        "Presenter": "Sam Reed",
        "Child": "AB (ID 100101)",
        "Outcome code": "ISSUE",
        "Outcome": "Start care proceedings",
        "In principle": "Yes",
        "Rationale": "The plan has been tried for fourteen weeks.\nThe harm goes on.",
        "Conditions": "Viability assessment of the maternal aunt first",
        "Dissent": "Education would wait four weeks",
        "Cost": "£1,250 a week for 12 weeks",
        "Until": "2027-02-24",
        "Review on": "2027-01-13",
    }
    assert (rows[2]["Due"], rows[2]["Done"], rows[3]["Done"]) == ("2026-12-09", "2026-12-08", "")
    assert {row["Standing"] for row in read(csv_files.decisions(papers.draft()))} == {"Draft"}


def test_privileged_advice_is_not_in_the_rows() -> None:
    view = papers.decisions(items=(papers.item(advice="The threshold is met"),))

    assert "threshold" not in csv_files.decisions(view).decode()


@pytest.mark.parametrize("lead", ["", " ", "  \u00a0", "\u200b", "\u3000", "\ufeff "])
@pytest.mark.parametrize("start", list(STARTS))
def test_what_could_be_a_formula_gets_an_apostrophe(lead: str, start: str) -> None:
    assert csv_files.cell(f"{lead}{start}1+1")[0] == "'" or (lead and start == "\t")


@pytest.mark.parametrize("words", ["AB (ID 100101)", "a=b", "'=1", "£5", "(=1)", "Two\nlines", ""])
def test_other_words_stay_as_they_are(words: str) -> None:
    assert csv_files.cell(words) == words


@given(LIKELY)
def test_no_cell_read_back_begins_a_formula_and_none_loses_words(words: str) -> None:
    (row, *_) = read(csv_files.agenda(papers.agenda(lines=1, panel_name=words)))
    found = row["Panel"]

    seen = "".join(one for one in found if unicodedata.category(one) not in ("Zs", "Cf"))
    assert not seen.startswith(tuple(STARTS))
    assert found in (plain(words), f"'{plain(words)}")


@pytest.mark.parametrize("words", [*papers.HOSTILE, papers.INVISIBLE, papers.LONG])
def test_every_typed_place_is_guarded(words: str) -> None:
    for file, rows in (
        (csv_files.agenda(papers.hostile_agenda(words)), 2),
        (csv_files.decisions(papers.hostile_decisions(words)), 4),
    ):
        found = read(file)

        assert len(found) == rows
        assert [cell for row in found for cell in row.values() if cell.lstrip().startswith(tuple(STARTS))] == []


def test_same_view_gives_the_same_bytes() -> None:
    assert csv_files.decisions(papers.decisions()) == csv_files.decisions(papers.decisions())
    assert csv_files.agenda(papers.agenda()) == csv_files.agenda(papers.agenda())
