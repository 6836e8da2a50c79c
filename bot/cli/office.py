"""What every command on records needs: settings, keys, and the database opened beside a running server."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot import app
from bot.cli.serve import refuse
from bot.config import Settings, SettingsError
from casework.db.uow import Busy, StoreUnavailable
from casework.domain.directory_files import BadFile
from casework.services.context import Context

Task = Callable[[Context, Settings], Awaitable[int]]


def with_context(task: Task) -> int:
    """Run `task` on the database of the settings; returns its exit code, 2 when the database can't be used.

    Reads run beside a server; a write waits its turn for ten seconds at most.
    """
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as unsafe:
        return refuse(unsafe)

    async def run() -> int:
        async with app.open_context(settings) as context:
            return await task(context, settings)

    try:
        return asyncio.run(run())
    except app.CannotStart as why:
        print(f"Can't do that: {why}", file=sys.stderr)
    except Busy:
        print("Can't do that now: the database is busy. Nothing was changed; try again.", file=sys.stderr)
    except StoreUnavailable:
        print("Can't do that: the database can't be reached. Nothing was changed.", file=sys.stderr)
    return 2


def import_file(path: Path, take: Callable[[Context, str, str], Awaitable[int]], *, noun: str) -> int:
    """Read a CSV file and hand it to `take(context, text, tenant id)`; all of it is taken, or nothing."""

    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        print(f"Can't read {path}: {type(fault).__name__}. Save it as CSV in UTF-8.", file=sys.stderr)
        return 2

    async def task(context: Context, settings: Settings) -> int:
        try:
            count = await take(context, text, app.tenant_of(settings))
        except BadFile as bad:
            print(f"Nothing was imported. Mend these lines of {path}:", file=sys.stderr)
            for row in bad.rows:
                print(f"  line {row.line}: {row.reason}", file=sys.stderr)
            return 1
        print(f"Imported {count} {noun}.")
        return 0

    return with_context(task)


def file_command(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    *,
    columns: tuple[str, ...],
    run: Callable[[argparse.Namespace], int],
) -> None:
    """Register `NAME import FILE.csv`."""
    verbs = subparsers.add_parser(name).add_subparsers(metavar="verb", required=True)
    importing = verbs.add_parser("import", help=f"columns: {','.join(columns)}")
    importing.add_argument("file", type=Path)
    importing.set_defaults(run=run)
