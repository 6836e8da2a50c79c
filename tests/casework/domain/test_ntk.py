"""A draft NTK is refused with every mistake at once, and read as people type it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casework.domain import ntk
from casework.domain.errors import Code, FieldErrors
from casework.domain.forms import Child
from tests.factories import rulebook

NOW = datetime(2026, 11, 23, 16, 50, tzinfo=UTC)
GOOD = {
    "category": "SERHARM",
    "initials": "a.b.",
    "case_id": "123 456",
    "status": "CP",
    "age_band": "A5",
    "aware_date": "2026-11-23",
    "aware_time": "16:10",
    "abuse": "NK",
    "setting": "HOME",
    "media": "NONE",
    "restrict": "NO",
    "what_happened": "  Found alone. ",
    "safety": "SAFE",
    "actions_taken": "Ambulance.",
    "who_told": "Nobody yet.",
}


def errors(**changed: str) -> dict[str, Code]:
    with pytest.raises(FieldErrors) as refused:
        ntk.checked({**GOOD, **changed}, book=rulebook(), now=NOW)
    return refused.value.errors


def test_a_good_draft_is_tidied() -> None:
    draft = ntk.checked(GOOD, book=rulebook(), now=NOW)

    assert draft.children == (Child(initials="AB", case_id="123456"),)
    assert (draft.level, draft.is_restricted, draft.answers["what_happened"]) == (1, False, "Found alone.")
    assert draft.aware_at == datetime(2026, 11, 23, 16, 10, tzinfo=UTC)


def test_an_empty_form_names_every_field() -> None:
    with pytest.raises(FieldErrors) as refused:
        ntk.checked({}, book=rulebook(), now=NOW)

    required = [field for field in ntk.fields_of(rulebook(), "") if field.required and not field.required_when]
    assert refused.value.errors == {
        ("aware_date" if field.code == "aware" else field.code): Code.MISSING for field in required
    }
    assert "who_told" in refused.value.errors


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("category", "NONE", Code.CHOICE_UNKNOWN),
        ("initials", "Annabel", Code.INITIALS_FORMAT),
        ("initials", "A1", Code.INITIALS_FORMAT),
        ("case_id", "12", Code.CASE_ID_FORMAT),
        ("case_id", "12345a", Code.CASE_ID_FORMAT),
        ("aware_date", "2026-02-31", Code.DATE_FORMAT),
        ("aware_date", "23/11/2026", Code.DATE_FORMAT),
        ("aware_date", "٢٠٢٦-١١-٢٣", Code.DATE_FORMAT),
        ("aware_date", "2026-11-24", Code.IN_THE_FUTURE),
        ("aware_date", "2025-01-01", Code.TOO_LONG_AGO),
        ("aware_date", "0001-01-01", Code.TOO_LONG_AGO),
        ("aware_date", "9999-12-31", Code.IN_THE_FUTURE),
        ("aware_time", "25:00", Code.TIME_FORMAT),
        ("aware_time", "", Code.MISSING),
        ("aware_date", "", Code.MISSING),
        ("what_happened", "x" * 1001, Code.TOO_LONG),
        ("who_told", "   ", Code.MISSING),
    ],
)
def test_one_wrong_field_is_named_with_its_code(field: str, typed: str, code: Code) -> None:
    assert errors(**{field: typed}) == {field: code}


def test_mistakes_are_named_together_in_the_form_s_order() -> None:
    found = errors(who_told="", initials="Annabel", aware_time="noon")

    assert list(found.items()) == [
        ("initials", Code.INITIALS_FORMAT),
        ("aware_time", Code.TIME_FORMAT),
        ("who_told", Code.MISSING),
    ]


def test_a_moment_within_clock_slack_is_not_the_future() -> None:
    ahead = NOW + timedelta(minutes=4)

    assert ntk.checked({**GOOD, "aware_time": f"{ahead:%H:%M}"}, book=rulebook(), now=NOW).aware_at == ahead


def test_the_hour_that_never_was_is_refused() -> None:
    with pytest.raises(FieldErrors) as refused:
        ntk.checked(
            {**GOOD, "aware_date": "2027-03-28", "aware_time": "01:30"},
            book=rulebook(),
            now=datetime(2027, 3, 29, tzinfo=UTC),
        )

    assert refused.value.errors == {"aware_time": Code.TIME_DOES_NOT_EXIST}


def test_of_the_hour_that_comes_twice_the_first_is_taken() -> None:
    draft = ntk.checked(
        {**GOOD, "aware_date": "2026-10-25", "aware_time": "01:30"},
        book=rulebook(),
        now=datetime(2026, 10, 26, tzinfo=UTC),
    )

    assert draft.aware_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
