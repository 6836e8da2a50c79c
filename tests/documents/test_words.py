"""What files can hold of people's words."""

from __future__ import annotations

import unicodedata

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from documents import words
from tests.documents import papers

ANY_TEXT = st.text(st.characters(codec=None))


def test_plain_drops_what_cannot_be_seen_and_marks_what_no_text_may_hold() -> None:
    assert words.plain(papers.INVISIBLE) == "ABCDEFG\ufffdH\ufffdI"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_plain_keeps_line_ends_of_every_kind(end: str) -> None:
    assert words.plain(f"one{end}two\tthree") == "one\ntwo three"


@given(ANY_TEXT)
def test_plain_words_are_what_xml_can_hold(text: str) -> None:
    found = {unicodedata.category(character) for character in words.plain(text).replace("\n", "")}

    assert found.isdisjoint({"Cc", "Cf", "Cs"})
    assert {"\ufffe", "\uffff"}.isdisjoint(words.plain(text))


@given(ANY_TEXT)
def test_plain_twice_is_plain_once(text: str) -> None:
    assert words.plain(words.plain(text)) == words.plain(text)


def test_shown_names_what_the_fonts_cannot_show() -> None:
    assert words.shown("Thanks \N{GRINNING FACE} q\u0357 \ue000") == (
        "Thanks [grinning\u200b face] q[combin\u200bing\u200b right half ring above] [U+E000]"
    ).replace("\u200b", "")


@pytest.mark.parametrize("said", ["Zoë Łukasz Ştefan Nguyễn", "£1,250 – “quoted” … ½ €", "Ελένη Наталія"])
def test_shown_keeps_the_letters_of_europe(said: str) -> None:
    assert words.shown(said) == said


def test_shown_lets_a_line_end_inside_a_long_word_and_loses_nothing() -> None:
    made = words.shown(f"short {papers.LONG} accommodation")

    assert made.replace(words.BREAK_HERE, "") == f"short {papers.LONG} accommodation"
    assert max(map(len, made.replace(words.BREAK_HERE, " ").split())) <= words.LONGEST_WORD


def test_every_character_that_is_shown_has_a_shape_in_the_wheel() -> None:
    known = [chr(point) for first, last in words.SHOWN for point in range(first, last + 1)]
    kept = [character for character in known if words.can_be_shown(character)]
    source = b'#set document(title: "T")\n#for one in sys.inputs.all.split("\\n") [#one #strong(one) ]'
    compiler = typst.Compiler(source, ignore_system_fonts=True)

    compiler.compile(format="pdf", sys_inputs={"all": "\n".join(kept)}, pdf_standards=["ua-1"], timestamp=0)

    assert len(kept) > 1500
