"""Ticks: one row for each run of a periodic job, so that of many replicas one runs it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, PrimaryKeyConstraint, String, Table, insert
from sqlalchemy.exc import IntegrityError

from casework.db.base import UTCDateTime, metadata
from casework.db.uow import Work

ticks = Table(
    "ticks",
    metadata,
    Column("job", String(40), nullable=False),
    Column("slot_at", UTCDateTime, nullable=False),
    Column("claimed_at", UTCDateTime, nullable=False),
    PrimaryKeyConstraint("job", "slot_at"),
)


async def claim(work: Work, job: str, slot_at: datetime) -> bool:
    """Whether this process runs `job` for `slot_at`: true for exactly one."""
    try:
        async with work.connection.begin_nested():
            await work.connection.execute(insert(ticks).values(job=job, slot_at=slot_at, claimed_at=work.now))
    except IntegrityError:
        return False
    return True
