"""Running numbers for the references people quote: NTK-2026-0042, ITEM-2026-0007."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, insert, update
from sqlalchemy.exc import IntegrityError

from casework.db.base import metadata
from casework.db.uow import Work

counters = Table(
    "counters",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)


async def next_number(work: Work, name: str) -> int:
    """The next number of the series `name`, from 1, without gaps for committed work (the row is locked till then)."""
    raised = (
        update(counters).where(counters.c.name == name).values(value=counters.c.value + 1).returning(counters.c.value)
    )
    value = (await work.connection.execute(raised)).scalar_one_or_none()
    if value is not None:
        return int(value)
    try:
        async with work.connection.begin_nested():
            await work.connection.execute(insert(counters).values(name=name, value=1))
    except IntegrityError:  # another replica opened the series between our two statements
        return int((await work.connection.execute(raised)).scalar_one())
    return 1
