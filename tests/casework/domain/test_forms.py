"""A form is read kindly, every mistake is named at once, and identifiers go only with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casework.domain import forms
from casework.domain.errors import Code, FieldErrors, Found
from casework.domain.forms import Child
from casework.domain.ntk_rulebook import Choice, Field, FieldKind, When
from tests.factories import rulebook

NOW = datetime(2026, 11, 30, 16, 50, tzinfo=UTC)
PATTERN = r"\d{4,10}"
NAMED = "Annabel Whitcombe was there."


def field(kind: FieldKind, **changed: object) -> Field:
    made: dict[str, object] = {"code": "one", "label": "One", "kind": kind}
    if kind in ("choice", "choices"):
        made["choices"] = (Choice(code="A", name="First"), Choice(code="B", name="Second"))
    return Field.model_validate({**made, **changed})


def read(asked: Field, /, **typed: str) -> str:
    answers, _ = forms.answers([asked], typed, book=rulebook(), now=NOW)
    return answers["one"]


def wrong(*fields: Field, **typed: str) -> dict[str, Code]:
    with pytest.raises(FieldErrors) as refused:
        forms.answers(fields, typed, book=rulebook(), now=NOW)
    return refused.value.errors


@pytest.mark.parametrize(
    ("kind", "typed", "answer"),
    [
        ("text", "  as typed  ", "as typed"),
        ("long_text", "two\nlines", "two\nlines"),
        ("initials", "a. b-c", "ABC"),
        ("case_id", "100 101", "100101"),
        ("category", "SERHARM", "SERHARM"),
        ("choice", "B", "B"),
        ("choices", "A,B", "A,B"),
        ("choices", ",A,", "A"),
        ("yes_no", "yes", "yes"),
        ("yes_no", "true", "yes"),
        ("yes_no", "false", ""),
        ("yes_no", "anything", ""),
        ("date", "2027-02-14", "2027-02-14"),
        ("links", " https://a.test/1 \n https://a.test/2 ", "https://a.test/1\nhttps://a.test/2"),
        ("children", "cd 100102; E.F. 100103\n\n", "CD 100102\nEF 100103"),
        ("person", " Sam Okafor ", "Sam Okafor"),
        ("text", "   ", ""),
        ("choice", "", ""),
    ],
)
def test_an_answer_is_brought_to_one_shape(kind: FieldKind, typed: str, answer: str) -> None:
    assert read(field(kind), one=typed) == answer


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("text", "x" * 1001, Code.TOO_LONG),
        ("initials", "Annabel", Code.INITIALS_FORMAT),
        ("initials", "A1", Code.INITIALS_FORMAT),
        ("case_id", "12", Code.CASE_ID_FORMAT),
        ("case_id", "12345a", Code.CASE_ID_FORMAT),
        ("category", "NONE", Code.CHOICE_UNKNOWN),
        ("choice", "C", Code.CHOICE_UNKNOWN),
        ("choice", "A,B", Code.CHOICE_UNKNOWN),
        ("choices", "A,C", Code.CHOICE_UNKNOWN),
        ("date", "14/02/2027", Code.DATE_FORMAT),
        ("date", "2027-02-30", Code.DATE_FORMAT),
        ("date", "9999-12-31", Code.DATE_FORMAT),
        ("links", "http://a.test/1", Code.LINK_FORMAT),
        ("links", "https://a.test/1 and more", Code.LINK_FORMAT),
        ("links", "javascript:alert(1)", Code.LINK_FORMAT),
        ("children", "CD", Code.CHILDREN_FORMAT),
        ("children", "100102", Code.CHILDREN_FORMAT),
        ("children", "Annabel 100102", Code.CHILDREN_FORMAT),
    ],
)
def test_a_wrong_answer_is_named_with_its_code(kind: FieldKind, typed: str, code: Code) -> None:
    assert wrong(field(kind), one=typed) == {"one": code}


def test_the_length_is_the_fields_own() -> None:
    short = field("text", max_length=5)

    assert read(short, one="12345") == "12345"
    assert wrong(short, one="123456") == {"one": Code.TOO_LONG}


def test_a_moment_comes_out_in_utc() -> None:
    assert read(field("moment"), one_date="2026-07-01", one_time="09:30") == "2026-07-01T08:30:00+00:00"


@pytest.mark.parametrize(
    ("day", "clock", "errors"),
    [
        ("2026-11-30", "", {"one_time": Code.MISSING}),
        ("", "16:00", {"one_date": Code.MISSING}),
        ("30/11/2026", "16:00", {"one_date": Code.DATE_FORMAT}),
        ("2026-11-30", "four", {"one_time": Code.TIME_FORMAT}),
        ("2026-03-29", "01:30", {"one_time": Code.TIME_DOES_NOT_EXIST}),
        ("2026-11-30", "17:00", {"one_date": Code.IN_THE_FUTURE}),
        ("2025-11-01", "17:00", {"one_date": Code.TOO_LONG_AGO}),
    ],
)
def test_a_moment_that_cannot_be_is_named_beside_its_date_or_time(
    day: str, clock: str, errors: dict[str, Code]
) -> None:
    assert wrong(field("moment"), one_date=day, one_time=clock) == errors


def test_a_moment_five_minutes_ahead_is_a_clock_that_differs() -> None:
    ahead = NOW + forms.CLOCK_SLACK

    assert read(field("moment"), one_date="2026-11-30", one_time=f"{ahead:%H:%M}") == ahead.isoformat()


def test_a_moment_left_empty_is_no_mistake_unless_it_is_needed() -> None:
    needed = field("moment", required=True, missing="Enter it")

    assert read(field("moment")) == ""
    assert wrong(needed) == {"one_date": Code.MISSING}


def test_a_wrong_answer_to_a_needed_question_is_one_mistake() -> None:
    needed = field("initials", required=True, missing="Enter them")

    assert wrong(needed, one="Annabel") == {"one": Code.INITIALS_FORMAT}


def test_what_is_needed_only_for_an_answer_is_missed_only_then() -> None:
    asked = field("choice")
    then = Field(
        code="two",
        label="Two",
        kind="date",
        missing="Enter it",
        required_when=When(field="one", values=("B",)),
    )

    assert forms.answers([asked, then], {"one": "A"}, book=rulebook(), now=NOW)[0]["two"] == ""
    assert wrong(asked, then, one="B") == {"two": Code.MISSING}


def test_every_mistake_is_named_at_once_in_the_forms_order() -> None:
    fields = (
        field("initials", code="a"),
        field("moment", code="b"),
        field("text", code="c", required=True, missing="Enter it"),
    )

    found = wrong(*fields, c="", b_time="16:00", a="Annabel")

    assert list(found.items()) == [
        ("a", Code.INITIALS_FORMAT),
        ("b_date", Code.MISSING),
        ("c", Code.MISSING),
    ]


def test_identifiers_are_mistakes_named_word_for_word() -> None:
    with pytest.raises(FieldErrors) as refused:
        forms.answers([field("long_text")], {"one": NAMED}, book=rulebook(), now=NOW)

    assert refused.value.errors == {"one": Code.PERSONAL_DATA}
    assert refused.value.found == {"one": (Found("name", "Annabel Whitcombe"),)}


def test_identifiers_stay_for_a_reason_and_are_counted() -> None:
    typed = {"one": f"{NAMED} Born 12/03/2015.", "privacy_reason": " The police asked for it. "}

    answers, kept = forms.answers([field("long_text")], typed, book=rulebook(), now=NOW)

    assert (answers["one"], answers[forms.REASON], kept) == (
        f"{NAMED} Born 12/03/2015.",
        "The police asked for it.",
        2,
    )


def test_a_reason_for_nothing_is_not_kept() -> None:
    answers, kept = forms.answers(
        [field("text")], {"one": "Nothing.", "privacy_reason": "The police asked for it."}, book=rulebook(), now=NOW
    )

    assert (answers[forms.REASON], kept) == ("", 0)


@pytest.mark.parametrize("reason", ["", "ok", "       ok       "])
def test_a_reason_shorter_than_a_word_or_two_is_none(reason: str) -> None:
    assert wrong(field("text"), one=NAMED, privacy_reason=reason) == {"one": Code.PERSONAL_DATA}


@pytest.mark.parametrize("kind", ["person", "links", "children", "choice", "date"])
def test_only_peoples_words_are_searched_for_identifiers(kind: FieldKind) -> None:
    assert forms.found_in([field(kind)], {"one": NAMED}) == {}


def test_a_reason_does_not_excuse_other_mistakes() -> None:
    fields = (field("text"), field("initials", code="two"))

    found = wrong(*fields, one=NAMED, two="Annabel", privacy_reason="The police asked for it.")

    assert found == {"two": Code.INITIALS_FORMAT}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("CD 100102", (Child(initials="CD", case_id="100102"),)),
        ("cd id 100102", (Child(initials="CD", case_id="100102"),)),
        ("cd id: 100102", (Child(initials="CD", case_id="100102"),)),
        ("CD 100102, CD 100102", (Child(initials="CD", case_id="100102"),)),
        ("C D 100102", (Child(initials="CD", case_id="100102"),)),
    ],
)
def test_children_are_read_as_people_type_them(text: str, found: tuple[Child, ...]) -> None:
    assert forms.children(text, PATTERN) == found


def test_a_group_of_siblings_ends_at_twelve() -> None:
    lines = [f"AB {1000 + number}" for number in range(13)]

    assert forms.children("\n".join(lines), PATTERN) is Code.TOO_LONG
    twelve = forms.children("\n".join(lines[:12]), PATTERN)
    assert not isinstance(twelve, Code)
    assert len(twelve) == 12


def test_the_inputs_of_a_moment_are_a_date_and_a_time() -> None:
    assert forms.inputs([field("text", code="a"), field("moment", code="b")]) == ("a", "b_date", "b_time")


def test_a_page_asks_its_own_questions_and_those_of_its_category() -> None:
    fields = (
        field("text", code="a", page="who"),
        field("text", code="b"),
        field("text", code="c", categories=("DEATH",)),
    )

    asked = {
        (category, page): [one.code for one in forms.asked(fields, category=category, page=page)]
        for category in ("DEATH", "DATA")
        for page in ("", "who", "what")
    }

    assert asked == {
        ("DEATH", ""): ["a", "b", "c"],
        ("DEATH", "who"): ["a"],
        ("DEATH", "what"): ["b", "c"],
        ("DATA", ""): ["a", "b"],
        ("DATA", "who"): ["a"],
        ("DATA", "what"): ["b"],
    }


def test_a_moment_of_more_than_a_year_ago_is_a_slip_of_the_year() -> None:
    old = NOW - forms.OLDEST - timedelta(days=1)

    assert wrong(field("moment"), one_date=f"{old:%Y-%m-%d}", one_time="12:00") == {"one_date": Code.TOO_LONG_AGO}
