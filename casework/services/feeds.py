"""Somebody's calendar: their sittings, when they present, papers and actions due; nothing in it is of a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from casework.db import feeds, item_actions, items, people, sittings, slots
from casework.db.uow import Work
from casework.domain import access, agenda_plan
from casework.domain.booking import Sitting
from casework.domain.people import Person
from casework.services import agendas, item_cards
from casework.services.context import Context, Rules, fresh, today
from casework.services.recorder import record
from casework.views import CalendarEntry

# how far a calendar looks back and ahead
BEHIND = timedelta(days=31)
AHEAD = timedelta(days=366)
TAKES_PLACE = frozenset({"planned", "moved"})


async def made_at(context: Context, *, person: Person) -> datetime | None:
    """Since when a person has an address; None without one."""
    async with context.database.reading() as work:
        return await feeds.made_at(work, person.id)


async def make(context: Context, *, person: Person) -> str:
    """The token of a new address for a person; whoever still has an earlier one gets nothing more from it.

    Raises Refusal NOT_ALLOWED for somebody who has left.
    """
    async with context.database.writing() as work:
        person = await fresh(work, person)
        token = await feeds.make(work, person.id)
        await _note(context, work, person, "feed.made")
        return token


async def stop(context: Context, *, person: Person) -> None:
    """Nobody reads a person's calendar by the address they had."""
    async with context.database.writing() as work:
        if await feeds.stop(work, person.id):
            await _note(context, work, person, "feed.stopped")


async def entries(context: Context, token: str) -> tuple[CalendarEntry, ...] | None:
    """The calendar an address gives, soonest first; None where it gives none, or no longer.

    Rights are those of this moment: somebody who has left has no calendar.
    """
    async with context.database.reading() as work:
        owner_id = await feeds.owner_of(work, token)
        person = (await people.by_ids(work, [owner_id], today=today(work))).get(owner_id) if owner_id else None
        if person is None or not person.grants:
            return None
        rules = await context.rules(work)
        around = await sittings.between(work, first=work.now - BEHIND, last=work.now + AHEAD)
        mine = await items.seated(work, person.id, sitting_ids=[one.id for one in around])
        found = [entry for one in around for entry in await _of_sitting(work, rules, one, person, mine)]
        for action in await item_actions.open_of(work, person.id):
            item = await items.get(work, action.item_id)
            if item is not None:
                name = item_cards.panel_name(rules.book, item.panel)
                found.append(CalendarEntry(id=f"action-{action.id}", words=f"Action due: {name}", on=action.due_on))
        return tuple(found)


async def _of_sitting(
    work: Work, rules: Rules, sitting: Sitting, person: Person, mine: Mapping[str, Sequence[items.Item]]
) -> list[CalendarEntry]:
    """The sitting for who takes part in it; when they present, and until when papers are due, for who has items."""
    name = " with ".join(item_cards.panel_name(rules.book, code) for code in (sitting.panel, *sitting.incorporates))
    found = []
    seated = mine.get(sitting.id, ())
    takes_part = any(access.can_see_agenda(person, code) for code in (sitting.panel, *sitting.incorporates))
    if takes_part and sitting.status != "skipped":
        found.append(_entry(sitting, "sitting", name, sitting.starts_at, sitting.ends_at))
    if sitting.status not in TAKES_PLACE or not seated:
        return found
    presented = [item.id for item in seated if item.presenter_id == person.id]
    if presented:
        begins, ends = await _times(work, sitting, presented)
        found.append(_entry(sitting, "presents", f"You present: {name}", begins, ends))
    due = sitting.papers_due_at
    found.append(_entry(sitting, "papers", f"Papers due: {name}", due - timedelta(minutes=15), due, is_deadline=True))
    return found


async def _times(work: Work, sitting: Sitting, item_ids: Sequence[str]) -> tuple[datetime, datetime]:
    """From when to when a person's items are heard: the whole sitting until its agenda is out."""
    if sitting.agenda_state != agendas.RELEASED:
        return sitting.starts_at, sitting.ends_at
    plan = await slots.filled(work, sitting.id)
    begins = agenda_plan.starts((one.minutes for one in plan), sitting.starts_at)
    ours = [
        (begin, begin + timedelta(minutes=one.minutes))
        for one, begin in zip(plan, begins, strict=True)
        if one.item_id in item_ids
    ]
    return min(begin for begin, _ in ours), max(end for _, end in ours)


def _entry(
    sitting: Sitting, what: str, words: str, starts_at: datetime, ends_at: datetime, *, is_deadline: bool = False
) -> CalendarEntry:
    return CalendarEntry(
        id=f"{what}-{sitting.id}",
        words=words,
        starts_at=starts_at,
        ends_at=ends_at,
        status={"ask": "tentative", "cancelled": "cancelled"}.get(sitting.status, "confirmed"),
        is_deadline=is_deadline,
    )


async def _note(context: Context, work: Work, person: Person, action: str) -> None:
    await record(context, work, actor_id=person.id, action=action, subject_kind="person", subject_id=person.id)
