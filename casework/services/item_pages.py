"""One item in full for one reader: papers, history, decisions, actions, what they may do, what else the family has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from casework.db import (
    cases,
    decisions,
    item_actions,
    item_children,
    item_events,
    item_papers,
    items,
    ntk_recipients,
    ntk_register,
    offers,
    people,
    sittings,
    slots,
    trackers,
)
from casework.db.base import new_id
from casework.db.uow import Work
from casework.domain import access, item_acts, london, ntk, papers
from casework.domain.access import ItemFacts
from casework.domain.errors import Code, Refusal
from casework.domain.item_forms import ItemCase, Named
from casework.domain.people import Person, Role
from casework.item_views import ActionView, Braid, Decided, Happened, ItemForm, ItemPage, Ready
from casework.services import approvers, chairs, item_cards, presenters, tracker_flags
from casework.services.context import Context, Rules, fresh, today

MOST_HISTORY = 12
MOST_BRAIDED = 8


async def show(context: Context, *, person: Person, item_id: str) -> ItemPage:
    """One item for a reader who may see it; raises Refusal NOT_FOUND otherwise."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        item, _ = await readable(work, rules, person, await items.get(work, item_id))
        return await page(work, rules, item, reader=person)


async def form(context: Context, *, person: Person, item_id: str, code: str) -> ItemForm:
    """The form of an act this person may do now; raises Refusal NOT_FOUND, NOT_ALLOWED or ALREADY_DONE."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        item, facts = await readable(work, rules, person, await items.get(work, item_id))
        if item_cards.panel_of(rules.book, item.panel) is None:
            raise Refusal(Code.STALE_CARD)
        case = await case_of(work, rules, item, with_people=True)
        act = act_of(code, case, person, facts)
        return ItemForm(
            act=act,
            item_id=item.id,
            version=item.version,
            reference=item.reference,
            child=", ".join(await item_cards.children(work, item)),
            fields=act.fields(case) if act.fields else (),
            values=dict(act.values(case)),
            nonce=new_id(),
        )


async def readable(work: Work, rules: Rules, person: Person, item: items.Item | None) -> tuple[items.Item, ItemFacts]:
    """The item with the facts its rights turn on; raises Refusal NOT_FOUND for who may not read it."""
    facts = await item_cards.facts_by(work, rules.book, item) if item else None
    if item is None or facts is None or not access.can_read_item(person, facts):
        raise Refusal(Code.NOT_FOUND)
    return item, facts


def act_of(code: str, case: ItemCase, person: Person, facts: ItemFacts) -> item_acts.ItemAct:
    """The act of this code; raises Refusal STALE_CARD (no such act), NOT_ALLOWED or ALREADY_DONE."""
    act = item_acts.ITEM_ACTS.get(code)
    if act is None:
        raise Refusal(Code.STALE_CARD)
    if not act.fits(case):
        raise Refusal(Code.ALREADY_DONE)
    if not act.may(person, facts):
        raise Refusal(Code.NOT_ALLOWED)
    return act


async def case_of(work: Work, rules: Rules, item: items.Item, *, with_people: bool = False) -> ItemCase:
    """How an item stands, as far as its acts turn on it; `with_people` fills what forms offer to choose from."""
    panel = rules.book.panel(item.panel)
    slot = await slots.slot_of(work, item.id)
    sitting = await sittings.get(work, slot[0]) if slot else None
    so_far = (await item_papers.of_items(work, [item.id]))[item.id]
    made = (await decisions.of_items(work, [item.id]))[item.id]
    filled = await slots.filled(work, sitting.id) if sitting else ()
    excused = [one for one in so_far.values() if one.state == item_papers.EXCUSED]
    return ItemCase(
        panel=panel,
        work=rules.book.panel_work,
        state=item.state,
        request_type=item.request_type,
        summary=item.summary,
        deadline_on=item.deadline_on,
        children=await _open_children(work, item),
        owners=await _owners(work, item) if with_people else (),
        sittings=await _open_sittings(work, rules, item) if item.state == items.WAITING else (),
        papers=panel.papers_for(item.request_type),
        ready=frozenset(code for code, one in so_far.items() if one.state == item_papers.READY),
        links=so_far[item_papers.LINKS].words if item_papers.LINKS in so_far else "",
        why=excused[0].words if excused else "",
        is_confirmed=item_papers.CONFIRMED in so_far,
        is_late=item.late == "late",
        is_in_session=sitting is not None and sitting.started_at is not None and sitting.closed_at is None,
        is_over=sitting is not None
        and (sitting.closed_at is not None or (sitting.started_at is None and sitting.ends_at <= work.now)),
        is_in_principle=any(one.is_in_principle for one in _standing(made)),
        place=slot[1] if slot else 0,
        places=len(filled),
        minutes=next((one.minutes for one in filled if one.item_id == item.id), 0),
        tracker=await tracker_flags.dates(work, item),
    )


async def page(work: Work, rules: Rules, item: items.Item, *, reader: Person) -> ItemPage:
    """The item in full for a reader whose right the caller has checked."""
    facts = await item_cards.facts_by(work, rules.book, item)
    panel = item_cards.panel_of(rules.book, item.panel)
    card = await item_cards.card(work, rules, item, reader=reader)
    case = await case_of(work, rules, item) if panel else None
    offered = await offers.open_of(work, item_id=item.id)
    is_side = access.is_items_side(reader, facts)
    left = (item.deadline_on - today(work)).days if item.deadline_on else None
    waits_for = await approvers.of(work, item) if item.state == items.AWAITING else ()
    return ItemPage(
        card=card,
        children=card.children,
        summary=item.summary,
        deadline_label=(panel.deadline or "") if panel else "",
        deadline_on=item.deadline_on,
        days_left=left,
        band=panel.bands[item.band - 1] if panel and 0 < item.band <= len(panel.bands) else "",
        awaiting=item.awaiting,
        who_approves=tuple(person.name for person in waits_for),
        ready=await ready(work, rules, item) if panel and item.state in items.LIVE else None,
        late=item.late,
        deferrals=item.deferrals,
        flags=await tracker_flags.of_item(work, rules, item),
        warnings=await _warnings(work, rules, item, facts),
        acts=item_acts.open_to(case, reader, facts) if case else (),
        decisions=await decided(work, rules, item),
        actions=await actions_of(work, rules, [item], reader=reader),
        advice=await _advice(work, item) if access.can_read_advice(reader, facts) else (),
        history=await _history(work, rules, item),
        braid=await _braid(work, rules, item, reader),
        offer_id=offered[0].id if offered and is_side and offered[0].lapses_at > work.now else "",
    )


async def ready(work: Work, rules: Rules, item: items.Item) -> Ready:
    """How ready its papers are, in words."""
    panel = rules.book.panel(item.panel)
    slot = await slots.slot_of(work, item.id)
    sitting = await sittings.get(work, slot[0]) if slot else None
    so_far = (await item_papers.of_items(work, [item.id]))[item.id]
    found = papers.readiness(
        panel,
        item.request_type,
        so_far,
        due_at=sitting.papers_due_at if sitting else None,
        now=work.now,
        calendar=rules.book.calendar,
    )
    excused = [one for one in so_far.values() if one.state == item_papers.EXCUSED]
    links = so_far[item_papers.LINKS].words.splitlines() if item_papers.LINKS in so_far else ()
    return Ready(
        colour=found.colour.value,
        missing=tuple(one.name for one in found.missing),
        excused=tuple(one.name for one in found.excused),
        why=excused[0].words if excused else "",
        links=tuple(links),
        is_confirmed=found.is_confirmed,
        needs_confirming=panel.papers_confirmed_by or "" if found.needs_confirming else "",
    )


async def decided(work: Work, rules: Rules, item: items.Item) -> tuple[Decided, ...]:
    """What stands for each child of an item, in the order of its children."""
    standing = {one.child_id: one for one in _standing((await decisions.of_items(work, [item.id]))[item.id])}
    names = await people.by_ids(work, [one.by_id for one in standing.values()], today=today(work))
    panel = item_cards.panel_of(rules.book, item.panel)
    found = []
    for child in await item_children.of_item(work, item.id):
        one = standing.get(child.id)
        if one is None:
            continue
        known = panel.outcome(one.code) if panel else None
        case = await cases.get(work, child.case_ref)
        found.append(
            Decided(
                child=item_cards.child_words(child.initials or item.initials, case.case_id),
                outcome=f"{one.code}: {known.name}" if known else one.code,
                is_in_principle=one.is_in_principle,
                is_outside=one.sitting_id is None,
                words=one.words,
                until_on=one.until_on,
                review_on=one.review_on,
                decided_on=one.decided_on,
                who=names[one.by_id].name if one.by_id in names else "",
            )
        )
    return tuple(found)


async def actions_of(
    work: Work, rules: Rules, found: Sequence[items.Item], *, reader: Person
) -> tuple[ActionView, ...]:
    """The actions of some items, for a reader whose right the caller has checked."""
    by_item = await item_actions.of_items(work, [item.id for item in found])
    views: list[ActionView] = []
    for item in found:
        facts = await item_cards.facts_by(work, rules.book, item)
        for action in by_item[item.id]:
            views.append(await action_view(work, rules, item, facts, action, reader))
    return tuple(views)


async def action_view(
    work: Work, rules: Rules, item: items.Item, facts: ItemFacts, action: item_actions.Action, reader: Person
) -> ActionView:
    """One action as its reader sees it."""
    owner = (await people.by_ids(work, [action.owner_id], today=today(work))).get(action.owner_id)
    is_open = action.state == item_actions.OPEN
    return ActionView(
        action_id=action.id,
        item_id=item.id,
        reference=item.reference,
        child=", ".join(await item_cards.children(work, item)),
        panel_name=item_cards.panel_name(rules.book, item.panel),
        what=action.what,
        owner=owner.name if owner else "",
        due_on=action.due_on,
        is_done=not is_open,
        is_overdue=is_open and action.due_on < today(work),
        may_finish=is_open and access.can_finish_action(reader, owner, facts),
    )


def _standing(made: Iterable[decisions.Decision]) -> tuple[decisions.Decision, ...]:
    """The newest decision for each child: a later one takes the place of an earlier."""
    newest = {one.child_id: one for one in made}
    return tuple(newest.values())


async def _open_children(work: Work, item: items.Item) -> tuple[Named, ...]:
    found = []
    for child in await item_children.of_item(work, item.id):
        if child.state == item_children.OPEN:
            case = await cases.get(work, child.case_ref)
            found.append((child.id, item_cards.child_words(child.initials or item.initials, case.case_id)))
    return tuple(found)


async def _owners(work: Work, item: items.Item) -> tuple[Named, ...]:
    """Whom an action can be given to: its own side, the line, the legal advisers and the panel."""
    facts = await item_cards.facts(work, item)
    known = await people.by_ids(work, [item.presenter_id, item.requester_id], today=today(work))
    line = await people.holding(work, [*access.LINE, Role.LA, Role.CH, Role.CO], today=today(work))
    others = [
        one
        for one in line
        if one.has(Role.LA, Role.CO) or one.sits_on(facts.heard_by) or access.line_tier(one, facts) is not None
    ]
    first = [known[id] for id in dict.fromkeys((item.presenter_id, item.requester_id)) if id in known]
    rest = sorted((one for one in others if one.id not in known), key=lambda one: one.name)
    return tuple((one.id, one.name) for one in (*first, *rest))


async def _open_sittings(work: Work, rules: Rules, item: items.Item) -> tuple[Named, ...]:
    panel = rules.book.panel(item.panel).incorporated_in or item.panel
    found = await sittings.upcoming(work, panels=[panel], limit=12)
    free = [one for one in found if one.hears(item.panel) and one.lane_free(item.panel, is_urgent=True)]
    return tuple((one.id, f"{london.local(one.starts_at):%a %d %b, %H:%M}") for one in free)


async def _warnings(work: Work, rules: Rules, item: items.Item, facts: ItemFacts) -> tuple[str, ...]:
    """What may stand in its way on the day: a chair who manages the case, a presenter who may not be there."""
    chair = await chairs.warning(work, rules, item, facts)
    return (*((chair,) if chair else ()), *await presenters.warnings(work, rules, item))


async def _advice(work: Work, item: items.Item) -> tuple[str, ...]:
    rows = await decisions.advice_on(work, item.id)
    names = await people.by_ids(work, [by for by, _, _ in rows], today=today(work))
    return tuple(f"{words} ({names[by].name})" if by in names else words for by, _, words in rows)


async def _history(work: Work, rules: Rules, item: items.Item) -> tuple[Happened, ...]:
    rows = (await item_events.of_item(work, item.id))[-MOST_HISTORY:]
    names = await people.by_ids(work, [row.by_id for row in rows if row.by_id], today=today(work))
    reasons = {one.code: one.name for one in rules.book.panel_work.deferral_reasons}
    return tuple(
        Happened(
            kind=row.kind,
            at=row.at,
            who=names[row.by_id].name if row.by_id in names else "Usher",
            words=row.words,
            note=reasons.get(str(row.facts.get("reason", "")), ""),
        )
        for row in rows
    )


async def _braid(work: Work, rules: Rules, item: items.Item, reader: Person) -> tuple[Braid, ...]:
    """What else there is about these children, of what this reader may see."""
    refs = [child.case_ref for child in await item_children.of_item(work, item.id)]
    names = {ref: await _initials(work, ref) for ref in refs}
    found: list[Braid] = []
    for ref in refs:
        for row in await ntk_register.about_cases(work, [ref], since=work.now - timedelta(days=366)):
            facts = await ntk_recipients.facts(work, row)
            if row.state in ntk.LIVE and access.can_read_ntk(reader, facts):
                words = f"{row.reference}, {rules.book.category(row.category).name}"
                found.append(Braid(kind="ntk", child=names[ref], words=words, on=london.local_date(row.raised_at)))
        others = await items.by_ids(work, [id for id in await item_children.items_of_case(work, ref) if id != item.id])
        for other in sorted(others.values(), key=lambda one: one.requested_at, reverse=True):
            facts_of = await item_cards.facts_by(work, rules.book, other)
            if access.can_read_item(reader, facts_of):
                found += await _of_other(work, rules, other, names[ref])
        for stage in ("PLO", "CARE"):
            tracked = await trackers.open_of_case(work, stage, ref)
            if tracked is not None:
                words = item_cards.panel_name(rules.book, stage)
                found.append(Braid(kind="tracked", child=names[ref], words=words, on=tracked.opened_on))
    return tuple(dict.fromkeys(found))[:MOST_BRAIDED]


async def _of_other(work: Work, rules: Rules, other: items.Item, child: str) -> list[Braid]:
    name = item_cards.panel_name(rules.book, other.panel)
    if other.state in items.LIVE:
        slot = await slots.slot_of(work, other.id)
        sitting = await sittings.get(work, slot[0]) if slot else None
        on = london.local_date(sitting.starts_at) if sitting else None
        return [Braid(kind="item", child=child, words=f"{other.reference}, {name}", on=on)]
    made = await decided(work, rules, other)
    found = [Braid(kind="decision", child=one.child, words=f"{name}, {one.outcome}", on=one.decided_on) for one in made]
    late = [
        one
        for one in (await item_actions.of_items(work, [other.id]))[other.id]
        if one.state == item_actions.OPEN and one.due_on < today(work)
    ]
    return [*found, *(Braid(kind="action", child=child, words=one.what, on=one.due_on) for one in late)]


async def _initials(work: Work, case_ref: str) -> str:
    case = await cases.get(work, case_ref)
    return item_cards.child_words(case.initials, case.case_id)
