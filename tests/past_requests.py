"""Past requests in a database, for tests that count them: one person and one case behind them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.db import cases, items, people
from casework.db.base import new_id
from casework.db.items import Item
from casework.db.uow import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One request as it stands now."""

    at: datetime
    panel: str = "LGP"
    band: int = 5
    state: str = items.WAITING
    minutes: int = 0


async def write(database: Database, requests: Sequence[Past]) -> list[str]:
    """Write the requests; their item ids in the order given."""
    ids = [new_id() for _ in requests]
    async with database.writing() as work:
        person_id = await people.save(
            work, tenant_id="tenant", entra_object_id="sam", name="Sam", work_phone="01632 960000", held=()
        )
        case = await cases.find_or_create(
            work, case_id="100101", initials="AB", team="North team", service="Assessment and court"
        )
        for number, (id, past) in enumerate(zip(ids, requests, strict=True), start=1):
            item = Item(
                id=id,
                reference=f"ITEM-{past.at.year}-{number:04d}",
                case_ref=case.id,
                panel=past.panel,
                request_type="OTHER",
                requester_id=person_id,
                presenter_id=person_id,
                state=past.state,
                initials="AB",
                requested_at=past.at,
                changed_by_id=None,
                version=1,
                band=past.band,
                minutes=past.minutes,
            )
            await items.create(work, item, nonce=id)
    return ids
