"""Inbound activities already seen: Teams sends some twice, and the second must do nothing and get the same answer."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Column, Index, String, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.db.base import Sealed, UTCDateTime, metadata
from casework.db.uow import Work

inbound = Table(
    "inbound",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("begun_at", UTCDateTime, nullable=False),
    Column("done_at", UTCDateTime),
    Column("answer", Sealed),
    Index("ix_inbound_begun_at", "begun_at"),
)

PURPOSE = "inbound"
ABANDONED_AFTER = timedelta(seconds=20)
KEPT_FOR = timedelta(hours=24)


def key(work: Work, conversation_id: str, activity_id: str) -> str:
    """The keyed hash under which one activity of one conversation is remembered."""
    return work.keyring.fingerprint(f"{conversation_id}\n{activity_id}", purpose=PURPOSE)


async def begin(work: Work, key: str, *, keeps_answer: bool) -> bool:
    """Claim an activity; False when somebody has it. One begun long ago and never done is claimed anew.

    Without `keeps_answer` it counts as done at once: a repeat of it is not answered.
    """
    insert = postgresql.insert if work.dialect_name == "postgresql" else sqlite.insert
    values = {"key": key, "begun_at": work.now, "done_at": None if keeps_answer else work.now}
    first = await work.connection.execute(insert(inbound).values(values).on_conflict_do_nothing())
    if first.rowcount:
        return True
    again = await work.connection.execute(
        update(inbound)
        .where(inbound.c.key == key, inbound.c.done_at.is_(None), inbound.c.begun_at < work.now - ABANDONED_AFTER)
        .values(begun_at=work.now)
    )
    return bool(again.rowcount)


async def finish(work: Work, key: str, answer: object) -> None:
    """Keep the answer given (any JSON value), sealed, for a repeat of the same activity."""
    await work.connection.execute(
        update(inbound)
        .where(inbound.c.key == key)
        .values(done_at=work.now, answer=work.keyring.seal_json(answer, record=f"inbound.answer:{key}"))
    )


async def answer(work: Work, key: str) -> tuple[bool, object]:
    """(whether the first is done, its answer)."""
    row = (
        await work.connection.execute(select(inbound.c.done_at, inbound.c.answer).where(inbound.c.key == key))
    ).one_or_none()
    if row is None or row.done_at is None:
        return False, None
    if row.answer is None:
        return True, None
    return True, work.keyring.open_json(row.answer, record=f"inbound.answer:{key}")


async def forget_old(work: Work) -> int:
    """Delete what is older than a day; returns how many."""
    return (await work.connection.execute(delete(inbound).where(inbound.c.begun_at < work.now - KEPT_FOR))).rowcount
