"""What people are shown: frozen read models, already cut to what this one reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a list to choose from: the value that is stored and the words that are shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPerson:
    """One person an NTK is addressed to, and how it stands with them.

    `reached` is "waiting" until Teams has taken the card, "yes" once it has, "no" when it can't be delivered, and
    "unsure" while nobody knows. `phone` is filled only where somebody has to be phoned.
    """

    name: str
    tier: str
    reached: Literal["waiting", "yes", "no", "unsure"]
    acknowledged_at: datetime | None
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkPreview:
    """What a raiser checks before sending: the NTK as it would be, and who would be told."""

    draft_id: str
    category: str
    level: int
    level_meaning: str
    initials: str
    case_id: str
    aware_at: datetime
    what_happened: str
    actions_taken: str
    who_told: str
    told: tuple[ToldPerson, ...]
    gaps: tuple[str, ...]
    initials_differ: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkReceipt:
    """The raiser's own card: the reference, exactly who was told, and who has acknowledged."""

    ntk_id: str
    reference: str
    category: str
    level: int
    initials: str
    case_id: str
    raised_at: datetime
    told: tuple[ToldPerson, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkCard:
    """A recipient's card: the notification itself, and their button to acknowledge it."""

    ntk_id: str
    reference: str
    category: str
    level: int
    level_meaning: str
    initials: str
    case_id: str
    raised_by: str
    raiser_phone: str
    team: str
    raised_at: datetime
    aware_at: datetime
    what_happened: str
    actions_taken: str
    who_told: str
    told: tuple[ToldPerson, ...]
    acknowledged_at: datetime | None
    may_acknowledge: bool
    sent_again_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkLine:
    """One NTK in a list."""

    ntk_id: str
    reference: str
    category: str
    level: int
    initials: str
    case_id: str
    raised_at: datetime
    acknowledged: int
    told: int


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
class NotDelivered:
    """An NTK could not be put before somebody: whom the raiser has to phone now."""

    ntk_id: str
    reference: str
    level: int
    initials: str
    case_id: str
    to_phone: tuple[ToldPerson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanged:
    """Somebody else changed or cancelled an item the reader asked for or presents."""

    item: ItemCard
    changed_by: str
