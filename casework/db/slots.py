"""The slots of sittings: guarded counters give the last place to one, CHECK and UNIQUE stand behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    UniqueConstraint,
    delete,
    insert,
    literal,
    select,
    update,
)

from casework.db.base import metadata, new_id
from casework.db.sittings import sittings, slot_minutes
from casework.db.uow import Work
from casework.domain.booking import Lane

slots = Table(
    "slots",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("sitting_id", String(32), ForeignKey("sittings.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("item_id", String(32), ForeignKey("items.id"), nullable=False, unique=True),
    Column("lane", String(8), nullable=False, server_default="open"),
    Column("minutes", Integer, nullable=False, server_default="0"),
    UniqueConstraint("sitting_id", "place"),
)


LANES = {
    "open": (sittings.c.capacity, sittings.c.booked),
    "urgent": (sittings.c.urgent_slots, sittings.c.urgent_booked),
    "share": (sittings.c.share_slots, sittings.c.share_booked),
}


async def take_place(work: Work, sitting_id: str, *, lane: Lane = "open", minutes: int = 0) -> bool:
    """Count one more item in, if a place and the time are free: the guarded UPDATE that lets one of many have the last.

    `minutes` 0 is an ordinary slot's. Minutes that held slots will need are nobody else's.
    """
    slots_there, booked = LANES[lane]
    wanted = literal(minutes) if minutes else sittings.c.slot_minutes
    held = sittings.c.urgent_slots - sittings.c.urgent_booked + sittings.c.share_slots - sittings.c.share_booked
    own = 0 if lane == "open" else 1
    time_left = sittings.c.minutes - sittings.c.minutes_booked - (held - own) * sittings.c.slot_minutes
    done = await work.connection.execute(
        update(sittings)
        .where(sittings.c.id == sitting_id, booked < slots_there, wanted <= time_left)
        .values(
            {
                booked: booked + 1,
                sittings.c.minutes_booked: sittings.c.minutes_booked + wanted,
                sittings.c.version: sittings.c.version + 1,
            }
        )
    )
    return bool(done.rowcount)


async def give_back_place(work: Work, sitting_id: str, *, lane: Lane = "open", minutes: int = 0) -> None:
    """Count one item out again; `minutes` as when it was counted in."""
    _, booked = LANES[lane]
    back = literal(minutes) if minutes else sittings.c.slot_minutes
    await work.connection.execute(
        update(sittings)
        .where(sittings.c.id == sitting_id)
        .values(
            {
                booked: booked - 1,
                sittings.c.minutes_booked: sittings.c.minutes_booked - back,
                sittings.c.version: sittings.c.version + 1,
            }
        )
    )


async def release(work: Work, sitting_id: str, *, lane: Lane) -> None:
    """Open the held slots nobody took to everybody; what is given back later is opened by doing it again."""
    there, booked = LANES[lane]
    flag = sittings.c.is_urgent_released if lane == "urgent" else sittings.c.is_share_released
    await work.connection.execute(
        update(sittings)
        .where(sittings.c.id == sitting_id)
        .values(
            {
                sittings.c.capacity: sittings.c.capacity + there - booked,
                there: booked,
                flag: True,
                sittings.c.version: sittings.c.version + 1,
            }
        )
    )


async def fill_slot(work: Work, *, sitting_id: str, item_id: str, lane: Lane = "open", minutes: int = 0) -> int:
    """Put an item into the lowest free place, 1 upwards; the sitting's row is locked by `take_place` before."""
    taken = set(
        (await work.connection.execute(select(slots.c.place).where(slots.c.sitting_id == sitting_id))).scalars()
    )
    place = next(number for number in range(1, len(taken) + 2) if number not in taken)
    await work.connection.execute(
        insert(slots).values(
            id=new_id(),
            sitting_id=sitting_id,
            place=place,
            item_id=item_id,
            lane=lane,
            minutes=minutes or await slot_minutes(work, sitting_id),
        )
    )
    return place


async def empty_slot(work: Work, *, item_id: str) -> str | None:
    """Take an item out of its slot and give the place back; returns the sitting's id, None when it had no slot."""
    row = (
        await work.connection.execute(
            delete(slots).where(slots.c.item_id == item_id).returning(slots.c.sitting_id, slots.c.lane, slots.c.minutes)
        )
    ).one_or_none()
    if row is None:
        return None
    await give_back_place(work, row.sitting_id, lane=row.lane, minutes=row.minutes)
    return str(row.sitting_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One filled slot, and how many minutes it has."""

    item_id: str
    place: int
    lane: Lane
    minutes: int


async def filled(work: Work, sitting_id: str) -> tuple[Slot, ...]:
    """The filled slots of a sitting, in order."""
    rows = (
        await work.connection.execute(select(slots).where(slots.c.sitting_id == sitting_id).order_by(slots.c.place))
    ).mappings()
    return tuple(
        Slot(item_id=row["item_id"], place=row["place"], lane=row["lane"], minutes=row["minutes"]) for row in rows
    )


async def set_minutes(work: Work, *, sitting_id: str, item_id: str, minutes: int) -> bool:
    """Give an item another length; False where the sitting has not the time for it."""
    current = (await work.connection.execute(select(slots.c.minutes).where(slots.c.item_id == item_id))).scalar_one()
    held = sittings.c.urgent_slots - sittings.c.urgent_booked + sittings.c.share_slots - sittings.c.share_booked
    time_left = sittings.c.minutes - sittings.c.minutes_booked - held * sittings.c.slot_minutes
    done = await work.connection.execute(
        update(sittings)
        .where(sittings.c.id == sitting_id, literal(minutes - current) <= time_left)
        .values(minutes_booked=sittings.c.minutes_booked + minutes - current, version=sittings.c.version + 1)
    )
    if done.rowcount:
        await work.connection.execute(update(slots).where(slots.c.item_id == item_id).values(minutes=minutes))
    return bool(done.rowcount)


async def reorder(work: Work, sitting_id: str, item_ids: Sequence[str]) -> None:
    """Number the filled slots from 1 in this order; `item_ids` are all of them."""
    for shift in (1000, 0):
        for place, item_id in enumerate(item_ids, start=1):
            await work.connection.execute(update(slots).where(slots.c.item_id == item_id).values(place=place + shift))


async def renumber(work: Work, *, item_id: str, place: int) -> None:
    """Put an item at another place of its sitting; the place must be free (places are closed up from the first)."""
    await work.connection.execute(update(slots).where(slots.c.item_id == item_id).values(place=place))


async def places(work: Work, sitting_id: str) -> dict[str, int]:
    """Item id -> place, for the filled slots of a sitting."""
    rows = await work.connection.execute(select(slots.c.item_id, slots.c.place).where(slots.c.sitting_id == sitting_id))
    return {row.item_id: row.place for row in rows}


async def slot_of(work: Work, item_id: str) -> tuple[str, int] | None:
    """The (sitting id, place) an item sits in, or None."""
    row = (
        await work.connection.execute(select(slots.c.sitting_id, slots.c.place).where(slots.c.item_id == item_id))
    ).one_or_none()
    return (row.sitting_id, row.place) if row else None
