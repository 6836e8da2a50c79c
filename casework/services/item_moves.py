"""An item that goes on after its sitting: deferred, not heard, split off its family, or listed to be ratified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from casework.db import counters, deliveries, item_children, item_events, item_papers, items, people, slots
from casework.db.base import new_id
from casework.db.uow import Work
from casework.domain import access, booking, london
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, Refusal
from casework.domain.people import Role
from casework.services import agendas, item_slots
from casework.services.context import Rules, today
from casework.services.item_doing import Doing, tell_side
from casework.services.recorder import delivery


async def back_to_the_line(doing: Doing, item: items.Item, *, reason: str) -> None:
    """Defer it: off this sitting, onto the next with a place, or into the line where it stood by its first request.

    `item` may be a part that was just split off the one that is heard.
    """
    heard = await slots.slot_of(doing.work, doing.item.id)
    old = heard[0] if heard else None
    await item_slots.take_off(doing.work, item)
    counted = await items.change(
        doing.work,
        item,
        by=doing.person.id,
        deferrals=item.deferrals + 1,
        waiting_since=item.waiting_since or item.requested_at,
    )
    if counted is None:
        raise Refusal(Code.STALE_CARD)
    placed, there = await item_slots.place(doing.work, doing.rules, counted, but=old or "", by=doing.person.id)
    tell = [*doing.tell_side(placed), *await _alerts(doing, placed)]
    if there is not None:
        because = f"{placed.id}:{placed.version}"
        tell += await agendas.renew(doing.work, doing.rules, there, by=doing.person.id, because=because)
    to = there.id if there else None
    facts: dict[str, str | int | bool | None] = {"reason": reason, "count": placed.deferrals, "from": old, "to": to}
    words = doing.answers.get("words", "")
    await doing.note("deferred", facts=facts, words=words, tell=tell, item=placed)


async def carry_over(
    work: Work, rules: Rules, item: items.Item, *, by: str
) -> tuple[items.Item, list[deliveries.Wanted], dict[str, str | int | bool | None]]:
    """Not heard for want of time: before all others next time, into a held slot where there is no other.

    Of a family partly decided the rest goes on as an item of its own. Returns the item, the cards that tell of it, and
    the facts of its history.
    """
    family = await item_children.of_item(work, item.id)
    left = [one.id for one in family if one.state == item_children.OPEN]
    old = await slots.slot_of(work, item.id)
    sitting_id = old[0] if old else None
    if any(one.state == item_children.DECIDED for one in family):
        item = await split(work, rules, item, left, by=by)
    await item_slots.take_off(work, item)
    carried = await items.change(work, item, by=by, carries_over=True)
    if carried is None:
        raise Refusal(Code.STALE_CARD)
    placed, there = await item_slots.place(work, rules, carried, but=sitting_id or "", by=by)
    tell = tell_side(work, placed, but=by)
    if there is not None:
        tell += await agendas.renew(work, rules, there, by=by, because=f"{placed.id}:{placed.version}")
    return placed, tell, {"from": sitting_id, "to": there.id if there else None}


async def split(work: Work, rules: Rules, item: items.Item, child_ids: Sequence[str], *, by: str) -> items.Item:
    """An item of their own for some children of a family: same request, same papers, same place in the line."""
    family = await item_children.of_item(work, item.id)
    moved = [child for child in family if child.id in child_ids]
    part = replace(
        item,
        id=new_id(),
        reference=await next_reference(work),
        case_ref=moved[0].case_ref,
        initials=moved[0].initials or item.initials,
        version=1,
        origin="split",
        parent_id=item.id,
        state=items.WAITING,
        minutes=rules.book.panel(item.panel).minutes_for(len(moved)),
    )
    await items.create(work, part, nonce=new_id())
    await item_children.add(work, part.id, [(one.case_ref, one.initials or item.initials) for one in moved])
    await item_children.mark(work, child_ids, state=item_children.MOVED)
    await item_papers.copy(work, from_id=item.id, to_id=part.id)
    await item_events.add(work, item_id=part.id, by_id=by, kind="split", facts={"from": item.reference})
    return part


async def list_for_ratification(doing: Doing, item: items.Item) -> list[deliveries.Wanted]:
    """What was decided outside the panel comes before its next sitting, to be ratified or for information."""
    work, panel = doing.work, doing.case.panel
    request_type = panel.ratify_type or item.request_type
    part = replace(
        item,
        id=new_id(),
        reference=await next_reference(work),
        request_type=request_type,
        version=1,
        state=items.WAITING,
        awaiting="",
        origin="ratify" if panel.out_of_panel == "ratify" else "note",
        parent_id=item.id,
        band=panel.band_of(request_type),
        waiting_since=work.now,
        requested_at=work.now,
        is_urgent=True,
        wanted_sitting_id=None,
        late="",
        deferrals=0,
    )
    await items.create(work, part, nonce=new_id())
    family = await item_children.of_item(work, item.id)
    await item_children.add(work, part.id, [(one.case_ref, one.initials or item.initials) for one in family])
    await item_papers.copy(work, from_id=item.id, to_id=part.id)
    placed, there = await item_slots.place(work, doing.rules, part, but="", by=doing.person.id)
    await item_events.add(work, item_id=part.id, by_id=doing.person.id, kind="ratify", facts={"from": item.reference})
    if there is None:
        return []
    because = f"{placed.id}:{placed.version}"
    return await agendas.renew(work, doing.rules, there, by=doing.person.id, because=because)


async def next_reference(work: Work) -> str:
    """The next item's reference."""
    year = london.local_date(work.now).year
    return booking.reference(year, await counters.next_number(work, f"ITEM-{year}"))


async def _alerts(doing: Doing, item: items.Item) -> list[deliveries.Wanted]:
    """Who is told of a second deferral, a third, and so on: the last named hears of every further one."""
    roles = doing.rules.book.panel_work.deferral_alerts
    if item.deferrals < 2 or not roles:
        return []
    role = Role(roles[min(item.deferrals - 2, len(roles) - 1)])
    found = await people.holding(doing.work, [role], today=today(doing.work))
    return [
        delivery(
            doing.work,
            kind=Kind.DEFERRED_AGAIN,
            subject_id=item.id,
            person_id=one.id,
            key=f"{item.deferrals}:{one.id}",
        )
        for one in found
        if access.holds_tier(one, role, doing.facts) and one.id not in doing.facts.kept_out_ids
    ]
