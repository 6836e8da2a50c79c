"""Who is told of an NTK: the line of the case's team, tier by tier, as far up as its level reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from casework.domain.people import Grant, Person, Role
from casework.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Recipient:
    person_id: str
    tier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """The people to tell, lowest tier first, and the tiers of the level that nobody holds."""

    recipients: tuple[Recipient, ...]
    gaps: tuple[str, ...]


def route(
    *, rulebook: Rulebook, level: int, team: str, service: str, raiser_id: str, people: Iterable[Person]
) -> Routing:
    """Find who is told at once.

    `people` are everyone active today. A person who holds two tiers is told once, at the lower one. The raiser is
    not told of their own NTK; a tier only the raiser holds is no gap, for that tier knows. A tier nobody holds is
    skipped and named as a gap, so that the next tier is still told. Where the level's
    tiers hold nobody at all, the line is followed further up until somebody is told.
    """
    everyone = tuple(people)
    told_tiers = rulebook.level(level).tiers
    recipients: list[Recipient] = []
    gaps: list[str] = []
    seen = {raiser_id}
    for tier in rulebook.tiers:
        if tier.code not in told_tiers and (recipients or not _is_above(rulebook, tier.code, told_tiers)):
            continue
        role = Role(tier.code)
        holders = [p for p in everyone if any(_covers(g, role, tier.scope, team, service) for g in p.grants)]
        if not holders:
            gaps.append(tier.code)
        for person in holders:
            if person.id not in seen:
                seen.add(person.id)
                recipients.append(Recipient(person.id, tier.code))
    return Routing(recipients=tuple(recipients), gaps=tuple(gaps))


def _is_above(rulebook: Rulebook, tier: str, told_tiers: Iterable[str]) -> bool:
    order = [known.code for known in rulebook.tiers]
    return order.index(tier) > max((order.index(code) for code in told_tiers), default=-1)


def _covers(grant: Grant, role: Role, scope: str, team: str, service: str) -> bool:
    if grant.role is not role:
        return False
    if scope == "team":
        return grant.team == team
    if scope == "service":
        return grant.service == service
    return grant.service is None or grant.service == service
