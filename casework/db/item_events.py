"""What happened to each item, in order: only ever added to; people's words sealed, facts as codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, insert, select

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

item_events = Table(
    "item_events",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("item_id", String(32), ForeignKey("items.id"), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("by_id", String(32), ForeignKey("people.id")),
    Column("kind", String(16), nullable=False),
    Column("nonce", String(32), unique=True),
    Column("facts", JSON, nullable=False),
    Column("words", Sealed),
    Index("ix_item_events_item_id", "item_id", "at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEvent:
    """`by_id` None is Usher itself; `words` are people's, opened only for a reader with the right."""

    id: str
    item_id: str
    at: datetime
    by_id: str | None
    kind: str
    facts: Mapping[str, Any]
    words: str


async def add(
    work: Work,
    *,
    item_id: str,
    by_id: str | None,
    kind: str,
    facts: Mapping[str, Any] | None = None,
    words: str = "",
    nonce: str | None = None,
) -> str:
    """Append one event; returns its id. Raises IntegrityError on a used nonce."""
    id = new_id()
    await work.connection.execute(
        insert(item_events).values(
            id=id,
            item_id=item_id,
            at=work.now,
            by_id=by_id,
            kind=kind,
            nonce=nonce,
            facts=dict(facts or {}),
            words=work.keyring.seal(words, record=f"item_events.words:{id}") if words else None,
        )
    )
    return id


async def of_item(work: Work, item_id: str) -> tuple[ItemEvent, ...]:
    """Everything that happened to it, the oldest first."""
    statement = select(item_events).where(item_events.c.item_id == item_id)
    rows = (await work.connection.execute(statement.order_by(item_events.c.at, item_events.c.id))).mappings()
    return tuple(
        ItemEvent(
            **{name: row[name] for name in ItemEvent.__slots__ if name != "words"},
            words=work.keyring.open(row["words"], record=f"item_events.words:{row['id']}") if row["words"] else "",
        )
        for row in rows
    )


async def was_done(work: Work, nonce: str) -> bool:
    """Whether this form was carried out before."""
    statement = select(item_events.c.id).where(item_events.c.nonce == nonce)
    return (await work.connection.execute(statement)).first() is not None
