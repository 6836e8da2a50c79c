"""Units of work keep their word on both engines: all or nothing, one writer, and a plain answer when it can't be."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, exc, func, insert, select, text, update

from casework.db import engine as engines
from casework.db.counters import counters
from casework.db.uow import Busy, Database, StoreUnavailable
from casework.domain.keys import Keyring
from tests.fakes import FixedClock


async def add(database: Database, name: str, told: list[str] | None = None, fault: Exception | None = None) -> None:
    async with database.writing() as work:
        await work.connection.execute(insert(counters).values(name=name, value=1))
        work.after_commit(lambda: told.append(name) if told is not None else None)
        if fault is not None:
            raise fault


async def names(database: Database) -> set[str]:
    async with database.reading() as work:
        return set((await work.connection.execute(select(counters.c.name))).scalars())


async def test_writing_keeps_what_was_written(database: Database) -> None:
    await add(database, "kept")

    assert await names(database) == {"kept"}


async def test_writing_leaves_nothing_when_the_block_raises(database: Database) -> None:
    with pytest.raises(LookupError):
        await add(database, "gone", fault=LookupError())

    assert await names(database) == set()


async def test_now_stands_still_within_one_unit(database: Database, clock: FixedClock) -> None:
    begun = clock.now()

    async with database.writing() as work:
        clock.forward(timedelta(hours=1))

        assert work.now == begun


async def test_after_commit_runs_once_others_can_see(database: Database) -> None:
    seen: list[str] = []

    async with database.writing() as work:
        await work.connection.execute(insert(counters).values(name="kept", value=1))
        work.after_commit(lambda: seen.append("called"))
        before = list(seen)

    assert (before, seen) == ([], ["called"])


async def test_after_commit_is_silent_on_rollback(database: Database) -> None:
    seen: list[str] = []

    with pytest.raises(LookupError):
        await add(database, "gone", seen, fault=LookupError())

    assert seen == []


async def test_after_commit_is_silent_when_the_commit_fails(database: Database) -> None:
    seen: list[str] = []

    def fail(_: object) -> None:
        raise exc.OperationalError("COMMIT", None, OSError())

    event.listen(database.engine.sync_engine, "commit", fail)
    with pytest.raises(StoreUnavailable):
        await add(database, "lost", seen)
    event.remove(database.engine.sync_engine, "commit", fail)

    assert seen == []


async def test_reading_refuses_to_write(database: Database) -> None:
    with pytest.raises(RuntimeError, match="only reads"):
        async with database.reading() as work:
            await work.connection.execute(insert(counters).values(name="lost", value=1))


async def test_reading_sees_one_moment(database: Database) -> None:
    await add(database, "before")

    async with database.reading() as work:
        first = await work.connection.scalar(select(func.count()).select_from(counters))
        await add(database, "after")
        second = await work.connection.scalar(select(func.count()).select_from(counters))

    assert (first, second) == (1, 1)


async def test_readers_do_not_wait_for_the_writer(database: Database) -> None:
    async with database.writing() as work:
        await work.connection.execute(insert(counters).values(name="unseen", value=1))

        async with asyncio.timeout(5):
            seen = await asyncio.gather(*(names(database) for _ in range(8)))

    assert seen == [set()] * 8


async def test_integrity_errors_pass_through(database: Database) -> None:
    await add(database, "one")

    with pytest.raises(exc.IntegrityError):
        await add(database, "one")


async def test_a_missing_table_is_a_fault_of_ours(database: Database) -> None:
    with pytest.raises((exc.OperationalError, exc.ProgrammingError)):
        async with database.writing() as work:
            await work.connection.execute(text("SELECT * FROM nowhere"))


async def test_eight_writers_all_progress(database: Database) -> None:
    async with database.writing() as work:
        await work.connection.execute(insert(counters), [{"name": f"w{n}", "value": 0} for n in range(8)])
    until = time.monotonic() + 1.5

    async def writer(name: str) -> None:
        while time.monotonic() < until:
            async with database.writing() as work:
                await work.connection.execute(
                    update(counters).where(counters.c.name == name).values(value=counters.c.value + 1)
                )

    await asyncio.gather(*(writer(f"w{n}") for n in range(8)))

    async with database.reading() as work:
        done = list((await work.connection.execute(select(counters.c.value))).scalars())
    assert min(done) * 2 > max(done) > 0


@pytest.mark.parametrize("patience", [0.0, 0.001, 0.003, 0.01, 0.03])
async def test_cancelled_writers_leave_the_way_free(database: Database, patience: float) -> None:
    told: list[str] = []

    async def slow(name: str) -> None:
        async with database.writing() as work:
            await work.connection.execute(insert(counters).values(name=name, value=1))
            work.after_commit(lambda: told.append(name))
            await asyncio.sleep(0.01)

    tasks = [asyncio.create_task(slow(f"slow-{n}")) for n in range(6)]
    await asyncio.sleep(patience)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    async with asyncio.timeout(5):
        await add(database, "next")
    # one cancelled during its commit is saved, and its callback has said so
    assert await names(database) == {"next", *told}


@pytest.mark.parametrize("moment", ["commit", "given back"])
async def test_cancelled_during_commit_or_after_it_is_saved_and_told(database: Database, moment: str) -> None:
    engine = database.engine.sync_engine
    place, name = (engine, "commit") if moment == "commit" else (engine.pool, "reset")
    seen: list[str] = []
    doomed: list[asyncio.Task[None]] = []

    def cancel(*_: object) -> None:
        doomed[0].cancel()

    async def write() -> None:
        async with database.writing() as work:
            await work.connection.execute(insert(counters).values(name="kept", value=1))
            work.after_commit(lambda: seen.append("called"))

    event.listen(place, name, cancel)
    doomed.append(asyncio.create_task(write()))
    with pytest.raises(asyncio.CancelledError):
        await doomed[0]
    event.remove(place, name, cancel)

    assert (seen, await names(database)) == (["called"], {"kept"})


async def test_reading_within_writing_finds_a_connection(database: Database) -> None:
    async with asyncio.timeout(5), database.writing(), database.reading() as work:
        assert await work.connection.scalar(select(func.count()).select_from(counters)) == 0


async def test_busy_when_another_process_writes_too_long(sqlite_url: str, keyring: Keyring, clock: FixedClock) -> None:
    impatient = engines.create(sqlite_url)
    event.listen(impatient.sync_engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"))
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Busy):
        await add(Database(impatient, keyring, clock), "x")

    other.close()
    await impatient.dispose()


async def test_busy_when_two_deadlock(postgres_url: str, keyring: Keyring, clock: FixedClock) -> None:
    engine = engines.create(postgres_url)
    database = Database(engine, keyring, clock)
    await add(database, "a")
    await add(database, "b")
    both_hold = asyncio.Barrier(2)

    async def cross(first: str, second: str) -> None:
        async with database.writing() as work:
            await work.connection.execute(update(counters).where(counters.c.name == first).values(value=2))
            await both_hold.wait()
            await work.connection.execute(update(counters).where(counters.c.name == second).values(value=3))

    ends = await asyncio.gather(cross("a", "b"), cross("b", "a"), return_exceptions=True)

    assert sorted(type(end).__name__ for end in ends) == ["Busy", "NoneType"]
    await engine.dispose()


async def test_busy_when_no_connection_is_free(database_url: str, keyring: Keyring, clock: FixedClock) -> None:
    engine = engines.create(database_url)
    engine.sync_engine.pool._timeout = 0.05  # type: ignore[attr-defined]  # ten seconds are too long for a test
    database = Database(engine, keyring, clock)

    async with asyncio.TaskGroup() as group:
        release = asyncio.Event()

        async def hold() -> None:
            async with database.reading():
                await release.wait()

        for _ in range(20):
            group.create_task(hold())
        await asyncio.sleep(0.5)
        with pytest.raises(Busy):
            await names(database)
        release.set()
    await engine.dispose()


async def test_unavailable_when_the_file_is_read_only(sqlite_url: str, keyring: Keyring, clock: FixedClock) -> None:
    with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    engine = engines.create(sqlite_url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true")

    with pytest.raises(StoreUnavailable):
        await add(Database(engine, keyring, clock), "x")
    await engine.dispose()


async def test_unavailable_when_the_disk_is_full(sqlite_url: str, keyring: Keyring, clock: FixedClock) -> None:
    engine = engines.create(sqlite_url)
    event.listen(engine.sync_engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count=1"))
    database = Database(engine, keyring, clock)

    with pytest.raises(StoreUnavailable):
        async with database.writing() as work:
            await work.connection.execute(insert(counters), [{"name": f"{n:040}", "value": n} for n in range(2000)])

    assert await names(database) == set()
    await engine.dispose()


async def test_unavailable_when_the_file_is_no_database(tmp_path: Path, keyring: Keyring, clock: FixedClock) -> None:
    (tmp_path / "rubbish").write_bytes(b"not a database" * 1000)
    engine = engines.create(f"sqlite:///{tmp_path / 'rubbish'}")

    with pytest.raises(StoreUnavailable):
        await add(Database(engine, keyring, clock), "x")
    await engine.dispose()


async def test_unavailable_when_the_server_is_not_there(tmp_path: Path, keyring: Keyring, clock: FixedClock) -> None:
    engine = engines.create(f"postgresql://usher@/usher?host={tmp_path}")

    with pytest.raises(StoreUnavailable):
        await add(Database(engine, keyring, clock), "x")
    await engine.dispose()


async def test_unavailable_when_the_backend_is_killed_and_well_afterwards(
    postgres_url: str, keyring: Keyring, clock: FixedClock
) -> None:
    engine = engines.create(postgres_url)
    database = Database(engine, keyring, clock)
    seen: list[str] = []

    async def write_and_die() -> None:
        async with database.writing() as work:
            await work.connection.execute(insert(counters).values(name="lost", value=1))
            work.after_commit(lambda: seen.append("called"))
            pid = await work.connection.scalar(text("SELECT pg_backend_pid()"))
            async with engine.connect() as other:
                await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    with pytest.raises(StoreUnavailable):
        await write_and_die()

    await add(database, "next")
    assert (seen, await names(database)) == ([], {"next"})
    await engine.dispose()
