"""The PDFs as a reader and a screen reader find them."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from documents import pdf
from documents.words import BREAK_HERE
from tests.documents import papers

MAKERS = [
    pytest.param(lambda: pdf.agenda(papers.agenda()), id="agenda"),
    pytest.param(lambda: pdf.decisions(papers.decisions()), id="decisions"),
    pytest.param(lambda: pdf.decisions(papers.draft()), id="draft"),
]
Maker = Callable[[], bytes]


def pages(file: bytes) -> list[str]:
    """What each page says, each run of white space as one blank."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(file)).pages]


def said(file: bytes) -> str:
    return " ".join(pages(file))


def squeezed(text: str) -> str:
    """Without any white space, for words that were broken over lines."""
    return re.sub(rf"[\s{BREAK_HERE}]", "", text)


def root(file: bytes) -> Any:
    return PdfReader(io.BytesIO(file)).trailer["/Root"]


def tags(node: Any) -> Iterator[str]:
    """The names of all tags, in the order in which they are read aloud."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for part in node:
            yield from tags(part)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node["/S"]
        yield from tags(node.get("/K", []))


def tags_of(file: bytes) -> list[str]:
    return list(tags(root(file)["/StructTreeRoot"]))


@pytest.mark.parametrize("make", MAKERS)
def test_pdf_is_tagged_in_english_and_says_which_standard_it_keeps(make: Maker) -> None:
    found = root(make())

    assert found["/MarkInfo"]["/Marked"].value is True
    assert found["/Lang"] == "en-GB"
    assert found["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert b"<pdfuaid:part>1</pdfuaid:part>" in found["/Metadata"].get_data()


@pytest.mark.parametrize("make", MAKERS)
def test_same_view_gives_the_same_bytes(make: Maker) -> None:
    assert make() == make()


@pytest.mark.parametrize("make", MAKERS)
def test_fonts_are_those_of_the_wheel_and_embedded(make: Maker) -> None:
    reader = PdfReader(io.BytesIO(make()))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]  # pages with text

    assert {re.sub(r"^[A-Z]{6}\+|-Identity-H$", "", font["/BaseFont"][1:]) for font in fonts} == {
        "LibertinusSerif-Regular",
        "LibertinusSerif-Bold",
    }


def test_titles_name_the_panel_and_the_day_and_a_draft_is_called_one() -> None:
    titles = [
        PdfReader(io.BytesIO(file)).metadata.title  # type: ignore[union-attr]  # each has some
        for file in (pdf.agenda(papers.agenda()), pdf.decisions(papers.decisions()), pdf.decisions(papers.draft()))
    ]

    assert titles == [
        "Agenda: Legal Gateway Panel, Wednesday 2 December 2026",
        "Decisions: Legal Gateway Panel, Wednesday 2 December 2026",
        "Draft. Decisions: Legal Gateway Panel, Wednesday 2 December 2026",
    ]


def test_the_only_date_in_the_file_is_the_view_s() -> None:
    about = PdfReader(io.BytesIO(pdf.agenda(papers.agenda()))).metadata

    assert about is not None
    assert (about.creation_date, about.modification_date) == (papers.agenda().released_at,) * 2
    assert about.author is None


def test_agenda_s_table_has_a_heading_for_each_column_and_a_cell_for_each_value() -> None:
    found = Counter(tags_of(pdf.agenda(papers.agenda(lines=3))))

    assert {name: found[name] for name in ("/H1", "/H2", "/Table", "/THead", "/TH", "/TR", "/TD", "/LI")} == {
        "/H1": 1,
        "/H2": 3,
        "/Table": 1,
        "/THead": 1,
        "/TH": 9,
        "/TR": 4,
        "/TD": 27,
        "/LI": 4,
    }


def test_decisions_headings_are_in_order() -> None:
    headings = [tag for tag in tags_of(pdf.decisions(papers.decisions())) if re.fullmatch(r"/H\d", tag)]

    assert headings == ["/H1", "/H2", "/H3", "/H2", "/H3", "/H3", "/H3", "/H2", "/H2"]


def test_agenda_says_what_it_has_to() -> None:
    (page,) = pages(pdf.agenda(papers.agenda(lines=1)))

    assert page == (
        "Fernshire Council. Agenda: Legal Gateway Panel, Wednesday 2 December 2026. Version 2 "
        "Agenda: Legal Gateway Panel "
        "Official-Sensitive. Initials and case IDs only. "
        "Version 2, released Friday 27 November 2026 at 3pm, checksum 0123456789ab. "
        "Council: Fernshire Council When: Wednesday 2 December 2026, 9:30am to midday "
        "Venue: Room 2, Civic Centre Chair: Dana Head "
        "Changed in this version • LGP-2026-0002 moved from 9:30am to 9:50am • LGP-2026-0009 cancelled "
        "Items Item Time Minutes Reference Children Asking for Presenter Papers Flags "
        "1 9:30am 20 LGP-2026-0001 AB (ID 100101) CD (ID 200101) Permission to start care proceedings "
        "Sam Reed Complete Week 14 of 16 "
        "Without a slot These are due for this sitting, but there is no slot for them. "
        "The panel coordinator places them. "
        "• LGP-2026-0044 • LGP-2026-0045 "
        "Official-Sensitive. Initials and case IDs only. Page 1 of 1"
    )


def test_decisions_say_what_they_have_to() -> None:
    found = said(pdf.decisions(papers.decisions()))

    for expected in (
        "Confirmed by Dana Head on Thursday 3 December 2026 at 4:05pm.",
        "Checksum: 0123456789ab",
        "Who was there • Dana Head, chair • Neil Marsh, legal Quorum: Met: 4 of 4 who have to be there",
        "Apologies • Chloe Ward, health • Priya Shah, education",
        "AB (ID 100101) Decision: Start care proceedings (ISSUE) In principle: This is a decision in principle. "
        "Rationale: The plan has been tried for fourteen weeks. The harm goes on. "
        "Conditions: Viability assessment of the maternal aunt first Dissent: Education would wait four weeks "
        "Cost: £1,250 a week for 12 weeks Until: Wed 24 February 2027 Review on: Wed 13 January 2027",
        "CD (ID 200101) Decision: Pre-proceedings (PREPROC) Rationale:",
        "Legal advice: privileged The threshold is met on the papers as they stand.",
        "What Owner Due Done Send the letter before proceedings Legal Wed 9 December 2026 Tue 8 December 2026 "
        "Family group conference SW Wed 16 December 2026 Not yet",
        "Not decided: Deferred: the social worker was called away",
        "Addenda • Thursday 3 December 2026 at 4pm, Dana Head: the aunt's assessment is due a week later",
    ):
        assert expected in found
    assert "DRAFT" not in found


def test_draft_says_so_on_top_of_each_page_and_in_the_text() -> None:
    found = pages(pdf.decisions(papers.draft()))

    assert [page.startswith("DRAFT: not yet confirmed by the chair") for page in found] == [True] * len(found)
    assert len(found) > 1
    assert found[0].count("DRAFT: not yet confirmed by the chair") == 2
    assert "Confirmed by" not in " ".join(found)


def test_nothing_of_advice_is_said_to_who_gets_none() -> None:
    with_advice = said(pdf.decisions(papers.decisions(items=(papers.item(advice="The threshold is met"),))))
    without = said(pdf.decisions(papers.decisions(items=(papers.item(advice=""),))))

    assert "Legal advice: privileged The threshold is met" in with_advice
    assert re.search("privileged|Legal advice|threshold", without) is None


def test_times_are_london_s_in_summer() -> None:
    view = papers.agenda(
        starts_at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC),
        ends_at=datetime(2026, 7, 1, 11, 30, tzinfo=UTC),
    )
    line = papers.line(starts_at=datetime(2026, 7, 1, 8, 30, tzinfo=UTC))

    found = said(pdf.agenda(replace(view, lines=(line,))))

    assert "When: Wednesday 1 July 2026, 9:30am to 12:30pm" in found
    assert "1 9:30am 20 LGP-2026-0001" in found


def test_empty_papers_say_that_there_is_nothing() -> None:
    agenda = said(pdf.agenda(papers.agenda(lines=0, changes=(), overflow=(), venue="", released_at=None)))
    record = said(pdf.decisions(papers.draft(items=(), present=(), apologies=(), addenda=())))

    assert "There are no items on this agenda." in agenda
    assert "Version 2, not released yet, checksum" in agenda
    assert re.search("Changed|Without a slot|Venue", agenda) is None
    assert "Who was there Nobody is recorded." in record
    assert "Apologies None." in record
    assert "No items are recorded." in record


def test_sixty_items_take_five_wide_a4_pages_with_headings_and_footer_on_each() -> None:
    file = pdf.agenda(papers.agenda(lines=60))
    found = pages(file)

    sizes = {(round(page.mediabox.width), round(page.mediabox.height)) for page in PdfReader(io.BytesIO(file)).pages}
    assert sizes == {(842, 595)}
    assert len(found) == 5
    for number, page in enumerate(found, 1):
        assert "Item Time Minutes Reference Children Asking for Presenter Papers Flags" in page
        assert page.endswith(f"Official-Sensitive. Initials and case IDs only. Page {number} of 5")
    assert re.findall(r"LGP-2026-00\d\d AB", " ".join(found)) == [f"LGP-2026-{n:04d} AB" for n in range(1, 61)]


@pytest.mark.parametrize("words", papers.HOSTILE)
def test_people_s_words_are_set_as_they_were_typed(words: str) -> None:
    agenda, record = pdf.agenda(papers.hostile_agenda(words)), pdf.decisions(papers.hostile_decisions(words))

    assert squeezed(said(agenda)).count(squeezed(words)) == 9
    assert squeezed(said(record)).count(squeezed(words)) == 15
    assert Counter(tags_of(agenda))["/TH"] == 9
    assert [tag for tag in tags_of(record) if tag.startswith("/H")] == [
        "/H1",
        "/H2",
        "/H3",
        "/H2",
        "/H3",
        "/H3",
        "/H2",
    ]
    assert b"/Link" not in record


def test_words_that_cannot_be_seen_or_shown_do_not_stop_a_paper() -> None:
    found = said(pdf.decisions(papers.hostile_decisions(f"{papers.INVISIBLE} {papers.UNSHOWN}")))

    assert "Venue: Room 2" in found
    assert (
        "Decision: ABCDEFG\ufffdH\ufffdI [grinning face] [cjk unified ideograph-6f22] "
        "q[combining right half ring above] [arabic letter meem] [U+E000] (ISSUE)"
    ) in found.replace(BREAK_HERE, "")


def test_ten_thousand_characters_are_all_there_and_inside_the_page() -> None:
    file = pdf.decisions(papers.decisions(items=(papers.item(decisions=(papers.child(rationale=papers.LONG),)),)))
    furthest: list[float] = []

    def note(text: str, _cm: Any, matrix: list[float], _font: Any, _size: float) -> None:
        if text.strip():
            furthest.append(matrix[4])

    reader = PdfReader(io.BytesIO(file))
    for page in reader.pages:
        page.extract_text(visitor_text=note)

    assert squeezed(said(file)).count("x") >= 10_000
    assert max(furthest) < float(reader.pages[0].mediabox.width)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_no_words_stop_a_paper(words: str) -> None:
    assert pdf.agenda(papers.hostile_agenda(words)).startswith(b"%PDF")
    assert pdf.decisions(papers.hostile_decisions(words)).startswith(b"%PDF")
