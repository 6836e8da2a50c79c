"""What every job is given, and how a job runs: its failure is counted and logged, and never stops the next tick."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from casework import ports
from casework.services.context import Busy, Context, StoreUnavailable
from scheduler.delivery import Drain

log = structlog.get_logger("usher.scheduler")


@dataclass(slots=True, kw_only=True)
class Shift:
    """`last_run` holds when each job last ended well, in seconds of the monotonic clock; `unproved` is how many live
    NTKs the auditor last found with a step missing. Health reads both. `replicas` counts those at work, and `version`
    is the number of the last migration this one knows.
    """

    context: Context
    clock: ports.Clock
    drain: Drain
    refresh_clock: Callable[[], Awaitable[None]] | None = None
    last_run: dict[str, float] = field(default_factory=dict)
    unproved: int = 0
    version: str = ""
    replica_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    replicas: int = 1
    started_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.started_at = self.clock.now()

    def is_stalled(self, seconds: float) -> bool:
        """Whether no job has ended well for so long. False before the first tick: nothing is known yet."""
        return bool(self.last_run) and time.monotonic() - max(self.last_run.values()) > seconds

    async def run(self, name: str, work: Callable[[Shift], Awaitable[int]]) -> None:
        """Run one job once."""
        try:
            done = await work(self)
        except asyncio.CancelledError:
            raise
        except (Busy, StoreUnavailable):
            log.warning("store unavailable", action="job.store_down", ref=name)
        except Exception:
            log.exception("job failed", action="job.failed", ref=name)
        else:
            self.last_run[name] = time.monotonic()
            if done:
                log.info("job done", action="job.done", ref=name, count=done)
