"""Offers: a slot that came free, held for a limited time for the next in line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    delete,
    insert,
    select,
)
from sqlalchemy import update as update_

from casework.db.base import UTCDateTime, metadata, new_id
from casework.db.uow import Work
from casework.domain.booking import Lane

offers = Table(
    "offers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("item_id", String(32), ForeignKey("items.id"), nullable=False),
    Column("sitting_id", String(32), ForeignKey("sittings.id"), nullable=False),
    Column("lane", String(8), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("offered_at", UTCDateTime, nullable=False),
    Column("lapses_at", UTCDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("by_id", String(32), ForeignKey("people.id")),
    # nobody is asked twice about one sitting
    UniqueConstraint("item_id", "sitting_id"),
    Index("ix_offers_sitting_id", "sitting_id", "state"),
    Index("ix_offers_item_id", "item_id", "state"),
)

OPEN = "open"
TAKEN = "taken"
REFUSED = "refused"
LAPSED = "lapsed"
WITHDRAWN = "withdrawn"

TIMER = "offer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One offer. While it is open its place is counted as taken on the sitting."""

    id: str
    item_id: str
    sitting_id: str
    lane: Lane
    minutes: int
    offered_at: datetime
    lapses_at: datetime
    state: str


async def add(work: Work, *, item_id: str, sitting_id: str, lane: Lane, minutes: int, lapses_at: datetime) -> Offer:
    """Write an open offer; the caller has taken its place. Raises IntegrityError where this item was asked before.

    One that was withdrawn, as when the sitting moved, makes way.
    """
    await work.connection.execute(
        delete(offers).where(
            offers.c.item_id == item_id, offers.c.sitting_id == sitting_id, offers.c.state == WITHDRAWN
        )
    )
    offer = Offer(
        id=new_id(),
        item_id=item_id,
        sitting_id=sitting_id,
        lane=lane,
        minutes=minutes,
        offered_at=work.now,
        lapses_at=lapses_at,
        state=OPEN,
    )
    await work.connection.execute(insert(offers).values({name: getattr(offer, name) for name in Offer.__slots__}))
    return offer


async def get(work: Work, offer_id: str) -> Offer | None:
    row = (await work.connection.execute(select(offers).where(offers.c.id == offer_id))).mappings().one_or_none()
    return _offer(row) if row else None


async def end(work: Work, offer_id: str, *, state: str, by_id: str | None) -> bool:
    """Bring an open offer to its end; False where somebody or something was faster."""
    done = await work.connection.execute(
        update_(offers).where(offers.c.id == offer_id, offers.c.state == OPEN).values(state=state, by_id=by_id)
    )
    return bool(done.rowcount)


async def open_of(work: Work, *, item_id: str = "", sitting_id: str = "") -> tuple[Offer, ...]:
    """Open offers of an item, or of a sitting, the oldest first."""
    statement = select(offers).where(offers.c.state == OPEN).order_by(offers.c.offered_at, offers.c.id)
    if item_id:
        statement = statement.where(offers.c.item_id == item_id)
    if sitting_id:
        statement = statement.where(offers.c.sitting_id == sitting_id)
    return tuple(_offer(row) for row in (await work.connection.execute(statement)).mappings())


async def asked(work: Work, sitting_id: str) -> frozenset[str]:
    """Ids of the items that were offered this sitting before, whatever they said."""
    statement = select(offers.c.item_id).where(offers.c.sitting_id == sitting_id, offers.c.state != WITHDRAWN)
    return frozenset((await work.connection.execute(statement)).scalars())


def _offer(row: RowMapping) -> Offer:
    return Offer(**{name: row[name] for name in Offer.__slots__})
