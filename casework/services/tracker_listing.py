"""Bringing tracked families onto the agendas of the PLO and Care Proceedings Panels: all who are due, none omitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from casework.db import deliveries, item_children, item_events, items, people, sittings, trackers
from casework.db import offers as offers_db
from casework.db.base import new_id
from casework.db.uow import Work
from casework.domain import london, working_days
from casework.domain import trackers as rules_of
from casework.domain.booking import Sitting
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Role
from casework.services import agendas, item_moves, item_slots, offers, tracker_flags
from casework.services.context import Context, Rules, today
from casework.services.item_doing import Doing, tell_side
from casework.services.recorder import record

LOOKED_AHEAD = timedelta(days=60)
DATES = frozenset({"letter", "meeting", "hearing", "unborn"})


async def list_due(context: Context) -> int:
    """List every tracked family that is due at the next sitting of its panel, once its agenda is being made.

    That is so many operating days before the papers' cut-off as the rulebook says. Returns how many were listed.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        count = 0
        for panel in rules.book.panels:
            sitting = await _next(work, rules, panel.code) if panel.tracked else None
            if sitting is None or panel.tracked is None:
                continue
            on = london.local_date(sitting.starts_at)
            rows = {row.id: row for row in await trackers.open_in(work, panel.code)}
            families = [tracker_flags.family(row) for row in rows.values()]
            for family in rules_of.in_order(families, on, panel.tracked, rules.book.calendar):
                tell = await _listed(context, work, rules, rows[family.id], sitting)
                count += tell is not None
        return count


async def list_family(
    context: Context, work: Work, rules: Rules, tracker_id: str, *, by: str | None
) -> list[deliveries.Wanted]:
    """List one family at the next sitting of its panel, once; the cards that tell of it are already written."""
    row = await trackers.get(work, tracker_id)
    assert row is not None
    panel = rules.book.panel(row.stage)
    found = await sittings.upcoming(work, panels=[panel.code], limit=1)
    if found:
        await _listed(context, work, rules, row, found[0], by=by)
    return []


async def conclude(doing: Doing, stage: str, case_refs: Sequence[str], on: date) -> list[deliveries.Wanted]:
    """The family leaves a stage: its tracker is closed, and what was still listed for it is taken off.

    Places it had, or was offered, go to the next in line; returns the cards that tell of it.
    """
    tell: list[deliveries.Wanted] = []
    for ref in case_refs:
        row = await trackers.open_of_case(doing.work, stage, ref)
        if row is None:
            continue
        await trackers.change(doing.work, row.id, state=trackers.CLOSED, closed_on=on)
        for item in await items.of_tracker(doing.work, row.id):
            if item.state in items.LIVE and item.id != doing.item.id:
                freed = await offers.withdraw(doing.work, item_id=item.id)
                there = await item_slots.sitting_of(doing.work, item.id)
                await item_slots.take_off(doing.work, item)
                await items.change(doing.work, item, state=items.CANCELLED, by=doing.person.id)
                for id in sorted(freed | ({there.id} if there else set())):
                    tell += await offers.offer_next(doing.work, doing.rules, id)
                if there is not None:
                    because = f"{item.id}:{item.version}"
                    tell += await agendas.renew(doing.work, doing.rules, there, by=doing.person.id, because=because)
    return tell


async def after_decision(doing: Doing, item: items.Item, made: object) -> None:
    """What a decision on a tracked family means for it: when it comes back, and how long the stage may last."""
    row = await trackers.get(doing.work, item.tracker_id) if item.tracker_id else None
    if row is None or row.state != trackers.OPEN:
        return
    tracked = doing.rules.book.panel(row.stage).tracked
    review_on, until_on = getattr(made, "review_on", None), getattr(made, "until_on", None)
    values: dict[str, object] = {"review_on": review_on}
    ends_on = rules_of.last_day(tracker_flags.family(row), tracked) if tracked else None
    if until_on is not None and ends_on is not None and until_on > ends_on:
        # to the very day that was allowed: a week rounded up would hide the last days
        values["until_on"] = until_on
    await trackers.change(doing.work, row.id, **values)


async def dates(doing: Doing) -> None:
    """Bring the dates of a family up to date, as the case system has them."""
    row = await trackers.get(doing.work, doing.item.tracker_id) if doing.item.tracker_id else None
    if row is None:
        raise Refusal(Code.STALE_CARD)
    read = {name: date.fromisoformat(text) if text else None for name, text in doing.answers.items() if name in DATES}
    if row.stage == rules_of.Stage.PLO:
        _in_order(row.opened_on, read["letter"], read["meeting"], today(doing.work))
        values: dict[str, object] = {
            "letter_on": read["letter"],
            "meeting_on": read["meeting"],
            "unborn_due_on": read["unborn"],
        }
    else:
        values = {"hearing_on": read["hearing"], "has_permanence_plan": bool(doing.answers["plan"])}
    await trackers.change(doing.work, row.id, **values)
    changed = await items.change(doing.work, doing.item, by=doing.person.id)
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    await doing.note("dates", facts={"stage": row.stage}, item=changed)


def _in_order(opened_on: date, letter_on: date | None, meeting_on: date | None, now: date) -> None:
    """A letter follows the decision and has been sent; a meeting follows the letter. Raises FieldErrors."""
    errors: dict[str, Code] = {}
    if letter_on is not None and letter_on > now:
        errors["letter"] = Code.IN_THE_FUTURE
    elif letter_on is not None and letter_on < opened_on:
        errors["letter"] = Code.NOT_LATER
    if meeting_on is not None and (letter_on is None or meeting_on < letter_on):
        errors["meeting"] = Code.NOT_LATER
    if errors:
        raise FieldErrors(errors)


async def _listed(
    context: Context, work: Work, rules: Rules, row: trackers.Tracker, sitting: Sitting, *, by: str | None = None
) -> items.Item | None:
    """The family's item, newly on a sitting or newly waiting for one; None where nothing changes.

    One that waits from an earlier sitting gets its slot here, in the order of all who are due.
    """
    item = await _current(work, row)
    if item is None:
        item = await _made(work, rules, row, sitting, by=by)
        placed = await item_slots.give(work, rules, item, sitting, by=by) or item
    else:
        # a place that is on offer to it is kept for its answer
        if item.state != items.WAITING or await offers_db.open_of(work, item_id=item.id):
            return None
        item = await _again(work, rules, row, item, sitting, by=by)
        seated = await item_slots.give(work, rules, item, sitting, by=by)
        if seated is None:
            return None
        placed = seated
    await item_events.add(work, item_id=item.id, by_id=by, kind="listed", facts={"stage": row.stage})
    tell = tell_side(work, placed)
    if placed.state == items.BOOKED:
        tell += await agendas.renew(work, rules, sitting, by=by, because=f"{placed.id}:{placed.version}")
    await record(
        context,
        work,
        actor_id=by,
        action="tracker.listed",
        subject_kind="item",
        subject_id=item.id,
        facts={"stage": row.stage, "sitting": sitting.id, "has_slot": placed.state == items.BOOKED},
        tell=tell,
    )
    return placed


async def _current(work: Work, row: trackers.Tracker) -> items.Item | None:
    """The family's item that is still to be heard, the newest; None where it has none.

    One that somebody asked for by hand becomes the family's: it is not listed a second time beside it.
    """
    for item in await items.of_tracker(work, row.id):
        if item.state in items.LIVE and not await _is_over(work, item):
            return item
    for case_ref, _ in await trackers.children(work, row.id):
        ids = await item_children.items_of_case(work, case_ref)
        for item in (await items.by_ids(work, ids)).values():
            is_hers = item.panel == row.stage and item.tracker_id is None and item.state in items.LIVE
            if is_hers and not await _is_over(work, item):
                return await items.change(work, item, by=None, tracker_id=row.id) or item
    return None


async def _made(work: Work, rules: Rules, row: trackers.Tracker, sitting: Sitting, *, by: str | None) -> items.Item:
    panel = rules.book.panel(row.stage)
    children = await trackers.children(work, row.id)
    worker = row.worker_id or await _somebody(work)
    band, deadline_on = _pressing(rules, row, sitting)
    item = items.Item(
        id=new_id(),
        reference=await item_moves.next_reference(work),
        case_ref=row.case_ref,
        panel=row.stage,
        request_type=panel.request_types[0].code,
        requester_id=worker,
        presenter_id=worker,
        state=items.WAITING,
        initials=children[0][1],
        requested_at=work.now,
        changed_by_id=by,
        version=1,
        band=band,
        waiting_since=work.now,
        deadline_on=deadline_on,
        minutes=panel.minutes_for(len(children)),
        origin="tracker",
        tracker_id=row.id,
    )
    await items.create(work, item, nonce=new_id())
    await item_children.add(work, item.id, children)
    return item


async def _again(
    work: Work, rules: Rules, row: trackers.Tracker, item: items.Item, sitting: Sitting, *, by: str | None
) -> items.Item:
    """The waiting item with the band and the deadline its family has by now."""
    band, deadline_on = _pressing(rules, row, sitting)
    if (item.band, item.deadline_on) == (band, deadline_on):
        return item
    return await items.change(work, item, by=by, band=band, deadline_on=deadline_on) or item


def _pressing(rules: Rules, row: trackers.Tracker, sitting: Sitting) -> tuple[int, date]:
    """The band a family has at a sitting, and the last day of its stage."""
    tracked = rules.book.panel(row.stage).tracked
    assert tracked is not None
    family = tracker_flags.family(row)
    on = london.local_date(sitting.starts_at)
    return rules_of.band(family, on, tracked, rules.book.calendar), rules_of.last_day(family, tracked)


async def _is_over(work: Work, item: items.Item) -> bool:
    """Whether its sitting is over: closed, or past without anybody having opened it."""
    sitting = await item_slots.sitting_of(work, item.id)
    if sitting is None:
        return False
    return sitting.closed_at is not None or (sitting.started_at is None and sitting.ends_at <= work.now)


async def _next(work: Work, rules: Rules, panel: str) -> Sitting | None:
    """The next sitting whose agenda is being made now."""
    found = await sittings.upcoming(work, panels=[panel], limit=1)
    if not found or found[0].starts_at > work.now + LOOKED_AHEAD:
        return None
    day = london.local_date(found[0].papers_due_at)
    for _ in range(rules.book.panel_work.tracker_listed_days):
        day = working_days.operating_day_before(day, rules.book.calendar)
    return found[0] if today(work) >= day else None


async def _somebody(work: Work) -> str:
    """Whoever keeps the tracker stands in for a family that has no worker: the coordinator, else a legal adviser."""
    for role in (Role.CO, Role.LA, Role.HOS, Role.DIR):
        found = await people.holding(work, [role], today=today(work))
        if found:
            return found[0].id
    raise LookupError("nobody of the council could be named as presenter")
