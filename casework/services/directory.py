"""Bringing in people and cases from files: all of a file or nothing of it."""

from __future__ import annotations

from rapidfuzz import fuzz

from casework.db import audit, cases, people
from casework.db.uow import Work
from casework.domain.directory_files import BadFile, BadRow, CaseRow, read_cases, read_people
from casework.domain.errors import Code
from casework.domain.people import Person
from casework.services.context import Context, today

NEAR = 88


async def import_people(context: Context, text: str, *, tenant_id: str) -> int:
    """Bring in the people file; each person in it holds exactly the roles it lists from now on.

    Returns the number of people. Raises BadFile (nothing taken) with every bad row.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        rows = read_people(text, panels=[panel.code for panel in rules.book.panels if not panel.incorporated_in])
        for row in rows:
            person_id = await people.save(
                work,
                tenant_id=tenant_id,
                entra_object_id=row.entra_object_id,
                name=row.name,
                work_phone=row.work_phone,
                work_email=row.work_email,
                held=row.grants,
            )
            await audit.append(
                work,
                audit.Entry(
                    actor_id=None,
                    action="person.imported",
                    subject_kind="person",
                    subject_id=person_id,
                    facts={"roles": ",".join(sorted(grant.role.value for grant in row.grants))},
                ),
            )
        return len(rows)


async def import_cases(context: Context, text: str, *, tenant_id: str) -> int:
    """Bring in the cases file: new cases are made, known ones get the file's team and allocated worker.

    Returns the number of cases. Raises BadFile (nothing taken) with every bad row, unknown workers among them.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        rows = read_cases(text, case_id_pattern=rules.book.council.case_id_pattern)
        bad: list[BadRow] = []
        for row in rows:
            worker = None
            if row.allocated_to:
                worker = await people.by_entra(
                    work, tenant_id=tenant_id, entra_object_id=row.allocated_to, today=today(work)
                )
                if worker is None:
                    bad.append(BadRow(row.line, "allocated_to is nobody Usher knows: import people first"))
                    continue
            await _save_case(work, row, worker.id if worker else None)
        if bad:
            raise BadFile(bad)
        return len(rows)


async def person_named(work: Work, name: str) -> Person | Code:
    """Whom a typed name means among everybody who holds a role today; case, spaces and small slips don't matter.

    PERSON_UNKNOWN where nobody is near, PERSON_UNCLEAR where several are.
    """
    everyone = await people.everyone(work, today=today(work))
    wanted = _plain(name)
    exact = [person for person in everyone if _plain(person.name) == wanted]
    near = exact or [person for person in everyone if fuzz.ratio(_plain(person.name), wanted) >= NEAR]
    if len(near) > 1:
        return Code.PERSON_UNCLEAR
    return near[0] if near else Code.PERSON_UNKNOWN


async def staff(context: Context) -> frozenset[str]:
    """As `staff_words`, for who has no unit of work open."""
    async with context.database.reading() as work:
        return await staff_words(work)


async def staff_words(work: Work) -> frozenset[str]:
    """Names of everybody who works here, in small letters, and their first names: colleagues are spoken of by those."""
    names = [member.name.casefold() for member in await people.everyone(work, today=today(work))]
    return frozenset(part for name in names for part in (name, name.partition(" ")[0]))


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").split())


async def _save_case(work: Work, row: CaseRow, allocated_person_id: str | None) -> None:
    known = await cases.find(work, row.case_id)
    if known is None:
        known = await cases.create(
            work,
            case_id=row.case_id,
            initials=row.initials,
            team=row.team,
            service=row.service,
            allocated_person_id=allocated_person_id,
        )
    else:
        await cases.allocate(
            work,
            id=known.id,
            initials=row.initials,
            team=row.team,
            service=row.service,
            allocated_person_id=allocated_person_id,
        )
    await audit.append(
        work,
        audit.Entry(actor_id=None, action="case.imported", subject_kind="case", subject_id=known.id, facts={}),
    )
