"""Asking for a slot: request an item for a family, move it to another sitting, cancel it, list one's own."""

from __future__ import annotations

from collections.abc import Mapping

from casework.db import cases, deliveries, drafts, item_events, items, sittings, timers
from casework.db.uow import Work
from casework.domain import access, booking
from casework.domain import cases as case_rules
from casework.domain.booking import Sitting
from casework.domain.errors import Code, Refusal
from casework.domain.people import ROLE_NAMES, Person, Role
from casework.item_views import ItemPage
from casework.services import (
    agendas,
    approvals,
    approvers,
    item_cards,
    item_pages,
    item_requests,
    item_slots,
    offers,
)
from casework.services.context import Context, Rules, fresh, insist
from casework.services.item_doing import tell_side
from casework.services.recorder import record
from casework.views import ItemCard

FLOW = "book_item"
LIST_LIMIT = 20


async def book(context: Context, *, person: Person, draft_id: str) -> ItemPage:
    """Turn a draft into an item: approved where somebody has to say yes first, else in its slot at once.

    The same draft twice gives the same item. Raises FieldErrors, or Refusal with the first objection (SITTING_FULL,
    PAPERS_PASSED, SITTING_NOT_OPEN, ALREADY_BOOKED), DRAFT_GONE or NOT_ALLOWED. Of many who want the last place
    exactly one gets it.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_request_item(person))
        done = await items.by_nonce(work, draft_id)
        if done is not None and done.requester_id == person.id:
            return await item_pages.page(work, rules, done, reader=person)
        draft = await _draft(work, person, draft_id)
        asked = item_requests.read(draft.fields, rules.book, work)
        item = await item_requests.create(work, rules, person=person, draft_id=draft_id, asked=asked)
        wanted = await _wanted(work, person=person, item=item, sitting_id=asked.sitting_id)
        await drafts.remove(work, draft_id)
        if item.state == items.AWAITING:
            return await _asked(context, work, rules, item, person, asked)
        booked = await item_slots.give(work, rules, item, wanted, by=person.id)
        if booked is None:
            raise Refusal(Code.SITTING_FULL)
        because = f"{item.id}:{item.version}"
        tell = await agendas.renew(work, rules, wanted, by=person.id, because=because)
        return await _requested(context, work, rules, booked, person, asked, "booked", tell, sitting=wanted.id)


async def wait(context: Context, *, person: Person, draft_id: str) -> ItemPage:
    """Turn a draft into an item that waits for the first slot that comes free. The same draft twice waits once.

    Raises FieldErrors, or Refusal ALREADY_BOOKED, DRAFT_GONE or NOT_ALLOWED.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_request_item(person))
        done = await items.by_nonce(work, draft_id)
        if done is not None and done.requester_id == person.id:
            return await item_pages.page(work, rules, done, reader=person)
        draft = await _draft(work, person, draft_id)
        asked = item_requests.read({**draft.fields, "sitting": item_requests.WAITS}, rules.book, work)
        item = await item_requests.create(work, rules, person=person, draft_id=draft_id, asked=asked)
        await drafts.remove(work, draft_id)
        if item.state == items.AWAITING:
            return await _asked(context, work, rules, item, person, asked)
        return await _requested(context, work, rules, item, person, asked, "waiting", [], band=item.band)


async def move(context: Context, *, person: Person, item_id: str, version: int, sitting_id: str) -> ItemPage:
    """Take an item to another sitting of its panel; its old place is given back in the same transaction.

    One that still waits for an approval wants that sitting from now on. Raises Refusal STALE_CARD when the item
    changed since the card was drawn, otherwise as `book`, and AGENDA_SENT when only the coordinator may change it.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        item, old = await _changeable(work, rules, person=person, item_id=item_id, version=version)
        if old is not None and old.id == sitting_id:
            return await item_pages.page(work, rules, item, reader=person)
        new = await _wanted(work, person=person, item=item, sitting_id=sitting_id)
        if item.state in (items.AWAITING, items.RETURNED):
            changed = await items.change(work, item, by=person.id, wanted_sitting_id=new.id)
            tell: list[deliveries.Wanted] = []
        else:
            freed = await offers.withdraw(work, item_id=item.id)
            await item_slots.take_off(work, item)
            changed = await item_slots.give(work, rules, item, new, by=person.id)
            if changed is None:
                raise Refusal(Code.SITTING_FULL)
            because = f"{changed.id}:{changed.version}"
            tell = await _freed(work, rules, old, freed, by=person, because=because)
            tell += await agendas.renew(work, rules, new, by=person.id, because=because)
        if changed is None:
            raise Refusal(Code.STALE_CARD)
        facts = {"panel": item.panel, "from": old.id if old else None, "to": new.id}
        tell += tell_side(work, changed, but=person.id)
        await _note(context, work, changed, person, "moved", facts, tell)
        return await item_pages.page(work, rules, changed, reader=person)


async def cancel(context: Context, *, person: Person, item_id: str, version: int) -> ItemPage:
    """Take an item off its sitting for good; raises Refusal as `move` does. A second click finds it cancelled."""
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        item = await items.get(work, item_id)
        if item is not None and item.state == items.CANCELLED and person.id in (item.requester_id, item.presenter_id):
            return await item_pages.page(work, rules, item, reader=person)
        item, old = await _changeable(work, rules, person=person, item_id=item_id, version=version)
        freed = await offers.withdraw(work, item_id=item.id)
        await item_slots.take_off(work, item)
        await timers.cancel(work, kind=approvals.TIMER, subject_id=item.id)
        changed = await items.change(work, item, state=items.CANCELLED, by=person.id, awaiting="")
        if changed is None:
            raise Refusal(Code.STALE_CARD)
        because = f"{changed.id}:{changed.version}"
        tell = await _freed(work, rules, old, freed, by=person, because=because)
        tell += tell_side(work, changed, but=person.id)
        facts = {"panel": item.panel, "sitting": old.id if old else None}
        await _note(context, work, changed, person, "cancelled", facts, tell)
        return await item_pages.page(work, rules, changed, reader=person)


async def approval_words(context: Context, *, person: Person, fields: Mapping[str, str]) -> str:
    """Who has to agree before the case goes to this panel, as a sentence; empty where nobody has."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        panel = rules.book.panel(fields["panel"])
        case = await cases.find(work, case_rules.tidy_case_id(fields.get("case_id", "")))
        team, service = (case.team, case.service) if case else person.home()
        facts = access.ItemFacts(
            requester_id=person.id,
            presenter_id=person.id,
            team=team,
            service=service,
            panel=panel.code,
            heard_by=panel.code,
        )
        left = approvers.roles_left(panel, person, facts, is_urgent=False)
        names = [ROLE_NAMES[Role(role)] for role in left]
        return f"It goes to the {', then the '.join(names)} first, who has to agree." if names else ""


async def booked_from(context: Context, *, person: Person, draft_id: str) -> ItemPage | None:
    """The item this person made of a draft: what an old form's buttons lead to; None when there is none."""
    async with context.database.reading() as work:
        done = await items.by_nonce(work, draft_id)
        if done is None or done.requester_id != person.id:
            return None
        return await item_pages.page(work, await context.rules(work), done, reader=person)


async def mine(context: Context, *, person: Person) -> tuple[ItemCard, ...]:
    """The person's items on sittings still to come, soonest first, twenty at most."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        found = await items.of_person(work, person.id, limit=LIST_LIMIT)
        return tuple([await item_cards.card(work, rules, item, reader=person) for item in found])


async def _draft(work: Work, person: Person, draft_id: str) -> drafts.Draft:
    draft = await drafts.get(work, draft_id, person_id=person.id)
    if draft is None or draft.flow != FLOW:
        raise Refusal(Code.DRAFT_GONE)
    return draft


async def _wanted(work: Work, *, person: Person, item: items.Item, sitting_id: str) -> Sitting:
    """The sitting asked for; raises Refusal with the first objection."""
    sitting = await sittings.get(work, sitting_id)
    if sitting is None:
        raise Refusal(Code.SITTING_NOT_OPEN)
    objections = booking.objections(
        sitting,
        panel=item.panel,
        now=work.now,
        may_book_late=access.can_book_late(person),
        is_urgent=item.is_urgent,
        minutes=item.minutes,
    )
    if objections:
        raise Refusal(objections[0])
    return sitting


async def _asked(
    context: Context, work: Work, rules: Rules, item: items.Item, person: Person, asked: item_requests.Request
) -> ItemPage:
    tell = await approvals.ask(work, rules, item)
    return await _requested(context, work, rules, item, person, asked, "requested", tell, awaiting=item.awaiting)


async def _requested(
    context: Context,
    work: Work,
    rules: Rules,
    item: items.Item,
    person: Person,
    asked: item_requests.Request,
    kind: str,
    tell: list[deliveries.Wanted],
    **more: str | int | None,
) -> ItemPage:
    """Write down that it was asked for, and tell whoever presents it where that is somebody else."""
    if item.presenter_id != person.id and kind == "booked":
        tell = [*tell, *tell_side(work, item, but=person.id)]
    facts = {"panel": item.panel, "type": item.request_type, "children": len(asked.children), **more}
    if asked.kept:
        facts["kept_identifiers"] = asked.kept
    await _note(context, work, item, person, kind, facts, tell, words=asked.kept_because)
    return await item_pages.page(work, rules, item, reader=person)


async def _note(
    context: Context,
    work: Work,
    item: items.Item,
    person: Person,
    kind: str,
    facts: Mapping[str, str | int | bool | None],
    tell: list[deliveries.Wanted],
    words: str = "",
) -> None:
    await item_events.add(work, item_id=item.id, by_id=person.id, kind=kind, facts=facts, words=words)
    await record(
        context,
        work,
        actor_id=person.id,
        action=f"item.{kind}",
        subject_kind="item",
        subject_id=item.id,
        facts=facts,
        tell=tell,
    )


async def _freed(
    work: Work, rules: Rules, sitting: Sitting | None, offered: set[str], *, by: Person, because: str
) -> list[deliveries.Wanted]:
    """A place was given back: it is offered to the next in line, and the changed agenda goes out."""
    tell: list[deliveries.Wanted] = []
    for id in sorted(offered | ({sitting.id} if sitting else set())):
        tell += await offers.offer_next(work, rules, id)
    if sitting is not None:
        tell += await agendas.renew(work, rules, sitting, by=by.id, because=because)
    return tell


async def _changeable(
    work: Work, rules: Rules, *, person: Person, item_id: str, version: int
) -> tuple[items.Item, Sitting | None]:
    """(the item, its sitting: None for one without a slot)."""
    item, facts = await item_pages.readable(work, rules, person, await items.get(work, item_id))
    if item.state == items.CANCELLED:
        raise Refusal(Code.ITEM_CANCELLED)
    sitting = await item_slots.sitting_of(work, item.id)
    if item.version != version or item.state not in items.LIVE:
        raise Refusal(Code.STALE_CARD)
    if sitting is not None and (sitting.started_at is not None or sitting.starts_at <= work.now):
        raise Refusal(Code.SITTING_OVER)
    sent = sitting is not None and sitting.agenda_state != agendas.DRAFT
    if not access.can_change_item(person, facts, agenda_sent=sent):
        raise Refusal(Code.AGENDA_SENT if sent else Code.NOT_ALLOWED)
    return item, sitting
