"""The outside clocks an NTK starts: which, when each is due, when its owner is reminded. None is stopped here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from casework.domain import clocks, london, working_days
from casework.domain.ntk_rulebook import Prompt
from casework.domain.rulebook import Rulebook

END_OF_DAY = time(17, 0)
MORNING = time(9, 0)


def starting(book: Rulebook, *, category: str, answers: Mapping[str, str], starts: tuple[str, ...]) -> list[Prompt]:
    """The prompts that begin at one of the moments `starts` ("aware", "raised", "found") for these facts."""
    return [
        prompt
        for prompt in book.prompts
        if prompt.starts in starts
        and (not prompt.categories or category in prompt.categories)
        and (prompt.when_given is None or answers.get(prompt.when_given, ""))
        and _is_met(prompt, book, category, answers)
    ]


def due(prompt: Prompt, start: datetime, book: Rulebook) -> datetime:
    """When a prompt is due (UTC): statutory working days end at 5pm and run through the council's closure.

    Working Together counts working days from the day after the council became aware.
    """
    if prompt.hours is not None:
        return start + timedelta(hours=prompt.hours)
    assert prompt.statutory_days is not None
    day = clocks.statutory_days_after(london.local_date(start), prompt.statutory_days, book.calendar)
    return clocks.local_instant(day, END_OF_DAY).astimezone(UTC)


def warnings(prompt: Prompt, start: datetime, book: Rulebook) -> list[datetime]:
    """When the owner is reminded (UTC, soonest first): so many statutory working days before it is due, at 9am.

    A reminder for the day itself comes at 9am of that day; one that would lie before the start is left out.
    """
    end = due(prompt, start, book)
    moments = set()
    for days in prompt.warn_days:
        day = london.local_date(end)
        for _ in range(days):
            day -= timedelta(days=1)
            while not working_days.is_statutory_working_day(day, book.calendar):
                day -= timedelta(days=1)
        moment = clocks.local_instant(day, MORNING).astimezone(UTC)
        if start < moment < end:
            moments.add(moment)
    return sorted(moments)


def _is_met(prompt: Prompt, book: Rulebook, category: str, answers: Mapping[str, str]) -> bool:
    """Whether one of the conditions holds. One on what nobody asks for this category can't be ruled out, and counts."""
    asked = {field.code for field in book.fields if not field.categories or category in field.categories}
    return not prompt.when_any or any(
        when.field not in asked or answers.get(when.field, "") in when.values for when in prompt.when_any
    )
