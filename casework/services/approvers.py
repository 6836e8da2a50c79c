"""Whose word an item needs before it goes to its panel: the tiers its panel's rules name, in turn."""

from __future__ import annotations

from casework.db import cases, items, people
from casework.db.uow import Work
from casework.domain import access
from casework.domain.access import LINE, ItemFacts
from casework.domain.panel_rulebook import Panel
from casework.domain.people import Person, Role
from casework.services.context import today


def next_role(panel: Panel, item: items.Item, requester: Person, facts: ItemFacts) -> str:
    """The role that approves next, after `item.awaiting` (empty: from the first); empty once all have.

    Whoever asks has said yes for their own tier and those below it.
    """
    left = roles_left(panel, requester, facts, is_urgent=item.is_urgent)
    if item.awaiting in left:
        left = left[left.index(item.awaiting) + 1 :]
    return left[0] if left else ""


def roles_left(panel: Panel, requester: Person, facts: ItemFacts, *, is_urgent: bool) -> list[str]:
    """Every role that has to say yes to what this person asks of a panel, in turn."""
    roles = list(panel.approvals)
    if is_urgent and panel.urgent_approval and panel.urgent_approval not in roles:
        roles.append(panel.urgent_approval)
    own = access.line_tier(requester, facts)
    return [role for role in roles if own is None or LINE.index(Role(role)) > LINE.index(own)]


async def of(work: Work, item: items.Item, *, above: bool = False) -> tuple[Person, ...]:
    """Who is asked now: those of the tier who are there, else of the next above; `above` takes the tier above besides.

    The requester is never among them.
    """
    if not item.awaiting:
        return ()
    case = await cases.get(work, item.case_ref)
    facts = access.ItemFacts(
        requester_id=item.requester_id,
        presenter_id=item.presenter_id,
        team=case.team,
        service=case.service,
        panel=item.panel,
        heard_by=item.panel,
        awaiting=item.awaiting,
    )
    line = [one for one in await people.holding(work, LINE, today=today(work)) if access.can_approve_item(one, facts)]
    asked: list[Person] = []
    tiers = LINE[LINE.index(Role(item.awaiting)) :]
    levels_left = 2 if above else 1
    for tier in tiers:
        there = [one for one in line if not one.is_away and access.holds_tier(one, tier, facts)]
        if there:
            asked += [one for one in there if one.id not in {known.id for known in asked}]
            levels_left -= 1
        if not levels_left:
            break
    return tuple(asked)
