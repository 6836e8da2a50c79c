"""Each engine is set as the notes on reliability ask: a commit is a commit, and nothing waits for ever."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from casework.db import engine as engines


async def test_sqlite_is_durable_and_checks_foreign_keys(sqlite_url: str) -> None:
    engine = engines.create(sqlite_url)

    async with engine.connect() as connection:
        found = {
            name: (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    await engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}


async def test_postgresql_waits_for_nothing_for_ever(postgres_url: str) -> None:
    engine = engines.create(postgres_url)
    settings = ("application_name", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")

    async with engine.connect() as connection:
        found = [(await connection.execute(text(f"SHOW {name}"))).scalar_one() for name in settings]

    await engine.dispose()
    assert found == ["usher", "30s", "5s", "10s"]


@pytest.mark.parametrize("url", ["mysql://host/name", "sqlite://", "usher.sqlite3", ""])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="neither"):
        engines.create(url)
