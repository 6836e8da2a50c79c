"""NTKs and the people each was addressed to: the narrative sealed, acknowledgements per person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
    update,
)

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work
from casework.domain.access import NtkFacts
from casework.domain.ntk import Narrative
from casework.domain.ntk_routing import Recipient

ntks = Table(
    "ntks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("reference", String(20), nullable=False, unique=True),
    Column("nonce", String(32), nullable=False, unique=True),
    Column("case_ref", String(32), ForeignKey("cases.id"), nullable=False),
    Column("raiser_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("category", String(20), nullable=False),
    Column("level", Integer, nullable=False),
    Column("is_restricted", Boolean, nullable=False),
    Column("team", String(120), nullable=False),
    Column("service", String(120), nullable=False),
    Column("gaps", String(60), nullable=False),
    Column("aware_at", UTCDateTime, nullable=False),
    Column("raised_at", UTCDateTime, nullable=False),
    Column("rulebook_version", Integer, nullable=False),
    Column("narrative", Sealed, nullable=False),
    Index("ix_ntks_case_ref", "case_ref"),
    Index("ix_ntks_raiser_id", "raiser_id", "raised_at"),
)

ntk_recipients = Table(
    "ntk_recipients",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ntk_id", String(32), ForeignKey("ntks.id"), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("tier", String(8), nullable=False),
    Column("position", Integer, nullable=False),
    Column("acknowledged_at", UTCDateTime),
    UniqueConstraint("ntk_id", "person_id"),
    Index("ix_ntk_recipients_person_id", "person_id", "acknowledged_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ntk:
    """One NTK without its narrative, which is opened only for a reader whose right was checked."""

    id: str
    reference: str
    case_ref: str
    raiser_id: str
    category: str
    level: int
    is_restricted: bool
    team: str
    service: str
    gaps: tuple[str, ...]
    aware_at: datetime
    raised_at: datetime
    rulebook_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One person an NTK was addressed to."""

    person_id: str
    tier: str
    acknowledged_at: datetime | None


async def create(work: Work, ntk: Ntk, *, nonce: str, narrative: Narrative, told: tuple[Recipient, ...]) -> None:
    """Write an NTK and its recipients; raises sqlalchemy IntegrityError when this nonce was used before."""
    await work.connection.execute(
        insert(ntks).values(
            id=ntk.id,
            reference=ntk.reference,
            nonce=nonce,
            case_ref=ntk.case_ref,
            raiser_id=ntk.raiser_id,
            category=ntk.category,
            level=ntk.level,
            is_restricted=ntk.is_restricted,
            team=ntk.team,
            service=ntk.service,
            gaps=",".join(ntk.gaps),
            aware_at=ntk.aware_at,
            raised_at=ntk.raised_at,
            rulebook_version=ntk.rulebook_version,
            narrative=work.keyring.seal_json(
                {
                    "initials": narrative.initials,
                    "case_id": narrative.case_id,
                    "what_happened": narrative.what_happened,
                    "actions_taken": narrative.actions_taken,
                    "who_told": narrative.who_told,
                },
                record=f"ntks.narrative:{ntk.id}",
            ),
        )
    )
    if told:
        await work.connection.execute(
            insert(ntk_recipients),
            [
                {
                    "id": new_id(),
                    "ntk_id": ntk.id,
                    "person_id": recipient.person_id,
                    "tier": recipient.tier,
                    "position": position,
                    "acknowledged_at": None,
                }
                for position, recipient in enumerate(told)
            ],
        )


async def get(work: Work, ntk_id: str) -> Ntk | None:
    row = (await work.connection.execute(select(ntks).where(ntks.c.id == ntk_id))).mappings().one_or_none()
    return _ntk(row) if row else None


async def by_nonce(work: Work, nonce: str) -> Ntk | None:
    """The NTK that was raised from the draft with this id: the second click on "Send" finds the first's."""
    row = (await work.connection.execute(select(ntks).where(ntks.c.nonce == nonce))).mappings().one_or_none()
    return _ntk(row) if row else None


async def narrative(work: Work, ntk_id: str) -> Narrative:
    """Open the sealed text. The caller has checked the reader's right and writes the audit row of this read."""
    blob = (await work.connection.execute(select(ntks.c.narrative).where(ntks.c.id == ntk_id))).scalar_one()
    values = work.keyring.open_json(blob, record=f"ntks.narrative:{ntk_id}")
    assert isinstance(values, dict)
    return Narrative(**values)


async def told(work: Work, ntk_id: str) -> tuple[Told, ...]:
    """Whom the NTK was addressed to, lowest tier first."""
    rows = (
        await work.connection.execute(
            select(ntk_recipients).where(ntk_recipients.c.ntk_id == ntk_id).order_by(ntk_recipients.c.position)
        )
    ).mappings()
    return tuple(
        Told(person_id=row["person_id"], tier=row["tier"], acknowledged_at=row["acknowledged_at"]) for row in rows
    )


async def acknowledge(work: Work, *, ntk_id: str, person_id: str) -> bool:
    """Mark one person's acknowledgement now; False when it stood already (the first time is kept)."""
    done = await work.connection.execute(
        update(ntk_recipients)
        .where(
            ntk_recipients.c.ntk_id == ntk_id,
            ntk_recipients.c.person_id == person_id,
            ntk_recipients.c.acknowledged_at.is_(None),
        )
        .values(acknowledged_at=work.now)
    )
    return bool(done.rowcount)


async def raised_by(work: Work, person_id: str, *, limit: int) -> tuple[Ntk, ...]:
    rows = (
        await work.connection.execute(
            select(ntks).where(ntks.c.raiser_id == person_id).order_by(ntks.c.raised_at.desc()).limit(limit)
        )
    ).mappings()
    return tuple(_ntk(row) for row in rows)


async def awaiting(work: Work, person_id: str, *, limit: int) -> tuple[Ntk, ...]:
    """NTKs addressed to a person and not acknowledged by them, most serious and oldest first."""
    rows = (
        await work.connection.execute(
            select(ntks)
            .join(ntk_recipients, ntk_recipients.c.ntk_id == ntks.c.id)
            .where(ntk_recipients.c.person_id == person_id, ntk_recipients.c.acknowledged_at.is_(None))
            .order_by(ntks.c.level, ntks.c.raised_at)
            .limit(limit)
        )
    ).mappings()
    return tuple(_ntk(row) for row in rows)


async def case_labels(work: Work, ntk: Ntk) -> tuple[str, str]:
    """The (initials, case id) an NTK was raised with."""
    text = await narrative(work, ntk.id)
    return text.initials, text.case_id


def facts(ntk: Ntk, recipients: tuple[Told, ...]) -> NtkFacts:
    """What rights over this NTK turn on."""
    return NtkFacts(
        raiser_id=ntk.raiser_id,
        team=ntk.team,
        service=ntk.service,
        is_restricted=ntk.is_restricted,
        recipient_ids=frozenset(recipient.person_id for recipient in recipients),
    )


def _ntk(row: RowMapping) -> Ntk:
    return Ntk(
        id=row["id"],
        reference=row["reference"],
        case_ref=row["case_ref"],
        raiser_id=row["raiser_id"],
        category=row["category"],
        level=row["level"],
        is_restricted=row["is_restricted"],
        team=row["team"],
        service=row["service"],
        gaps=tuple(gap for gap in row["gaps"].split(",") if gap),
        aware_at=row["aware_at"],
        raised_at=row["raised_at"],
        rulebook_version=row["rulebook_version"],
    )
