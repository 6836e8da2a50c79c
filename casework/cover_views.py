"""What people are shown of absences, cover and the on-call rota."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverLine:
    """One absence or deputy, as it is listed and announced."""

    cover_id: str
    person: str
    cover: str
    kind: str
    starts_on: date
    ends_on: date
    may_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallLine:
    """One person on call."""

    rota_id: str
    tier: str
    person: str
    phone: str
    starts_at: datetime
    ends_at: datetime
    may_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverPage:
    """A person's own absences and cover, whom they may arrange for and who may stand in."""

    lines: tuple[CoverLine, ...]
    on_call: tuple[OnCallLine, ...]
    may_arrange_rota: bool
