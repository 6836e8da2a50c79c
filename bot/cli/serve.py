"""`serve`: run Usher until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from bot import app
from bot.config import Settings, SettingsError


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("serve", help="run Usher")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exit code 0 after an orderly stop, 2 when it must not or can't start: every reason is listed at once."""
    try:
        settings = Settings.from_env(os.environ)
    except SettingsError as unsafe:
        return refuse(unsafe)
    try:
        return asyncio.run(app.serve(settings))
    except app.CannotStart as why:
        print(f"Usher can't start: {why}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0


def refuse(unsafe: SettingsError) -> int:
    """Say everything that is missing or unsafe; exit code 2."""
    print("Usher can't start. Mend these settings:", file=sys.stderr)
    for problem in unsafe.problems:
        print(f"  {problem.name}: {problem.what_is_wrong}. {problem.what_to_do}", file=sys.stderr)
    return 2
