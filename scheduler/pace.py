"""How fast cards go out: Teams' limits for each tenant and each chat, kept before Teams has to say 429."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from casework.domain.buckets import Buckets, Rate

# Teams takes 50 requests a second of one app in one tenant (some pages say 30), and 7 at once into one chat, then 60
# in 30 seconds (Microsoft Learn, "Rate limiting for bots"); people's own turns need room beside the outbox.
CHAT_BURST = 5.0
ALL = "tenant"


class Pace:
    """Waits for a card's turn. `per_second` is shared by all replicas: `share` says among how many."""

    def __init__(
        self,
        *,
        per_second: float = 40.0,
        per_chat: float = 1.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._per_second = per_second
        self._monotonic = monotonic
        self._sleep = sleep
        self._replicas = 0
        self._chats = Buckets(Rate(burst=CHAT_BURST, per_second=per_chat), monotonic)
        self.share(1)

    def share(self, replicas: int) -> None:
        """So many replicas send now: each takes its part of the tenant's rate."""
        if replicas != self._replicas and replicas > 0:
            self._replicas = replicas
            rate = self._per_second / replicas
            # no more than half a second's worth at once: a burst after a pause stays within Teams' own second
            self._tenant = Buckets(Rate(burst=max(1.0, rate / 2), per_second=rate), self._monotonic)

    async def turn(self, person_id: str) -> None:
        """Return when one more card may go out, and into this person's chat."""
        wait = max(self._chats.reserve(person_id), self._tenant.reserve(ALL))
        if wait > 0:
            await self._sleep(wait)
