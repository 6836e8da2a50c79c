"""What goes on paper of a sitting: its agenda as released, and the record of what was decided."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from casework.db import (
    agendas,
    attendance,
    cases,
    decisions,
    item_actions,
    items,
    minutes,
    people,
    sittings,
)
from casework.db.uow import Work
from casework.domain import clocks, london
from casework.domain.booking import Sitting
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person
from casework.paper_views import (
    ActionLine,
    AgendaPaper,
    AgendaPaperLine,
    ChildDecision,
    DecisionItem,
    DecisionPaper,
)
from casework.services import agendas as agenda_pages
from casework.services import chairs, item_cards, item_pages, session_pages, tracker_flags
from casework.services.context import Context, Rules, today
from casework.services.recorder import record


async def agenda(context: Context, *, panel: str, on: date) -> AgendaPaper:
    """The newest released agenda of a panel's sitting on a day; raises Refusal NOT_FOUND where there is none.

    For the council's own office: it holds every item, whoever keeps out of which.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        sitting = await _sitting(work, panel, on)
        released = await agendas.versions(work, sitting.id)
        if not released:
            raise Refusal(Code.NOT_FOUND)
        newest = released[0]
        lines = [await _line(work, rules, number, kept) for number, kept in enumerate(newest.content["lines"], start=1)]
        before = released[1].content if len(released) > 1 else None
        names = await people.by_ids(work, [line["presenter"] for line in newest.content["lines"]], today=today(work))
        await _note(context, work, sitting, "agenda.printed", newest.version)
        return AgendaPaper(
            council=rules.book.council.name,
            panel_name=item_cards.panel_name(rules.book, sitting.panel),
            starts_at=sitting.starts_at,
            ends_at=sitting.ends_at,
            venue=sitting.venue,
            chair=", ".join(one.name for one in await chairs.of(work, sitting.panel)),
            version=newest.version,
            digest=newest.digest,
            released_at=newest.released_at,
            lines=tuple(lines),
            changes=agenda_pages.changed_between(before, newest.content, names) if before else (),
            overflow=await tracker_flags.overflow(work, rules, sitting),
        )


async def record_of(context: Context, *, panel: str, on: date, with_advice: bool = False) -> DecisionPaper:
    """The record of a panel's sitting on a day; raises Refusal NOT_FOUND where none was held.

    Privileged legal advice is left out unless it is asked for.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        sitting = await _sitting(work, panel, on)
        if sitting.started_at is None:
            raise Refusal(Code.NOT_FOUND)
        released = await agendas.versions(work, sitting.id)
        there = {item.id: item for _, item in await items.on_sitting(work, sitting.id)}
        order = [line["item"] for line in released[0].content["lines"]] if released else []
        found = there | await items.by_ids(work, [id for id in order if id not in there])
        ids = [*(id for id in order if id in found), *(id for id in there if id not in order)]
        attending = await attendance.of_sitting(work, sitting.id)
        names = await people.by_ids(work, [one.person_id for one in attending], today=today(work))
        locked = await minutes.confirmed(work, sitting.id)
        by = await people.by_ids(work, [locked.confirmed_by_id] if locked else [], today=today(work))
        await _note(context, work, sitting, "record.printed", sitting.agenda_version)
        return DecisionPaper(
            council=rules.book.council.name,
            panel_name=item_cards.panel_name(rules.book, sitting.panel),
            starts_at=sitting.starts_at,
            ends_at=sitting.ends_at,
            venue=sitting.venue,
            chair=", ".join(one.name for one in await chairs.of(work, sitting.panel)),
            present=_named(attending, names, attendance.PRESENT),
            apologies=_named(attending, names, attendance.APOLOGIES),
            quorum=await session_pages.quorum_words(work, rules, sitting) or "Quorate.",
            confirmed_at=locked.confirmed_at if locked else None,
            confirmed_by=by[locked.confirmed_by_id].name if locked and locked.confirmed_by_id in by else "",
            digest=locked.digest if locked else await session_pages.digest_of(work, sitting),
            items=tuple(
                [
                    await _item(work, rules, number, found[id], sitting, with_advice=with_advice)
                    for number, id in enumerate(ids, start=1)
                ]
            ),
            addenda=tuple(words for _, _, words in await minutes.added(work, sitting.id)),
        )


async def _sitting(work: Work, panel: str, on: date) -> Sitting:
    first = clocks.local_instant(on, time()).astimezone(UTC)
    found = await sittings.between(work, first=first, last=first + timedelta(days=1))
    mine = [one for one in found if one.panel == panel and london.local_date(one.starts_at) == on]
    if not mine:
        raise Refusal(Code.NOT_FOUND)
    return mine[0]


async def _line(work: Work, rules: Rules, number: int, kept: dict[str, object]) -> AgendaPaperLine:
    item = await items.get(work, str(kept["item"]))
    assert item is not None
    found = await people.by_ids(work, [str(kept["presenter"])], today=today(work))
    refs = kept["children"]
    assert isinstance(refs, list)
    names = [await cases.get(work, ref) for ref in refs]
    flags = await tracker_flags.of_item(work, rules, item)
    return AgendaPaperLine(
        number=number,
        starts_at=datetime.fromisoformat(str(kept["starts_at"])),
        minutes=int(str(kept["minutes"])),
        reference=item.reference,
        children=tuple(item_cards.child_words(case.initials, case.case_id) for case in names),
        request_type=item_cards.request_type_name(rules.book, item),
        presenter=found[item.presenter_id].name if item.presenter_id in found else "",
        readiness=str(kept["papers"]),
        flags=flags,
    )


async def _item(
    work: Work, rules: Rules, number: int, item: items.Item, sitting: Sitting, *, with_advice: bool
) -> DecisionItem:
    names = await people.by_ids(work, [item.presenter_id], today=today(work))
    made = await item_pages.decided(work, rules, item)
    acts = (await item_actions.of_items(work, [item.id]))[item.id]
    owners = await people.by_ids(work, [one.owner_id for one in acts], today=today(work))
    state, why = await session_pages.became(work, rules, item, sitting)
    advice = await decisions.advice_on(work, item.id) if with_advice else ()
    return DecisionItem(
        number=number,
        reference=item.reference,
        request_type=item_cards.request_type_name(rules.book, item),
        presenter=names[item.presenter_id].name if item.presenter_id in names else "",
        decisions=tuple(
            ChildDecision(
                child=one.child,
                outcome_code=one.outcome.partition(":")[0],
                outcome=one.outcome.partition(": ")[2],
                is_in_principle=one.is_in_principle,
                rationale=one.words.get("rationale", ""),
                conditions=one.words.get("conditions", ""),
                dissent=one.words.get("dissent", ""),
                cost=one.words.get("cost", ""),
                until_on=one.until_on,
                review_on=one.review_on,
            )
            for one in made
        ),
        advice="\n".join(words for _, _, words in advice),
        actions=tuple(
            ActionLine(
                what=one.what,
                owner=owners[one.owner_id].name if one.owner_id in owners else "",
                due_on=one.due_on,
                done_on=london.local_date(one.done_at) if one.done_at else None,
            )
            for one in acts
        ),
        not_decided="" if made else f"{NOT_DECIDED.get(state, 'Not decided')}{f': {why}' if why else ''}",
    )


NOT_DECIDED = {"deferred": "Deferred", "not_heard": "Not heard, carried over", "refused_late": "Refused: papers late"}


def _named(attending: tuple[attendance.Attendee, ...], names: dict[str, Person], state: str) -> tuple[str, ...]:
    found = [names[one.person_id].name for one in attending if one.state == state and one.person_id in names]
    return tuple(sorted(found))


async def _note(context: Context, work: Work, sitting: Sitting, action: str, version: int) -> None:
    """Printing is reading: it stands in the audit trail."""
    await record(
        context,
        work,
        actor_id=None,
        action=action,
        subject_kind="sitting",
        subject_id=sitting.id,
        facts={"panel": sitting.panel, "version": version},
    )
