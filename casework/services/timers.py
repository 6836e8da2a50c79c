"""What falls due later: setting the timers of a sitting, and turning due timers into deliveries, each exactly once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time

from casework.db import consults as consults_db
from casework.db import deliveries, items, ntk_prompts, ntk_steps, people, sittings, timers
from casework.db.uow import Work
from casework.domain import booking, clocks, london
from casework.domain.deliveries import POLICIES, Kind
from casework.domain.people import Person, Role
from casework.domain.rulebook import Rulebook
from casework.services import consults, digests, ntk_clocks, ntk_stepping
from casework.services.context import Busy, Context, Rules, StoreUnavailable, today
from casework.services.recorder import delivery, record


def reminder_at(book: Rulebook, sitting: booking.Sitting) -> datetime:
    """When the presenter is reminded: the rulebook's time on the operating day before (default 9:00, one before)."""
    rule = book.delivery.presenter_reminder
    return _before(book, sitting, rule.days_before, rule.at)


def agenda_at(book: Rulebook, sitting: booking.Sitting) -> datetime:
    """When the chair gets the agenda: the rulebook's time (default 16:00, two operating days before)."""
    rule = book.panel(sitting.panel).agenda or book.delivery.agenda
    return _before(book, sitting, rule.days_before, rule.at)


async def fire_due(context: Context, *, limit: int) -> int:
    """Fire up to `limit` due timers, each in its own transaction; returns how many were due.

    A timer whose moment has lost its use (the sitting has begun, the item was cancelled) is skipped, and said so.
    """
    async with context.database.reading() as work:
        due = await timers.due(work, limit=limit)
    failed: list[Exception] = []
    for timer in due:
        try:
            async with context.database.writing() as work:
                await FIRERS.get(timer.kind, _fire)(context, work, timer)
        except (Busy, StoreUnavailable):
            raise
        except Exception as fault:  # one broken row stops nobody else: it stays due, and the job's failure is logged
            failed.append(fault)
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {len(due)} timers failed", failed)
    return len(due)


async def next_due(context: Context, *, before: datetime) -> datetime | None:
    """When the next timer falls due, if that is before an aware instant (the demo's clock stops there)."""
    async with context.database.reading() as work:
        return await timers.next_due(work, before=before)


async def agenda_again(work: Work, rules: Rules, sitting: booking.Sitting, *, because: str) -> list[deliveries.Wanted]:
    """Deliveries that bring a changed agenda to those who have it already; none before it first went out."""
    if sitting.agenda_sent_at is None:
        return []
    return [
        delivery(
            work, kind=Kind.AGENDA, subject_id=sitting.id, person_id=reader.id, key=f"{reader.id}:change:{because}"
        )
        for reader in await _agenda_readers(work, sitting.panel)
    ]


async def _fire(context: Context, work: Work, timer: timers.Timer) -> None:
    rules = await context.rules(work)
    kind = Kind(timer.kind)
    if kind is Kind.AGENDA:
        sitting = await sittings.get(work, timer.subject_id)
        readers = [reader.id for reader in await _agenda_readers(work, sitting.panel)] if sitting else []
    else:
        item = await items.get(work, timer.subject_id)
        slot = await sittings.slot_of(work, timer.subject_id)
        sitting = await sittings.get(work, slot[0]) if slot else None
        readers = [item.presenter_id] if item else []
    is_useful = sitting is not None and sitting.starts_at > work.now and sitting.status in ("planned", "moved")
    late_after = POLICIES[kind].late_after
    if late_after is not None and work.now - timer.due_at > late_after:
        is_useful = False
    if not await timers.finish(work, timer.id, state=timers.FIRED if is_useful else timers.SKIPPED):
        return
    if is_useful and kind is Kind.AGENDA and sitting is not None:
        await sittings.mark_agenda_sent(work, sitting.id)
    await record(
        context,
        work,
        actor_id=None,
        action=f"{kind.value}.due" if is_useful else f"{kind.value}.skipped",
        subject_kind="sitting" if kind is Kind.AGENDA else "item",
        subject_id=timer.subject_id,
        facts={"due_at": timer.due_at.isoformat(), "rulebook": rules.version, "readers": len(readers)},
        tell=[
            delivery(
                work,
                kind=kind,
                subject_id=timer.subject_id,
                person_id=reader,
                key=f"{reader}:{timer.due_at.isoformat()}",
            )
            for reader in readers
            if is_useful
        ],
    )


async def _agenda_readers(work: Work, panel: str) -> list[Person]:
    """The panel's chair or chairs; where it has none today, the coordinators, so that no agenda reaches nobody."""
    chairs = [person for person in await people.holding(work, [Role.CH], today=today(work)) if person.chairs(panel)]
    return chairs or list(await people.holding(work, [Role.CO], today=today(work)))


def _before(book: Rulebook, sitting: booking.Sitting, days: int, at: time) -> datetime:
    day = clocks.operating_days_before(london.local_date(sitting.starts_at), days, book.calendar)
    return clocks.local_instant(day, at).astimezone(UTC)


FIRERS: dict[str, Callable[[Context, Work, timers.Timer], Awaitable[None]]] = {
    consults_db.TIMER: consults.fire,
    digests.HANDOVER: digests.fire,
    digests.MORNING: digests.fire,
    ntk_prompts.TIMER: ntk_clocks.fire_prompt,
    ntk_steps.TIMER: ntk_stepping.fire,
}
