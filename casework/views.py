"""What people are shown: frozen read models, already cut to what this one reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a list to choose from: the value that is stored and the words that are shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingOffer:
    """A sitting somebody may book into: its slots, and by when papers are due."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """A sitting with its filled slots, in order."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanged:
    """Somebody else changed or cancelled an item the reader asked for or presents."""

    item: ItemCard
    changed_by: str
