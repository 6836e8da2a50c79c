"""Fan-out and contention: the drain beside bare POSTs of ready JSON, and many who want the last slots at once."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from bench.servers import PEOPLE, PEOPLE_COUNT, TENANT, entra_object_id
from bot import app as usher
from bot import observability
from bot.config import Settings
from casework import ports
from casework.db import deliveries
from casework.domain.deliveries import Kind
from casework.domain.errors import CaseworkError
from casework.domain.people import Person
from casework.services import booking, conversations, directory, forms, sittings

PORT = 4180
WIDTH = 4
DELAYS = (0.0, 0.05)


async def main() -> None:
    """Print cards a second of both ways, and bookings a second under contention."""
    observability.configure("CRITICAL")
    print(f"{'connector':>10}{'bare POSTs/s':>14}{'drain/s':>10}   ratio")
    for delay in DELAYS:
        async with _connector(delay), _council() as parts:
            bare = await _bare(PEOPLE_COUNT)
            drained = await _drained(parts)
            print(f"{delay * 1000:7.0f} ms{bare:14.0f}{drained:10.0f}   1/{bare / drained:.1f}")
    async with _council() as parts:
        tried, won, seconds = await _race(parts)
        print(f"{tried} attempts at the slots of one sitting: {won} booked, {tried / seconds:.0f} attempts/s")


@asynccontextmanager
async def _connector(delay: float) -> AsyncIterator[None]:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        await asyncio.sleep(delay)
        return web.json_response({"id": "1"}, status=201)

    site = web.Application()
    site.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", PORT).start()
    yield
    await runner.cleanup()


@asynccontextmanager
async def _council() -> AsyncIterator[usher.Parts]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'usher.sqlite3'}"
        settings = Settings.from_env({"USHER_ENV": "development", "USHER_DATABASE_URL": url})
        async with usher.assemble(settings) as parts:
            await directory.import_people(parts.context, PEOPLE, tenant_id=TENANT)
            yield parts


async def _person(parts: usher.Parts, number: int) -> Person:
    address = ports.Address(
        tenant_id=TENANT,
        entra_object_id=entra_object_id(number),
        conversation_id=f"a:{number}",
        service_url=f"http://127.0.0.1:{PORT}/",
        bot_id="28:usher",
        member_id=f"29:{number}",
    )
    arrival = await conversations.arrive(
        parts.context,
        tenant_id=TENANT,
        entra_object_id=entra_object_id(number),
        conversation_id=f"a:{number}",
        activity_id=None,
        address=address,
    )
    assert arrival.person is not None
    return arrival.person


async def _bare(count: int) -> float:
    waiting = iter(range(count))
    begun = time.perf_counter()

    async def one(session: aiohttp.ClientSession) -> None:
        for number in waiting:
            url = f"http://127.0.0.1:{PORT}/v3/conversations/a:{number}/activities"
            async with session.post(url, json={"type": "message", "text": "ready"}) as answer:
                await answer.read()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(one(session) for _ in range(WIDTH)))
    return count / (time.perf_counter() - begun)


async def _drained(parts: usher.Parts) -> float:
    """One item, a reminder of it to each of many people: claim, check, draw, send and mark, all of it."""
    people = [await _person(parts, number) for number in range(PEOPLE_COUNT)]
    item_ids = [await _book(parts, person, number) for number, person in enumerate(people[:1])]
    async with parts.context.database.writing() as work:
        await deliveries.add(
            work,
            [
                deliveries.Wanted(
                    dedupe_key=f"bench:{number}",
                    kind=Kind.ITEM_CHANGED,
                    subject_id=item_ids[0],
                    person_id=person.id,
                    priority=5,
                    due_at=work.now,
                )
                for number, person in enumerate(people)
            ],
        )
    begun = time.perf_counter()
    while await parts.drain.once():
        pass
    return PEOPLE_COUNT / (time.perf_counter() - begun)


async def _book(parts: usher.Parts, person: Person, number: int, sitting_id: str = "") -> str:
    if not sitting_id:
        offers = await sittings.offers(parts.context, person=person, panel="LGP")
        sitting_id = next(offer.sitting_id for offer in offers if offer.is_open)
    fields = {
        "initials": "AB",
        "case_id": f"{200000 + number}",
        "panel": "LGP",
        "request_type": "ADVICE",
        "sitting": sitting_id,
    }
    draft = await forms.begin(parts.context, person=person, flow=booking.FLOW, step="sitting", fields=fields)
    return (await booking.book(parts.context, person=person, draft_id=draft.id)).item_id


async def _race(parts: usher.Parts) -> tuple[int, int, float]:
    people = [await _person(parts, number) for number in range(PEOPLE_COUNT)]
    offers = await sittings.offers(parts.context, person=people[0], panel="LGP")
    wanted = next(offer.sitting_id for offer in offers if offer.is_open)
    begun = time.perf_counter()

    async def one(number: int, person: Person) -> bool:
        try:
            await _book(parts, person, number, wanted)
        except CaseworkError:
            return False
        return True

    won = await asyncio.gather(*(one(number, person) for number, person in enumerate(people)))
    return len(won), sum(won), time.perf_counter() - begun


if __name__ == "__main__":
    asyncio.run(main())
