"""The morning digest for managers and the duty team's handover: set for the next working morning, again and again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from casework.db import people, sittings, timers
from casework.db.uow import Work
from casework.delivery_views import OfficeDigest
from casework.domain import clocks, london, sitting_plan, working_days
from casework.domain.access import LINE
from casework.domain.deliveries import Kind
from casework.domain.people import Person, Role
from casework.domain.rulebook import Rulebook
from casework.ntk_list_views import Digest, Handover
from casework.services import ntk_lists, sitting_pages, undelivered
from casework.services.context import Context, today
from casework.services.recorder import delivery, record

MORNING = "morning_digest"
HANDOVER = "handover"
OFFICE = "office_digest"
COUNCIL = "council"
KINDS = {MORNING: Kind.MORNING_DIGEST, HANDOVER: Kind.HANDOVER, OFFICE: Kind.OFFICE_DIGEST}
# the duty team's night work goes to those who take it over; the digest to the whole line
READERS = {MORNING: LINE, HANDOVER: (Role.TM, Role.SM), OFFICE: (Role.CO,)}


async def ensure(context: Context) -> None:
    """Set the next digest and handover where none is set: after an installation, or an upgrade."""
    async with context.database.writing() as work:
        book = (await context.rules(work)).book
        for kind in KINDS:
            if await timers.set_of_kind(work, kind) is None:
                await timers.set_(work, [(kind, COUNCIL, next_at(book, kind, work.now))])


async def fire(context: Context, work: Work, timer: timers.Timer) -> None:
    """One delivery for each reader who has anything to read, and the timer of the next working morning.

    After a long sleep there is one digest of today, not one for each day slept through.
    """
    if not await timers.finish(work, timer.id):
        return
    rules = await context.rules(work)
    await timers.set_(work, [(timer.kind, COUNCIL, next_at(rules.book, timer.kind, work.now))])
    kind = KINDS[timer.kind]
    day = today(work).isoformat()
    readers = []
    is_working = working_days.is_operating_day(today(work), rules.book.calendar)
    for person in await people.holding(work, READERS[timer.kind], today=today(work)):
        # one slept through until a day off waits for the next working morning
        if is_working and not person.is_away and await _has_something(context, work, timer.kind, person):
            readers.append(person.id)
    await record(
        context,
        work,
        actor_id=None,
        action=f"{kind.value}.due",
        subject_kind="council",
        subject_id=COUNCIL,
        facts={"readers": len(readers), "due_at": timer.due_at.isoformat()},
        tell=[
            delivery(work, kind=kind, subject_id=COUNCIL, person_id=reader, key=f"{reader}:{day}") for reader in readers
        ],
    )


async def morning(context: Context, work: Work, person: Person) -> Digest:
    return await ntk_lists.digest(context, work, person=person)


async def night(context: Context, work: Work, person: Person) -> Handover:
    """What came in since the office last closed."""
    book = (await context.rules(work)).book
    return await ntk_lists.handover(context, work, person=person, since=last_closing(book, work.now))


async def office(context: Context, work: Work) -> OfficeDigest:
    """What waits for the coordinators this morning."""
    rules = await context.rules(work)
    end = clocks.local_instant(today(work) + timedelta(days=1), time()).astimezone(UTC)
    asked = await sittings.to_resolve(work, limit=sitting_pages.MOST_TO_RESOLVE)
    sits = [one for one in await sittings.between(work, first=work.now, last=end) if one.status in sitting_plan.OPEN]
    standing = await undelivered.standing(work)
    return OfficeDigest(
        to_resolve=tuple(sitting_pages.line(rules.book, one) for one in asked),
        waiting=await sitting_pages.waiting_counts(work, rules),
        today=tuple(sitting_pages.line(rules.book, one) for one in sits),
        undelivered=len(standing.lines) + standing.more,
        unreachable=len(standing.unreachable),
    )


def next_at(book: Rulebook, kind: str, now: datetime) -> datetime:
    """The next operating day's moment for a digest (UTC), today's where it lies ahead."""
    at: time = book.ntk.handover_at if kind == HANDOVER else book.ntk.digest_at
    day = london.local_date(now)
    if not working_days.is_operating_day(day, book.calendar) or clocks.local_instant(day, at) <= now:
        day = working_days.operating_day_after(day, book.calendar)
    return clocks.local_instant(day, at).astimezone(UTC)


def last_closing(book: Rulebook, now: datetime) -> datetime:
    """When the office last closed (UTC): what came after it is the night's, or the weekend's."""
    day = london.local_date(now)
    closed = clocks.local_instant(day, book.ntk.closes)
    while closed > now or not working_days.is_operating_day(day, book.calendar):
        day -= timedelta(days=1)
        closed = clocks.local_instant(day, book.ntk.closes)
    return closed.astimezone(UTC)


async def _has_something(context: Context, work: Work, kind: str, person: Person) -> bool:
    if kind == HANDOVER:
        return bool((await night(context, work, person)).lines)
    if kind == OFFICE:
        due = await office(context, work)
        return bool(due.to_resolve or due.waiting or due.today or due.undelivered or due.unreachable)
    digest = await morning(context, work, person)
    return bool(digest.new or digest.unacknowledged or digest.overdue or digest.due_today or digest.prompts)
