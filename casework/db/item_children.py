"""The children of each item: one family, one item, each child with its own decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
    update,
)

from casework.db.base import Sealed, metadata, new_id
from casework.db.items import AWAITING, BOOKED, RETURNED, WAITING, items, still_to_come
from casework.db.sittings import sittings
from casework.db.slots import slots
from casework.db.uow import Work

item_children = Table(
    "item_children",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("item_id", String(32), ForeignKey("items.id"), nullable=False),
    Column("case_ref", String(32), ForeignKey("cases.id"), nullable=False),
    # empty for an item of a version before: its child has the item's own
    Column("initials", Sealed),
    Column("place", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    UniqueConstraint("item_id", "case_ref"),
    Index("ix_item_children_case_ref", "case_ref"),
)

OPEN = "open"
DECIDED = "decided"
MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChild:
    """One child of an item. `state`: "open", "decided", or "moved" to another item (deferred by itself)."""

    id: str
    item_id: str
    case_ref: str
    initials: str
    place: int
    state: str


async def add(work: Work, item_id: str, children: Sequence[tuple[str, str]]) -> None:
    """Write the children of an item as (case ref, initials), the one it was asked for first."""
    rows = []
    for place, (case_ref, initials) in enumerate(children, start=1):
        id = new_id()
        sealed = work.keyring.seal(initials, record=f"item_children.initials:{id}")
        rows.append(
            {"id": id, "item_id": item_id, "case_ref": case_ref, "initials": sealed, "place": place, "state": OPEN}
        )
    await work.connection.execute(insert(item_children), rows)


async def of_item(work: Work, item_id: str) -> tuple[ItemChild, ...]:
    statement = select(item_children).where(item_children.c.item_id == item_id).order_by(item_children.c.place)
    return tuple(_child(work, row) for row in (await work.connection.execute(statement)).mappings())


async def of_items(work: Work, item_ids: Sequence[str]) -> dict[str, tuple[ItemChild, ...]]:
    """Item id -> its children, in order."""
    statement = select(item_children).where(item_children.c.item_id.in_(item_ids)).order_by(item_children.c.place)
    found: dict[str, tuple[ItemChild, ...]] = dict.fromkeys(item_ids, ())
    for row in (await work.connection.execute(statement)).mappings():
        found[row["item_id"]] += (_child(work, row),)
    return found


async def mark(work: Work, ids: Sequence[str], *, state: str) -> None:
    await work.connection.execute(update(item_children).where(item_children.c.id.in_(ids)).values(state=state))


async def items_of_case(work: Work, case_ref: str) -> tuple[str, ...]:
    """Ids of every item that ever named this child."""
    statement = select(item_children.c.item_id).where(item_children.c.case_ref == case_ref)
    return tuple((await work.connection.execute(statement)).scalars())


async def is_booked(work: Work, *, case_ref: str, panel: str, but: str = "") -> bool:
    """Whether the child has an item at this panel that will still be heard: asked for, waiting, or on its sitting."""
    mine = (
        item_children.c.case_ref == case_ref,
        item_children.c.state == OPEN,
        items.c.panel == panel,
        items.c.id != but,
    )
    joined = select(items.c.id).join(item_children, item_children.c.item_id == items.c.id)
    waits = joined.where(*mine, items.c.state.in_((AWAITING, RETURNED, WAITING)))
    if (await work.connection.execute(waits.limit(1))).first() is not None:
        return True
    sits = joined.join(slots, slots.c.item_id == items.c.id).join(sittings, sittings.c.id == slots.c.sitting_id)
    found = await work.connection.execute(sits.where(*mine, items.c.state == BOOKED, still_to_come(work.now)).limit(1))
    return found.first() is not None


def _child(work: Work, row: RowMapping) -> ItemChild:
    return ItemChild(
        id=row["id"],
        item_id=row["item_id"],
        case_ref=row["case_ref"],
        initials=work.keyring.open(row["initials"], record=f"item_children.initials:{row['id']}")
        if row["initials"]
        else "",
        place=row["place"],
        state=row["state"],
    )
