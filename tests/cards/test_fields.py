"""A form gives back what was typed, every mistake beside its field, and what may say who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from cards import fields, wording
from cards.fields import Mistakes
from casework.domain import forms
from casework.domain.errors import Code, FieldErrors, Found
from casework.domain.ntk_rulebook import Choice as Option
from casework.domain.ntk_rulebook import Field
from casework.views import Choice
from tests.samples_views import BOOK

QUESTIONS = (
    Field(
        code="category", label="What is it about?", kind="category", required=True, missing="Choose what it is about"
    ),
    Field(code="initials", label="Child's initials", kind="initials", required=True, missing="Enter the initials"),
    Field(code="case_id", label="Case ID", kind="case_id"),
    Field(code="seen", label="When was it? (optional)", kind="moment"),
    Field(code="born_on", label="On which day?", kind="date"),
    Field(code="family", label="The whole family", kind="yes_no"),
    Field(code="risk", label="Risk", kind="choice", choices=(Option(code="HIGH", name="High"),), initial="HIGH"),
    Field(code="told", label="Who knows?", kind="choices", choices=tuple(Option(code=c, name=c) for c in "ABC")),
    Field(code="text", label="What happened?", kind="long_text", required=True, missing="Enter it", max_length=1000),
)
CATEGORIES = [Choice(value="DEATH", label="Death"), Choice(value="OTHER", label="Other")]
TYPED = {
    "category": "OTHER",
    "initials": "**A**",
    "case_id": "<1>",
    "seen_date": "2026-11-23",
    "seen_time": "16:10",
    "born_on": "2026-11-24",
    "family": "yes",
    "risk": "HIGH",
    "told": "A,C",
    "text": "line\nline {{x}} [see](http://example.com)",
}


def draw(values: Mapping[str, str], wrong: Mistakes = fields.NONE) -> list[Any]:
    return list(fields.draw(QUESTIONS, values, wrong, categories=CATEGORIES, hints={"case_id": "123456"}))


def inputs(drawn: list[Any]) -> dict[str, Any]:
    return {one["id"]: one for one in drawn if str(one["type"]).startswith("Input.")}


def test_parse_keeps_words_and_drops_what_is_no_text() -> None:
    typed = {"initials": " a\x00b ", "case_id": 5, "text": ["x"], "verb": "ntk.check", "born_on": "y" * 9000}

    found = fields.parse({**typed, forms.REASON: "a street"}, QUESTIONS)

    assert found == {
        "initials": " ab ",
        "case_id": "",
        "text": "",
        "born_on": "y" * fields.MAX_TYPED,
        "privacy_reason": "a street",
    }


def test_typed_values_come_back_word_for_word() -> None:
    found = {id: one.get("value", "") for id, one in inputs(draw(TYPED)).items()}

    assert found == TYPED


def test_only_what_a_field_can_t_hold_is_dropped() -> None:
    odd = {"category": "GONE", "seen_date": "yesterday", "seen_time": "noon", "born_on": "x", "risk": "?", "told": "D"}

    found = inputs(draw(odd))

    assert [id for id, one in found.items() if "value" in one] == ["family"]


def test_a_field_begins_with_its_initial_answer() -> None:
    assert inputs(draw({}))["risk"]["value"] == "HIGH"


def test_the_two_halves_of_a_moment_are_told_apart() -> None:
    found = inputs(draw({}))

    assert found["seen_date"]["label"] == "When was it? (date, optional)"
    assert found["seen_time"]["label"] == "When was it? (time, optional)"


@pytest.mark.parametrize(
    ("id", "code", "beside", "above"),
    [
        ("initials", Code.MISSING, "Enter the initials", "Enter the initials"),
        ("case_id", Code.CASE_ID_FORMAT, "Check the case ID: it should look like 123456", ""),
        ("seen_time", Code.TIME_FORMAT, "Enter a time, like 14:30", "When was it? Enter a time, like 14:30"),
        ("born_on", Code.IN_THE_FUTURE, "This can't be in the future", "On which day? This can't be in the future"),
        (
            "text",
            Code.TOO_LONG,
            "Shorten this to 1,000 characters or fewer",
            "What happened? Shorten this to 1,000 characters or fewer",
        ),
    ],
)
def test_every_error_stands_beside_its_field_and_in_the_box(id: str, code: Code, beside: str, above: str) -> None:
    drawn = draw({}, Mistakes(errors={id: code}))

    at = next(place for place, one in enumerate(drawn) if one.get("id") == id)
    assert drawn[at - 1]["text"] == f"**Error:** {beside}"
    assert [one["text"] for one in drawn[0]["items"]] == ["There is a problem", f"- {above or beside}"]


FIELD_CODES = [
    code for code in Code if "{panel}" not in wording.ERRORS[code] and "{prompts}" not in wording.ERRORS[code]
]


@pytest.mark.parametrize("code", FIELD_CODES)
def test_no_question_of_the_rulebook_lacks_words_for_a_mistake(code: Code) -> None:
    said = {question.code: wording.field_error(question, code) for question in BOOK.fields}

    assert [asked for asked, words in said.items() if not words or "{" in words] == []


def test_what_the_guard_found_is_shown_escaped_with_a_place_for_the_reason() -> None:
    found = {"text": (Found("name", "Annabel <b>*Brown*</b>"), Found("phone", "01632 960177"))}
    wrong = fields.mistakes(FieldErrors({"text": Code.PERSONAL_DATA}, found=found))

    drawn = draw({"text": "Annabel <b>*Brown*</b> rang"}, wrong)

    box, reason = drawn[0], drawn[1]
    assert box["items"][0]["text"] == wording.GUARD_TITLE
    assert "- What happened?: a name “Annabel \\<b\\>\\*Brown\\*\\</b\\>”, a phone number “01632 960177”" in str(
        box["items"][1]["text"]
    )
    assert (reason["id"], reason["label"]) == ("privacy_reason", wording.GUARD_REASON)
    assert inputs(drawn)["text"]["value"] == "Annabel <b>*Brown*</b> rang"
    assert all(one.get("text") != "There is a problem" for one in box["items"])


def test_a_reason_typed_before_stays_on_the_form() -> None:
    drawn = draw({forms.REASON: "it is a street"}, Mistakes(errors={"initials": Code.MISSING}))

    assert inputs(drawn)["privacy_reason"]["value"] == "it is a street"


def test_what_was_found_in_a_question_of_the_other_page_is_not_shown_here() -> None:
    drawn = draw({}, Mistakes(found={"other": (Found("name", "Annabel"),)}))

    assert "Annabel" not in str(drawn)


@pytest.mark.parametrize("kind", ["name", "date_of_birth", "postcode", "phone", "email", "nhs_number", "address"])
def test_every_kind_of_find_has_words(kind: str) -> None:
    drawn = draw({}, Mistakes(found={"text": (Found(kind, "words"),)}))

    assert f"{wording.FOUND[kind]} “words”" in str(drawn[0])
