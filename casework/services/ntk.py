"""Need-to-know notifications: check one before sending, raise it, acknowledge it, show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.db import cases, consults, counters, deliveries, drafts, ntk, ntk_recipients, ntk_register, people
from casework.db.base import new_id
from casework.db.uow import Work
from casework.domain import access, forms, london, ntk_coach, ntk_prompts, ntk_routing, office_hours
from casework.domain import ntk as ntk_rules
from casework.domain.cases import CaseRef
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.ntk import State
from casework.domain.people import Person, Role
from casework.ntk_views import Coach, NtkCard, NtkLine, NtkPreview, NtkReceipt, NtkStub
from casework.services import ntk_cards, ntk_chain, ntk_clocks, ntk_stepping, ntk_told
from casework.services.context import Context, Rules, fresh, insist, today
from casework.services.directory import person_named, staff_words
from casework.services.ntk_record import note
from casework.services.recorder import delivery

FLOW = "raise_ntk"
INCIDENT_AROUND = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A checked draft with everything it refers to found: its case, its team, the people it names, its chain."""

    draft: ntk_rules.Draft
    case: CaseRef | None
    team: str
    service: str
    on_behalf: Person | None
    subject: Person | None
    routing: ntk_routing.Routing


async def first_page(context: Context, *, person: Person, fields: Mapping[str, str]) -> Coach:
    """Check the first form; the coach's words for the second. Raises FieldErrors or Refusal NOT_ALLOWED."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_raise_ntk(person))
        ntk_rules.first_page(fields, book=rules.book, now=work.now)
        if fields.get("on_behalf", "").strip():
            await _named(work, fields, "on_behalf")
        return coach(rules, fields, work.now)


async def coach_for(context: Context, *, fields: Mapping[str, str]) -> Coach | None:
    """The coach's words for a draft whose category is known; None where it is none of the rulebook's."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        is_known = fields.get("category", "") in {category.code for category in rules.book.categories}
        return coach(rules, fields, work.now) if is_known else None


async def preview(context: Context, *, person: Person, draft_id: str) -> NtkPreview:
    """The NTK a draft would become, who would be told by name, and what it may be a duplicate of.

    Raises FieldErrors (every mistake at once), Refusal DRAFT_GONE or NOT_ALLOWED.
    """
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_raise_ntk(person))
        draft = await _draft(work, draft_id, person)
        ready = await _prepare(work, rules, person, draft.fields)
        category = rules.book.category(ready.draft.category)
        level = rules.book.level(ready.draft.level)
        later = dict.fromkeys(one.tier for one in ready.routing.later if one.tier in level.tiers)
        first = ready.draft.children[0]
        case = ready.case
        return NtkPreview(
            draft_id=draft.id,
            category=category.name,
            level=level.number,
            level_meaning=level.meaning,
            children=tuple(f"{child.initials} (ID {child.case_id})" for child in ready.draft.children),
            aware_at=ready.draft.aware_at,
            answers=ntk_cards.said(rules.book, category.code, ready.draft.answers),
            told=await ntk_told.told_if_sent(work, rules.book, ready.routing),
            later=ntk_told.tier_names(rules.book, later),
            gaps=ntk_told.gaps(rules.book, [f"{gap.tier}:{gap.because}" for gap in ready.routing.gaps]),
            excluded=len(ready.routing.excluded),
            is_restricted=ready.draft.is_restricted,
            initials_differ=case is not None and case.team == person.home()[0] and case.initials != first.initials,
            coach=coach(rules, draft.fields, work.now),
            duplicates=await _duplicates(context, work, rules, person, ready.draft, ready.service),
            prompts=tuple(
                prompt.name
                for prompt in ntk_prompts.starting(
                    rules.book, category=category.code, answers=ready.draft.answers, starts=("aware", "raised")
                )
            ),
        )


async def raise_notification(context: Context, *, person: Person, draft_id: str, card_id: str | None) -> NtkReceipt:
    """Raise the NTK a draft holds and tell everyone its level reaches now, in one transaction.

    `card_id` is the activity id of the raiser's card, which is kept up to date from now on. The same draft sent
    twice gives the same NTK. Raises FieldErrors, or Refusal DRAFT_GONE or NOT_ALLOWED.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_raise_ntk(person))
        done = await ntk.by_nonce(work, draft_id)
        if done is not None and done.raiser_id == person.id:
            return await ntk_cards.receipt(context, work, done, reader=person)
        draft = await _draft(work, draft_id, person)
        ready = await _prepare(work, rules, person, draft.fields)
        raised = await _create(work, rules, person=person, draft_id=draft.id, ready=ready)
        tell = await ntk_chain.freeze(context, work, rules, raised, ready.routing)
        await _remember_card(work, raised, card_id)
        await drafts.remove(work, draft.id)
        await consults.settle(work, draft.id)
        tell += await _gap_reports(work, raised, ready.routing)
        on_behalf = [raised.on_behalf_id] if raised.on_behalf_id else []
        kept = ready.draft.kept_identifiers
        await note(
            context,
            work,
            raised,
            actor_id=person.id,
            kind="raised",
            facts={
                "category": raised.category,
                "level": raised.level,
                "told": len(ready.routing.recipients),
                "later": len(ready.routing.later),
                "excluded": len(ready.routing.excluded),
                "gaps": ",".join(raised.gaps),
                "kept_identifiers": kept,
                "out_of_hours": not office_hours.is_open(work.now, rules.book),
                "on_behalf": raised.on_behalf_id,
            },
            text={"privacy_reason": ready.draft.answers.get(forms.REASON, "")} if kept else None,
            tell=tell,
            tell_changed=on_behalf,
        )
        raised = await ntk_clocks.begin(context, work, rules, raised, ready.draft.answers)
        return await ntk_cards.receipt(context, work, raised, reader=person)


async def acknowledge(context: Context, *, person: Person, ntk_id: str, card_id: str | None) -> NtkCard | NtkStub:
    """Note that the person has seen the NTK; the first time counts, later clicks change nothing.

    `card_id` is the card clicked: it is answered in place and so not renewed again. Where levels are told in turn the
    next tier hears of it now. Raises Refusal NOT_FOUND for anything the person was not told of, whether it exists
    or not.
    """
    async with context.database.writing() as work:
        person = await fresh(work, person)
        found = await ntk.lock(work, ntk_id)
        if found is None or not access.can_acknowledge_ntk(person, await ntk_recipients.facts(work, found)):
            raise Refusal(Code.NOT_FOUND)
        if found.state is State.WITHDRAWN:
            return NtkStub(reference=found.reference, because="withdrawn")
        if await ntk_recipients.acknowledge(work, ntk_id=found.id, person_id=person.id):
            tier = next(row.tier for row in await ntk_recipients.told(work, found.id) if row.person_id == person.id)
            await note(
                context,
                work,
                found,
                actor_id=person.id,
                kind="acknowledged",
                facts={"tier": tier},
                but_card=card_id,
            )
            await ntk_stepping.acknowledged(context, work, found, tier)
        return await ntk_cards.card(context, work, found, reader=person)


async def show(context: Context, *, person: Person, ntk_id: str) -> NtkCard | NtkStub:
    """One NTK for a reader who may see it, the read audited; raises Refusal NOT_FOUND otherwise."""
    async with context.database.writing() as work:
        person = await fresh(work, person)
        found = await readable(work, person, ntk_id)
        facts = await ntk_recipients.facts(work, found)
        if found.state is State.WITHDRAWN and not access.is_raisers_side(person, facts):
            return NtkStub(reference=found.reference, because="withdrawn")
        return await ntk_cards.card(context, work, found, reader=person)


async def receipt(context: Context, *, person: Person, ntk_id: str) -> NtkReceipt:
    """The raiser's own card as it stands now; raises Refusal NOT_FOUND for anybody else."""
    async with context.database.reading() as work:
        person = await fresh(work, person)
        found = await ntk.get(work, ntk_id)
        if found is None or not access.is_raisers_side(person, await ntk_recipients.facts(work, found)):
            raise Refusal(Code.NOT_FOUND)
        return await ntk_cards.receipt(context, work, found, reader=person)


async def raised_from(context: Context, *, person: Person, draft_id: str) -> NtkReceipt | None:
    """The NTK this person raised from a draft: what an old form's buttons lead to; None when there is none."""
    async with context.database.reading() as work:
        done = await ntk.by_nonce(work, draft_id)
        if done is None or done.raiser_id != person.id:
            return None
        return await ntk_cards.receipt(context, work, done, reader=await fresh(work, person))


async def readable(work: Work, person: Person, ntk_id: str) -> ntk.Ntk:
    """The NTK, if this person may read it; raises Refusal NOT_FOUND whether it exists or not."""
    found = await ntk.get(work, ntk_id)
    if found is None or not access.can_read_ntk(person, await ntk_recipients.facts(work, found)):
        raise Refusal(Code.NOT_FOUND)
    return found


def coach(rules: Rules, fields: Mapping[str, str], now: datetime) -> Coach:
    """The threshold coach for a draft as far as it is filled in."""
    aware = london.typed_instant(fields.get("aware_date", ""), fields.get("aware_time", ""))
    advice = ntk_coach.advise(
        rules.book,
        category=fields["category"],
        answers=fields,
        aware_at=aware if isinstance(aware, datetime) else None,
    )
    return Coach(
        level=advice.level,
        level_meaning=rules.book.level(advice.level).meaning,
        criteria=advice.criteria,
        missing=tuple((rule.hours, ntk_told.tier_names(rules.book, rule.tiers)) for rule in advice.missing),
        raise_by=advice.raise_by,
        is_late=advice.raise_by is not None and advice.raise_by < now,
    )


async def _prepare(work: Work, rules: Rules, person: Person, fields: Mapping[str, str]) -> Prepared:
    staff = await staff_words(work)
    draft = ntk_rules.checked(fields, book=rules.book, now=work.now, staff=staff)
    on_behalf = await _named(work, draft.answers, "on_behalf")
    subject = await _named(work, draft.answers, "subject")
    case = await cases.find(work, draft.children[0].case_id)
    team, service = (case.team, case.service) if case else (on_behalf or person).home()
    routing = await ntk_chain.find(
        work,
        rules,
        category=draft.category,
        level=draft.level,
        answers=draft.answers,
        team=team,
        service=service,
        raiser_id=person.id,
        subject_id=subject.id if subject else None,
    )
    return Prepared(
        draft=draft, case=case, team=team, service=service, on_behalf=on_behalf, subject=subject, routing=routing
    )


async def _named(work: Work, answers: Mapping[str, str], field: str) -> Person | None:
    """Whom a name typed into a field means; raises FieldErrors where nobody or several people have it."""
    name = answers.get(field, "").strip()
    if not name:
        return None
    found = await person_named(work, name)
    if isinstance(found, Code):
        raise FieldErrors({field: found})
    return found


async def _remember_card(work: Work, raised: ntk.Ntk, card_id: str | None) -> None:
    """Keep which card of the raiser's shows this NTK, so that it can be brought up to date."""
    if card_id:
        await deliveries.add_shown(
            work,
            dedupe_key=f"{Kind.NTK_RECEIPT_CARD.value}:{raised.id}:shown",
            kind=Kind.NTK_RECEIPT_CARD,
            subject_id=raised.id,
            person_id=raised.raiser_id,
            activity_id=card_id,
        )


async def _create(work: Work, rules: Rules, *, person: Person, draft_id: str, ready: Prepared) -> ntk.Ntk:
    draft = ready.draft
    refs = [
        (
            await cases.find_or_create(
                work, case_id=child.case_id, initials=child.initials, team=ready.team, service=ready.service
            )
        ).id
        for child in draft.children
    ]
    year = london.local_date(work.now).year
    # names typed to find somebody are not kept: whom they mean is
    unkept = {forms.REASON, *(field.code for field in rules.book.fields if field.kind == "person")}
    answers = {code: answer for code, answer in draft.answers.items() if code not in unkept}
    occurred, missing = answers.get("occurred"), answers.get("missing_since")
    raised = ntk.Ntk(
        id=new_id(),
        reference=ntk_rules.reference(year, await counters.next_number(work, f"NTK-{year}")),
        case_ref=refs[0],
        raiser_id=person.id,
        owner_id=(ready.on_behalf or person).id,
        on_behalf_id=ready.on_behalf.id if ready.on_behalf else None,
        category=draft.category,
        level=draft.level,
        state=State.SUBMITTED,
        version=1,
        is_restricted=draft.is_restricted,
        team=ready.team,
        service=ready.service,
        gaps=tuple(f"{gap.tier}:{gap.because}" for gap in ready.routing.gaps),
        aware_at=draft.aware_at,
        raised_at=work.now,
        occurred_at=datetime.fromisoformat(occurred) if occurred else None,
        missing_since=datetime.fromisoformat(missing) if missing else None,
        found_at=None,
        checked_at=None,
        checked_by_id=None,
        lower_to=None,
        lower_by_id=None,
        next_update_at=None,
        closed_at=None,
        merged_into_id=None,
        rulebook_version=rules.version,
    )
    narrative = ntk_rules.Narrative(children=draft.children, answers=answers)
    await ntk.create(work, raised, nonce=draft_id, narrative=narrative, case_refs=tuple(refs))
    return raised


async def _duplicates(
    context: Context, work: Work, rules: Rules, person: Person, draft: ntk_rules.Draft, service: str
) -> tuple[NtkLine, ...]:
    """NTKs of the last two days on the same children, or of one kind at one hour: only those this person may read."""
    refs = await ntk_register.case_refs_of(work, [child.case_id for child in draft.children])
    since = work.now - timedelta(hours=rules.book.ntk.duplicate_hours)
    found = list(await ntk_register.about_cases(work, refs, since=since)) if refs else []
    if occurred := draft.answers.get("occurred"):
        at = datetime.fromisoformat(occurred)
        found += await ntk_register.alike(
            work, category=draft.category, service=service, around=(at - INCIDENT_AROUND, at + INCIDENT_AROUND)
        )
    shown = []
    for one in dict.fromkeys(found):
        is_open = one.state not in (State.WITHDRAWN, State.MERGED)
        if is_open and access.can_read_ntk(person, await ntk_recipients.facts(work, one)):
            shown.append(await ntk_cards.line(context, work, one))
    return tuple(shown[:3])


async def _gap_reports(work: Work, raised: ntk.Ntk, routing: ntk_routing.Routing) -> list[deliveries.Wanted]:
    """A tier nobody was there for is reported to the administrators: the team and the tier, nothing of the case."""
    if not any(gap.because != "excluded" for gap in routing.gaps):
        return []
    return [
        delivery(work, kind=Kind.NTK_GAP, subject_id=raised.id, person_id=admin.id, key=admin.id)
        for admin in await people.holding(work, [Role.SY], today=today(work))
    ]


async def _draft(work: Work, draft_id: str, person: Person) -> drafts.Draft:
    draft = await drafts.get(work, draft_id, person_id=person.id)
    if draft is None or draft.flow != FLOW:
        raise Refusal(Code.DRAFT_GONE)
    return draft
