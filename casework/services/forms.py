"""Unfinished forms: begin one, keep what was typed, find it again, throw it away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from casework.db import drafts
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person
from casework.services.context import Context


async def begin(context: Context, *, person: Person, flow: str, step: str, fields: Mapping[str, str]) -> drafts.Draft:
    """Start a form; it is kept for the rulebook's days (default 30)."""
    async with context.database.writing() as work:
        rules = await context.rules(work)
        lifetime = timedelta(days=rules.book.delivery.draft_days)
        return await drafts.create(work, person_id=person.id, flow=flow, step=step, fields=fields, lifetime=lifetime)


async def keep(
    context: Context, *, person: Person, flow: str, draft_id: str, step: str, fields: Mapping[str, str]
) -> drafts.Draft:
    """Keep what was typed, mistakes and all; raises Refusal(DRAFT_GONE) when it is another's, done or run out."""
    async with context.database.writing() as work:
        draft = await drafts.get(work, draft_id, person_id=person.id)
        if draft is None or draft.flow != flow:
            raise Refusal(Code.DRAFT_GONE)
        return await drafts.save(work, draft, step=step, fields={**draft.fields, **fields})


async def find(context: Context, *, person: Person, flow: str, draft_id: str) -> drafts.Draft:
    """The person's own draft; raises Refusal(DRAFT_GONE)."""
    async with context.database.reading() as work:
        draft = await drafts.get(work, draft_id, person_id=person.id)
    if draft is None or draft.flow != flow:
        raise Refusal(Code.DRAFT_GONE)
    return draft


async def newest(context: Context, *, person: Person, flow: str) -> drafts.Draft | None:
    """The person's latest unfinished form of a flow."""
    async with context.database.reading() as work:
        return await drafts.newest(work, person_id=person.id, flow=flow)


async def discard(context: Context, *, person: Person, draft_id: str) -> None:
    """Throw the person's own draft away; another's id does nothing."""
    async with context.database.writing() as work:
        if await drafts.get(work, draft_id, person_id=person.id):
            await drafts.remove(work, draft_id)


async def remove_expired(context: Context) -> int:
    """Delete drafts that have run out; returns how many."""
    async with context.database.writing() as work:
        return await drafts.remove_expired(work)
