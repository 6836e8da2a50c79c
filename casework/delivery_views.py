"""What the office sees of deliveries: what did not arrive, or nobody knows, and who can't be reached at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework.sitting_views import SittingLine


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliveredLine:
    """One card: what kind, to whom, when its last try was, and what is known. Nothing of what it is about."""

    delivery_id: str
    kind: str
    to: str
    at: datetime
    is_unknown: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """What waits for a person's word, the newest first; `unreachable` are (name, why) of people without a chat."""

    lines: tuple[UndeliveredLine, ...]
    more: int
    unreachable: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeDigest:
    """A coordinator's morning: days to settle, who waits for a slot, what did not arrive."""

    to_resolve: tuple[SittingLine, ...]
    waiting: tuple[tuple[str, int], ...]
    today: tuple[SittingLine, ...]
    undelivered: int
    unreachable: int
