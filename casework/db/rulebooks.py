"""Versions of the council's rulebook: the newest one in effect rules; what was made under one bears its number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, Text, func, insert, select

from casework.db.base import UTCDateTime, metadata
from casework.db.uow import Work

rulebooks = Table(
    "rulebooks",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("effective_at", UTCDateTime, nullable=False),
    Column("applied_at", UTCDateTime, nullable=False),
    Column("applied_by", String(80), nullable=False),
    Column("why", String(400), nullable=False),
    Column("content", Text, nullable=False),
)


async def add(work: Work, *, effective_at: datetime, applied_by: str, why: str, content: str) -> int:
    """Write a new version (JSON text of the whole rulebook); returns its number."""
    newest = (await work.connection.execute(select(func.max(rulebooks.c.version)))).scalar_one()
    version = int(newest or 0) + 1
    await work.connection.execute(
        insert(rulebooks).values(
            version=version,
            effective_at=effective_at,
            applied_at=work.now,
            applied_by=applied_by,
            why=why,
            content=content,
        )
    )
    return version


async def current_version(work: Work) -> int | None:
    """The number of the newest version already in effect."""
    return (
        await work.connection.execute(
            select(rulebooks.c.version)
            .where(rulebooks.c.effective_at <= work.now)
            .order_by(rulebooks.c.effective_at.desc(), rulebooks.c.version.desc())
            .limit(1)
        )
    ).scalar_one_or_none()


async def content(work: Work, version: int) -> str:
    return str(
        (await work.connection.execute(select(rulebooks.c.content).where(rulebooks.c.version == version))).scalar_one()
    )
