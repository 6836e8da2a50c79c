"""Agendas: every released version of a sitting's agenda with its digest, and which version each reader has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Integer,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
    update,
)

from casework.db.base import UTCDateTime, metadata, new_id
from casework.db.uow import Work

agendas = Table(
    "agendas",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sitting_id", String(32), ForeignKey("sittings.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", JSON, nullable=False),
    Column("released_at", UTCDateTime, nullable=False),
    Column("by_id", String(32), ForeignKey("people.id")),
    UniqueConstraint("sitting_id", "version"),
)

agenda_seen = Table(
    "agenda_seen",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sitting_id", String(32), ForeignKey("sittings.id"), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    UniqueConstraint("sitting_id", "person_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """One released version. `content` holds ids, times and codes only; `digest` is its SHA-256."""

    sitting_id: str
    version: int
    digest: str
    content: Mapping[str, Any]
    released_at: datetime
    by_id: str | None


async def add(
    work: Work, *, sitting_id: str, version: int, digest: str, content: Mapping[str, Any], by_id: str | None
) -> None:
    """Write a released version; raises IntegrityError where it is there already."""
    await work.connection.execute(
        insert(agendas).values(
            id=new_id(),
            sitting_id=sitting_id,
            version=version,
            digest=digest,
            content=dict(content),
            released_at=work.now,
            by_id=by_id,
        )
    )


async def versions(work: Work, sitting_id: str) -> tuple[Released, ...]:
    """Every released version of a sitting's agenda, the newest first."""
    statement = select(agendas).where(agendas.c.sitting_id == sitting_id).order_by(agendas.c.version.desc())
    return tuple(_released(row) for row in (await work.connection.execute(statement)).mappings())


async def see(work: Work, *, sitting_id: str, person_id: str, version: int) -> None:
    """Keep that somebody saw a version; an older one never takes the place of a newer."""
    mine = (agenda_seen.c.sitting_id == sitting_id, agenda_seen.c.person_id == person_id)
    last = await work.connection.scalar(select(agenda_seen.c.version).where(*mine))
    if last is None:
        await work.connection.execute(
            insert(agenda_seen).values(
                id=new_id(), sitting_id=sitting_id, person_id=person_id, version=version, at=work.now
            )
        )
    elif last < version:
        await work.connection.execute(update(agenda_seen).where(*mine).values(version=version, at=work.now))


async def seen(work: Work, sitting_id: str) -> dict[str, tuple[int, datetime]]:
    """Person id -> (the newest version they saw, when)."""
    rows = await work.connection.execute(select(agenda_seen).where(agenda_seen.c.sitting_id == sitting_id))
    return {row.person_id: (row.version, row.at) for row in rows}


def _released(row: RowMapping) -> Released:
    return Released(**{name: row[name] for name in Released.__slots__})
