"""The servers that are measured, each in a process of its own: `python -m bench.servers NAME PORT`."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot import app as usher
from bot import clocks, observability
from bot.config import Settings
from bot.teams.edge import build_edge, open_session
from bot.web.server import create_app
from casework import ports
from casework.services import directory
from dialogs.turns import Event, Reply, Visit

TENANT = "00000000-0000-4000-8000-000000000001"
PEOPLE_COUNT = 200


def entra_object_id(number: int) -> str:
    """The Entra id of one of the measured people."""
    return f"a0000000-0000-4000-8000-{number:012d}"


PEOPLE = "entra_object_id,name,work_phone,role,team,service,panel,starts_on,ends_on\n" + "".join(
    f"{entra_object_id(number)},Worker {number},,CO,,,,,\n" for number in range(PEOPLE_COUNT)
)


async def bare(port: int, *, commits: bool = False) -> web.Application:
    """The limit: read JSON, POST one reply, answer 200; with `commits`, one SQLite commit as well."""
    session = aiohttp.ClientSession()
    folder = tempfile.mkdtemp()
    database = sqlite3.connect(Path(folder) / "bare.sqlite3", check_same_thread=False)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE seen (id TEXT)")

    async def answer(request: web.Request) -> web.Response:
        activity: dict[str, Any] = await request.json()
        if commits:
            with database:
                database.execute("INSERT INTO seen VALUES (?)", (activity["id"],))
        url = f"{activity['serviceUrl']}v3/conversations/{activity['conversation']['id']}/activities"
        async with session.post(url, json={"type": "message", "text": activity["text"]}) as sent:
            await sent.read()
        return web.Response()

    site = web.Application()
    site.router.add_post("/api/messages", answer)
    return site


async def stock(port: int) -> web.Application:
    """botbuilder as it comes: CloudAdapter and an ActivityHandler that echoes."""
    from botbuilder.core import ActivityHandler, TurnContext
    from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication

    class Echo(ActivityHandler):  # type: ignore[misc] # the SDK ships no types
        async def on_message_activity(self, turn_context: TurnContext) -> None:
            await turn_context.send_activity(turn_context.activity.text)

    class Configuration:
        APP_ID = ""
        APP_PASSWORD = ""
        APP_TYPE = "MultiTenant"
        APP_TENANTID = ""

    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration()))
    echo = Echo()

    async def answer(request: web.Request) -> web.Response:
        response: web.Response = await adapter.process(request, echo)
        return response

    site = web.Application()
    site.router.add_post("/api/messages", answer)
    return site


class EchoFront:
    """Answers what was said: the edge alone, no records."""

    async def receive(self, visit: Visit, event: Event) -> Reply | None:
        return Reply(message=ports.Message(summary="echo", text=str(getattr(event, "text", ""))))

    def apology(self, reference: str) -> Reply:
        return Reply(message=ports.Message(summary="sorry", text=reference))


async def edge(port: int) -> web.Application:
    """Usher's Teams edge with a front desk that echoes."""
    settings = Settings.from_env({"USHER_ENV": "development"})
    made = build_edge(settings, EchoFront(), open_session(settings), clocks.SystemClock())
    return create_app(made)


# what lives as long as the process: a dropped context manager would close itself
OPEN: list[object] = []


async def whole(port: int) -> web.Application:
    """All of Usher on SQLite: every turn finds the person, remembers the activity, and keeps its answer."""
    folder = Path(tempfile.mkdtemp())
    url = f"sqlite:///{folder / 'usher.sqlite3'}"
    settings = Settings.from_env({"USHER_ENV": "development", "USHER_DATABASE_URL": url})
    assembled = usher.assemble(settings)
    OPEN.append(assembled)
    parts = await assembled.__aenter__()
    await directory.import_people(parts.context, PEOPLE, tenant_id=TENANT)
    return parts.site


SERVERS: dict[str, Callable[[int], Awaitable[web.Application]]] = {
    "bare": bare,
    "bare+commit": lambda port: bare(port, commits=True),
    "edge": edge,
    "stock": stock,
    "whole": whole,
}


async def main(name: str, port: int) -> None:
    """Serve on loopback until killed by the benchmark that started it."""
    observability.configure("ERROR")
    runner = web.AppRunner(await SERVERS[name](port), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("serving", flush=True)
    # a benchmark never runs this long: an orphan ends by itself
    await asyncio.sleep(600)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
