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
    """What rights over one panel item turn on. `panel` is the panel asked for, `heard_by` the panel that sits.

    `awaiting` is the role that approves next, `confirmed_by` the role whose word on the papers counts. People in
    `kept_out_ids` have a conflict of interest; those in `stand_in_ids` chair the sitting in the chair's place.
    `is_listed`: a tracker made it, nobody asked for it.
    """

    requester_id: str
    presenter_id: str
    team: str
    service: str
    panel: str
    heard_by: str
    awaiting: str = ""
    confirmed_by: str | None = None
    advice_roles: tuple[str, ...] = ()
    kept_out_ids: frozenset[str] = frozenset()
    stand_in_ids: frozenset[str] = frozenset()
    is_listed: bool = False


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


def line_tier(person: Person, facts: NtkFacts | ItemFacts) -> Role | None:
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


def is_items_side(person: Person, facts: ItemFacts) -> bool:
    """Whoever asked for it, and whoever presents it."""
    return person.id in (facts.requester_id, facts.presenter_id)


def can_read_item(person: Person, facts: ItemFacts) -> bool:
    """Its own side; the line, coordinators and directors; who sits on the panel. Nobody with a conflict of interest."""
    if is_items_side(person, facts):
        return True
    if person.id in facts.kept_out_ids:
        return False
    if person.id in facts.stand_in_ids:
        return True
    if person.has(Role.CO, Role.AD, Role.DIR) or _in_line(person, facts.team, facts.service):
        return True
    return can_see_agenda(person, facts.heard_by)


def can_change_item(person: Person, facts: ItemFacts, *, agenda_sent: bool) -> bool:
    """The requester and presenter until the agenda has gone out, then the coordinator only.

    A family its tracker has listed is taken off by the coordinator only: none is omitted unseen.
    """
    if person.has(Role.CO):
        return True
    return not agenda_sent and not facts.is_listed and person.id in (facts.requester_id, facts.presenter_id)


def manages_case(person: Person, facts: ItemFacts) -> bool:
    """Whether somebody is of the case's own line: an independent chair is not."""
    return _in_line(person, facts.team, facts.service)


def can_approve_item(person: Person, facts: ItemFacts) -> bool:
    """The tier whose turn it is, or one above; nobody approves what they asked for themselves."""
    if not facts.awaiting or person.id == facts.requester_id or person.id in facts.kept_out_ids:
        return False
    tier = line_tier(person, facts)
    return tier is not None and LINE.index(tier) >= LINE.index(Role(facts.awaiting))


def can_decline_item(person: Person, facts: ItemFacts) -> bool:
    """A team manager sends back; from the service manager upwards one may decline without the panel."""
    tier = line_tier(person, facts)
    return can_approve_item(person, facts) and tier is not None and LINE.index(tier) >= LINE.index(Role.SM)


def can_tick_papers(person: Person, facts: ItemFacts) -> bool:
    return can_read_item(person, facts) and (
        is_items_side(person, facts) or person.has(Role.CO) or _in_line(person, facts.team, facts.service)
    )


def can_confirm_papers(person: Person, facts: ItemFacts) -> bool:
    """The coordinator says that papers are complete; at the legal panel the legal adviser does."""
    if not can_read_item(person, facts):
        return False
    return person.has(Role(facts.confirmed_by) if facts.confirmed_by else Role.CO)


def can_name_presenter(person: Person, facts: ItemFacts) -> bool:
    return can_tick_papers(person, facts)


def can_rule_on_late_papers(person: Person, facts: ItemFacts) -> bool:
    return person.chairs(facts.heard_by) and can_read_item(person, facts)


def can_overrule_the_line(person: Person, facts: ItemFacts) -> bool:
    """Only the chair gives a slot out of turn."""
    return person.chairs(facts.heard_by) and can_read_item(person, facts)


def can_order_agenda(person: Person, facts: ItemFacts) -> bool:
    return (person.has(Role.CO) or person.chairs(facts.heard_by)) and can_read_item(person, facts)


def can_declare_conflict(person: Person, facts: ItemFacts) -> bool:
    return (person.sits_on(facts.heard_by) or person.has(Role.CO, Role.LA)) and can_read_item(person, facts)


def can_decide_item(person: Person, facts: ItemFacts) -> bool:
    """The chair, or who chairs in their place; never with a conflict of interest."""
    if person.id in facts.kept_out_ids:
        return False
    return person.chairs(facts.heard_by) or person.id in facts.stand_in_ids


def can_endorse_decision(person: Person, facts: ItemFacts) -> bool:
    """What was decided in principle is confirmed by the chair, or by a service manager and above of the line."""
    if person.id in facts.kept_out_ids:
        return False
    tier = line_tier(person, facts)
    return person.chairs(facts.heard_by) or (tier is not None and LINE.index(tier) >= LINE.index(Role.SM))


def can_decide_out_of_panel(person: Person, facts: ItemFacts) -> bool:
    """Heads of service and above of the line, for what can't wait (scheme of delegation: sideways or up)."""
    if person.id in facts.kept_out_ids:
        return False
    tier = line_tier(person, facts)
    return tier is not None and LINE.index(tier) >= LINE.index(Role.HOS)


def can_advise(person: Person, facts: ItemFacts) -> bool:
    return person.has(Role.LA) and person.id not in facts.kept_out_ids


def can_read_advice(person: Person, facts: ItemFacts) -> bool:
    """Privileged legal advice: the roles the rulebook names for the panel; "CH" is that panel's own chair."""
    if not can_read_item(person, facts):
        return False
    return any(
        person.chairs(facts.heard_by) if role == Role.CH else person.has(Role(role)) for role in facts.advice_roles
    )


def can_add_action(person: Person, facts: ItemFacts) -> bool:
    return can_read_item(person, facts) and (person.has(Role.CO) or person.chairs(facts.heard_by))


def can_finish_action(person: Person, owner: Person | None, facts: ItemFacts) -> bool:
    """Whoever owns it; a manager of the line, the coordinator and the chair for them."""
    if owner is not None and person.id == owner.id:
        return True
    return can_read_item(person, facts) and (
        person.has(Role.CO) or person.chairs(facts.heard_by) or line_tier(person, facts) is not None
    )


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


def can_run_sitting(person: Person, panel: str, stand_in_ids: frozenset[str] = frozenset()) -> bool:
    """The chair starts, runs and closes a sitting, or who chairs in their place."""
    return person.chairs(panel) or person.id in stand_in_ids


def can_release_agenda(person: Person, panel: str) -> bool:
    return person.has(Role.CO) or person.chairs(panel)


def can_settle_deliveries(person: Person) -> bool:
    """Coordinators and whoever runs the system say what becomes of a card that did not arrive."""
    return person.has(Role.CO, Role.SY)


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


def holds_tier(person: Person, tier: Role, facts: ItemFacts) -> bool:
    """Whether somebody is this tier of the case's line today, cover among it."""
    return any(grant.role is tier and _is_of_line(grant, facts.team, facts.service) for grant in person.grants)
