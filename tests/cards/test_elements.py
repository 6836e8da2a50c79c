"""People's words are shown as they typed them, whatever Markdown, mention or card function they look like."""

from __future__ import annotations

import pytest

from cards import elements, wording
from casework.views import Choice


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("O'Neill", "O'Neill"),
        ("[x](http://y)", "\\[x\\](http://y)"),
        ("**bold** _it_ `code`", "\\*\\*bold\\*\\* \\_it\\_ \\`code\\`"),
        ("<at>everyone</at>", "\\<at\\>everyone\\</at\\>"),
        ("{{DATE(2026-01-01)}}", "\\{\\{DATE(2026-01-01)\\}\\}"),
        ("1. first\n2) second", "1\\. first\n\n2\\) second"),
        ("- item\n+ item\n# head\n> quote", "\\- item\n\n\\+ item\n\n\\# head\n\n\\> quote"),
        ("=====", "\\====="),
        ("a\u200bb\u202ec\u2066d\x00e\u2028f", "abcdef"),
        ("3 - 4 = 5", "3 - 4 = 5"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_plain_leaves_nothing_to_interpret(typed: str, shown: str) -> None:
    assert elements.plain(typed) == shown


@pytest.mark.parametrize(("value", "ticked"), [("yes", "yes"), ("true", "yes"), ("no", "no"), ("", "no"), ("x", "no")])
def test_a_box_to_tick_comes_back_as_yes_or_no(value: str, ticked: str) -> None:
    (box,) = elements.tick_input("family", "The whole family is missing", value=value)

    assert (box["type"], box["label"], box["value"]) == ("Input.Toggle", "The whole family is missing", ticked)
    assert (box["valueOn"], box["valueOff"]) == ("yes", "no")


def test_a_box_to_tick_has_its_error_beside_it() -> None:
    error, box = elements.tick_input("family", "The whole family", error="Choose one")

    assert (error["text"], box["id"]) == ("**Error:** Choose one", "family")


def test_a_list_keeps_only_choices_it_offers() -> None:
    choices = [Choice(value="A", label="One"), Choice(value="B", label="Two")]

    (several,) = elements.choice_input("themes", "Themes", choices, value="B,GONE,A", is_several=True)
    (one,) = elements.choice_input("theme", "Theme", choices, value="A,B")

    assert (several["value"], "value" in one) == ("B,A", False)


def test_a_button_carries_the_same_either_way() -> None:
    action = elements.button("Send", "ntk.send", {"draft": "d"})

    assert (action["verb"], action["data"]) == ("ntk.send", {"draft": "d"})
    assert action["fallback"] == {
        "type": "Action.Submit",
        "title": "Send",
        "data": {"verb": "ntk.send", "draft": "d"},
        "associatedInputs": "none",
    }


def test_named_list_reads_as_english() -> None:
    assert [wording.named_list(names) for names in ((), ("A",), ("A", "B"), ("A", "B", "C"))] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]
