"""The audit trail can't be changed through the database, and who changes it all the same is found."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import delete, exc, insert, select, text

from casework.db import audit
from casework.db import engine as engines
from casework.db.uow import Database
from casework.domain.keys import Keyring, SealKey
from tests.fakes import FixedClock


async def tell(database: Database, count: int = 1) -> None:
    async with database.writing() as work:
        for n in range(count):
            entry = audit.Entry(
                actor_id=None, action="ntk.raised", subject_kind="ntk", subject_id=str(n), facts={"n": n, "l": "é"}
            )
            await audit.append(work, entry)


async def link_all(database: Database) -> int:
    total = 0
    while True:
        async with database.writing() as work:
            done = await audit.link(work)
        total += done
        if not done:
            return total


async def verdict(database: Database) -> audit.Verdict:
    async with database.reading() as work:
        return await audit.verify(work)


async def ids_in_chain(database: Database) -> list[str]:
    async with database.reading() as work:
        chain = audit.audit_chain
        return list((await work.connection.execute(select(chain.c.audit_id).order_by(chain.c.seq))).scalars())


@pytest.fixture
def tamper(database_url: str) -> Callable[..., None]:
    """Write as somebody with the database's own rights would: around Usher, the triggers switched off."""

    def write(*statements: str, **values: str) -> None:
        if database_url.startswith("postgresql"):
            with psycopg.connect(database_url) as server:
                server.execute("SET session_replication_role = replica")
                for statement in statements:
                    server.execute(re.sub(r":([a-z]+)", r"%(\1)s", statement), values)
            return
        with contextlib.closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as file, file:
            for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                file.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                file.execute(statement, values)

    return write


async def test_link_takes_every_row_once(database: Database) -> None:
    await tell(database, 3)

    first, second = await link_all(database), await link_all(database)

    assert (first, second, await verdict(database)) == (3, 0, audit.Verdict(3, None))


async def test_link_goes_on_beyond_one_batch(database: Database) -> None:
    await tell(database, audit.BATCH + 7)

    assert (await link_all(database), await verdict(database)) == (
        audit.BATCH + 7,
        audit.Verdict(audit.BATCH + 7, None),
    )


async def test_link_takes_up_a_row_of_earlier(database: Database, clock: FixedClock) -> None:
    await tell(database)
    await link_all(database)
    clock.forward(timedelta(days=-2))
    await tell(database)

    assert (await link_all(database), await verdict(database)) == (1, audit.Verdict(2, None))


async def test_two_linkers_at_once_make_one_chain(database: Database, database_url: str, keyring: Keyring) -> None:
    await tell(database, 1200)
    other = Database(engines.create(database_url), keyring, database.clock)

    async def work_through(one: Database) -> int:
        total = 0
        for _ in range(20):
            async with one.writing() as work:
                total += await audit.link(work)
        return total

    done = await asyncio.gather(work_through(database), work_through(other))

    await other.engine.dispose()
    assert (sum(done), await verdict(database)) == (1200, audit.Verdict(1200, None))


async def test_append_of_a_rolled_back_unit_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.writing() as work:
            await audit.append(work, audit.Entry(actor_id=None, action="a", subject_kind="ntk", subject_id="1"))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert await verdict(database) == audit.Verdict(0, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET action = 'x'",
        "DELETE FROM audit",
        "UPDATE audit_chain SET mac = 'x'",
        "DELETE FROM audit_chain",
    ],
)
async def test_database_refuses_to_change_the_trail(database: Database, statement: str) -> None:
    await tell(database, 2)
    await link_all(database)

    with pytest.raises(exc.IntegrityError, match="append-only"):
        async with database.writing() as work:
            await work.connection.execute(text(statement))

    assert await verdict(database) == audit.Verdict(2, None)


async def test_sqlite_refuses_to_replace_a_row(sqlite_url: str, keyring: Keyring, clock: FixedClock) -> None:
    engine = engines.create(sqlite_url)
    database = Database(engine, keyring, clock)
    await tell(database)

    with pytest.raises(exc.IntegrityError, match="append-only"):
        async with database.writing() as work:
            await work.connection.execute(
                text(
                    "INSERT OR REPLACE INTO audit SELECT id, at, actor_id, 'x', subject_kind, subject_id, facts, seal "
                    "FROM audit"
                )
            )
    await engine.dispose()


async def test_postgresql_refuses_to_truncate(postgres_url: str, keyring: Keyring, clock: FixedClock) -> None:
    engine = engines.create(postgres_url)
    database = Database(engine, keyring, clock)
    await tell(database)

    with pytest.raises(exc.IntegrityError, match="append-only"):
        async with database.writing() as work:
            await work.connection.execute(text("TRUNCATE audit CASCADE"))
    await engine.dispose()


@pytest.mark.parametrize(
    "change",
    [
        "action = 'ntk.read'",
        "at = at + 1",
        "actor_id = 'somebody'",
        "subject_kind = 'item'",
        "subject_id = 'other'",
        "facts = '{\"n\": 99}'",
        "seal = 'x'",
    ],
)
@pytest.mark.parametrize("is_linked", [True, False])
async def test_verify_finds_a_changed_row(
    database: Database, tamper: Callable[..., None], change: str, is_linked: bool
) -> None:
    await tell(database, 5)
    if is_linked:
        await link_all(database)
    async with database.reading() as work:
        ids = list((await work.connection.execute(select(audit.audit.c.id).order_by(audit.audit.c.id))).scalars())
    tamper(f"UPDATE audit SET {change} WHERE id = :id", id=ids[2])

    found = await verdict(database)

    # the seal column of a linked row is not asked again: the chain was made from it
    assert found.first_bad == (None if is_linked and change.startswith("seal") else ids[2])


@pytest.mark.parametrize("place", [0, 2, 4])
async def test_verify_finds_a_removed_row(database: Database, tamper: Callable[..., None], place: int) -> None:
    await tell(database, 5)
    await link_all(database)
    id = (await ids_in_chain(database))[place]
    tamper("DELETE FROM audit WHERE id = :id", id=id)

    assert (await verdict(database)).first_bad == id


@pytest.mark.parametrize("place", [0, 2, 4])
async def test_verify_finds_a_removed_link(database: Database, tamper: Callable[..., None], place: int) -> None:
    await tell(database, 5)
    await link_all(database)
    ids = await ids_in_chain(database)
    tamper("DELETE FROM audit_chain WHERE audit_id = :id", id=ids[place])

    # the row after the gap, or, at the end of the chain, the row that has lost its link
    assert (await verdict(database)).first_bad == (ids[place + 1] if place < 4 else ids[4])


async def test_verify_finds_a_row_removed_with_its_link(database: Database, tamper: Callable[..., None]) -> None:
    await tell(database, 5)
    await link_all(database)
    ids = await ids_in_chain(database)
    tamper("DELETE FROM audit_chain WHERE audit_id = :id", "DELETE FROM audit WHERE id = :id", id=ids[2])

    assert (await verdict(database)).first_bad == ids[3]


async def test_verify_finds_two_rows_in_each_others_place(database: Database, tamper: Callable[..., None]) -> None:
    await tell(database, 5)
    await link_all(database)
    ids = await ids_in_chain(database)
    tamper(
        "UPDATE audit_chain SET seq = 1000 WHERE audit_id = :one",
        "UPDATE audit_chain SET seq = 2 WHERE audit_id = :two",
        "UPDATE audit_chain SET seq = 4 WHERE audit_id = :one",
        one=ids[1],
        two=ids[3],
    )

    assert (await verdict(database)).first_bad == ids[3]


@pytest.mark.parametrize("is_linked", [True, False])
async def test_verify_finds_an_inserted_row(database: Database, is_linked: bool) -> None:
    await tell(database, 2)
    async with database.writing() as work:
        forged = {"id": "f" * 32, "at": work.now, "action": "ntk.read", "subject_kind": "ntk", "subject_id": "1"}
        await work.connection.execute(insert(audit.audit).values(**forged, facts={}, seal="0" * 64))
    if is_linked:
        await link_all(database)

    assert (await verdict(database)).first_bad == "f" * 32


async def test_verify_finds_a_row_kept_out_of_the_chain(database: Database) -> None:
    await tell(database)
    async with database.writing() as work:
        await work.connection.execute(delete(audit.audit_unlinked))

    assert (await verdict(database)).first_bad is not None


async def test_verify_finds_a_row_that_waits_too_long(database: Database, clock: FixedClock) -> None:
    await tell(database)
    early = await verdict(database)
    clock.forward(audit.LINKED_WITHIN + timedelta(seconds=1))

    assert (early.first_bad is None, (await verdict(database)).first_bad is None) == (True, False)


async def test_verify_refuses_another_chain_key(database: Database) -> None:
    await tell(database)
    await link_all(database)
    other = Keyring(sealing=(SealKey("test", b"s" * 32),), index_key=b"i" * 32, chain_key=b"x" * 32)

    found = await verdict(Database(database.engine, other, database.clock))

    assert found.first_bad == (await ids_in_chain(database))[0]
