"""Sittings and their slots: a guarded counter gives the last slot to one, CHECK and UNIQUE stand behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
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
    update,
)

from casework.db.base import UTCDateTime, metadata, new_id
from casework.db.uow import Work
from casework.domain.booking import Sitting

sittings = Table(
    "sittings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("panel", String(16), nullable=False),
    Column("original_on", Date, nullable=False),
    Column("starts_at", UTCDateTime, nullable=False),
    Column("ends_at", UTCDateTime, nullable=False),
    Column("papers_due_at", UTCDateTime, nullable=False),
    Column("status", String(12), nullable=False),
    Column("reason", String(200)),
    Column("incorporates", String(80), nullable=False),
    Column("slots", Integer, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("booked", Integer, nullable=False),
    Column("slot_minutes", Integer, nullable=False),
    Column("rulebook_version", Integer, nullable=False),
    Column("agenda_sent_at", UTCDateTime),
    Column("version", Integer, nullable=False),
    Column("kind", String(16), nullable=False, server_default="ordinary"),
    Column("venue", String(300)),
    UniqueConstraint("panel", "original_on", "kind"),
    CheckConstraint("booked >= 0 AND booked <= slots", name="booked_within_slots"),
    CheckConstraint("capacity >= 0 AND capacity <= slots", name="capacity_within_slots"),
    Index("ix_sittings_starts_at", "starts_at"),
)

slots = Table(
    "slots",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sitting_id", String(32), ForeignKey("sittings.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("item_id", String(32), ForeignKey("items.id"), nullable=False, unique=True),
    UniqueConstraint("sitting_id", "place"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One sitting to write, as the rulebook's calendar gives it. Instants are aware UTC."""

    panel: str
    original_on: date
    starts_at: datetime
    ends_at: datetime
    papers_due_at: datetime
    status: str
    reason: str | None
    incorporates: tuple[str, ...]
    slots: int
    capacity: int
    slot_minutes: int
    rulebook_version: int
    kind: str = "ordinary"
    venue: str | None = None


async def known_dates(work: Work, *, first: date, last: date, kind: str = "ordinary") -> set[tuple[str, date]]:
    """The (panel, original date) pairs that have a row of a kind already."""
    rows = await work.connection.execute(
        select(sittings.c.panel, sittings.c.original_on).where(
            sittings.c.original_on.between(first, last), sittings.c.kind == kind
        )
    )
    return {(row.panel, row.original_on) for row in rows}


async def add(work: Work, planned: Sequence[Planned]) -> list[str]:
    """Write new sittings; returns their ids in the order given."""
    rows = [
        {
            "id": new_id(),
            "panel": sitting.panel,
            "original_on": sitting.original_on,
            "starts_at": sitting.starts_at,
            "ends_at": sitting.ends_at,
            "papers_due_at": sitting.papers_due_at,
            "status": sitting.status,
            "reason": sitting.reason,
            "incorporates": ",".join(sitting.incorporates),
            "slots": sitting.slots,
            "capacity": sitting.capacity,
            "booked": 0,
            "slot_minutes": sitting.slot_minutes,
            "rulebook_version": sitting.rulebook_version,
            "agenda_sent_at": None,
            "version": 1,
            "kind": sitting.kind,
            "venue": sitting.venue,
        }
        for sitting in planned
    ]
    if rows:
        await work.connection.execute(insert(sittings), rows)
    return [str(row["id"]) for row in rows]


async def get(work: Work, sitting_id: str) -> Sitting | None:
    row = (await work.connection.execute(select(sittings).where(sittings.c.id == sitting_id))).mappings().one_or_none()
    return _sitting(row) if row else None


async def lock(work: Work, sitting_id: str) -> Sitting | None:
    """The sitting with its row held until the end: whoever books or changes it waits."""
    statement = select(sittings).where(sittings.c.id == sitting_id).with_for_update()
    row = (await work.connection.execute(statement)).mappings().one_or_none()
    return _sitting(row) if row else None


async def change(work: Work, sitting_id: str, **values: object) -> Sitting:
    """Set columns, raise the version, and give back the row as it then stands."""
    statement = update(sittings).where(sittings.c.id == sitting_id)
    statement = statement.values(version=sittings.c.version + 1, **values)
    row = (await work.connection.execute(statement.returning(sittings))).mappings().one()
    return _sitting(row)


async def between(work: Work, *, first: datetime, last: datetime) -> tuple[Sitting, ...]:
    """Every sitting that begins in a span, whatever its status, soonest first."""
    rows = (
        await work.connection.execute(
            select(sittings)
            .where(sittings.c.starts_at >= first, sittings.c.starts_at < last)
            .order_by(sittings.c.starts_at, sittings.c.panel)
        )
    ).mappings()
    return tuple(_sitting(row) for row in rows)


async def to_resolve(work: Work, *, limit: int) -> tuple[Sitting, ...]:
    """Sittings to come whose day is closed and for which the coordinator has decided nothing yet, soonest first."""
    rows = (
        await work.connection.execute(
            select(sittings)
            .where(sittings.c.status == "ask", sittings.c.starts_at > work.now)
            .order_by(sittings.c.starts_at, sittings.c.panel)
            .limit(limit)
        )
    ).mappings()
    return tuple(_sitting(row) for row in rows)


async def slot_minutes(work: Work, sitting_id: str) -> int:
    """Minutes given to each slot of a sitting."""
    return int(
        (await work.connection.execute(select(sittings.c.slot_minutes).where(sittings.c.id == sitting_id))).scalar_one()
    )


async def upcoming(
    work: Work, *, panels: Sequence[str], limit: int, after: datetime | None = None
) -> tuple[Sitting, ...]:
    """The next sittings of any of `panels` that take place, soonest first."""
    rows = (
        await work.connection.execute(
            select(sittings)
            .where(
                sittings.c.panel.in_(panels),
                sittings.c.starts_at > (after or work.now),
                sittings.c.status.in_(("planned", "moved")),
            )
            .order_by(sittings.c.starts_at, sittings.c.panel)
            .limit(limit)
        )
    ).mappings()
    return tuple(_sitting(row) for row in rows)


async def take_place(work: Work, sitting_id: str) -> bool:
    """Count one more item in, if a place is free: the guarded UPDATE that lets exactly one of many have the last."""
    done = await work.connection.execute(
        update(sittings)
        .where(sittings.c.id == sitting_id, sittings.c.booked < sittings.c.capacity)
        .values(booked=sittings.c.booked + 1, version=sittings.c.version + 1)
    )
    return bool(done.rowcount)


async def give_back_place(work: Work, sitting_id: str) -> None:
    await work.connection.execute(
        update(sittings)
        .where(sittings.c.id == sitting_id)
        .values(booked=sittings.c.booked - 1, version=sittings.c.version + 1)
    )


async def fill_slot(work: Work, *, sitting_id: str, item_id: str) -> int:
    """Put an item into the lowest free place, 1 upwards; the sitting's row is locked by `take_place` before."""
    taken = set(
        (await work.connection.execute(select(slots.c.place).where(slots.c.sitting_id == sitting_id))).scalars()
    )
    place = next(number for number in range(1, len(taken) + 2) if number not in taken)
    await work.connection.execute(
        insert(slots).values(id=new_id(), sitting_id=sitting_id, place=place, item_id=item_id)
    )
    return place


async def empty_slot(work: Work, *, item_id: str) -> str | None:
    """Take an item out of its slot and give the place back; returns the sitting's id, None when it had no slot."""
    sitting_id = (
        await work.connection.execute(delete(slots).where(slots.c.item_id == item_id).returning(slots.c.sitting_id))
    ).scalar_one_or_none()
    if sitting_id is not None:
        await give_back_place(work, sitting_id)
    return sitting_id


async def renumber(work: Work, *, item_id: str, place: int) -> None:
    """Put an item at another place of its sitting; the place must be free (places are closed up from the first)."""
    await work.connection.execute(update(slots).where(slots.c.item_id == item_id).values(place=place))


async def places(work: Work, sitting_id: str) -> dict[str, int]:
    """Item id -> place, for the filled slots of a sitting."""
    rows = await work.connection.execute(select(slots.c.item_id, slots.c.place).where(slots.c.sitting_id == sitting_id))
    return {row.item_id: row.place for row in rows}


async def slot_of(work: Work, item_id: str) -> tuple[str, int] | None:
    """The (sitting id, place) an item sits in, or None."""
    row = (
        await work.connection.execute(select(slots.c.sitting_id, slots.c.place).where(slots.c.item_id == item_id))
    ).one_or_none()
    return (row.sitting_id, row.place) if row else None


async def mark_agenda_sent(work: Work, sitting_id: str) -> None:
    """Keep the first time the agenda went out; from then on only the coordinator changes items."""
    await work.connection.execute(
        update(sittings)
        .where(sittings.c.id == sitting_id, sittings.c.agenda_sent_at.is_(None))
        .values(agenda_sent_at=work.now)
    )


def _sitting(row: RowMapping) -> Sitting:
    return Sitting(
        id=row["id"],
        panel=row["panel"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        papers_due_at=row["papers_due_at"],
        status=row["status"],
        capacity=row["capacity"],
        booked=row["booked"],
        incorporates=tuple(code for code in row["incorporates"].split(",") if code),
        agenda_sent_at=row["agenda_sent_at"],
        version=row["version"],
        original_on=row["original_on"],
        slots=row["slots"],
        slot_minutes=row["slot_minutes"],
        kind=row["kind"],
        venue=row["venue"] or "",
        reason=row["reason"] or "",
        rulebook_version=row["rulebook_version"],
    )
