"""What goes on paper: an agenda and a decision sheet, cut to what its reader may see. Instants are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPaperLine:
    """One slot. `children` are "AB (ID 100101)", `flags` short words such as "Week 14 of 16" or "Papers late"."""

    number: int
    starts_at: datetime
    minutes: int
    reference: str
    children: tuple[str, ...]
    request_type: str
    presenter: str
    readiness: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaPaper:
    """One released version of an agenda. `overflow` are references due for which there is no slot."""

    council: str
    panel_name: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    chair: str
    version: int
    digest: str
    released_at: datetime | None
    lines: tuple[AgendaPaperLine, ...]
    changes: tuple[str, ...]
    overflow: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """Who does what by when; `done_on` None while it is open."""

    what: str
    owner: str
    due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildDecision:
    """What was decided for one child. Empty texts and None dates are left out."""

    child: str
    outcome_code: str
    outcome: str
    is_in_principle: bool
    rationale: str
    conditions: str
    dissent: str
    cost: str
    until_on: date | None
    review_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionItem:
    """One item as it was heard. `advice` is privileged legal advice: empty for who may not read it."""

    number: int
    reference: str
    request_type: str
    presenter: str
    decisions: tuple[ChildDecision, ...]
    advice: str
    actions: tuple[ActionLine, ...]
    not_decided: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPaper:
    """The record of one sitting. `confirmed_at` None: a draft, not yet confirmed by the chair."""

    council: str
    panel_name: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    chair: str
    present: tuple[str, ...]
    apologies: tuple[str, ...]
    quorum: str
    confirmed_at: datetime | None
    confirmed_by: str
    digest: str
    items: tuple[DecisionItem, ...]
    addenda: tuple[str, ...]
