"""What falls due later: turning due timers into deliveries, each exactly once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from casework.db import consults as consults_db
from casework.db import deliveries, item_actions, items, minutes, ntk_prompts, ntk_steps, sittings, slots, timers
from casework.db import offers as offers_db
from casework.db.uow import Work
from casework.domain.deliveries import POLICIES, Kind
from casework.services import (
    agendas,
    approvals,
    consults,
    digests,
    follow_ups,
    ntk_clocks,
    ntk_stepping,
    offers,
    panel_sessions,
    papers,
    sitting_timers,
)
from casework.services.context import Busy, Context, Rules, StoreUnavailable
from casework.services.recorder import delivery, record


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
                await FIRERS[timer.kind](context, work, timer)
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


async def _fire_agenda(context: Context, work: Work, timer: timers.Timer) -> None:
    """An agenda goes out: its first version, to the chair and the members."""
    rules = await context.rules(work)
    sitting = await sittings.get(work, timer.subject_id)
    is_useful = sitting is not None and sitting.starts_at > work.now and sitting.status in ("planned", "moved")
    tell = []
    if not await timers.finish(work, timer.id, state=timers.FIRED if is_useful else timers.SKIPPED):
        return
    if is_useful and sitting is not None:
        tell = await agendas.release(work, rules, sitting, by=None, because=timer.due_at.isoformat())
    await _record(context, work, timer, rules, "sitting", is_useful=is_useful, tell=tell)


async def _fire_reminder(context: Context, work: Work, timer: timers.Timer) -> None:
    """The presenter is reminded of their slot, while that is of use."""
    rules = await context.rules(work)
    kind = Kind.PRESENTER_REMINDER
    item = await items.get(work, timer.subject_id)
    slot = await slots.slot_of(work, timer.subject_id)
    sitting = await sittings.get(work, slot[0]) if slot else None
    late_after = POLICIES[kind].late_after
    is_late = late_after is not None and work.now - timer.due_at > late_after
    is_on = sitting is not None and sitting.starts_at > work.now and sitting.status in ("planned", "moved")
    is_useful = item is not None and is_on and not is_late
    if not await timers.finish(work, timer.id, state=timers.FIRED if is_useful else timers.SKIPPED):
        return
    tell = []
    if is_useful and item is not None:
        key = f"{item.presenter_id}:{timer.due_at.isoformat()}"
        tell = [delivery(work, kind=kind, subject_id=item.id, person_id=item.presenter_id, key=key)]
    await _record(context, work, timer, rules, "item", is_useful=is_useful, tell=tell)


async def _record(
    context: Context,
    work: Work,
    timer: timers.Timer,
    rules: Rules,
    subject: str,
    *,
    is_useful: bool,
    tell: list[deliveries.Wanted],
) -> None:
    await record(
        context,
        work,
        actor_id=None,
        action=f"{timer.kind}.due" if is_useful else f"{timer.kind}.skipped",
        subject_kind=subject,
        subject_id=timer.subject_id,
        facts={"due_at": timer.due_at.isoformat(), "rulebook": rules.version, "readers": len(tell)},
        tell=tell,
    )


FIRERS: dict[str, Callable[[Context, Work, timers.Timer], Awaitable[None]]] = {
    Kind.AGENDA.value: _fire_agenda,
    Kind.PAPERS_DUE.value: papers.remind,
    Kind.PRESENTER_REMINDER.value: _fire_reminder,
    approvals.TIMER: approvals.remind,
    consults_db.TIMER: consults.fire,
    digests.HANDOVER: digests.fire,
    digests.MORNING: digests.fire,
    digests.OFFICE: digests.fire,
    follow_ups.REVIEW: follow_ups.review,
    item_actions.TIMER: follow_ups.chase,
    minutes.TIMER: panel_sessions.remind,
    offers_db.TIMER: offers.lapse,
    sitting_timers.CUT_OFF: papers.cut_off,
    sitting_timers.RELEASE_SHARE: offers.release,
    sitting_timers.RELEASE_URGENT: offers.release,
    ntk_prompts.TIMER: ntk_clocks.fire_prompt,
    ntk_steps.TIMER: ntk_stepping.fire,
}
