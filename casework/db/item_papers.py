"""The papers of each item: which line of its checklist is there, by link or by tick, and why one is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, RowMapping, String, Table, UniqueConstraint, delete, insert, select

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

item_papers = Table(
    "item_papers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("item_id", String(32), ForeignKey("items.id"), nullable=False),
    Column("code", String(16), nullable=False),
    Column("state", String(8), nullable=False),
    Column("words", Sealed),
    Column("by_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    UniqueConstraint("item_id", "code"),
)

READY = "ready"
EXCUSED = "excused"
# stands for the whole checklist: somebody whose word it is says that it is complete
CONFIRMED = "CONFIRMED"
LINKS = "LINKS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPaper:
    """One line. `state` "ready" or "excused"; `words` are the links, or why it is missing."""

    id: str
    item_id: str
    code: str
    state: str
    words: str
    by_id: str
    at: datetime


async def put(work: Work, *, item_id: str, code: str, state: str, words: str, by_id: str) -> None:
    """Set one line of an item's checklist, in place of what it said before."""
    await remove(work, item_id=item_id, codes=[code])
    id = new_id()
    await work.connection.execute(
        insert(item_papers).values(
            id=id,
            item_id=item_id,
            code=code,
            state=state,
            words=work.keyring.seal(words, record=f"item_papers.words:{id}") if words else None,
            by_id=by_id,
            at=work.now,
        )
    )


async def remove(work: Work, *, item_id: str, codes: Sequence[str]) -> None:
    await work.connection.execute(
        delete(item_papers).where(item_papers.c.item_id == item_id, item_papers.c.code.in_(codes))
    )


async def of_items(work: Work, item_ids: Sequence[str]) -> dict[str, dict[str, ItemPaper]]:
    """Item id -> code -> what the checklist says."""
    found: dict[str, dict[str, ItemPaper]] = {id: {} for id in item_ids}
    statement = select(item_papers).where(item_papers.c.item_id.in_(item_ids))
    for row in (await work.connection.execute(statement)).mappings():
        found[row["item_id"]][row["code"]] = _paper(work, row)
    return found


async def copy(work: Work, *, from_id: str, to_id: str) -> None:
    """The papers of one item for one split off it."""
    for paper in (await of_items(work, [from_id]))[from_id].values():
        await put(work, item_id=to_id, code=paper.code, state=paper.state, words=paper.words, by_id=paper.by_id)


def _paper(work: Work, row: RowMapping) -> ItemPaper:
    plain = {name: row[name] for name in ItemPaper.__slots__ if name != "words"}
    words = work.keyring.open(row["words"], record=f"item_papers.words:{row['id']}") if row["words"] else ""
    return ItemPaper(**plain, words=words)
