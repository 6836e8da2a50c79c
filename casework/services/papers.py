"""The papers of items: ticking them, the reminders, the cut-off that marks what is late, and the chair's word on it."""

from __future__ import annotations

from casework.db import deliveries, item_papers, items, people, sittings, timers
from casework.db.uow import Work
from casework.domain import papers, sitting_plan
from casework.domain.booking import Sitting
from casework.domain.deliveries import POLICIES, Kind
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person, Role
from casework.item_views import LatePapers, PapersDue
from casework.services import agendas, item_cards, item_pages, item_slots, offers
from casework.services.context import Context, Rules, today
from casework.services.item_doing import Doing, tell_side
from casework.services.recorder import delivery, record

LATE = "late"
LET_IN = "let_in"


async def save(doing: Doing) -> None:
    """Keep what the checklist says now; a late item whose papers came is late no more only by the chair's word."""
    work, item = doing.work, doing.item
    panel = doing.rules.book.panel(item.panel)
    before = (await item_papers.of_items(work, [item.id]))[item.id]
    ready = set(doing.answers["ready"].split(",")) - {""}
    why, links = doing.answers["why"], doing.answers["links"]
    there, excused, left = papers.after_form(panel, item.request_type, ready=ready, why=why)
    for code in there:
        if code not in before or before[code].state != item_papers.READY:
            await _put(doing, code, item_papers.READY)
    for code in excused:
        await _put(doing, code, item_papers.EXCUSED, why)
    await item_papers.remove(work, item_id=item.id, codes=[*left, *([] if links else [item_papers.LINKS])])
    if links:
        await _put(doing, item_papers.LINKS, item_papers.READY, links)
    changed = await items.change(work, item, by=doing.person.id)
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    tell = await _renewed(doing, changed)
    await doing.note("papers", facts={"ready": len(there), "excused": len(excused)}, tell=tell, item=changed)


async def confirm(doing: Doing) -> None:
    """Whoever's word counts says that the papers are complete."""
    await _put(doing, item_papers.CONFIRMED, item_papers.READY)
    changed = await items.change(doing.work, doing.item, by=doing.person.id)
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    tell = [*doing.tell_side(changed), *await _renewed(doing, changed)]
    await doing.note("papers_ok", tell=tell, item=changed)


async def let_in(doing: Doing) -> None:
    """The chair lets late papers in, with a reason."""
    changed = await items.change(doing.work, doing.item, by=doing.person.id, late=LET_IN)
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    tell = [*doing.tell_side(changed), *await _renewed(doing, changed)]
    await doing.note("let_in", words=doing.answers["reason"], tell=tell, item=changed)


async def refuse_late(doing: Doing) -> None:
    """The chair refuses an item whose papers are late: it goes to the next sitting with a place, or waits."""
    work, rules = doing.work, doing.rules
    old = await item_slots.take_off(work, doing.item)
    placed, there = await item_slots.place(work, rules, doing.item, but=old or "", by=doing.person.id)
    because = f"{placed.id}:{placed.version}"
    tell = doing.tell_side(placed)
    if old is not None:
        tell += await offers.offer_next(work, rules, old)
    for one in {old, there.id if there else None} - {None}:
        sitting = await sittings.get(work, one or "")
        if sitting is not None:
            tell += await agendas.renew(work, rules, sitting, by=doing.person.id, because=because)
    facts = {"from": old, "to": there.id if there else None}
    await doing.note("refused_late", words=doing.answers["reason"], facts=facts, tell=tell, item=placed)


async def cut_off(context: Context, work: Work, timer: timers.Timer) -> None:
    """The cut-off has come: items without their papers are marked late, and the chair is asked about them."""
    if not await timers.finish(work, timer.id):
        return
    rules = await context.rules(work)
    sitting = await sittings.get(work, timer.subject_id)
    if sitting is None or sitting.status not in sitting_plan.OPEN or sitting.papers_due_at > work.now:
        return
    late = [item for item in await _incomplete(work, rules, sitting) if item.origin == "request" and not item.late]
    tell: list[deliveries.Wanted] = []
    for item in late:
        await items.mark_late(work, item.id, LATE)
        tell += tell_side(work, item, key=f"late:{timer.due_at.isoformat()}")
    if late:
        chairs = [one for one in await people.holding(work, [Role.CH], today=today(work)) if one.chairs(sitting.panel)]
        readers = chairs or list(await people.holding(work, [Role.CO], today=today(work)))
        tell += [
            delivery(
                work,
                kind=Kind.PAPERS_LATE,
                subject_id=sitting.id,
                person_id=one.id,
                key=f"{timer.due_at.isoformat()}:{one.id}",
            )
            for one in readers
        ]
    await record(
        context,
        work,
        actor_id=None,
        action="papers.cut_off",
        subject_kind="sitting",
        subject_id=sitting.id,
        facts={"panel": sitting.panel, "late": len(late)},
        tell=tell,
    )


async def remind(context: Context, work: Work, timer: timers.Timer) -> None:
    """So many working days before the cut-off, and on its morning: who presents is told what is missing."""
    item = await items.get(work, timer.subject_id)
    rules = await context.rules(work)
    sitting = await item_slots.sitting_of(work, timer.subject_id)
    late_after = POLICIES[Kind.PAPERS_DUE].late_after
    is_useful = (
        item is not None
        and item.state == items.BOOKED
        and sitting is not None
        and sitting.papers_due_at > work.now
        and late_after is not None
        and work.now - timer.due_at <= late_after
        and not await _is_complete(work, rules, item)
    )
    if not await timers.finish(work, timer.id, state=timers.FIRED if is_useful else timers.SKIPPED):
        return
    tell = []
    if is_useful and item is not None:
        tell = tell_side(work, item, kind=Kind.PAPERS_DUE, key=timer.due_at.isoformat())
    await record(
        context,
        work,
        actor_id=None,
        action="papers_due.due" if is_useful else "papers_due.skipped",
        subject_kind="item",
        subject_id=timer.subject_id,
        facts={"due_at": timer.due_at.isoformat()},
        tell=tell,
    )


async def due_view(work: Work, rules: Rules, item: items.Item, reader: Person) -> PapersDue | None:
    """What is still missing, for who presents; None where nothing is any more."""
    sitting = await item_slots.sitting_of(work, item.id)
    if sitting is None or item.state != items.BOOKED or sitting.papers_due_at <= work.now:
        return None
    page = await item_pages.page(work, rules, item, reader=reader)
    if page.ready is None or not page.ready.missing:
        return None
    is_last = (sitting.papers_due_at - work.now).total_seconds() < 24 * 3600
    return PapersDue(page=page, due_at=sitting.papers_due_at, is_last=is_last)


async def late_view(work: Work, rules: Rules, sitting: Sitting, reader: Person) -> LatePapers | None:
    """The items that are late, for the chair; None where none is any more."""
    lines = []
    for _, item in await items.on_sitting(work, sitting.id):
        facts = await item_cards.facts_by(work, rules.book, item)
        if item.late == LATE and reader.id not in facts.kept_out_ids:
            card = await item_cards.card(work, rules, item, reader=reader)
            lines.append((card, await item_pages.ready(work, rules, item)))
    if not lines:
        return None
    return LatePapers(
        sitting_id=sitting.id,
        panel_name=item_cards.panel_name(rules.book, sitting.panel),
        starts_at=sitting.starts_at,
        lines=tuple(lines),
    )


async def _incomplete(work: Work, rules: Rules, sitting: Sitting) -> list[items.Item]:
    return [item for _, item in await items.on_sitting(work, sitting.id) if not await _is_complete(work, rules, item)]


async def _is_complete(work: Work, rules: Rules, item: items.Item) -> bool:
    panel = item_cards.panel_of(rules.book, item.panel)
    so_far = (await item_papers.of_items(work, [item.id]))[item.id]
    return panel is None or papers.are_complete(panel, item.request_type, so_far)


async def _put(doing: Doing, code: str, state: str, words: str = "") -> None:
    await item_papers.put(doing.work, item_id=doing.item.id, code=code, state=state, words=words, by_id=doing.person.id)


async def _renewed(doing: Doing, item: items.Item) -> list[deliveries.Wanted]:
    sitting = await item_slots.sitting_of(doing.work, item.id)
    if sitting is None:
        return []
    because = f"{item.id}:{item.version}"
    return await agendas.renew(doing.work, doing.rules, sitting, by=doing.person.id, because=because)
