"""Calendar feeds: one address for each person who wants one, of which only a keyed hash is kept."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select, text, update

from casework.db.base import UTCDateTime, metadata, new_id
from casework.db.people import people
from casework.db.uow import Work

feeds = Table(
    "feeds",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("made_at", UTCDateTime, nullable=False),
    Column("stopped_at", UTCDateTime),
    Index(
        "uq_feeds_live",
        "person_id",
        unique=True,
        sqlite_where=text("stopped_at IS NULL"),
        postgresql_where=text("stopped_at IS NULL"),
    ),
)

PURPOSE = "feed"
TOKEN_BYTES = 32


async def make(work: Work, person_id: str) -> str:
    """A new address's token (256 random bits, 43 characters); it can't be read back, and any earlier one stops."""
    # two at once make one after the other
    await work.connection.execute(select(people.c.id).where(people.c.id == person_id).with_for_update())
    await stop(work, person_id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    hashed = work.keyring.fingerprint(token, purpose=PURPOSE)
    row = {"id": new_id(), "person_id": person_id, "token_hash": hashed, "made_at": work.now}
    await work.connection.execute(insert(feeds).values(row))
    return token


async def stop(work: Work, person_id: str) -> bool:
    """Stop somebody's address; False where they have none."""
    stopped = await work.connection.execute(
        update(feeds).where(feeds.c.person_id == person_id, feeds.c.stopped_at.is_(None)).values(stopped_at=work.now)
    )
    return bool(stopped.rowcount)


async def made_at(work: Work, person_id: str) -> datetime | None:
    """Since when somebody's address stands; None without one."""
    found: datetime | None = (
        await work.connection.execute(
            select(feeds.c.made_at).where(feeds.c.person_id == person_id, feeds.c.stopped_at.is_(None))
        )
    ).scalar_one_or_none()
    return found


async def owner_of(work: Work, token: str) -> str | None:
    """Whose address a token is; None for one never made, or stopped."""
    hashed = work.keyring.fingerprint(token, purpose=PURPOSE)
    found: str | None = (
        await work.connection.execute(
            select(feeds.c.person_id).where(feeds.c.token_hash == hashed, feeds.c.stopped_at.is_(None))
        )
    ).scalar_one_or_none()
    return found
