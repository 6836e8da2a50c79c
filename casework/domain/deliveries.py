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
    NTK_REMINDER = "ntk_reminder"
    NTK_ESCALATED = "ntk_escalated"
    NTK_EXHAUSTED = "ntk_exhausted"
    NTK_CHANGED = "ntk_changed"
    NTK_CONFIRM = "ntk_confirm"
    NTK_UPDATE_DUE = "ntk_update_due"
    NTK_PROMPT = "ntk_prompt"
    NTK_GAP = "ntk_gap"
    NTK_LETTER = "ntk_letter"
    NTK_UNPROVED = "ntk_unproved"
    NTK_STUB = "ntk_stub"
    CONSULT = "consult"
    CONSULT_ANSWER = "consult_answer"
    COVER_SET = "cover_set"
    MORNING_DIGEST = "morning_digest"
    HANDOVER = "handover"
    AGENDA = "agenda"
    PRESENTER_REMINDER = "presenter_reminder"
    ITEM_CHANGED = "item_changed"
    SITTING_CHANGED = "sitting_changed"
    ITEM_APPROVAL = "item_approval"
    SLOT_OFFERED = "slot_offered"
    PAPERS_DUE = "papers_due"
    PAPERS_LATE = "papers_late"
    DECISION = "decision"
    DEFERRED_AGAIN = "deferred_again"
    ACTION_DUE = "action_due"
    MINUTES_DUE = "minutes_due"
    ITEM_REVIEW = "item_review"
    NO_HELD_SLOT = "no_held_slot"
    UNDELIVERED = "undelivered"
    OFFICE_DIGEST = "office_digest"


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
    `late_after` drops what is no longer useful. `is_letter` goes by e-mail, not into the chat.
    """

    on_unknown: Literal["again", "hold", "once"]
    priority: int
    is_update: bool = False
    is_latest_only: bool = False
    late_after: timedelta | None = None
    is_letter: bool = False
    max_attempts: int = 48


POLICIES: dict[Kind, Policy] = {
    Kind.NTK_NEW: Policy(on_unknown="again", priority=1),
    Kind.NTK_NOT_DELIVERED: Policy(on_unknown="again", priority=1, is_latest_only=True),
    Kind.NTK_EXHAUSTED: Policy(on_unknown="again", priority=1),
    Kind.NTK_ESCALATED: Policy(on_unknown="again", priority=1),
    Kind.NTK_REMINDER: Policy(on_unknown="again", priority=2),
    Kind.NTK_CHANGED: Policy(on_unknown="again", priority=2),
    Kind.NTK_CONFIRM: Policy(on_unknown="again", priority=2),
    Kind.CONSULT: Policy(on_unknown="again", priority=2),
    Kind.CONSULT_ANSWER: Policy(on_unknown="again", priority=2),
    Kind.NTK_PROMPT: Policy(on_unknown="again", priority=3),
    Kind.NTK_UPDATE_DUE: Policy(on_unknown="again", priority=4),
    Kind.NTK_GAP: Policy(on_unknown="again", priority=4),
    Kind.NTK_UNPROVED: Policy(on_unknown="again", priority=2),
    Kind.NTK_LETTER: Policy(on_unknown="once", priority=2, is_letter=True),
    Kind.COVER_SET: Policy(on_unknown="again", priority=4),
    Kind.HANDOVER: Policy(on_unknown="once", priority=4, is_latest_only=True, late_after=timedelta(hours=12)),
    Kind.MORNING_DIGEST: Policy(on_unknown="once", priority=5, is_latest_only=True, late_after=timedelta(hours=12)),
    Kind.NTK_RECIPIENT_CARD: Policy(
        on_unknown="again", priority=3, is_update=True, is_latest_only=True, max_attempts=8
    ),
    Kind.NTK_STUB: Policy(on_unknown="again", priority=1, is_update=True, max_attempts=48),
    Kind.NTK_RECEIPT_CARD: Policy(on_unknown="again", priority=3, is_update=True, is_latest_only=True, max_attempts=8),
    Kind.ITEM_CHANGED: Policy(on_unknown="again", priority=4),
    Kind.SITTING_CHANGED: Policy(on_unknown="again", priority=3),
    Kind.ITEM_APPROVAL: Policy(on_unknown="again", priority=3),
    Kind.SLOT_OFFERED: Policy(on_unknown="again", priority=3),
    Kind.PAPERS_DUE: Policy(on_unknown="once", priority=5, is_latest_only=True, late_after=timedelta(hours=12)),
    Kind.PAPERS_LATE: Policy(on_unknown="once", priority=4),
    Kind.DECISION: Policy(on_unknown="hold", priority=3),
    Kind.DEFERRED_AGAIN: Policy(on_unknown="again", priority=3),
    Kind.ACTION_DUE: Policy(on_unknown="once", priority=5, is_latest_only=True, late_after=timedelta(days=2)),
    Kind.MINUTES_DUE: Policy(on_unknown="once", priority=5, late_after=timedelta(days=2)),
    Kind.NO_HELD_SLOT: Policy(on_unknown="again", priority=2),
    Kind.ITEM_REVIEW: Policy(on_unknown="once", priority=4),
    Kind.AGENDA: Policy(on_unknown="hold", priority=5, is_latest_only=True),
    Kind.UNDELIVERED: Policy(on_unknown="once", priority=3, is_latest_only=True, late_after=timedelta(hours=12)),
    Kind.OFFICE_DIGEST: Policy(on_unknown="once", priority=5, is_latest_only=True, late_after=timedelta(hours=12)),
    Kind.PRESENTER_REMINDER: Policy(on_unknown="once", priority=5, late_after=timedelta(days=1)),
}

# what has ways of its own when it can't be delivered: its raiser phones, and it goes up the line
OF_NTKS = frozenset(kind for kind in Kind if kind.value.startswith(("ntk_", "consult")))
LEVEL_ONE_PRIORITY = 0
# what brings an NTK before somebody who must know of it: where one of these fails, the step moves on at once
ADDRESSING = (Kind.NTK_NEW, Kind.NTK_ESCALATED, Kind.NTK_REMINDER)
BACKOFF_SECONDS = (2, 5, 15, 30, 60, 120, 300, 600, 900)


UNKNOWN_BACKOFF_SECONDS = (2, 60, 300, 900)


def backoff(attempts: int, *, was_unknown: bool = False) -> timedelta:
    """How long to wait after the n-th failed attempt, before jitter: 2 seconds growing to 15 minutes.

    After an unknown outcome the first try comes at once and the others slowly: each may double what did arrive.
    """
    seconds = UNKNOWN_BACKOFF_SECONDS if was_unknown else BACKOFF_SECONDS
    return timedelta(seconds=seconds[min(attempts, len(seconds)) - 1])
