"""Bringing the families that are open at go-live onto the trackers, from a file: all of it or nothing."""

from __future__ import annotations

from casework.db import audit, cases, people, trackers
from casework.db.uow import Work
from casework.domain import tracker_files
from casework.domain.directory_files import BadFile, BadRow
from casework.domain.people import Person
from casework.domain.tracker_files import FamilyRow
from casework.services.context import Context, today


async def import_families(context: Context, text: str, *, tenant_id: str) -> int:
    """Track every family of the file; one tracked already gets the file's dates, its children stay.

    Returns the number of families. Raises BadFile (nothing taken) with every bad row, unknown workers among them.
    """
    async with context.database.writing() as work:
        rules = await context.rules(work)
        rows = tracker_files.read_families(text, case_id_pattern=rules.book.council.case_id_pattern, today=today(work))
        bad: list[BadRow] = []
        workers: dict[int, Person] = {}
        for row in rows:
            if row.worker:
                worker = await people.by_entra(work, tenant_id=tenant_id, entra_object_id=row.worker, today=today(work))
                if worker is None:
                    bad.append(BadRow(row.line, "worker is nobody Usher knows: import people first"))
                else:
                    workers[row.line] = worker
        if bad:
            raise BadFile(bad)
        for row in rows:
            await _save(work, row, workers.get(row.line))
        return len(rows)


async def _save(work: Work, row: FamilyRow, worker: Person | None) -> None:
    team, service = worker.home() if worker else ("", "")
    family = []
    for case_id, initials in row.children:
        case = await cases.find_or_create(work, case_id=case_id, initials=initials, team=team, service=service)
        family.append((case.id, initials))
    lead = await cases.get(work, family[0][0])
    values: dict[str, object] = {name: getattr(row, name) for name in (*trackers.DATES, "opened_on")}
    values |= {
        "extended_weeks": row.extended_weeks,
        "has_permanence_plan": row.has_permanence_plan,
        "worker_id": worker.id if worker else lead.allocated_person_id,
    }
    known = await trackers.open_of_case(work, row.stage.value, family[0][0])
    if known is None:
        tracker_id = await trackers.add(work, children=family, stage=row.stage.value, from_item_id=None, **values)
    else:
        tracker_id = known.id
        await trackers.change(work, tracker_id, **values)
    await audit.append(
        work,
        audit.Entry(
            actor_id=None,
            action="tracker.imported",
            subject_kind="tracker",
            subject_id=tracker_id,
            facts={"stage": row.stage.value, "children": len(family), "known": known is not None},
        ),
    )
