"""The few stand-ins of unit tests: a clock that stands until moved, a messenger that keeps what it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from casework import ports

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class FixedClock:
    """Stands at `instant` until moved forward."""

    instant: datetime = NOON

    def now(self) -> datetime:
        return self.instant

    def forward(self, step: timedelta) -> None:
        self.instant += step


@dataclass
class FakeMessenger:
    """Accepts everything, or answers with `outcomes` in turn while there are any."""

    outcomes: list[ports.Outcome] = field(default_factory=list)
    sent: list[tuple[ports.Address, ports.Message]] = field(default_factory=list)
    updated: list[tuple[ports.Address, str, ports.Message]] = field(default_factory=list)

    async def send(self, address: ports.Address, message: ports.Message) -> ports.Outcome:
        self.sent.append((address, message))
        return self.outcomes.pop(0) if self.outcomes else ports.Accepted(f"card-{len(self.sent)}")

    async def update(self, address: ports.Address, activity_id: str, message: ports.Message) -> ports.Outcome:
        self.updated.append((address, activity_id, message))
        return self.outcomes.pop(0) if self.outcomes else ports.Accepted(activity_id)
