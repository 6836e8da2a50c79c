"""No card is too heavy for Teams, whatever people wrote into it, and nothing they typed is cut from a form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cards import elements, fitting, ntk, ntk_acts, ntk_lists, ntk_notices
from casework import ports
from casework.ntk_list_views import NtkLists, Timeline, TimelineEntry
from casework.ntk_views import Said
from gallery import samples
from tests.cards import schema
from tests.samples_views import CARD, CHANGE, LINE, NOW, STANDING, lines

HEAVIEST = ("plain words " * 84, "\\" * 1000, "\n" * 1000, "*" * 1000, "😀" * 1000)


def problems(message: ports.Message) -> list[str]:
    assert message.card is not None
    return schema.problems(message.card)


def _data_of(message: ports.Message) -> dict[str, Any]:
    """What each button carries, by its title."""
    assert message.card is not None
    buttons: Any = message.card["actions"]
    return {button["title"]: button["data"] for button in buttons}


def test_weight_is_what_the_gallery_weighs() -> None:
    card = elements.message("A", [elements.text("é😀\n\\")], summary="Done").card

    assert card is not None
    assert fitting.weight(card) == samples.weight(card)


def test_a_card_that_fits_is_left_as_it_is() -> None:
    words = "word " * 1000

    card = elements.message("A", [elements.text(words)], summary="Done").card

    assert card is not None
    assert words in str(card)


@pytest.mark.parametrize("most", range(1, 12))
def test_words_are_never_cut_within_an_escape(most: int) -> None:
    cut = fitting.shortened("\\\\\\*\\_ab \\[c\\]", most)

    bare = cut.removesuffix(fitting.SHORTENED)
    assert (len(bare) - len(bare.rstrip("\\"))) % 2 == 0


@pytest.mark.parametrize("words", HEAVIEST)
def test_the_heaviest_card_fits(words: str) -> None:
    answers = tuple(Said(label=f"Question {at}", words=words, is_long=True) for at in range(4))

    message = ntk.card(replace(CARD, answers=answers, updates=((NOW, "Sam", words),) * 5))

    assert problems(message) == []


@pytest.mark.parametrize("words", HEAVIEST)
def test_every_part_of_a_timeline_fits_and_all_of_it_can_be_reached(words: str) -> None:
    said = (Said(label="", words=words, is_long=True),) * 3
    entries = tuple(
        TimelineEntry(at=NOW, kind="comment", who=f"Number {at}.", facts={}, words=said) for at in range(12)
    )
    view = Timeline(standing=STANDING, entries=entries, page=1, pages=1)

    parts = [ntk_acts.timeline(view, part=part) for part in range(1, 13)]

    assert [found for part in parts for found in problems(part)] == []
    assert all(any(f"Number {at}. commented" in str(part.card) for part in parts) for at in range(12))


def test_the_parts_and_pages_of_a_timeline_lead_to_each_other() -> None:
    said = (Said(label="", words="x" * 1000, is_long=True),) * 3
    entries = (TimelineEntry(at=NOW, kind="comment", who="Sam", facts={}, words=said),) * 12
    view = Timeline(standing=STANDING, entries=entries, page=2, pages=3)

    first, last = ntk_acts.timeline(view), ntk_acts.timeline(view, part=ntk_acts.LAST)

    turns = [_data_of(message) for message in (first, last)]
    assert (turns[0]["Earlier"]["page"], turns[0]["Earlier"]["part"]) == (2, 2)
    assert (turns[0]["Later"]["page"], turns[0]["Later"]["part"]) == (1, ntk_acts.LAST)
    assert (turns[1]["Earlier"]["page"], "part" in turns[1]["Earlier"]) == (3, False)
    assert turns[1]["Later"]["page"] == 2


@pytest.mark.parametrize("words", HEAVIEST)
def test_a_change_fits(words: str) -> None:
    said = tuple(Said(label=label, words=words, is_long=True) for label in ("", "Learning", "Actions", "Why"))

    assert problems(ntk_notices.changed(replace(CHANGE, kind="closed", words=said))) == []


def test_a_full_team_list_fits_and_every_line_can_be_opened() -> None:
    many = lines(60, replace(LINE, category="C" * 200, unanswered=3))

    message = ntk_lists.team(NtkLists(unacknowledged=many, more=9))

    assert problems(message) == []
    assert [line.reference for line in many if line.ntk_id not in str(message.card)] == []


def test_what_people_typed_into_a_form_is_never_cut() -> None:
    typed = "y" * 4000
    body = [*elements.text_input("a", "A", value=typed), *(elements.text(f"{at} " * 300) for at in range(80))]

    card = elements.message("A", body, summary="Done").card

    assert card is not None
    assert typed in str(card)
    assert fitting.LEFT_OUT in str(card)
    assert schema.problems(card) == []


def test_what_was_typed_beyond_every_limit_gives_way_at_last() -> None:
    body = [field for at in range(6) for field in elements.text_input(f"a{at}", "A", value="y" * 4000)]

    card = elements.message("A", body, summary="Done").card

    assert card is not None
    assert schema.problems(card) == []
