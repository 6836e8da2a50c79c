"""`db upgrade` and `db current`: the tables this version of Usher needs."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

from bot import app
from bot.cli.serve import refuse
from bot.config import Settings, SettingsError
from casework.db import migrate


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs = subparsers.add_parser("db").add_subparsers(metavar="verb", required=True)
    verbs.add_parser("upgrade", help="make or change the tables").set_defaults(run=upgrade)
    verbs.add_parser("current", help="which version the tables have").set_defaults(run=current)


def upgrade(options: argparse.Namespace) -> int:
    """Bring the database to this version's tables; safe to run twice, and on two machines at once."""
    return _with_settings(_upgrade)


def current(options: argparse.Namespace) -> int:
    """Exit code 0 when the tables are this version's, 1 when they are not."""
    return _with_settings(_current)


def _upgrade(settings: Settings) -> int:
    app.make_room(settings)
    migrate.upgrade(settings.database_url.get_secret_value())
    print("The database has this version's tables.")
    return 0


def _current(settings: Settings) -> int:
    url = settings.database_url.get_secret_value()
    print(f"Tables: {migrate.current(url) or 'none'}; this version needs {migrate.head()}.")
    return 0 if migrate.current(url) == migrate.head() else 1


def _with_settings(task: Callable[[Settings], int]) -> int:
    try:
        return task(Settings.from_env(os.environ))
    except SettingsError as unsafe:
        return refuse(unsafe)
