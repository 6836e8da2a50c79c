"""Token buckets: how much one remote address, one chat or one tenant may have before it has to wait."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second after that."""

    burst: float
    per_second: float


class Buckets:
    """One bucket for each key, refilled with time; the longest unused are forgotten (and so full again)."""

    def __init__(self, rate: Rate, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._monotonic = monotonic
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def has_room(self, key: str) -> bool:
        """Whether one more may be taken. Takes nothing."""
        return self._level(key) >= 1

    def take(self, key: str) -> bool:
        """Take one; False, and nothing taken, when there is none left."""
        level = self._level(key)
        if level < 1:
            return False
        self._levels[key] = (level - 1, self._monotonic())
        self._levels.move_to_end(key)
        if len(self._levels) > MOST_BUCKETS:
            self._levels.popitem(last=False)
        return True

    def reserve(self, key: str) -> float:
        """Take the next one there will be; how many seconds it is until then, 0 where there is one now."""
        level = self._level(key) - 1
        self._levels[key] = (level, self._monotonic())
        self._levels.move_to_end(key)
        if len(self._levels) > MOST_BUCKETS:
            self._levels.popitem(last=False)
        return max(0.0, -level / self._rate.per_second)

    def _level(self, key: str) -> float:
        held = self._levels.get(key)
        if held is None:
            return self._rate.burst
        level, at = held
        return min(self._rate.burst, level + (self._monotonic() - at) * self._rate.per_second)
