"""The drain: claim a due delivery, check and draw it for its reader, send it, write down what became of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

import cards
from casework import ports
from casework.services import outbox
from casework.services.context import Busy, Context, StoreUnavailable
from casework.services.outbox import Delivery
from scheduler.pace import Pace

log = structlog.get_logger("usher.delivery")

# how many cards are on their way at a time: at 200 ms each, 8 keep 40 a second; a killed process may double as many
WIDTH = 8


class Drain:
    """Sends what is due, `width` cards at a time: a crash can double at most as many as are on their way."""

    def __init__(
        self,
        context: Context,
        messenger: ports.Messenger,
        *,
        mailer: ports.Mailer | None = None,
        width: int = WIDTH,
        lease: timedelta = outbox.LEASE,
        pace: Pace | None = None,
    ) -> None:
        self._context = context
        self._messenger = messenger
        self._mailer = mailer
        self._width = width
        self._lease = lease
        self._woken = asyncio.Event()
        self._is_stopping = False
        self._under_way: set[asyncio.Task[None]] = set()
        self.pace = pace or Pace()

    def wake(self) -> None:
        """Something may be due: look at once."""
        self._woken.set()

    def stop(self) -> None:
        """Claim nothing more; what is on its way is finished and written down."""
        self._is_stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Work until stopped. A store that is away is tried again at the next wake."""
        while not self._is_stopping:
            self._woken.clear()
            try:
                await self._fill()
            except (Busy, StoreUnavailable):
                log.warning("store unavailable", action="delivery.store_down")
            except Exception:
                log.exception("drain failed", action="delivery.failed")
            await self._woken.wait()
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def once(self) -> int:
        """Send one handful at no pace but its own (the demo's clock, and tests); how many rows were claimed."""
        claimed = await self._claim(self._width)
        if claimed:
            async with asyncio.TaskGroup() as group:
                for delivery in claimed:
                    group.create_task(self._deliver(delivery))
        return len(claimed)

    async def _fill(self) -> None:
        """Put as many cards on their way as there are places for."""
        places = self._width - len(self._under_way)
        for delivery in await self._claim(places) if places > 0 else ():
            task = asyncio.create_task(self._paced(delivery))
            self._under_way.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        # claiming for half the places at a time costs a commit for several cards, not one for each
        if len(self._under_way) <= self._width // 2:
            self._woken.set()

    async def _paced(self, delivery: Delivery) -> None:
        try:
            # before the attempt begins: whoever is killed while waiting has sent nothing
            await self.pace.turn(delivery.person_id)
            if self._is_stopping:
                await outbox.release(self._context, [delivery])
            else:
                await self._deliver(delivery)
        except (Busy, StoreUnavailable):
            log.warning("store unavailable", action="delivery.store_down", ref=delivery.id)
        except Exception:
            log.exception("drain failed", action="delivery.failed", ref=delivery.id)

    async def _claim(self, limit: int) -> list[Delivery]:
        claimed = await outbox.claim(self._context, limit=limit, lease=self._lease)
        if claimed and self._is_stopping:
            await outbox.release(self._context, claimed)
            return []
        return claimed

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            prepared = await outbox.prepare(self._context, delivery, lease=self._lease)
            if prepared is None:
                return
            message = cards.RENDERERS[delivery.kind](prepared.view)
        except (Busy, StoreUnavailable):
            # the lease runs out and the row is claimed again
            log.warning("store unavailable", action="delivery.store_down", ref=delivery.id)
            return
        except Exception:
            log.exception("can't be drawn", action="delivery.parked", ref=delivery.id)
            await outbox.park(self._context, delivery, outcome="cannot_be_drawn")
            return
        await self._send(prepared, message)

    async def _send(self, prepared: outbox.Prepared, message: ports.Message | ports.Letter) -> None:
        outcome: ports.Outcome
        if isinstance(message, ports.Letter):
            outcome = ports.Refused(code="no_mail_server")
            if self._mailer is not None:
                outcome = await self._mailer.send(prepared.mail_to, message)
        elif prepared.address is None:
            outcome = ports.Refused(code="no_address")
        elif prepared.replaces is not None:
            outcome = await self._messenger.update(prepared.address, prepared.replaces, message)
        else:
            outcome = await self._messenger.send(prepared.address, message)
        try:
            state = await outbox.settle(self._context, prepared.delivery, outcome)
        except (Busy, StoreUnavailable):
            # the row's lease runs out with its attempt begun: it is then an unknown, as it should be
            log.warning("store unavailable", action="delivery.store_down", ref=prepared.delivery.id)
            return
        log.info(
            "delivery",
            action="delivery.settled",
            ref=prepared.delivery.id,
            kind=prepared.delivery.kind.value,
            outcome=state.value if state else "late_mark",
            attempt=prepared.delivery.attempts,
        )
