"""Bringing sittings into line with the rulebook: what a change would do, and doing it where no agenda is out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from casework.db import sitting_changes, sittings
from casework.db.base import new_id
from casework.db.uow import Work
from casework.domain import clocks, london, rule_effect, sitting_calendar, sitting_plan
from casework.domain.booking import Sitting
from casework.domain.deliveries import Kind
from casework.domain.rule_effect import Effect
from casework.domain.rulebook import Rulebook
from casework.services import item_slots, sitting_moves, sitting_timers
from casework.services.context import Context, Rules, today
from casework.services.recorder import delivery, record
from casework.services.sitting_people import concerned


async def foreseen(context: Context, book: Rulebook, *, last: date) -> tuple[Effect, ...]:
    """What `book` would do to the sittings up to a day, were it in effect now. Nothing is saved."""
    async with context.database.reading() as work:
        return await _effects(work, book, last=last)


async def align(context: Context, work: Work, rules: Rules, *, last: date) -> int:
    """Drop and change sittings as the rulebook in effect has them; how many. Those concerned are told.

    New ones are added elsewhere. Sittings that stand as they should are only stamped with the rulebook's version.
    """
    touched = 0
    for effect in await _effects(work, rules.book, last=last, version=rules.version):
        sitting = effect.sitting
        if sitting is None or effect.kind not in ("dropped", "changed"):
            continue
        if effect.kind == "dropped":
            await sitting_timers.cancel(work, sitting.id)
            reason = "Not in the rulebook any more"
            after = await sittings.change(work, sitting.id, status="skipped", reason=reason)
        else:
            after = await _as_the_rule_has_it(work, rules, effect, sitting)
        await _tell(context, work, rules, sitting, after)
        touched += 1
    return touched


async def _effects(work: Work, book: Rulebook, *, last: date, version: int | None = None) -> tuple[Effect, ...]:
    first = today(work)
    end = clocks.local_instant(last, time(23, 59)).astimezone(UTC)
    standing = [
        one
        for one in await sittings.between(work, first=work.now, last=end)
        if one.original_on is not None and first <= one.original_on <= last
    ]
    wanted = [one for one in sitting_calendar.occurrences(book, first, last) if one.starts_at > work.now]
    by_hand = await sitting_changes.changed_by_hand(work, [one.id for one in standing])
    return rule_effect.effects(book, standing, wanted, by_hand=by_hand, version=version)


async def _as_the_rule_has_it(work: Work, rules: Rules, effect: Effect, sitting: Sitting) -> Sitting:
    occurrence = effect.occurrence
    assert occurrence is not None
    panel = rules.book.panel(sitting.panel)
    starts_at = occurrence.starts_at.astimezone(UTC)
    lanes = sitting_plan.lanes(rules.book, panel, panel.slots, occurrence.incorporates, there=sitting)
    papers = _papers(sitting, occurrence.papers_due_at.astimezone(UTC), starts_at, work.now)
    after = await sittings.change(
        work,
        sitting.id,
        starts_at=starts_at,
        ends_at=occurrence.ends_at.astimezone(UTC),
        papers_due_at=papers,
        slots=lanes.slots,
        capacity=lanes.capacity,
        urgent_slots=lanes.urgent,
        share_slots=lanes.share,
        minutes=int((occurrence.ends_at - occurrence.starts_at).total_seconds() // 60),
        slot_minutes=panel.slot_minutes,
        incorporates=",".join(occurrence.incorporates),
        status=occurrence.status,
        reason=occurrence.reason,
        rulebook_version=rules.version,
    )
    for item in await sitting_moves.by_priority(work, sitting):
        await item_slots.remind(work, rules.book, item, after)
    await sitting_timers.set_(work, rules.book, after)
    return after


def _papers(sitting: Sitting, by_rule: datetime, starts_at: datetime, now: datetime) -> datetime:
    """The rule's deadline; while that has passed and the one people were told has not, theirs."""
    return sitting.papers_due_at if by_rule <= now < sitting.papers_due_at < starts_at else by_rule


async def _tell(context: Context, work: Work, rules: Rules, before: Sitting, after: Sitting) -> None:
    """Write it down; tell those concerned where items are booked: an empty sitting changes in silence."""
    kind = "skipped" if after.status == "skipped" else "moved" if after.starts_at != before.starts_at else "length"
    facts = {"from": before.starts_at.isoformat(), "to": after.starts_at.isoformat(), "items": {}, "by_rule": True}
    id = await sitting_changes.add(
        work, sitting_id=after.id, by_id=None, kind=kind, nonce=new_id(), facts=facts, reason=""
    )
    told = sorted(await concerned(work, before)) if before.taken else []
    await record(
        context,
        work,
        actor_id=None,
        action=f"sitting.{kind}",
        subject_kind="sitting",
        subject_id=after.id,
        facts={"change": id, "rulebook": rules.version, "on": london.local_date(before.starts_at).isoformat()},
        tell=[
            delivery(work, kind=Kind.SITTING_CHANGED, subject_id=id, person_id=person_id, key=person_id)
            for person_id in told
        ],
    )
