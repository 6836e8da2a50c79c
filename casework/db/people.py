"""People and the roles granted to them: names and phones sealed, found by Entra object id or by role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    delete,
    insert,
    or_,
    select,
    update,
)

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.covers import LEAVE, covers
from casework.db.uow import Work
from casework.domain.access import LINE
from casework.domain.people import Grant, Person, Role

people = Table(
    "people",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("tenant_id", String(64), nullable=False),
    Column("entra_object_id", String(64), nullable=False),
    Column("name", Sealed, nullable=False),
    Column("work_phone", Sealed, nullable=False),
    Column("work_email", Sealed),
    Column("updated_at", UTCDateTime, nullable=False),
    UniqueConstraint("tenant_id", "entra_object_id"),
)

grants = Table(
    "grants",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("role", String(8), nullable=False),
    Column("team", String(120)),
    Column("service", String(120)),
    Column("panel", String(16)),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Index("ix_grants_person_id", "person_id"),
    Index("ix_grants_role", "role"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Somebody is away today; `cover_id` None: nobody stands in."""

    person_id: str
    cover_id: str | None


async def save(
    work: Work,
    *,
    tenant_id: str,
    entra_object_id: str,
    name: str,
    work_phone: str,
    held: Sequence[Grant],
    work_email: str = "",
) -> str:
    """Write one person with exactly the grants given (earlier grants are replaced); returns the person's id."""
    found = await work.connection.execute(
        select(people.c.id).where(people.c.tenant_id == tenant_id, people.c.entra_object_id == entra_object_id)
    )
    known = found.scalar_one_or_none()
    person_id = str(known or new_id())
    values = {
        "name": work.keyring.seal(name, record=f"people.name:{person_id}"),
        "work_phone": work.keyring.seal(work_phone, record=f"people.work_phone:{person_id}"),
        "work_email": work.keyring.seal(work_email, record=f"people.work_email:{person_id}"),
        "updated_at": work.now,
    }
    if known is None:
        new = {"id": person_id, "tenant_id": tenant_id, "entra_object_id": entra_object_id, **values}
        await work.connection.execute(insert(people).values(new))
    else:
        await work.connection.execute(update(people).where(people.c.id == person_id).values(values))
        await work.connection.execute(delete(grants).where(grants.c.person_id == person_id))
    if held:
        await work.connection.execute(
            insert(grants),
            [
                {
                    "id": new_id(),
                    "person_id": person_id,
                    "role": grant.role.value,
                    "team": grant.team,
                    "service": grant.service,
                    "panel": grant.panel,
                    "starts_on": grant.starts_on,
                    "ends_on": grant.ends_on,
                }
                for grant in held
            ],
        )
    return person_id


async def by_entra(work: Work, *, tenant_id: str, entra_object_id: str, today: date) -> Person | None:
    """The person behind a verified activity, with the grants that hold `today`; None for strangers."""
    row = (
        (
            await work.connection.execute(
                select(people).where(people.c.tenant_id == tenant_id, people.c.entra_object_id == entra_object_id)
            )
        )
        .mappings()
        .one_or_none()
    )
    return (await _with_grants(work, [row], today))[0] if row else None


async def by_ids(work: Work, ids: Iterable[str], *, today: date) -> dict[str, Person]:
    """People by id; ids nobody has are left out."""
    wanted = sorted(set(ids))
    known: dict[tuple[date, str], Person | None] = work.read_from(people, grants, covers)
    missing = [id for id in wanted if (today, id) not in known]
    if missing:
        rows = (await work.connection.execute(select(people).where(people.c.id.in_(missing)))).mappings().all()
        found = {person.id: person for person in await _with_grants(work, rows, today)}
        known.update({(today, id): found.get(id) for id in missing})
    return {id: person for id in wanted if (person := known[today, id]) is not None}


async def holding(work: Work, roles: Iterable[Role], *, today: date) -> tuple[Person, ...]:
    """Everyone who holds any of `roles` today, in a steady order."""
    wanted = frozenset(roles)
    ids = set(
        (
            await work.connection.execute(
                select(grants.c.person_id).where(grants.c.role.in_([role.value for role in wanted])).distinct()
            )
        ).scalars()
    )
    stand_ins = {leave.cover_id for leave in await _leaves(work, sorted(ids), today) if leave.cover_id}
    found = await by_ids(work, ids | stand_ins, today=today)
    return tuple(person for _, person in sorted(found.items()) if not person.roles.isdisjoint(wanted))


async def exist_any(work: Work) -> bool:
    return (await work.connection.execute(select(people.c.id).limit(1))).first() is not None


async def everyone(work: Work, *, today: date) -> tuple[Person, ...]:
    """Everybody who holds any role today, in a steady order."""
    rows = (await work.connection.execute(select(people).order_by(people.c.id))).mappings().all()
    return tuple(person for person in await _with_grants(work, rows, today) if person.grants)


async def _with_grants(work: Work, rows: Sequence[RowMapping], today: date) -> list[Person]:
    ids = [row["id"] for row in rows]
    leaves = await _leaves(work, ids, today)
    covered = {leave.person_id for leave in leaves if leave.cover_id in ids}
    held = await _grants(work, {*ids, *covered}, today)
    lent: dict[str, list[Grant]] = defaultdict(list)
    for leave in leaves:
        if leave.cover_id is not None and leave.cover_id in ids:
            lent[leave.cover_id] += [replace(g, via=leave.person_id) for g in held[leave.person_id] if g.role in LINE]
    away = {leave.person_id for leave in leaves}
    return [
        Person(
            id=row["id"],
            tenant_id=row["tenant_id"],
            entra_object_id=row["entra_object_id"],
            name=work.keyring.open(row["name"], record=f"people.name:{row['id']}"),
            work_phone=work.keyring.open(row["work_phone"], record=f"people.work_phone:{row['id']}"),
            work_email=_email(work, row),
            # somebody who left gets nothing lent either: cover ends with one's own last role
            grants=(*held[row["id"]], *lent[row["id"]]) if held[row["id"]] else (),
            is_away=row["id"] in away,
        )
        for row in rows
    ]


async def _leaves(work: Work, ids: Sequence[str], today: date) -> list[Leave]:
    """Leave in force today of, or covered by, these people."""
    found = (
        await work.connection.execute(
            select(covers.c.person_id, covers.c.cover_id).where(
                covers.c.kind == LEAVE,
                covers.c.ended_at.is_(None),
                covers.c.starts_on <= today,
                covers.c.ends_on >= today,
                or_(covers.c.person_id.in_(ids), covers.c.cover_id.in_(ids)),
            )
        )
    ).mappings()
    return [Leave(person_id=row["person_id"], cover_id=row["cover_id"]) for row in found]


async def _grants(work: Work, ids: Iterable[str], today: date) -> dict[str, list[Grant]]:
    held: dict[str, list[Grant]] = defaultdict(list)
    for row in (
        await work.connection.execute(select(grants).where(grants.c.person_id.in_(sorted(ids))).order_by(grants.c.id))
    ).mappings():
        grant = Grant(
            role=Role(row["role"]),
            team=row["team"],
            service=row["service"],
            panel=row["panel"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
        )
        if grant.is_live(today):
            held[row["person_id"]].append(grant)
    return held


def _email(work: Work, row: RowMapping) -> str:
    return work.keyring.open(row["work_email"], record=f"people.work_email:{row['id']}") if row["work_email"] else ""
