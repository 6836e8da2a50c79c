"""Where an item stands on its agenda and who deals with it: presenter, order, minutes, out of turn, conflicts."""

from __future__ import annotations

from casework.db import attendance, items, people, sittings
from casework.db import slots as slots_db
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Person
from casework.services import agendas, directory, item_slots, offers
from casework.services.context import today
from casework.services.item_doing import Doing


async def presenter(doing: Doing) -> None:
    """Somebody else presents it: their reminders, their card; whoever presented so far is told."""
    found = await _named(doing, "who")
    assert found is not None
    if found.id == doing.item.presenter_id:
        raise FieldErrors({"who": Code.SAME_AS_BEFORE})
    changed = await items.change(doing.work, doing.item, by=doing.person.id, presenter_id=found.id)
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    sitting = await item_slots.sitting_of(doing.work, changed.id)
    tell = doing.tell_side(changed)
    if doing.item.presenter_id not in (changed.requester_id, doing.person.id):
        tell += [one for one in doing.tell_side(doing.item) if one.person_id == doing.item.presenter_id]
    if sitting is not None:
        because = f"{changed.id}:{changed.version}"
        tell += await agendas.renew(doing.work, doing.rules, sitting, by=doing.person.id, because=because)
    await doing.note("presenter", facts={"to": found.id}, tell=tell, item=changed)


async def give_slot(doing: Doing) -> None:
    """The chair gives a slot out of turn; whoever was offered that place already keeps the offer."""
    work, rules = doing.work, doing.rules
    sitting = await sittings.get(work, doing.answers["sitting"])
    if sitting is None or not sitting.hears(doing.item.panel):
        raise Refusal(Code.SITTING_NOT_OPEN)
    freed = await offers.withdraw(work, item_id=doing.item.id)
    lane = sitting.lane_free(doing.item.panel, is_urgent=True, minutes=doing.item.minutes)
    if lane is None or not await slots_db.take_place(work, sitting.id, lane=lane, minutes=doing.item.minutes):
        raise Refusal(Code.SITTING_FULL)
    booked = await item_slots.seat(
        work, rules, doing.item, sitting, lane=lane, minutes=doing.item.minutes, by=doing.person.id
    )
    because = f"{booked.id}:{booked.version}"
    tell = doing.tell_side(booked)
    for id in sorted(freed):
        tell += await offers.offer_next(work, rules, id)
    tell += await agendas.renew(work, rules, sitting, by=doing.person.id, because=because)
    facts = {"sitting": sitting.id, "lane": lane}
    await doing.note("out_of_turn", facts=facts, words=doing.answers["reason"], tell=tell, item=booked)


async def order(doing: Doing) -> None:
    """Another place on the agenda, another length; what follows begins earlier or later."""
    work = doing.work
    sitting = await item_slots.sitting_of(work, doing.item.id)
    if sitting is None:
        raise Refusal(Code.STALE_CARD)
    place, minutes = int(doing.answers["place"]), int(doing.answers["minutes"])
    if (place, minutes) == (doing.case.place, doing.case.minutes):
        raise FieldErrors({"place": Code.SAME_AS_BEFORE})
    if not await slots_db.set_minutes(work, sitting_id=sitting.id, item_id=doing.item.id, minutes=minutes):
        raise Refusal(Code.NO_TIME_LEFT)
    ids = [one.item_id for one in await slots_db.filled(work, sitting.id) if one.item_id != doing.item.id]
    ids.insert(place - 1, doing.item.id)
    await slots_db.reorder(work, sitting.id, ids)
    changed = await items.change(work, doing.item, by=doing.person.id)
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    because = f"{changed.id}:{changed.version}"
    tell = await agendas.renew(work, doing.rules, sitting, by=doing.person.id, because=because)
    await doing.note("ordered", facts={"place": place, "minutes": minutes}, tell=tell, item=changed)


async def conflict(doing: Doing) -> None:
    """Keep somebody out of an item: they no longer see it, and don't count towards its quorum."""
    found = await _named(doing, "who") or doing.person
    if found.id in (doing.item.requester_id, doing.item.presenter_id):
        raise FieldErrors({"who": Code.CHOICE_UNKNOWN})
    is_new = await attendance.declare(
        doing.work,
        item_id=doing.item.id,
        person_id=found.id,
        reason=doing.answers["reason"],
        by_id=doing.person.id,
    )
    if not is_new:
        raise FieldErrors({"who": Code.SAME_AS_BEFORE})
    changed = await items.change(doing.work, doing.item, by=doing.person.id)
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    await doing.note("conflict", facts={"who": found.id}, item=changed)


async def _named(doing: Doing, field: str) -> Person | None:
    """The person a name means; None where it was left empty. Raises FieldErrors."""
    name = doing.answers[field]
    if not name:
        return None
    found = await directory.person_named(doing.work, name)
    if isinstance(found, Code):
        raise FieldErrors({field: found})
    current = await people.by_ids(doing.work, [found.id], today=today(doing.work))
    return current[found.id]
