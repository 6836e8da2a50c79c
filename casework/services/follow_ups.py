"""What follows a decision by itself: actions, the trackers, reviews and reminders before what was agreed runs out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, time, timedelta

from casework.db import decisions, deliveries, item_actions, item_children, items, people, timers, trackers
from casework.db.uow import Work
from casework.domain import access, clocks, working_days
from casework.domain.deliveries import Kind
from casework.domain.panel_rulebook import Follow, Outcome
from casework.domain.people import Role
from casework.domain.rulebook import Rulebook
from casework.services import tracker_listing
from casework.services.context import Context, today
from casework.services.item_doing import Doing
from casework.services.recorder import delivery, record

REVIEW = "item_review"
AT = time(9)
# so many operating days before a review is due, so that a slot can still be had
BEFORE_REVIEW = 10
CHASE_EVERY = 5


async def run(doing: Doing, item: items.Item, outcome: Outcome, decision_ids: Sequence[str]) -> list[deliveries.Wanted]:
    """Begin whatever the outcome brings with it; the cards that tell of it."""
    made = [one for id in decision_ids if (one := await decisions.get(doing.work, id)) is not None]
    tell: list[deliveries.Wanted] = []
    for follow in outcome.follow:
        if follow.do == "task":
            tell += await _task(doing, item, follow, made[0])
        elif follow.do == "track" and follow.panel:
            tell += await _track(doing, item, follow.panel, made)
        elif follow.do == "conclude" and follow.panel:
            refs = [one.case_ref for one in made]
            tell += await tracker_listing.conclude(doing, follow.panel, refs, made[0].decided_on)
        elif follow.do == "review" and made[0].review_on is not None:
            day = clocks.operating_days_before(made[0].review_on, BEFORE_REVIEW, doing.rules.book.calendar)
            await _set(doing.work, made[0].id, day)
        elif follow.do == "end" and made[0].until_on is not None:
            await _set(doing.work, made[0].id, made[0].until_on - timedelta(days=follow.days))
    await tracker_listing.after_decision(doing, item, made[0])
    return tell


async def act(doing: Doing, item: items.Item, *, what: str, owner_id: str, due_on: date) -> list[deliveries.Wanted]:
    """Write an action, set its reminders, and tell its owner."""
    work = doing.work
    action_id = await item_actions.add(
        work, item_id=item.id, what=what, owner_id=owner_id, due_on=due_on, made_by_id=doing.person.id
    )
    await _remind(work, doing.rules.book, action_id, due_on)
    if owner_id in (item.requester_id, item.presenter_id, doing.person.id):
        return []  # the decision's own card tells them
    return [delivery(work, kind=Kind.ACTION_DUE, subject_id=action_id, person_id=owner_id, key=f"new:{owner_id}")]


async def chase(context: Context, work: Work, timer: timers.Timer) -> None:
    """An action is due soon, or overdue: its owner is told; once it is overdue their manager too, until it is done."""
    action = await item_actions.get(work, timer.subject_id)
    is_useful = action is not None and action.state == item_actions.OPEN
    if not await timers.finish(work, timer.id, state=timers.FIRED if is_useful else timers.SKIPPED):
        return
    if action is None or not is_useful:
        return
    rules = await context.rules(work)
    item = await items.get(work, action.item_id)
    assert item is not None
    told = {action.owner_id}
    if action.due_on < today(work):
        told |= await _managers_of(work, action.owner_id)
        again = today(work)
        for _ in range(CHASE_EVERY):
            again = working_days.operating_day_after(again, rules.book.calendar)
        await timers.set_(work, [(item_actions.TIMER, action.id, clocks.local_instant(again, AT).astimezone(UTC))])
    await record(
        context,
        work,
        actor_id=None,
        action="action.chased",
        subject_kind="item",
        subject_id=item.id,
        facts={"action": action.id, "due_on": action.due_on.isoformat()},
        tell=[
            delivery(
                work,
                kind=Kind.ACTION_DUE,
                subject_id=action.id,
                person_id=id,
                key=f"{timer.due_at.isoformat()}:{id}",
            )
            for id in sorted(told)
        ],
    )


async def review(context: Context, work: Work, timer: timers.Timer) -> None:
    """A review is near, or what was agreed runs out: whoever asked and presents is told, to book a slot in time."""
    found = await decisions.get(work, timer.subject_id)
    item = await items.get(work, found.item_id) if found else None
    is_useful = item is not None and item.state in (items.DECIDED, items.CLOSED)
    if not await timers.finish(work, timer.id, state=timers.FIRED if is_useful else timers.SKIPPED):
        return
    if item is None or not is_useful:
        return
    await record(
        context,
        work,
        actor_id=None,
        action="item.review_due",
        subject_kind="item",
        subject_id=item.id,
        facts={"decision": timer.subject_id},
        tell=[
            delivery(
                work,
                kind=Kind.ITEM_REVIEW,
                subject_id=timer.subject_id,
                person_id=id,
                key=f"{timer.due_at.isoformat()}:{id}",
            )
            for id in sorted({item.requester_id, item.presenter_id})
        ],
    )


async def _task(doing: Doing, item: items.Item, follow: Follow, made: decisions.Decision) -> list[deliveries.Wanted]:
    due_on = made.decided_on + timedelta(days=follow.days)
    if follow.count == "working":
        due_on = clocks.statutory_days_after(made.decided_on, follow.days, doing.rules.book.calendar)
    owner_id = await _owner(doing, item, follow.owner)
    return await act(doing, item, what=follow.what or "", owner_id=owner_id, due_on=due_on)


async def _owner(doing: Doing, item: items.Item, role: str) -> str:
    """Who holds a role for this case; the presenter where nobody does."""
    if role == Role.SW:
        return item.presenter_id
    held = await people.holding(doing.work, [Role(role)], today=today(doing.work))
    of_line = [one for one in held if access.holds_tier(one, Role(role), doing.facts)]
    found = of_line or [one for one in held if Role(role) not in access.LINE]
    return found[0].id if found else item.presenter_id


async def _track(
    doing: Doing, item: items.Item, stage: str, made: Sequence[decisions.Decision]
) -> list[deliveries.Wanted]:
    names = {
        child.case_ref: child.initials or item.initials for child in await item_children.of_item(doing.work, item.id)
    }
    for one in made:
        if await trackers.open_of_case(doing.work, stage, one.case_ref) is not None:
            return []
    tracker_id = await trackers.add(
        doing.work,
        children=[(one.case_ref, names[one.case_ref]) for one in made],
        stage=stage,
        worker_id=item.presenter_id,
        opened_on=made[0].decided_on,
        from_item_id=item.id,
    )
    return await tracker_listing.list_family(doing.context, doing.work, doing.rules, tracker_id, by=doing.person.id)


async def _set(work: Work, decision_id: str, day: date) -> None:
    at = max(clocks.local_instant(day, AT).astimezone(UTC), work.now)
    await timers.set_(work, [(REVIEW, decision_id, at)])


async def _remind(work: Work, book: Rulebook, action_id: str, due_on: date) -> None:
    before = clocks.operating_days_before(due_on, book.panel_work.action_reminder_days, book.calendar)
    after = working_days.operating_day_after(due_on, book.calendar)
    wanted = [clocks.local_instant(day, AT).astimezone(UTC) for day in (before, after)]
    await timers.set_(work, [(item_actions.TIMER, action_id, at) for at in wanted if at > work.now])


async def _managers_of(work: Work, person_id: str) -> set[str]:
    """The team managers of somebody's team; nobody for who has no team."""
    owner = (await people.by_ids(work, [person_id], today=today(work))).get(person_id)
    team, _ = owner.home() if owner else ("", "")
    if not team:
        return set()
    held = await people.holding(work, [Role.TM], today=today(work))
    return {one.id for one in held if any(g.role is Role.TM and g.team == team for g in one.grants)} - {person_id}
