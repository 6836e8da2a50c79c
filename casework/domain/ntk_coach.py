"""The threshold coach: for the facts chosen, when something must be raised and by when. It never says "not an NTK"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.domain import ntk, office_hours
from casework.domain.ntk_rulebook import Criterion, Missing
from casework.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the rulebook says for these facts. `raise_by` counts from when the council knew, not from the typing."""

    level: int
    criteria: tuple[Criterion, ...]
    missing: tuple[Missing, ...]
    raise_by: datetime | None


def advise(book: Rulebook, *, category: str, answers: Mapping[str, str], aware_at: datetime | None) -> Advice:
    """The criteria of a category, the steps for a missing child of this status and risk, the time to raise it by.

    Raises KeyError for a category the rulebook doesn't have. All instants are aware UTC.
    """
    level = ntk.level_of(book.category(category), answers)
    within = book.level(level).raise_within
    return Advice(
        level=level,
        criteria=tuple(criterion for criterion in book.criteria if criterion.category == category),
        missing=tuple(missing_steps(book, answers)) if "missing_since" in _fields(book, category) else (),
        raise_by=office_hours.due(aware_at, within, book) if aware_at is not None and within is not None else None,
    )


def missing_steps(book: Rulebook, answers: Mapping[str, str]) -> list[Missing]:
    """The thresholds that fit a missing child's status and risk, soonest first."""
    fitting = [
        rule
        for rule in book.missing
        if (not rule.statuses or answers.get("status", "") in rule.statuses)
        and (not rule.risks or answers.get("missing_risk", "") in rule.risks)
    ]
    return sorted(fitting, key=lambda rule: (rule.hours, rule.code))


def missing_due(rule: Missing, missing_since: datetime) -> datetime:
    """When a threshold passes: clock hours since the child was last seen, nights and weekends among them."""
    return missing_since + timedelta(hours=rule.hours)


def _fields(book: Rulebook, category: str) -> set[str]:
    return {field.code for field in ntk.fields_of(book, category)}
