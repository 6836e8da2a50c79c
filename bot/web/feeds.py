"""GET /calendar/TOKEN.ics: a person's own calendar, for Outlook and phones; it holds nothing of any case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from bot import observability
from casework import ports
from casework.domain import buckets
from casework.services.context import Busy, StoreUnavailable
from casework.views import CalendarEntry
from documents import calendar_file

PATH = "/calendar/{token:[A-Za-z0-9_-]{43}}.ics"
MISSES = buckets.Rate(burst=20, per_second=0.2)
Entries = Callable[[str], Awaitable[Sequence[CalendarEntry] | None]]

_log = observability.get_logger(__name__)


class Feeds:
    """Behind the route. An address never made, stopped or mistyped gets the same 404, and few tries.

    `entries` gives what an address's token stands for. The address is its reader's right: it stands in no log of ours.
    """

    def __init__(self, entries: Entries, *, name: str, clock: ports.Clock, misses: buckets.Rate = MISSES) -> None:
        self._entries = entries
        self._name = name
        self._clock = clock
        self._misses = buckets.Buckets(misses)

    async def answer(self, request: web.Request) -> web.Response:
        """200 with the calendar, 404, 429 after many wrong addresses from one machine, 503 without the database."""
        remote = request.remote or ""
        if not self._misses.has_room(remote):
            raise web.HTTPTooManyRequests
        try:
            found = await self._entries(request.match_info["token"])
        except (Busy, StoreUnavailable):
            _log.error("a calendar could not be read", action="feeds.store_down")
            raise web.HTTPServiceUnavailable from None
        if found is None:
            self._misses.take(remote)
            raise web.HTTPNotFound
        return web.Response(
            body=calendar_file.of_person(found, name=self._name, made_at=self._clock.now()),
            content_type="text/calendar",
            charset="utf-8",
            headers={
                "Cache-Control": "private, no-store",
                "Content-Disposition": "inline; filename=panels.ics",
                "X-Content-Type-Options": "nosniff",
            },
        )
