"""The audit trail: rows are appended in the transaction they tell of, and linked into a hash chain soon after."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from casework.db import audit_guards
from casework.db.base import EPOCH, UTCDateTime, metadata, new_id
from casework.db.uow import Work
from casework.domain.keys import Keyring

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
    Column("seal", String(64), nullable=False),
    Index("ix_audit_subject_id", "subject_id"),
    Index("ix_audit_at", "at"),
)

# the rows not yet in the chain: written by a trigger, so that finding them costs no search of the whole trail
audit_unlinked = Table(
    "audit_unlinked", metadata, Column("audit_id", String(32), ForeignKey("audit.id"), primary_key=True)
)

audit_chain = Table(
    "audit_chain",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("audit_id", String(32), ForeignKey("audit.id"), nullable=False, unique=True),
    Column("mac", String(64), nullable=False),
)

audit_guards.install(audit, audit_chain, audit_unlinked)

BATCH = 500
PAGE = 2000
LINKED_WITHIN = timedelta(minutes=1)
LINK_LOCK = 7_201_102  # any number, the same everywhere: only linkers take this lock


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
    """Write one row in the caller's transaction, at `work.now`. It waits for nobody: linking comes later."""
    row = {
        "id": new_id(),
        "at": work.now,
        "actor_id": entry.actor_id,
        "action": entry.action,
        "subject_kind": entry.subject_kind,
        "subject_id": entry.subject_id,
        "facts": dict(entry.facts),
    }
    await work.connection.execute(insert(audit).values(**row, seal=_seal(work.keyring, row)))


async def count(work: Work, *, subject_id: str, actor_id: str, actions: Sequence[str]) -> int:
    """How often somebody did any of these things to one subject."""
    found = await work.connection.scalar(
        select(func.count())
        .select_from(audit)
        .where(audit.c.subject_id == subject_id, audit.c.actor_id == actor_id, audit.c.action.in_(list(actions)))
    )
    return int(found or 0)


async def of_subject(work: Work, subject_id: str) -> tuple[tuple[datetime, str, Mapping[str, Any]], ...]:
    """(when, action, facts) of everything written about one subject, oldest first."""
    rows = await work.connection.execute(
        select(audit.c.at, audit.c.action, audit.c.facts)
        .where(audit.c.subject_id == subject_id)
        .order_by(audit.c.at, audit.c.id)
    )
    return tuple((at, action, facts) for at, action, facts in rows)


async def link(work: Work) -> int:
    """Link up to BATCH rows into the chain, in the order they happened; returns how many.

    0 also when another replica is just doing it. Two at once make one chain: SQLite has one writer, PostgreSQL a lock.
    """
    connection = work.connection
    if work.dialect_name == "postgresql" and not await connection.scalar(
        select(func.pg_try_advisory_xact_lock(LINK_LOCK))
    ):
        return 0
    waiting = select(audit.c.id, audit.c.seal).join(audit_unlinked, audit_unlinked.c.audit_id == audit.c.id)
    rows = (await connection.execute(waiting.order_by(audit.c.at, audit.c.id).limit(BATCH))).all()
    if not rows:
        return 0
    last = select(audit_chain.c.seq, audit_chain.c.mac).order_by(audit_chain.c.seq.desc()).limit(1)
    head = (await connection.execute(last)).one_or_none()
    start, mac = (head.seq, head.mac) if head else (0, "")
    links = []
    for seq, row in enumerate(rows, start + 1):
        mac = _link(work.keyring, seq, mac, row.seal)
        links.append({"seq": seq, "audit_id": row.id, "mac": mac})
    await connection.execute(insert(audit_chain), links)
    linked = select(audit_chain.c.audit_id).where(audit_chain.c.seq > start)
    await connection.execute(delete(audit_unlinked).where(audit_unlinked.c.audit_id.in_(linked)))
    return len(links)


async def verify(work: Work) -> Verdict:
    """Recompute every seal and every link; finds rows changed, removed, inserted, reordered or never linked.

    Rows cut off the very end together with their links leave no trace here: only an anchor outside shows that
    (reliability S11).
    """
    columns = (audit_chain.c.seq, audit_chain.c.audit_id, audit_chain.c.mac, audit)
    pairs = select(*columns).outerjoin(audit, audit.c.id == audit_chain.c.audit_id)
    seq, mac = 0, ""
    while rows := await _page(work, pairs.where(audit_chain.c.seq > seq).order_by(audit_chain.c.seq)):
        for row in rows:
            seq += 1
            if row["seq"] != seq or row["id"] is None:
                return Verdict(seq, row["audit_id"])
            mac = _link(work.keyring, seq, mac, _seal(work.keyring, row))
            if not hmac.compare_digest(mac, row["mac"]):
                return Verdict(seq, row["audit_id"])
    return await _verify_unlinked(work, seq)


async def _page(work: Work, query: Select[*tuple[Any, ...]]) -> Sequence[RowMapping]:
    """The next PAGE rows: a trail of years is never held in memory."""
    return (await work.connection.execute(query.limit(PAGE))).mappings().all()


async def _verify_unlinked(work: Work, checked: int) -> Verdict:
    """Rows in no chain: each must await its link, for a minute at most, and bear the seal it was written with."""
    loose = (
        select(audit, audit_unlinked.c.audit_id)
        .outerjoin(audit_unlinked, audit_unlinked.c.audit_id == audit.c.id)
        .where(~select(audit_chain.c.seq).where(audit_chain.c.audit_id == audit.c.id).exists())
        .order_by(audit.c.at, audit.c.id)
    )
    for row in (await work.connection.execute(loose)).mappings():
        checked += 1
        is_late = row["at"] < work.now - LINKED_WITHIN
        is_as_written = hmac.compare_digest(row["seal"], _seal(work.keyring, row))
        if row["audit_id"] is None or is_late or not is_as_written:
            return Verdict(checked, row["id"])
    return Verdict(checked, None)


def _seal(keyring: Keyring, row: Mapping[str, Any] | RowMapping) -> str:
    """The keyed hash a row is written with: nobody without the chain key can write or change one unseen."""
    said = [
        row["id"],
        (row["at"] - EPOCH) // timedelta(microseconds=1),
        row["actor_id"],
        row["action"],
        row["subject_kind"],
        row["subject_id"],
        row["facts"],
    ]
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return keyring.chain_mac(b"row:" + canonical.encode())


def _link(keyring: Keyring, seq: int, before: str, seal: str) -> str:
    return keyring.chain_mac(f"link:{seq}:{before}:{seal}".encode())
