"""One reader's view of an NTK, made from stored facts; opening a narrative for a reader is audited here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from casework.db import deliveries, ntk, people
from casework.db.uow import Work
from casework.domain import access, ntk_routing
from casework.domain.deliveries import Kind, State
from casework.domain.keys import SealError
from casework.domain.people import Person
from casework.services.context import Context, Rules, today
from casework.services.recorder import record
from casework.views import NotDelivered, NtkCard, NtkLine, NtkReceipt, ToldPerson

REACHED: dict[State, Literal["waiting", "yes", "no", "unsure"]] = {
    State.WAITING: "waiting",
    State.LEASED: "waiting",
    State.ACCEPTED: "yes",
    State.REFUSED: "no",
    State.SUPPRESSED: "no",
    State.UNKNOWN: "unsure",
}


async def receipt(context: Context, work: Work, found: ntk.Ntk) -> NtkReceipt:
    """The raiser's card. The caller has checked that the reader is the raiser."""
    rules = await context.rules(work, version=found.rulebook_version)
    initials, case_id = await ntk.case_labels(work, found)
    return NtkReceipt(
        ntk_id=found.id,
        reference=found.reference,
        category=rules.book.category(found.category).name,
        level=found.level,
        initials=initials,
        case_id=case_id,
        raised_at=found.raised_at,
        told=await _told(work, rules, found.id),
        gaps=tier_names(rules, found.gaps),
    )


async def card(
    context: Context,
    work: Work,
    found: ntk.Ntk,
    *,
    reader: Person,
    action: str = "ntk.read",
    sent_again_at: datetime | None = None,
) -> NtkCard:
    """The NTK with its narrative for one reader, whose right the caller has checked.

    Writes the audit row: "ntk.read" when the reader opened it, "ntk.disclosed" when Usher puts it into their chat.
    """
    rules = await context.rules(work, version=found.rulebook_version)
    text = await ntk.narrative(work, found.id)
    rows = await ntk.told(work, found.id)
    mine = next((row for row in rows if row.person_id == reader.id), None)
    raiser = (await people.by_ids(work, [found.raiser_id], today=today(work)))[found.raiser_id]
    await record(
        context,
        work,
        actor_id=reader.id,
        action=action,
        subject_kind="ntk",
        subject_id=found.id,
    )
    return NtkCard(
        ntk_id=found.id,
        reference=found.reference,
        category=rules.book.category(found.category).name,
        level=found.level,
        level_meaning=rules.book.level(found.level).meaning,
        initials=text.initials,
        case_id=text.case_id,
        raised_by=raiser.name,
        raiser_phone=raiser.work_phone,
        team=found.team,
        raised_at=found.raised_at,
        aware_at=found.aware_at,
        what_happened=text.what_happened,
        actions_taken=text.actions_taken,
        who_told=text.who_told,
        told=await _told(work, rules, found.id, but=reader.id),
        acknowledged_at=mine.acknowledged_at if mine else None,
        may_acknowledge=access.can_acknowledge_ntk(reader, ntk.facts(found, rows)),
        sent_again_at=sent_again_at,
    )


async def not_delivered(context: Context, work: Work, found: ntk.Ntk) -> NotDelivered:
    """Whom the raiser has to phone, because their card can't be or may not have been delivered.

    It is sent even where the NTK's own text can't be opened (a key is missing): the reference is enough to phone.
    """
    rules = await context.rules(work, version=found.rulebook_version)
    try:
        initials, case_id = await ntk.case_labels(work, found)
    except SealError:
        initials, case_id = "", ""
    told = await _told(work, rules, found.id)
    return NotDelivered(
        ntk_id=found.id,
        reference=found.reference,
        level=found.level,
        initials=initials,
        case_id=case_id,
        to_phone=tuple(
            person for person in told if person.reached in ("no", "unsure") and person.acknowledged_at is None
        ),
    )


async def line(context: Context, work: Work, found: ntk.Ntk) -> NtkLine:
    """One NTK for a list: reference and initials, nothing of the narrative."""
    rules = await context.rules(work, version=found.rulebook_version)
    initials, case_id = await ntk.case_labels(work, found)
    rows = await ntk.told(work, found.id)
    return NtkLine(
        ntk_id=found.id,
        reference=found.reference,
        category=rules.book.category(found.category).name,
        level=found.level,
        initials=initials,
        case_id=case_id,
        raised_at=found.raised_at,
        acknowledged=sum(row.acknowledged_at is not None for row in rows),
        told=len(rows),
    )


async def told_if_sent(work: Work, rules: Rules, routing: ntk_routing.Routing) -> tuple[ToldPerson, ...]:
    """The people a draft would be sent to, lowest tier first."""
    known = await people.by_ids(work, [r.person_id for r in routing.recipients], today=today(work))
    names = {tier.code: tier.name for tier in rules.book.tiers}
    return tuple(
        ToldPerson(
            name=known[recipient.person_id].name,
            tier=names[recipient.tier],
            reached="waiting",
            acknowledged_at=None,
            phone="",
        )
        for recipient in routing.recipients
    )


def tier_names(rules: Rules, codes: Iterable[str]) -> tuple[str, ...]:
    names = {tier.code: tier.name for tier in rules.book.tiers}
    return tuple(names[code] for code in codes)


async def _told(work: Work, rules: Rules, ntk_id: str, *, but: str = "") -> tuple[ToldPerson, ...]:
    rows = [row for row in await ntk.told(work, ntk_id) if row.person_id != but]
    known = await people.by_ids(work, [row.person_id for row in rows], today=today(work))
    sent = {row.person_id: row for row in await deliveries.of_subject(work, ntk_id, [Kind.NTK_NEW])}
    names = {tier.code: tier.name for tier in rules.book.tiers}
    return tuple(_told_person(row, known[row.person_id], names[row.tier], sent) for row in rows)


def _told_person(row: ntk.Told, person: Person, tier: str, sent: dict[str, deliveries.Delivery]) -> ToldPerson:
    delivered = sent.get(row.person_id)
    reached = REACHED[delivered.state] if delivered else "waiting"
    if delivered and reached == "waiting" and delivered.unknown_at is not None:
        reached = "unsure"
    return ToldPerson(
        name=person.name,
        tier=tier,
        reached=reached,
        acknowledged_at=row.acknowledged_at,
        phone=person.work_phone if reached in ("no", "unsure") else "",
    )
