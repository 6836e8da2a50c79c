"""Minutes: the record of a sitting as its chair confirmed it, with its digest; what comes later is an addendum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, UniqueConstraint, insert, select

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

minutes = Table(
    "minutes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sitting_id", String(32), ForeignKey("sittings.id"), nullable=False),
    Column("confirmed_by_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("confirmed_at", UTCDateTime, nullable=False),
    Column("digest", String(64), nullable=False),
    UniqueConstraint("sitting_id"),
)

addenda = Table(
    "addenda",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sitting_id", String(32), ForeignKey("sittings.id"), nullable=False),
    Column("words", Sealed, nullable=False),
    Column("by_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("nonce", String(32), unique=True),
    Index("ix_addenda_sitting_id", "sitting_id", "at"),
)

TIMER = "minutes_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    confirmed_by_id: str
    confirmed_at: datetime
    digest: str


async def confirm(work: Work, *, sitting_id: str, by_id: str, digest: str) -> None:
    """Lock the record of a sitting; raises IntegrityError where it is locked already."""
    await work.connection.execute(
        insert(minutes).values(
            id=new_id(), sitting_id=sitting_id, confirmed_by_id=by_id, confirmed_at=work.now, digest=digest
        )
    )


async def confirmed(work: Work, sitting_id: str) -> Confirmed | None:
    row = (
        (await work.connection.execute(select(minutes).where(minutes.c.sitting_id == sitting_id)))
        .mappings()
        .one_or_none()
    )
    return Confirmed(**{name: row[name] for name in Confirmed.__slots__}) if row else None


async def add(work: Work, *, sitting_id: str, words: str, by_id: str, nonce: str | None) -> None:
    """Add an addendum."""
    id = new_id()
    sealed = work.keyring.seal(words, record=f"addenda.words:{id}")
    await work.connection.execute(
        insert(addenda).values(id=id, sitting_id=sitting_id, words=sealed, by_id=by_id, at=work.now, nonce=nonce)
    )


async def was_added(work: Work, nonce: str) -> bool:
    """Whether this form was carried out before."""
    return (await work.connection.execute(select(addenda.c.id).where(addenda.c.nonce == nonce))).first() is not None


async def added(work: Work, sitting_id: str) -> tuple[tuple[str, datetime, str], ...]:
    """(who, when, words) of every addendum, the oldest first."""
    statement = select(addenda).where(addenda.c.sitting_id == sitting_id).order_by(addenda.c.at)
    return tuple(
        (row["by_id"], row["at"], work.keyring.open(row["words"], record=f"addenda.words:{row['id']}"))
        for row in (await work.connection.execute(statement)).mappings()
    )
