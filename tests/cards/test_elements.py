"""People's words are shown as they typed them, whatever Markdown, mention or card function they look like."""

from __future__ import annotations

import pytest

from cards import elements, ntk, wording
from casework.domain.errors import Code
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


def form(fields: dict[str, str], errors: dict[str, Code]) -> dict[str, object]:
    message = ntk.form(
        draft_id="d",
        fields=fields,
        categories=[Choice(value="DEATH", label="Death"), Choice(value="OTHER", label="Other")],
        case_id_label="Case ID",
        case_id_example="123456",
        errors=errors,
    )
    assert message.card is not None
    return dict(message.card)


def inputs(card: dict[str, object]) -> dict[str, dict[str, object]]:
    body = card["body"]
    assert isinstance(body, list)
    return {element["id"]: element for element in body if str(element["type"]).startswith("Input.")}


def test_a_form_gives_back_what_was_typed_word_for_word() -> None:
    typed = {
        "category": "OTHER",
        "initials": "**A**",
        "case_id": "<1>",
        "aware_date": "2026-11-23",
        "aware_time": "16:10",
        "what_happened": "line\nline {{x}}",
        "actions_taken": "",
        "who_told": " spaces ",
    }

    found = {field: element.get("value", "") for field, element in inputs(form(typed, {})).items()}

    assert found == typed


def test_a_form_drops_only_what_its_field_can_t_hold() -> None:
    found = inputs(form({"category": "GONE", "aware_date": "yesterday", "aware_time": "noon"}, {}))

    assert [field for field, element in found.items() if "value" in element] == []


def test_every_error_stands_beside_its_field_and_in_the_box() -> None:
    card = form({}, {"initials": Code.INITIALS_FORMAT, "who_told": Code.MISSING})
    body = card["body"]
    assert isinstance(body, list)

    for field, words in (
        ("initials", "Enter initials only, 1 to 4 letters, like AB"),
        ("who_told", "Enter who you have spoken to, or “nobody yet”"),
    ):
        at = next(index for index, element in enumerate(body) if element.get("id") == field)
        assert body[at - 1]["text"] == f"**Error:** {words}"
        assert words in str(body[2])


def test_parse_form_keeps_words_and_drops_what_is_no_text() -> None:
    found = ntk.parse_form(
        {"initials": " a\x00b ", "case_id": 5, "what_happened": ["x"], "verb": "ntk.check", "who_told": "y" * 9000}
    )

    assert found == {"initials": " ab ", "case_id": "", "what_happened": "", "who_told": "y" * ntk.MAX_TYPED}


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
