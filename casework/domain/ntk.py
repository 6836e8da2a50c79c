"""A need-to-know notification (NTK): what it holds, and the rules a draft must meet before it is raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.domain import cases, london
from casework.domain.errors import Code, FieldErrors
from casework.domain.rulebook import Rulebook

MAX_NARRATIVE = 1000
OLDEST_AWARE = timedelta(days=366)
CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the raiser typed, already read from the form: texts tidied, `aware_at` an aware UTC instant or None."""

    category: str
    initials: str
    case_id: str
    aware_at: datetime | None
    what_happened: str
    actions_taken: str
    who_told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrative:
    """The free text of one NTK: sealed at rest, shown only to named readers, every read audited."""

    initials: str
    case_id: str
    what_happened: str
    actions_taken: str
    who_told: str


def check(draft: Draft, *, rulebook: Rulebook, now: datetime) -> None:
    """Refuse a draft that can't be raised.

    Raises FieldErrors with every mistake at once. `now` is aware UTC. The clock for statutory steps starts when the
    council became aware, so that moment is required and can't lie ahead.
    """
    errors: dict[str, Code] = {}
    if draft.category not in {category.code for category in rulebook.categories}:
        errors["category"] = Code.CHOICE_UNKNOWN if draft.category else Code.MISSING
    if problem := cases.initials_problem(draft.initials):
        errors["initials"] = problem
    if problem := cases.case_id_problem(draft.case_id, rulebook.council.case_id_pattern):
        errors["case_id"] = problem
    if draft.aware_at is None:
        errors["aware_date"] = Code.MISSING
    elif draft.aware_at > now + CLOCK_SLACK:
        errors["aware_date"] = Code.IN_THE_FUTURE
    elif draft.aware_at < now - OLDEST_AWARE:
        errors["aware_date"] = Code.TOO_LONG_AGO
    for field in ("what_happened", "actions_taken", "who_told"):
        text = getattr(draft, field)
        if not text:
            errors[field] = Code.MISSING
        elif len(text) > MAX_NARRATIVE:
            errors[field] = Code.TOO_LONG
    if errors:
        raise FieldErrors(errors)


def reference(year: int, number: int) -> str:
    """The reference people quote: NTK-2026-0042. It holds nothing about the child."""
    return f"NTK-{year}-{number:04d}"


FIELDS = ("category", "initials", "case_id", "aware_date", "aware_time", "what_happened", "actions_taken", "who_told")


def read(fields: Mapping[str, str]) -> Draft:
    """Read a form's texts (keys as in FIELDS, missing ones count as empty) into a draft.

    Raises FieldErrors when the date or time can't be read; what else is wrong is for `check`.
    """
    texts = {field: fields.get(field, "").strip() for field in FIELDS}
    aware_at: datetime | None = None
    if texts["aware_date"] or texts["aware_time"]:
        instant = london.typed_instant(texts["aware_date"], texts["aware_time"])
        if isinstance(instant, Code):
            at_fault = "aware_time" if instant in (Code.TIME_FORMAT, Code.TIME_DOES_NOT_EXIST) else "aware_date"
            raise FieldErrors({at_fault: Code.MISSING if not texts[at_fault] else instant})
        aware_at = instant
    return Draft(
        category=texts["category"],
        initials=cases.tidy_initials(texts["initials"]),
        case_id=cases.tidy_case_id(texts["case_id"]),
        aware_at=aware_at,
        what_happened=texts["what_happened"],
        actions_taken=texts["actions_taken"],
        who_told=texts["who_told"],
    )


def checked(fields: Mapping[str, str], *, rulebook: Rulebook, now: datetime) -> Draft:
    """Read and check a form in one go; raises FieldErrors with every mistake of both."""
    errors: dict[str, Code] = {}
    try:
        draft = read(fields)
    except FieldErrors as unread:
        errors.update(unread.errors)
        draft = read({**fields, "aware_date": "", "aware_time": ""})
    try:
        check(draft, rulebook=rulebook, now=now)
    except FieldErrors as wrong:
        errors = {**wrong.errors, **errors}
        if "aware_time" in errors:
            errors.pop("aware_date", None)
    if errors:
        raise FieldErrors({field: errors[field] for field in FIELDS if field in errors})
    return draft
