"""RENDERERS: for each kind of delivery, the function that draws its view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cards import (
    consult,
    cover,
    deliveries,
    item_notices,
    ntk,
    ntk_acts,
    ntk_lists,
    ntk_notices,
    session,
    sitting,
    sittings,
)
from casework import ports
from casework.domain.deliveries import Kind

# Each function takes the one view its kind's viewer makes; the table joins them by kind, which types can't express.
RENDERERS: dict[Kind, Callable[[Any], ports.Message | ports.Letter]] = {
    Kind.ACTION_DUE: item_notices.action_due,
    Kind.AGENDA: sitting.agenda,
    Kind.CONSULT: consult.question,
    Kind.CONSULT_ANSWER: consult.answer,
    Kind.COVER_SET: cover.announced,
    Kind.DECISION: item_notices.decided,
    Kind.DEFERRED_AGAIN: item_notices.deferred,
    Kind.HANDOVER: ntk_lists.handover,
    Kind.ITEM_APPROVAL: item_notices.approval,
    Kind.ITEM_CHANGED: item_notices.changed,
    Kind.ITEM_REVIEW: item_notices.review,
    Kind.MINUTES_DUE: session.minutes_due,
    Kind.MORNING_DIGEST: ntk_lists.digest,
    Kind.NO_HELD_SLOT: item_notices.no_held_slot,
    Kind.NTK_CHANGED: ntk_notices.changed,
    Kind.NTK_CONFIRM: ntk_acts.confirm,
    Kind.NTK_ESCALATED: ntk.card,
    Kind.NTK_EXHAUSTED: ntk.exhausted,
    Kind.NTK_GAP: ntk_notices.gap,
    Kind.NTK_LETTER: ntk_notices.letter,
    Kind.NTK_NEW: ntk.card,
    Kind.NTK_NOT_DELIVERED: ntk.not_delivered,
    Kind.NTK_PROMPT: ntk_acts.prompt,
    Kind.NTK_RECEIPT_CARD: ntk.receipt,
    Kind.NTK_RECIPIENT_CARD: ntk.card,
    Kind.NTK_REMINDER: ntk.reminder,
    Kind.NTK_STUB: ntk.card,
    Kind.NTK_UNPROVED: ntk_notices.unproved,
    Kind.NTK_UPDATE_DUE: ntk_notices.update_due,
    Kind.OFFICE_DIGEST: deliveries.morning,
    Kind.PAPERS_DUE: item_notices.papers_due,
    Kind.PAPERS_LATE: item_notices.papers_late,
    Kind.PRESENTER_REMINDER: item_notices.reminder,
    Kind.SITTING_CHANGED: sittings.changed,
    Kind.SLOT_OFFERED: item_notices.offered,
    Kind.UNDELIVERED: deliveries.told,
}
