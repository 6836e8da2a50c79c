"""What a person may do with an NTK: the menu, the form of one act, and doing it, each with its rights judged afresh."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from casework.db import ntk, ntk_events, ntk_prompts, ntk_recipients
from casework.db.base import new_id
from casework.db.uow import Work
from casework.domain import access, forms, ntk_act_forms, ntk_acts
from casework.domain.errors import Code, Refusal
from casework.domain.ntk import LIVE, State
from casework.domain.ntk_rulebook import Field
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook
from casework.ntk_views import Menu, NtkCard, NtkReceipt, NtkStub, Standing
from casework.services import ntk_cards, ntk_checks, ntk_corrections, ntk_life, ntk_updates
from casework.services.context import Context, fresh
from casework.services.ntk_doing import Doing

After = NtkCard | NtkReceipt | NtkStub


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm:
    """The form of one act: drawn as it is, sent back with its nonce."""

    act: ntk_acts.Act
    standing: Standing
    fields: tuple[Field, ...]
    nonce: str


async def menu(context: Context, *, person: Person, ntk_id: str) -> Menu:
    """Everything this reader may do now; raises Refusal NOT_FOUND for one they may not read."""
    async with context.database.reading() as work:
        person = await fresh(work, person)
        found, facts = await _readable(work, person, ntk_id)
        rules = await context.rules(work, version=found.rulebook_version)
        mine = [row for row in await ntk_recipients.told(work, found.id) if row.person_id == person.id]
        prompts = await ntk_cards.prompts(work, rules, found)
        return Menu(
            standing=await ntk_cards.standing(work, rules, found),
            why=await ntk_cards.why(work, rules, mine[0] if mine else None, found, person),
            acts=await ntk_cards.acts(context, work, rules, found, person),
            prompts=prompts,
            decides=tuple(
                row.id
                for row in await ntk_prompts.of_ntk(work, found.id)
                if access.can_answer_prompt(person, facts, row.owner_role)
            ),
        )


async def form(context: Context, *, person: Person, ntk_id: str, code: str) -> ActForm:
    """The form of an act this person may do now; raises Refusal NOT_FOUND, NOT_ALLOWED or STALE_CARD."""
    async with context.database.reading() as work:
        person = await fresh(work, person)
        found, facts = await _readable(work, person, ntk_id)
        rules = await context.rules(work, version=found.rulebook_version)
        case = await ntk_cards.case_of(work, found, with_people=True)
        act = _act(code, rules.book, case, person, facts)
        return ActForm(
            act=act,
            standing=await ntk_cards.standing(work, rules, found),
            fields=act.fields(rules.book, case) if act.fields else (),
            nonce=new_id(),
        )


async def perform(
    context: Context,
    *,
    person: Person,
    ntk_id: str,
    code: str,
    nonce: str | None,
    values: Mapping[str, str],
    card_id: str | None,
) -> After:
    """Do it, in one transaction; the NTK as this person then sees it.

    The same form sent twice is done once. Raises FieldErrors with every mistake, Refusal NOT_FOUND, NOT_ALLOWED,
    STALE_CARD or whatever the act itself refuses.
    """
    async with context.database.writing() as work:
        person = await fresh(work, person)
        found = await ntk.lock(work, ntk_id)
        facts = await ntk_recipients.facts(work, found) if found else None
        if found is None or facts is None or not access.can_read_ntk(person, facts):
            raise Refusal(Code.NOT_FOUND)
        if nonce is not None and await ntk_events.by_nonce(work, nonce) is not None:
            return await after(context, work, found, person)
        rules = await context.rules(work, version=found.rulebook_version)
        case = await ntk_cards.case_of(work, found, with_people=True)
        act = _act(code, rules.book, case, person, facts)
        fields = act.fields(rules.book, case) if act.fields else ()
        answers, kept = forms.answers(fields, values, book=rules.book, now=work.now)
        doing = Doing(
            context=context,
            work=work,
            rules=rules,
            person=person,
            found=found,
            facts=facts,
            answers=answers,
            nonce=nonce,
            card_id=card_id,
            kept=kept,
        )
        await PERFORMERS[act.code](doing)
        current = await ntk.get(work, found.id)
        assert current is not None
        return await after(context, work, current, person)


async def current(context: Context, *, person: Person, ntk_id: str) -> After:
    """The NTK as this person sees it now, the read audited; raises Refusal NOT_FOUND for one they may not read."""
    async with context.database.writing() as work:
        person = await fresh(work, person)
        found, _ = await _readable(work, person, ntk_id)
        return await after(context, work, found, person)


async def after(context: Context, work: Work, found: ntk.Ntk, person: Person) -> After:
    """The NTK as this person sees it now: the raiser's card, or the recipient's, or a stub."""
    facts = await ntk_recipients.facts(work, found)
    if access.is_raisers_side(person, facts):
        return await ntk_cards.receipt(context, work, found, reader=person)
    if found.state is State.WITHDRAWN or not access.can_read_ntk(person, facts):
        return NtkStub(reference=found.reference, because="withdrawn")
    return await ntk_cards.card(context, work, found, reader=person)


async def _readable(work: Work, person: Person, ntk_id: str) -> tuple[ntk.Ntk, access.NtkFacts]:
    found = await ntk.get(work, ntk_id)
    facts = await ntk_recipients.facts(work, found) if found else None
    if found is None or facts is None or not access.can_read_ntk(person, facts):
        raise Refusal(Code.NOT_FOUND)
    return found, facts


def _act(code: str, book: Rulebook, case: ntk_act_forms.Case, person: Person, facts: access.NtkFacts) -> ntk_acts.Act:
    act = ntk_acts.ACTS.get(code)
    if act is None:
        raise Refusal(Code.STALE_CARD)
    if not act.may(person, facts) or not act.entitled(case, person, facts):
        raise Refusal(Code.NOT_ALLOWED)
    if not ntk_acts.allowed(act, book, case, person, facts):
        raise Refusal(Code.NTK_CLOSED if case.state not in LIVE else Code.ALREADY_DONE)
    return act


PERFORMERS: dict[str, Callable[[Doing], Awaitable[None]]] = {
    "briefed": ntk_updates.briefed,
    "check": ntk_checks.endorse,
    "close": ntk_life.close,
    "comment": ntk_updates.comment,
    "correct": ntk_corrections.correct,
    "endorse": ntk_checks.endorse,
    "exclude": ntk_corrections.exclude,
    "found": ntk_updates.found_,
    "level": ntk_checks.set_level,
    "lower_confirm": ntk_checks.confirm_lower,
    "lower_keep": ntk_checks.keep_level,
    "merge": ntk_life.merge,
    "not_ntk": ntk_checks.not_ntk,
    "propose_close": ntk_life.propose_close,
    "reopen": ntk_life.reopen,
    "return": ntk_checks.return_,
    "up": ntk_checks.decide_up,
    "update": ntk_updates.update,
    "withdraw": ntk_life.withdraw,
    "wrong_person": ntk_corrections.wrong_person,
}
