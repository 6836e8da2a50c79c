"""The outside clocks: what starts which, when each is due over holidays and closures, when its owner is reminded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from casework.domain import ntk_prompts
from tests.factories import rulebook

LOOKED_AFTER = ("LAC20", "LACICO", "LACCO", "REMAND")
ABUSE = ("YES", "NK", "NO")


def starting(category: str, *starts: str, **answers: str) -> list[str]:
    found = ntk_prompts.starting(rulebook(), category=category, answers=answers, starts=starts or ("aware", "raised"))
    return sorted(prompt.code for prompt in found)


@pytest.mark.parametrize("category", ["DEATH", "SERHARM"])
@pytest.mark.parametrize("abuse", ABUSE)
@pytest.mark.parametrize("status", ["CIN", "CP", "UNKNOWN", *LOOKED_AFTER])
def test_abuse_known_suspected_or_not_ruled_out_or_a_looked_after_child_starts_both(
    category: str, abuse: str, status: str
) -> None:
    is_due = abuse != "NO" or status in LOOKED_AFTER

    assert starting(category, abuse=abuse, status=status) == (["RAPID", "SIN"] if is_due else [])


@pytest.mark.parametrize(
    ("category", "answers", "codes"),
    [
        ("REVIEW", {"status": "CIN"}, ["RAPID"]),
        ("REVIEW", {"status": "LACCO"}, ["RAPID"]),
        ("CLDEATH", {}, ["CLDFE"]),
        ("DATA", {}, ["ICO"]),
        ("MISSING", {}, []),
        ("PRACTICE", {"other_authority": "Another council"}, ["AUTHORITY"]),
        ("PRACTICE", {"other_authority": ""}, []),
        ("PRACTICE", {}, []),
    ],
)
def test_other_facts_start_their_own(category: str, answers: dict[str, str], codes: list[str]) -> None:
    assert starting(category, **answers) == codes


def test_a_return_interview_starts_when_the_child_is_found_and_not_before() -> None:
    assert starting("MISSING", "found") == ["RETURN"]
    assert starting("MISSING", "aware", "raised") == []
    assert starting("SERHARM", "found", abuse="YES") == []


@pytest.mark.parametrize(
    ("code", "start", "due"),
    [
        # an ordinary week: the first day counted is the day after
        ("SIN", datetime(2026, 11, 30, 16, 50, tzinfo=UTC), datetime(2026, 12, 7, 17, tzinfo=UTC)),
        ("RAPID", datetime(2026, 11, 30, 16, 50, tzinfo=UTC), datetime(2026, 12, 21, 17, tzinfo=UTC)),
        # a weekend: the same as from the Friday
        ("SIN", datetime(2026, 11, 28, 12, tzinfo=UTC), datetime(2026, 12, 4, 17, tzinfo=UTC)),
        # Christmas: bank holidays don't count, the council's own closure does
        ("SIN", datetime(2026, 12, 23, 10, tzinfo=UTC), datetime(2027, 1, 4, 17, tzinfo=UTC)),
        ("RAPID", datetime(2026, 12, 23, 10, tzinfo=UTC), datetime(2027, 1, 18, 17, tzinfo=UTC)),
        # Easter 2027: Good Friday 26 March, Easter Monday 29 March; 5pm is summer time by then
        ("SIN", datetime(2027, 3, 24, 10, tzinfo=UTC), datetime(2027, 4, 2, 16, tzinfo=UTC)),
        # late in the evening is still that day in London, also in summer
        ("SIN", datetime(2026, 7, 6, 22, 30, tzinfo=UTC), datetime(2026, 7, 13, 16, tzinfo=UTC)),
        ("SIN", datetime(2026, 7, 6, 23, 30, tzinfo=UTC), datetime(2026, 7, 14, 16, tzinfo=UTC)),
    ],
)
def test_statutory_working_days_end_at_five(code: str, start: datetime, due: datetime) -> None:
    assert ntk_prompts.due(rulebook().prompt(code), start, rulebook()) == due


@pytest.mark.parametrize(("code", "hours"), [("ICO", 72), ("RETURN", 72), ("AUTHORITY", 4)])
def test_hours_run_by_the_clock(code: str, hours: int) -> None:
    start = datetime(2026, 12, 24, 16, tzinfo=UTC)

    assert ntk_prompts.due(rulebook().prompt(code), start, rulebook()) == start + timedelta(hours=hours)


def test_reminders_come_at_nine_so_many_statutory_days_before() -> None:
    start = datetime(2026, 12, 23, 10, tzinfo=UTC)

    assert ntk_prompts.warnings(rulebook().prompt("SIN"), start, rulebook()) == [
        datetime(2026, 12, 29, 9, tzinfo=UTC),
        datetime(2026, 12, 31, 9, tzinfo=UTC),
        datetime(2027, 1, 4, 9, tzinfo=UTC),
    ]


def test_a_reminder_before_the_start_or_after_the_end_is_left_out() -> None:
    evening = datetime(2026, 11, 30, 16, 50, tzinfo=UTC)

    assert ntk_prompts.warnings(rulebook().prompt("AUTHORITY"), evening, rulebook()) == []


def test_every_clock_of_the_rulebook_has_an_owner_a_source_and_a_reminder() -> None:
    prompts = rulebook().prompts

    assert [bool(prompt.owner and prompt.source and prompt.warn_days) for prompt in prompts] == [True] * len(prompts)
