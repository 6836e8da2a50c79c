"""The council's rulebook in the database: apply a new version, and make sure a new installation has one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from casework.db import audit, people, rulebooks
from casework.domain.people import Role
from casework.domain.rulebook import Rulebook
from casework.services import digests
from casework.services.context import Context, today
from casework.services.sittings import extend


async def apply(
    context: Context, book: Rulebook, *, applied_by: str, why: str, effective_at: datetime | None = None
) -> int:
    """Write `book` as a new version, in effect from `effective_at` (aware; now when None); returns its number.

    Sittings and NTKs made before keep the version they were made under.
    """
    async with context.database.writing() as work:
        version = await rulebooks.add(
            work,
            effective_at=effective_at or work.now,
            applied_by=applied_by,
            why=why,
            content=book.model_dump_json(),
        )
        await audit.append(
            work,
            audit.Entry(
                actor_id=None,
                action="rulebook.applied",
                subject_kind="rulebook",
                subject_id=str(version),
                facts={"version": version},
            ),
        )
    return version


async def ensure(context: Context, book: Rulebook) -> bool:
    """Apply `book` where the database has no rulebook yet, and see to a year of sittings; True when it was applied."""
    async with context.database.reading() as work:
        is_new = await rulebooks.current_version(work) is None
    if is_new:
        try:
            await apply(context, book, applied_by="Usher", why="First start: the rulebook given at installation.")
        except IntegrityError:  # another replica started at the same moment and was first
            is_new = False
    await extend(context)
    await digests.ensure(context)
    return is_new


async def differs(context: Context, book: Rulebook) -> bool:
    """Whether `book` (as a file says) is another than the one in effect: a start says so, and changes nothing."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
    return rules.book != book


async def unchaired(context: Context) -> tuple[str, ...]:
    """Codes of panels that nobody chairs today: their agendas would go to the coordinators."""
    async with context.database.reading() as work:
        rules = await context.rules(work)
        chairs = await people.holding(work, [Role.CH], today=today(work))
        return tuple(
            panel.code
            for panel in rules.book.panels
            if not panel.incorporated_in and not any(chair.chairs(panel.code) for chair in chairs)
        )
