"""Sittings: when each is, its lanes of slots with their counters, and how far its agenda and its meeting have come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    false,
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
    Column("minutes", Integer, nullable=False, server_default="0"),
    Column("minutes_booked", Integer, nullable=False, server_default="0"),
    Column("urgent_slots", Integer, nullable=False, server_default="0"),
    Column("urgent_booked", Integer, nullable=False, server_default="0"),
    Column("share_slots", Integer, nullable=False, server_default="0"),
    Column("share_booked", Integer, nullable=False, server_default="0"),
    Column("is_urgent_released", Boolean, nullable=False, server_default=false()),
    Column("is_share_released", Boolean, nullable=False, server_default=false()),
    Column("agenda_state", String(10), nullable=False, server_default="draft"),
    Column("agenda_version", Integer, nullable=False, server_default="0"),
    Column("started_at", UTCDateTime),
    Column("closed_at", UTCDateTime),
    UniqueConstraint("panel", "original_on", "kind"),
    CheckConstraint("booked >= 0 AND booked <= capacity", name="booked_within_capacity"),
    CheckConstraint("urgent_booked >= 0 AND urgent_booked <= urgent_slots", name="urgent_within_held"),
    CheckConstraint("share_booked >= 0 AND share_booked <= share_slots", name="share_within_held"),
    CheckConstraint("capacity >= 0 AND capacity + urgent_slots + share_slots <= slots", name="lanes_within_slots"),
    CheckConstraint("minutes_booked >= 0 AND minutes_booked <= minutes", name="booked_within_minutes"),
    Index("ix_sittings_starts_at", "starts_at"),
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
    minutes: int
    urgent_slots: int = 0
    share_slots: int = 0
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
            "minutes": sitting.minutes,
            "urgent_slots": sitting.urgent_slots,
            "share_slots": sitting.share_slots,
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
        minutes=row["minutes"],
        minutes_booked=row["minutes_booked"],
        urgent_slots=row["urgent_slots"],
        urgent_booked=row["urgent_booked"],
        share_slots=row["share_slots"],
        share_booked=row["share_booked"],
        is_urgent_released=row["is_urgent_released"],
        is_share_released=row["is_share_released"],
        agenda_state=row["agenda_state"],
        agenda_version=row["agenda_version"],
        started_at=row["started_at"],
        closed_at=row["closed_at"],
    )
