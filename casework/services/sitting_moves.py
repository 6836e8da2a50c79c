"""Taking items off a sitting and placing them again, in order of priority; whoever finds no place waits for one."""

from __future__ import annotations

from collections.abc import Sequence

from casework.db import items, slots
from casework.db.uow import Work
from casework.domain import sitting_plan
from casework.domain.booking import Lane, Sitting
from casework.services import item_slots
from casework.services.context import Rules


async def by_priority(work: Work, sitting: Sitting) -> tuple[items.Item, ...]:
    """The items of a sitting, the first to keep their slot first."""
    rows = [item for _, item in await items.on_sitting(work, sitting.id)]
    return tuple(sorted(rows, key=lambda item: item.line))


def shared_out(
    leaving: Sequence[items.Item], there: Sequence[Sitting]
) -> tuple[tuple[items.Item, Sitting | None], ...]:
    """Where each item that loses its slot goes."""

    def lane(sitting: Sitting, item: items.Item) -> Lane | None:
        if not sitting.hears(item.panel):
            return None
        return sitting.lane_free(item.panel, is_urgent=_may_take_held(item), minutes=item.minutes)

    return sitting_plan.share_out(leaving, there, lane=lane, minutes=lambda item: item.minutes)


async def place_again(
    work: Work, rules: Rules, sitting: Sitting, leaving: Sequence[items.Item], *, by: str
) -> dict[str, str | None]:
    """Take items off `sitting` and give each the next place there is; item id -> the sitting it went to, or None.

    Every place is taken by the guard of the table itself, one after another: of two who want the last one one gets it.
    """
    went: dict[str, str | None] = {}
    for item in leaving:
        await item_slots.take_off(work, item)
        _, there = await item_slots.place(work, rules, item, but=sitting.id, by=by)
        went[item.id] = there.id if there else None
    return went


async def promote(work: Work, rules: Rules, sitting: Sitting, *, by: str) -> tuple[items.Item, ...]:
    """Give the places of a sitting called for them to those who wait, first in line first."""
    placed: list[items.Item] = []
    line = await items.waiting(work, panels=[sitting.panel, *sitting.incorporates])
    for item in sorted(line, key=lambda one: one.line):
        booked = await item_slots.give(work, rules, item, sitting, by=by)
        if booked is not None:
            placed.append(booked)
    return tuple(placed)


async def close_gaps(work: Work, sitting_id: str) -> None:
    """Number the filled places from 1 again, in their order: fewer slots leave no hole behind."""
    await slots.reorder(work, sitting_id, [one.item_id for one in await slots.filled(work, sitting_id)])


def _may_take_held(item: items.Item) -> bool:
    return item.is_urgent or item.carries_over
