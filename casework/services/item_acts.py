"""Doing something to an item: rights judged afresh, the form read, the act carried out, in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from casework.db import item_events, items
from casework.db.uow import Work
from casework.domain import access, forms
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person
from casework.item_views import ItemPage
from casework.services import (
    approvals,
    directory,
    item_cards,
    item_decisions,
    item_listing,
    item_pages,
    papers,
    tracker_listing,
)
from casework.services.context import Context, Rules, fresh
from casework.services.item_doing import Doing


async def perform(
    context: Context,
    *,
    person: Person,
    item_id: str,
    code: str,
    nonce: str | None,
    version: int | None,
    values: Mapping[str, str],
) -> ItemPage | None:
    """Do it; the item as this person then sees it, None where they have just kept themselves out of it.

    The same form sent twice is done once. `version` is the item's as the button was drawn; a press without a form is
    refused where it changed since. Raises FieldErrors with every mistake, Refusal NOT_FOUND, NOT_ALLOWED, ALREADY_DONE,
    STALE_CARD or what the act refuses.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        item, facts = await item_pages.readable(work, rules, person, await items.lock(work, item_id))
        if nonce is not None and await item_events.was_done(work, nonce):
            return await item_pages.page(work, rules, item, reader=person)
        if item_cards.panel_of(rules.book, item.panel) is None:
            raise Refusal(Code.STALE_CARD)
        case = await item_pages.case_of(work, rules, item, with_people=True)
        act = item_pages.act_of(code, case, person, facts)
        if act.fields is None and version is not None and version != item.version:
            raise Refusal(Code.STALE_CARD)
        fields = act.fields(case) if act.fields else ()
        staff = await directory.staff_words(work) if any(one.staff_names for one in fields) else frozenset()
        answers, kept = forms.answers(fields, values, book=rules.book, now=work.now, staff=staff)
        await PERFORMERS[act.code](
            Doing(
                context=context,
                work=work,
                rules=rules,
                person=person,
                item=item,
                facts=facts,
                case=case,
                answers=answers,
                nonce=nonce,
                kept=kept,
            )
        )
        return await _after(work, rules, item.id, person)


async def _after(work: Work, rules: Rules, item_id: str, person: Person) -> ItemPage | None:
    current = await items.get(work, item_id)
    assert current is not None
    facts = await item_cards.facts_by(work, rules.book, current)
    return await item_pages.page(work, rules, current, reader=person) if access.can_read_item(person, facts) else None


PERFORMERS: dict[str, Callable[[Doing], Awaitable[None]]] = {
    "action": item_decisions.add_action,
    "advise": item_decisions.advise,
    "approve": approvals.approve,
    "conflict": item_listing.conflict,
    "dates": tracker_listing.dates,
    "decide": item_decisions.decide,
    "decline": approvals.decline,
    "defer": item_decisions.defer,
    "endorse": item_decisions.endorse,
    "give_slot": item_listing.give_slot,
    "let_in": papers.let_in,
    "not_heard": item_decisions.not_heard,
    "order": item_listing.order,
    "out_of_panel": item_decisions.out_of_panel,
    "papers": papers.save,
    "papers_ok": papers.confirm,
    "presenter": item_listing.presenter,
    "refuse_late": papers.refuse_late,
    "resend": approvals.resend,
    "return": approvals.return_,
}
