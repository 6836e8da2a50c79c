"""What is sent and how: the kinds of delivery, the states one goes through, and what an unknown end means for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Literal


class Kind(StrEnum):
    """Every kind of card Usher sends of itself, or keeps up to date once sent."""

    NTK_NEW = "ntk_new"
    NTK_RECIPIENT_CARD = "ntk_recipient_card"
    NTK_RECEIPT_CARD = "ntk_receipt_card"
    NTK_NOT_DELIVERED = "ntk_not_delivered"
    AGENDA = "agenda"
    PRESENTER_REMINDER = "presenter_reminder"
    ITEM_CHANGED = "item_changed"


class State(StrEnum):
    """Where a delivery stands. Everything but WAITING and LEASED is an end."""

    WAITING = "waiting"
    LEASED = "leased"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How one kind is sent.

    `on_unknown`: "again" sends once more at once and says so; "hold" waits for a person, since a doubled agenda does
    harm too; "once" tries one more time and then holds. `is_update` changes a card already in
    the chat, which may be repeated freely. Of `is_latest_only` kinds only the newest waiting card is sent.
    `late_after` drops what is no longer useful.
    """

    on_unknown: Literal["again", "hold", "once"]
    priority: int
    is_update: bool = False
    is_latest_only: bool = False
    late_after: timedelta | None = None
    max_attempts: int = 48


POLICIES: dict[Kind, Policy] = {
    Kind.NTK_NEW: Policy(on_unknown="again", priority=1),
    Kind.NTK_NOT_DELIVERED: Policy(on_unknown="again", priority=1, is_latest_only=True),
    Kind.NTK_RECIPIENT_CARD: Policy(
        on_unknown="again", priority=3, is_update=True, is_latest_only=True, max_attempts=8
    ),
    Kind.NTK_RECEIPT_CARD: Policy(on_unknown="again", priority=3, is_update=True, is_latest_only=True, max_attempts=8),
    Kind.ITEM_CHANGED: Policy(on_unknown="again", priority=4),
    Kind.AGENDA: Policy(on_unknown="hold", priority=5, is_latest_only=True),
    Kind.PRESENTER_REMINDER: Policy(on_unknown="once", priority=5, late_after=timedelta(days=1)),
}

LEVEL_ONE_PRIORITY = 0
BACKOFF_SECONDS = (2, 5, 15, 30, 60, 120, 300, 600, 900)


UNKNOWN_BACKOFF_SECONDS = (2, 60, 300, 900)


def backoff(attempts: int, *, was_unknown: bool = False) -> timedelta:
    """How long to wait after the n-th failed attempt, before jitter: 2 seconds growing to 15 minutes.

    After an unknown outcome the first try comes at once and the others slowly: each may double what did arrive.
    """
    seconds = UNKNOWN_BACKOFF_SECONDS if was_unknown else BACKOFF_SECONDS
    return timedelta(seconds=seconds[min(attempts, len(seconds)) - 1])
