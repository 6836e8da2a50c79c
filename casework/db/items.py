"""Items: the families people ask a panel to hear, who asks and who presents, and how far each has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    and_,
    false,
    insert,
    or_,
    select,
    update,
)

from casework.db.base import Sealed, UTCDateTime, metadata
from casework.db.sittings import sittings
from casework.db.slots import slots
from casework.db.uow import Work

items = Table(
    "items",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("reference", String(20), nullable=False, unique=True),
    Column("nonce", String(32), nullable=False, unique=True),
    Column("case_ref", String(32), ForeignKey("cases.id"), nullable=False),
    Column("panel", String(16), nullable=False),
    Column("request_type", String(20), nullable=False),
    Column("requester_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("presenter_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("initials", Sealed, nullable=False),
    Column("requested_at", UTCDateTime, nullable=False),
    Column("changed_by_id", String(32), ForeignKey("people.id")),
    Column("version", Integer, nullable=False),
    Column("band", Integer, nullable=False, server_default="9"),
    Column("waiting_since", UTCDateTime),
    Column("summary", Sealed),
    Column("deadline_on", Date),
    Column("wanted_sitting_id", String(32)),
    Column("is_urgent", Boolean, nullable=False, server_default=false()),
    Column("minutes", Integer, nullable=False, server_default="0"),
    Column("deferrals", Integer, nullable=False, server_default="0"),
    Column("carries_over", Boolean, nullable=False, server_default=false()),
    Column("late", String(8), nullable=False, server_default=""),
    Column("awaiting", String(8), nullable=False, server_default=""),
    Column("origin", String(8), nullable=False, server_default="request"),
    Column("parent_id", String(32)),
    Column("tracker_id", String(32)),
    Index("ix_items_waiting", "panel", "state"),
    Index("ix_items_case_ref", "case_ref"),
    Index("ix_items_requester_id", "requester_id", "state"),
    Index("ix_items_presenter_id", "presenter_id", "state"),
    Index("ix_items_tracker_id", "tracker_id", "state"),
)

AWAITING = "awaiting"
RETURNED = "returned"
DECLINED = "declined"
BOOKED = "booked"
WAITING = "waiting"
DECIDED = "decided"
CLOSED = "closed"
CANCELLED = "cancelled"

# an item in one of these will still be heard
LIVE = (AWAITING, RETURNED, BOOKED, WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item. `initials` are those it was requested with; `version` rises with every change.

    `awaiting` is the role whose approval comes next; `late` is "late", "let_in" or empty; `origin` says what made it:
    a request, a tracker, a ratification, or a split off another (`parent_id`).
    """

    id: str
    reference: str
    case_ref: str
    panel: str
    request_type: str
    requester_id: str
    presenter_id: str
    state: str
    initials: str
    requested_at: datetime
    changed_by_id: str | None
    version: int
    band: int = 9
    waiting_since: datetime | None = None
    summary: str = ""
    deadline_on: date | None = None
    wanted_sitting_id: str | None = None
    is_urgent: bool = False
    minutes: int = 0
    deferrals: int = 0
    carries_over: bool = False
    late: str = ""
    awaiting: str = ""
    origin: str = "request"
    parent_id: str | None = None
    tracker_id: str | None = None

    @property
    def line(self) -> tuple[bool, int, date, datetime, str]:
        """Where it stands in a line: carried over first, then band, then its date, then how long it has waited."""
        since = self.waiting_since or self.requested_at
        return (not self.carries_over, self.band, self.deadline_on or date.max, since, self.reference)


def with_(item: Item, *, state: str, awaiting: str, waiting_since: datetime | None) -> Item:
    """The same item, not yet written, at another point of its way."""
    return replace(item, state=state, awaiting=awaiting, waiting_since=waiting_since)


SEALED = ("initials", "summary")


def _sealed(work: Work, item_id: str, field: str, words: object) -> object:
    if field not in SEALED:
        return words
    return work.keyring.seal(str(words), record=f"items.{field}:{item_id}") if words else None


async def create(work: Work, item: Item, *, nonce: str) -> None:
    """Write a new item; raises sqlalchemy IntegrityError when this nonce was used before."""
    values = {name: _sealed(work, item.id, name, getattr(item, name)) for name in Item.__slots__}
    await work.connection.execute(insert(items).values(nonce=nonce, **values))


async def get(work: Work, item_id: str) -> Item | None:
    row = (await work.connection.execute(select(items).where(items.c.id == item_id))).mappings().one_or_none()
    return _item(work, row) if row else None


async def by_ids(work: Work, ids: Sequence[str]) -> dict[str, Item]:
    rows = (await work.connection.execute(select(items).where(items.c.id.in_(ids)))).mappings()
    return {row["id"]: _item(work, row) for row in rows}


async def lock(work: Work, item_id: str) -> Item | None:
    """The item with its row held until the end: whoever changes it waits."""
    statement = select(items).where(items.c.id == item_id).with_for_update()
    row = (await work.connection.execute(statement)).mappings().one_or_none()
    return _item(work, row) if row else None


async def by_nonce(work: Work, nonce: str) -> Item | None:
    """The item that was booked from the draft with this id."""
    row = (await work.connection.execute(select(items).where(items.c.nonce == nonce))).mappings().one_or_none()
    return _item(work, row) if row else None


async def by_reference(work: Work, reference: str) -> Item | None:
    statement = select(items).where(items.c.reference == reference)
    row = (await work.connection.execute(statement)).mappings().one_or_none()
    return _item(work, row) if row else None


async def change(work: Work, item: Item, *, state: str | None = None, by: str | None, **values: object) -> Item | None:
    """Set fields if nobody changed it meanwhile; returns it as it now stands, None when stale.

    One that begins to wait keeps since when; one that had waited before counts from then on.
    """
    state = state or item.state
    since = (item.waiting_since or work.now) if state == WAITING else item.waiting_since
    fixed: dict[str, object] = {
        "state": state,
        "changed_by_id": by,
        "version": item.version + 1,
        "waiting_since": since,
        **values,
    }
    done = await work.connection.execute(
        update(items)
        .where(items.c.id == item.id, items.c.version == item.version)
        .values({name: _sealed(work, item.id, name, value) for name, value in fixed.items()})
    )
    return replace(item, **fixed) if done.rowcount else None  # type: ignore[arg-type]  # named by column


async def waiting(work: Work, *, panels: Sequence[str] = ()) -> tuple[Item, ...]:
    """Items without a slot that wait for one, by panel, the first in line first."""
    statement = select(items).where(items.c.state == WAITING)
    if panels:
        statement = statement.where(items.c.panel.in_(panels))
    found = [_item(work, row) for row in (await work.connection.execute(statement)).mappings()]
    return tuple(sorted(found, key=lambda item: (item.panel, item.line)))


def still_to_come(now: datetime) -> ColumnElement[bool]:
    """Of items joined to their sitting: not yet begun, or begun and not yet closed."""
    return or_(sittings.c.starts_at > now, and_(sittings.c.started_at.is_not(None), sittings.c.closed_at.is_(None)))


def with_sitting() -> Select[tuple[object, ...]]:
    """Every column of items in a slot."""
    statement: Select[tuple[object, ...]] = (
        select(items).join(slots, slots.c.item_id == items.c.id).join(sittings, sittings.c.id == slots.c.sitting_id)
    )
    return statement


async def of_person(work: Work, person_id: str, *, limit: int) -> tuple[Item, ...]:
    """Items a person asked for or presents: those without a slot, then those still to come, soonest first."""
    mine = (items.c.requester_id == person_id) | (items.c.presenter_id == person_id)
    unplaced = items.c.state.in_((AWAITING, RETURNED, WAITING))
    statement = select(items).where(mine, unplaced).order_by(items.c.requested_at).limit(limit)
    idle = [_item(work, row) for row in (await work.connection.execute(statement)).mappings()]
    statement = with_sitting().where(mine, items.c.state == BOOKED, still_to_come(work.now))
    statement = statement.order_by(sittings.c.starts_at, slots.c.place).limit(limit)
    rows = (await work.connection.execute(statement)).mappings()
    return (*idle, *(_item(work, row) for row in rows))[:limit]


async def seated(work: Work, person_id: str, *, sitting_ids: Sequence[str]) -> dict[str, list[Item]]:
    """Sitting id -> the items a person asked for or presents there."""
    mine = (items.c.requester_id == person_id) | (items.c.presenter_id == person_id)
    statement = with_sitting().add_columns(slots.c.sitting_id).where(mine, slots.c.sitting_id.in_(sitting_ids))
    found: dict[str, list[Item]] = {}
    for row in (await work.connection.execute(statement.where(items.c.state.in_(LIVE)))).mappings():
        found.setdefault(row["sitting_id"], []).append(_item(work, row))
    return found


async def in_state(work: Work, state: str, *, awaiting: str = "") -> tuple[Item, ...]:
    """Every item in a state, the oldest first; only those that await the approval of a role, where one is given."""
    statement = select(items).where(items.c.state == state).order_by(items.c.requested_at, items.c.id)
    if awaiting:
        statement = statement.where(items.c.awaiting == awaiting)
    return tuple(_item(work, row) for row in (await work.connection.execute(statement)).mappings())


async def of_tracker(work: Work, tracker_id: str) -> tuple[Item, ...]:
    """Items a tracker made, the newest first."""
    statement = select(items).where(items.c.tracker_id == tracker_id).order_by(items.c.requested_at.desc())
    return tuple(_item(work, row) for row in (await work.connection.execute(statement)).mappings())


async def children_of(work: Work, item_id: str) -> tuple[Item, ...]:
    """Items split off this one, or made to ratify it."""
    statement = select(items).where(items.c.parent_id == item_id).order_by(items.c.requested_at)
    return tuple(_item(work, row) for row in (await work.connection.execute(statement)).mappings())


async def on_sitting(work: Work, sitting_id: str) -> Sequence[tuple[int, Item]]:
    """(place, item) for every filled slot of a sitting, in order."""
    rows = (
        await work.connection.execute(
            select(items, slots.c.place)
            .join(slots, slots.c.item_id == items.c.id)
            .where(slots.c.sitting_id == sitting_id)
            .order_by(slots.c.place)
        )
    ).mappings()
    return [(row["place"], _item(work, row)) for row in rows]


async def mark_late(work: Work, item_id: str, late: str) -> None:
    """Say that an item's papers are late, or not; people's cards of it stay as good as they were."""
    await work.connection.execute(update(items).where(items.c.id == item_id).values(late=late))


def _item(work: Work, row: RowMapping) -> Item:
    def opened(name: str) -> str:
        return work.keyring.open(row[name], record=f"items.{name}:{row['id']}") if row[name] else ""

    plain = {name: row[name] for name in Item.__slots__ if name not in SEALED}
    return Item(**plain, initials=opened("initials"), summary=opened("summary"))
