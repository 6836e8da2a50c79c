"""Who an NTK was told to, in words: how it stands with each person, tiers and roles by name, gaps."""

from __future__ import annotations

from collections.abc import Iterable

from casework.db import covers, deliveries, ntk, ntk_recipients, people
from casework.db.uow import Work
from casework.domain import ntk_routing
from casework.domain.deliveries import ADDRESSING, State
from casework.domain.people import ROLE_NAMES, Person, Role
from casework.domain.rulebook import Rulebook
from casework.ntk_views import Gap, Reached, ToldPerson
from casework.services.context import Rules, today

REACHED: dict[State, Reached] = {
    State.WAITING: "waiting",
    State.LEASED: "waiting",
    State.ACCEPTED: "yes",
    State.REFUSED: "no",
    State.SUPPRESSED: "no",
    State.UNKNOWN: "unsure",
}


async def told_people(
    work: Work, rules: Rules, found: ntk.Ntk, chain: Iterable[ntk_recipients.Told]
) -> tuple[ToldPerson, ...]:
    """Those told, and how it stands with each: by the newest card that has come to an end."""
    rows = [row for row in chain if row.is_told]
    known = await people.by_ids(work, [row.person_id for row in rows], today=today(work))
    sent: dict[str, deliveries.Delivery] = {}
    for delivery in await deliveries.of_subject(work, found.id, ADDRESSING):
        is_on_its_way = delivery.state in (State.WAITING, State.LEASED) and delivery.unknown_at is None
        if delivery.person_id not in sent or not is_on_its_way:
            sent[delivery.person_id] = delivery
    return tuple(
        _told_person(row, known[row.person_id], tier_name(rules.book, row), sent.get(row.person_id)) for row in rows
    )


async def told_if_sent(work: Work, book: Rulebook, routing: ntk_routing.Routing) -> tuple[ToldPerson, ...]:
    """The people a draft would be sent to, lowest tier first."""
    known = await people.by_ids(work, [r.person_id for r in routing.recipients], today=today(work))
    return tuple(
        ToldPerson(
            name=known[one.person_id].name,
            tier=tier_words(book, one.tier, one.because, one.via),
            reached="waiting",
            acknowledged_at=None,
            phone="",
            is_asked=one.tier != ntk_routing.ALSO,
        )
        for one in routing.recipients
    )


def gaps(book: Rulebook, codes: Iterable[str]) -> tuple[Gap, ...]:
    """Gaps as they are stored, "TM:away", in words."""
    parts = [code.partition(":") for code in codes]
    names = {tier.code: tier.name for tier in book.tiers}
    return tuple(Gap(tier=names.get(tier, tier), because=because or "vacant") for tier, _, because in parts)


def tier_names(book: Rulebook, codes: Iterable[str]) -> tuple[str, ...]:
    names = {tier.code: tier.name for tier in book.tiers}
    return tuple(names.get(code, code) for code in codes)


def tier_name(book: Rulebook, row: ntk_recipients.Told, *, bare: bool = False) -> str:
    return tier_words(book, row.tier, "" if bare else row.because, row.via)


def role_name(book: Rulebook, code: str) -> str:
    """A role or tier in words."""
    names = {tier.code: tier.name for tier in book.tiers}
    if code in names:
        return names[code]
    return ROLE_NAMES[Role(code)].capitalize() if code in {role.value for role in Role} else code


def tier_words(book: Rulebook, tier: str, because: str, via: str | None) -> str:
    """What somebody is for an NTK: "Team manager, covering", the role of those told besides, "Duty head"."""
    if tier == ntk_routing.ALSO:
        return role_name(book, via or "")
    if tier == covers.DUTY:
        return "Duty head"
    suffix = {"cover": ", covering", "deputy": ", deputy", "on_call": ", on call"}.get(because, "")
    return f"{role_name(book, tier)}{suffix}"


def _told_person(
    row: ntk_recipients.Told, person: Person, tier: str, delivered: deliveries.Delivery | None
) -> ToldPerson:
    reached = REACHED[delivered.state] if delivered else "waiting"
    if delivered and reached == "waiting" and delivered.unknown_at is not None:
        reached = "unsure"
    return ToldPerson(
        name=person.name,
        tier=tier,
        reached=reached,
        acknowledged_at=row.acknowledged_at,
        phone=person.work_phone if reached in ("no", "unsure") else "",
        is_asked=row.is_asked,
    )
