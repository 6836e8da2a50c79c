"""One reader's view of an NTK, made from stored facts; opening a narrative for a reader is audited here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from casework.db import cases, covers, ntk, ntk_events, ntk_prompts, ntk_recipients, people
from casework.db.uow import Work
from casework.domain import access, ntk_act_forms, ntk_acts
from casework.domain import ntk as ntk_rules
from casework.domain.access import NtkFacts
from casework.domain.keys import SealError
from casework.domain.ntk_rulebook import Choice
from casework.domain.people import ROLE_NAMES, Person
from casework.domain.rulebook import Rulebook
from casework.ntk_views import Act, NotDelivered, NtkCard, NtkLine, NtkReceipt, PromptLine, Said, Standing
from casework.services import ntk_told
from casework.services.context import Context, Rules, today
from casework.services.recorder import record

MOST_UPDATES = 5
LONG_KINDS = frozenset({"long_text", "links"})


async def standing(work: Work, rules: Rules, found: ntk.Ntk) -> Standing:
    """How it stands. Where the text can't be opened (a key is missing) the child is left out, the rest is shown."""
    try:
        initials, case_id = await ntk.labels(work, found.id)
    except SealError:
        initials, case_id = "", ""
    names = await people.by_ids(work, [found.checked_by_id or ""], today=today(work))
    into = await ntk.get(work, found.merged_into_id) if found.merged_into_id else None
    level = rules.book.level(found.level)
    return Standing(
        ntk_id=found.id,
        version=found.version,
        reference=found.reference,
        category=rules.book.category(found.category).name,
        level=found.level,
        level_meaning=level.meaning,
        state=found.state.value,
        initials=initials,
        case_id=case_id,
        raised_at=found.raised_at,
        checked_at=found.checked_at,
        checked_by=names[found.checked_by_id].name if found.checked_by_id in names else "",
        lower_to=found.lower_to,
        next_update_at=found.next_update_at if found.state in ntk_rules.LIVE else None,
        is_overdue=is_overdue(found, work.now),
        is_restricted=found.is_restricted,
        # that a restricted one exists stays unsaid to readers of one that isn't
        merged_into=into.reference if into and (found.is_restricted or not into.is_restricted) else "",
        found_at=found.found_at,
    )


def is_overdue(found: ntk.Ntk, now: datetime) -> bool:
    return found.state in ntk_rules.LIVE and found.next_update_at is not None and found.next_update_at < now


async def receipt(context: Context, work: Work, found: ntk.Ntk, *, reader: Person) -> NtkReceipt:
    """The raiser's card. The caller has checked that the reader is on the raiser's side."""
    rules = await context.rules(work, version=found.rulebook_version)
    chain = await ntk_recipients.of_ntk(work, found.id)
    later = [row.tier for row in chain if row.told_at is None and row.tier in rules.book.level(found.level).tiers]
    return NtkReceipt(
        standing=await standing(work, rules, found),
        told=await ntk_told.told_people(work, rules, found, chain),
        later=ntk_told.tier_names(rules.book, dict.fromkeys(later)),
        gaps=ntk_told.gaps(rules.book, found.gaps),
        prompts=await prompts(work, rules, found),
        on_call=await _on_call(work, rules),
        acts=await acts(context, work, rules, found, reader),
    )


async def card(
    context: Context,
    work: Work,
    found: ntk.Ntk,
    *,
    reader: Person,
    action: str = "ntk.read",
    sent_again_at: datetime | None = None,
    escalated_from: str = "",
) -> NtkCard:
    """The NTK with its narrative for one reader, whose right the caller has checked.

    Writes the audit row: "ntk.read" when the reader opened it, "ntk.disclosed" when Usher puts it into their chat.
    """
    rules = await context.rules(work, version=found.rulebook_version)
    text = await ntk.narrative(work, found.id)
    chain = await ntk_recipients.of_ntk(work, found.id)
    mine = next((row for row in chain if row.person_id == reader.id and row.is_told), None)
    names = await people.by_ids(work, [found.raiser_id, found.on_behalf_id or ""], today=today(work))
    raiser = names[found.raiser_id]
    facts = await ntk_recipients.facts(work, found)
    await record(context, work, actor_id=reader.id, action=action, subject_kind="ntk", subject_id=found.id)
    return NtkCard(
        standing=await standing(work, rules, found),
        children=children(text),
        raised_by=raiser.name,
        on_behalf=names[found.on_behalf_id].name if found.on_behalf_id in names else "",
        raiser_phone=raiser.work_phone,
        team=found.team,
        aware_at=found.aware_at,
        answers=said(rules.book, found.category, text.answers),
        updates=await _updates(work, found),
        told=await ntk_told.told_people(work, rules, found, [row for row in chain if row.person_id != reader.id]),
        prompts=await prompts(work, rules, found),
        acknowledged_at=mine.acknowledged_at if mine else None,
        may_acknowledge=access.can_acknowledge_ntk(reader, facts),
        sent_again_at=sent_again_at,
        acts=await acts(context, work, rules, found, reader),
        why=await why(work, rules, mine, found, reader),
        escalated_from=escalated_from,
        allocated=await _allocated(work, found),
    )


async def disclosed(context: Context, work: Work, found: ntk.Ntk, reader: Person) -> None:
    """Write down that people's words about an NTK are put into somebody's chat."""
    await record(context, work, actor_id=reader.id, action="ntk.disclosed", subject_kind="ntk", subject_id=found.id)


async def not_delivered(context: Context, work: Work, found: ntk.Ntk) -> NotDelivered:
    """Whom the raiser has to phone, because their card can't be or may not have been delivered.

    It is sent even where the NTK's own text can't be opened (a key is missing): the reference is enough to phone.
    """
    rules = await context.rules(work, version=found.rulebook_version)
    shown = await standing(work, rules, found)
    told = await ntk_told.told_people(work, rules, found, await ntk_recipients.of_ntk(work, found.id))
    return NotDelivered(
        ntk_id=found.id,
        reference=found.reference,
        level=found.level,
        initials=shown.initials,
        case_id=shown.case_id,
        to_phone=tuple(
            person for person in told if person.reached in ("no", "unsure") and person.acknowledged_at is None
        ),
        may_open=True,
        duty_phone=rules.book.council.duty_phone,
    )


async def line(context: Context, work: Work, found: ntk.Ntk) -> NtkLine:
    """One NTK for a list: reference and initials, nothing of the narrative."""
    rules = await context.rules(work, version=found.rulebook_version)
    initials, case_id = await ntk.labels(work, found.id)
    rows = [row for row in await ntk_recipients.told(work, found.id) if row.is_asked]
    return NtkLine(
        ntk_id=found.id,
        reference=found.reference,
        category=rules.book.category(found.category).name,
        level=found.level,
        state=found.state.value,
        initials=initials,
        case_id=case_id,
        raised_at=found.raised_at,
        acknowledged=sum(row.acknowledged_at is not None for row in rows),
        told=len(rows),
        next_update_at=found.next_update_at if found.state in ntk_rules.LIVE else None,
        is_overdue=is_overdue(found, work.now),
        unanswered=sum(prompt.decision is None for prompt in await ntk_prompts.of_ntk(work, found.id)),
    )


async def prompts(work: Work, rules: Rules, found: ntk.Ntk) -> tuple[PromptLine, ...]:
    """The outside clocks that run on it, with what was recorded."""
    rows = await ntk_prompts.of_ntk(work, found.id)
    names = await people.by_ids(work, [row.decided_by_id or "" for row in rows], today=today(work))
    return tuple(prompt_line(rules.book, row, names, work.now) for row in rows)


def prompt_line(book: Rulebook, row: ntk_prompts.Prompt, names: Mapping[str, Person], now: datetime) -> PromptLine:
    rule = book.prompt(row.code)
    return PromptLine(
        prompt_id=row.id,
        name=rule.name,
        question=rule.question,
        source=rule.source,
        owner=ntk_told.role_name(book, row.owner_role),
        due_at=row.due_at,
        is_overdue=row.decision is None and row.due_at < now,
        decision=row.decision,
        decided_on=row.decided_on,
        decided_by=names[row.decided_by_id].name if row.decided_by_id and row.decided_by_id in names else "",
        reference="",
    )


async def case_of(work: Work, found: ntk.Ntk, *, with_people: bool = False) -> ntk_act_forms.Case:
    """What acts turn on; the people and children to choose from only where a form needs them."""
    chosen: tuple[Choice, ...] = ()
    kids: tuple[Choice, ...] = ()
    if with_people:
        told = [row.person_id for row in await ntk_recipients.of_ntk(work, found.id) if row.ended_at is None]
        known = await people.by_ids(work, told, today=today(work))
        chosen = tuple(Choice(code=person.id, name=person.name) for person in known.values())
        text = await ntk.narrative(work, found.id)
        kids = tuple(Choice(code=str(place), name=child) for place, child in enumerate(children(text)))
    asker = (await people.by_ids(work, [found.lower_by_id], today=today(work))) if found.lower_by_id else {}
    facts = await ntk_recipients.facts(work, found)
    return ntk_act_forms.Case(
        state=found.state,
        level=found.level,
        is_checked=found.checked_at is not None,
        is_missing=found.missing_since is not None and found.found_at is None,
        lower_to=found.lower_to,
        lower_by_id=found.lower_by_id,
        lower_by_tier=next((access.line_tier(person, facts) for person in asker.values()), None),
        people=chosen,
        children=kids,
    )


async def acts(context: Context, work: Work, rules: Rules, found: ntk.Ntk, reader: Person) -> tuple[Act, ...]:
    """What this reader may do now."""
    facts: NtkFacts = await ntk_recipients.facts(work, found)
    case = await case_of(work, found)
    return tuple(Act(code=act.code, title=act.title) for act in ntk_acts.open_to(rules.book, case, reader, facts))


async def why(work: Work, rules: Rules, mine: ntk_recipients.Told | None, found: ntk.Ntk, reader: Person) -> str:
    """A code and a name that answer "why did I get this?", read from the record: "because|tier|name"."""
    if mine is None:
        facts = await ntk_recipients.facts(work, found)
        if access.is_raisers_side(reader, facts):
            return "raiser||"
        tier = access.line_tier(reader, facts)
        return f"reader|{ROLE_NAMES[tier].capitalize() if tier else ''}|"
    via = await people.by_ids(work, [mine.via or ""], today=today(work))
    tier_words = (
        ntk_told.role_name(rules.book, mine.via or "")
        if mine.because == "role"
        else ntk_told.tier_name(rules.book, mine, bare=True)
    )
    return f"{mine.because}|{tier_words}|{via[mine.via].name if mine.via in via else ''}"


def said(book: Rulebook, category: str, answers: Mapping[str, str]) -> tuple[Said, ...]:
    """The answers of an NTK's own form in its order, in words; what an older form asked besides comes last."""
    shown = []
    fields = ntk_rules.fields_of(book, category)
    for field in fields:
        answer = answers.get(field.code, "")
        # what a form answers of itself when nobody touches it says nothing
        if not answer or field.kind == "person" or answer == field.initial:
            continue
        words = answer
        if field.kind in ("choice", "choices"):
            words = ", ".join(field.choice_name(code) for code in answer.split(","))
        elif field.kind == "yes_no":
            words = "Yes"
        elif field.kind == "date":
            words = f"{date.fromisoformat(answer).day} {date.fromisoformat(answer):%B %Y}"
        label = field.label.removesuffix(" (optional)")
        shown.append(Said(label=label, words=words, is_long=field.kind in LONG_KINDS, is_moment=field.kind == "moment"))
    known = {field.code for field in fields}
    shown += [
        Said(label=code.replace("_", " ").capitalize(), words=answer, is_long=True)
        for code, answer in answers.items()
        if code not in known and code != "privacy_reason"
    ]
    return tuple(shown)


def children(text: ntk_rules.Narrative) -> tuple[str, ...]:
    return tuple(f"{child.initials} (ID {child.case_id})" for child in text.children)


async def _allocated(work: Work, found: ntk.Ntk) -> str:
    """The case's own worker, where they are neither the raiser nor the one it was raised for."""
    worker = (await cases.get(work, found.case_ref)).allocated_person_id
    if worker is None or worker in (found.raiser_id, found.on_behalf_id):
        return ""
    known = await people.by_ids(work, [worker], today=today(work))
    return known[worker].name if worker in known else ""


async def _updates(work: Work, found: ntk.Ntk) -> tuple[tuple[datetime, str, str], ...]:
    """The newest updates as (when, by whom, words): what was first said stands unchanged below them."""
    events = [
        event
        for event in await ntk_events.of_ntk(work, found.id, with_text=True)
        if event.kind in ("update", "found") and event.text.get("text")
    ][-MOST_UPDATES:]
    names = await people.by_ids(work, [event.actor_id or "" for event in events], today=today(work))
    return tuple(
        (event.at, names[event.actor_id].name if event.actor_id in names else "Usher", event.text["text"])
        for event in reversed(events)
    )


async def _on_call(work: Work, rules: Rules) -> tuple[tuple[str, str, str], ...]:
    """(tier, name, phone) of everybody on call now: whom the raiser can ring."""
    live = await covers.on_call(work, at=work.now)
    known = await people.by_ids(work, [one.person_id for one in live], today=today(work))
    return tuple(
        (
            ntk_told.tier_words(rules.book, one.tier, "", None),
            known[one.person_id].name,
            known[one.person_id].work_phone,
        )
        for one in live
        if one.person_id in known
    )
