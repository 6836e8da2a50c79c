"""RENDERERS: for each kind of delivery, the function that draws its view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cards import booking, ntk, sitting
from casework import ports
from casework.domain.deliveries import Kind

# Each function takes the one view its kind's viewer makes; the table joins them by kind, which types can't express.
RENDERERS: dict[Kind, Callable[[Any], ports.Message]] = {
    Kind.AGENDA: sitting.agenda,
    Kind.ITEM_CHANGED: booking.changed,
    Kind.NTK_NEW: ntk.card,
    Kind.NTK_NOT_DELIVERED: ntk.not_delivered,
    Kind.NTK_RECEIPT_CARD: ntk.receipt,
    Kind.NTK_RECIPIENT_CARD: ntk.card,
    Kind.PRESENTER_REMINDER: booking.reminder,
}
