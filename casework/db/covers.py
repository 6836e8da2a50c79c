"""Who is away and who stands in for whom, from day to day; and who is on call, from hour to hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Date, ForeignKey, Index, RowMapping, String, Table, insert, select, update

from casework.db.base import UTCDateTime, metadata, new_id
from casework.db.uow import Work

covers = Table(
    "covers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("cover_id", String(32), ForeignKey("people.id")),
    Column("kind", String(8), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("set_by_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("set_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Index("ix_covers_person_id", "person_id", "ends_on"),
    Index("ix_covers_cover_id", "cover_id", "ends_on"),
)

rota = Table(
    "rota",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("tier", String(8), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("starts_at", UTCDateTime, nullable=False),
    Column("ends_at", UTCDateTime, nullable=False),
    Column("set_by_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("set_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    Index("ix_rota_ends_at", "ends_at", "tier"),
)

LEAVE = "leave"
DEPUTY = "deputy"
DUTY = "DUTY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """From `starts_on` to `ends_on`, both included. Leave without a `cover_id` leaves a gap that is reported."""

    id: str
    person_id: str
    cover_id: str | None
    kind: str
    starts_on: date
    ends_on: date
    set_by_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """Who is on call for a tier, or as duty head (tier DUTY), from `starts_at` to `ends_at`."""

    id: str
    tier: str
    person_id: str
    starts_at: datetime
    ends_at: datetime


async def add(
    work: Work, *, person_id: str, cover_id: str | None, kind: str, starts_on: date, ends_on: date, set_by_id: str
) -> str:
    id = new_id()
    await work.connection.execute(
        insert(covers).values(
            id=id,
            person_id=person_id,
            cover_id=cover_id,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            set_by_id=set_by_id,
            set_at=work.now,
        )
    )
    return id


async def get(work: Work, cover_id: str) -> Cover | None:
    row = (
        (await work.connection.execute(select(covers).where(covers.c.id == cover_id, covers.c.ended_at.is_(None))))
        .mappings()
        .one_or_none()
    )
    return _cover(row) if row else None


async def end(work: Work, cover_id: str) -> None:
    await work.connection.execute(update(covers).where(covers.c.id == cover_id).values(ended_at=work.now))


async def live(work: Work, *, on: date, kind: str | None = None) -> tuple[Cover, ...]:
    """Everything in force on a day."""
    statement = select(covers).where(covers.c.ended_at.is_(None), covers.c.starts_on <= on, covers.c.ends_on >= on)
    if kind is not None:
        statement = statement.where(covers.c.kind == kind)
    return tuple(_cover(row) for row in (await work.connection.execute(statement.order_by(covers.c.id))).mappings())


async def coming_all(work: Work, *, from_: date, limit: int = 200) -> tuple[Cover, ...]:
    """Everything from a day on, soonest first."""
    statement = (
        select(covers)
        .where(covers.c.ended_at.is_(None), covers.c.ends_on >= from_)
        .order_by(covers.c.starts_on, covers.c.id)
        .limit(limit)
    )
    return tuple(_cover(row) for row in (await work.connection.execute(statement)).mappings())


async def put_on_call(
    work: Work, *, tier: str, person_id: str, starts_at: datetime, ends_at: datetime, set_by_id: str
) -> str:
    id = new_id()
    await work.connection.execute(
        insert(rota).values(
            id=id,
            tier=tier,
            person_id=person_id,
            starts_at=starts_at,
            ends_at=ends_at,
            set_by_id=set_by_id,
            set_at=work.now,
        )
    )
    return id


async def on_call(work: Work, *, at: datetime, until: datetime | None = None) -> tuple[OnCall, ...]:
    """Who is on call at an instant, or at any time up to `until`; soonest first."""
    statement = (
        select(rota)
        .where(rota.c.ended_at.is_(None), rota.c.starts_at <= (until or at), rota.c.ends_at > at)
        .order_by(rota.c.starts_at, rota.c.tier, rota.c.set_at, rota.c.id)
    )
    rows = (await work.connection.execute(statement)).mappings()
    return tuple(OnCall(**{column: row[column] for column in OnCall.__slots__}) for row in rows)


async def take_off_call(work: Work, rota_id: str) -> bool:
    done = await work.connection.execute(
        update(rota).where(rota.c.id == rota_id, rota.c.ended_at.is_(None)).values(ended_at=work.now)
    )
    return bool(done.rowcount)


def _cover(row: RowMapping) -> Cover:
    return Cover(**{column: row[column] for column in Cover.__slots__})
