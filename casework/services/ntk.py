"""Need-to-know notifications: check one before sending, raise it, acknowledge it, list what is open."""

from __future__ import annotations

from casework.db import cases, counters, deliveries, drafts, ntk, people
from casework.db.base import new_id
from casework.db.uow import Work
from casework.domain import access, london, ntk_routing
from casework.domain import ntk as ntk_rules
from casework.domain.deliveries import LEVEL_ONE_PRIORITY, Kind, State
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person, Role
from casework.services import ntk_cards
from casework.services.context import Context, Rules, fresh, insist, today
from casework.services.recorder import delivery, record
from casework.views import NtkCard, NtkLine, NtkPreview, NtkReceipt

FLOW = "raise_ntk"
LIST_LIMIT = 10


async def preview(context: Context, *, person: Person, draft_id: str) -> NtkPreview:
    """The NTK a draft would become, and who would be told by name.

    Raises FieldErrors (every mistake at once), Refusal DRAFT_GONE or NOT_ALLOWED.
    """
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_raise_ntk(person))
        draft = await _draft(work, draft_id, person)
        checked = ntk_rules.checked(draft.fields, rulebook=rules.book, now=work.now)
        case = await cases.find(work, checked.case_id)
        team, service = (case.team, case.service) if case else person.home()
        category = rules.book.category(checked.category)
        level = rules.book.level(category.level)
        routing = await _route(work, rules, level.number, team, service, person)
        assert checked.aware_at is not None
        return NtkPreview(
            draft_id=draft.id,
            category=category.name,
            level=level.number,
            level_meaning=level.meaning,
            initials=checked.initials,
            case_id=checked.case_id,
            aware_at=checked.aware_at,
            what_happened=checked.what_happened,
            actions_taken=checked.actions_taken,
            who_told=checked.who_told,
            told=await ntk_cards.told_if_sent(work, rules, routing),
            gaps=ntk_cards.tier_names(rules, routing.gaps),
            initials_differ=case is not None and case.team == person.home()[0] and case.initials != checked.initials,
        )


async def raise_notification(context: Context, *, person: Person, draft_id: str, card_id: str | None) -> NtkReceipt:
    """Raise the NTK a draft holds and tell everyone its level reaches, in one transaction.

    `card_id` is the activity id of the raiser's card, which is kept up to date from now on. The same draft sent
    twice gives the same NTK. Raises FieldErrors, or Refusal DRAFT_GONE or NOT_ALLOWED.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_raise_ntk(person))
        done = await ntk.by_nonce(work, draft_id)
        if done is not None and done.raiser_id == person.id:
            return await ntk_cards.receipt(context, work, done)
        draft = await _draft(work, draft_id, person)
        checked = ntk_rules.checked(draft.fields, rulebook=rules.book, now=work.now)
        raised, told = await _create(work, rules, person=person, draft_id=draft.id, checked=checked)
        await _remember_card(work, raised, card_id)
        await drafts.remove(work, draft.id)
        await record(
            context,
            work,
            actor_id=person.id,
            action="ntk.raised",
            subject_kind="ntk",
            subject_id=raised.id,
            facts={
                "category": raised.category,
                "level": raised.level,
                "told": len(told),
                "gaps": ",".join(raised.gaps),
            },
            tell=[
                delivery(
                    work,
                    kind=Kind.NTK_NEW,
                    subject_id=raised.id,
                    person_id=recipient.person_id,
                    key=recipient.person_id,
                    priority=LEVEL_ONE_PRIORITY if raised.level == 1 else None,
                )
                for recipient in told
            ],
        )
        return await ntk_cards.receipt(context, work, raised)


async def acknowledge(context: Context, *, person: Person, ntk_id: str, card_id: str | None) -> NtkCard:
    """Note that the person has seen the NTK; the first time counts, later clicks change nothing.

    `card_id` is the card clicked: it is answered in place and so not renewed again. Raises Refusal NOT_FOUND for
    anything the person was not told of, whether it exists or not.
    """
    async with context.database.writing() as work:
        person = await fresh(work, person)
        found = await ntk.get(work, ntk_id)
        told = await ntk.told(work, ntk_id) if found else ()
        if found is None or not access.can_acknowledge_ntk(person, ntk.facts(found, told)):
            raise Refusal(Code.NOT_FOUND)
        if await ntk.acknowledge(work, ntk_id=found.id, person_id=person.id):
            await record(
                context,
                work,
                actor_id=person.id,
                action="ntk.acknowledged",
                subject_kind="ntk",
                subject_id=found.id,
                facts={"tier": next(row.tier for row in told if row.person_id == person.id)},
                tell=await _renewals(work, found.id, because=f"ack:{person.id}", but_card=card_id),
            )
        return await ntk_cards.card(context, work, found, reader=person)


async def show(context: Context, *, person: Person, ntk_id: str) -> NtkCard:
    """One NTK for a reader who may see it, the read audited; raises Refusal NOT_FOUND otherwise."""
    async with context.database.writing() as work:
        person = await fresh(work, person)
        found = await ntk.get(work, ntk_id)
        if found is None or not access.can_read_ntk(person, ntk.facts(found, await ntk.told(work, ntk_id))):
            raise Refusal(Code.NOT_FOUND)
        return await ntk_cards.card(context, work, found, reader=person)


async def receipt(context: Context, *, person: Person, ntk_id: str) -> NtkReceipt:
    """The raiser's own card as it stands now; raises Refusal NOT_FOUND for anybody else."""
    async with context.database.reading() as work:
        person = await fresh(work, person)
        found = await ntk.get(work, ntk_id)
        if found is None or found.raiser_id != person.id:
            raise Refusal(Code.NOT_FOUND)
        return await ntk_cards.receipt(context, work, found)


async def raised_from(context: Context, *, person: Person, draft_id: str) -> NtkReceipt | None:
    """The NTK this person raised from a draft: what an old form's buttons lead to; None when there is none."""
    async with context.database.reading() as work:
        done = await ntk.by_nonce(work, draft_id)
        if done is None or done.raiser_id != person.id:
            return None
        return await ntk_cards.receipt(context, work, done)


async def lists(context: Context, *, person: Person) -> tuple[tuple[NtkLine, ...], tuple[NtkLine, ...]]:
    """(NTKs waiting for this person's acknowledgement, NTKs this person raised), ten of each at most."""
    async with context.database.reading() as work:
        person = await fresh(work, person)
        waiting = await ntk.awaiting(work, person.id, limit=LIST_LIMIT)
        raised = await ntk.raised_by(work, person.id, limit=LIST_LIMIT)
        return (
            tuple([await ntk_cards.line(context, work, row) for row in waiting]),
            tuple([await ntk_cards.line(context, work, row) for row in raised]),
        )


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


async def _create(
    work: Work, rules: Rules, *, person: Person, draft_id: str, checked: ntk_rules.Draft
) -> tuple[ntk.Ntk, tuple[ntk_routing.Recipient, ...]]:
    category = rules.book.category(checked.category)
    team, service = person.home()
    case = await cases.find_or_create(
        work, case_id=checked.case_id, initials=checked.initials, team=team, service=service
    )
    routing = await _route(work, rules, category.level, case.team, case.service, person)
    year = london.local_date(work.now).year
    assert checked.aware_at is not None
    raised = ntk.Ntk(
        id=new_id(),
        reference=ntk_rules.reference(year, await counters.next_number(work, f"NTK-{year}")),
        case_ref=case.id,
        raiser_id=person.id,
        category=category.code,
        level=category.level,
        is_restricted=category.restricted,
        team=case.team,
        service=case.service,
        gaps=routing.gaps,
        aware_at=checked.aware_at,
        raised_at=work.now,
        rulebook_version=rules.version,
    )
    narrative = ntk_rules.Narrative(
        initials=checked.initials,
        case_id=checked.case_id,
        what_happened=checked.what_happened,
        actions_taken=checked.actions_taken,
        who_told=checked.who_told,
    )
    await ntk.create(work, raised, nonce=draft_id, narrative=narrative, told=routing.recipients)
    return raised, routing.recipients


async def _route(work: Work, rules: Rules, level: int, team: str, service: str, raiser: Person) -> ntk_routing.Routing:
    tiers = [Role(tier.code) for tier in rules.book.tiers]
    return ntk_routing.route(
        rulebook=rules.book,
        level=level,
        team=team,
        service=service,
        raiser_id=raiser.id,
        people=await people.holding(work, tiers, today=today(work)),
    )


async def _renewals(work: Work, ntk_id: str, *, because: str, but_card: str | None) -> list[deliveries.Wanted]:
    """Updates for every card of this NTK that Teams has taken: the raiser's and the other recipients'."""
    wanted = []
    renews = {Kind.NTK_NEW: Kind.NTK_RECIPIENT_CARD, Kind.NTK_RECEIPT_CARD: Kind.NTK_RECEIPT_CARD}
    for shown in await deliveries.of_subject(work, ntk_id, tuple(renews)):
        is_card = shown.state is State.ACCEPTED and shown.activity_id and shown.updates_id is None
        if is_card and shown.activity_id != but_card:
            wanted.append(
                delivery(
                    work,
                    kind=renews[shown.kind],
                    subject_id=ntk_id,
                    person_id=shown.person_id,
                    key=f"{shown.id}:{because}",
                    updates_id=shown.id,
                )
            )
    return wanted


async def _draft(work: Work, draft_id: str, person: Person) -> drafts.Draft:
    draft = await drafts.get(work, draft_id, person_id=person.id)
    if draft is None or draft.flow != FLOW:
        raise Refusal(Code.DRAFT_GONE)
    return draft
