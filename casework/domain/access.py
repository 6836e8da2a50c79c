"""Who may see and do what: named predicates over stored facts, asked when reading and again at delivery.

The matrix is the council's scheme of roles. What no predicate names is denied.
"""

from __future__ import annotations

from dataclasses import dataclass

from casework.domain.people import Person, Role

RAISERS = (Role.SW, Role.TM, Role.SM, Role.HOS, Role.AD, Role.DIR, Role.EDT)
REQUESTERS = (Role.SW, Role.TM, Role.SM, Role.HOS, Role.AD, Role.CO)


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkFacts:
    """What rights over one NTK turn on."""

    raiser_id: str
    team: str
    service: str
    is_restricted: bool
    recipient_ids: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFacts:
    """What rights over one panel item turn on. `panel` is the panel asked for, `heard_by` the panel that sits."""

    requester_id: str
    presenter_id: str
    team: str
    service: str
    panel: str
    heard_by: str


def can_raise_ntk(person: Person) -> bool:
    return person.has(*RAISERS)


def can_read_ntk(person: Person, facts: NtkFacts) -> bool:
    """Raiser and recipients always; the line of the case's team and service unless the NTK is restricted."""
    if person.id == facts.raiser_id or person.id in facts.recipient_ids:
        return True
    if facts.is_restricted:
        return False
    return _in_line(person, facts.team, facts.service) or person.has(Role.AD, Role.DIR)


def can_acknowledge_ntk(person: Person, facts: NtkFacts) -> bool:
    """Only somebody the NTK was addressed to: nobody acknowledges for another."""
    return person.id in facts.recipient_ids


def can_request_item(person: Person) -> bool:
    return person.has(*REQUESTERS)


def can_read_item(person: Person, facts: ItemFacts) -> bool:
    if person.id in (facts.requester_id, facts.presenter_id):
        return True
    if person.has(Role.CO, Role.AD, Role.DIR) or _in_line(person, facts.team, facts.service):
        return True
    return can_see_agenda(person, facts.heard_by)


def can_change_item(person: Person, facts: ItemFacts, *, agenda_sent: bool) -> bool:
    """The requester and presenter until the agenda has gone out, then the coordinator only."""
    if person.has(Role.CO):
        return True
    return not agenda_sent and person.id in (facts.requester_id, facts.presenter_id)


def can_see_agenda(person: Person, panel: str) -> bool:
    """Chair of the panel, coordinators, directors; the legal adviser for every panel that takes legal advice."""
    return person.chairs(panel) or person.has(Role.CO, Role.AD, Role.DIR, Role.LA)


def can_book_late(person: Person) -> bool:
    """After the papers' cut-off only the coordinator may still place an item."""
    return person.has(Role.CO)


def _in_line(person: Person, team: str, service: str) -> bool:
    for grant in person.grants:
        if grant.role is Role.TM and grant.team == team:
            return True
        if grant.role in (Role.SM, Role.HOS) and grant.service == service:
            return True
    return False
