"""The chain of an NTK at work: found and frozen when it is raised, told tier by tier, its steps set as each is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from casework.db import covers, deliveries, ntk, ntk_recipients, ntk_steps, people
from casework.db.uow import Work
from casework.domain import ntk_coach, ntk_routing, office_hours
from casework.domain import ntk_steps as steps
from casework.domain.ntk_routing import Because, Recipient
from casework.domain.people import Person, Role
from casework.domain.rulebook import Rulebook
from casework.services.context import Context, Rules, today
from casework.services.ntk_record import addressed, note


async def find(
    work: Work,
    rules: Rules,
    *,
    category: str,
    level: int,
    answers: Mapping[str, str],
    team: str,
    service: str,
    raiser_id: str,
    subject_id: str | None,
) -> ntk_routing.Routing:
    """The chain for these facts as people, cover and rota stand now."""
    roles = [Role(tier.code) for tier in rules.book.tiers]
    known = rules.book.category(category)
    besides = {*known.also, *rules.book.level(level).also, *(rule.role for rule in known.also_when)}
    holders = await people.holding(work, [*roles, *(role for role in Role if role.value in besides)], today=today(work))
    if subject_id is not None and subject_id not in {person.id for person in holders}:
        holders = (*holders, *(await people.by_ids(work, [subject_id], today=today(work))).values())
    return ntk_routing.route(
        rulebook=rules.book,
        level=level,
        team=team,
        service=service,
        raiser_id=raiser_id,
        people=holders,
        circumstances=ntk_routing.Circumstances(
            category=known,
            answers=answers,
            subject_id=subject_id,
            on_call=await _on_call(work, rules.book, level),
            extra_tiers=_missing_tiers(rules.book, answers, work.now),
        ),
    )


async def freeze(
    context: Context, work: Work, rules: Rules, found: ntk.Ntk, routing: ntk_routing.Routing
) -> list[deliveries.Wanted]:
    """Write the chain onto a new NTK and set the steps of every tier told; the deliveries that tell them."""
    await ntk_recipients.add(work, found.id, routing.recipients, is_told=True)
    await ntk_recipients.add(work, found.id, routing.later, is_told=False)
    await ntk_recipients.exclude(work, ntk_id=found.id, person_ids=routing.excluded, because="subject", by_id=None)
    await set_steps(work, rules, found, {one.tier for one in routing.recipients})
    return [addressed(work, found, one.person_id) for one in routing.recipients]


async def set_steps(work: Work, rules: Rules, found: ntk.Ntk, tiers: set[str]) -> None:
    """Set the steps of tiers told now, in a round of their own."""
    level = rules.book.level(found.level)
    for tier in sorted(tiers & {known.code for known in rules.book.tiers}):
        planned = steps.plan(rules.book, level, tier=tier, told_at=work.now)
        number = max([s.round for s in await ntk_steps.of_ntk(work, found.id) if s.tier == tier], default=0) + 1
        await ntk_steps.add(work, found.id, [(step.tier, step.do, step.due_at) for step in planned], round=number)


async def tell(
    context: Context,
    work: Work,
    rules: Rules,
    found: ntk.Ntk,
    recipients: Sequence[Recipient],
    *,
    because: Because,
    event: str = "told",
) -> int:
    """Tell people now who weren't told yet, planned or new; returns how many. Sets the steps of tiers told afresh."""
    chain = {row.person_id: row for row in await ntk_recipients.of_ntk(work, found.id)}
    excluded = await ntk_recipients.excluded(work, found.id)
    told_tiers = {row.tier for row in chain.values() if row.is_told}
    new: list[Recipient] = []
    for one in recipients:
        is_new = one.person_id not in {known.person_id for known in new}
        # who stands in for somebody it is kept from is kept from it too
        if not is_new or {one.person_id, one.via} & excluded or one.person_id == found.raiser_id:
            continue
        if one.person_id not in chain:
            await ntk_recipients.add(work, found.id, [one], is_told=True)
            new.append(one)
        elif await ntk_recipients.tell(work, ntk_id=found.id, person_id=one.person_id, because=because, tier=one.tier):
            new.append(one)
    if new:
        await set_steps(work, rules, found, {one.tier for one in new} - told_tiers)
        await note(
            context,
            work,
            found,
            actor_id=None,
            kind=event,
            facts={"tiers": ",".join(dict.fromkeys(one.tier for one in new)), "told": len(new), "because": because},
            tell=[addressed(work, found, one.person_id) for one in new],
        )
    return len(new)


async def reroute(context: Context, work: Work, rules: Rules, found: ntk.Ntk) -> None:
    """The case is another team's than was thought: its line is told; who of the old line wasn't told yet won't be."""
    routing = await find(
        work,
        rules,
        category=found.category,
        level=found.level,
        answers=(await ntk.narrative(work, found.id)).answers,
        team=found.team,
        service=found.service,
        raiser_id=found.raiser_id,
        subject_id=None,
    )
    chain = {row.person_id: row for row in await ntk_recipients.of_ntk(work, found.id)}
    wanted = {one.person_id for one in (*routing.recipients, *routing.later)}
    for row in chain.values():
        if row.told_at is None and row.ended_at is None and row.person_id not in wanted:
            await ntk_recipients.end(work, ntk_id=found.id, person_id=row.person_id, because="corrected")
    await tell(context, work, rules, found, routing.recipients, because="corrected")
    later = [one for one in routing.later if one.person_id not in chain]
    await ntk_recipients.add(work, found.id, later, is_told=False)


async def tier_now(work: Work, rules: Rules, found: ntk.Ntk, tier: str, *, because: Because) -> list[Recipient]:
    """Who can be told for a tier now: those frozen on the NTK who are there, or else who holds it today."""
    chain = [row for row in await ntk_recipients.of_ntk(work, found.id) if row.tier == tier and row.ended_at is None]
    known = await people.by_ids(work, [row.person_id for row in chain], today=today(work))
    there = [
        row
        for row in chain
        if row.person_id in known
        and is_there(known[row.person_id])
        and (row.because != "cover" or any(grant.via == row.via for grant in known[row.person_id].grants))
    ]
    if there:
        return [Recipient(row.person_id, tier, because, row.via) for row in there]
    scope = next(known_tier.scope for known_tier in rules.book.tiers if known_tier.code == tier)
    excluded = await ntk_recipients.excluded(work, found.id)
    return [
        Recipient(person.id, tier, because, grant.via)
        for person in await people.holding(work, [Role(tier)], today=today(work))
        for grant in person.grants
        if ntk_routing.covers(grant, Role(tier), scope, found.team, found.service)
        and is_there(person)
        and person.id != found.raiser_id
        and not {person.id, grant.via} & excluded
    ]


async def next_above(work: Work, rules: Rules, found: ntk.Ntk, tier: str, *, because: Because) -> list[Recipient]:
    """The people of the first tier above that has anybody; none when there is nobody above."""
    order = [known.code for known in rules.book.tiers]
    for above in order[order.index(tier) + 1 :]:
        if there := await tier_now(work, rules, found, above, because=because):
            return there
    return []


async def deputies_of(work: Work, found: ntk.Ntk, tier: str, absent: Sequence[str]) -> list[Recipient]:
    """Standing deputies of those of a tier who don't answer, as long as they are there and not kept from it."""
    live = [c for c in await covers.live(work, on=today(work), kind=covers.DEPUTY) if c.person_id in absent]
    known = await people.by_ids(work, [c.cover_id for c in live if c.cover_id], today=today(work))
    excluded = await ntk_recipients.excluded(work, found.id)
    return [
        Recipient(c.cover_id, tier, "deputy", c.person_id)
        for c in live
        if c.cover_id in known
        and is_there(known[c.cover_id])
        and not {c.cover_id, c.person_id} & excluded
        and c.cover_id != found.raiser_id
    ]


async def duty_heads(work: Work, rules: Rules, found: ntk.Ntk) -> list[str]:
    """Who is alarmed when nobody answers: the duty head on the rota, else the top of the line, whoever is there."""
    excluded = await ntk_recipients.excluded(work, found.id)
    on_call = [one.person_id for one in await covers.on_call(work, at=work.now) if one.tier == covers.DUTY]
    known = await people.by_ids(work, on_call, today=today(work))
    there = [id for id in on_call if id in known and known[id].grants and id not in excluded | {found.raiser_id}]
    if there:
        return list(dict.fromkeys(there))
    for tier in reversed(rules.book.tiers):
        if holders := await tier_now(work, rules, found, tier.code, because="escalated"):
            return [one.person_id for one in holders]
    return []


def is_there(person: Person) -> bool:
    """Whether somebody can be told today: they hold a role and are not on leave."""
    return bool(person.grants) and not person.is_away


def missing_steps(book: Rulebook, answers: Mapping[str, str], since: datetime) -> list[tuple[str, str, datetime]]:
    """The steps of a missing child's clock as (threshold code, what to do, due at)."""
    return [
        (rule.code, steps.MISSING, ntk_coach.missing_due(rule, since))
        for rule in ntk_coach.missing_steps(book, answers)
    ]


def _missing_tiers(book: Rulebook, answers: Mapping[str, str], now: datetime) -> tuple[str, ...]:
    """The tiers whose threshold has passed already when a missing child is raised."""
    if not answers.get("missing_since"):
        return ()
    since = datetime.fromisoformat(answers["missing_since"])
    passed = [rule for rule in ntk_coach.missing_steps(book, answers) if ntk_coach.missing_due(rule, since) <= now]
    return tuple(tier for rule in passed for tier in rule.tiers)


async def _on_call(work: Work, book: Rulebook, number: int) -> tuple[Recipient, ...]:
    """Those on call, where the time to acknowledge counts by the clock and runs beyond office hours."""
    level = book.level(number)
    within = level.acknowledge
    if within is None or within.minutes is None or within.hours != "clock":
        return ()
    ends = work.now + timedelta(minutes=within.minutes)
    if not office_hours.runs_out_of_hours(work.now, ends, book):
        return ()
    return tuple(
        Recipient(one.person_id, one.tier, "on_call")
        for one in await covers.on_call(work, at=work.now, until=ends)
        if one.tier in level.tiers
    )
