"""Past requests as figures only: what was asked of which panel and when, without anything of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework.db.items import DECLINED, items
from casework.db.uow import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request; `minutes` 0 is an ordinary slot's. Instants are aware UTC."""

    item_id: str
    panel: str
    band: int
    requested_at: datetime
    minutes: int
    request_type: str


async def between(work: Work, *, first: datetime, last: datetime) -> tuple[Request, ...]:
    """Everything asked for from `first` until before `last`, the earliest first; cancelled ones too.

    Left out is what a manager declined: it was never let near a slot.
    """
    statement = (
        select(items.c.id, items.c.panel, items.c.band, items.c.requested_at, items.c.minutes, items.c.request_type)
        .where(items.c.requested_at >= first, items.c.requested_at < last, items.c.state != DECLINED)
        .order_by(items.c.requested_at, items.c.id)
    )
    return tuple(
        Request(
            item_id=row.id,
            panel=row.panel,
            band=row.band,
            requested_at=row.requested_at,
            minutes=row.minutes,
            request_type=row.request_type,
        )
        for row in await work.connection.execute(statement)
    )
