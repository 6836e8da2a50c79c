"""The clocks of an NTK besides acknowledging: updates due, a child missing, the outside clocks with their prompts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from casework.db import deliveries, ntk, ntk_events, ntk_prompts, ntk_recipients, ntk_steps, people, timers
from casework.db.uow import Work
from casework.domain import access, forms, office_hours
from casework.domain import ntk_prompts as prompt_rules
from casework.domain import ntk_steps as step_rules
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, Refusal
from casework.domain.ntk import LIVE, State
from casework.domain.ntk_rulebook import Prompt
from casework.domain.people import Person, Role
from casework.services import ntk_chain
from casework.services.context import Context, Rules, fresh, today
from casework.services.ntk_record import note, raisers_side
from casework.services.recorder import delivery

MOST_CHASES = 5
DECISIONS = ("DONE", "NOTNEEDED")


async def begin(context: Context, work: Work, rules: Rules, found: ntk.Ntk, answers: Mapping[str, str]) -> ntk.Ntk:
    """Start every clock a new NTK has: its updates, a missing child's thresholds, the outside ones."""
    if found.missing_since is not None:
        later = [
            step for step in ntk_chain.missing_steps(rules.book, answers, found.missing_since) if step[2] > work.now
        ]
        await ntk_steps.add(work, found.id, later, round=1)
    await start_prompts(context, work, rules, found, answers, starts=("aware", "raised"))
    return await next_update(work, rules, found)


async def start_prompts(
    context: Context, work: Work, rules: Rules, found: ntk.Ntk, answers: Mapping[str, str], *, starts: tuple[str, ...]
) -> None:
    """Start the outside clocks that begin now, tell their owners at once and set their reminders."""
    known = {prompt.code for prompt in await ntk_prompts.of_ntk(work, found.id)}
    for rule in prompt_rules.starting(rules.book, category=found.category, answers=answers, starts=starts):
        if rule.code in known:
            continue
        since = found.aware_at if rule.starts == "aware" else found.found_at if rule.starts == "found" else work.now
        assert since is not None
        await start(context, work, rules, found, rule, since)


async def start(
    context: Context, work: Work, rules: Rules, found: ntk.Ntk, rule: Prompt, since: datetime, *, tell: bool = True
) -> None:
    """Start one outside clock that counts from `since`: its reminders are set and, with `tell`, its owners told now."""
    due = prompt_rules.due(rule, since, rules.book)
    id = await ntk_prompts.add(
        work, ntk_id=found.id, code=rule.code, started_at=since, due_at=due, owner_role=rule.owner
    )
    moments = [*prompt_rules.warnings(rule, since, rules.book), due]
    ahead = [moment for moment in dict.fromkeys(moments) if moment > work.now] or [work.now]
    await timers.set_(work, [(ntk_prompts.TIMER, id, moment) for moment in ahead])
    prompt = await ntk_prompts.get(work, id)
    assert prompt is not None
    await note(
        context,
        work,
        found,
        actor_id=None,
        kind="clock",
        facts={"prompt": rule.code, "due_at": due.isoformat()},
        tell=await _to_owners(work, found, prompt, key="start") if tell else (),
    )


async def fire_prompt(context: Context, work: Work, timer: timers.Timer) -> None:
    """Remind the owners of an outside clock nobody has answered; an answered one needs no reminder."""
    prompt = await ntk_prompts.get(work, timer.subject_id)
    found = await ntk.lock(work, prompt.ntk_id) if prompt else None
    prompt = await ntk_prompts.get(work, timer.subject_id)
    is_open = prompt is not None and found is not None and prompt.decision is None and _still_counts(found)
    if not await timers.finish(work, timer.id, state=timers.FIRED if is_open else timers.SKIPPED):
        return
    if is_open and found is not None and prompt is not None:
        await note(
            context,
            work,
            found,
            actor_id=None,
            kind="clock_reminder",
            facts={"prompt": prompt.code, "due_at": prompt.due_at.isoformat()},
            tell=await _to_owners(work, found, prompt, key=timer.id),
        )


async def decide(
    context: Context,
    *,
    person: Person,
    prompt_id: str,
    nonce: str,
    decision: str,
    on: date,
    reason: str,
    reference: str,
    kept: int = 0,
    kept_because: str = "",
) -> str:
    """Record what a named person decided about an outside clock; returns the NTK's id.

    Nothing is sent to anybody outside, and the clock stays as recorded by whom and when. `kept` identifiers stand in
    the words for the reason `kept_because`. Raises Refusal NOT_FOUND or NOT_ALLOWED.
    """
    async with context.database.writing() as work:
        person = await fresh(work, person)
        prompt = await ntk_prompts.get(work, prompt_id)
        found = await ntk.lock(work, prompt.ntk_id) if prompt else None
        facts = await ntk_recipients.facts(work, found) if found else None
        if prompt is None or found is None or facts is None or not access.can_read_ntk(person, facts):
            raise Refusal(Code.NOT_FOUND)
        if not access.can_answer_prompt(person, facts, prompt.owner_role):
            raise Refusal(Code.NOT_ALLOWED)
        if decision not in DECISIONS:
            raise Refusal(Code.STALE_CARD)
        if await ntk_events.by_nonce(work, nonce) is None:
            await ntk_prompts.decide(
                work, prompt.id, decision=decision, on=on, by_id=person.id, reason=reason, reference=reference
            )
            await note(
                context,
                work,
                found,
                actor_id=person.id,
                kind="decided",
                facts={
                    "prompt": prompt.code,
                    "decision": decision,
                    "on": on.isoformat(),
                    "again": prompt.decision,
                    **({"kept_identifiers": kept} if kept else {}),
                },
                text={"text": reason, "reference": reference, forms.REASON: kept_because},
                nonce=nonce,
            )
        return found.id


async def next_update(work: Work, rules: Rules, found: ntk.Ntk) -> ntk.Ntk:
    """Set when the next update is due, by the level's cadence; a level without one has none."""
    for step in await ntk_steps.of_ntk(work, found.id):
        if step.do == step_rules.UPDATE_DUE and step.state == ntk_steps.SET:
            await ntk_steps.finish(work, step, state=ntk_steps.NOT_NEEDED, because="updated")
    every = rules.book.level(found.level).update_every
    due = office_hours.due(work.now, every, rules.book) if every is not None and found.state in LIVE else None
    if due is not None:
        await _set_chase(work, found, due)
    return await ntk.change(work, found.id, next_update_at=due)


async def chase(context: Context, work: Work, rules: Rules, found: ntk.Ntk, step: ntk_steps.Step) -> int:
    """An update is due or overdue: its owner is asked, from the second time on with the managers of the lowest tier.

    It asks so many times at most; then the morning lists go on showing it.
    """
    whom = raisers_side(found)
    rounds = await ntk_steps.next_round(work, found.id, step.tier, step.do)
    since = [s for s in await ntk_steps.of_ntk(work, found.id) if s.do == step.do and s.due_at >= _due(found)]
    if len(since) > 1:
        rows = [row for row in await ntk_recipients.told(work, found.id) if row.is_asked]
        whom += [row.person_id for row in rows if row.tier == rows[0].tier]
    known = await people.by_ids(work, whom, today=today(work))
    there = [id for id in dict.fromkeys(whom) if id in known and known[id].grants]
    wanted = [
        delivery(work, kind=Kind.NTK_UPDATE_DUE, subject_id=step.id, person_id=person_id, key=person_id)
        for person_id in there
    ]
    await deliveries.add(work, wanted)
    work.after_commit(context.wake)
    if len(since) < MOST_CHASES:
        again = office_hours.due(work.now, rules.book.ntk.chase_after, rules.book)
        await ntk_steps.add(work, found.id, [("UPDATE", step_rules.UPDATE_DUE, again)], round=rounds)
    return len(there)


def _due(found: ntk.Ntk) -> datetime:
    assert found.next_update_at is not None
    return found.next_update_at


async def _set_chase(work: Work, found: ntk.Ntk, due: datetime) -> None:
    rounds = await ntk_steps.next_round(work, found.id, "UPDATE", step_rules.UPDATE_DUE)
    await ntk_steps.add(work, found.id, [("UPDATE", step_rules.UPDATE_DUE, due)], round=rounds)


def _still_counts(found: ntk.Ntk) -> bool:
    """An outside clock runs on whatever becomes of the NTK here, unless it was withdrawn or went into another."""
    return found.state not in (State.WITHDRAWN, State.MERGED)


async def _to_owners(work: Work, found: ntk.Ntk, prompt: ntk_prompts.Prompt, *, key: str) -> list[deliveries.Wanted]:
    """The prompt for those of the owning role who may read the NTK; where there are none, for the top of the line.

    Where nobody there may record it (they are away, or it is restricted), everybody told gets it and the raiser's
    side: a clock of the law runs on whoever is on leave.
    """
    facts = await ntk_recipients.facts(work, found)
    holders = await people.holding(work, [Role(prompt.owner_role)], today=today(work))
    owners = [p for p in holders if not p.is_away and access.can_answer_prompt(p, facts, prompt.owner_role)]
    if not owners:
        line = await people.holding(work, [Role.HOS, Role.AD, Role.DIR], today=today(work))
        owners = [p for p in line if not p.is_away and access.can_answer_prompt(p, facts, prompt.owner_role)]
    told = [row.person_id for row in await ntk_recipients.told(work, found.id) if row.is_asked]
    whom = [owner.id for owner in owners] or [*told, *raisers_side(found)]
    return [
        delivery(work, kind=Kind.NTK_PROMPT, subject_id=prompt.id, person_id=person_id, key=f"{person_id}:{key}")
        for person_id in dict.fromkeys(whom)
    ]
