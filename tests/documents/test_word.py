"""The Word files as Word reads them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import word
from documents.words import plain
from tests.documents import papers

MAKERS = [
    pytest.param(lambda: word.agenda(papers.agenda()), id="agenda"),
    pytest.param(lambda: word.decisions(papers.draft()), id="draft"),
]
Maker = Callable[[], bytes]


def read(file: bytes) -> Document:
    return docx.Document(io.BytesIO(file))


def styled(document: Document) -> list[tuple[str, str]]:
    return [(one.style.name or "", one.text) for one in document.paragraphs if one.style and one.text]


def headings(document: Document) -> list[tuple[str, str]]:
    return [(style, text) for style, text in styled(document) if style.startswith("Heading")]


def everything(document: Document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([one.text for one in document.paragraphs] + cells)


@pytest.mark.parametrize("make", MAKERS)
def test_same_view_gives_the_same_bytes(make: Maker) -> None:
    assert make() == make()


@pytest.mark.parametrize("make", MAKERS)
def test_language_is_british_english_throughout(make: Maker) -> None:
    document = read(make())

    spoken = {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))}
    spoken |= {one.get(qn("w:val")) for one in document.settings.element.iter(qn("w:themeFontLang"))}
    assert spoken == {"en-GB"}


def test_properties_name_the_paper_and_nobody() -> None:
    about = read(word.agenda(papers.agenda())).core_properties

    assert about.title == "Agenda: Legal Gateway Panel, Wednesday 2 December 2026"
    assert about.language == "en-GB"
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert {about.created, about.modified} == {datetime(2026, 11, 27, 15, 0, tzinfo=UTC)}


def test_agenda_has_real_headings_and_a_table_whose_first_row_repeats() -> None:
    document = read(word.agenda(papers.agenda(lines=60)))

    assert headings(document) == [
        ("Heading 1", "Agenda: Legal Gateway Panel"),
        ("Heading 2", "Changed in this version"),
        ("Heading 2", "Items"),
        ("Heading 2", "Without a slot"),
    ]
    (table,) = document.tables
    assert [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [
        True,
        *[False] * 60,
    ]
    assert [cell.text for cell in table.rows[1].cells] == [
        "1",
        "9:30am",
        "20",
        "LGP-2026-0001",
        "AB (ID 100101)\nCD (ID 200101)",
        "Permission to start care proceedings",
        "Sam Reed",
        "Complete",
        "Week 14 of 16",
    ]


def test_agenda_lies_down_and_decisions_stand_on_a4() -> None:
    wide, tall = (read(file).sections[0] for file in (word.agenda(papers.agenda()), word.decisions(papers.decisions())))

    assert [round(side.mm) for side in (wide.page_width, wide.page_height) if side] == [297, 210]
    assert [round(side.mm) for side in (tall.page_width, tall.page_height) if side] == [210, 297]


def test_decisions_say_what_was_decided_and_set_advice_apart() -> None:
    document = read(word.decisions(papers.decisions()))
    texts = [text for _, text in styled(document)]

    assert headings(document) == [
        ("Heading 1", "Decisions: Legal Gateway Panel"),
        ("Heading 2", "Who was there"),
        ("Heading 3", "Apologies"),
        ("Heading 2", "Item 1: LGP-2026-0001"),
        ("Heading 3", "AB (ID 100101)"),
        ("Heading 3", "CD (ID 200101)"),
        ("Heading 3", "Actions from item 1"),
        ("Heading 2", "Item 2: LGP-2026-0002"),
        ("Heading 2", "Addenda"),
    ]
    assert texts[1] == "Confirmed by Dana Head on Thursday 3 December 2026 at 4:05pm."
    assert "Decision: Start care proceedings (ISSUE)" in texts
    assert "In principle: This is a decision in principle." in texts
    assert "Rationale: The plan has been tried for fourteen weeks.\nThe harm goes on." in texts
    bordered = [one.text for one in document.paragraphs if list(one._p.iter(qn("w:pBdr")))]
    assert bordered == ["Legal advice: privileged", "The threshold is met on the papers as they stand."]
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["What", "Owner", "Due", "Done"],
        ["Send the letter before proceedings", "Legal", "Wed 9 December 2026", "Tue 8 December 2026"],
        ["Family group conference", "SW", "Wed 16 December 2026", "Not yet"],
    ]


def test_each_page_says_how_to_handle_it_and_a_draft_that_it_is_one() -> None:
    draft, final = (read(word.decisions(view)).sections[0] for view in (papers.draft(), papers.decisions()))

    head = "Fernshire Council. Decisions: Legal Gateway Panel, Wednesday 2 December 2026"
    assert draft.header.paragraphs[0].text == f"DRAFT: not yet confirmed by the chair\n{head}"
    assert final.header.paragraphs[0].text == head
    foot = final.footer.paragraphs[0]
    assert foot.text == "Official-Sensitive. Initials and case IDs only.\tPage  of "
    assert [one.get(qn("w:instr")) for one in foot._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


@pytest.mark.parametrize("words", [*papers.HOSTILE, papers.INVISIBLE, papers.UNSHOWN, papers.LONG])
def test_people_s_words_are_kept_as_text(words: str) -> None:
    agenda, record = (
        read(word.agenda(papers.hostile_agenda(words))),
        read(word.decisions(papers.hostile_decisions(words))),
    )

    assert everything(agenda).count(plain(words)) == 9
    assert everything(record).count(plain(words)) == 15
    assert len(headings(record)) == 7


@settings(max_examples=20, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_no_words_stop_a_paper(words: str) -> None:
    file = word.agenda(papers.agenda(lines=0, venue=f"In {words}", changes=(words,)))

    assert f"Venue: In {plain(words)}".strip() in everything(read(file))


def test_no_part_of_the_file_carries_a_date_of_packing() -> None:
    with zipfile.ZipFile(io.BytesIO(word.agenda(papers.agenda()))) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
