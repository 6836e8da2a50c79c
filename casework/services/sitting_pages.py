"""Sittings as coordinators and chairs see them: the list with what waits for a decision, one sitting, a preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.db import cases, items, people, sitting_changes, sittings, slots
from casework.db.base import new_id
from casework.db.uow import Work
from casework.domain import access, sitting_plan
from casework.domain.booking import Sitting
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook
from casework.services import item_cards, item_slots, sitting_moves
from casework.services.context import Context, Rules, fresh, insist, today
from casework.sitting_views import (
    Placed,
    SittingChanged,
    SittingLine,
    SittingList,
    SittingPage,
    SittingPreview,
    WaitingLine,
)

SHOWN_SPAN = timedelta(days=28)
A_YEAR = timedelta(days=366)
MOST_TO_RESOLVE = 8
MOST_COMING = 12
MOST_WAITING = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a change would do. `after` is the sitting as it would stand, None where it would not take place."""

    after: Sitting | None
    stays: tuple[items.Item, ...]
    leaves: tuple[items.Item, ...]
    clashes: tuple[Sitting, ...]
    people: int


async def listed(context: Context, *, person: Person) -> SittingList:
    """What waits for a decision over the whole year, and what comes in four weeks; raises Refusal NOT_ALLOWED."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_manage_sittings(person))
        asked = await sittings.to_resolve(work, limit=MOST_TO_RESOLVE + 1)
        found = await sittings.between(work, first=work.now, last=work.now + SHOWN_SPAN)
        coming = [one for one in found if one.status in sitting_plan.OPEN]
        year = await sittings.between(work, first=work.now, last=work.now + A_YEAR)
        moved = [one for one in year if one.status == "moved"]
        return SittingList(
            to_resolve=tuple(line(rules.book, one) for one in asked[:MOST_TO_RESOLVE]),
            coming=tuple(line(rules.book, one) for one in coming[:MOST_COMING]),
            waiting=await waiting_counts(work, rules),
            more=max(0, len(coming) - MOST_COMING),
            panels=callable_panels(rules.book, person),
            moved=tuple(line(rules.book, one) for one in moved[:MOST_TO_RESOLVE]),
        )


async def waiting_counts(work: Work, rules: Rules) -> tuple[tuple[str, int], ...]:
    """(panel's name, items without a slot) of each panel for which anybody waits."""
    waiting: dict[str, int] = {}
    for item in await items.waiting(work):
        waiting[item.panel] = waiting.get(item.panel, 0) + 1
    return tuple((item_cards.panel_name(rules.book, code), count) for code, count in waiting.items())


async def show(context: Context, *, person: Person, sitting_id: str) -> SittingPage:
    """One sitting for its coordinator or chair; raises Refusal NOT_FOUND for others."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        sitting = await sittings.get(work, sitting_id)
        if sitting is None or not _may_look(person, sitting.panel):
            raise Refusal(Code.NOT_FOUND)
        return await page(work, rules, sitting, reader=person)


async def waiting(context: Context, *, person: Person) -> tuple[tuple[WaitingLine, ...], int]:
    """(items without a slot, the first in line first; how many more there are); raises Refusal NOT_ALLOWED."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_manage_sittings(person))
        rows = await items.waiting(work)
        lines = [
            WaitingLine(
                item_id=item.id,
                version=item.version,
                reference=item.reference,
                initials=item.initials,
                case_id=(await cases.get(work, item.case_ref)).case_id,
                panel_name=item_cards.panel_name(rules.book, item.panel),
                band=band_name(rules.book, item),
                waiting_since=item.waiting_since or item.requested_at,
            )
            for item in rows[:MOST_WAITING]
        ]
        return tuple(lines), max(0, len(rows) - MOST_WAITING)


def nonce() -> str:
    """A new form's own id: what it does is done once, however often it is sent."""
    return new_id()


def callable_panels(book: Rulebook, person: Person) -> tuple[tuple[str, str], ...]:
    """The panels this person may call an extraordinary sitting of, as (code, name)."""
    return tuple(
        (panel.code, panel.name)
        for panel in book.panels
        if not panel.incorporated_in and access.can_call_sitting(person, panel.code)
    )


def line(book: Rulebook, sitting: Sitting) -> SittingLine:
    return SittingLine(
        sitting_id=sitting.id,
        panel=sitting.panel,
        panel_name=item_cards.panel_name(book, sitting.panel),
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        status=sitting.status,
        is_extraordinary=sitting.kind == "extraordinary",
        booked=sitting.taken,
        capacity=sitting.slots,
        reason=sitting.reason,
    )


async def page(work: Work, rules: Rules, sitting: Sitting, *, reader: Person) -> SittingPage:
    """One sitting for a reader whose right the caller has checked."""
    is_over = sitting.starts_at <= work.now or sitting.status in ("cancelled", "skipped")
    return SittingPage(
        line=line(rules.book, sitting),
        panel=sitting.panel,
        version=sitting.version,
        papers_due_at=sitting.papers_due_at,
        venue=sitting.venue,
        agenda_sent=sitting.agenda_state != "draft",
        minutes=int((sitting.ends_at - sitting.starts_at).total_seconds() // 60),
        items=await placed(work, rules.book, [(item, sitting) for _, item in await items.on_sitting(work, sitting.id)]),
        may_manage=access.can_manage_sittings(reader) and not is_over,
        may_waive=access.can_waive_cutoff(reader, sitting.panel) and not is_over and sitting.status != "ask",
        is_over=is_over,
    )


async def preview(
    work: Work, rules: Rules, sitting: Sitting, after: Sitting | None, plan: Plan, *, reader: Person
) -> SittingPreview:
    """What `plan` would do to `sitting`, in words for its coordinator."""
    there = await item_slots.open_for(work, sitting.panel, but=sitting.id)
    leaves = sitting_moves.shared_out(plan.leaves, there)
    return SittingPreview(
        page=await page(work, rules, sitting, reader=reader),
        to_starts_at=after.starts_at if after else None,
        to_ends_at=after.ends_at if after else None,
        venue=after.venue if after else "",
        papers_due_at=after.papers_due_at if after else None,
        is_past_deadline=after is not None and after.papers_due_at <= work.now,
        capacity=after.capacity if after else 0,
        stays=await placed(work, rules.book, [(item, after) for item in plan.stays]),
        leaves=await placed(work, rules.book, leaves),
        warnings=tuple(item_cards.panel_name(rules.book, one.panel) for one in plan.clashes),
        told=plan.people,
    )


async def changed(work: Work, rules: Rules, change_id: str, reader: Person) -> SittingChanged | None:
    """What became of a sitting, for somebody it concerns; None for others (any more)."""
    change = await sitting_changes.get(work, change_id)
    sitting = await sittings.get(work, change.sitting_id) if change else None
    if change is None or sitting is None:
        return None
    went: dict[str, str | None] = change.facts["items"]
    rows = [item for _, item in await items.on_sitting(work, sitting.id)]
    rows += [
        item for id in went if (item := await items.get(work, id)) is not None and item.id not in {r.id for r in rows}
    ]
    mine = [item for item in rows if reader.id in (item.requester_id, item.presenter_id)]
    if not mine and not access.can_see_agenda(reader, sitting.panel):
        return None
    where = [(item, await _where(work, item)) for item in mine]
    names = await people.by_ids(work, [change.by_id or ""], today=today(work))
    is_on = sitting.status in sitting_plan.OPEN
    return SittingChanged(
        panel_name=item_cards.panel_name(rules.book, sitting.panel),
        kind=change.kind,
        from_starts_at=_instant(change.facts["from"]) if change.kind != "waived" else sitting.starts_at,
        to_starts_at=sitting.starts_at if is_on else None,
        to_ends_at=sitting.ends_at if is_on else None,
        venue=sitting.venue,
        papers_due_at=sitting.papers_due_at if is_on else None,
        who=names[change.by_id].name if change.by_id in names else "Usher",
        reason=change.reason,
        mine=await placed(work, rules.book, where),
        sitting_id=sitting.id,
        may_see_agenda=access.can_see_agenda(reader, sitting.panel) and is_on,
    )


async def placed(work: Work, book: Rulebook, rows: Sequence[tuple[items.Item, Sitting | None]]) -> tuple[Placed, ...]:
    """Items and where each goes, by initials and case id."""
    return tuple(
        [
            Placed(
                item_id=item.id,
                reference=item.reference,
                initials=item.initials,
                case_id=(await cases.get(work, item.case_ref)).case_id,
                band=band_name(book, item),
                to_starts_at=there.starts_at if there else None,
                to_panel=item_cards.panel_name(book, there.panel) if there else "",
            )
            for item, there in rows
        ]
    )


def band_name(book: Rulebook, item: items.Item) -> str:
    """The item's priority band in words; empty where the panel has none."""
    panel = next((known for known in book.panels if known.code == item.panel), None)
    return panel.bands[item.band - 1] if panel and 0 < item.band <= len(panel.bands) else ""


async def _where(work: Work, item: items.Item) -> Sitting | None:
    slot = await slots.slot_of(work, item.id)
    return await sittings.get(work, slot[0]) if slot else None


def _may_look(person: Person, panel: str) -> bool:
    return access.can_manage_sittings(person) or person.chairs(panel)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
