"""What coordinators and chairs are shown of sittings: the list, one sitting, what a change would do, what it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingLine:
    """One sitting of a list. `status` "ask": its day is closed and nobody has decided yet; `reason` says why."""

    sitting_id: str
    panel: str
    panel_name: str
    starts_at: datetime
    ends_at: datetime
    status: str
    is_extraordinary: bool
    booked: int
    capacity: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingList:
    """`to_resolve` come first: they wait for a decision; `moved` are settled, by the rule or by hand.

    `waiting` counts items without a slot, by panel.
    """

    to_resolve: tuple[SittingLine, ...]
    coming: tuple[SittingLine, ...]
    waiting: tuple[tuple[str, int], ...]
    more: int
    panels: tuple[tuple[str, str], ...]
    moved: tuple[SittingLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One item and where it goes: a sitting, or the waiting list."""

    item_id: str
    reference: str
    initials: str
    case_id: str
    band: str
    to_starts_at: datetime | None
    to_panel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingPage:
    """One sitting as its coordinator manages it, or its chair."""

    line: SittingLine
    panel: str
    version: int
    papers_due_at: datetime
    venue: str
    agenda_sent: bool
    minutes: int
    items: tuple[Placed, ...]
    may_manage: bool
    may_waive: bool
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingPreview:
    """What a change would do, before it is saved. `to_starts_at` None: the sitting would not take place."""

    page: SittingPage
    to_starts_at: datetime | None
    to_ends_at: datetime | None
    venue: str
    papers_due_at: datetime | None
    is_past_deadline: bool
    capacity: int
    stays: tuple[Placed, ...]
    leaves: tuple[Placed, ...]
    warnings: tuple[str, ...]
    told: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingChanged:
    """To everyone concerned: what became of a sitting, and of this reader's own items."""

    panel_name: str
    kind: str
    from_starts_at: datetime
    to_starts_at: datetime | None
    to_ends_at: datetime | None
    venue: str
    papers_due_at: datetime | None
    who: str
    reason: str
    mine: tuple[Placed, ...]
    sitting_id: str
    may_see_agenda: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """One item that waits for a slot, with what puts it where it stands in the line."""

    item_id: str
    version: int
    reference: str
    initials: str
    case_id: str
    panel_name: str
    band: str
    waiting_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attending:
    """One person who may be at a sitting: `state` "present", "apologies" or empty, `stands_for` a name."""

    person_id: str
    name: str
    role: str
    state: str
    stands_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """One item of a sitting as it is run: what became of it so far."""

    item_id: str
    reference: str
    child: str
    request_type: str
    presenter: str
    starts_at: datetime
    state: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingRecord:
    """A sitting as its chair runs it and as its record stands. `quorum` is empty where the panel is quorate.

    `unseen` counts items the reader is kept out of.
    """

    sitting_id: str
    version: int
    panel: str
    panel_name: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    is_started: bool
    is_closed: bool
    confirmed_at: datetime | None
    confirmed_by: str
    confirm_by: datetime | None
    attending: tuple[Attending, ...]
    quorum: str
    lines: tuple[SessionLine, ...]
    addenda: tuple[str, ...]
    may_run: bool
    may_add: bool
    unseen: int
