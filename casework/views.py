"""What people are shown: frozen read models, already cut to what this one reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a list to choose from: the value that is stored and the words that are shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingOffer:
    """A sitting somebody may book into: its slots, and by when papers are due; `only_urgent`: only what can't wait."""

    sitting_id: str
    panel: str
    panel_name: str
    starts_at: datetime
    ends_at: datetime
    papers_due_at: datetime
    free: int
    capacity: int
    is_open: bool
    incorporates: tuple[str, ...]
    only_urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCard:
    """One booked item as its requester, presenter or coordinator sees it."""

    item_id: str
    version: int
    reference: str
    initials: str
    case_id: str
    panel: str
    panel_name: str
    request_type: str
    presenter: str
    state: str
    sitting_id: str
    starts_at: datetime | None
    ends_at: datetime | None
    slot_starts_at: datetime | None
    place: int | None
    papers_due_at: datetime | None
    may_change: bool
    agenda_sent: bool
    has_waited: bool = False
    children: tuple[str, ...] = ()
    is_urgent: bool = False
    awaiting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaLine:
    """One slot of an agenda."""

    item_id: str
    place: int
    starts_at: datetime
    reference: str
    initials: str
    case_id: str
    panel: str
    request_type: str
    presenter: str
    minutes: int = 0
    siblings: int = 0
    papers: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """A sitting with its filled slots, in order.

    `version` 0: not released yet. `unseen` are readers who have not seen the newest version, `overflow` references
    that are due here and have no slot, `hidden` counts items this reader is kept out of.
    """

    sitting_id: str
    panel: str
    panel_name: str
    starts_at: datetime
    ends_at: datetime
    papers_due_at: datetime
    status: str
    capacity: int
    free: int
    incorporates: tuple[str, ...]
    lines: tuple[AgendaLine, ...]
    is_change: bool
    state: str = "draft"
    version: int = 0
    digest: str = ""
    changes: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    seen: bool = False
    overflow: tuple[str, ...] = ()
    hidden: int = 0
    venue: str = ""
    warnings: tuple[str, ...] = ()
    may_lock: bool = False
    may_release: bool = False
    may_start: bool = False
    is_in_session: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One entry of somebody's calendar: from `starts_at` to `ends_at` (aware), or the whole day `on`.

    `status` is "confirmed", "tentative" or "cancelled". A deadline takes nobody's time.
    """

    id: str
    words: str
    on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    status: str = "confirmed"
    is_deadline: bool = False
