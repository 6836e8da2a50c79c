"""Migrations: from nothing to head and back on both engines, equal to the code's tables, one process at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from casework import db
from casework.db import engine as engines
from casework.db import migrate
from casework.db.uow import StoreUnavailable

TRIGGERS = {
    "sqlite": "SELECT name || ' ' || sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1",
    "postgresql": "SELECT pg_get_triggerdef(t.oid) || p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE NOT t.tgisinternal ORDER BY 1",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    url = request.getfixturevalue("postgres_url")
    assert isinstance(url, str)
    with psycopg.connect(url) as server:
        server.execute("DROP SCHEMA public CASCADE")
        server.execute("CREATE SCHEMA public")
    return url


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def triggers(connection: Connection) -> list[str]:
    return list(connection.execute(text(TRIGGERS[connection.dialect.name])).scalars())


def test_empty_database_has_no_revision(empty_url: str) -> None:
    assert migrate.current(empty_url) is None


def test_upgrade_makes_the_tables_of_the_code(empty_url: str) -> None:
    migrate.upgrade(empty_url)

    with migrate.connected(empty_url) as connection:
        difference = compare_metadata(MigrationContext.configure(connection), db.base.metadata)
    assert (migrate.current(empty_url), difference) == (migrate.head(), [])


def test_comparison_sees_a_missing_column(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    with migrate.connected(empty_url) as connection:
        connection.execute(text("ALTER TABLE counters RENAME COLUMN value TO worth"))

    with migrate.connected(empty_url) as connection:
        difference = compare_metadata(MigrationContext.configure(connection), db.base.metadata)

    assert sorted(entry[0] for entry in difference) == ["add_column", "remove_column"]


async def test_upgrade_and_create_all_make_the_same_triggers(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    with migrate.connected(empty_url) as connection:
        migrated = triggers(connection)
    migrate.downgrade(empty_url, "base")
    engine = engines.create(empty_url)
    async with engine.begin() as opened:
        await opened.run_sync(db.base.metadata.create_all)
        created = await opened.run_sync(triggers)
    await engine.dispose()

    assert (migrated, len(migrated)) == (created, 7 if empty_url.startswith("sqlite") else 3)


def test_downgrade_takes_everything_back_and_upgrade_goes_again(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    migrate.downgrade(empty_url, "base")
    with migrate.connected(empty_url) as connection:
        left = (tables(connection), triggers(connection))

    migrate.upgrade(empty_url)

    assert (left, migrate.current(empty_url)) == ((set(), []), migrate.head())


def test_upgrade_twice_changes_nothing(empty_url: str) -> None:
    migrate.upgrade(empty_url)

    migrate.upgrade(empty_url)

    assert migrate.current(empty_url) == migrate.head()


def test_two_processes_upgrade_at_once(empty_url: str) -> None:
    upgrade = "import sys; from casework.db import migrate; migrate.upgrade(sys.argv[1])"
    processes = [subprocess.Popen([sys.executable, "-c", upgrade, empty_url]) for _ in range(3)]

    ends = [process.wait(60) for process in processes]

    assert (ends, migrate.current(empty_url)) == ([0, 0, 0], migrate.head())


def test_failed_upgrade_leaves_nothing(empty_url: str) -> None:
    with migrate.connected(empty_url) as connection:
        connection.execute(text("CREATE TABLE slots (id INTEGER)"))

    with pytest.raises(Exception, match="slots"):
        migrate.upgrade(empty_url)

    with migrate.connected(empty_url) as connection:
        assert (tables(connection), migrate.current(empty_url)) == ({"slots"}, None)


def test_current_waits_for_no_writer(empty_url: str) -> None:
    migrate.upgrade(empty_url)

    with migrate.connected(empty_url):
        assert migrate.current(empty_url) == migrate.head()


@pytest.mark.parametrize("url", ["sqlite:///{folder}/missing/usher.sqlite3", "postgresql://usher@/usher?host={folder}"])
def test_no_database_is_unavailable(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreUnavailable):
        migrate.current(url.format(folder=tmp_path))


def test_alembic_command_line_works(empty_url: str) -> None:
    for arguments in (("upgrade", "head"), ("check",), ("downgrade", "base")):
        command = [sys.executable, "-m", "alembic", "-x", f"url={empty_url}", *arguments]
        assert subprocess.run(command, capture_output=True, text=True).returncode == 0, arguments


def test_files_are_numbered_without_gaps() -> None:
    names = sorted(file.name for file in (migrate.ROOT / "migrations" / "versions").glob("*.py"))

    assert [name[:5] for name in names] == [f"{number:04d}_" for number in range(1, len(names) + 1)]
