"""Timers: everything that falls due later (a digest, a reminder), one row each, so that no restart forgets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, String, Table, UniqueConstraint, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.db.base import UTCDateTime, metadata, new_id
from casework.db.uow import Work

timers = Table(
    "timers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("subject_id", String(32), nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("fired_at", UTCDateTime),
    UniqueConstraint("kind", "subject_id", "due_at"),
    Index("ix_timers_due", "state", "due_at"),
)

SET = "set"
FIRED = "fired"
CANCELLED = "cancelled"
SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    id: str
    kind: str
    subject_id: str
    due_at: datetime


async def set_(work: Work, wanted: Sequence[tuple[str, str, datetime]]) -> None:
    """Set timers given as (kind, subject id, due at). One cancelled at the very same moment before is set again.

    One that stands already is left: two replicas that start together set the same timer.
    """
    if not wanted:
        return
    statement = sqlite.insert(timers) if work.dialect_name == "sqlite" else postgresql.insert(timers)
    await work.connection.execute(
        statement.on_conflict_do_update(
            index_elements=["kind", "subject_id", "due_at"], set_={"state": SET}, where=timers.c.state == CANCELLED
        ),
        [
            {"id": new_id(), "kind": kind, "subject_id": subject_id, "due_at": due_at, "state": SET}
            for kind, subject_id, due_at in wanted
        ],
    )


async def cancel(work: Work, *, kind: str, subject_id: str) -> None:
    await work.connection.execute(
        update(timers)
        .where(timers.c.kind == kind, timers.c.subject_id == subject_id, timers.c.state == SET)
        .values(state=CANCELLED)
    )


async def due(work: Work, *, limit: int) -> list[Timer]:
    """Timers whose time has come, oldest first."""
    rows = (
        await work.connection.execute(
            select(timers)
            .where(timers.c.state == SET, timers.c.due_at <= work.now)
            .order_by(timers.c.due_at, timers.c.id)
            .limit(limit)
        )
    ).mappings()
    return [Timer(id=row["id"], kind=row["kind"], subject_id=row["subject_id"], due_at=row["due_at"]) for row in rows]


async def next_due(work: Work, *, before: datetime) -> datetime | None:
    """The earliest moment a set timer falls due, if it lies before `before`."""
    found: datetime | None = await work.connection.scalar(
        select(func.min(timers.c.due_at)).where(timers.c.state == SET, timers.c.due_at < before)
    )
    return found


async def subjects(work: Work, kind: str) -> frozenset[str]:
    """Ids for which a timer of a kind is set."""
    rows = await work.connection.execute(
        select(timers.c.subject_id).where(timers.c.kind == kind, timers.c.state == SET)
    )
    return frozenset(rows.scalars())


async def set_of_kind(work: Work, kind: str) -> datetime | None:
    """When the next timer of a kind falls due, None where none is set."""
    found: datetime | None = await work.connection.scalar(
        select(func.min(timers.c.due_at)).where(timers.c.state == SET, timers.c.kind == kind)
    )
    return found


async def finish(work: Work, timer_id: str, *, state: str = FIRED) -> bool:
    """Take a due timer; False when another replica did, or it was cancelled meanwhile."""
    done = await work.connection.execute(
        update(timers).where(timers.c.id == timer_id, timers.c.state == SET).values(state=state, fired_at=work.now)
    )
    return bool(done.rowcount)
