"""Bringing a database to this version's tables, one process at a time, and asking which version it has."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from casework.db.uow import translated

ROOT = Path(__file__).resolve().parents[2]
LOCK = 7_201_101  # any number, the same everywhere: only migrations take this lock
WAIT_SECONDS = 30


def upgrade(url: str, revision: str = "head") -> None:
    """Run what is missing up to `revision`, all or nothing. Of two processes at once the second finds nothing to do.

    Raises Busy when another process writes for longer than WAIT_SECONDS, StoreUnavailable when there is no database.
    """
    with connected(url) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Take migrations back down to `revision` ("base" for all). Raises as `upgrade` does."""
    with connected(url) as connection:
        command.downgrade(_config(connection), revision)


def current(url: str) -> str | None:
    """The revision the database has, None for an empty one. Waits for nobody. Raises StoreUnavailable."""
    with _opened(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The revision this version of Usher needs."""
    found = ScriptDirectory.from_config(_config(None)).get_current_head()
    assert found is not None
    return found


def fits(url: str) -> bool:
    """Whether this version can work on the database: its own tables, or those of the next migration.

    Migrations only add until nothing of the old version runs any more (expand, then contract), so that replicas can be
    replaced one by one. Raises StoreUnavailable.
    """
    found = current(url)
    return found is not None and found.isdigit() and int(found) - int(head()) in (0, 1)


@contextlib.contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection in one transaction that holds the migration lock, committed at the end."""
    with _opened(url) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        yield connection
        connection.commit()


@contextlib.contextmanager
def _opened(url: str) -> Iterator[Connection]:
    drivers = {"sqlite:": "sqlite:", "postgresql:": "postgresql+psycopg:"}
    scheme = url.split("//", 1)[0]
    engine = create_engine(url.replace(scheme, drivers[scheme], 1), hide_parameters=True)
    try:
        with translated(), engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                dbapi = connection.connection.dbapi_connection
                assert dbapi is not None
                dbapi.isolation_level = None
                connection.exec_driver_sql(f"PRAGMA busy_timeout={WAIT_SECONDS * 1000}")
            yield connection
    finally:
        engine.dispose()


def _config(connection: Connection | None) -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config
