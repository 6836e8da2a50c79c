"""Drafts: what somebody is in the middle of typing, kept sealed so that a restart or a slip loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, delete, insert, select, update

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("flow", String(20), nullable=False),
    Column("step", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("fields", Sealed, nullable=False),
    Column("expires_at", UTCDateTime, nullable=False),
    Index("ix_drafts_expires_at", "expires_at"),
    Index("ix_drafts_person_id", "person_id", "flow"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One unfinished form. Its id is also the nonce of what it becomes: the same draft is carried out once."""

    id: str
    person_id: str
    flow: str
    step: str
    version: int
    fields: Mapping[str, str]
    expires_at: datetime


async def create(
    work: Work, *, person_id: str, flow: str, step: str, fields: Mapping[str, str], lifetime: timedelta
) -> Draft:
    id = new_id()
    draft = Draft(
        id=id, person_id=person_id, flow=flow, step=step, version=1, fields=fields, expires_at=work.now + lifetime
    )
    await work.connection.execute(
        insert(drafts).values(
            id=id,
            person_id=person_id,
            flow=flow,
            step=step,
            version=1,
            fields=work.keyring.seal_json(dict(fields), record=f"drafts.fields:{id}"),
            expires_at=draft.expires_at,
        )
    )
    return draft


async def get(work: Work, draft_id: str, *, person_id: str) -> Draft | None:
    """The person's own draft, if it has not run out; another person's id finds nothing."""
    row = (
        (
            await work.connection.execute(
                select(drafts).where(
                    drafts.c.id == draft_id, drafts.c.person_id == person_id, drafts.c.expires_at > work.now
                )
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    fields = work.keyring.open_json(row["fields"], record=f"drafts.fields:{draft_id}")
    assert isinstance(fields, dict)
    return Draft(
        id=row["id"],
        person_id=row["person_id"],
        flow=row["flow"],
        step=row["step"],
        version=row["version"],
        fields=fields,
        expires_at=row["expires_at"],
    )


async def save(work: Work, draft: Draft, *, step: str, fields: Mapping[str, str]) -> Draft:
    """Keep what was typed now. The newest typing wins: two windows of one person are one person."""
    await work.connection.execute(
        update(drafts)
        .where(drafts.c.id == draft.id)
        .values(
            step=step,
            version=drafts.c.version + 1,
            fields=work.keyring.seal_json(dict(fields), record=f"drafts.fields:{draft.id}"),
        )
    )
    return Draft(
        id=draft.id,
        person_id=draft.person_id,
        flow=draft.flow,
        step=step,
        version=draft.version + 1,
        fields=fields,
        expires_at=draft.expires_at,
    )


async def newest(work: Work, *, person_id: str, flow: str) -> Draft | None:
    """The person's latest unfinished draft of a flow."""
    draft_id = (
        await work.connection.execute(
            select(drafts.c.id)
            .where(drafts.c.person_id == person_id, drafts.c.flow == flow, drafts.c.expires_at > work.now)
            .order_by(drafts.c.expires_at.desc())
            .limit(1)
        )
    ).scalar_one_or_none()
    return await get(work, draft_id, person_id=person_id) if draft_id else None


async def remove(work: Work, draft_id: str) -> None:
    await work.connection.execute(delete(drafts).where(drafts.c.id == draft_id))


async def remove_expired(work: Work) -> int:
    """Delete drafts that have run out; returns how many."""
    return (await work.connection.execute(delete(drafts).where(drafts.c.expires_at <= work.now))).rowcount
