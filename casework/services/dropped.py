"""Why a delivery is not sent after all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dropped:
    """The delivery has lost its use or its reader the right: it is suppressed, with this word as the reason."""

    because: str
