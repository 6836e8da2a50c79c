"""What happened to each NTK, in order: only ever added to; people's words sealed, facts as codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
)

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

ntk_events = Table(
    "ntk_events",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ntk_id", String(32), ForeignKey("ntks.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("actor_id", String(32), ForeignKey("people.id")),
    Column("kind", String(20), nullable=False),
    Column("nonce", String(32), unique=True),
    Column("facts", JSON, nullable=False),
    Column("text", Sealed),
    UniqueConstraint("ntk_id", "seq"),
    Index("ix_ntk_events_at", "at"),
)

Facts = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`actor_id` None is Usher itself. `text` holds people's words by field; opened only for a reader with the right.

    `nonce` is the id of the form it came from: the same form sent twice makes one event.
    """

    id: str
    ntk_id: str
    seq: int
    at: datetime
    actor_id: str | None
    kind: str
    facts: Facts
    text: Mapping[str, str] = field(default_factory=dict)


async def add(
    work: Work,
    *,
    ntk_id: str,
    actor_id: str | None,
    kind: str,
    facts: Facts | None = None,
    text: Mapping[str, str] | None = None,
    nonce: str | None = None,
) -> Event:
    """Append one event at `work.now`; the caller holds the NTK's row. Raises IntegrityError on a used nonce."""
    id = new_id()
    last = await work.connection.scalar(select(func.max(ntk_events.c.seq)).where(ntk_events.c.ntk_id == ntk_id))
    seq = (last or 0) + 1
    words = {name: value for name, value in (text or {}).items() if value}
    await work.connection.execute(
        insert(ntk_events).values(
            id=id,
            ntk_id=ntk_id,
            seq=seq,
            at=work.now,
            actor_id=actor_id,
            kind=kind,
            nonce=nonce,
            facts=dict(facts or {}),
            text=work.keyring.seal_json(words, record=f"ntk_events.text:{id}") if words else None,
        )
    )
    return Event(
        id=id, ntk_id=ntk_id, seq=seq, at=work.now, actor_id=actor_id, kind=kind, facts=dict(facts or {}), text=words
    )


async def of_ntk(work: Work, ntk_id: str, *, with_text: bool) -> tuple[Event, ...]:
    """Everything that happened to an NTK, in order; `with_text` only for a reader whose right was checked."""
    rows = (
        await work.connection.execute(
            select(ntk_events).where(ntk_events.c.ntk_id == ntk_id).order_by(ntk_events.c.seq)
        )
    ).mappings()
    return tuple(_opened(work, row, with_text=with_text) for row in rows)


async def get(work: Work, event_id: str) -> Event | None:
    """One event with its words; the caller has checked the reader's right."""
    row = (
        (await work.connection.execute(select(ntk_events).where(ntk_events.c.id == event_id))).mappings().one_or_none()
    )
    return _opened(work, row, with_text=True) if row else None


async def by_nonce(work: Work, nonce: str) -> Event | None:
    """The event a form made, if it was sent before."""
    row = (
        (await work.connection.execute(select(ntk_events).where(ntk_events.c.nonce == nonce))).mappings().one_or_none()
    )
    return _opened(work, row, with_text=False) if row else None


def _opened(work: Work, row: RowMapping, *, with_text: bool) -> Event:
    words: object = {}
    if with_text and row["text"] is not None:
        words = work.keyring.open_json(row["text"], record=f"ntk_events.text:{row['id']}")
    assert isinstance(words, dict)
    return Event(
        id=row["id"],
        ntk_id=row["ntk_id"],
        seq=row["seq"],
        at=row["at"],
        actor_id=row["actor_id"],
        kind=row["kind"],
        facts=row["facts"],
        text=words,
    )
