"""`make demo`: a fictional council, Usher, and one chat window for each role; Ctrl-C ends all of it."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from bot import app
from bot.config import Settings, SettingsError
from demo import load, people, windows

FOLDER = Path("var/demo")
SECONDS_TO_SERVE = 30.0
HINTS = {
    "sam": "social worker: type `raise`, or `book ab 100101 onto legal gateway`",
    "tara": "team manager: acknowledge what arrives",
    "chloe": "head of service, chairs Legal Gateway, PLO and Care Proceedings: type `agenda gateway`",
    "neil": "service manager",
    "priya": "assistant director, chairs Access to Resources",
    "dana": "director, chairs Best Care Best Value",
    "connor": "panel coordinator",
    "leila": "legal adviser",
}


def main(arguments: Sequence[str]) -> int:
    """Exit code 0 after Ctrl-C, 1 when something could not be started (it says what and why)."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--windows", default="sam,tara,neil,chloe,priya,dana", help="whose windows, by first name")
    parser.add_argument("--port", type=int, default=3978, help="Usher's port")
    parser.add_argument("--window-port", type=int, default=windows.BASE_PORT, help="the first window's port")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the demo keeps its data, made anew")
    options = parser.parse_args(arguments)
    try:
        return asyncio.run(_demo(options))
    except (app.CannotStart, windows.WindowError, SettingsError, ValueError) as why:
        print(f"The demo can't start: {why}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


async def _demo(options: argparse.Namespace) -> int:
    everybody = people.read()
    wanted = people.chosen(options.windows.split(","), everybody)
    folder = _fresh(options.folder)
    settings = _settings(folder, options.port)
    print("Loading a fictional council ...", flush=True)
    async with app.open_context(settings) as context:
        booked = await load.load(context)
    print(f"{len(everybody)} people, {booked} items booked. Starting Usher and {len(wanted)} windows ...", flush=True)
    with (folder / "usher.log").open("w", encoding="utf-8") as log, contextlib.redirect_stderr(log):
        serving = asyncio.create_task(app.serve(settings))
        try:
            await _answering(settings, serving)
            async with windows.opened(
                wanted,
                council=everybody,
                endpoint=f"http://127.0.0.1:{options.port}/api/messages",
                folder=folder / "windows",
                base_port=options.window_port,
            ) as opened:
                for window in opened:
                    await windows.install(window)
                _say(opened, folder)
                await serving
        finally:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
    print("\nEnded.")
    return 0


def _say(opened: Sequence[windows.Window], folder: Path) -> None:
    print()
    for window in opened:
        print(f"  {window.person.name:18} {window.url}   {HINTS.get(window.person.key, '')}")
    print("\n  In any window, `demo: forward 2 days` moves the clock: agendas and reminders arrive on the way.")
    print(f"  Usher's log: {folder / 'usher.log'}. Ctrl-C ends everything.\n")
    print("Ready", flush=True)


def _fresh(folder: Path) -> Path:
    """An empty folder; only one that an earlier demo made is thrown away."""
    mark = folder / "made-by-the-demo"
    if folder.exists() and not mark.exists() and any(folder.iterdir()):
        raise ValueError(f"{folder} holds something else: choose an empty folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    mark.touch()
    return folder


def _settings(folder: Path, port: int) -> Settings:
    return Settings.from_env(
        {
            "USHER_ENV": "development",
            "USHER_DATABASE_URL": f"sqlite:///{folder / 'usher.sqlite3'}",
            "USHER_PORT": str(port),
            "USHER_TENANTS": windows.TENANT_ID,
            **{name: os.environ[name] for name in ("USHER_COUNCIL",) if name in os.environ},
        }
    )


async def _answering(settings: Settings, serving: asyncio.Task[int]) -> None:
    url = f"http://127.0.0.1:{settings.port}/health/live"
    async with aiohttp.ClientSession() as session:
        for _ in range(int(SECONDS_TO_SERVE / 0.1)):
            if serving.done():
                await serving
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
    raise app.CannotStart("Usher did not answer in time; see its log")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
