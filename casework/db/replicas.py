"""Replicas: which `serve` processes are at work on this database, by when they were last seen."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, String, Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from casework.db.base import UTCDateTime, metadata
from casework.db.uow import Work

replicas = Table(
    "replicas",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("started_at", UTCDateTime, nullable=False),
    Column("seen_at", UTCDateTime, nullable=False),
    Column("version", String(40), nullable=False),
)

# how long after its last word a replica still counts, and how long its row is kept
COUNTS_FOR = timedelta(seconds=30)
KEPT_FOR = timedelta(days=1)


async def seen(work: Work, replica_id: str, *, started_at: datetime, version: str) -> int:
    """Note that a replica is at work; how many are."""
    statement = sqlite.insert(replicas) if work.dialect_name == "sqlite" else postgresql.insert(replicas)
    row = {"id": replica_id, "started_at": started_at, "seen_at": work.now, "version": version}
    await work.connection.execute(
        statement.values(row).on_conflict_do_update(index_elements=["id"], set_={"seen_at": work.now})
    )
    await work.connection.execute(delete(replicas).where(replicas.c.seen_at < work.now - KEPT_FOR))
    alive = select(func.count()).select_from(replicas).where(replicas.c.seen_at >= work.now - COUNTS_FOR)
    return int((await work.connection.execute(alive)).scalar_one())


async def gone(work: Work, replica_id: str) -> None:
    """A replica stops in order: its part of the rate is free at once."""
    await work.connection.execute(delete(replicas).where(replicas.c.id == replica_id))
