"""The clock that ticks: runs JOBS on APScheduler's memory store; all truth about what is due lies in the database."""

from __future__ import annotations

import asyncio
import contextlib

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduler.jobs import JOBS, Job
from scheduler.shift import Shift

# A tick that comes late is still worth running once: what is due is asked of the database anyway.
MISFIRE_GRACE_SECONDS = 3600


def start(shift: Shift) -> AsyncIOScheduler:
    """Start ticking; the caller shuts the scheduler down. No job runs twice at a time, missed ticks become one."""
    ticker = AsyncIOScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": MISFIRE_GRACE_SECONDS},
    )
    for job in JOBS:
        ticker.add_job(_run, "interval", seconds=job.every_seconds, args=[shift, job], id=job.name)
    ticker.start()
    return ticker


async def _run(shift: Shift, job: Job) -> None:
    # nobody but the scheduler's own stop cancels a job: what it had begun is rolled back, and is due at the next start
    with contextlib.suppress(asyncio.CancelledError):
        await shift.run(job.name, job.run)
