"""The steps of an NTK as they fall due: remind, deputy, tier above, alarm. What can't be delivered moves on at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from casework.db import deliveries, ntk, ntk_recipients, ntk_steps, people, timers
from casework.db.uow import Work
from casework.domain import ntk_steps as rules_of_steps
from casework.domain.deliveries import ADDRESSING, Kind, State
from casework.domain.ntk import LIVE
from casework.domain.ntk import State as NtkState
from casework.domain.ntk_routing import ALSO, Because, Recipient
from casework.services import ntk_chain, ntk_clocks
from casework.services.context import Context, Rules, today
from casework.services.ntk_record import addressed, note, raisers_side
from casework.services.recorder import delivery

UNDELIVERED = (State.REFUSED, State.UNKNOWN, State.SUPPRESSED)
OF_TIER = ("remind", "deputy", "above", "alarm")
MOVES_ON = ("deputy", "above", "alarm")


async def fire(context: Context, work: Work, timer: timers.Timer) -> None:
    """Carry out a step whose time has come; one that lost its use is marked so and says why."""
    step = await ntk_steps.get(work, timer.subject_id)
    # the NTK's row first, as every act takes it: two that wait for each other would both have to begin again
    found = await ntk.lock(work, step.ntk_id) if step else None
    step = await ntk_steps.get(work, timer.subject_id)
    if step is None or found is None or step.state != ntk_steps.SET:
        await timers.finish(work, timer.id, state=timers.SKIPPED)
        return
    if not await timers.finish(work, timer.id):
        return
    await _carry_out(context, work, found, step, because="due")


async def advance(context: Context, work: Work, *, ntk_id: str, person_id: str) -> None:
    """A card for `person_id` couldn't be delivered: where nobody else of their tier has it, the next step acts now."""
    found = await ntk.lock(work, ntk_id)
    if found is None or found.state not in LIVE:
        return
    chain = await ntk_recipients.told(work, ntk_id)
    mine = next((row for row in chain if row.person_id == person_id), None)
    if mine is None or mine.tier == ALSO or await _settled(work, context, found, mine.tier):
        return
    others = [row.person_id for row in chain if row.tier == mine.tier and row.person_id != person_id]
    if await _has_it(work, ntk_id, others):
        return
    if mine.because == "cover" and await _back(work, context, found, mine.tier):
        return
    steps = [step for step in await ntk_steps.of_ntk(work, ntk_id) if step.tier == mine.tier]
    newest = max((step.round for step in steps), default=0)
    moved = [s for s in steps if s.round == newest and s.because == "undelivered" and s.do != "deputy"]
    if moved and await _above_has_it(work, context, found, mine.tier):
        return  # it went up already, and somebody there has it: their own steps go on from here
    for step in steps:
        if step.do not in MOVES_ON or step.state != ntk_steps.SET:
            continue
        if await _carry_out(context, work, found, step, because="undelivered"):
            return


async def acknowledged(context: Context, work: Work, found: ntk.Ntk, tier: str) -> None:
    """Somebody of a tier knows: its steps are over where that is enough, and the next tier hears where told in turn."""
    await settle(context, work, found)
    if tier != ALSO and found.state is not NtkState.RETURNED:
        await pass_up(context, work, found, tier)


async def pass_up(context: Context, work: Work, found: ntk.Ntk, tier: str) -> None:
    """Where a level is told in turn, tell the next tier of it that has anybody and wasn't told yet."""
    rules = await context.rules(work, version=found.rulebook_version)
    level = rules.book.level(found.level)
    order = [known.code for known in rules.book.tiers]
    if level.tell != "in_turn" or tier not in order or found.state not in LIVE:
        return
    told = {row.tier for row in await ntk_recipients.told(work, found.id)}
    for above in order[order.index(tier) + 1 :]:
        if above in told and not await _settled(work, context, found, above):
            return  # it is with them now: who is above hears of it from them, or when their time runs out
        if above not in level.tiers or above in told:
            continue
        there = await ntk_chain.tier_now(work, rules, found, above, because="line")
        if there and await ntk_chain.tell(context, work, rules, found, there, because="line"):
            return


async def settle(context: Context, work: Work, found: ntk.Ntk) -> None:
    """Take the steps of every tier that needn't be chased any more."""
    for step in await ntk_steps.of_ntk(work, found.id):
        if step.state == ntk_steps.SET and step.do in OF_TIER and await _settled(work, context, found, step.tier):
            await ntk_steps.finish(work, step, state=ntk_steps.NOT_NEEDED, because="acknowledged")


async def stop(work: Work, found: ntk.Ntk, *, because: str, only: Sequence[str] = (), tier: str = "") -> None:
    """Take every step still set (or those of `only`, or of one tier): the NTK is over, or its level has changed."""
    for step in await ntk_steps.of_ntk(work, found.id):
        fits = (not only or step.do in only) and (not tier or step.tier == tier)
        if step.state == ntk_steps.SET and fits:
            await ntk_steps.finish(work, step, state=ntk_steps.CANCELLED, because=because)


async def begin_again(
    context: Context, work: Work, rules: Rules, found: ntk.Ntk, *, because: str, tier: str = ""
) -> None:
    """Set the steps of the level's told tiers (or one of them) afresh: a material change, another level, opened again.

    Tiers that have acknowledged enough stay settled.
    """
    await stop(work, found, because=because, only=OF_TIER, tier=tier)
    rows = await ntk_recipients.told(work, found.id)
    asked = {row.tier for row in rows if row.is_asked and tier in ("", row.tier)}
    told = asked & set(rules.book.level(found.level).tiers)
    unsettled = {tier for tier in told if not await _settled(work, context, found, tier)}
    await ntk_chain.set_steps(work, rules, found, unsettled)


async def _carry_out(context: Context, work: Work, found: ntk.Ntk, step: ntk_steps.Step, *, because: str) -> bool:
    """Do one step; whether anybody was told by it (or needn't be any more)."""
    if found.state not in LIVE:
        await ntk_steps.finish(work, step, state=ntk_steps.CANCELLED, because=found.state.value)
        return True
    if step.do in OF_TIER and await _settled(work, context, found, step.tier):
        await ntk_steps.finish(work, step, state=ntk_steps.NOT_NEEDED, because="acknowledged")
        return True
    if step.do == "alarm" and await _alarmed_lately(work, found):
        await ntk_steps.finish(work, step, state=ntk_steps.NOT_NEEDED, because="alarmed")
        return True
    rules = await context.rules(work, version=found.rulebook_version)
    told = await DOING[step.do](context, work, rules, found, replace(step, because=because))
    because = because if told else "nobody"
    await ntk_steps.finish(work, step, state=ntk_steps.DONE, because=because, told=told)
    await note(
        context,
        work,
        found,
        actor_id=None,
        kind="step",
        facts={"do": step.do, "tier": step.tier, "told": told, "because": because, "step": step.id},
    )
    return told > 0


async def _remind(context: Context, work: Work, rules: Rules, found: ntk.Ntk, step: ntk_steps.Step) -> int:
    entitled = (await ntk_recipients.facts(work, found)).recipient_ids
    waiting = [id for id in await _unacknowledged(work, found, step.tier) if id in entitled]
    if not waiting:
        waiting = await _back(work, context, found, step.tier)
    await _send(context, work, found, waiting, kind=Kind.NTK_REMINDER, step=step)
    return len(waiting)


async def _back(work: Work, context: Context, found: ntk.Ntk, tier: str) -> list[str]:
    """Where whoever was told covered and does no longer, it is the tier's own people's: tell them; their ids."""
    rules = await context.rules(work, version=found.rulebook_version)
    back = await ntk_chain.tier_now(work, rules, found, tier, because="line")
    entitled = (await ntk_recipients.facts(work, found)).recipient_ids
    await ntk_chain.tell(context, work, rules, found, back, because="line")
    return [one.person_id for one in back if one.person_id not in entitled]


async def _deputy(context: Context, work: Work, rules: Rules, found: ntk.Ntk, step: ntk_steps.Step) -> int:
    absent = await _unacknowledged(work, found, step.tier)
    deputies = await ntk_chain.deputies_of(work, found, step.tier, absent)
    return await _bring_in(context, work, rules, found, deputies, step, because="deputy")


async def _above(context: Context, work: Work, rules: Rules, found: ntk.Ntk, step: ntk_steps.Step) -> int:
    above = await ntk_chain.next_above(work, rules, found, step.tier, because="escalated")
    return await _bring_in(context, work, rules, found, above, step, because="escalated")


async def _alarm(context: Context, work: Work, rules: Rules, found: ntk.Ntk, step: ntk_steps.Step) -> int:
    """Nobody of a tier answers and every step is used up: the duty head and the raiser are told to phone."""
    heads = await ntk_chain.duty_heads(work, rules, found)
    # who can't be reached stands on the raiser's "phone now" card already
    whom = heads if step.because == "undelivered" else list(dict.fromkeys([*heads, *raisers_side(found)]))
    await _send(context, work, found, whom, kind=Kind.NTK_EXHAUSTED, step=step)
    return len(heads)


async def _alarmed_lately(work: Work, found: ntk.Ntk) -> bool:
    """Whether the duty head was alarmed of this NTK minutes ago: four silent tiers make one alarm, not four."""
    since = work.now - rules_of_steps.ALARM_HOLDS
    return any(
        step.do == "alarm" and step.state == ntk_steps.DONE and step.done_at is not None and step.done_at >= since
        for step in await ntk_steps.of_ntk(work, found.id)
    )


async def _missing(context: Context, work: Work, rules: Rules, found: ntk.Ntk, step: ntk_steps.Step) -> int:
    """A child is missing longer than a threshold: the tiers it names are told who don't know yet."""
    if found.found_at is not None:
        return 0
    rule = next((rule for rule in rules.book.missing if rule.code == step.tier), None)
    told = 0
    for tier in rule.tiers if rule else ():
        there = await ntk_chain.tier_now(work, rules, found, tier, because="missing")
        told += await ntk_chain.tell(context, work, rules, found, there, because="missing")
    return told


async def _update_due(context: Context, work: Work, rules: Rules, found: ntk.Ntk, step: ntk_steps.Step) -> int:
    """The update is due: its owner is asked, then asked again with the managers of the lowest tier."""
    return await ntk_clocks.chase(context, work, rules, found, step)


async def _return_due(context: Context, work: Work, rules: Rules, found: ntk.Ntk, step: ntk_steps.Step) -> int:
    """The raiser hasn't added what was asked for: they are reminded, and the next tier hears of it as it is."""
    await _send(context, work, found, raisers_side(found), kind=Kind.NTK_UPDATE_DUE, step=step)
    above = await ntk_chain.next_above(work, rules, found, step.tier, because="escalated")
    return 1 + await ntk_chain.tell(context, work, rules, found, above, because="escalated")


async def _bring_in(
    context: Context,
    work: Work,
    rules: Rules,
    found: ntk.Ntk,
    recipients: Sequence[Recipient],
    step: ntk_steps.Step,
    *,
    because: Because,
) -> int:
    """Tell those who weren't told yet; those who were get it again as theirs to answer now."""
    known = {row.person_id for row in await ntk_recipients.told(work, found.id)}
    again = [one.person_id for one in recipients if one.person_id in known]
    await _send(context, work, found, again, kind=Kind.NTK_ESCALATED, step=step)
    return len(again) + await ntk_chain.tell(context, work, rules, found, recipients, because=because)


async def _send(
    context: Context, work: Work, found: ntk.Ntk, person_ids: Sequence[str], *, kind: Kind, step: ntk_steps.Step
) -> None:
    wanted = [
        addressed(work, found, person_id, kind=kind, key=step.id)
        if kind in ADDRESSING
        else delivery(work, kind=kind, subject_id=step.id, person_id=person_id, key=person_id)
        for person_id in dict.fromkeys(person_ids)
    ]
    await deliveries.add(work, wanted)
    if wanted:
        work.after_commit(context.wake)


async def _unacknowledged(work: Work, found: ntk.Ntk, tier: str) -> list[str]:
    """Those of a tier who were told, are there, and haven't acknowledged."""
    rows = [
        row for row in await ntk_recipients.told(work, found.id) if row.tier == tier and row.acknowledged_at is None
    ]
    known = await people.by_ids(work, [row.person_id for row in rows], today=today(work))
    return [row.person_id for row in rows if row.person_id in known and known[row.person_id].grants]


async def _settled(work: Work, context: Context, found: ntk.Ntk, tier: str) -> bool:
    rules = await context.rules(work, version=found.rulebook_version)
    rule = rules.book.category(found.category).acknowledged_by
    return rules_of_steps.is_settled(rule, tier, acks(await ntk_recipients.told(work, found.id)))


def acks(told: Sequence[ntk_recipients.Told]) -> list[rules_of_steps.Ack]:
    """Those asked to acknowledge, as the rules of the steps see them."""
    return [
        rules_of_steps.Ack(person_id=row.person_id, tier=row.tier, acknowledged_at=row.acknowledged_at)
        for row in told
        if row.is_asked
    ]


async def _above_has_it(work: Work, context: Context, found: ntk.Ntk, tier: str) -> bool:
    """Whether anybody of a tier above has the card, or is about to get it."""
    rules = await context.rules(work, version=found.rulebook_version)
    order = [known.code for known in rules.book.tiers]
    above = order[order.index(tier) + 1 :] if tier in order else []
    chain = await ntk_recipients.told(work, found.id)
    return await _has_it(work, found.id, [row.person_id for row in chain if row.tier in above])


async def _has_it(work: Work, ntk_id: str, person_ids: Sequence[str]) -> bool:
    """Whether any of these people has the card, or is about to get it."""
    newest: dict[str, deliveries.Delivery] = {}
    for row in await deliveries.of_subject(work, ntk_id, ADDRESSING):
        newest[row.person_id] = row
    return any(id in newest and newest[id].state not in UNDELIVERED for id in person_ids)


Doing = Callable[[Context, Work, Rules, ntk.Ntk, ntk_steps.Step], Awaitable[int]]

DOING: dict[str, Doing] = {
    "remind": _remind,
    "deputy": _deputy,
    "above": _above,
    "alarm": _alarm,
    rules_of_steps.MISSING: _missing,
    rules_of_steps.RETURN_DUE: _return_due,
    rules_of_steps.UPDATE_DUE: _update_due,
}


def first_due(steps: Sequence[ntk_steps.Step]) -> datetime | None:
    """When the next step falls due, None when none is set."""
    return min((step.due_at for step in steps if step.state == ntk_steps.SET), default=None)
