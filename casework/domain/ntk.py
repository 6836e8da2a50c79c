"""A need-to-know notification (NTK): its states, what its raiser wrote, and the level it begins at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casework.domain import forms
from casework.domain.errors import Code, FieldErrors
from casework.domain.forms import Child
from casework.domain.ntk_rulebook import Category, Field
from casework.domain.rulebook import Rulebook

RESTRICT = "restrict"
PAGES = ("who", "what")
# the answers Usher itself acts on: everything else is only kept and shown
KNOWN_FIELDS: Mapping[str, str] = {
    "category": "category",
    "initials": "initials",
    "case_id": "case_id",
    "aware": "moment",
    "what_happened": "long_text",
}


class State(StrEnum):
    """Where an NTK stands. A draft is a form of its raiser's and no NTK yet; "reopened" is open again."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    OPEN = "open"
    CLOSED = "closed"
    NOT_NTK = "not_ntk"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


LIVE = frozenset({State.SUBMITTED, State.RETURNED, State.OPEN})
UNCHECKED = frozenset({State.SUBMITTED, State.RETURNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the raiser typed, read and without mistakes. `aware_at` is an aware UTC instant."""

    category: str
    children: tuple[Child, ...]
    aware_at: datetime
    level: int
    is_restricted: bool
    answers: Mapping[str, str]
    kept_identifiers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrative:
    """What one NTK says of whom: sealed at rest, shown only to named readers, every read audited."""

    children: tuple[Child, ...]
    answers: Mapping[str, str]

    @property
    def label(self) -> tuple[str, str]:
        """(initials, case id) of the first child, with the number of others behind the initials."""
        others = len(self.children) - 1
        first = self.children[0]
        return (f"{first.initials} and {others} more" if others else first.initials), first.case_id


def fields_of(book: Rulebook, category: str, page: str = "") -> tuple[Field, ...]:
    """The questions of an NTK for a category; before one is chosen only those asked for every category."""
    return forms.asked(book.fields, category=category, page=page)


def first_page(values: Mapping[str, str], *, book: Rulebook, now: datetime) -> None:
    """Raises FieldErrors for every mistake on the first form."""
    fields = fields_of(book, values.get("category", ""), "who")
    _with_children(forms.answers(fields, values, book=book, now=now)[0], book)


def checked(values: Mapping[str, str], *, book: Rulebook, now: datetime, staff: Collection[str] = ()) -> Draft:
    """The whole form read and checked; `now` is aware UTC. Raises FieldErrors with every mistake of every page.

    The clock for statutory steps starts when the council became aware, so that moment is asked for and can't lie
    ahead.
    """
    fields = fields_of(book, values.get("category", ""))
    answers, kept = forms.answers(fields, values, book=book, now=now, staff=staff)
    children = _with_children(answers, book)
    category = book.category(answers["category"])
    told = {"category", "initials", "case_id", "other_children", "aware"}
    return Draft(
        category=category.code,
        children=children,
        aware_at=datetime.fromisoformat(answers["aware"]),
        level=level_of(category, answers),
        is_restricted=category.restricted or answers.get(RESTRICT, "") not in ("", "NO"),
        answers={code: answer for code, answer in answers.items() if answer and code not in told},
        kept_identifiers=kept,
    )


def level_of(category: Category, answers: Mapping[str, str]) -> int:
    """The level an NTK begins at: the most serious (lowest number) that its category and answers give."""
    fitting = [rule.level for rule in category.level_when if answers.get(rule.field, "") in rule.values]
    return min([category.level, *fitting])


def page_of(errors: Mapping[str, Code], book: Rulebook, category: str) -> str:
    """The first page with a mistake on it."""
    on_first = set(forms.inputs(fields_of(book, category, "who")))
    return "who" if on_first & set(errors) else "what"


def reference(year: int, number: int) -> str:
    """The reference people quote: NTK-2026-0042. It holds nothing about the child."""
    return f"NTK-{year}-{number:04d}"


def _with_children(answers: Mapping[str, str], book: Rulebook) -> tuple[Child, ...]:
    first = Child(initials=answers["initials"], case_id=answers["case_id"])
    others = forms.children(answers.get("other_children", ""), book.council.case_id_pattern)
    assert not isinstance(others, Code)
    if any(child.case_id == first.case_id for child in others):
        raise FieldErrors({"other_children": Code.CHILD_TWICE})
    return (first, *others)
