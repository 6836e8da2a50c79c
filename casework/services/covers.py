"""Leave, cover, deputies and the on-call rota: listed, arranged by those entitled, ended, and told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from casework.cover_views import CoverLine, CoverPage, OnCallLine
from casework.db import covers, people
from casework.db.uow import Work
from casework.domain import access
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.ntk_routing import covers as covers_tier
from casework.domain.people import ROLE_NAMES, Person, Role
from casework.services.context import Context, fresh, insist, today
from casework.services.directory import person_named
from casework.services.recorder import delivery, record

LONGEST = timedelta(days=366)
LONGEST_DUTY = timedelta(days=14)
MOST_SHOWN = 20


async def page(context: Context, *, person: Person) -> CoverPage:
    """What concerns this person: their own absences and those they stand in for, and who is on call now and next."""
    async with context.database.reading() as work:
        person = await fresh(work, person)
        lines = await covers.coming_all(work, from_=today(work))
        away = await people.by_ids(work, [line.person_id for line in lines], today=today(work))
        lines = tuple(
            line
            for line in lines
            if person.id in (line.person_id, line.cover_id)
            or access.can_arrange_rota(person)
            or _may_arrange(person, away.get(line.person_id))
        )[:MOST_SHOWN]
        live = await covers.on_call(work, at=work.now, until=work.now + LONGEST_DUTY)
        known = await people.by_ids(
            work,
            [id for line in lines for id in (line.person_id, line.cover_id) if id] + [one.person_id for one in live],
            today=today(work),
        )
        return CoverPage(
            lines=tuple(_line(line, known, may_end=_may_arrange(person, known.get(line.person_id))) for line in lines),
            on_call=tuple(
                OnCallLine(
                    rota_id=one.id,
                    tier=tier_words(one.tier),
                    person=known[one.person_id].name,
                    phone=known[one.person_id].work_phone,
                    starts_at=one.starts_at,
                    ends_at=one.ends_at,
                    may_end=access.can_arrange_rota(person),
                )
                for one in live
                if one.person_id in known
            ),
            may_arrange_rota=access.can_arrange_rota(person),
        )


async def arrange(
    context: Context,
    *,
    person: Person,
    absent: str,
    cover: str,
    kind: str,
    starts_on: date,
    ends_on: date,
) -> CoverLine:
    """Set leave with its cover, or a standing deputy, from day to day; names as typed, `absent` empty for oneself.

    Delegation goes sideways or up, never down, and only those entitled set it. Raises FieldErrors or Refusal
    NOT_ALLOWED.
    """
    async with context.database.writing() as work:
        person = await fresh(work, person)
        away = await _named(work, absent, "absent") if absent.strip() else person
        insist(access.can_arrange_cover(person, away))
        stand_in = await _stand_in(work, cover, away, is_needed=kind == covers.DEPUTY)
        if ends_on < starts_on or ends_on < today(work) or ends_on - starts_on > LONGEST:
            raise FieldErrors({"ends_on": Code.NOT_LATER})
        cover_id = stand_in.id if stand_in else None
        id = await covers.add(
            work,
            person_id=away.id,
            cover_id=cover_id,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            set_by_id=person.id,
        )
        days = {"from": starts_on.isoformat(), "to": ends_on.isoformat()}
        await record(
            context,
            work,
            actor_id=person.id,
            action="cover.set",
            subject_kind="cover",
            subject_id=id,
            facts={"person": away.id, "cover": cover_id, "kind": kind, **days},
            tell=[
                delivery(work, kind=Kind.COVER_SET, subject_id=id, person_id=person_id, key=person_id)
                for person_id in (away.id, cover_id)
                if person_id not in (person.id, None)
            ],
        )
        line = await line_of(work, id)
        assert line is not None
        return replace(line, may_end=True)


async def _stand_in(work: Work, name: str, away: Person, *, is_needed: bool) -> Person | None:
    found = await _named(work, name, "cover") if name.strip() else None
    if is_needed and found is None:
        raise FieldErrors({"cover": Code.MISSING})
    if found is not None and not access.can_cover(found, away):
        raise FieldErrors({"cover": Code.PERSON_BELOW})
    return found


async def end(context: Context, *, person: Person, cover_id: str) -> None:
    """End it from now on. Raises Refusal NOT_FOUND for one this person may not arrange."""
    async with context.database.writing() as work:
        person = await fresh(work, person)
        found = await covers.get(work, cover_id)
        known = await people.by_ids(work, [found.person_id], today=today(work)) if found else {}
        if found is None or not _may_arrange(person, known.get(found.person_id)):
            raise Refusal(Code.NOT_FOUND)
        await covers.end(work, cover_id)
        await record(context, work, actor_id=person.id, action="cover.ended", subject_kind="cover", subject_id=cover_id)


async def put_on_call(
    context: Context, *, person: Person, name: str, tier: str, starts_at: datetime, ends_at: datetime
) -> OnCallLine:
    """Put somebody on call for a tier, or as duty head; raises FieldErrors, Refusal NOT_ALLOWED."""
    async with context.database.writing() as work:
        person = await fresh(work, person)
        insist(access.can_arrange_rota(person))
        rules = await context.rules(work)
        if tier not in {covers.DUTY, *(known.code for known in rules.book.tiers)}:
            raise FieldErrors({"tier": Code.CHOICE_UNKNOWN})
        who = await _named(work, name, "name")
        if not who.has(*access.LINE):
            raise FieldErrors({"name": Code.PERSON_BELOW})
        if not starts_at < ends_at or ends_at <= work.now or ends_at - starts_at > LONGEST_DUTY:
            raise FieldErrors({"until_date": Code.NOT_LATER})
        id = await covers.put_on_call(
            work, tier=tier, person_id=who.id, starts_at=starts_at, ends_at=ends_at, set_by_id=person.id
        )
        await record(
            context,
            work,
            actor_id=person.id,
            action="rota.set",
            subject_kind="rota",
            subject_id=id,
            facts={"person": who.id, "tier": tier, "from": starts_at.isoformat(), "to": ends_at.isoformat()},
        )
        return OnCallLine(
            rota_id=id,
            tier=tier_words(tier),
            person=who.name,
            phone=who.work_phone,
            starts_at=starts_at,
            ends_at=ends_at,
            may_end=True,
        )


async def take_off_call(context: Context, *, person: Person, rota_id: str) -> None:
    async with context.database.writing() as work:
        person = await fresh(work, person)
        insist(access.can_arrange_rota(person))
        if not await covers.take_off_call(work, rota_id):
            raise Refusal(Code.NOT_FOUND)
        await record(context, work, actor_id=person.id, action="rota.ended", subject_kind="rota", subject_id=rota_id)


async def phone_list(context: Context, *, person: Person) -> tuple[str, ...]:
    """Whom this person can ring now: the managers of their own line who are there, then those on call."""
    async with context.database.reading() as work:
        person = await fresh(work, person)
        rules = await context.rules(work)
        team, service = person.home()
        lines: list[str] = []
        for tier in rules.book.tiers:
            for one in await people.holding(work, [Role(tier.code)], today=today(work)):
                holds = any(covers_tier(grant, Role(tier.code), tier.scope, team, service) for grant in one.grants)
                if holds and not one.is_away and one.id != person.id:
                    lines.append(f"{tier.name}: {one.name}, {one.work_phone or 'no number'}")
        live = await covers.on_call(work, at=work.now)
        known = await people.by_ids(work, [one.person_id for one in live], today=today(work))
        on_call = [
            f"On call, {tier_words(one.tier).lower()}: {known[one.person_id].name}, {known[one.person_id].work_phone}"
            for one in live
            if one.person_id in known
        ]
        return tuple(dict.fromkeys([*lines, *on_call]))


async def line_of(work: Work, cover_id: str) -> CoverLine | None:
    """One absence or deputy as it is announced; None once it has ended."""
    found = await covers.get(work, cover_id)
    if found is None:
        return None
    known = await people.by_ids(work, [found.person_id, found.cover_id or ""], today=today(work))
    return _line(found, known, may_end=False)


def tier_words(tier: str) -> str:
    return "Duty head" if tier == covers.DUTY else ROLE_NAMES[Role(tier)].capitalize()


def _line(found: covers.Cover, known: dict[str, Person], *, may_end: bool) -> CoverLine:
    return CoverLine(
        cover_id=found.id,
        person=known[found.person_id].name if found.person_id in known else "",
        cover=known[found.cover_id].name if found.cover_id and found.cover_id in known else "",
        kind=found.kind,
        starts_on=found.starts_on,
        ends_on=found.ends_on,
        may_end=may_end,
    )


def _may_arrange(person: Person, absent: Person | None) -> bool:
    return absent is not None and access.can_arrange_cover(person, absent)


async def _named(work: Work, name: str, field: str) -> Person:
    found = await person_named(work, name) if name.strip() else Code.MISSING
    if isinstance(found, Code):
        raise FieldErrors({field: found})
    return found
