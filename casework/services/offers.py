"""A slot that comes free is offered to the next in line for a limited time; while it is offered nobody else has it."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.db import deliveries, item_papers, items, offers, sittings, slots, timers
from casework.db.uow import Work
from casework.domain import access, office_hours, papers, sitting_plan
from casework.domain.booking import Lane, Sitting
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person
from casework.item_views import ItemPage, OfferCard
from casework.services import agendas, item_cards, item_pages, item_slots, sitting_timers
from casework.services.context import Context, Rules, fresh
from casework.services.recorder import delivery, record

# too short to answer in: such a place stays open to whoever books it
SHORTEST = timedelta(minutes=30)


async def offer_next(work: Work, rules: Rules, sitting_id: str) -> list[deliveries.Wanted]:
    """Offer every free place of a sitting to those who wait, first in line first; the cards that tell them.

    Held slots that were released before are opened again first. Somebody who was asked about this sitting before is
    not asked again; somebody without their papers is not asked once the cut-off has passed.
    """
    sitting = await _opened(work, sitting_id)
    if sitting is None or sitting.status not in sitting_plan.OPEN or sitting.starts_at <= work.now + SHORTEST:
        return []
    asked = await offers.asked(work, sitting.id)
    told: list[deliveries.Wanted] = []
    line = await items.waiting(work, panels=[sitting.panel, *sitting.incorporates])
    for item in sorted(line, key=lambda one: one.line):
        if item.id in asked or await offers.open_of(work, item_id=item.id):
            continue
        lapses_at = await _lapses_at(work, rules, item, sitting)
        lane = await _taken(work, item, sitting) if lapses_at is not None else None
        if lapses_at is None or lane is None:
            continue
        offer = await offers.add(
            work,
            item_id=item.id,
            sitting_id=sitting.id,
            lane=lane,
            minutes=item.minutes or sitting.slot_minutes,
            lapses_at=lapses_at,
        )
        await timers.set_(work, [(offers.TIMER, offer.id, lapses_at)])
        told += [
            delivery(
                work, kind=Kind.SLOT_OFFERED, subject_id=offer.id, person_id=id, key=f"{lapses_at.timestamp()}:{id}"
            )
            for id in sorted({item.requester_id, item.presenter_id})
        ]
    return told


async def take(context: Context, *, person: Person, offer_id: str) -> ItemPage:
    """Take the slot; raises Refusal NOT_FOUND, NOT_ALLOWED or OFFER_LAPSED. A second press finds it taken."""
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        offer, item = await _answerable(work, person, offer_id)
        if offer.state == offers.TAKEN:
            return await item_pages.page(work, rules, item, reader=person)
        if offer.state != offers.OPEN or offer.lapses_at <= work.now:
            raise Refusal(Code.OFFER_LAPSED)
        sitting = await sittings.get(work, offer.sitting_id)
        assert sitting is not None
        await offers.end(work, offer.id, state=offers.TAKEN, by_id=person.id)
        await timers.cancel(work, kind=offers.TIMER, subject_id=offer.id)
        booked = await item_slots.seat(work, rules, item, sitting, lane=offer.lane, minutes=offer.minutes, by=person.id)
        because = f"{booked.id}:{booked.version}"
        others = sorted({item.requester_id, item.presenter_id} - {person.id})
        await record(
            context,
            work,
            actor_id=person.id,
            action="offer.taken",
            subject_kind="item",
            subject_id=item.id,
            facts={"panel": item.panel, "sitting": sitting.id, "offer": offer.id},
            tell=[
                *(
                    delivery(
                        work, kind=Kind.ITEM_CHANGED, subject_id=item.id, person_id=id, key=f"{booked.version}:{id}"
                    )
                    for id in others
                ),
                *await agendas.renew(work, rules, sitting, by=person.id, because=because),
            ],
        )
        return await item_pages.page(work, rules, booked, reader=person)


async def refuse(context: Context, *, person: Person, offer_id: str) -> ItemPage:
    """Not this time: the item keeps its place in the line, the slot goes to the next. Raises as `take`."""
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        offer, item = await _answerable(work, person, offer_id)
        if offer.state in (offers.TAKEN, offers.LAPSED):
            raise Refusal(Code.OFFER_LAPSED)
        if offer.state == offers.OPEN:
            await _end(context, work, rules, offer, state=offers.REFUSED, by_id=person.id)
        return await item_pages.page(work, rules, item, reader=person)


async def lapse(context: Context, work: Work, timer: timers.Timer) -> None:
    """Nobody answered in time: the next in line is asked."""
    offer = await offers.get(work, timer.subject_id)
    rules = await context.rules(work)
    if await timers.finish(work, timer.id) and offer is not None and offer.state == offers.OPEN:
        await _end(context, work, rules, offer, state=offers.LAPSED, by_id=None)


async def withdraw(work: Work, *, item_id: str = "", sitting_id: str = "") -> set[str]:
    """End the open offers of an item or a sitting and give their places back; the ids of the sittings they were of."""
    found = await offers.open_of(work, item_id=item_id, sitting_id=sitting_id)
    for offer in found:
        if await offers.end(work, offer.id, state=offers.WITHDRAWN, by_id=None):
            await timers.cancel(work, kind=offers.TIMER, subject_id=offer.id)
            await slots.give_back_place(work, offer.sitting_id, lane=offer.lane, minutes=offer.minutes)
    return {offer.sitting_id for offer in found}


async def release(context: Context, work: Work, timer: timers.Timer) -> None:
    """A held share's time has come: its slots are open to everybody, and offered to those who wait."""
    rules = await context.rules(work)
    lane: Lane = "urgent" if timer.kind == sitting_timers.RELEASE_URGENT else "share"
    sitting = await sittings.get(work, timer.subject_id)
    if not await timers.finish(work, timer.id) or sitting is None or sitting.status not in sitting_plan.OPEN:
        return
    await slots.release(work, sitting.id, lane=lane)
    await record(
        context,
        work,
        actor_id=None,
        action="slots.released",
        subject_kind="sitting",
        subject_id=sitting.id,
        facts={"lane": lane, "panel": sitting.panel},
        tell=await offer_next(work, rules, sitting.id),
    )


async def card(work: Work, rules: Rules, offer_id: str, reader: Person) -> OfferCard | None:
    """The offer for its item's own side; None for others, and once it has come to its end."""
    offer = await offers.get(work, offer_id)
    item = await items.get(work, offer.item_id) if offer else None
    sitting = await sittings.get(work, offer.sitting_id) if offer else None
    if offer is None or item is None or sitting is None or offer.state != offers.OPEN:
        return None
    if offer.lapses_at <= work.now or not access.is_items_side(reader, await item_cards.facts(work, item)):
        return None
    return OfferCard(
        offer_id=offer.id,
        item=await item_cards.card(work, rules, item, reader=reader),
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        papers_due_at=sitting.papers_due_at,
        lapses_at=offer.lapses_at,
        minutes=offer.minutes,
        is_late=sitting.papers_due_at <= work.now,
    )


async def _end(
    context: Context, work: Work, rules: Rules, offer: offers.Offer, *, state: str, by_id: str | None
) -> None:
    await offers.end(work, offer.id, state=state, by_id=by_id)
    await timers.cancel(work, kind=offers.TIMER, subject_id=offer.id)
    await slots.give_back_place(work, offer.sitting_id, lane=offer.lane, minutes=offer.minutes)
    await record(
        context,
        work,
        actor_id=by_id,
        action=f"offer.{state}",
        subject_kind="item",
        subject_id=offer.item_id,
        facts={"sitting": offer.sitting_id, "offer": offer.id},
        tell=await offer_next(work, rules, offer.sitting_id),
    )


async def _answerable(work: Work, person: Person, offer_id: str) -> tuple[offers.Offer, items.Item]:
    offer = await offers.get(work, offer_id)
    item = await items.lock(work, offer.item_id) if offer else None
    if offer is None or item is None:
        raise Refusal(Code.NOT_FOUND)
    facts = await item_cards.facts(work, item)
    if not access.can_change_item(person, facts, agenda_sent=False):
        raise Refusal(Code.NOT_FOUND if not access.can_read_item(person, facts) else Code.NOT_ALLOWED)
    # what it says now: somebody may have answered while we waited for the item's row
    offer = await offers.get(work, offer_id)
    assert offer is not None
    return offer, item


async def _opened(work: Work, sitting_id: str) -> Sitting | None:
    sitting = await sittings.get(work, sitting_id)
    if sitting is None:
        return None
    if sitting.is_urgent_released:
        await slots.release(work, sitting_id, lane="urgent")
    if sitting.is_share_released:
        await slots.release(work, sitting_id, lane="share")
    return await sittings.get(work, sitting_id)


async def _lapses_at(work: Work, rules: Rules, item: items.Item, sitting: Sitting) -> datetime | None:
    """Until when the offer stands; None where there is no time to answer, or the papers can't come any more."""
    last = sitting.papers_due_at
    if last <= work.now + SHORTEST:
        so_far = (await item_papers.of_items(work, [item.id]))[item.id]
        if not papers.are_complete(rules.book.panel(item.panel), item.request_type, so_far):
            return None
        last = sitting.starts_at - SHORTEST
    lapses_at = min(office_hours.due(work.now, rules.book.panel_work.offer, rules.book), last)
    return lapses_at if lapses_at >= work.now + SHORTEST else None


async def _taken(work: Work, item: items.Item, sitting: Sitting) -> Lane | None:
    for lane in sitting.lanes_for(item.panel, is_urgent=item.is_urgent):
        if await slots.take_place(work, sitting.id, lane=lane, minutes=item.minutes):
            return lane
    return None
