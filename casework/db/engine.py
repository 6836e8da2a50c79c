"""Engines: SQLite in one file for one machine, PostgreSQL for several, each set so that a commit is a commit."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

SQLITE = "sqlite:///"
POSTGRESQL = "postgresql://"

# FULL: in WAL, NORMAL can lose what was committed when the power fails, and FULL costs a real transaction nothing
PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")

# A statement, a wait for a lock or a forgotten transaction may take so long and no longer (milliseconds).
LIMITS = {"statement_timeout": 30_000, "lock_timeout": 5_000, "idle_in_transaction_session_timeout": 10_000}
WIRE: dict[str, Any] = {
    "application_name": "usher",
    "connect_timeout": 5,  # seconds, as are the keepalives
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds: a server that went away without a word is noticed
    "options": " ".join(f"-c {name}={value}" for name, value in LIMITS.items()),
}


class AlreadyServed(Exception):
    """Another Usher serves this SQLite file."""


def create(url: str) -> AsyncEngine:
    """An engine for sqlite:///path or postgresql://...; raises ValueError for any other. Values are never logged."""
    if url.startswith(SQLITE):
        driven, arguments = url.replace("sqlite:", "sqlite+aiosqlite:", 1), {}
    elif url.startswith(POSTGRESQL):
        driven, arguments = url.replace("postgresql:", "postgresql+psycopg:", 1), WIRE
    else:
        raise ValueError("neither sqlite:/// nor postgresql://")
    engine = create_async_engine(
        driven, connect_args=arguments, hide_parameters=True, pool_size=10, max_overflow=10, pool_timeout=10
    )
    if url.startswith(SQLITE):
        event.listen(engine.sync_engine, "connect", _sqlite_connected)
    return engine


def _sqlite_connected(connection: Any, _: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: IMMEDIATE for writers
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@contextlib.contextmanager
def serve_lock(url: str) -> Iterator[None]:
    """Hold a SQLite file for serving; raises AlreadyServed when another process does. Nothing on PostgreSQL.

    The lock lies in a file beside the database and ends with the process, however it ends: nothing is left to clear up.
    """
    database = make_url(url).database
    if not url.startswith(SQLITE) or not database:
        yield
        return
    file = Path(database).resolve()
    with file.with_name(f"{file.name}.serve-lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServed(
                f"another Usher already serves {file}: stop it first, or give this one its own USHER_DATABASE_URL"
            ) from None
        yield
