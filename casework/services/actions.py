"""Actions after decisions: one's own, everybody's for who chases them, and marking one done."""

from __future__ import annotations

from casework.db import item_actions, item_events, items, people, timers
from casework.db.uow import Work
from casework.domain import access
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person, Role
from casework.item_views import Actions, ActionView
from casework.services import item_cards, item_pages
from casework.services.context import Context, Rules, fresh, today
from casework.services.recorder import record

MOST_MINE = 12
MOST_OTHERS = 12


async def listed(context: Context, *, person: Person) -> Actions:
    """One's own open actions, and the overdue ones of others for coordinators, chairs and managers of the line."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        mine = [await _view(work, rules, one, person) for one in await item_actions.open_of(work, person.id)]
        others: list[ActionView] = []
        if person.has(Role.CO, Role.CH, *access.LINE):
            for one in await item_actions.open_of(work, due_by=today(work)):
                view = await _view(work, rules, one, person) if one.owner_id != person.id else None
                if view is not None and view.may_finish:
                    others.append(view)
        shown = [view for view in mine if view is not None]
        others.sort(key=lambda view: (view.owner, view.due_on))
        more = max(0, len(shown) - MOST_MINE) + max(0, len(others) - MOST_OTHERS)
        return Actions(mine=tuple(shown[:MOST_MINE]), others=tuple(others[:MOST_OTHERS]), more=more)


async def done(context: Context, *, person: Person, action_id: str, note: str) -> ActionView:
    """Mark an action done; a second press finds it done. The last one closes its item.

    Raises Refusal NOT_FOUND or NOT_ALLOWED.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        action = await item_actions.get(work, action_id)
        view = await view_of(work, rules, action_id, person)
        if action is None or view is None:
            raise Refusal(Code.NOT_FOUND)
        if action.state == item_actions.DONE:
            return view
        if not view.may_finish:
            raise Refusal(Code.NOT_ALLOWED)
        await item_actions.finish(work, action_id, by_id=person.id, note=note)
        await timers.cancel(work, kind=item_actions.TIMER, subject_id=action_id)
        item = await items.get(work, action.item_id)
        assert item is not None
        await item_events.add(work, item_id=item.id, by_id=person.id, kind="action_done", words=note)
        left = [
            one for one in (await item_actions.of_items(work, [item.id]))[item.id] if one.state == item_actions.OPEN
        ]
        if item.state == items.DECIDED and not left:
            await items.change(work, item, state=items.CLOSED, by=person.id)
        await record(
            context,
            work,
            actor_id=person.id,
            action="action.done",
            subject_kind="item",
            subject_id=item.id,
            facts={"action": action_id, "left": len(left)},
        )
        after = await view_of(work, rules, action_id, person)
        assert after is not None
        return after


async def view_of(work: Work, rules: Rules, action_id: str, reader: Person) -> ActionView | None:
    """One action for its owner, their manager, or who may read its item; None for others."""
    action = await item_actions.get(work, action_id)
    return await _view(work, rules, action, reader) if action is not None else None


async def _view(work: Work, rules: Rules, action: item_actions.Action, reader: Person) -> ActionView | None:
    item = await items.get(work, action.item_id)
    assert item is not None
    facts = await item_cards.facts_by(work, rules.book, item)
    owner = (await people.by_ids(work, [action.owner_id], today=today(work))).get(action.owner_id)
    manages = owner is not None and access.can_arrange_cover(reader, owner)
    if action.owner_id != reader.id and not manages and not access.can_read_item(reader, facts):
        return None
    return await item_pages.action_view(work, rules, item, facts, action, reader)
