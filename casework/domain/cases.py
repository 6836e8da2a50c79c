"""How a child is named in chat: initials and a case id, nothing more, checked and written one way."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casework.domain.errors import Code

MAX_INITIALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRef:
    """A case as Usher knows it: its own id, the council's case id, and who holds it."""

    id: str
    case_id: str
    initials: str
    team: str
    service: str
    allocated_person_id: str | None


def tidy_initials(text: str) -> str:
    """Bring typed initials to one form: "a.b." and "A B" are both "AB"."""
    return re.sub(r"[\s.\-']", "", text).upper()


def tidy_case_id(text: str) -> str:
    """Bring a typed case id to one form: no spaces, capitals."""
    return re.sub(r"\s", "", text).upper()


def initials_problem(initials: str) -> Code | None:
    """What is wrong with tidied initials: they are 1 to 4 letters (chat carries initials only)."""
    if not initials:
        return Code.MISSING
    if len(initials) > MAX_INITIALS or not initials.isalpha():
        return Code.INITIALS_FORMAT
    return None


def case_id_problem(case_id: str, pattern: str) -> Code | None:
    """What is wrong with a tidied case id, by the council's own pattern (a regular expression from the rulebook)."""
    if not case_id:
        return Code.MISSING
    if not re.fullmatch(pattern, case_id):
        return Code.CASE_ID_FORMAT
    return None
