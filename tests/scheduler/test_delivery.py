"""The drain: a handful at a time, one poison row stops nobody, a stop gives back what was not begun."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from casework import ports
from casework.db import deliveries, delivery_queue
from casework.db.uow import Database, Work
from casework.domain.deliveries import Kind, State
from casework.domain.people import Person
from casework.rulebook import reader
from casework.services import booking, conversations, directory, forms, outbox, outbox_views, rulebook, sittings
from casework.services.context import Context
from casework.services.dropped import Dropped
from scheduler.delivery import Drain
from scheduler.pace import Pace
from tests.fakes import FakeMessenger, FixedClock

HEAD = "entra_object_id,name,work_phone,role,team,service,panel,starts_on,ends_on\n"
COUNT = 10


def entra_id(number: int) -> str:
    return f"a0000000-0000-4000-8000-{number:012d}"


@pytest.fixture
async def context(database: Database) -> Context:
    """Ten coordinators with chats, one booked item."""
    made = Context(database)
    await rulebook.ensure(made, reader.read(None))
    rows = "".join(f"{entra_id(n)},Person {n},,CO,,,,,\n" for n in range(COUNT))
    await directory.import_people(made, HEAD + rows, tenant_id="t")
    return made


async def person_ids(context: Context) -> list[str]:
    found = []
    for number in range(COUNT):
        address = ports.Address(
            tenant_id="t",
            entra_object_id=entra_id(number),
            conversation_id=f"chat-{number}",
            service_url="http://localhost/",
            bot_id="28:bot",
            member_id=f"29:{number}",
        )
        arrival = await conversations.arrive(
            context,
            tenant_id="t",
            entra_object_id=entra_id(number),
            conversation_id=f"chat-{number}",
            activity_id=None,
            address=address,
        )
        assert arrival.person is not None
        found.append(arrival.person)
    offers = await sittings.offers(context, person=found[0], panel="PLO")
    fields = {
        "initials": "AB",
        "case_id": "123456",
        "panel": "PLO",
        "request_type": "REVIEW",
        "sitting": next(offer.sitting_id for offer in offers if offer.is_open),
    }
    draft = await forms.begin(context, person=found[0], flow=booking.FLOW, step="sitting", fields=fields)
    item = await booking.book(context, person=found[0], draft_id=draft.id)
    async with context.database.writing() as work:
        await deliveries.add(
            work,
            [
                deliveries.Wanted(
                    dedupe_key=f"test:{person.id}",
                    kind=Kind.ITEM_CHANGED,
                    subject_id=item.card.item_id,
                    person_id=person.id,
                    priority=5,
                    due_at=work.now,
                )
                for person in found
            ],
        )
    return [person.id for person in found]


async def states(context: Context) -> dict[str, int]:
    async with context.database.reading() as work:
        return await deliveries.counts(work)


async def test_drain_sends_a_handful_at_a_time_to_each_person_s_own_chat(context: Context) -> None:
    await person_ids(context)
    messenger = FakeMessenger()
    drain = Drain(context, messenger, width=4)

    handfuls = []
    while claimed := await drain.once():
        handfuls.append(claimed)

    assert handfuls == [4, 4, 2]
    assert sorted(address.conversation_id for address, _ in messenger.sent) == [f"chat-{n}" for n in range(COUNT)]
    assert await states(context) == {"accepted": COUNT}


async def test_one_row_that_can_t_be_drawn_is_parked_and_its_neighbours_go_on(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await person_ids(context)
    real = outbox_views.VIEWERS[Kind.ITEM_CHANGED]

    async def poisoned(
        context: Context, work: Work, delivery: deliveries.Delivery, reader: Person
    ) -> outbox_views.View | Dropped:
        if reader.id == ids[3]:
            raise RuntimeError("poison")
        return await real(context, work, delivery, reader)

    monkeypatch.setitem(outbox_views.VIEWERS, Kind.ITEM_CHANGED, poisoned)
    drain = Drain(context, FakeMessenger())

    while await drain.once():
        pass

    # each of the ten coordinators is told of the one that was parked
    assert await states(context) == {"accepted": COUNT - 1 + COUNT, "refused": 1}


async def test_a_stop_gives_back_what_was_claimed_and_not_begun(context: Context) -> None:
    await person_ids(context)
    messenger = FakeMessenger()
    drain = Drain(context, messenger)
    drain.stop()

    assert await drain.once() == 0
    assert messenger.sent == []
    assert await states(context) == {"waiting": COUNT}


async def test_a_late_mark_is_refused_by_its_fence(context: Context) -> None:
    await person_ids(context)
    [held, *_] = await outbox.claim(context, limit=1)
    async with context.database.writing() as work:
        await delivery_queue.release_unstarted(work, [held])
    [again] = [row for row in await outbox.claim(context, limit=COUNT) if row.id == held.id]

    late = await outbox.settle(context, held, ports.Accepted("late"))
    fresh = await outbox.settle(context, again, ports.Accepted("fresh"))

    assert (late, fresh) == (None, State.ACCEPTED)


@dataclass
class Slow(FakeMessenger):
    """One chat doesn't answer until it is let go."""

    stuck: str = "chat-0"
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, address: ports.Address, message: ports.Message) -> ports.Outcome:
        if address.conversation_id == self.stuck:
            await self.let_go.wait()
        return await super().send(address, message)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.01)


async def test_a_chat_that_does_not_answer_holds_up_nobody_and_what_comes_meanwhile_goes_at_once(
    context: Context,
) -> None:
    ids = await person_ids(context)
    messenger = Slow()
    drain = Drain(context, messenger, pace=Pace(per_second=1000))
    running = asyncio.create_task(drain.run())
    await until(lambda: len(messenger.sent) == COUNT - 1)

    async with context.database.writing() as work:
        [item] = {row.subject_id for row in await deliveries.in_state(work, [State.ACCEPTED], limit=99)}
        await deliveries.add(work, [wanted(work, item, ids[1], "level one", priority=0)])
    drain.wake()
    await until(lambda: len(messenger.sent) == COUNT)
    last = messenger.sent[-1][0].conversation_id
    messenger.let_go.set()
    drain.stop()
    await running

    assert last == "chat-1"
    assert await states(context) == {"accepted": COUNT + 1}


async def test_a_drain_that_stops_while_cards_wait_for_their_turn_gives_them_back(context: Context) -> None:
    """D03."""
    await person_ids(context)
    messenger = FakeMessenger()
    drain = Drain(context, messenger, pace=Pace(per_second=2))
    running = asyncio.create_task(drain.run())
    await until(lambda: len(messenger.sent) >= 1)

    drain.stop()
    await asyncio.wait_for(running, 10)

    counts = await states(context)
    assert counts["accepted"] == len(messenger.sent) < COUNT
    assert counts == {"accepted": len(messenger.sent), "waiting": COUNT - len(messenger.sent)}


@pytest.mark.parametrize(("code", "same_subject", "goes"), [
    ("throttled", False, []),
    ("unreachable", True, []),
    ("unreachable", False, ["second"]),
])  # fmt: skip
async def test_what_waits_for_another_try_holds_back_its_own_subject_and_a_throttled_chat(
    context: Context, clock: FixedClock, code: str, same_subject: bool, goes: list[str]
) -> None:
    """Order is kept for each subject, and all of a chat waits when Teams asked to be left alone."""
    ids = await person_ids(context)
    async with context.database.writing() as work:
        await work.connection.execute(delete(deliveries.deliveries))
        await deliveries.add(work, [wanted(work, "x" * 32, ids[0], "first")])
    [first] = await outbox.claim(context, limit=1)
    async with context.database.writing() as work:
        assert await delivery_queue.begin_attempt(work, first, lease=outbox.LEASE)
    await outbox.settle(context, replace(first, attempts=1), ports.Refused(code=code, retry_after=60))
    clock.forward(timedelta(seconds=1))
    async with context.database.writing() as work:
        await deliveries.add(work, [wanted(work, ("x" if same_subject else "y") * 32, ids[0], "second")])

    claimed = await outbox.claim(context, limit=5)

    assert [row.dedupe_key for row in claimed] == goes


def wanted(work: Work, subject_id: str, person_id: str, key: str, *, priority: int = 5) -> deliveries.Wanted:
    return deliveries.Wanted(
        dedupe_key=key,
        kind=Kind.ITEM_CHANGED,
        subject_id=subject_id,
        person_id=person_id,
        priority=priority,
        due_at=work.now,
    )
