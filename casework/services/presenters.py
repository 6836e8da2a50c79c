"""What stands in a presenter's way on the day: leave, or another item before another panel at the same time."""

from __future__ import annotations

from datetime import timedelta

from casework.db import covers, items, people, sittings, slots
from casework.db.uow import Work
from casework.domain import london, sitting_plan
from casework.domain.booking import Sitting
from casework.services import item_cards
from casework.services.context import Rules, today


async def warnings(work: Work, rules: Rules, item: items.Item) -> tuple[str, ...]:
    """In words, why whoever presents an item may not be there; nothing where nothing is known to be in the way.

    A warning forbids nothing: the item can be given another presenter.
    """
    slot = await slots.slot_of(work, item.id)
    sitting = await sittings.get(work, slot[0]) if slot else None
    if sitting is None or item.state != items.BOOKED or sitting.closed_at is not None:
        return ()
    known = (await people.by_ids(work, [item.presenter_id], today=today(work))).get(item.presenter_id)
    name = known.name if known else "The presenter"
    found = []
    on = london.local_date(sitting.starts_at)
    if any(one.person_id == item.presenter_id for one in await covers.live(work, on=on, kind=covers.LEAVE)):
        found.append(f"{name} is on leave that day: name somebody else.")
    for other in await _elsewhere(work, item.presenter_id, sitting):
        panel = item_cards.panel_name(rules.book, other.panel)
        found.append(f"{name} presents to the {panel} at the same time.")
    return tuple(dict.fromkeys(found))


async def _elsewhere(work: Work, person_id: str, sitting: Sitting) -> tuple[Sitting, ...]:
    """Other sittings at the same time at which somebody presents."""
    length = int((sitting.ends_at - sitting.starts_at).total_seconds() // 60)
    day = timedelta(hours=12)
    around = await sittings.between(work, first=sitting.starts_at - day, last=sitting.ends_at + day)
    others = [one for one in around if one.id != sitting.id and one.status in sitting_plan.OPEN]
    found = []
    for other in sitting_plan.clashes(sitting.starts_at, length, others):
        if any(item.presenter_id == person_id for _, item in await items.on_sitting(work, other.id)):
            found.append(other)
    return tuple(found)
