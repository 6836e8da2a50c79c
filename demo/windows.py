"""Chat windows: one Agents Playground per person, all talking to one Usher, started and ended together."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import aiohttp
from yarl import URL

from demo import people

ROOT = Path(__file__).resolve().parents[1]
PLAYGROUND = ROOT / "gallery" / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
PRELOAD = Path(__file__).with_name("window.cjs")
TENANT_ID = "b0000000-0000-4000-8000-000000000001"
BOT_ID = "28:usher"
BASE_PORT = 3980  # below the range from which the system hands out ports
OTHERS = 5  # the Playground takes exactly so many users beside its own
SECONDS_TO_START = 30.0
SECONDS_TO_END = 5.0
SECONDS_TO_INSTALL = 10.0


class WindowError(Exception):
    """A window can't be had; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One person's chat with Usher. `url` is what to open in a browser, `log` what the Playground writes."""

    person: people.Person
    url: str
    conversation_id: str
    log: Path

    @property
    def service_url(self) -> str:
        return f"{self.url}_connector"


@asynccontextmanager
async def opened(
    wanted: Sequence[people.Person],
    *,
    council: Sequence[people.Person],
    endpoint: str,
    folder: Path,
    base_port: int = BASE_PORT,
    tenant_id: str = TENANT_ID,
) -> AsyncIterator[list[Window]]:
    """Windows for `wanted`, on ports from `base_port` upwards, all talking to `endpoint`; closed on the way out.

    `council` is everybody there is (six at least: the Playground shows five others beside its own user). Settings and
    logs go into `folder`, one folder per person. Start Usher first: a window tells it of itself when it is opened in
    a browser, and by `install`. Raises WindowError.
    """
    node = _node()
    processes: list[Process] = []
    try:
        windows = []
        for number, person in enumerate(wanted):
            port = base_port + number
            _check_free(port, person)
            home = (Path.cwd() / folder) / person.key
            home.mkdir(parents=True, exist_ok=True)
            settings = home / "playground.yml"
            # JSON is YAML as well
            settings.write_text(json.dumps(_settings(person, council, tenant_id), indent=2), encoding="utf-8")
            window = Window(
                person=person,
                url=f"http://127.0.0.1:{port}/",
                conversation_id=_conversation_id(person),
                log=home / "playground.log",
            )
            processes.append(await _start(node, window, settings, endpoint, port))
            windows.append(window)
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(
                *(_answering(session, one, process) for one, process in zip(windows, processes, strict=True))
            )
        yield windows
    finally:
        await asyncio.gather(*(_end(process) for process in processes))


async def install(window: Window) -> None:
    """Have the window tell Usher that it was added to this person's chat, so that Usher knows where to send to.

    Opening the window in a browser does the same. Raises WindowError when Usher does not take it.
    """
    try:
        async with asyncio.timeout(SECONDS_TO_INSTALL):
            status = await _installed(window)
    except (aiohttp.ClientError, TimeoutError) as error:
        status = type(error).__name__
    if status != 200:
        raise WindowError(f"Usher did not take the window of {window.person.name} ({status}). See {window.log}.")


async def _installed(window: Window) -> int | str:
    async with aiohttp.ClientSession() as session, session.ws_connect(URL(window.url) / "_ws/log/stream") as log:
        await _skip_what_was(log)
        path = URL(window.url) / "_debug/conversation" / window.conversation_id / "installation"
        async with session.post(path, json={}, raise_for_status=True):
            return await _answer_to_installation(log)


def _settings(person: people.Person, council: Sequence[people.Person], tenant_id: str) -> dict[str, object]:
    others = [one for one in council if one.entra_object_id != person.entra_object_id][:OTHERS]
    if len(others) < OTHERS:
        raise WindowError(f"A window needs {OTHERS} people beside {person.name}.")

    def derived(what: str) -> str:
        return str(uuid5(NAMESPACE_URL, f"{what} of {person.entra_object_id}"))

    return {
        "version": "0.1.1",
        "tenantId": tenant_id,
        "bot": {"id": BOT_ID, "name": "Usher"},
        "currentUser": _user(person),
        "users": [_user(one) for one in others],
        "personalChat": {"id": _conversation_id(person)},
        "groupChat": {"id": f"19:{derived('group chat')}", "name": "Group chat"},
        "team": {
            "id": f"19:{derived('team')}",
            "name": "Team",
            "aadGroupId": derived("group"),
            "channels": [],
        },
    }


def _user(person: people.Person) -> dict[str, str]:
    given, _, surname = person.name.partition(" ")
    return {
        "id": f"29:{person.entra_object_id}",
        "name": person.name,
        "userPrincipleName": person.email,  # so spelt by the Playground
        "aadObjectId": person.entra_object_id,
        "givenName": given,
        "surname": surname,
        "email": person.email,
    }


def _conversation_id(person: people.Person) -> str:
    return f"a:{person.entra_object_id}"


def _node() -> str:
    node = shutil.which("node")
    if node is None:
        raise WindowError("The chat windows need Node 20 or later (https://nodejs.org), and there is none.")
    if not PLAYGROUND.exists():
        raise WindowError("The Agents Playground is not installed: run `make windows` first.")
    return node


def _check_free(port: int, person: people.Person) -> None:
    # the Playground would quietly take another port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise WindowError(f"Port {port}, for {person.name}, is taken. Choose another first port.") from error


async def _start(node: str, window: Window, settings: Path, endpoint: str, port: int) -> Process:
    environment = {
        **os.environ,
        "NODE_OPTIONS": f'--require "{PRELOAD}"',
        "TEAMSAPPTESTER_BROWSER": "none",
        "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(settings),
        "M365_AGENTS_PLAYGROUND_LOGFILE": str(window.log),
    }
    words = ["start", "-p", str(port), "-e", endpoint, "-c", "msteams", "--service-url", window.service_url]
    return await asyncio.create_subprocess_exec(
        node,
        str(PLAYGROUND),
        *words,
        "--disable-telemetry",
        cwd=window.log.parent,
        env=environment,
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=DEVNULL,
        start_new_session=True,
    )


async def _answering(session: aiohttp.ClientSession, window: Window, process: Process) -> None:
    deadline = asyncio.get_running_loop().time() + SECONDS_TO_START
    while asyncio.get_running_loop().time() < deadline:
        if process.returncode is not None:
            raise WindowError(f"The window of {window.person.name} ended at once. See {window.log}.")
        with suppress(aiohttp.ClientError, TimeoutError):
            async with session.get(URL(window.url) / "_internal/v1/testConfig") as answer:
                found = await answer.json()
            if found["config"]["currentUser"]["aadObjectId"] == window.person.entra_object_id:
                return
        await asyncio.sleep(0.1)
    raise WindowError(f"The window of {window.person.name} did not answer. See {window.log}.")


async def _end(process: Process) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), SECONDS_TO_END)
            return


async def _skip_what_was(log: aiohttp.ClientWebSocketResponse) -> None:
    # what was logged while nobody listened comes first, at once
    with suppress(TimeoutError):
        while True:
            await log.receive(timeout=0.2)


async def _answer_to_installation(log: aiohttp.ClientWebSocketResponse) -> int | str:
    async for frame in log:
        entry = json.loads(frame.data)["log"]
        if entry.get("activityName") == "installationUpdate":
            return int(entry["response"]["statusCode"])
        if entry.get("level") == "warning":
            return str(entry["displayText"])
    return "the window was closed"
