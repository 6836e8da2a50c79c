""" "Not sure: ask my manager first": the question, its answer, and what happens when none comes in time."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from casework.db import consults, deliveries, drafts, people, timers
from casework.db.uow import Work
from casework.domain import access, forms, ntk_routing, office_hours
from casework.domain import ntk as ntk_rules
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.ntk_rulebook import Field
from casework.domain.people import Person, Role
from casework.ntk_views import ConsultAnswer, ConsultCard, Said
from casework.services import ntk, ntk_cards
from casework.services.context import Context, Rules, fresh, insist, today
from casework.services.recorder import delivery, record

ANSWERS = ("RAISE", "TALK", "NOTNOW")
NONE_YET = "NONE"


async def ask(context: Context, *, person: Person, draft_id: str) -> int:
    """Put a draft before the person's managers; returns how many were asked.

    The answer is due in the rulebook's time, by the clock. A draft asked about twice asks once. What was typed so far
    goes through the privacy guard like any other words. Raises Refusal DRAFT_GONE or NOT_ALLOWED, or FieldErrors.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        insist(access.can_raise_ntk(person))
        draft = await drafts.get(work, draft_id, person_id=person.id)
        if draft is None or draft.flow != ntk.FLOW:
            raise Refusal(Code.DRAFT_GONE)
        kept = _guard(rules, draft.fields)
        earlier = await consults.of_draft(work, draft_id)
        if earlier is not None and earlier.state == consults.ASKED:
            return await _asked(work, rules, person)
        team, service = person.home()
        managers = await _managers(work, rules, person, team, service)
        due = office_hours.due(work.now, rules.book.ntk.consult_within, rules.book)
        id = await consults.add(
            work,
            draft_id=draft_id,
            asker_id=person.id,
            team=team,
            service=service,
            due_at=due,
            fields=draft.fields,
        )
        await timers.set_(work, [(consults.TIMER, id, due)])
        await record(
            context,
            work,
            actor_id=person.id,
            action="consult.asked",
            subject_kind="consult",
            subject_id=id,
            facts={"asked": len(managers), "due_at": due.isoformat(), **_kept(kept)},
            tell=[
                delivery(work, kind=Kind.CONSULT, subject_id=id, person_id=manager.id, key=manager.id)
                for manager in managers
            ],
        )
        return len(managers)


async def show(context: Context, *, person: Person, consult_id: str) -> ConsultCard:
    """One question as a manager of the asker's line sees it; raises Refusal NOT_FOUND for anybody else."""
    async with context.database.reading() as work:
        person = await fresh(work, person)
        found = await _asked_of(work, person, consult_id)
        return await card(context, work, found)


async def answer(
    context: Context, *, person: Person, consult_id: str, answer: str, values: Mapping[str, str]
) -> ConsultCard:
    """Answer it; the first answer counts. "NOTNOW" says not needed now and needs a comment: it is never a ban.

    Raises Refusal NOT_FOUND or ALREADY_DONE, FieldErrors where the comment is missing or names somebody.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        person = await fresh(work, person)
        found = await _asked_of(work, person, consult_id)
        if answer not in ANSWERS:
            raise Refusal(Code.STALE_CARD)
        field = comment_field(is_required=answer != "RAISE")
        read, kept = forms.answers([field], values, book=rules.book, now=work.now)
        words = {"comment": read["comment"], forms.REASON: read[forms.REASON]}
        if not await consults.answer(work, found.id, answer=answer, by_id=person.id, words=words):
            raise Refusal(Code.ALREADY_DONE)
        await timers.cancel(work, kind=consults.TIMER, subject_id=found.id)
        await record(
            context,
            work,
            actor_id=person.id,
            action="consult.answered",
            subject_kind="consult",
            subject_id=found.id,
            facts={"answer": answer, **_kept(kept)},
            tell=[
                delivery(work, kind=Kind.CONSULT_ANSWER, subject_id=found.id, person_id=found.asker_id, key="answer")
            ],
        )
        current = await consults.get(work, found.id)
        assert current is not None
        return await card(context, work, current)


async def fire(context: Context, work: Work, timer: timers.Timer) -> None:
    """No answer came in time: the asker is told to raise it or phone, and the next tier up is asked, with a time of
    its own; so on up the line.
    """
    found = await consults.get(work, timer.subject_id)
    is_open = found is not None and found.state == consults.ASKED
    if not await timers.finish(work, timer.id, state=timers.FIRED if is_open else timers.SKIPPED):
        return
    if found is None or not is_open:
        return
    rules = await context.rules(work)
    asker = (await people.by_ids(work, [found.asker_id], today=today(work))).get(found.asker_id)
    asked = {row.person_id for row in await deliveries.of_subject(work, found.id, (Kind.CONSULT,))}
    above = await _managers(work, rules, asker, found.team, found.service, but=asked) if asker else []
    if above:
        due = office_hours.due(work.now, rules.book.ntk.consult_within, rules.book)
        await consults.extend(work, found.id, due_at=due)
        await timers.set_(work, [(consults.TIMER, found.id, due)])
    told = delivery(work, kind=Kind.CONSULT_ANSWER, subject_id=found.id, person_id=found.asker_id, key="lapsed")
    is_told = await deliveries.is_known(work, told.dedupe_key)
    await record(
        context,
        work,
        actor_id=None,
        action="consult.lapsed",
        subject_kind="consult",
        subject_id=found.id,
        facts={"asked": len(above)},
        tell=[
            *([] if is_told else [told]),
            *(
                delivery(work, kind=Kind.CONSULT, subject_id=found.id, person_id=one.id, key=f"{one.id}:lapsed")
                for one in above
            ),
        ],
    )


async def card(context: Context, work: Work, found: consults.Consult) -> ConsultCard:
    """The question with what was typed so far, and what the coach says to it."""
    rules = await context.rules(work)
    asker = (await people.by_ids(work, [found.asker_id], today=today(work)))[found.asker_id]
    category = found.fields.get("category", "")
    is_known = category in {known.code for known in rules.book.categories}
    answers = {field.code: found.fields.get(field.code, "") for field in rules.book.fields}
    head = [Said(label="About", words=rules.book.category(category).name)] if is_known else []
    if answers["initials"] or answers["case_id"]:
        head.append(Said(label="Child", words=f"{answers['initials']} (ID {answers['case_id']})"))
    plain = {code: text for code, text in answers.items() if code not in ("category", "initials", "case_id")}
    return ConsultCard(
        consult_id=found.id,
        asker=asker.name,
        asker_phone=asker.work_phone,
        asked_at=found.asked_at,
        due_at=found.due_at,
        is_open=found.state == consults.ASKED,
        is_passed_on=found.due_at > office_hours.due(found.asked_at, rules.book.ntk.consult_within, rules.book),
        answers=(*head, *ntk_cards.said(rules.book, category, plain)),
        coach=ntk.coach(rules, found.fields, found.asked_at) if is_known else None,
    )


async def answer_view(work: Work, found: consults.Consult) -> ConsultAnswer:
    """The answer for the asker; "NONE" where the time ran out without one."""
    names = await people.by_ids(work, [found.answered_by_id or ""], today=today(work))
    manager = names.get(found.answered_by_id or "")
    return ConsultAnswer(
        draft_id=found.draft_id,
        answer=found.answer or NONE_YET,
        manager=manager.name if manager else "",
        manager_phone=manager.work_phone if manager else "",
        comment=found.comment,
        initials=found.fields.get("initials", ""),
        case_id=found.fields.get("case_id", ""),
    )


def comment_field(*, is_required: bool) -> Field:
    """The manager's comment: needed unless they say "raise it"."""
    return Field(
        code="comment",
        label="Comment (needed unless you say raise it)",
        kind="long_text",
        required=is_required,
        missing="Enter why, so that they know what to do",
        max_length=1000,
    )


def may_answer(person: Person, found: consults.Consult) -> bool:
    """A manager of the asker's team or service, cover among them, and not the asker."""
    if person.id == found.asker_id:
        return False
    scopes = {Role.TM: "team", Role.SM: "service", Role.HOS: "service", Role.AD: "council"}
    return any(
        ntk_routing.covers(grant, role, scope, found.team, found.service)
        for grant in person.grants
        for role, scope in scopes.items()
    )


async def _asked(work: Work, rules: Rules, person: Person) -> int:
    """How many a question that runs already was put to."""
    team, service = person.home()
    return len(await _managers(work, rules, person, team, service))


async def _asked_of(work: Work, person: Person, consult_id: str) -> consults.Consult:
    found = await consults.get(work, consult_id)
    if found is None or not may_answer(person, found):
        raise Refusal(Code.NOT_FOUND)
    return found


async def _managers(
    work: Work, rules: Rules, asker: Person, team: str, service: str, *, but: Collection[str] = ()
) -> list[Person]:
    """The people of the lowest tier of the asker's line that has anybody there, above the tiers of those in `but`."""
    found: list[Person] = []
    for tier in rules.book.tiers:
        role = Role(tier.code)
        there = [
            person
            for person in await people.holding(work, [role], today=today(work))
            if not person.is_away
            and person.id != asker.id
            and any(ntk_routing.covers(grant, role, tier.scope, team, service) for grant in person.grants)
        ]
        if any(person.id in but for person in there):
            found = []
        elif there and not found:
            found = there
    return found


def _guard(rules: Rules, fields: Mapping[str, str]) -> int:
    """How many identifiers stay for the reason given; raises FieldErrors where what was typed so far names somebody.

    Unfinished answers are no mistakes here.
    """
    asked = ntk_rules.fields_of(rules.book, fields.get("category", ""))
    found = forms.found_in(asked, fields)
    if found and len(fields.get(forms.REASON, "").strip()) < forms.SHORTEST_REASON:
        raise FieldErrors(dict.fromkeys(found, Code.PERSONAL_DATA), found=found)
    return sum(len(words) for words in found.values())


def _kept(count: int) -> dict[str, int]:
    return {"kept_identifiers": count} if count else {}
