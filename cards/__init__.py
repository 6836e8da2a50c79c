"""RENDERERS: for each kind of delivery, the function that draws its view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cards import booking, consult, cover, ntk, ntk_acts, ntk_lists, ntk_notices, sitting, sittings
from casework import ports
from casework.domain.deliveries import Kind

# Each function takes the one view its kind's viewer makes; the table joins them by kind, which types can't express.
RENDERERS: dict[Kind, Callable[[Any], ports.Message | ports.Letter]] = {
    Kind.AGENDA: sitting.agenda,
    Kind.CONSULT: consult.question,
    Kind.CONSULT_ANSWER: consult.answer,
    Kind.COVER_SET: cover.announced,
    Kind.HANDOVER: ntk_lists.handover,
    Kind.ITEM_CHANGED: booking.changed,
    Kind.MORNING_DIGEST: ntk_lists.digest,
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
    Kind.PRESENTER_REMINDER: booking.reminder,
    Kind.SITTING_CHANGED: sittings.changed,
}
