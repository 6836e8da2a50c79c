"""The audit trail: rows are appended in the transaction they tell of, and linked into a hash chain soon after."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, RowMapping, String, Table, insert, select
from sqlalchemy.exc import IntegrityError

from casework.db.audit_guards import guard
from casework.db.base import UTCDateTime, metadata, new_id
from casework.db.uow import Work

audit = Table(
    "audit",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor_id", String(32)),
    Column("action", String(40), nullable=False),
    Column("subject_kind", String(20), nullable=False),
    Column("subject_id", String(32), nullable=False),
    Column("facts", JSON, nullable=False),
    Index("ix_audit_subject_id", "subject_id"),
    Index("ix_audit_at", "at"),
)

audit_chain = Table(
    "audit_chain",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("audit_id", String(32), ForeignKey("audit.id"), nullable=False, unique=True),
    Column("mac", String(64), nullable=False),
)

for _table in (audit, audit_chain):
    guard(_table)

BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What happened. `facts` holds codes and numbers only; `actor_id` None is Usher itself."""

    actor_id: str | None
    action: str
    subject_kind: str
    subject_id: str
    facts: Mapping[str, str | int | bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many rows were checked, and the id of the first that does not fit (None: all do)."""

    rows: int
    first_bad: str | None


async def append(work: Work, entry: Entry) -> None:
    await work.connection.execute(
        insert(audit).values(
            id=new_id(),
            at=work.now,
            actor_id=entry.actor_id,
            action=entry.action,
            subject_kind=entry.subject_kind,
            subject_id=entry.subject_id,
            facts=dict(entry.facts),
        )
    )


async def link(work: Work) -> int:
    """Link rows that are in no chain yet, in the order they happened; 0 when another replica is just doing it."""
    last = (
        (await work.connection.execute(select(audit_chain).order_by(audit_chain.c.seq.desc()).limit(1)))
        .mappings()
        .one_or_none()
    )
    seq, mac = (last["seq"], last["mac"]) if last else (0, "")
    rows = (
        (
            await work.connection.execute(
                select(audit)
                .outerjoin(audit_chain, audit_chain.c.audit_id == audit.c.id)
                .where(audit_chain.c.audit_id.is_(None))
                .order_by(audit.c.at, audit.c.id)
                .limit(BATCH)
            )
        )
        .mappings()
        .all()
    )
    links = []
    for row in rows:
        seq += 1
        mac = _mac(work, seq, mac, row)
        links.append({"seq": seq, "audit_id": row["id"], "mac": mac})
    if not links:
        return 0
    try:
        async with work.connection.begin_nested():
            await work.connection.execute(insert(audit_chain), links)
    except IntegrityError:
        return 0
    return len(links)


async def verify(work: Work) -> Verdict:
    """Recompute every link; finds rows changed, removed, inserted or reordered."""
    rows = (
        await work.connection.execute(
            select(audit_chain.c.seq, audit_chain.c.audit_id, audit_chain.c.mac, audit)
            .outerjoin(audit, audit.c.id == audit_chain.c.audit_id)
            .order_by(audit_chain.c.seq)
        )
    ).mappings()
    mac, count = "", 0
    for row in rows:
        count += 1
        if row["seq"] != count or row["id"] is None:
            return Verdict(count, row["audit_id"])
        mac = _mac(work, row["seq"], mac, row)
        if not hmac.compare_digest(mac, row["mac"]):
            return Verdict(count, row["audit_id"])
    return Verdict(count, None)


def _mac(work: Work, seq: int, before: str, row: RowMapping) -> str:
    said = [
        seq,
        before,
        row["id"],
        row["at"].isoformat(),
        row["actor_id"],
        row["action"],
        row["subject_kind"],
        row["subject_id"],
        row["facts"],
    ]
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hmac.new(work.keyring.chain_key, canonical.encode(), hashlib.sha256).hexdigest()
