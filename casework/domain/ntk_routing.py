"""Who is told of an NTK: the line of the case's team tier by tier, those on call, the roles its category names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from casework.domain.ntk_rulebook import Category, Level
from casework.domain.people import Grant, Person, Role
from casework.domain.rulebook import Rulebook

ALSO = "ALSO"

Because = Literal[
    "line", "cover", "on_call", "role", "deputy", "escalated", "missing", "level", "decided", "merged", "corrected"
]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody the NTK may go to: for which tier (or ALSO), why, and in whose place (a person's id) if in any.

    `because` is the record behind "why did I get this?". For "role" `via` is the role's code.
    """

    person_id: str
    tier: str
    because: Because = "line"
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A tier of the level that nobody was there to be told in, and why."""

    tier: str
    because: Literal["vacant", "away", "excluded"] = "vacant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """The chain as it is frozen on the NTK.

    `recipients` are told now, lowest tier first; `later` only when the steps come to them. `excluded` are the ids
    of people it is kept from.
    """

    recipients: tuple[Recipient, ...]
    gaps: tuple[Gap, ...]
    later: tuple[Recipient, ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What routing turns on besides the people: the facts of the form and the hour."""

    category: Category
    answers: Mapping[str, str] = field(default_factory=dict)
    subject_id: str | None = None
    on_call: tuple[Recipient, ...] = ()
    extra_tiers: tuple[str, ...] = ()


def route(
    *,
    rulebook: Rulebook,
    level: int,
    team: str,
    service: str,
    raiser_id: str,
    people: Iterable[Person],
    circumstances: Circumstances | None = None,
) -> Routing:
    """Find the chain, and who of it is told now.

    `people` are everyone active today, cover among their grants. A person who holds two tiers stands at the lower
    one. The raiser is not told of their own NTK; a tier only the raiser holds is no gap, for that tier knows. Of a
    level told at once every tier is told; of one told in turn the lowest tier somebody holds, and those on call. A
    tier nobody holds is named as a gap, so that the next is told. Where the level's tiers hold nobody at all, the line
    is followed further up until somebody is told. The subject of an allegation and their line are removed first.
    """
    everyone = tuple(people)
    rules = rulebook.level(level)
    subject_id = circumstances.subject_id if circumstances else None
    # whoever raises it knows of it: a manager who reports her own worker is not kept from what she raised
    excluded = _excluded(rulebook, subject_id, everyone) - ({raiser_id} - {subject_id})
    chain, gaps = _chain(rulebook, rules, everyone, excluded, raiser_id, team, service)
    now = _tiers_now(rulebook, rules, chain, circumstances.extra_tiers if circumstances else ())
    told = [one for one in chain if one.tier in now]
    later = [one for one in chain if one.tier not in now]
    seen = {one.person_id for one in told} | {raiser_id} | excluded
    if circumstances is not None:
        besides = [*circumstances.on_call, *_also(rules, circumstances, everyone)]
        for one in besides:
            if one.person_id not in seen:
                seen.add(one.person_id)
                told.append(one)
    return Routing(
        recipients=tuple(told),
        gaps=tuple(gap for gap in gaps if gap.tier in rules.tiers),
        later=tuple(one for one in later if one.person_id not in seen),
        excluded=tuple(sorted(excluded)),
    )


def covers(grant: Grant, role: Role, scope: str, team: str, service: str) -> bool:
    """Whether a grant is that tier of the line of a team and service."""
    if grant.role is not role:
        return False
    if scope == "team":
        return grant.team == team
    if scope == "service":
        return grant.service == service
    return grant.service is None or grant.service == service


def _chain(
    rulebook: Rulebook,
    rules: Level,
    everyone: tuple[Person, ...],
    excluded: set[str],
    raiser_id: str,
    team: str,
    service: str,
) -> tuple[list[Recipient], list[Gap]]:
    """Everybody of the line, lowest tier first, and the tiers without anybody."""
    chain: list[Recipient] = []
    gaps: list[Gap] = []
    seen = {raiser_id}
    for tier in rulebook.tiers:
        role = Role(tier.code)
        holders = [
            (person, grant)
            for person in everyone
            for grant in person.grants
            if covers(grant, role, tier.scope, team, service)
        ]
        there = [(p, g) for p, g in holders if not p.is_away and p.id not in excluded]
        if not there:
            away = [p for p, _ in holders if p.id not in excluded]
            gaps.append(Gap(tier.code, "away" if away else "excluded" if holders else "vacant"))
        for person, grant in sorted(there, key=lambda one: one[1].via is not None):
            if person.id not in seen:
                seen.add(person.id)
                because: Because = "cover" if grant.via else "line"
                chain.append(Recipient(person.id, tier.code, because, grant.via))
    return chain, gaps


def _tiers_now(rulebook: Rulebook, rules: Level, chain: list[Recipient], extra: tuple[str, ...]) -> set[str]:
    held = [tier.code for tier in rulebook.tiers if any(one.tier == tier.code for one in chain)]
    reached = [code for code in held if code in rules.tiers]
    if not reached:
        order = [tier.code for tier in rulebook.tiers]
        top = max((order.index(code) for code in rules.tiers), default=-1)
        reached = [code for code in held if order.index(code) > top][:1]
    now = set(reached if rules.tell == "at_once" else reached[:1])
    return now | {code for code in held if code in extra}


def _also(rules: Level, circumstances: Circumstances, everyone: tuple[Person, ...]) -> list[Recipient]:
    """The roles told besides the line, for information: the level's, the category's, those of certain answers."""
    category = circumstances.category
    roles = [*category.also, *rules.also]
    roles += [rule.role for rule in category.also_when if circumstances.answers.get(rule.field, "") in rule.values]
    return [
        Recipient(person.id, ALSO, "role", role)
        for role in dict.fromkeys(roles)
        for person in everyone
        if not person.is_away and any(grant.role.value == role for grant in person.grants)
    ]


def _excluded(rulebook: Rulebook, subject_id: str | None, everyone: tuple[Person, ...]) -> set[str]:
    """The subject of an allegation and, by the rulebook, the managers of their own team and service."""
    if subject_id is None:
        return set()
    subject = next((person for person in everyone if person.id == subject_id), None)
    excluded = {subject_id}
    if subject is None or rulebook.ntk.excluded == "subject":
        return excluded
    homes = {(grant.team or "", grant.service or "") for grant in subject.grants if grant.via is None}
    for tier in rulebook.tiers:
        if tier.scope == "council":
            continue
        for person in everyone:
            for grant in person.grants:
                if any(covers(grant, Role(tier.code), tier.scope, team, service) for team, service in homes):
                    excluded.add(person.id)
    return excluded
