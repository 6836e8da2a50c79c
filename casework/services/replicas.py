"""Which replicas are at work, so that together they keep to what Teams takes."""

from __future__ import annotations

from datetime import datetime

from casework.db import replicas
from casework.services.context import Context


async def here(context: Context, *, replica_id: str, started_at: datetime, version: str) -> int:
    """Note that this replica is at work; how many are, this one among them."""
    async with context.database.writing() as work:
        return await replicas.seen(work, replica_id, started_at=started_at, version=version)


async def leave(context: Context, *, replica_id: str) -> None:
    """This replica stops in order: its part of the rate is free at once."""
    async with context.database.writing() as work:
        await replicas.gone(work, replica_id)
