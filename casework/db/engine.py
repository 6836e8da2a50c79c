"""Engines: SQLite in one file for one machine, PostgreSQL for several, each set so that a commit is a commit."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")


class AlreadyServed(Exception):
    """Another Usher serves this SQLite file."""


def create(url: str) -> AsyncEngine:
    """An engine for sqlite:///path or postgresql://...; raises ValueError for any other."""
    if url.startswith("sqlite:///"):
        engine = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:", 1), hide_parameters=True)
        event.listen(engine.sync_engine, "connect", _sqlite_connected)
        return engine
    if url.startswith("postgresql://"):
        return create_async_engine(
            url.replace("postgresql:", "postgresql+psycopg:", 1),
            hide_parameters=True,
            pool_size=10,
            max_overflow=10,
            pool_timeout=10,
        )
    raise ValueError("neither sqlite:/// nor postgresql://")


def _sqlite_connected(connection: Any, _: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@contextlib.contextmanager
def serve_lock(url: str) -> Iterator[None]:
    """Hold a SQLite file for serving; raises AlreadyServed when another process does. Nothing on PostgreSQL."""
    if not url.startswith("sqlite:///"):
        yield
        return
    file = Path(url.removeprefix("sqlite:///") + ".serve-lock")
    with file.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServed(f"another Usher serves this database ({file}); stop it first") from None
        yield
