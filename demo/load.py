"""The fictional council: its people and cases from files, and a few weeks of bookings made the way people make them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from casework.db import items
from casework.domain import london
from casework.domain.errors import Refusal
from casework.domain.people import Person
from casework.services import approvers, booking, conversations, covers, directory, forms, item_acts, sittings, trackers
from casework.services.context import Context
from demo import windows

COUNCIL = Path(__file__).parent / "council"
TENANT = windows.TENANT_ID
SAM = "a0000000-0000-4000-8000-000000000001"
JO = "a0000000-0000-4000-8000-000000000011"
PRIYA = "a0000000-0000-4000-8000-000000000005"
ROTA = timedelta(days=14)
DEPUTY_FOR = timedelta(days=90)
# the trackers file is written for this Monday
WRITTEN_FOR = date(2026, 11, 30)
ISO = re.compile(r"(?<=,)\d{4}-\d{2}-\d{2}(?=,)")
DEPUTY, DUTY = "deputy", "DUTY"
MAREK = "a0000000-0000-4000-8000-000000000009"

# who books, which child, which panel, at which of its next sittings; the request type is the panel's first
BOOKINGS = (
    (SAM, "CD", "100102", "ARP", 0),
    (SAM, "EF", "100103", "LGP", 0),
    (SAM, "CD", "100102", "LGP", 1),
    (SAM, "EF", "100103", "PLO", 1),
    (MAREK, "GH", "100201", "ARP", 0),
    (MAREK, "JK", "100202", "PLO", 0),
    (MAREK, "GH", "100201", "LGP", 0),
    (MAREK, "JK", "100202", "CARE", 0),
    (MAREK, "JK", "100202", "ARP", 2),
    (JO, "LM", "100301", "PERM", 0),
    (JO, "NP", "100302", "PERM", 0),
    (JO, "QR", "100303", "HP", 0),
    (JO, "ST", "100304", "ARP", 1),
    (JO, "ST", "100304", "PERM", 1),
    (JO, "VW", "100305", "BCBV", 0),
    (JO, "VW", "100305", "ARP", 1),
)


async def load(context: Context) -> int:
    """Fill an empty database; returns how many items were booked."""
    for name, take in (
        ("people.csv", directory.import_people),
        ("cases.csv", directory.import_cases),
        ("tracker.csv", trackers.import_families),
    ):
        text = (COUNCIL / name).read_text(encoding="utf-8")
        if take is trackers.import_families:
            text = as_of(text, london.local_date(context.database.clock.now()))
        await take(context, text, tenant_id=TENANT)
    await _arrange(context)
    booked = 0
    for entra_object_id, initials, case_id, panel, nth in BOOKINGS:
        person = await _person(context, entra_object_id)
        booked += await _book(context, person, initials=initials, case_id=case_id, panel=panel, nth=nth)
    return booked


def as_of(text: str, today: date) -> str:
    """The trackers file with every date as far from `today` as it stands in the file from its own Monday."""
    later = today - WRITTEN_FOR
    return ISO.sub(lambda found: (date.fromisoformat(found[0]) + later).isoformat(), text)


async def _arrange(context: Context) -> None:
    """Who stands in and who is on call: a deputy for Tara Whitfield, a service manager and a duty head."""
    priya = await _person(context, PRIYA)
    now = context.database.clock.now()
    first = london.local_date(now)
    await covers.arrange(
        context,
        person=priya,
        absent="Tara Whitfield",
        cover="Ruth Ainsley",
        kind=DEPUTY,
        starts_on=first,
        ends_on=first + DEPUTY_FOR,
    )
    for name, tier in (("Grace Nakamura", "SM"), ("Helen Strand", DUTY)):
        await covers.put_on_call(context, person=priya, name=name, tier=tier, starts_at=now, ends_at=now + ROTA)


async def _person(context: Context, entra_object_id: str) -> Person:
    arrival = await conversations.arrive(
        context,
        tenant_id=TENANT,
        entra_object_id=entra_object_id,
        conversation_id="",
        activity_id=None,
        address=None,
    )
    assert arrival.person is not None
    return arrival.person


async def _book(context: Context, person: Person, *, initials: str, case_id: str, panel: str, nth: int) -> int:
    async with context.database.reading() as work:
        request_type = (await context.rules(work)).book.panel(panel).request_types[0].code
    open_sittings = [offer for offer in await sittings.offers(context, person=person, panel=panel) if offer.is_open]
    if len(open_sittings) <= nth:
        return 0
    fields = {
        "initials": initials,
        "case_id": case_id,
        "panel": panel,
        "request_type": request_type,
        "sitting": open_sittings[nth].sitting_id,
    }
    draft = await forms.begin(context, person=person, flow=booking.FLOW, step="sitting", fields=fields)
    try:
        asked = await booking.book(context, person=person, draft_id=draft.id)
        await _approve(context, asked.card.item_id)
    except Refusal:
        return 0
    return 1


async def _approve(context: Context, item_id: str) -> None:
    """Those whose turn it is say yes, one after another, until it has its slot."""
    while True:
        async with context.database.reading() as work:
            item = await items.get(work, item_id)
            asked = await approvers.of(work, item) if item and item.state == items.AWAITING else ()
        if item is None or not asked:
            return
        await item_acts.perform(
            context, person=asked[0], item_id=item_id, code="approve", nonce=None, version=item.version, values={}
        )
