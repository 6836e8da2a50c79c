"""Who may see and do what: named predicates over stored facts, asked when reading and again at delivery.

The matrix is the council's scheme of roles. What no predicate names is denied.
"""

from __future__ import annotations

from dataclasses import dataclass

from casework.domain.people import Grant, Person, Role

RAISERS = (Role.SW, Role.TM, Role.SM, Role.HOS, Role.AD, Role.DIR, Role.EDT)
REQUESTERS = (Role.SW, Role.TM, Role.SM, Role.HOS, Role.AD, Role.CO)


LINE = (Role.TM, Role.SM, Role.HOS, Role.AD, Role.DIR)


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkFacts:
    """What rights over one NTK turn on. `recipient_ids` are those who were told and still are; excluded ones never."""

    raiser_id: str
    owner_id: str
    on_behalf_id: str | None
    team: str
    service: str
    is_restricted: bool
    recipient_ids: frozenset[str]
    excluded_ids: frozenset[str] = frozenset()


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


def is_raisers_side(person: Person, facts: NtkFacts) -> bool:
    """The raiser, whom they raised it for, and who answers for it now."""
    return person.id in (facts.raiser_id, facts.owner_id, facts.on_behalf_id)


def can_read_ntk(person: Person, facts: NtkFacts) -> bool:
    """Raiser and recipients; the line of the case's team and service unless restricted; nobody who is excluded."""
    if person.id in facts.excluded_ids:
        return False
    if is_raisers_side(person, facts) or person.id in facts.recipient_ids:
        return True
    if facts.is_restricted:
        return False
    return line_tier(person, facts) is not None


def can_acknowledge_ntk(person: Person, facts: NtkFacts) -> bool:
    """Only somebody the NTK was addressed to: nobody acknowledges for another."""
    return person.id in facts.recipient_ids and person.id not in facts.excluded_ids


def can_check_ntk(person: Person, facts: NtkFacts) -> bool:
    """A manager of the case's line who can read it; nobody checks what they raised themselves."""
    return _in_line_of(person, facts, *LINE) and person.id != facts.raiser_id


def can_update_ntk(person: Person, facts: NtkFacts) -> bool:
    return can_read_ntk(person, facts) and (is_raisers_side(person, facts) or _in_line_of(person, facts, *LINE))


def can_close_ntk(person: Person, facts: NtkFacts) -> bool:
    """Heads of service and above close and reopen; a service manager proposes it."""
    return _in_line_of(person, facts, Role.HOS, Role.AD, Role.DIR)


def can_propose_close_ntk(person: Person, facts: NtkFacts) -> bool:
    return _in_line_of(person, facts, Role.SM) and not can_close_ntk(person, facts)


def can_merge_ntk(person: Person, facts: NtkFacts) -> bool:
    return _in_line_of(person, facts, Role.HOS, Role.AD, Role.DIR)


def can_withdraw_ntk(person: Person, facts: NtkFacts) -> bool:
    return can_read_ntk(person, facts) and is_raisers_side(person, facts)


def can_correct_ntk(person: Person, facts: NtkFacts) -> bool:
    if not can_read_ntk(person, facts):
        return False
    return is_raisers_side(person, facts) or _in_line_of(person, facts, Role.TM, Role.HOS, Role.AD, Role.DIR)


def can_exclude_from_ntk(person: Person, facts: NtkFacts) -> bool:
    """Keeping a conflicted manager out is for assistant directors and directors."""
    return can_read_ntk(person, facts) and person.has(Role.AD, Role.DIR)


def can_brief_on_ntk(person: Person, facts: NtkFacts) -> bool:
    """Who told members, the chief executive or the press office is recorded by those who decide it."""
    return can_read_ntk(person, facts) and person.has(Role.AD, Role.DIR)


def can_answer_prompt(person: Person, facts: NtkFacts, owner_role: str) -> bool:
    """The role that owns the clock, or a head of service and above of the line."""
    if not can_read_ntk(person, facts):
        return False
    owns = any(role.value == owner_role for role in person.roles) and (
        person.id in facts.recipient_ids or line_tier(person, facts) is not None
    )
    return owns or _in_line_of(person, facts, Role.HOS, Role.AD, Role.DIR)


def line_tier(person: Person, facts: NtkFacts) -> Role | None:
    """The highest tier of the case's line this person holds today (cover among it); None for everybody else."""
    held = [grant.role for grant in person.grants if _is_of_line(grant, facts.team, facts.service)]
    return max(held, key=LINE.index) if held else None


def is_senior(mine: Role | None, asker: Role | None) -> bool:
    """Whether one tier of the line may confirm what another asked for: one above; at the top, another of the same."""
    if mine is None or asker is None:
        return mine is not None
    return LINE.index(mine) > LINE.index(asker) or mine is asker is LINE[-1]


def can_arrange_cover(person: Person, absent: Person) -> bool:
    """One's own cover; that of somebody one manages; the system administrator for anybody."""
    if person.id == absent.id or person.has(Role.SY):
        return True
    return any(_manages(mine, theirs) for mine in person.grants for theirs in absent.grants)


def can_cover(cover: Person, absent: Person) -> bool:
    """Delegation goes sideways or up, never down (scheme of delegation)."""
    return cover.id != absent.id and _rank(cover) >= _rank(absent) >= 0


def can_arrange_rota(person: Person) -> bool:
    return person.has(Role.HOS, Role.AD, Role.DIR, Role.CO, Role.SY)


def can_list_team(person: Person) -> bool:
    return person.has(*LINE)


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


def can_manage_sittings(person: Person) -> bool:
    """Coordinators move, cancel and resolve sittings."""
    return person.has(Role.CO)


def can_call_sitting(person: Person, panel: str) -> bool:
    """An extraordinary sitting is called by the panel's chair or a coordinator."""
    return person.chairs(panel) or person.has(Role.CO)


def can_waive_cutoff(person: Person, panel: str) -> bool:
    """Only the chair lets papers in after the cut-off."""
    return person.chairs(panel)


def can_see_agenda(person: Person, panel: str) -> bool:
    """Chair and members of the panel, coordinators, directors; the legal adviser for every panel."""
    return person.sits_on(panel) or person.has(Role.CO, Role.AD, Role.DIR, Role.LA)


def can_book_late(person: Person) -> bool:
    """After the papers' cut-off only the coordinator may still place an item."""
    return person.has(Role.CO)


def _in_line(person: Person, team: str, service: str) -> bool:
    return any(_is_of_line(g, team, service) for g in person.grants if g.role in (Role.TM, Role.SM, Role.HOS))


def _in_line_of(person: Person, facts: NtkFacts, *roles: Role) -> bool:
    return can_read_ntk(person, facts) and any(
        grant.role in roles and _is_of_line(grant, facts.team, facts.service) for grant in person.grants
    )


def _is_of_line(grant: Grant, team: str, service: str) -> bool:
    if grant.role is Role.TM:
        return grant.team == team
    if grant.role in (Role.SM, Role.HOS):
        return grant.service == service
    return grant.role is Role.DIR or (grant.role is Role.AD and grant.service in (None, service))


def _manages(mine: Grant, theirs: Grant) -> bool:
    if mine.role not in LINE or (theirs.role in LINE and LINE.index(mine.role) <= LINE.index(theirs.role)):
        return False
    return theirs.role in (*LINE, Role.SW) and _is_of_line(mine, theirs.team or "", theirs.service or "")


def _rank(person: Person) -> int:
    """How high somebody stands by roles of their own: cover doesn't raise anybody."""
    return max((LINE.index(g.role) for g in person.grants if g.role in LINE and g.via is None), default=-1)
