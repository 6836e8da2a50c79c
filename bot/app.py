"""The composition root: puts settings, database, conversations, clock and the Teams edge together, and runs them."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import requests
from aiohttp import web

from bot import clocks, development_keys, mail, observability
from bot.config import Settings
from bot.teams.edge import Edge, build_edge, open_session
from bot.web import feeds
from bot.web.health import Probe
from bot.web.server import Authentication, Route, create_app
from casework import ports
from casework.db import engine as engines
from casework.db import migrate
from casework.db.uow import Busy, Database, StoreUnavailable
from casework.domain.keys import Keyring, SealKey
from casework.domain.rulebook import Rulebook
from casework.rulebook import reader
from casework.services import feeds as calendar_feeds
from casework.services import outbox, replicas, rulebook, timers
from casework.services.context import Context
from casework.views import CalendarEntry
from dialogs.base import Desk
from dialogs.front import FrontDesk
from scheduler import engine as ticker
from scheduler.delivery import Drain
from scheduler.pace import Pace
from scheduler.shift import Shift

DEVELOPMENT_TENANT = "00000000-0000-4000-8000-000000000001"
STOP_WITHIN = 10.0
OLDEST_DUE_RED = timedelta(minutes=5)
TICKS_RED = 60.0
LOOP_WATCH = 0.5

log = observability.get_logger("usher.app")


class CannotStart(Exception):
    """Why Usher must not or can't start, in words for the person who started it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that runs, put together."""

    context: Context
    clock: ports.Clock
    drain: Drain
    edge: Edge
    shift: Shift
    site: web.Application


def tenant_of(settings: Settings) -> str:
    """The Entra tenant whose people are imported: the council's own, a fixed one in development without any."""
    return settings.app_tenant_id or next(iter(sorted(settings.tenants)), DEVELOPMENT_TENANT)


def make_room(settings: Settings) -> None:
    """Make the folder a SQLite file lies in."""
    url = settings.database_url.get_secret_value()
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def keyring_of(settings: Settings) -> Keyring:
    """The keys of the settings; development without any keeps its own in a file beside the database."""
    if settings.keys is None or settings.index_key is None or settings.chain_key is None:
        if settings.is_production:
            raise CannotStart("production needs USHER_KEYS, USHER_INDEX_KEY and USHER_CHAIN_KEY")
        return development_keys.keyring(Path("var"))
    return Keyring(
        sealing=tuple(SealKey(key.key_id, key.material.get_secret_value()) for key in settings.keys),
        index_key=settings.index_key.get_secret_value(),
        chain_key=settings.chain_key.get_secret_value(),
    )


def public_url(settings: Settings) -> str:
    """Where people's calendars reach Usher; development answers on its own port. Empty: nowhere."""
    own = "" if settings.is_production else f"http://127.0.0.1:{settings.port}"
    return settings.public_url or own


def given_rulebook(settings: Settings) -> Rulebook:
    """The rulebook of USHER_COUNCIL, or the packaged default; raises CannotStart naming every fault."""
    try:
        return reader.read(settings.council)
    except reader.RulebookError as wrong:
        raise CannotStart(f"the rulebook has faults:\n{wrong}") from None


@contextlib.asynccontextmanager
async def open_context(settings: Settings) -> AsyncIterator[Context]:
    """The database opened for one command, with a rulebook in it; raises CannotStart when its tables don't fit."""
    make_room(settings)
    async with _database(settings) as (database, _):
        context = Context(database)
        await rulebook.ensure(context, given_rulebook(settings))
        yield context


@contextlib.asynccontextmanager
async def assemble(
    settings: Settings,
    *,
    session: aiohttp.ClientSession | None = None,
    entra_http: requests.Session | None = None,
    lease: timedelta = outbox.LEASE,
    given_clock: ports.Clock | None = None,
) -> AsyncIterator[Parts]:
    """Everything `serve` runs, not yet listening; closed again at the end.

    `lease` is how long a delivery is held before another may take it up (short in tests that kill).
    `session` and `entra_http` are other ways to Teams and Entra, for tests that stand in for Microsoft's hosts;
    `given_clock` is another clock than the machine's or the database's, for tests that stand at some moment.
    """
    make_room(settings)
    async with contextlib.AsyncExitStack() as stack:
        database, clock = await stack.enter_async_context(_database(settings, given_clock))
        outbound = await stack.enter_async_context(session or open_session(settings))
        book = given_rulebook(settings)
        woken: list[Drain] = []
        context = Context(database, wake=lambda: woken[0].wake())
        forward = _forwarder(context, clock, woken) if isinstance(clock, clocks.DemoClock) else None
        desk = Desk(context=context, clock=clock, forward=forward, public_url=public_url(settings))
        front = FrontDesk(desk, duty_phone=book.council.duty_phone)
        edge = build_edge(settings, front, outbound, clocks.SystemClock(), entra_http)
        stack.push_async_callback(edge.close)
        pace = Pace(per_second=settings.sends_per_second, per_chat=settings.sends_per_chat)
        drain = Drain(context, edge.messenger, mailer=mail.build_mailer(settings, clock), lease=lease, pace=pace)
        woken.append(drain)
        await rulebook.ensure(context, book)
        if await rulebook.differs(context, book):
            # a start changes nothing by itself: `rulebook apply` does, with who and why
            log.warning("the rulebook given is not the one in effect", action="rulebook.differs")
        measured = clock if isinstance(clock, clocks.DatabaseClock) else None
        shift = Shift(
            context=context,
            clock=clock,
            drain=drain,
            refresh_clock=measured.measure if measured else None,
            version=migrate.head(),
        )
        site = create_app(
            edge, _probes(context, clock, shift), settings.metrics_token, more=_more(settings, context, clock, book)
        )
        yield Parts(context=context, clock=clock, drain=drain, edge=edge, shift=shift, site=site)


async def serve(settings: Settings, *, lease: timedelta = outbox.LEASE) -> int:
    """Listen, tick and send until SIGTERM or SIGINT; returns the exit code.

    A stop claims nothing more, finishes what is on its way and writes it down, within ten seconds.
    """
    observability.configure(settings.log_level)
    make_room(settings)
    url = settings.database_url.get_secret_value()
    try:
        with engines.serve_lock(url):
            async with assemble(settings, lease=lease) as parts:
                await _run(settings, parts)
    except engines.AlreadyServed as why:
        raise CannotStart(str(why)) from None
    except StoreUnavailable:
        raise CannotStart("the database can't be reached") from None
    return 0


async def _run(settings: Settings, parts: Parts) -> None:
    stopping = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopping.set)
    runner = web.AppRunner(parts.site, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError:
        await runner.cleanup()
        raise CannotStart(f"port {settings.port} of {settings.host} can't be listened on: is it taken?") from None
    draining = asyncio.create_task(parts.drain.run())
    watching = asyncio.create_task(_watch_loop())
    ticking = ticker.start(parts.shift)
    parts.drain.wake()
    gc.freeze()  # what is loaded stays: the collector needn't look at it again, and pauses are halved
    log.info("serving", action="app.serving", port=settings.port)
    await stopping.wait()
    log.info("stopping", action="app.stopping")
    ticking.shutdown(wait=False)
    watching.cancel()
    parts.drain.stop()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(draining, STOP_WITHIN)
    with contextlib.suppress(Busy, StoreUnavailable):
        await replicas.leave(parts.context, replica_id=parts.shift.replica_id)
    await runner.cleanup()


@contextlib.asynccontextmanager
async def _database(
    settings: Settings, given_clock: ports.Clock | None = None
) -> AsyncIterator[tuple[Database, ports.Clock]]:
    url = settings.database_url.get_secret_value()
    if not settings.is_production:
        await asyncio.to_thread(migrate.upgrade, url)
    elif not await asyncio.to_thread(migrate.fits, url):
        raise CannotStart("the database's tables are not this version's: run `python -m bot db upgrade` first")
    opened = engines.create(url)
    clock: ports.Clock = clocks.SystemClock()
    try:
        if given_clock is not None:
            clock = given_clock
        elif url.startswith("postgresql:"):
            server_clock = clocks.DatabaseClock(opened)
            await server_clock.measure()
            clock = server_clock
        if given_clock is None and not settings.is_production and isinstance(clock, clocks.SystemClock):
            clock = clocks.DemoClock(clock)
        yield Database(opened, keyring_of(settings), clock), clock
    finally:
        await opened.dispose()


def _more(settings: Settings, context: Context, clock: ports.Clock, book: Rulebook) -> list[Route]:
    """The calendars' route, where people can reach it."""
    if not public_url(settings):
        return []

    async def entries(token: str) -> tuple[CalendarEntry, ...] | None:
        return await calendar_feeds.entries(context, token)

    served = feeds.Feeds(entries, name=f"{book.council.short_name}: your panels", clock=clock)
    return [Route("GET", feeds.PATH, Authentication.UNGUESSABLE, served.answer)]


def _forwarder(
    context: Context, clock: clocks.DemoClock, drains: list[Drain]
) -> Callable[[timedelta], Awaitable[datetime]]:
    """The demo's way ahead in time: it stops wherever something falls due, as a real week would."""

    async def forward(step: timedelta) -> datetime:
        target = clock.now() + step
        while (due := await timers.next_due(context, before=target)) is not None:
            clock.forward_to(due)
            await timers.fire_due(context, limit=100)
            while await drains[0].once():
                pass
        clock.forward_to(target)
        drains[0].wake()
        return clock.now()

    return forward


async def _watch_loop() -> None:
    """Measure how late the event loop wakes: what everybody's turn waits for."""
    loop = asyncio.get_running_loop()
    while True:
        asleep_at = loop.time()
        await asyncio.sleep(LOOP_WATCH)
        observability.LOOP_LAG_SECONDS.set(max(0.0, loop.time() - asleep_at - LOOP_WATCH))


def _probes(context: Context, clock: ports.Clock, shift: Shift) -> list[Probe]:
    async def store() -> str | None:
        try:
            _, oldest = await outbox.standing(context)
        except StoreUnavailable:
            return "the database can't be reached"
        if oldest is None:
            observability.OLDEST_DUE_SECONDS.set(0)
            return None
        age = clock.now() - oldest
        observability.OLDEST_DUE_SECONDS.set(age.total_seconds())
        return f"the oldest due delivery waits {int(age.total_seconds())} s" if age > OLDEST_DUE_RED else None

    async def ticks() -> str | None:
        return "the jobs have stopped" if shift.is_stalled(TICKS_RED) else None

    async def proof() -> str | None:
        observability.NTKS_UNPROVED.set(shift.unproved)
        return f"{shift.unproved} need-to-knows have a step missing" if shift.unproved else None

    return [Probe("deliveries", store), Probe("proof", proof), Probe("ticks", ticks)]
