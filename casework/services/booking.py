"""Booking items onto sittings: what is on offer, book, change to another sitting, cancel, list one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.db import cases, counters, deliveries, drafts, items, sittings, timers
from casework.db.base import new_id
from casework.db.uow import Work
from casework.domain import access, booking, london
from casework.domain import cases as case_rules
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook
from casework.services import item_cards, sitting_moves
from casework.services.context import Context, Rules, fresh, insist
from casework.services.recorder import delivery, record
from casework.services.timers import agenda_again, reminder_at
from casework.views import ItemCard

FLOW = "book_item"
FIELDS = ("initials", "case_id", "panel", "request_type", "sitting")
LIST_LIMIT = 20
# stands where a sitting would, for an item that waits for one
WAITS = "waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A booking as asked for, every field checked against the rulebook."""

    initials: str
    case_id: str
    panel: str
    request_type: str
    sitting_id: str


def check_case(fields: Mapping[str, str], rulebook: Rulebook) -> dict[str, Code]:
    """What is wrong with the first half of a booking: which case, which panel."""
    errors: dict[str, Code] = {}
    if problem := case_rules.initials_problem(case_rules.tidy_initials(fields.get("initials", ""))):
        errors["initials"] = problem
    case_id = case_rules.tidy_case_id(fields.get("case_id", ""))
    if problem := case_rules.case_id_problem(case_id, rulebook.council.case_id_pattern):
        errors["case_id"] = problem
    if fields.get("panel", "") not in {panel.code for panel in rulebook.panels}:
        errors["panel"] = Code.CHOICE_UNKNOWN if fields.get("panel") else Code.MISSING
    return errors


async def book(context: Context, *, person: Person, draft_id: str) -> ItemCard:
    """Turn a draft into an item in a slot, or say why not. The same draft twice gives the same item.

    Raises FieldErrors, or Refusal with the first objection (SITTING_FULL, PAPERS_PASSED, SITTING_NOT_OPEN,
    ALREADY_BOOKED), DRAFT_GONE or NOT_ALLOWED. Of many who want the last place exactly one gets it.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_request_item(person))
        done = await items.by_nonce(work, draft_id)
        if done is not None and done.requester_id == person.id:
            return await item_cards.card(work, rules, done, reader=person)
        draft = await drafts.get(work, draft_id, person_id=person.id)
        if draft is None or draft.flow != FLOW:
            raise Refusal(Code.DRAFT_GONE)
        item = await _create(work, rules, person=person, draft_id=draft_id, asked=_read(draft.fields, rules.book))
        sitting = await _place(work, rules, person=person, item=item, sitting_id=draft.fields["sitting"])
        await drafts.remove(work, draft_id)
        await record(
            context,
            work,
            actor_id=person.id,
            action="item.booked",
            subject_kind="item",
            subject_id=item.id,
            facts={"panel": item.panel, "sitting": sitting.id, "type": item.request_type},
            tell=await agenda_again(work, rules, sitting, because=f"{item.id}:{item.version}"),
        )
        return await item_cards.card(work, rules, item, reader=person)


async def wait(context: Context, *, person: Person, draft_id: str) -> ItemCard:
    """Turn a draft into an item that waits for the first slot that comes free. The same draft twice waits once.

    Raises FieldErrors, or Refusal ALREADY_BOOKED, DRAFT_GONE or NOT_ALLOWED.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_request_item(person))
        done = await items.by_nonce(work, draft_id)
        if done is not None and done.requester_id == person.id:
            return await item_cards.card(work, rules, done, reader=person)
        draft = await drafts.get(work, draft_id, person_id=person.id)
        if draft is None or draft.flow != FLOW:
            raise Refusal(Code.DRAFT_GONE)
        asked = _read({**draft.fields, "sitting": WAITS}, rules.book)
        item = await _create(work, rules, person=person, draft_id=draft_id, asked=asked, state=items.WAITING)
        await drafts.remove(work, draft_id)
        await record(
            context,
            work,
            actor_id=person.id,
            action="item.waiting",
            subject_kind="item",
            subject_id=item.id,
            facts={"panel": item.panel, "band": item.band, "type": item.request_type},
        )
        return await item_cards.card(work, rules, item, reader=person)


async def move(context: Context, *, person: Person, item_id: str, version: int, sitting_id: str) -> ItemCard:
    """Take an item to another sitting of its panel; its old place is given back in the same transaction.

    Raises Refusal STALE_CARD when the item changed since the card was drawn, otherwise as `book`, and AGENDA_SENT
    when only the coordinator may still change it.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        item, old = await _changeable(work, person=person, item_id=item_id, version=version)
        if old is not None and old.id == sitting_id:
            return await item_cards.card(work, rules, item, reader=person)
        await sittings.empty_slot(work, item_id=item.id)
        await timers.cancel(work, kind=Kind.PRESENTER_REMINDER.value, subject_id=item.id)
        changed = await items.change(work, item, state=items.BOOKED, by=person.id)
        if changed is None:
            raise Refusal(Code.STALE_CARD)
        new = await _place(work, rules, person=person, item=changed, sitting_id=sitting_id)
        because = f"{changed.id}:{changed.version}"
        await record(
            context,
            work,
            actor_id=person.id,
            action="item.moved",
            subject_kind="item",
            subject_id=item.id,
            facts={"panel": item.panel, "from": old.id if old else None, "to": new.id},
            tell=[
                *(await _freed(work, rules, old, by=person, because=because)),
                *await agenda_again(work, rules, new, because=because),
                *_tell_others(work, changed, person),
            ],
        )
        return await item_cards.card(work, rules, changed, reader=person)


async def cancel(context: Context, *, person: Person, item_id: str, version: int) -> ItemCard:
    """Take an item off its sitting for good; raises Refusal as `move` does. A second click finds it cancelled."""
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        item = await items.get(work, item_id)
        if item is not None and item.state == items.CANCELLED and person.id in (item.requester_id, item.presenter_id):
            return await item_cards.card(work, rules, item, reader=person)
        item, old = await _changeable(work, person=person, item_id=item_id, version=version)
        await sittings.empty_slot(work, item_id=item.id)
        await timers.cancel(work, kind=Kind.PRESENTER_REMINDER.value, subject_id=item.id)
        changed = await items.change(work, item, state=items.CANCELLED, by=person.id)
        if changed is None:
            raise Refusal(Code.STALE_CARD)
        await record(
            context,
            work,
            actor_id=person.id,
            action="item.cancelled",
            subject_kind="item",
            subject_id=item.id,
            facts={"panel": item.panel, "sitting": old.id if old else None},
            tell=[
                *await _freed(work, rules, old, by=person, because=f"{changed.id}:{changed.version}"),
                *_tell_others(work, changed, person),
            ],
        )
        return await item_cards.card(work, rules, changed, reader=person)


async def show(context: Context, *, person: Person, item_id: str) -> ItemCard:
    """One item for a reader who may see it; raises Refusal NOT_FOUND otherwise."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        item = await items.get(work, item_id)
        if item is None or not access.can_read_item(person, await item_cards.facts(work, item)):
            raise Refusal(Code.NOT_FOUND)
        return await item_cards.card(work, rules, item, reader=person)


async def booked_from(context: Context, *, person: Person, draft_id: str) -> ItemCard | None:
    """The item this person booked from a draft: what an old form's buttons lead to; None when there is none."""
    async with context.database.reading() as work:
        done = await items.by_nonce(work, draft_id)
        if done is None or done.requester_id != person.id:
            return None
        return await item_cards.card(work, await context.rules(work), done, reader=person)


async def mine(context: Context, *, person: Person) -> tuple[ItemCard, ...]:
    """The person's items on sittings still to come, soonest first, twenty at most."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        found = await items.of_person(work, person.id, limit=LIST_LIMIT)
        return tuple([await item_cards.card(work, rules, item, reader=person) for item in found])


def _read(fields: Mapping[str, str], rulebook: Rulebook) -> Request:
    errors = check_case(fields, rulebook)
    if "panel" not in errors:
        known = {kind.code for kind in rulebook.panel(fields["panel"]).request_types}
        if fields.get("request_type", "") not in known:
            errors["request_type"] = Code.CHOICE_UNKNOWN if fields.get("request_type") else Code.MISSING
    if not fields.get("sitting"):
        errors["sitting"] = Code.MISSING
    if errors:
        raise FieldErrors({field: errors[field] for field in FIELDS if field in errors})
    return Request(
        initials=case_rules.tidy_initials(fields["initials"]),
        case_id=case_rules.tidy_case_id(fields["case_id"]),
        panel=fields["panel"],
        request_type=fields["request_type"],
        sitting_id=fields["sitting"],
    )


async def _create(
    work: Work, rules: Rules, *, person: Person, draft_id: str, asked: Request, state: str = items.BOOKED
) -> items.Item:
    team, service = person.home()
    case = await cases.find_or_create(work, case_id=asked.case_id, initials=asked.initials, team=team, service=service)
    await cases.lock(work, case.id)
    if await items.is_booked(work, case_ref=case.id, panel=asked.panel):
        raise Refusal(Code.ALREADY_BOOKED, panel=rules.book.panel(asked.panel).name)
    year = london.local_date(work.now).year
    item = items.Item(
        id=new_id(),
        reference=booking.reference(year, await counters.next_number(work, f"ITEM-{year}")),
        case_ref=case.id,
        panel=asked.panel,
        request_type=asked.request_type,
        requester_id=person.id,
        presenter_id=case.allocated_person_id or person.id,
        state=state,
        initials=asked.initials,
        requested_at=work.now,
        changed_by_id=None,
        version=1,
        band=rules.book.panel(asked.panel).band_of(asked.request_type),
        waiting_since=work.now if state == items.WAITING else None,
    )
    await items.create(work, item, nonce=draft_id)
    return item


async def _place(work: Work, rules: Rules, *, person: Person, item: items.Item, sitting_id: str) -> booking.Sitting:
    sitting = await sittings.get(work, sitting_id)
    if sitting is None:
        raise Refusal(Code.SITTING_NOT_OPEN)
    late = access.can_book_late(person)
    if objections := booking.objections(sitting, panel=item.panel, now=work.now, may_book_late=late):
        raise Refusal(objections[0])
    if not await sittings.take_place(work, sitting.id):
        raise Refusal(Code.SITTING_FULL)
    await sittings.fill_slot(work, sitting_id=sitting.id, item_id=item.id)
    due_at = reminder_at(rules.book, sitting)
    if due_at > work.now:
        await timers.set_(work, [(Kind.PRESENTER_REMINDER.value, item.id, due_at)])
    return sitting


async def _freed(
    work: Work, rules: Rules, sitting: booking.Sitting | None, *, by: Person, because: str
) -> list[deliveries.Wanted]:
    """A place was given back: the first in line gets it while papers can still come; the changed agenda goes out."""
    if sitting is None:
        return []
    promoted = await sitting_moves.promote(work, rules, sitting, by=by.id)
    told = [
        delivery(work, kind=Kind.ITEM_CHANGED, subject_id=item.id, person_id=id, key=f"{item.version}:{id}")
        for item in promoted
        for id in sorted({item.requester_id, item.presenter_id})  # whoever gave the place up, too: it is news to them
    ]
    return [*told, *await agenda_again(work, rules, sitting, because=because)]


async def _changeable(
    work: Work, *, person: Person, item_id: str, version: int
) -> tuple[items.Item, booking.Sitting | None]:
    """(the item, its sitting: None for one that waits for a slot)."""
    item = await items.get(work, item_id)
    if item is None or not access.can_read_item(person, await item_cards.facts(work, item)):
        raise Refusal(Code.NOT_FOUND)
    if item.state == items.CANCELLED:
        raise Refusal(Code.ITEM_CANCELLED)
    slot = await sittings.slot_of(work, item.id)
    sitting = await sittings.get(work, slot[0]) if slot else None
    if item.version != version or (sitting is None and item.state != items.WAITING):
        raise Refusal(Code.STALE_CARD)
    facts = await item_cards.facts(work, item)
    sent = sitting is not None and sitting.agenda_sent_at is not None
    if not access.can_change_item(person, facts, agenda_sent=sent):
        raise Refusal(Code.AGENDA_SENT if sent else Code.NOT_ALLOWED)
    return item, sitting


def _tell_others(work: Work, item: items.Item, actor: Person) -> list[deliveries.Wanted]:
    others = {item.requester_id, item.presenter_id} - {actor.id}
    return [
        delivery(
            work,
            kind=Kind.ITEM_CHANGED,
            subject_id=item.id,
            person_id=person_id,
            key=f"{item.version}:{person_id}",
        )
        for person_id in sorted(others)
    ]
