"""Who was at a sitting, who sent apologies, who stood in for whom, and who keeps out of which item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, RowMapping, String, Table, UniqueConstraint, delete, insert, select

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

attendance = Table(
    "attendance",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sitting_id", String(32), ForeignKey("sittings.id"), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("stands_for_id", String(32), ForeignKey("people.id")),
    Column("by_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    UniqueConstraint("sitting_id", "person_id"),
)

conflicts = Table(
    "conflicts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("item_id", String(32), ForeignKey("items.id"), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("reason", Sealed),
    Column("by_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("at", UTCDateTime, nullable=False),
    UniqueConstraint("item_id", "person_id"),
    Index("ix_conflicts_person_id", "person_id"),
)

PRESENT = "present"
APOLOGIES = "apologies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """One person at one sitting; `stands_for_id` is whom they stand in for."""

    sitting_id: str
    person_id: str
    state: str
    stands_for_id: str | None
    at: datetime


async def put(work: Work, *, sitting_id: str, rows: Sequence[tuple[str, str, str | None]], by_id: str) -> None:
    """Set who is there, in place of what stood before: (person id, state, whom they stand in for)."""
    await work.connection.execute(delete(attendance).where(attendance.c.sitting_id == sitting_id))
    values = [
        {
            "id": new_id(),
            "sitting_id": sitting_id,
            "person_id": person_id,
            "state": state,
            "stands_for_id": stands_for_id,
            "by_id": by_id,
            "at": work.now,
        }
        for person_id, state, stands_for_id in rows
    ]
    if values:
        await work.connection.execute(insert(attendance), values)


async def of_sitting(work: Work, sitting_id: str) -> tuple[Attendee, ...]:
    statement = select(attendance).where(attendance.c.sitting_id == sitting_id).order_by(attendance.c.id)
    return tuple(_attendee(row) for row in (await work.connection.execute(statement)).mappings())


async def declare(work: Work, *, item_id: str, person_id: str, reason: str, by_id: str) -> bool:
    """Keep somebody out of an item for good; False where they are already."""
    if person_id in await kept_out(work, item_id):
        return False
    id = new_id()
    await work.connection.execute(
        insert(conflicts).values(
            id=id,
            item_id=item_id,
            person_id=person_id,
            reason=work.keyring.seal(reason, record=f"conflicts.reason:{id}") if reason else None,
            by_id=by_id,
            at=work.now,
        )
    )
    return True


async def kept_out(work: Work, item_id: str) -> frozenset[str]:
    """Ids of the people who declared a conflict of interest in this item, or for whom one was declared."""
    statement = select(conflicts.c.person_id).where(conflicts.c.item_id == item_id)
    return frozenset((await work.connection.execute(statement)).scalars())


async def items_kept_from(work: Work, person_id: str) -> frozenset[str]:
    """Ids of the items this person is kept out of."""
    statement = select(conflicts.c.item_id).where(conflicts.c.person_id == person_id)
    return frozenset((await work.connection.execute(statement)).scalars())


def _attendee(row: RowMapping) -> Attendee:
    return Attendee(**{name: row[name] for name in Attendee.__slots__})
