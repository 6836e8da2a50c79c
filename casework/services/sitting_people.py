"""Whom a sitting concerns."""

from __future__ import annotations

from casework.db import items, people
from casework.db.uow import Work
from casework.domain.booking import Sitting
from casework.domain.people import Role
from casework.services.context import today


async def concerned(work: Work, sitting: Sitting) -> frozenset[str]:
    """The ids of its panel's chair and members, the coordinators, and those whose items it hears."""
    panel = await people.holding(work, [Role.CH, Role.MEM], today=today(work))
    office = await people.holding(work, [Role.CO], today=today(work))
    rows = [item for _, item in await items.on_sitting(work, sitting.id)]
    return frozenset(
        [
            *(person.id for person in panel if person.sits_on(sitting.panel)),
            *(person.id for person in office),
            *(id for item in rows for id in (item.requester_id, item.presenter_id)),
        ]
    )
