"""The register of NTKs searched: by raiser, by whose acknowledgement is awaited, by team, by child, by time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from casework.db.cases import cases
from casework.db.covers import covers
from casework.db.ntk import Ntk, ntk_children, ntks, opened
from casework.db.ntk_recipients import ntk_exclusions, ntk_recipients
from casework.db.uow import Work
from casework.domain import london
from casework.domain.ntk import LIVE
from casework.domain.ntk_routing import ALSO
from casework.domain.people import Person, Role

LIVE_STATES = tuple(state.value for state in LIVE)


async def raised_by(work: Work, person_id: str, *, limit: int) -> tuple[Ntk, ...]:
    """NTKs a person raised, owns, or had raised for them; the newest first."""
    mine = or_(ntks.c.raiser_id == person_id, ntks.c.owner_id == person_id, ntks.c.on_behalf_id == person_id)
    return await _found(work, select(ntks).where(mine).order_by(ntks.c.raised_at.desc()).limit(limit))


async def awaiting(work: Work, person_id: str, *, limit: int) -> tuple[Ntk, ...]:
    """Live NTKs addressed to a person and not acknowledged by them, most serious and oldest first."""
    statement = (
        select(ntks)
        .join(ntk_recipients, ntk_recipients.c.ntk_id == ntks.c.id)
        .where(
            ntk_recipients.c.person_id == person_id,
            ntk_recipients.c.acknowledged_at.is_(None),
            ntk_recipients.c.told_at.is_not(None),
            ntk_recipients.c.ended_at.is_(None),
            ntk_recipients.c.tier != ALSO,
            _still_holds(work),
            ntks.c.state.in_(LIVE_STATES),
        )
        .order_by(ntks.c.level, ntks.c.raised_at)
        .limit(limit)
    )
    return await _found(work, statement)


async def live_for(work: Work, person: Person, *, limit: int) -> tuple[Ntk, ...]:
    """Live NTKs this person may read as a manager of their line or a recipient, most serious and oldest first."""
    statement = (
        select(ntks)
        .where(ntks.c.state.in_(LIVE_STATES), readable(work, person))
        .order_by(ntks.c.level, ntks.c.raised_at)
        .limit(limit)
    )
    return await _found(work, statement)


async def live(work: Work, *, after: str = "", limit: int = 200) -> tuple[Ntk, ...]:
    """Live NTKs in a steady order, page by page: for jobs that look at every one."""
    statement = select(ntks).where(ntks.c.state.in_(LIVE_STATES), ntks.c.id > after).order_by(ntks.c.id).limit(limit)
    return await _found(work, statement)


async def raised_between(work: Work, start: datetime, end: datetime) -> tuple[Ntk, ...]:
    statement = select(ntks).where(ntks.c.raised_at >= start, ntks.c.raised_at < end).order_by(ntks.c.raised_at)
    return await _found(work, statement)


async def merged_into(work: Work, ntk_id: str) -> tuple[Ntk, ...]:
    return await _found(work, select(ntks).where(ntks.c.merged_into_id == ntk_id).order_by(ntks.c.raised_at))


async def about_cases(work: Work, case_refs: Sequence[str], *, since: datetime | None = None) -> tuple[Ntk, ...]:
    """NTKs about any of these cases, the newest first."""
    of_case = exists().where(ntk_children.c.ntk_id == ntks.c.id, ntk_children.c.case_ref.in_(list(case_refs)))
    statement = select(ntks).where(of_case)
    if since is not None:
        statement = statement.where(ntks.c.raised_at >= since)
    return await _found(work, statement.order_by(ntks.c.raised_at.desc()))


async def alike(work: Work, *, category: str, service: str, around: tuple[datetime, datetime]) -> tuple[Ntk, ...]:
    """NTKs of one category and service whose incident lies within `around`: perhaps the same one."""
    statement = (
        select(ntks)
        .where(ntks.c.category == category, ntks.c.service == service, ntks.c.occurred_at.between(*around))
        .order_by(ntks.c.raised_at.desc())
    )
    return await _found(work, statement)


async def case_refs_of(work: Work, case_ids: Sequence[str]) -> tuple[str, ...]:
    """Our ids of the cases with these tidied case ids, where there are any."""
    hashes = [work.keyring.fingerprint(case_id, purpose="case_id") for case_id in case_ids]
    statement = select(cases.c.id).where(cases.c.case_id_hash.in_(hashes))
    return tuple((await work.connection.execute(statement)).scalars())


def readable(work: Work, person: Person) -> ColumnElement[bool]:
    """What `access.can_read_ntk` allows, as a condition: whatever isn't readable leaves no trace in lists and counts.

    A test holds the two together over every role and state.
    """
    told = exists().where(
        ntk_recipients.c.ntk_id == ntks.c.id,
        ntk_recipients.c.person_id == person.id,
        ntk_recipients.c.told_at.is_not(None),
        ntk_recipients.c.ended_at.is_(None),
        _still_holds(work),
    )
    is_excluded = exists().where(ntk_exclusions.c.ntk_id == ntks.c.id, ntk_exclusions.c.person_id == person.id)
    mine = or_(ntks.c.raiser_id == person.id, ntks.c.owner_id == person.id, ntks.c.on_behalf_id == person.id)
    return and_(~is_excluded, or_(mine, told, and_(ntks.c.is_restricted.is_(False), _of_line(person))))


def _still_holds(work: Work) -> ColumnElement[bool]:
    """Whether somebody told as a cover covers still: their right ends with it."""
    today = london.local_date(work.now)
    is_covering = exists().where(
        covers.c.person_id == ntk_recipients.c.via,
        covers.c.cover_id == ntk_recipients.c.person_id,
        covers.c.ended_at.is_(None),
        covers.c.starts_on <= today,
        covers.c.ends_on >= today,
    )
    return or_(ntk_recipients.c.because != "cover", is_covering)


def _of_line(person: Person) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [false()]
    for grant in person.grants:
        if grant.role is Role.TM and grant.team:
            parts.append(ntks.c.team == grant.team)
        elif grant.role in (Role.SM, Role.HOS) and grant.service:
            parts.append(ntks.c.service == grant.service)
        elif grant.role is Role.DIR or (grant.role is Role.AD and grant.service is None):
            parts.append(ntks.c.id.is_not(None))
        elif grant.role is Role.AD:
            parts.append(ntks.c.service == grant.service)
    return or_(*parts)


async def _found(work: Work, statement: Select[tuple[object, ...]]) -> tuple[Ntk, ...]:
    return tuple(opened(row) for row in (await work.connection.execute(statement)).mappings())
