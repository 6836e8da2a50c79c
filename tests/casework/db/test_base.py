"""Column types: an instant comes back as it was, and plain text never gets into a sealed column."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlalchemy import Column, String, Table, exc, insert, select

from casework.db import people
from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Database
from casework.domain import keys

LONDON = ZoneInfo("Europe/London")
CANARY = "Quillfeather"


@pytest.fixture
def moments() -> Iterator[Table]:
    table = Table("moments", metadata, Column("id", String(32), primary_key=True), Column("at", UTCDateTime))
    yield table
    metadata.remove(table)


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=0),
        datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1),
        datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
async def test_instant_comes_back_as_the_same_utc(database: Database, moments: Table, instant: datetime) -> None:
    async with database.writing() as work:
        await work.connection.run_sync(moments.create)
        await work.connection.execute(insert(moments).values(id="1", at=instant))

        found = await work.connection.scalar(select(moments.c.at))

    assert found is not None
    assert (found, found.utcoffset()) == (instant.astimezone(UTC), timedelta())


async def test_instants_sort_by_time_across_the_clock_change(database: Database, moments: Table) -> None:
    first, second = (datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    async with database.writing() as work:
        await work.connection.run_sync(moments.create)
        await work.connection.execute(insert(moments), [{"id": "b", "at": second}, {"id": "a", "at": first}])

        found = list((await work.connection.execute(select(moments.c.id).order_by(moments.c.at))).scalars())

    assert (found, second - first) == (["a", "b"], timedelta(hours=1))


async def test_naive_time_is_refused(database: Database, moments: Table) -> None:
    async with database.writing() as work:
        await work.connection.run_sync(moments.create)
        with pytest.raises(exc.StatementError, match="without a zone"):
            await work.connection.execute(insert(moments).values(id="1", at=datetime(2026, 1, 1)))


@pytest.mark.parametrize("plain", ["Sam", b"Sam"])
async def test_sealed_column_refuses_plain_text(database: Database, plain: str | bytes) -> None:
    async with database.writing() as work:
        row = {"id": new_id(), "tenant_id": "t", "entra_object_id": "e", "updated_at": work.now}
        with pytest.raises(exc.StatementError, match="only sealed values"):
            await work.connection.execute(insert(people.people).values(**row, name=plain, work_phone=plain))


def test_sealed_literal_refuses_plain_text() -> None:
    with pytest.raises(TypeError, match="only sealed values"):
        Sealed().process_bind_param(b"plain", None)  # type: ignore[arg-type]  # that is what is tested


async def save(database: Database, object_id: str, name: str) -> str:
    async with database.writing() as work:
        return await people.save(
            work, tenant_id="t", entra_object_id=object_id, name=name, work_phone=f"01432 {CANARY}", held=()
        )


async def test_swapped_ciphertexts_are_refused(database: Database) -> None:
    one, two = await save(database, "1", "Sam"), await save(database, "2", "Tara")
    table = people.people
    async with database.writing() as work:
        names = {row.id: row.name for row in await work.connection.execute(select(table.c.id, table.c.name))}
        for id, other in ((one, two), (two, one)):
            await work.connection.execute(table.update().where(table.c.id == id).values(name=names[other]))

    async with database.reading() as work:
        with pytest.raises(keys.BrokenSeal):
            await people.by_ids(work, [one], today=work.now.date())


def stored_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("usher.sqlite3*"))


async def test_no_name_stands_in_the_files(database: Database, database_url: str, tmp_path: Path) -> None:
    await save(database, f"object-{CANARY[::-1]}", f"Sam {CANARY}")
    await database.engine.dispose()

    stored = stored_bytes(tmp_path)
    if database_url.startswith("postgresql"):
        with (
            psycopg.connect(database_url) as server,
            server.cursor().copy("COPY people TO STDOUT (FORMAT binary)") as rows,
        ):
            stored = b"".join(rows)

    # the clear column is found by the same search, so that finding no name means something
    assert (stored.count(CANARY[::-1].encode()) > 0, CANARY.encode() in stored) == (True, False)


def test_new_ids_differ() -> None:
    assert len({new_id() for _ in range(1000)}) == 1000
