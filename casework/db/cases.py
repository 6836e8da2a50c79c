"""Cases: born when first typed, found by a keyed hash so that no case id stands in the clear."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, RowMapping, String, Table, insert, select, update

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work
from casework.domain.cases import CaseRef

cases = Table(
    "cases",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_id_hash", String(64), nullable=False, unique=True),
    Column("case_id", Sealed, nullable=False),
    Column("initials", Sealed, nullable=False),
    Column("team", String(120), nullable=False),
    Column("service", String(120), nullable=False),
    Column("allocated_person_id", String(32), ForeignKey("people.id")),
    Column("created_at", UTCDateTime, nullable=False),
)

PURPOSE = "case_id"


async def find(work: Work, case_id: str) -> CaseRef | None:
    """The case with this tidied case id, or None."""
    row = (
        (
            await work.connection.execute(
                select(cases).where(cases.c.case_id_hash == work.keyring.fingerprint(case_id, purpose=PURPOSE))
            )
        )
        .mappings()
        .one_or_none()
    )
    return _opened(work, row) if row else None


async def get(work: Work, id: str) -> CaseRef:
    """The case with this id of ours; raises sqlalchemy NoResultFound when there is none."""
    row = (await work.connection.execute(select(cases).where(cases.c.id == id))).mappings().one()
    return _opened(work, row)


async def find_or_create(work: Work, *, case_id: str, initials: str, team: str, service: str) -> CaseRef:
    """The case with this tidied case id, made now with the raiser's team where nobody typed it before."""
    found = await find(work, case_id)
    if found is not None:
        return found
    return await create(work, case_id=case_id, initials=initials, team=team, service=service, allocated_person_id=None)


async def create(
    work: Work, *, case_id: str, initials: str, team: str, service: str, allocated_person_id: str | None
) -> CaseRef:
    """Write a new case; raises sqlalchemy IntegrityError when the case id is known already."""
    id = new_id()
    await work.connection.execute(
        insert(cases).values(
            id=id,
            case_id_hash=work.keyring.fingerprint(case_id, purpose=PURPOSE),
            case_id=work.keyring.seal(case_id, record=f"cases.case_id:{id}"),
            initials=work.keyring.seal(initials, record=f"cases.initials:{id}"),
            team=team,
            service=service,
            allocated_person_id=allocated_person_id,
            created_at=work.now,
        )
    )
    return CaseRef(
        id=id,
        case_id=case_id,
        initials=initials,
        team=team,
        service=service,
        allocated_person_id=allocated_person_id,
    )


async def allocate(
    work: Work, *, id: str, initials: str, team: str, service: str, allocated_person_id: str | None
) -> None:
    """Overwrite what the case system says of a case: initials, team, service and allocated worker."""
    await work.connection.execute(
        update(cases)
        .where(cases.c.id == id)
        .values(
            initials=work.keyring.seal(initials, record=f"cases.initials:{id}"),
            team=team,
            service=service,
            allocated_person_id=allocated_person_id,
        )
    )


def _opened(work: Work, row: RowMapping) -> CaseRef:
    return CaseRef(
        id=row["id"],
        case_id=work.keyring.open(row["case_id"], record=f"cases.case_id:{row['id']}"),
        initials=work.keyring.open(row["initials"], record=f"cases.initials:{row['id']}"),
        team=row["team"],
        service=row["service"],
        allocated_person_id=row["allocated_person_id"],
    )


async def lock(work: Work, id: str) -> None:
    """Hold the case's row until the end of the transaction, so that two bookings of one case are judged in turn."""
    await work.connection.execute(select(cases.c.id).where(cases.c.id == id).with_for_update())
