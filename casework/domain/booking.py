"""The rules of booking an item into a slot: lanes, priority bands, which sittings are on offer, every objection."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from casework.domain import working_days
from casework.domain.errors import Code
from casework.domain.panel_rulebook import Panel
from casework.domain.rulebook import CalendarRules

Lane = Literal["open", "urgent", "share"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One meeting of a panel. Instants are aware UTC.

    Its slots stand in three lanes: `capacity` open to ordinary booking, `urgent_slots` held for what can't wait, and
    `share_slots` for the panel incorporated in it. Held ones become open when they are released.
    """

    id: str
    panel: str
    starts_at: datetime
    ends_at: datetime
    papers_due_at: datetime
    status: str
    capacity: int
    booked: int
    incorporates: tuple[str, ...]
    agenda_sent_at: datetime | None
    version: int
    original_on: date | None = None
    slots: int = 0
    slot_minutes: int = 0
    kind: str = "ordinary"
    venue: str = ""
    reason: str = ""
    rulebook_version: int = 0
    minutes: int = 0
    minutes_booked: int = 0
    urgent_slots: int = 0
    urgent_booked: int = 0
    share_slots: int = 0
    share_booked: int = 0
    is_urgent_released: bool = False
    is_share_released: bool = False
    agenda_state: str = "draft"
    agenda_version: int = 0
    started_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def free(self) -> int:
        """Ordinary slots nobody has."""
        return self.free_in("open")

    @property
    def taken(self) -> int:
        """Slots somebody has, or has been offered, whatever the lane."""
        return self.booked + self.urgent_booked + self.share_booked

    @property
    def minutes_left(self) -> int:
        """Minutes nobody has and no held slot needs."""
        held = self.urgent_slots - self.urgent_booked + self.share_slots - self.share_booked
        return self.minutes - self.minutes_booked - held * self.slot_minutes

    def free_in(self, lane: Lane) -> int:
        """How many ordinary items the lane still takes; a long item may find no time where this says one."""
        slots, booked = {
            "open": (self.capacity, self.booked),
            "urgent": (self.urgent_slots, self.urgent_booked),
            "share": (self.share_slots, self.share_booked),
        }[lane]
        by_time = (
            self.minutes_left // self.slot_minutes if lane == "open" and self.minutes and self.slot_minutes else 99
        )
        return max(0, min(slots - booked, by_time))

    def lanes_for(self, panel: str, *, is_urgent: bool = False) -> tuple[Lane, ...]:
        """The lanes an item may take, in order: its own panel's share first, a held urgent slot last."""
        is_guest = panel != self.panel and self.share_slots > 0
        lanes: tuple[Lane, ...] = ("share",) if is_guest else ()
        if not is_guest or self.is_share_released:
            lanes += ("open",)
        return (*lanes, "urgent") if is_urgent else lanes

    def lane_free(self, panel: str, *, is_urgent: bool = False, minutes: int = 0) -> Lane | None:
        """The lane an item of so many minutes would go into; None where there is no place for it."""
        for lane in self.lanes_for(panel, is_urgent=is_urgent):
            spare = self.minutes_left + (0 if lane == "open" else self.slot_minutes)
            if self.free_in(lane) and (not self.minutes or (minutes or self.slot_minutes) <= spare):
                return lane
        return None

    def free_for(self, panel: str) -> int:
        """How many ordinary items of a panel it still takes."""
        return sum(self.free_in(lane) for lane in self.lanes_for(panel))

    def with_one_more(self, lane: Lane, minutes: int = 0) -> Sitting:
        """The same with one more item in a lane."""
        time = self.minutes_booked + (minutes or self.slot_minutes)
        if lane == "urgent":
            return replace(self, urgent_booked=self.urgent_booked + 1, minutes_booked=time)
        if lane == "share":
            return replace(self, share_booked=self.share_booked + 1, minutes_booked=time)
        return replace(self, booked=self.booked + 1, minutes_booked=time)

    def hears(self, panel: str) -> bool:
        """Whether an item for `panel` can be heard here: its own panel, or one incorporated into this sitting."""
        return panel == self.panel or panel in self.incorporates


def objections(
    sitting: Sitting, *, panel: str, now: datetime, may_book_late: bool, is_urgent: bool = False, minutes: int = 0
) -> tuple[Code, ...]:
    """Every reason why an item for `panel` can't be booked into `sitting` now; empty when it can.

    What can't wait may come after the papers' cut-off, into a slot held for it.
    """
    found: list[Code] = []
    if not sitting.hears(panel) or sitting.status not in ("planned", "moved") or sitting.starts_at <= now:
        found.append(Code.SITTING_NOT_OPEN)
    if sitting.lane_free(panel, is_urgent=is_urgent, minutes=minutes) is None:
        found.append(Code.SITTING_FULL)
    if sitting.papers_due_at <= now and not may_book_late and not is_urgent:
        found.append(Code.PAPERS_PASSED)
    return tuple(found)


def band(panel: Panel, request_type: str, deadline_on: date | None, today: date, calendar: CalendarRules) -> int:
    """The priority band of a request: its type's, or a higher one where the date that can't move is near.

    Source: the panel's own bands, first = highest (`near` in the rulebook).
    """
    found = panel.band_of(request_type)
    if deadline_on is None:
        return found
    for near in panel.near:
        last = today + timedelta(days=near.days)
        if near.count == "working":
            last = today
            for _ in range(near.days):
                last = working_days.operating_day_after(last, calendar)
        if deadline_on <= last:
            found = min(found, near.band)
    return found


def reference(year: int, number: int) -> str:
    """The reference people quote for an item: ITEM-2026-0042. It holds nothing about the child."""
    return f"ITEM-{year}-{number:04d}"
