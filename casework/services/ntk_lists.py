"""Need-to-knows searched and listed: a person's own, their team's, by reference or case id; one's whole timeline."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from casework.db import ntk, ntk_events, ntk_prompts, ntk_recipients, ntk_register, people
from casework.db.uow import Work
from casework.domain import access, cases, clocks, london
from casework.domain.errors import Code, Refusal
from casework.domain.ntk import State
from casework.domain.people import Person
from casework.ntk_list_views import Digest, Handover, NtkLists, Timeline, TimelineEntry
from casework.ntk_views import NtkLine, Said
from casework.services import ntk_cards, ntk_told
from casework.services.context import Context, Rules, fresh, insist, today
from casework.services.recorder import record

LIST_LIMIT = 10
TEAM_LIMIT = 60
PAGE = 12
REFERENCE = re.compile(r"NTK-?(\d{4})-?(\d{1,6})", re.IGNORECASE)
WORDS = {
    "text": "",
    "needed": "Needed from senior managers",
    "statutory_why": "Statutory notification",
    "learning": "Learning",
    "actions": "Actions left",
    "was": "Before",
    "privacy_reason": "Why identifiers stay",
    "reference": "Reference",
}


async def mine(context: Context, *, person: Person) -> NtkLists:
    """What waits for this person's acknowledgement, and what they raised or answer for: ten of each at most."""
    async with context.database.reading() as work:
        person = await fresh(work, person)
        waiting = await ntk_register.awaiting(work, person.id, limit=LIST_LIMIT)
        raised = await ntk_register.raised_by(work, person.id, limit=LIST_LIMIT)
        return NtkLists(
            waiting=tuple([await ntk_cards.line(context, work, row) for row in waiting]),
            raised=tuple([await ntk_cards.line(context, work, row) for row in raised]),
        )


async def team(context: Context, *, person: Person) -> NtkLists:
    """A manager's open need-to-knows, each once, under the worst that is wrong with it. Raises Refusal NOT_ALLOWED.

    Restricted ones are there for those named on them and leave no trace, not even in `more`, for others.
    """
    async with context.database.reading() as work:
        person = await fresh(work, person)
        insist(access.can_list_team(person))
        rows = await ntk_register.live_for(work, person, limit=TEAM_LIMIT + 1)
        lines = [await ntk_cards.line(context, work, row) for row in rows[:TEAM_LIMIT]]
        return _sorted_by_need(lines, work.now, more=max(0, len(rows) - TEAM_LIMIT))


async def find(context: Context, *, person: Person, words: str) -> tuple[NtkLine, ...]:
    """NTKs by reference ("NTK-2026-0042") or case id, of those this person may read.

    What they may not read is as if it weren't there; that they asked is in the audit trail.
    """
    async with context.database.writing() as work:
        person = await fresh(work, person)
        rules = await context.rules(work)
        found, readable = await _matching(work, rules, words), []
        for row in found:
            if access.can_read_ntk(person, await ntk_recipients.facts(work, row)):
                readable.append(row)
            else:
                await record(
                    context, work, actor_id=person.id, action="ntk.refused", subject_kind="ntk", subject_id=row.id
                )
        return tuple([await ntk_cards.line(context, work, row) for row in readable[:LIST_LIMIT]])


async def timeline(context: Context, *, person: Person, ntk_id: str, page: int = 1) -> Timeline:
    """Everything that happened to one NTK, the newest first, in people's words; reading it is audited."""
    async with context.database.writing() as work:
        person = await fresh(work, person)
        found = await ntk.get(work, ntk_id)
        if found is None or not access.can_read_ntk(person, await ntk_recipients.facts(work, found)):
            raise Refusal(Code.NOT_FOUND)
        rules = await context.rules(work, version=found.rulebook_version)
        events = list(await ntk_events.of_ntk(work, found.id, with_text=True))
        events += [event for other in await _merged_from(work, found) for event in other]
        events.sort(key=lambda event: (event.at, event.seq), reverse=True)
        pages = max(1, -(-len(events) // PAGE))
        page = min(max(1, page), pages)
        shown = events[(page - 1) * PAGE : page * PAGE]
        names = await _names(work, shown)
        await record(context, work, actor_id=person.id, action="ntk.read", subject_kind="ntk", subject_id=found.id)
        return Timeline(
            standing=await ntk_cards.standing(work, rules, found),
            entries=tuple(entry(rules, event, names) for event in shown),
            page=page,
            pages=pages,
        )


def entry(rules: Rules, event: ntk_events.Event, names: Mapping[str, Person]) -> TimelineEntry:
    """One event as people read it: ids in its facts as names, codes as the rulebook's words."""
    facts = dict(event.facts)
    for key in ("person", "from", "to", "on_behalf"):
        value = facts.get(key)
        if isinstance(value, str) and value in names:
            facts[key] = names[value].name
    if isinstance(code := facts.get("prompt"), str):
        facts["prompt"] = next((rule.name for rule in rules.book.prompts if rule.code == code), code)
    if isinstance(tier := facts.get("tier"), str):
        facts["tier"] = ntk_told.role_name(rules.book, tier)
    if isinstance(tiers := facts.get("tiers"), str):
        facts["tiers"] = ", ".join(ntk_told.role_name(rules.book, code) for code in tiers.split(",") if code != "ALSO")
    for key, known in (
        ("outcome", rules.book.ntk.outcomes),
        ("themes", rules.book.ntk.themes),
        ("reason", rules.book.ntk.not_ntk_reasons),
    ):
        if isinstance(value := facts.get(key), str):
            by_code = {choice.code: choice.name for choice in known}
            facts[key] = ", ".join(by_code.get(code, code) for code in value.split(","))
    return TimelineEntry(
        at=event.at,
        kind=event.kind,
        who=names[event.actor_id].name if event.actor_id and event.actor_id in names else "Usher",
        facts=facts,
        words=words(event),
    )


def words(event: ntk_events.Event) -> tuple[Said, ...]:
    """People's words of an event, each under what was asked."""
    return tuple(
        Said(label=WORDS.get(code, code), words=text, is_long=True) for code, text in event.text.items() if text
    )


async def digest(context: Context, work: Work, *, person: Person) -> Digest:
    """The morning's lines for a manager: what is new, unacknowledged, overdue, due today; nothing of any narrative."""
    rows = await ntk_register.live_for(work, person, limit=TEAM_LIMIT)
    lines = [await ntk_cards.line(context, work, row) for row in rows]
    by_need = _sorted_by_need(lines, work.now, more=0)
    since = work.now - timedelta(days=1)
    prompts = []
    for row in rows:
        rules = await context.rules(work, version=row.rulebook_version)
        for prompt in await ntk_prompts.of_ntk(work, row.id):
            if prompt.decision is None:
                prompts.append((row.reference, rules.book.prompt(prompt.code).name, prompt.due_at))
    return Digest(
        day=today(work),
        new=sum(row.raised_at >= since for row in rows),
        unacknowledged=by_need.unacknowledged,
        overdue=by_need.overdue,
        due_today=by_need.due_today,
        prompts=tuple(sorted(prompts, key=lambda one: one[2])),
        open=len(rows),
    )


async def handover(context: Context, work: Work, *, person: Person, since: datetime) -> Handover:
    """What was raised between the office's last closing and now that this person may read."""
    lines = []
    for row in await ntk_register.raised_between(work, since, work.now):
        is_over = row.state in (State.WITHDRAWN, State.MERGED)
        if not is_over and access.can_read_ntk(person, await ntk_recipients.facts(work, row)):
            lines.append(await ntk_cards.line(context, work, row))
    return Handover(since=since, lines=tuple(lines))


def _sorted_by_need(lines: list[NtkLine], now: datetime, *, more: int) -> NtkLists:
    """Each line once, under the first of: not acknowledged, update overdue, due today, others."""
    end_of_day = clocks.local_instant(london.local_date(now) + timedelta(days=1), datetime.min.time())
    by_need: dict[str, list[NtkLine]] = {"unacknowledged": [], "overdue": [], "due_today": [], "others": []}
    for line in lines:
        due = line.next_update_at
        if line.acknowledged < line.told:
            by_need["unacknowledged"].append(line)
        elif line.is_overdue:
            by_need["overdue"].append(line)
        elif due is not None and due < end_of_day:
            by_need["due_today"].append(line)
        else:
            by_need["others"].append(line)
    return NtkLists(**{need: tuple(found) for need, found in by_need.items()}, more=more)


async def _matching(work: Work, rules: Rules, words: str) -> tuple[ntk.Ntk, ...]:
    if match := REFERENCE.search(words):
        found = await ntk.by_reference(work, f"NTK-{match[1]}-{int(match[2]):04d}")
        return (found,) if found else ()
    ids = [cases.tidy_case_id(word.strip(".,")) for word in words.split()]
    ids = [id for id in ids if not cases.case_id_problem(id, rules.book.council.case_id_pattern)]
    refs = await ntk_register.case_refs_of(work, ids)
    return await ntk_register.about_cases(work, refs) if refs else ()


async def _merged_from(work: Work, found: ntk.Ntk) -> list[tuple[ntk_events.Event, ...]]:
    """The histories of the NTKs that were merged into this one."""
    return [
        await ntk_events.of_ntk(work, other.id, with_text=True)
        for other in await ntk_register.merged_into(work, found.id)
    ]


async def _names(work: Work, events: list[ntk_events.Event]) -> Mapping[str, Person]:
    ids = [event.actor_id or "" for event in events]
    ids += [str(event.facts[key]) for event in events for key in ("person", "from", "to", "on_behalf")
            if isinstance(event.facts.get(key), str)]  # fmt: skip
    return await people.by_ids(work, ids, today=today(work))
