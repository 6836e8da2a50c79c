"""Approving a request before it goes to its panel: the team manager, then the service manager, in turn and in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from casework.db import deliveries, items, people, timers
from casework.db.uow import Work
from casework.domain import access, booking, office_hours
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person, Role
from casework.item_views import Approvals
from casework.services import agendas, approvers, item_cards, item_slots
from casework.services.context import Context, Rules, fresh, today
from casework.services.item_doing import Doing
from casework.services.recorder import delivery, record

TIMER = "approval"
LIST_LIMIT = 20


async def ask(work: Work, rules: Rules, item: items.Item, *, again: bool = False) -> list[deliveries.Wanted]:
    """Cards for whoever approves next, and the reminder should nobody answer."""
    await timers.cancel(work, kind=TIMER, subject_id=item.id)
    due_at = office_hours.due(work.now, rules.book.panel_work.approval_reminder, rules.book)
    await timers.set_(work, [(TIMER, item.id, due_at)])
    key = f"{item.awaiting}:{item.version}" + (f":{today(work).isoformat()}" if again else "")
    return [
        delivery(work, kind=Kind.ITEM_APPROVAL, subject_id=item.id, person_id=one.id, key=f"{key}:{one.id}")
        for one in await _asked(work, item, again=again)
    ]


async def approve(doing: Doing) -> None:
    """Say yes for one tier; the last yes gives it a slot, by the same guard as every other way to one."""
    work, rules, item = doing.work, doing.rules, doing.item
    requester = (await people.by_ids(work, [item.requester_id], today=today(work)))[item.requester_id]
    said = item.awaiting
    role = approvers.next_role(rules.book.panel(item.panel), _said_yes(doing), requester, doing.facts)
    if role:
        changed = await items.change(work, item, by=doing.person.id, awaiting=role)
        if changed is None:
            raise Refusal(Code.STALE_CARD)
        await doing.note("approved", facts={"for": said, "next": role}, tell=await ask(work, rules, changed))
        return
    await timers.cancel(work, kind=TIMER, subject_id=item.id)
    placed, sitting = await item_slots.place(
        work, rules, item, but="", by=doing.person.id, wanted=item.wanted_sitting_id
    )
    because = f"{placed.id}:{placed.version}"
    told = doing.tell_side(placed)
    if sitting is not None:
        told += await agendas.renew(work, rules, sitting, by=doing.person.id, because=because)
    where = sitting.id if sitting else None
    if placed.is_urgent and where != item.wanted_sitting_id:
        told += await _no_held_slot(doing, placed)
    await doing.note("approved", facts={"for": said, "next": None, "sitting": where}, tell=told, item=placed)


async def return_(doing: Doing) -> None:
    """Back to whoever asked, with what is missing."""
    await timers.cancel(doing.work, kind=TIMER, subject_id=doing.item.id)
    changed = await items.change(doing.work, doing.item, state=items.RETURNED, by=doing.person.id, awaiting="")
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    await doing.note("returned", words=doing.answers["reason"], tell=doing.tell_side(changed), item=changed)


async def decline(doing: Doing) -> None:
    """It does not go to the panel; whoever asked and the team manager are told why."""
    await timers.cancel(doing.work, kind=TIMER, subject_id=doing.item.id)
    changed = await items.change(doing.work, doing.item, state=items.DECLINED, by=doing.person.id, awaiting="")
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    told = {changed.requester_id, changed.presenter_id}
    managers = await people.holding(doing.work, [Role.TM], today=today(doing.work))
    told |= {one.id for one in managers if access.holds_tier(one, Role.TM, doing.facts)}
    tell = [
        delivery(doing.work, kind=Kind.ITEM_CHANGED, subject_id=changed.id, person_id=id, key=f"{changed.version}:{id}")
        for id in sorted(told - {doing.person.id})
    ]
    await doing.note("declined", words=doing.answers["reason"], tell=tell, item=changed)


async def resend(doing: Doing) -> None:
    """A returned request goes round again, from the first tier."""
    work, rules = doing.work, doing.rules
    deadline = doing.answers.get("deadline", "")
    on = date.fromisoformat(deadline) if deadline else None
    panel = rules.book.panel(doing.item.panel)
    band = booking.band(panel, doing.item.request_type, on, today(work), rules.book.calendar)
    role = approvers.next_role(panel, doing.item, doing.person, doing.facts)
    if not role:
        await _place_at_once(doing, summary=doing.answers["summary"], deadline_on=on, band=band)
        return
    changed = await items.change(
        work,
        doing.item,
        state=items.AWAITING,
        by=doing.person.id,
        awaiting=role,
        summary=doing.answers["summary"],
        deadline_on=on,
        band=band,
    )
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    await doing.note("sent_again", tell=await ask(work, rules, changed), item=changed)


async def waiting_for(context: Context, *, person: Person) -> Approvals:
    """Items that wait for this person's word, the oldest first."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        found = []
        for item in await items.in_state(work, items.AWAITING):
            if access.can_approve_item(person, await item_cards.facts(work, item)):
                found.append(await item_cards.card(work, rules, item, reader=person))
        return Approvals(items=tuple(found[:LIST_LIMIT]))


async def remind(context: Context, work: Work, timer: timers.Timer) -> None:
    """Nobody answered in time: they are asked again, and the tier above with them."""
    if not await timers.finish(work, timer.id):
        return
    item = await items.get(work, timer.subject_id)
    rules = await context.rules(work)
    if item is None or item.state != items.AWAITING:
        return
    tell = await ask(work, rules, item, again=True)
    await record(
        context,
        work,
        actor_id=None,
        action="item.approval_reminded",
        subject_kind="item",
        subject_id=item.id,
        facts={"for": item.awaiting, "asked": len(tell)},
        tell=tell,
    )


async def _asked(work: Work, item: items.Item, *, again: bool) -> list[Person]:
    asked = list(await approvers.of(work, item, above=again))
    return asked or list(await people.holding(work, [Role.CO], today=today(work)))


async def _no_held_slot(doing: Doing, item: items.Item) -> list[deliveries.Wanted]:
    """What can't wait found no slot where it was wanted: coordinators and chair may call an extraordinary sitting."""
    held = await people.holding(doing.work, [Role.CO, Role.CH], today=today(doing.work))
    panel = item_slots.sits(doing.rules.book, item.panel)
    told = [one.id for one in held if one.has(Role.CO) or one.chairs(panel)]
    return [
        delivery(doing.work, kind=Kind.NO_HELD_SLOT, subject_id=item.id, person_id=id, key=f"{item.version}:{id}")
        for id in sorted(set(told) - doing.facts.kept_out_ids)
    ]


async def _place_at_once(doing: Doing, *, summary: str, deadline_on: date | None, band: int) -> None:
    kept = await items.change(
        doing.work, doing.item, by=doing.person.id, summary=summary, deadline_on=deadline_on, band=band
    )
    if kept is None:
        raise Refusal(Code.STALE_CARD)
    placed, sitting = await item_slots.place(
        doing.work, doing.rules, kept, but="", by=doing.person.id, wanted=kept.wanted_sitting_id
    )
    told = doing.tell_side(placed)
    if sitting is not None:
        because = f"{placed.id}:{placed.version}"
        told += await agendas.renew(doing.work, doing.rules, sitting, by=doing.person.id, because=because)
    await doing.note("sent_again", tell=told, item=placed)


def _said_yes(doing: Doing) -> items.Item:
    """The item as if every tier up to this person's own had said yes: whoever stands higher says it for those below."""
    item, tier = doing.item, access.line_tier(doing.person, doing.facts)
    roles = doing.rules.book.panel(item.panel).approvals
    if tier is None or item.awaiting not in roles:
        return item
    left = roles[roles.index(item.awaiting) :]
    passed = [role for role in left if access.LINE.index(Role(role)) <= access.LINE.index(tier)]
    return replace(item, awaiting=passed[-1]) if passed else item
