"""Taking items off a sitting and placing them again, in order of priority; whoever finds no place waits for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from casework.db import items, sittings, timers
from casework.db.uow import Work
from casework.domain import sitting_plan
from casework.domain.booking import Sitting
from casework.domain.deliveries import Kind
from casework.domain.rulebook import Rulebook
from casework.services.context import Rules
from casework.services.timers import agenda_at, reminder_at

LOOK_AHEAD = timedelta(days=120)


async def by_priority(work: Work, sitting: Sitting) -> tuple[items.Item, ...]:
    """The items of a sitting, the first to keep their slot first: by band, then by how long they have waited."""
    rows = [item for _, item in await items.on_sitting(work, sitting.id)]
    return tuple(sorted(rows, key=lambda item: (item.band, item.waiting_since or item.requested_at, item.id)))


async def open_for(work: Work, panel: str, *, but: str) -> tuple[Sitting, ...]:
    """Sittings to come of a panel with a place left and papers still to come, soonest first."""
    found = await sittings.between(work, first=work.now, last=work.now + LOOK_AHEAD)
    mine = [one for one in found if one.panel == panel and one.id != but and one.status in sitting_plan.OPEN]
    return tuple(one for one in mine if one.free and one.papers_due_at > work.now)


def shared_out(
    leaving: Sequence[items.Item], there: Sequence[Sitting]
) -> tuple[tuple[items.Item, Sitting | None], ...]:
    """Where each item that loses its slot goes."""
    return sitting_plan.share_out(leaving, there, hears=lambda sitting, item: sitting.hears(item.panel))


async def place_again(
    work: Work, rules: Rules, sitting: Sitting, leaving: Sequence[items.Item], *, by: str
) -> dict[str, str | None]:
    """Take items off `sitting` and give each the next place there is; item id -> the sitting it went to, or None.

    Every place is taken by the guard of the table itself, one after another: of two who want the last one one gets it.
    """
    went: dict[str, str | None] = {}
    for item in leaving:
        await sittings.empty_slot(work, item_id=item.id)
        await timers.cancel(work, kind=Kind.PRESENTER_REMINDER.value, subject_id=item.id)
        went[item.id] = await place(work, rules, item, but=sitting.id, by=by)
    return went


async def place(work: Work, rules: Rules, item: items.Item, *, but: str, by: str) -> str | None:
    """Give one item without a slot the next place there is; the sitting's id, None where it waits."""
    for there in await open_for(work, _sits(rules.book, item.panel), but=but):
        if there.hears(item.panel) and await sittings.take_place(work, there.id):
            await items.change(work, item, state=items.BOOKED, by=by)
            await sittings.fill_slot(work, sitting_id=there.id, item_id=item.id)
            await remind(work, rules.book, item.id, there)
            return there.id
    await items.change(work, item, state=items.WAITING, by=by)
    return None


async def promote(work: Work, rules: Rules, sitting: Sitting, *, by: str) -> tuple[items.Item, ...]:
    """Give a freed place of a sitting to whoever waits for it, first in line first, while papers can still come."""
    if sitting.status not in sitting_plan.OPEN or sitting.papers_due_at <= work.now:
        return ()
    placed: list[items.Item] = []
    for item in await items.waiting(work, panels=[sitting.panel, *sitting.incorporates]):
        if not await sittings.take_place(work, sitting.id):
            break
        changed = await items.change(work, item, state=items.BOOKED, by=by)
        assert changed is not None
        await sittings.fill_slot(work, sitting_id=sitting.id, item_id=item.id)
        await remind(work, rules.book, item.id, sitting)
        placed.append(changed)
    return tuple(placed)


async def remind(work: Work, book: Rulebook, item_id: str, sitting: Sitting) -> None:
    """Set the presenter's reminder for where the item now sits; an earlier one is cancelled."""
    await timers.cancel(work, kind=Kind.PRESENTER_REMINDER.value, subject_id=item_id)
    due_at = reminder_at(book, sitting)
    if due_at > work.now:
        await timers.set_(work, [(Kind.PRESENTER_REMINDER.value, item_id, due_at)])


async def remind_chair(work: Work, book: Rulebook, sitting: Sitting) -> None:
    """Set when the agenda goes out; one whose moment has passed goes out now, one that went out stays so."""
    await timers.cancel(work, kind=Kind.AGENDA.value, subject_id=sitting.id)
    if sitting.status in sitting_plan.OPEN and sitting.agenda_sent_at is None:
        due_at = max(agenda_at(book, sitting), work.now)
        await timers.set_(work, [(Kind.AGENDA.value, sitting.id, due_at)])


def _sits(book: Rulebook, panel: str) -> str:
    """The panel whose sittings hear `panel`."""
    return book.panel(panel).incorporated_in or panel
