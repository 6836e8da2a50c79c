"""The rules of booking an item into a slot of a sitting: which sittings are on offer, and every objection at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from casework.domain.errors import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One meeting of a panel. Instants are aware UTC. `capacity` counts slots open to ordinary booking."""

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

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.booked)

    def hears(self, panel: str) -> bool:
        """Whether an item for `panel` can be heard here: its own panel, or one incorporated into this sitting."""
        return panel == self.panel or panel in self.incorporates


def objections(sitting: Sitting, *, panel: str, now: datetime, may_book_late: bool) -> tuple[Code, ...]:
    """Every reason why an item for `panel` can't be booked into `sitting` now; empty when it can."""
    found: list[Code] = []
    if not sitting.hears(panel) or sitting.status not in ("planned", "moved") or sitting.starts_at <= now:
        found.append(Code.SITTING_NOT_OPEN)
    if sitting.free == 0:
        found.append(Code.SITTING_FULL)
    if sitting.papers_due_at <= now and not may_book_late:
        found.append(Code.PAPERS_PASSED)
    return tuple(found)


def reference(year: int, number: int) -> str:
    """The reference people quote for an item: ITEM-2026-0042. It holds nothing about the child."""
    return f"ITEM-{year}-{number:04d}"
