"""Ticks: one run of a job a day, whichever replica comes first."""

from __future__ import annotations

from datetime import UTC, datetime, time

from casework.db import ticks
from casework.services.context import Context, today


async def claim_day(context: Context, job: str) -> bool:
    """Whether this process may run `job` for today (London's date): true once a day over all replicas."""
    async with context.database.writing() as work:
        slot_at = datetime.combine(today(work), time(), tzinfo=UTC)
        return await ticks.claim(work, job, slot_at)
