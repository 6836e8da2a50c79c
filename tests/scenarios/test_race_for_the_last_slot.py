"""200 people want the last slot at once: exactly one gets it; and with the guard off the same race overbooks."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import func, select, text, update

from casework.db import drafts, items, sittings, slots
from casework.db.uow import Database, Work
from casework.domain.booking import Sitting
from casework.domain.errors import Refusal
from casework.domain.people import Person
from casework.rulebook import reader
from casework.services import booking, conversations, directory, rulebook
from casework.services import sittings as sitting_services
from casework.services.context import Context
from tests.scenarios import reading
from tests.scenarios.council import CASES, MONDAY_AFTERNOON, PEOPLE, first_of, open_council
from tests.teams_service.chats import Shown
from tests.teams_service.service import TENANT_ID

ATTEMPTS = 200
# enough to show that each of them gets in
FEW = 40
CLICKS = ATTEMPTS if os.environ.get("USHER_LONG") == "1" else 40
A_DAY = timedelta(days=1)
NEIL = "a0000000-0000-4000-8000-000000000004"
# they need nobody's approval for a case typed for the first time, which counts as their own service's
REQUESTERS = ("chloe", "neil", "grace", "helen", "priya")

_seen: ContextVar[Sitting] = ContextVar("_seen")


@pytest.fixture
async def context(database: Database) -> Context:
    """The council in a database of either engine."""
    made = Context(database)
    await rulebook.ensure(made, reader.read(None))
    await directory.import_people(made, PEOPLE, tenant_id=TENANT_ID)
    await directory.import_cases(made, CASES, tenant_id=TENANT_ID)
    return made


async def test_one_of_200_attempts_at_the_last_slot_wins(context: Context) -> None:
    sitting_id, draft_ids, sam = await _with_one_slot_left(context)

    ends = Counter(await _race(context, sitting_id, draft_ids, sam))

    assert ends == {"booked": 1, "sitting_full": ATTEMPTS - 1}
    assert await _counted(context, sitting_id) == ("full", "full", "full")


async def test_the_same_race_overbooks_with_the_guard_off(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    sitting_id, draft_ids, sam = await _with_one_slot_left(context, attempts=FEW)
    await _drop_the_last_defences(context)
    monkeypatch.setattr(sittings, "get", _as_seen_before(sittings.get))
    monkeypatch.setattr(slots, "take_place", _take_place_unguarded)

    ends = Counter(await _race(context, sitting_id, draft_ids, sam))

    assert ends == {"booked": FEW}
    assert await _counted(context, sitting_id) == ("over", "over", "over")


async def test_of_all_who_click_book_at_once_one_gets_the_item_and_the_others_another_offer(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        form = await council.begins_booking("sam", "AB 100101 onto legal gateway")
        sitting, free = next(iter(reading.free_slots(form).items()))
        for number in range(free - 1):
            await council.books("marek", f"XY {700100 + number} onto legal gateway", sitting=sitting)
        open_forms = []
        for number in range(CLICKS):
            name = REQUESTERS[number % len(REQUESTERS)]
            shown = await council.begins_booking(name, f"XY {800100 + number} onto legal gateway")
            open_forms.append((council.person(name), shown))

        answers = await asyncio.gather(
            *(
                person.clicks(shown, "item.book", first_of(shown, "request_type") | {"sitting": sitting})
                for person, shown in open_forms
            )
        )

        ends = Counter(_end_of(shown) for shown in answers)
        others = {
            next(iter(reading.choices(shown, "sitting")), None) for shown in answers if _end_of(shown) != "booked"
        }
        assert ends == {"booked": 1, "taken, another offered": CLICKS - 1}
        assert others == {list(reading.choices(form, "sitting"))[1]}
        assert await _counted(council.parts.context, sitting) == ("full", "full", "full")


def _end_of(shown: Shown) -> str:
    if reading.title(shown).startswith("Booked: ITEM-"):
        return "booked"
    told = "The last slot of that sitting has just been taken. Choose another below." in shown.words
    return "taken, another offered" if told and reading.choices(shown, "sitting") else shown.words


async def _with_one_slot_left(context: Context, *, attempts: int = ATTEMPTS) -> tuple[str, list[str], Person]:
    """(the sitting, a draft for each attempt, who tries): every other slot of the sitting is booked."""
    arrival = await conversations.arrive(
        context, tenant_id=TENANT_ID, entra_object_id=NEIL, conversation_id="", activity_id=None, address=None
    )
    sam = cast(Person, arrival.person)
    offer = next(offer for offer in await sitting_services.offers(context, person=sam, panel="LGP") if offer.is_open)
    taken = await _drafts(context, sam, offer.sitting_id, range(700100, 700100 + offer.free - 1))
    for draft_id in taken:
        await booking.book(context, person=sam, draft_id=draft_id)
    return offer.sitting_id, await _drafts(context, sam, offer.sitting_id, range(800100, 800100 + attempts)), sam


async def _drafts(context: Context, person: Person, sitting_id: str, case_ids: range) -> list[str]:
    """A filled-in form for each case, one click short of booked."""
    async with context.database.writing() as work:
        kind = (await context.rules(work)).book.panel("LGP").request_types[0].code
        made = []
        for case_id in case_ids:
            fields = {
                "initials": "XY",
                "case_id": str(case_id),
                "panel": "LGP",
                "request_type": kind,
                "sitting": sitting_id,
            }
            draft = await drafts.create(
                work, person_id=person.id, flow=booking.FLOW, step="sitting", fields=fields, lifetime=A_DAY
            )
            made.append(draft.id)
        return made


async def _race(context: Context, sitting_id: str, draft_ids: list[str], person: Person) -> list[str]:
    """All at once: everybody sees one free slot on the form, then everybody clicks; how each attempt ended."""
    everybody_has_seen_it = asyncio.Barrier(len(draft_ids))

    async def attempt(draft_id: str) -> str:
        async with context.database.reading() as work:
            seen = await sittings.get(work, sitting_id)
        assert seen is not None
        assert seen.free == 1
        _seen.set(seen)
        await everybody_has_seen_it.wait()
        try:
            await booking.book(context, person=person, draft_id=draft_id)
        except Refusal as refused:
            return refused.code.value
        return "booked"

    return await asyncio.gather(*(attempt(draft_id) for draft_id in draft_ids))


async def _counted(context: Context, sitting_id: str) -> tuple[str, str, str]:
    """The counter, the slots and the booked items of a sitting, each against the sitting's capacity."""
    async with context.database.reading() as work:
        row = (
            await work.connection.execute(
                select(sittings.sittings.c.capacity, sittings.sittings.c.booked).where(
                    sittings.sittings.c.id == sitting_id
                )
            )
        ).one()
        filled = await work.connection.scalar(
            select(func.count()).select_from(slots.slots).where(slots.slots.c.sitting_id == sitting_id)
        )
        heard = [item for _, item in await items.on_sitting(work, sitting_id) if item.state == items.BOOKED]

    def against(count: int) -> str:
        return "free" if count < row.capacity else "full" if count == row.capacity else "over"

    return against(row.booked), against(filled or 0), against(len(heard))


def _as_seen_before(real: Callable[[Work, str], Awaitable[Sitting | None]]) -> object:
    """The check of a booking that trusts what the form showed."""

    async def get(work: Work, sitting_id: str) -> Sitting | None:
        seen = _seen.get(None)
        return seen if seen is not None and seen.id == sitting_id else await real(work, sitting_id)

    return get


async def _take_place_unguarded(work: Work, sitting_id: str, **_: object) -> bool:
    if work.dialect_name == "sqlite":
        await work.connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    await work.connection.execute(
        update(sittings.sittings)
        .where(sittings.sittings.c.id == sitting_id)
        .values(booked=sittings.sittings.c.booked + 1)
    )
    return True


async def _drop_the_last_defences(context: Context) -> None:
    """Take away what stands behind the guard; SQLite can't drop a constraint, so its CHECKs are switched off above."""
    async with context.database.writing() as work:
        if work.dialect_name == "postgresql":
            for table, constraint in (
                ("sittings", "ck_sittings_booked_within_capacity"),
                ("slots", "uq_slots_sitting_id_place"),
            ):
                await work.connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}"))
