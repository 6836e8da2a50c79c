"""A clock for caches: seconds that pass when the test says so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Ticking:
    """Called, it answers the seconds so far."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def passes(self, seconds: float) -> None:
        self.seconds += seconds
