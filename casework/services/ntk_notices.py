"""The smaller cards about an NTK, each made for its reader when it is sent: reminders, changes, clocks, gaps."""

from __future__ import annotations

from dataclasses import replace

from casework.db import ntk, ntk_events, ntk_prompts, ntk_recipients, ntk_steps, people
from casework.db.uow import Work
from casework.domain import access
from casework.domain.ntk import LIVE
from casework.domain.ntk_steps import RETURN_DUE
from casework.domain.people import Person, Role
from casework.ntk_views import Act, GapReport, NotDelivered, NtkChange, NtkConfirm, NtkReminder, PromptCard, UpdateDue
from casework.services import ntk_cards, ntk_lists, ntk_told
from casework.services.context import Context, today


async def reminder(context: Context, work: Work, found: ntk.Ntk) -> NtkReminder:
    rules = await context.rules(work, version=found.rulebook_version)
    initials, case_id = await ntk.labels(work, found.id)
    return NtkReminder(
        ntk_id=found.id,
        reference=found.reference,
        category=rules.book.category(found.category).name,
        level=found.level,
        initials=initials,
        case_id=case_id,
        raised_at=found.raised_at,
    )


async def exhausted(
    context: Context, work: Work, found: ntk.Ntk, step: ntk_steps.Step, reader: Person
) -> NotDelivered | None:
    """Nobody of a tier answers: whom to phone, for the duty head and the raiser. None once somebody has answered."""
    rules = await context.rules(work, version=found.rulebook_version)
    is_unreachable = step.because == "undelivered"
    chain = [
        row
        for row in await ntk_recipients.told(work, found.id)
        if row.is_asked and row.acknowledged_at is None and (row.tier == step.tier or not is_unreachable)
    ]
    known = await people.by_ids(work, [row.person_id for row in chain], today=today(work))
    shown = await ntk_told.told_people(work, rules, found, chain)
    facts = await ntk_recipients.facts(work, found)
    may_read = access.can_read_ntk(reader, facts)
    if not chain or reader.id in facts.excluded_ids:
        return None
    initials, case_id = await ntk.labels(work, found.id)
    phones = {person.name: person.work_phone for person in known.values()}
    return NotDelivered(
        ntk_id=found.id,
        reference=found.reference,
        level=found.level,
        initials=initials if may_read else "",
        case_id=case_id if may_read else "",
        to_phone=tuple(replace(person, phone=phones.get(person.name, "")) for person in shown),
        tier=ntk_told.role_name(rules.book, step.tier),
        may_open=may_read,
        duty_phone=rules.book.council.duty_phone,
        is_unreachable=is_unreachable,
    )


async def change(context: Context, work: Work, event: ntk_events.Event, reader: Person) -> NtkChange | None:
    """One event for one reader; None for whoever may not read the NTK (any more).

    A data protection officer hears that there was a breach, and nothing of the child.
    """
    found = await ntk.get(work, event.ntk_id)
    if found is None:
        return None
    facts = await ntk_recipients.facts(work, found)
    may_read = access.can_read_ntk(reader, facts)
    if not may_read and not (event.kind == "breach" and reader.has(Role.DPO)):
        return None
    rules = await context.rules(work, version=found.rulebook_version)
    initials, case_id = await ntk.labels(work, found.id) if may_read else ("", "")
    ids = [event.actor_id or "", *(str(event.facts[key]) for key in ("person", "from", "to") if event.facts.get(key))]
    entry = ntk_lists.entry(rules, event, await people.by_ids(work, ids, today=today(work)))
    shown = dict(entry.facts)
    if event.kind == "merged" and not found.is_restricted:
        into = await ntk.get(work, found.merged_into_id or "")
        if into is not None and into.is_restricted:
            shown.pop("into", None)
    mine = [row for row in await ntk_recipients.told(work, found.id) if row.person_id == reader.id]
    if may_read:
        await ntk_cards.disclosed(context, work, found, reader)
    return NtkChange(
        ntk_id=found.id,
        reference=found.reference,
        level=found.level,
        initials=initials,
        case_id=case_id,
        kind=event.kind,
        who=entry.who,
        at=event.at,
        facts=shown,
        words=entry.words if may_read else (),
        acts=await _acts_on(context, work, found, reader, event) if may_read else (),
        may_acknowledge=bool(mine) and mine[0].is_asked and mine[0].acknowledged_at is None and found.state in LIVE,
        may_open=may_read,
    )


async def confirm(context: Context, work: Work, event: ntk_events.Event, reader: Person) -> NtkConfirm | None:
    """A lower level waits for this senior; None for whoever may not read it."""
    found = await ntk.get(work, event.ntk_id)
    if found is None or not access.can_check_ntk(reader, await ntk_recipients.facts(work, found)):
        return None
    names = await people.by_ids(work, [event.actor_id or ""], today=today(work))
    initials, case_id = await ntk.labels(work, found.id)
    await ntk_cards.disclosed(context, work, found, reader)
    return NtkConfirm(
        ntk_id=found.id,
        version=found.version,
        reference=found.reference,
        initials=initials,
        case_id=case_id,
        level=int(str(event.facts["from"])),
        lower_to=int(str(event.facts["to"])),
        asked_by=names[event.actor_id].name if event.actor_id and event.actor_id in names else "",
        reason=event.text.get("text", ""),
        is_open=found.lower_to is not None and found.state in LIVE,
    )


async def update_due(context: Context, work: Work, found: ntk.Ntk, step: ntk_steps.Step) -> UpdateDue:
    names = await people.by_ids(work, [found.owner_id], today=today(work))
    initials, case_id = await ntk.labels(work, found.id)
    due = found.next_update_at or step.due_at
    return UpdateDue(
        ntk_id=found.id,
        reference=found.reference,
        level=found.level,
        initials=initials,
        case_id=case_id,
        due_at=due,
        is_overdue=step.due_at > due,
        is_return=step.do == RETURN_DUE,
        owner=names[found.owner_id].name if found.owner_id in names else "",
    )


async def prompt(context: Context, work: Work, row: ntk_prompts.Prompt, reader: Person) -> PromptCard | None:
    """An outside clock for somebody who may read the NTK; None for others. Who may record its decision is told so."""
    found = await ntk.get(work, row.ntk_id)
    facts = await ntk_recipients.facts(work, found) if found else None
    if found is None or facts is None or not access.can_read_ntk(reader, facts):
        return None
    rules = await context.rules(work, version=found.rulebook_version)
    names = await people.by_ids(work, [row.decided_by_id or ""], today=today(work))
    initials, case_id = await ntk.labels(work, found.id)
    return PromptCard(
        ntk_id=found.id,
        reference=found.reference,
        category=rules.book.category(found.category).name,
        initials=initials,
        case_id=case_id,
        aware_at=found.aware_at,
        may_record=access.can_answer_prompt(reader, facts, row.owner_role),
        prompt=ntk_cards.prompt_line(rules.book, row, names, work.now),
    )


async def gap(context: Context, work: Work, found: ntk.Ntk) -> GapReport:
    rules = await context.rules(work, version=found.rulebook_version)
    shown = [one for one in ntk_told.gaps(rules.book, found.gaps) if one.because != "excluded"]
    return GapReport(team=found.team, service=found.service, gaps=tuple(shown))


async def _acts_on(
    context: Context, work: Work, found: ntk.Ntk, reader: Person, event: ntk_events.Event
) -> tuple[Act, ...]:
    """What suggests itself on this change: answering a question, adding what was asked for."""
    rules = await context.rules(work, version=found.rulebook_version)
    suggested = {
        "returned": ("update",),
        "comment": ("comment",),
        "close_proposed": ("close", "comment"),
        "reassigned": ("update",),
    }.get(event.kind, ())
    may = {act.code: act for act in await ntk_cards.acts(context, work, rules, found, reader)}
    return tuple(may[code] for code in suggested if code in may)
