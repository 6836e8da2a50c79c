"""The rulebook in the database: first start, versions by effective date, and replicas that start together."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from casework.db import engine as engines
from casework.db import sittings as sitting_rows
from casework.db.uow import Database
from casework.domain.keys import Keyring
from casework.rulebook import reader
from casework.services import rulebook
from casework.services.context import Context
from tests.fakes import FixedClock


async def count_sittings(database: Database) -> int:
    async with database.reading() as work:
        found: int | None = await work.connection.scalar(select(func.count()).select_from(sitting_rows.sittings))
    assert found is not None
    return found


async def test_first_start_applies_the_rulebook_and_makes_a_year_of_sittings(database: Database) -> None:
    context = Context(database)

    first = await rulebook.ensure(context, reader.read(None))
    made = await count_sittings(database)
    second = await rulebook.ensure(context, reader.read(None))

    assert (first, second) == (True, False)
    assert made == await count_sittings(database)
    assert 190 <= made <= 205


async def test_a_version_rules_from_its_effective_date(database: Database, clock: FixedClock) -> None:
    context = Context(database)
    book = reader.read(None)
    await rulebook.ensure(context, book)
    later = book.model_copy(update={"delivery": book.delivery.model_copy(update={"draft_days": 7})})

    version = await rulebook.apply(
        context, later, applied_by="Somebody", why="Shorter", effective_at=clock.now() + timedelta(days=2)
    )
    async with database.reading() as work:
        before = await context.rules(work)
    clock.forward(timedelta(days=3))
    async with database.reading() as work:
        after = await context.rules(work)

    assert version == 2
    assert (before.version, before.book.delivery.draft_days) == (1, 30)
    assert (after.version, after.book.delivery.draft_days) == (2, 7)


async def test_another_file_at_a_start_changes_nothing_and_is_noticed(database: Database) -> None:
    context = Context(database)
    book = reader.read(None)
    await rulebook.ensure(context, book)
    other = book.model_copy(update={"delivery": book.delivery.model_copy(update={"draft_days": 7})})

    await rulebook.ensure(context, other)

    assert await rulebook.differs(context, other)
    assert not await rulebook.differs(context, book)


async def test_replicas_that_start_together_make_one_year_of_sittings(
    postgres_url: str, clock: FixedClock, keyring: Keyring
) -> None:
    opened = [engines.create(postgres_url) for _ in range(3)]
    replicas = [Database(engine, keyring, clock) for engine in opened]

    await asyncio.gather(*(rulebook.ensure(Context(replica), reader.read(None)) for replica in replicas))
    made = await count_sittings(replicas[0])
    again = await rulebook.ensure(Context(replicas[1]), reader.read(None))
    for engine in opened:
        await engine.dispose()

    assert not again
    assert 190 <= made <= 205
