"""The clocks: this machine's, the database's (which rules wherever there are replicas), and the demo's."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from casework import ports

SAMPLES = 3


class SystemClock:
    """This machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - this is the Clock


class DatabaseClock:
    """The PostgreSQL server's clock, so that replicas whose clocks differ agree on what is due.

    Between measurements it runs on the monotonic clock: a step of this machine's wall clock changes nothing.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._measured: datetime | None = None
        self._at = 0.0

    async def measure(self) -> None:
        """Ask the server for the time; of a few tries the one with the shortest way there and back counts."""
        best: tuple[float, datetime, float] | None = None
        async with self._engine.connect() as connection:
            for _ in range(SAMPLES):
                asked = time.monotonic()
                answer = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
                answered = time.monotonic()
                if best is None or answered - asked < best[0]:
                    best = (answered - asked, answer, (asked + answered) / 2)
        assert best is not None
        self._measured, self._at = best[1].astimezone(UTC), best[2]

    def now(self) -> datetime:
        """The server's time; raises RuntimeError before the first measurement."""
        if self._measured is None:
            raise RuntimeError("measure() the database's clock before asking for the time")
        return self._measured + timedelta(seconds=time.monotonic() - self._at)


class DemoClock:
    """A clock that can be moved ahead, for showing a digest within a minute. Only development has one."""

    def __init__(self, real: ports.Clock) -> None:
        self._real = real
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._real.now() + self._ahead

    def forward_to(self, instant: datetime) -> None:
        """Move ahead to an aware instant; one already past changes nothing."""
        self._ahead += max(timedelta(), instant - self.now())
