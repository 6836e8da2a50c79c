"""Every way a rule can say no, as codes: raised where the rule is, put into words once, at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Code(StrEnum):
    """One code for each thing that can be wrong; cards.wording holds one sentence for each."""

    # what is wrong with one field of a form
    MISSING = "missing"
    TOO_LONG = "too_long"
    INITIALS_FORMAT = "initials_format"
    CASE_ID_FORMAT = "case_id_format"
    CHOICE_UNKNOWN = "choice_unknown"
    DATE_FORMAT = "date_format"
    TIME_FORMAT = "time_format"
    TIME_DOES_NOT_EXIST = "time_does_not_exist"
    IN_THE_FUTURE = "in_the_future"
    TOO_LONG_AGO = "too_long_ago"
    # why a booking can't be made
    SITTING_FULL = "sitting_full"
    SITTING_NOT_OPEN = "sitting_not_open"
    PAPERS_PASSED = "papers_passed"
    ALREADY_BOOKED = "already_booked"
    AGENDA_SENT = "agenda_sent"
    ITEM_CANCELLED = "item_cancelled"
    # why anything can't be done
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    DRAFT_GONE = "draft_gone"
    STALE_CARD = "stale_card"
    BUSY = "busy"
    STORE_DOWN = "store_down"


class CaseworkError(Exception):
    """Something the person asked for can't be done, with the code that says why."""

    def __init__(self, code: Code, **values: str) -> None:
        super().__init__(code.value)
        self.code = code
        self.values = values


class FieldErrors(CaseworkError):
    """A form has mistakes: all of them, by field name, so that one look mends everything."""

    def __init__(self, errors: Mapping[str, Code]) -> None:
        first = next(iter(errors.values()))
        super().__init__(first)
        self.errors = dict(errors)


class Refusal(CaseworkError):
    """A rule forbids it, or what it was about has changed meanwhile. Nothing was changed."""
