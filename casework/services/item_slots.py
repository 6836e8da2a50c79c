"""Giving an item a slot and taking it away: every way into "booked" goes through the same guard of the table."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from casework.db import items, sittings, slots, timers
from casework.db.uow import Work
from casework.domain import booking, clocks, london, sitting_plan
from casework.domain.booking import Sitting
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, Refusal
from casework.domain.rulebook import Rulebook
from casework.services.context import Rules

LOOK_AHEAD = timedelta(days=120)


async def give(work: Work, rules: Rules, item: items.Item, sitting: Sitting, *, by: str | None) -> items.Item | None:
    """Put an item that has no slot into a sitting; None where it has no place left. Its reminders are set.

    Raises Refusal STALE_CARD where somebody changed the item meanwhile.
    """
    for lane in sitting.lanes_for(item.panel, is_urgent=item.is_urgent or item.carries_over):
        if await slots.take_place(work, sitting.id, lane=lane, minutes=item.minutes):
            return await seat(work, rules, item, sitting, lane=lane, minutes=item.minutes, by=by)
    return None


async def seat(
    work: Work,
    rules: Rules,
    item: items.Item,
    sitting: Sitting,
    *,
    lane: booking.Lane,
    minutes: int,
    by: str | None,
) -> items.Item:
    """Put an item into a place that was taken for it already."""
    changed = await items.change(work, item, state=items.BOOKED, by=by, awaiting="", late="")
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    await slots.fill_slot(work, sitting_id=sitting.id, item_id=item.id, lane=lane, minutes=minutes)
    await remind(work, rules.book, changed, sitting)
    return changed


async def take_off(work: Work, item: items.Item) -> str | None:
    """Take an item out of its slot, with its reminders; the sitting's id, None where it had none."""
    for kind in (Kind.PRESENTER_REMINDER, Kind.PAPERS_DUE):
        await timers.cancel(work, kind=kind.value, subject_id=item.id)
    return await slots.empty_slot(work, item_id=item.id)


async def place(
    work: Work, rules: Rules, item: items.Item, *, but: str, by: str | None, wanted: str | None = None
) -> tuple[items.Item, Sitting | None]:
    """Give an item the sitting it wants where it still can be, else the next with a place; where none, it waits.

    Returns the item and where it went. `but` is a sitting it does not go to.
    """
    there = await sittings.get(work, wanted) if wanted else None
    around = await open_for(work, sits(rules.book, item.panel), but=but)
    if there is not None and there.id != but and not _objections(there, item, work.now):
        around = (there, *(one for one in around if one.id != there.id))
    for sitting in around:
        if sitting.hears(item.panel):
            booked = await give(work, rules, item, sitting, by=by)
            if booked is not None:
                return booked, sitting
    waits = await items.change(work, item, state=items.WAITING, by=by, awaiting="")
    if waits is None:
        raise Refusal(Code.STALE_CARD)
    return waits, None


async def open_for(work: Work, panel: str, *, but: str) -> tuple[Sitting, ...]:
    """Sittings to come of a panel with a place left and papers still to come, soonest first."""
    found = await sittings.between(work, first=work.now, last=work.now + LOOK_AHEAD)
    mine = [one for one in found if one.panel == panel and one.id != but and one.status in sitting_plan.OPEN]
    return tuple(one for one in mine if one.taken < one.slots and one.papers_due_at > work.now)


async def sitting_of(work: Work, item_id: str) -> Sitting | None:
    """The sitting an item is on."""
    slot = await slots.slot_of(work, item_id)
    return await sittings.get(work, slot[0]) if slot else None


async def remind(work: Work, book: Rulebook, item: items.Item, sitting: Sitting) -> None:
    """Set the presenter's reminder and those of the papers for where the item now sits; earlier ones are cancelled."""
    for kind in (Kind.PRESENTER_REMINDER, Kind.PAPERS_DUE):
        await timers.cancel(work, kind=kind.value, subject_id=item.id)
    rule = book.delivery.presenter_reminder
    wanted = [(Kind.PRESENTER_REMINDER.value, item.id, _before(book, sitting.starts_at, rule.days_before, rule.at))]
    at = book.panel_work.paper_reminder_at
    wanted += [
        (Kind.PAPERS_DUE.value, item.id, _before(book, sitting.papers_due_at, days, at))
        for days in (*book.panel_work.paper_reminder_days, 0)
    ]
    await timers.set_(work, [one for one in wanted if one[2] > work.now])


def sits(book: Rulebook, panel: str) -> str:
    """The panel whose sittings hear `panel`."""
    return book.panel(panel).incorporated_in or panel


def _objections(sitting: Sitting, item: items.Item, now: datetime) -> tuple[Code, ...]:
    return booking.objections(
        sitting, panel=item.panel, now=now, may_book_late=False, is_urgent=item.is_urgent, minutes=item.minutes
    )


def _before(book: Rulebook, instant: datetime, days: int, at: time) -> datetime:
    day = clocks.operating_days_before(london.local_date(instant), days, book.calendar)
    return clocks.local_instant(day, at).astimezone(UTC)
