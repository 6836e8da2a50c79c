"""Reading a form: each question's answer brought to one shape, every mistake named, identifiers held back."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from casework.domain import cases, london, privacy
from casework.domain.errors import Code, FieldErrors, Found
from casework.domain.ntk_rulebook import Field
from casework.domain.rulebook import Rulebook

CLOCK_SLACK = timedelta(minutes=5)
OLDEST = timedelta(days=366)
LONGEST_LIST = 12
DEFAULT_LENGTH = 1000
REASON = "privacy_reason"
SHORTEST_REASON = 8
PEOPLES_WORDS = frozenset({"text", "long_text", "actions"})
# what, who, by when: an action without an owner or a date is none
ACTION = re.compile(r"[^,;]{3,300}[,;][^,;]{2,80}[,;]\s*[^,;]*\d[^,;]*")
LINK = re.compile(r"https://[^\s<>\"]{3,400}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One child as typed: initials and case id, nothing else."""

    initials: str
    case_id: str


def inputs(fields: Iterable[Field]) -> tuple[str, ...]:
    """The ids of the inputs a form has: a moment is typed as a date and a time."""
    ids: list[str] = []
    for field in fields:
        ids += [f"{field.code}_date", f"{field.code}_time"] if field.kind == "moment" else [field.code]
    return tuple(ids)


def asked(fields: Iterable[Field], *, category: str, page: str = "") -> tuple[Field, ...]:
    """The questions of one page (all pages when empty) that are asked for a category."""
    return tuple(
        field
        for field in fields
        if (not page or field.page == page) and (not field.categories or category in field.categories)
    )


def answers(
    fields: Sequence[Field],
    values: Mapping[str, str],
    *,
    book: Rulebook,
    now: datetime,
    staff: Collection[str] = (),
) -> tuple[dict[str, str], int]:
    """(field code -> answer, how many identifiers stay for the reason given) of a filled-in form.

    Moments come out as UTC in ISO 8601, dates as YYYY-MM-DD, several choices joined by commas, "yes" or "" for a tick.
    Raises FieldErrors with every mistake at once. Identifiers (names, dates of birth, addresses and the like) in
    people's words are mistakes too, unless a reason for keeping them was typed. `staff` are the names, in lower case,
    that may stand where a question allows it.
    """
    errors: dict[str, Code] = {}
    read: dict[str, str] = {}
    for field in fields:
        answer, wrong = _answer(field, values, book=book, now=now)
        errors |= wrong
        read[field.code] = answer
    for field in fields:
        needs = field.required or (field.required_when and read.get(field.required_when.field) in _values(field))
        if needs and not read[field.code] and not _named(field, errors):
            errors[inputs([field])[0]] = Code.MISSING
    found = found_in(fields, read, staff)
    reason = values.get(REASON, "").strip()
    if found and len(reason) < SHORTEST_REASON:
        errors |= {code: Code.PERSONAL_DATA for code in found if code not in errors}
    else:
        read[REASON] = reason if found else ""
    if errors:
        order = [*inputs(fields), REASON]
        raise FieldErrors({key: errors[key] for key in order if key in errors}, found=found)
    return read, sum(len(words) for words in found.values())


def children(text: str, pattern: str) -> tuple[Child, ...] | Code:
    """Children typed one a line, "CD 123457"; what is wrong when a line can't be read."""
    found: list[Child] = []
    for line in re.split(r"[\n;,]+", text):
        words = line.split()
        if not words:
            continue
        case_id = cases.tidy_case_id(words[-1])
        initials = cases.tidy_initials(" ".join(word for word in words[:-1] if word.lower() not in ("id", "id:")))
        if cases.initials_problem(initials) or cases.case_id_problem(case_id, pattern):
            return Code.CHILDREN_FORMAT
        child = Child(initials=initials, case_id=case_id)
        if child not in found:
            found.append(child)
    return tuple(found) if len(found) <= LONGEST_LIST else Code.TOO_LONG


def _values(field: Field) -> tuple[str, ...]:
    return field.required_when.values if field.required_when else ()


def _named(field: Field, errors: Mapping[str, Code]) -> bool:
    return any(key in errors for key in inputs([field]))


def _answer(field: Field, values: Mapping[str, str], *, book: Rulebook, now: datetime) -> tuple[str, dict[str, Code]]:
    """(the answer, what is wrong by input id) of one question; an empty answer is never wrong here."""
    if field.kind == "moment":
        return _moment(field, values, now)
    text = values.get(field.code, "").strip()
    if not text:
        return "", {}
    if field.kind == "category":
        return (text, {}) if text in {c.code for c in book.categories} else ("", {field.code: Code.CHOICE_UNKNOWN})
    if field.kind in ("choice", "choices"):
        known = {choice.code for choice in field.choices}
        chosen = [part for part in text.split(",") if part]
        is_known = set(chosen) <= known and (field.kind == "choices" or len(chosen) == 1)
        return (",".join(chosen), {}) if is_known else ("", {field.code: Code.CHOICE_UNKNOWN})
    if field.kind == "yes_no":
        return ("yes" if text in ("yes", "true") else ""), {}
    return _typed(field, text, book, now)


def _typed(field: Field, text: str, book: Rulebook, now: datetime) -> tuple[str, dict[str, Code]]:
    problem: Code | None = None
    if field.kind == "initials":
        text = cases.tidy_initials(text)
        problem = cases.initials_problem(text)
    elif field.kind == "case_id":
        text = cases.tidy_case_id(text)
        problem = cases.case_id_problem(text, book.council.case_id_pattern)
    elif field.kind == "children":
        found = children(text, book.council.case_id_pattern)
        problem = found if isinstance(found, Code) else None
        text = text if isinstance(found, Code) else "\n".join(f"{child.initials} {child.case_id}" for child in found)
    elif field.kind == "date":
        problem = _date_problem(text, now, is_past=field.is_past)
    elif field.kind == "actions":
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        problem = None if all(ACTION.fullmatch(line) for line in lines) else Code.ACTION_FORMAT
        text = "\n".join(lines)
    elif field.kind == "links":
        lines = text.split()
        problem = None if all(LINK.fullmatch(line) for line in lines) else Code.LINK_FORMAT
        text = "\n".join(lines)
    if problem is None and len(text) > (field.max_length or DEFAULT_LENGTH):
        problem = Code.TOO_LONG
    return text, {field.code: problem} if problem else {}


def _date_problem(text: str, now: datetime, *, is_past: bool) -> Code | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Code.DATE_FORMAT
    if is_past and day > london.local_date(now):
        return Code.IN_THE_FUTURE
    return Code.DATE_FORMAT if abs(day - london.local_date(now)) > OLDEST * 2 else None


def _moment(field: Field, values: Mapping[str, str], now: datetime) -> tuple[str, dict[str, Code]]:
    """A moment that has come already (what happened, since when it is known), or one still to come."""
    day, clock = f"{field.code}_date", f"{field.code}_time"
    typed = values.get(day, "").strip(), values.get(clock, "").strip()
    if not any(typed):
        return "", {}
    if not all(typed):
        return "", {day if not typed[0] else clock: Code.MISSING}
    instant = london.typed_instant(*typed)
    if isinstance(instant, Code):
        return "", {clock if instant in (Code.TIME_FORMAT, Code.TIME_DOES_NOT_EXIST) else day: instant}
    if field.is_ahead:
        return ("", {day: Code.IN_THE_PAST}) if instant <= now else (instant.astimezone(UTC).isoformat(), {})
    if instant > now + CLOCK_SLACK:
        return "", {day: Code.IN_THE_FUTURE}
    if instant < now - OLDEST:
        return "", {day: Code.TOO_LONG_AGO}
    return instant.astimezone(UTC).isoformat(), {}


def found_in(
    fields: Iterable[Field], read: Mapping[str, str], staff: Collection[str] = ()
) -> dict[str, tuple[Found, ...]]:
    """What the privacy guard finds in people's words, by field."""
    found: dict[str, tuple[Found, ...]] = {}
    for field in fields:
        text = read.get(field.code, "")
        if field.kind in PEOPLES_WORDS and text:
            marked = [Found(one.kind.value, text[one.start : one.end]) for one in privacy.findings(text)]
            words = tuple(one for one in marked if not (field.staff_names and one.words.casefold() in staff))
            if words:
                found[field.code] = words
    return found
