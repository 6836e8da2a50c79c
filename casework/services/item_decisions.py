"""What a panel decides: for each child, with reasons, actions and what follows; deferring, carrying over, ratifying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from casework.db import attendance, decisions, deliveries, item_children, items, people
from casework.domain import access, london, quorum
from casework.domain.booking import Sitting
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.panel_rulebook import Outcome
from casework.domain.people import Role
from casework.services import follow_ups, item_moves, item_slots
from casework.services.context import today
from casework.services.item_doing import Doing
from casework.services.recorder import delivery

# the decision's fields by what an outcome needs
NEEDED = {"conditions": "conditions", "until": "until", "review": "review", "cost": "cost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One action as it was asked for."""

    what: str
    owner_id: str
    due_on: date


async def decide(doing: Doing) -> None:
    """Record a decision at the sitting; refused without quorum where the panel's rules say so, and without a lawyer."""
    sitting = await item_slots.sitting_of(doing.work, doing.item.id)
    if sitting is None:
        raise Refusal(Code.NOT_IN_SESSION)
    outcome = _outcome(doing)
    is_in_principle = await _must_be_in_principle(doing, sitting, outcome)
    await _record(doing, outcome, sitting=sitting, is_in_principle=is_in_principle)


async def out_of_panel(doing: Doing) -> None:
    """Decide what can't wait, outside the panel; it is listed at the next sitting as the panel's rules say."""
    outcome = _outcome(doing)
    await _check(doing, outcome)
    await item_slots.take_off(doing.work, doing.item)
    changed = await items.change(doing.work, doing.item, by=doing.person.id, awaiting="")
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    listed = await item_moves.list_for_ratification(doing, changed)
    await _record(doing, outcome, sitting=None, is_in_principle=False, item=changed, listed=listed)


async def endorse(doing: Doing) -> None:
    """What was decided in principle stands from now on, and what follows from it begins."""
    work, item = doing.work, doing.item
    tell: list[deliveries.Wanted] = []
    for one in (await decisions.of_items(work, [item.id]))[item.id]:
        if not one.is_in_principle:
            continue
        values = {name: getattr(one, name) for name in decisions.Decision.__slots__ if name != "id"}
        words = {**one.words, "rationale": "\n".join((one.words["rationale"], doing.answers["rationale"])).strip()}
        values |= {"is_in_principle": False, "words": words, "by_id": doing.person.id, "decided_at": work.now}
        made = await decisions.add(work, **values)
        outcome = doing.case.panel.outcome(one.code)
        if outcome is not None:
            tell += await follow_ups.run(doing, item, outcome, [made])
    changed = await items.change(work, item, by=doing.person.id)
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    await doing.note("endorsed", tell=[*tell, *_tell_decision(doing, changed)], item=changed)


async def defer(doing: Doing) -> None:
    """Not now: back to the next sitting with a place; the second time a head of service is told, the third a director.

    Some children of a family may be deferred while the others are decided: they go on as an item of their own.
    """
    action = _action(doing, "action")
    chosen = _chosen(doing)
    family = await item_children.of_item(doing.work, doing.item.id)
    item = doing.item
    is_partly_decided = any(one.state == item_children.DECIDED for one in family)
    if is_partly_decided or len(chosen) < len(doing.case.children):
        item = await item_moves.split(doing.work, doing.rules, item, chosen, by=doing.person.id)
    if action is not None:
        await _act(doing, item, action)
    await item_moves.back_to_the_line(doing, item, reason=doing.answers["deferred"])
    if item.id != doing.item.id:
        await _close_if_all_decided(doing, doing.item)


async def not_heard(doing: Doing) -> None:
    """There was no time: it goes before all others next time."""
    placed, tell, facts = await item_moves.carry_over(doing.work, doing.rules, doing.item, by=doing.person.id)
    await doing.note("not_heard", facts=facts, tell=tell, item=placed)
    if placed.id != doing.item.id:
        await _close_if_all_decided(doing, doing.item)


async def advise(doing: Doing) -> None:
    """The legal adviser writes advice, privileged and apart."""
    await decisions.advise(doing.work, item_id=doing.item.id, words=doing.answers["advice"], by_id=doing.person.id)
    changed = await items.change(doing.work, doing.item, by=doing.person.id)
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    await doing.note("advised", item=changed)


async def add_action(doing: Doing) -> None:
    """One more action, with owner and day."""
    action = _action(doing, "action")
    assert action is not None
    tell = await _act(doing, doing.item, action)
    changed = await items.change(doing.work, doing.item, by=doing.person.id)
    if changed is None:
        raise Refusal(Code.STALE_CARD)
    await doing.note("action", tell=tell, item=changed)


async def _record(
    doing: Doing,
    outcome: Outcome,
    *,
    sitting: Sitting | None,
    is_in_principle: bool,
    item: items.Item | None = None,
    listed: list[deliveries.Wanted] | None = None,
) -> None:
    work, item = doing.work, item or doing.item
    first, second = await _check(doing, outcome)
    chosen = _chosen(doing)
    made = await _written(doing, outcome, item, chosen, sitting=sitting, is_in_principle=is_in_principle)
    await item_children.mark(work, chosen, state=item_children.DECIDED)
    tell = list(listed or [])
    for action in (first, second):
        if action is not None:
            tell += await _act(doing, item, action)
    if not is_in_principle:
        tell += await follow_ups.run(doing, item, outcome, made)
    changed = await _close_if_all_decided(doing, item, by_change=True)
    facts: dict[str, str | int | bool | None] = {
        "code": outcome.code,
        "children": len(made),
        "sitting": sitting.id if sitting else None,
    }
    kind = "decided" if sitting else "outside"
    tell += _tell_decision(doing, changed, await _managers(doing))
    await doing.note(kind, facts={**facts, "in_principle": is_in_principle}, tell=tell, item=changed)


async def _written(
    doing: Doing,
    outcome: Outcome,
    item: items.Item,
    chosen: list[str],
    *,
    sitting: Sitting | None,
    is_in_principle: bool,
) -> list[str]:
    """Write the decision for each child chosen; their ids."""
    work = doing.work
    words = {name: doing.answers[name] for name in decisions.WORDS}
    return [
        await decisions.add(
            work,
            item_id=item.id,
            child_id=child.id,
            case_ref=child.case_ref,
            sitting_id=sitting.id if sitting else None,
            panel=item.panel,
            code=outcome.code,
            is_in_principle=is_in_principle,
            words={**words, "urgency": doing.answers.get("urgency", "")},
            until_on=_day(doing, "until"),
            review_on=_day(doing, "review"),
            decided_on=london.local_date(sitting.starts_at) if sitting else today(work),
            decided_at=work.now,
            by_id=doing.person.id,
            rulebook_version=str(doing.rules.version),
        )
        for child in await item_children.of_item(work, item.id)
        if child.id in chosen
    ]


async def _close_if_all_decided(doing: Doing, item: items.Item, *, by_change: bool = False) -> items.Item:
    """An item none of whose children is open any more is decided."""
    left = [one for one in await item_children.of_item(doing.work, item.id) if one.state == item_children.OPEN]
    if left and not by_change:
        return item
    current = await items.get(doing.work, item.id)
    assert current is not None
    state = items.BOOKED if left else items.DECIDED
    changed = await items.change(doing.work, current, state=state, by=doing.person.id, carries_over=False)
    assert changed is not None
    return changed


async def _must_be_in_principle(doing: Doing, sitting: Sitting, outcome: Outcome) -> bool:
    """Whether the panel, as it sits, decides this item only in principle; raises Refusal NO_LAWYER or NOT_QUORATE."""
    work, panel = doing.work, doing.case.panel
    there = [one for one in await attendance.of_sitting(work, sitting.id) if one.state == attendance.PRESENT]
    present = (await people.by_ids(work, [one.person_id for one in there], today=today(work))).values()
    not_counted = doing.facts.kept_out_ids | {doing.item.requester_id, doing.item.presenter_id}
    standing = quorum.judge(
        panel.quorum,
        present,
        panel=sitting.panel,
        stand_in_ids=doing.facts.stand_in_ids,
        not_counted=not_counted,
    )
    if outcome.needs_role and not quorum.has_role(present, outcome.needs_role, not_counted=not_counted):
        raise Refusal(Code.NO_LAWYER)
    if standing.is_met:
        return False
    if panel.quorum.without == "in_principle":
        return True
    raise Refusal(Code.NO_LAWYER if Role.LA in standing.missing else Code.NOT_QUORATE)


def _outcome(doing: Doing) -> Outcome:
    found = doing.case.panel.outcome(doing.answers["outcome"])
    assert found is not None  # one of the form's own choices
    return found


async def _check(doing: Doing, outcome: Outcome) -> tuple[Act | None, Act | None]:
    """The actions asked for; raises FieldErrors for what this outcome needs and the form does not have."""
    errors = {NEEDED[need]: Code.MISSING for need in outcome.needs if not doing.answers[NEEDED[need]]}
    for field in ("until", "review"):
        day = _day(doing, field)
        if day is not None and day <= today(doing.work):
            errors[field] = Code.IN_THE_PAST
    has_task = any(follow.do == "task" for follow in outcome.follow)
    if outcome.needs_action and not has_task and not doing.answers["action"]:
        errors["action"] = Code.MISSING
    if errors:
        raise FieldErrors(errors)
    return _action(doing, "action"), _action(doing, "second")


def _action(doing: Doing, code: str) -> Act | None:
    """One action of the form; raises FieldErrors where it has no owner or no day, or a day that has passed."""
    what, who, due = (doing.answers[f"{code}{part}"] for part in ("", "_who", "_due"))
    if not (what or who or due):
        return None
    errors = {f"{code}{part}": Code.MISSING for part, said in (("", what), ("_who", who), ("_due", due)) if not said}
    if not errors and date.fromisoformat(due) < today(doing.work):
        errors = {f"{code}_due": Code.IN_THE_PAST}
    if errors:
        raise FieldErrors(errors)
    return Act(what=what, owner_id=who, due_on=date.fromisoformat(due))


async def _act(doing: Doing, item: items.Item, action: Act) -> list[deliveries.Wanted]:
    return await follow_ups.act(doing, item, what=action.what, owner_id=action.owner_id, due_on=action.due_on)


def _chosen(doing: Doing) -> list[str]:
    open_ids = [id for id, _ in doing.case.children]
    if "children" not in doing.answers:
        return open_ids
    return [id for id in doing.answers["children"].split(",") if id in open_ids]


def _day(doing: Doing, field: str) -> date | None:
    return date.fromisoformat(doing.answers[field]) if doing.answers[field] else None


async def _managers(doing: Doing) -> list[str]:
    """The team managers of the case: told of what was decided, as whoever asked is."""
    found = await people.holding(doing.work, [Role.TM], today=today(doing.work))
    return [one.id for one in found if access.holds_tier(one, Role.TM, doing.facts)]


def _tell_decision(doing: Doing, item: items.Item, also: list[str] | None = None) -> list[deliveries.Wanted]:
    told = {item.requester_id, item.presenter_id, *(also or [])} - {doing.person.id} - doing.facts.kept_out_ids
    return [
        delivery(doing.work, kind=Kind.DECISION, subject_id=item.id, person_id=id, key=f"{item.version}:{id}")
        for id in sorted(told)
    ]
