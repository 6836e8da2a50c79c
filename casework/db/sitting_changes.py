"""What was done to each sitting, by whom and why: only ever added to; the reason sealed, facts as codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, insert, select

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

sitting_changes = Table(
    "sitting_changes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sitting_id", String(32), ForeignKey("sittings.id"), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("by_id", String(32), ForeignKey("people.id")),
    Column("kind", String(16), nullable=False),
    Column("nonce", String(32), unique=True),
    Column("facts", JSON, nullable=False),
    Column("reason", Sealed),
    Index("ix_sitting_changes_sitting_id", "sitting_id", "at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingChange:
    """`facts`: "from" and "to" as instants in ISO 8601, "items" as item id -> id of the sitting it went to, or None."""

    id: str
    sitting_id: str
    at: datetime
    by_id: str | None
    kind: str
    facts: Mapping[str, Any]
    reason: str


async def add(
    work: Work,
    *,
    sitting_id: str,
    by_id: str | None,
    kind: str,
    nonce: str | None,
    facts: Mapping[str, Any],
    reason: str,
) -> str:
    """Write one change; returns its id. Raises IntegrityError on a used nonce."""
    id = new_id()
    await work.connection.execute(
        insert(sitting_changes).values(
            id=id,
            sitting_id=sitting_id,
            at=work.now,
            by_id=by_id,
            kind=kind,
            nonce=nonce,
            facts=dict(facts),
            reason=work.keyring.seal(reason, record=f"sitting_changes.reason:{id}") if reason else None,
        )
    )
    return id


async def get(work: Work, change_id: str) -> SittingChange | None:
    statement = select(sitting_changes).where(sitting_changes.c.id == change_id)
    row = (await work.connection.execute(statement)).mappings().one_or_none()
    if row is None:
        return None
    reason = work.keyring.open(row["reason"], record=f"sitting_changes.reason:{row['id']}") if row["reason"] else ""
    plain = {column: row[column] for column in SittingChange.__slots__ if column != "reason"}
    return SittingChange(**plain, reason=reason)


async def changed_by_hand(work: Work, sitting_ids: Sequence[str]) -> frozenset[str]:
    """Which of these sittings somebody changed: a change of the rules doesn't undo what people decided."""
    statement = select(sitting_changes.c.sitting_id).where(
        sitting_changes.c.sitting_id.in_(sitting_ids), sitting_changes.c.by_id.is_not(None)
    )
    return frozenset((await work.connection.execute(statement.distinct())).scalars())


async def of_nonce(work: Work, nonce: str) -> str | None:
    """The id of the sitting a form changed, if it was sent before."""
    statement = select(sitting_changes.c.sitting_id).where(sitting_changes.c.nonce == nonce)
    found: str | None = (await work.connection.execute(statement)).scalar_one_or_none()
    return found
