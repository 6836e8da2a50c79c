"""Items: the cases people ask a panel to hear, whoever presents them, and whether they are booked or cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, RowMapping, String, Table, insert, select, update

from casework.db.base import Sealed, UTCDateTime, metadata
from casework.db.sittings import sittings, slots
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
    Index("ix_items_waiting", "panel", "state"),
    Index("ix_items_case_ref", "case_ref"),
    Index("ix_items_requester_id", "requester_id", "state"),
    Index("ix_items_presenter_id", "presenter_id", "state"),
)

BOOKED = "booked"
WAITING = "waiting"
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item. `initials` are those it was requested with; `version` rises with every change."""

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


async def create(work: Work, item: Item, *, nonce: str) -> None:
    """Write a new item; raises sqlalchemy IntegrityError when this nonce was used before."""
    await work.connection.execute(
        insert(items).values(
            id=item.id,
            reference=item.reference,
            nonce=nonce,
            case_ref=item.case_ref,
            panel=item.panel,
            request_type=item.request_type,
            requester_id=item.requester_id,
            presenter_id=item.presenter_id,
            state=item.state,
            initials=work.keyring.seal(item.initials, record=f"items.initials:{item.id}"),
            requested_at=item.requested_at,
            changed_by_id=item.changed_by_id,
            version=item.version,
            band=item.band,
            waiting_since=item.waiting_since,
        )
    )


async def get(work: Work, item_id: str) -> Item | None:
    row = (await work.connection.execute(select(items).where(items.c.id == item_id))).mappings().one_or_none()
    return _item(work, row) if row else None


async def by_nonce(work: Work, nonce: str) -> Item | None:
    """The item that was booked from the draft with this id."""
    row = (await work.connection.execute(select(items).where(items.c.nonce == nonce))).mappings().one_or_none()
    return _item(work, row) if row else None


async def change(work: Work, item: Item, *, state: str, by: str) -> Item | None:
    """Move an item to `state` if nobody changed it meanwhile; returns it as it now stands, None when stale.

    One that begins to wait keeps since when; one that had waited before counts from then on.
    """
    since = (item.waiting_since or work.now) if state == WAITING else item.waiting_since
    done = await work.connection.execute(
        update(items)
        .where(items.c.id == item.id, items.c.version == item.version)
        .values(state=state, changed_by_id=by, version=item.version + 1, waiting_since=since)
    )
    if not done.rowcount:
        return None
    return replace(item, state=state, changed_by_id=by, version=item.version + 1, waiting_since=since)


async def waiting(work: Work, *, panels: Sequence[str] = ()) -> tuple[Item, ...]:
    """Items without a slot that wait for one, the first in line first: by band, then by how long they wait."""
    statement = select(items).where(items.c.state == WAITING)
    if panels:
        statement = statement.where(items.c.panel.in_(panels))
    statement = statement.order_by(items.c.panel, items.c.band, items.c.waiting_since, items.c.id)
    rows = (await work.connection.execute(statement)).mappings()
    return tuple(_item(work, row) for row in rows)


async def is_booked(work: Work, *, case_ref: str, panel: str) -> bool:
    """Whether the case has an item on a sitting of this panel that has not yet begun, or one that waits for a slot."""
    waits = select(items.c.id).where(items.c.case_ref == case_ref, items.c.panel == panel, items.c.state == WAITING)
    if (await work.connection.execute(waits.limit(1))).first() is not None:
        return True
    found = await work.connection.execute(
        select(items.c.id)
        .join(slots, slots.c.item_id == items.c.id)
        .join(sittings, sittings.c.id == slots.c.sitting_id)
        .where(
            items.c.case_ref == case_ref,
            items.c.panel == panel,
            items.c.state == BOOKED,
            sittings.c.starts_at > work.now,
        )
        .limit(1)
    )
    return found.first() is not None


async def of_person(work: Work, person_id: str, *, limit: int) -> tuple[Item, ...]:
    """Items a person asked for or presents: those that wait for a slot, then those still to come, soonest first."""
    mine = (items.c.requester_id == person_id) | (items.c.presenter_id == person_id)
    statement = select(items).where(mine, items.c.state == WAITING).order_by(items.c.waiting_since).limit(limit)
    idle = [_item(work, row) for row in (await work.connection.execute(statement)).mappings()]
    rows = (
        await work.connection.execute(
            select(items)
            .join(slots, slots.c.item_id == items.c.id)
            .join(sittings, sittings.c.id == slots.c.sitting_id)
            .where(
                mine,
                items.c.state == BOOKED,
                sittings.c.starts_at > work.now,
            )
            .order_by(sittings.c.starts_at, slots.c.place)
            .limit(limit)
        )
    ).mappings()
    return (*idle, *(_item(work, row) for row in rows))[:limit]


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


def _item(work: Work, row: RowMapping) -> Item:
    return Item(
        id=row["id"],
        reference=row["reference"],
        case_ref=row["case_ref"],
        panel=row["panel"],
        request_type=row["request_type"],
        requester_id=row["requester_id"],
        presenter_id=row["presenter_id"],
        state=row["state"],
        initials=work.keyring.open(row["initials"], record=f"items.initials:{row['id']}"),
        requested_at=row["requested_at"],
        changed_by_id=row["changed_by_id"],
        version=row["version"],
        band=row["band"],
        waiting_since=row["waiting_since"],
    )
