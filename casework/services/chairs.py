"""A chair who manages the case themselves: warned of, with who could chair it instead."""

from __future__ import annotations

from casework.db import items, people
from casework.db.uow import Work
from casework.domain import access
from casework.domain.access import ItemFacts
from casework.domain.people import Person, Role
from casework.services import item_cards
from casework.services.context import Rules, today

MOST_NAMED = 3


async def of(work: Work, panel: str) -> tuple[Person, ...]:
    """Who chairs a panel today, cover among them."""
    return tuple(one for one in await people.holding(work, [Role.CH], today=today(work)) if one.chairs(panel))


async def warning(work: Work, rules: Rules, item: items.Item, facts: ItemFacts) -> str:
    """In words, that every chair of an item manages its case, and who could chair it: as senior, and not of its line.

    Empty where the panel does not ask for an independent chair, or has one (North East Lincolnshire's rule).
    """
    panel = item_cards.panel_of(rules.book, item.panel)
    if panel is None or not panel.chair_independent or item.state not in items.LIVE:
        return ""
    chairs = await of(work, facts.heard_by)
    if not chairs or not all(access.manages_case(one, facts) for one in chairs):
        return ""
    seniors = await people.holding(work, [Role.HOS, Role.AD, Role.DIR], today=today(work))
    others = [
        one.name
        for one in seniors
        if not access.manages_case(one, facts)
        and not one.is_away
        and one.id not in facts.kept_out_ids
        and any(access.can_cover(one, chair) for chair in chairs)
    ]
    own = ", ".join(one.name for one in chairs)
    instead = f" {', '.join(sorted(others)[:MOST_NAMED])} could chair it." if others else ""
    return f"{own} chairs the panel and manages this case.{instead}"
