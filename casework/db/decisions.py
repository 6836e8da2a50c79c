"""Decisions: what a panel decided for each child, only ever added to; people's words sealed, advice sealed apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, RowMapping, String, Table, insert, select

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

decisions = Table(
    "decisions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("item_id", String(32), ForeignKey("items.id"), nullable=False),
    Column("child_id", String(32), ForeignKey("item_children.id"), nullable=False),
    Column("case_ref", String(32), ForeignKey("cases.id"), nullable=False),
    Column("sitting_id", String(32), ForeignKey("sittings.id")),
    Column("panel", String(16), nullable=False),
    Column("code", String(16), nullable=False),
    Column("is_in_principle", Boolean, nullable=False),
    Column("words", Sealed, nullable=False),
    Column("until_on", Date),
    Column("review_on", Date),
    Column("decided_on", Date, nullable=False),
    Column("decided_at", UTCDateTime, nullable=False),
    Column("by_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("rulebook_version", String(10), nullable=False),
    Index("ix_decisions_item_id", "item_id"),
    Index("ix_decisions_case_ref", "case_ref", "decided_on"),
    Index("ix_decisions_sitting_id", "sitting_id"),
)

advice = Table(
    "advice",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("item_id", String(32), ForeignKey("items.id"), nullable=False),
    Column("words", Sealed, nullable=False),
    Column("by_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Index("ix_advice_item_id", "item_id", "at"),
)

WORDS = ("rationale", "conditions", "dissent", "cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision for one child. `decided_on` is the panel's own day; `words` by name: rationale and the like."""

    id: str
    item_id: str
    child_id: str
    case_ref: str
    sitting_id: str | None
    panel: str
    code: str
    is_in_principle: bool
    words: dict[str, str]
    until_on: date | None
    review_on: date | None
    decided_on: date
    decided_at: datetime
    by_id: str
    rulebook_version: str


async def add(work: Work, **values: Any) -> str:
    """Write one decision given as Decision's fields but the id; returns its id."""
    id = new_id()
    words = {name: text for name, text in values.pop("words").items() if text}
    sealed = work.keyring.seal_json(words, record=f"decisions.words:{id}")
    await work.connection.execute(insert(decisions).values(id=id, words=sealed, **values))
    return id


async def of_items(work: Work, item_ids: Sequence[str]) -> dict[str, tuple[Decision, ...]]:
    """Item id -> its decisions, the oldest first."""
    found: dict[str, tuple[Decision, ...]] = dict.fromkeys(item_ids, ())
    statement = select(decisions).where(decisions.c.item_id.in_(item_ids))
    for row in (await work.connection.execute(statement.order_by(decisions.c.decided_at))).mappings():
        found[row["item_id"]] += (_decision(work, row),)
    return found


async def of_case(work: Work, case_ref: str, *, limit: int) -> tuple[Decision, ...]:
    """A child's decisions at every panel, the newest first."""
    statement = select(decisions).where(decisions.c.case_ref == case_ref)
    statement = statement.order_by(decisions.c.decided_at.desc()).limit(limit)
    return tuple(_decision(work, row) for row in (await work.connection.execute(statement)).mappings())


async def get(work: Work, decision_id: str) -> Decision | None:
    statement = select(decisions).where(decisions.c.id == decision_id)
    row = (await work.connection.execute(statement)).mappings().one_or_none()
    return _decision(work, row) if row else None


async def advise(work: Work, *, item_id: str, words: str, by_id: str) -> None:
    """Add to the privileged legal advice on an item."""
    id = new_id()
    sealed = work.keyring.seal(words, record=f"advice.words:{id}")
    await work.connection.execute(insert(advice).values(id=id, item_id=item_id, words=sealed, by_id=by_id, at=work.now))


async def advice_on(work: Work, item_id: str) -> tuple[tuple[str, datetime, str], ...]:
    """(who, when, words) of the legal advice on an item, the oldest first: for those who may read it."""
    statement = select(advice).where(advice.c.item_id == item_id).order_by(advice.c.at)
    return tuple(
        (row["by_id"], row["at"], work.keyring.open(row["words"], record=f"advice.words:{row['id']}"))
        for row in (await work.connection.execute(statement)).mappings()
    )


def _decision(work: Work, row: RowMapping) -> Decision:
    words = work.keyring.open_json(row["words"], record=f"decisions.words:{row['id']}")
    assert isinstance(words, dict)
    return Decision(**{name: row[name] for name in Decision.__slots__ if name != "words"}, words=words)
