"""Every way a rule can say no, as codes: raised where the rule is, put into words once, at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    CHILDREN_FORMAT = "children_format"
    BEFORE_MISSING = "before_missing"
    CHILD_TWICE = "child_twice"
    ACTION_FORMAT = "action_format"
    LINK_FORMAT = "link_format"
    PERSON_UNKNOWN = "person_unknown"
    PERSON_UNCLEAR = "person_unclear"
    PERSONAL_DATA = "personal_data"
    NOT_LATER = "not_later"
    REFERENCE_UNKNOWN = "reference_unknown"
    RESTRICTED_MERGE = "restricted_merge"
    SAME_AS_BEFORE = "same_as_before"
    PERSON_BELOW = "person_below"
    IN_THE_PAST = "in_the_past"
    DAY_CLOSED = "day_closed"
    # why a booking can't be made
    SITTING_FULL = "sitting_full"
    SITTING_NOT_OPEN = "sitting_not_open"
    PAPERS_PASSED = "papers_passed"
    ALREADY_BOOKED = "already_booked"
    AGENDA_SENT = "agenda_sent"
    ITEM_CANCELLED = "item_cancelled"
    SITTING_OVER = "sitting_over"
    OFFER_LAPSED = "offer_lapsed"
    NO_LAWYER = "no_lawyer"
    NOT_QUORATE = "not_quorate"
    NOT_IN_SESSION = "not_in_session"
    MINUTES_CONFIRMED = "minutes_confirmed"
    NO_TIME_LEFT = "no_time_left"
    # why something can't be done to a need-to-know
    NTK_CLOSED = "ntk_closed"
    NTK_CHECKED_ALREADY = "ntk_checked_already"
    PROMPTS_OPEN = "prompts_open"
    ALREADY_DONE = "already_done"
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


@dataclass(frozen=True, slots=True)
class Found:
    """Something in people's words that may say who a person is: what kind of thing, and the words themselves."""

    kind: str
    words: str


class FieldErrors(CaseworkError):
    """A form has mistakes: all of them, by input id, so that one look mends everything.

    `found` holds what the privacy guard found, by field; it is shown to the person who typed it and kept nowhere.
    """

    def __init__(self, errors: Mapping[str, Code], *, found: Mapping[str, tuple[Found, ...]] | None = None) -> None:
        first = next(iter(errors.values()))
        super().__init__(first)
        self.errors = dict(errors)
        self.found = dict(found or {})


class Refusal(CaseworkError):
    """A rule forbids it, or what it was about has changed meanwhile. Nothing was changed."""
