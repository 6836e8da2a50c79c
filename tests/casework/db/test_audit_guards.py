"""Audit rows can't be changed or removed: the database says no, however the tables came to be."""

from __future__ import annotations

import pytest
from sqlalchemy import exc, text

from casework.db import audit
from casework.db.uow import Database


async def _written(database: Database) -> None:
    async with database.writing() as work:
        entry = audit.Entry(actor_id=None, action="test", subject_kind="test", subject_id="1")
        await audit.append(work, entry)
    async with database.writing() as work:
        await audit.link(work)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET action = 'other'",
        "DELETE FROM audit",
        "UPDATE audit_chain SET mac = ''",
        "DELETE FROM audit_chain",
    ],
)
async def test_guard_refuses_every_change(database: Database, change: str) -> None:
    await _written(database)

    with pytest.raises(exc.IntegrityError):
        async with database.writing() as work:
            await work.connection.execute(text(change))

    async with database.reading() as work:
        assert await audit.verify(work) == audit.Verdict(1, None)
