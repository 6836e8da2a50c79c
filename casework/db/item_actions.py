"""Actions: who does what by when after a decision, until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Date, ForeignKey, Index, RowMapping, String, Table, insert, select, update

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

item_actions = Table(
    "item_actions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("item_id", String(32), ForeignKey("items.id"), nullable=False),
    Column("what", Sealed, nullable=False),
    Column("owner_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", String(8), nullable=False),
    Column("made_by_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("made_at", UTCDateTime, nullable=False),
    Column("done_by_id", String(32), ForeignKey("people.id")),
    Column("done_at", UTCDateTime),
    Column("note", Sealed),
    Index("ix_item_actions_item_id", "item_id"),
    Index("ix_item_actions_owner_id", "owner_id", "state", "due_on"),
    Index("ix_item_actions_due_on", "state", "due_on"),
)

OPEN = "open"
DONE = "done"

TIMER = "action_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action. `note` says how it was done."""

    id: str
    item_id: str
    what: str
    owner_id: str
    due_on: date
    state: str
    made_by_id: str
    made_at: datetime
    done_by_id: str | None
    done_at: datetime | None
    note: str


async def add(work: Work, *, item_id: str, what: str, owner_id: str, due_on: date, made_by_id: str) -> str:
    """Write an open action; returns its id."""
    id = new_id()
    await work.connection.execute(
        insert(item_actions).values(
            id=id,
            item_id=item_id,
            what=work.keyring.seal(what, record=f"item_actions.what:{id}"),
            owner_id=owner_id,
            due_on=due_on,
            state=OPEN,
            made_by_id=made_by_id,
            made_at=work.now,
        )
    )
    return id


async def get(work: Work, action_id: str) -> Action | None:
    statement = select(item_actions).where(item_actions.c.id == action_id)
    row = (await work.connection.execute(statement)).mappings().one_or_none()
    return _action(work, row) if row else None


async def of_items(work: Work, item_ids: Sequence[str]) -> dict[str, tuple[Action, ...]]:
    """Item id -> its actions, the soonest due first."""
    found: dict[str, tuple[Action, ...]] = dict.fromkeys(item_ids, ())
    statement = select(item_actions).where(item_actions.c.item_id.in_(item_ids))
    for row in (await work.connection.execute(statement.order_by(item_actions.c.due_on))).mappings():
        found[row["item_id"]] += (_action(work, row),)
    return found


async def open_of(work: Work, owner_id: str = "", *, due_by: date | None = None) -> tuple[Action, ...]:
    """Open actions of a person, or of everybody, the longest overdue first."""
    statement = select(item_actions).where(item_actions.c.state == OPEN).order_by(item_actions.c.due_on)
    if owner_id:
        statement = statement.where(item_actions.c.owner_id == owner_id)
    if due_by is not None:
        statement = statement.where(item_actions.c.due_on < due_by)
    return tuple(_action(work, row) for row in (await work.connection.execute(statement)).mappings())


async def finish(work: Work, action_id: str, *, by_id: str, note: str) -> bool:
    """Mark it done; False where it was already."""
    done = await work.connection.execute(
        update(item_actions)
        .where(item_actions.c.id == action_id, item_actions.c.state == OPEN)
        .values(
            state=DONE,
            done_by_id=by_id,
            done_at=work.now,
            note=work.keyring.seal(note, record=f"item_actions.note:{action_id}") if note else None,
        )
    )
    return bool(done.rowcount)


async def hand_over(work: Work, action_id: str, *, owner_id: str) -> None:
    await work.connection.execute(update(item_actions).where(item_actions.c.id == action_id).values(owner_id=owner_id))


def _action(work: Work, row: RowMapping) -> Action:
    def opened(name: str) -> str:
        return work.keyring.open(row[name], record=f"item_actions.{name}:{row['id']}") if row[name] else ""

    plain = {name: row[name] for name in Action.__slots__ if name not in ("what", "note")}
    return Action(**plain, what=opened("what"), note=opened("note"))
