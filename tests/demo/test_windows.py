"""The chat windows are real: each speaks for its own person, on this machine only, and none outlives the demo."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from demo import people, windows

COUNCIL = people.read()
SAM, TARA = people.chosen(["sam", "tara"], COUNCIL)
OUTLIVING = """
import asyncio, sys
from pathlib import Path
from demo import people, windows

async def stay():
    council = people.read()
    async with windows.opened(council[:1], council=council, endpoint=sys.argv[1], folder=Path(sys.argv[2]),
                              base_port=int(sys.argv[3])):
        print("open", flush=True)
        await asyncio.sleep(600)

asyncio.run(stay())
"""


@dataclass
class Bot:
    """What a bot sees of the windows: every activity that came, and the status it is told to answer."""

    endpoint: str = ""
    status: int = 200
    activities: list[dict[str, Any]] = field(default_factory=list)

    async def receive(self, request: web.Request) -> web.Response:
        self.activities.append(await request.json())
        return web.json_response({}, status=self.status)


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    heard = Bot()
    app = web.Application()
    app.router.add_post("/api/messages", heard.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    heard.endpoint = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
    yield heard
    await runner.cleanup()


@pytest.fixture
def base_port() -> int:
    """The first of two free ports in a row."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


async def test_install_tells_the_bot_whose_window_it_is_and_where(bot: Bot, base_port: int, tmp_path: Path) -> None:
    async with windows.opened(
        [SAM, TARA], council=COUNCIL, endpoint=bot.endpoint, folder=tmp_path, base_port=base_port
    ) as opened:
        for window in opened:
            await windows.install(window)

    installed = [one for one in bot.activities if one["type"] == "installationUpdate"]
    assert [
        (
            one["action"],
            one["from"]["aadObjectId"],
            one["conversation"]["id"],
            one["conversation"]["conversationType"],
            one["channelData"]["tenant"]["id"],
            one["serviceUrl"],
            one["recipient"]["id"],
        )
        for one in installed
    ] == [
        (
            "add",
            person.entra_object_id,
            f"a:{person.entra_object_id}",
            "personal",
            windows.TENANT_ID,
            f"http://127.0.0.1:{base_port + number}/_connector",
            windows.BOT_ID,
        )
        for number, person in enumerate([SAM, TARA])
    ]


async def test_install_says_when_the_bot_does_not_take_it(bot: Bot, base_port: int, tmp_path: Path) -> None:
    bot.status = 401

    async with windows.opened(
        [SAM], council=COUNCIL, endpoint=bot.endpoint, folder=tmp_path, base_port=base_port
    ) as opened:
        with pytest.raises(windows.WindowError, match=r"^Usher did not take the window of Sam Okafor \(401\)"):
            await windows.install(opened[0])


async def test_opened_answers_on_this_machine_only_and_ends_with_its_block(
    bot: Bot, base_port: int, tmp_path: Path
) -> None:
    async with windows.opened([SAM], council=COUNCIL, endpoint=bot.endpoint, folder=tmp_path, base_port=base_port):
        during = [can_listen("127.0.0.1", base_port), can_listen("127.0.0.2", base_port)]
    after = can_listen("127.0.0.1", base_port)

    # a window that listened on every address would hold the second one as well
    assert during == [False, True]
    assert after is True


async def test_opened_refuses_a_taken_port_and_leaves_no_window_behind(
    bot: Bot, base_port: int, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", base_port + 1))
        taken.listen()

        with pytest.raises(windows.WindowError, match=f"^Port {base_port + 1}, for Tara Whitfield, is taken"):
            async with windows.opened(
                [SAM, TARA], council=COUNCIL, endpoint=bot.endpoint, folder=tmp_path, base_port=base_port
            ):
                pass

    assert can_listen("127.0.0.1", base_port) is True


async def test_opened_refuses_a_council_too_small_for_the_playground(bot: Bot, base_port: int, tmp_path: Path) -> None:
    with pytest.raises(windows.WindowError, match=r"^A window needs 5 people beside Sam Okafor"):
        async with windows.opened(
            [SAM], council=COUNCIL[:5], endpoint=bot.endpoint, folder=tmp_path, base_port=base_port
        ):
            pass


async def test_opened_windows_end_when_the_demo_is_killed(bot: Bot, base_port: int, tmp_path: Path) -> None:
    demo = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        OUTLIVING,
        bot.endpoint,
        str(tmp_path),
        str(base_port),
        cwd=windows.ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert demo.stdout is not None
    said = await asyncio.wait_for(demo.stdout.readline(), 30)
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{base_port}/_debug/ping") as answer:
        status = answer.status

    os.kill(demo.pid, signal.SIGKILL)
    await demo.wait()
    async with asyncio.timeout(10):
        while not can_listen("127.0.0.1", base_port):  # noqa: ASYNC110  # another process gives no event
            await asyncio.sleep(0.05)

    assert (said, status) == (b"open\n", 200)


def can_listen(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError:
            return False
    return True
