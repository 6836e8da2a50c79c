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

ROOT = Path(__file__).resolve().parents[2]
LOCK = 7_201_101  # any number, the same everywhere: only migrations take this lock


def upgrade(url: str, revision: str = "head") -> None:
    """Run what is missing up to `revision`. Two processes at once: the second waits and finds nothing to do."""
    with connected(url) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Take migrations back down to `revision` ("base" for all)."""
    with connected(url) as connection:
        command.downgrade(_config(connection), revision)


def current(url: str) -> str | None:
    """The revision the database has, None for an empty one."""
    with connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The revision this version of Usher needs."""
    found = ScriptDirectory.from_config(_config(None)).get_current_head()
    assert found is not None
    return found


@contextlib.contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection in one transaction that holds the migration lock."""
    drivers = {"sqlite:": "sqlite:", "postgresql:": "postgresql+psycopg:"}
    scheme = url.split("//", 1)[0]
    engine = create_engine(url.replace(scheme, drivers[scheme], 1))
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA busy_timeout=30000")
                dbapi = connection.connection.dbapi_connection
                assert dbapi is not None
                dbapi.isolation_level = None
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield connection
            connection.commit()
    finally:
        engine.dispose()


def _config(connection: Connection | None) -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config
