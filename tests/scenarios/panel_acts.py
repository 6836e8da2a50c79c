"""People at work on panel items and sittings through the buttons of their cards."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from casework.db import items, sittings
from casework.domain.booking import Sitting
from tests.scenarios import reading
from tests.scenarios.council import Council
from tests.teams_service.chats import Shown

PAPERS = "Papers"
ALL_PAPERS = {
    "LGP": "FORM,CHRON,ASSESS,CP,PLAN,GENO,FGC,PRIOR,VIEWS,PROPOSED",
    "ARP": "FORM,ASSESS,CHRON,PLAN,FAMILY,TRIED,VIEWS,RISK,REFERRAL,COST,EXIT",
}
REASON = "Threshold is met and support has not worked."


async def item_of(council: Council, reference: str = "ITEM-2026-0001") -> items.Item:
    """The item as it stands in the database."""
    async with council.parts.context.database.reading() as work:
        found = await items.by_reference(work, reference)
    assert found is not None
    return found


async def every_item(council: Council) -> dict[str, items.Item]:
    """Reference -> item, of all there are."""
    async with council.parts.context.database.reading() as work:
        ids = list((await work.connection.execute(select(items.items.c.id))).scalars())
        return {item.reference: item for item in (await items.by_ids(work, ids)).values()}


async def sitting_on(council: Council, panel: str, day: str) -> Sitting:
    """A panel's sitting on a day such as "2026-12-09"."""
    start = datetime.fromisoformat(f"{day}T00:00+00:00")
    async with council.parts.context.database.reading() as work:
        found = await sittings.between(work, first=start, last=start + timedelta(days=1))
    return next(one for one in found if one.panel == panel)


async def opens(council: Council, first_name: str, reference: str = "ITEM-2026-0001") -> Shown:
    """Somebody opens an item in a new message of theirs."""
    person = council.person(first_name)
    await person.says("my items")
    item = await item_of(council, reference)
    return await person.presses(person.latest, "item.open", {"item": item.id})


async def does(
    council: Council, first_name: str, title: str, reference: str = "ITEM-2026-0001", /, **inputs: str
) -> Shown:
    """Somebody does one thing to an item by the button of this title, and everything that follows is sent."""
    person = council.person(first_name)
    shown = await person.clicks(await opens(council, first_name, reference), title)
    if reading.title(shown) == title:
        shown = await person.clicks(shown, "item.do", inputs)
    await council.send_all()
    return shown


async def runs(council: Council, first_name: str, panel: str, day: str, *here: str) -> Shown:
    """The chair opens the sitting on its day, and says who is here (first names)."""
    person = council.person(first_name)
    sitting = await sitting_on(council, panel, day)
    await council.at(sitting.starts_at)
    await person.says("help")
    shown = await person.presses(person.latest, "sitting.run", {"sitting": sitting.id})
    shown = await person.clicks(shown, "Start the sitting")
    form = await person.clicks(shown, "Who is here")
    ids = ",".join([await council.id_of(name) for name in here])
    return await person.clicks(form, "Save", {"present": ids, "apologies": ""})


async def closes(council: Council, first_name: str, panel: str, day: str) -> Shown:
    """The chair closes the sitting and everything that follows is sent."""
    person = council.person(first_name)
    sitting = await sitting_on(council, panel, day)
    await person.says("help")
    shown = await person.presses(person.latest, "sitting.run", {"sitting": sitting.id})
    shown = await person.clicks(shown, "Close the sitting")
    await council.send_all()
    return shown


async def fills(council: Council, panel: str, day: str, *cases: str, by: str = "neil", **inputs: str) -> list[str]:
    """Book these case ids onto a sitting by somebody who needs nobody's approval; their references."""
    sitting = await sitting_on(council, panel, day)
    found = []
    for case_id in cases:
        shown = await council.books(by, f"AB {case_id} onto {panel}", **{"sitting": sitting.id, **inputs})
        found.append(reading.facts(shown)["Reference"])
    return found


async def approves(council: Council, first_name: str, reference: str = "") -> Shown:
    """Somebody says yes to the newest item that waits for it, or to the one named."""
    found = await every_item(council)
    waiting = [item for item in found.values() if item.state == items.AWAITING]
    item = found[reference] if reference else waiting[-1]
    return await council.presses(first_name, "item.do", {"item": item.id, "act": "approve", "version": item.version})
