"""The chain frozen on each NTK: who is told of it or may be later, why, since when, and who has acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, func, insert, select, update

from casework.db import covers
from casework.db.base import UTCDateTime, metadata, new_id
from casework.db.ntk import Ntk
from casework.db.uow import Work
from casework.domain import london
from casework.domain.access import NtkFacts
from casework.domain.ntk_routing import ALSO, Recipient

ntk_recipients = Table(
    "ntk_recipients",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ntk_id", String(32), ForeignKey("ntks.id"), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("tier", String(8), nullable=False),
    Column("position", Integer, nullable=False),
    Column("because", String(12), nullable=False),
    Column("via", String(32)),
    Column("told_at", UTCDateTime),
    Column("acknowledged_at", UTCDateTime),
    Column("ended_at", UTCDateTime),
    Column("ended_because", String(20)),
    UniqueConstraint("ntk_id", "person_id"),
    Index("ix_ntk_recipients_person_id", "person_id", "acknowledged_at"),
)

ntk_exclusions = Table(
    "ntk_exclusions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ntk_id", String(32), ForeignKey("ntks.id"), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("because", String(20), nullable=False),
    Column("by_id", String(32), ForeignKey("people.id")),
    Column("at", UTCDateTime, nullable=False),
    UniqueConstraint("ntk_id", "person_id"),
    Index("ix_ntk_exclusions_person_id", "person_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One person of an NTK's chain. `told_at` None: only the steps or a decision bring it to them.

    `ended_at`: they were taken off (excluded, told by mistake) and have no right to it any more.
    """

    person_id: str
    tier: str
    because: str
    via: str | None
    told_at: datetime | None
    acknowledged_at: datetime | None
    ended_at: datetime | None

    @property
    def is_told(self) -> bool:
        return self.told_at is not None and self.ended_at is None

    @property
    def is_asked(self) -> bool:
        """Whether an acknowledgement is waited for: from the line and its stand-ins, not from those told besides."""
        return self.is_told and self.tier != ALSO


async def add(work: Work, ntk_id: str, chain: Sequence[Recipient], *, is_told: bool) -> None:
    """Write people of the chain, behind those that stand there; raises IntegrityError for one who does already."""
    if not chain:
        return
    last = await work.connection.scalar(
        select(func.max(ntk_recipients.c.position)).where(ntk_recipients.c.ntk_id == ntk_id)
    )
    start = 0 if last is None else int(last) + 1
    await work.connection.execute(
        insert(ntk_recipients),
        [
            {
                "id": new_id(),
                "ntk_id": ntk_id,
                "person_id": recipient.person_id,
                "tier": recipient.tier,
                "position": start + place,
                "because": recipient.because,
                "via": recipient.via,
                "told_at": work.now if is_told else None,
            }
            for place, recipient in enumerate(chain)
        ],
    )


async def of_ntk(work: Work, ntk_id: str) -> tuple[Told, ...]:
    """The whole chain, in its order: told, not told yet, and taken off."""
    known: dict[str, tuple[Told, ...]] = work.read_from(ntk_recipients)
    if ntk_id not in known:
        statement = select(ntk_recipients).where(ntk_recipients.c.ntk_id == ntk_id).order_by(ntk_recipients.c.position)
        rows = (await work.connection.execute(statement)).mappings()
        known[ntk_id] = tuple(Told(**{column: row[column] for column in Told.__slots__}) for row in rows)
    return known[ntk_id]


async def told(work: Work, ntk_id: str) -> tuple[Told, ...]:
    """Those who were told and still are."""
    return tuple(row for row in await of_ntk(work, ntk_id) if row.is_told)


async def tell(work: Work, *, ntk_id: str, person_id: str, because: str, tier: str | None = None) -> bool:
    """Mark a person of the chain as told now; False when they were told already or were taken off."""
    values: dict[str, object] = {"told_at": work.now, "because": because}
    if tier is not None:
        values["tier"] = tier
    done = await work.connection.execute(
        update(ntk_recipients)
        .where(
            ntk_recipients.c.ntk_id == ntk_id,
            ntk_recipients.c.person_id == person_id,
            ntk_recipients.c.told_at.is_(None),
            ntk_recipients.c.ended_at.is_(None),
        )
        .values(**values)
    )
    return bool(done.rowcount)


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


async def ask_again(work: Work, ntk_id: str, *, but: str = "", only: str = "") -> None:
    """Take the acknowledgements back, everybody's but one person's or only one's: they are asked again."""
    whom = ntk_recipients.c.person_id == only if only else ntk_recipients.c.person_id != but
    await work.connection.execute(
        update(ntk_recipients)
        .where(ntk_recipients.c.ntk_id == ntk_id, whom, ntk_recipients.c.tier != ALSO)
        .values(acknowledged_at=None)
    )


async def end(work: Work, *, ntk_id: str, person_id: str, because: str) -> bool:
    """Take somebody off; False when they aren't of the chain or were taken off before."""
    done = await work.connection.execute(
        update(ntk_recipients)
        .where(
            ntk_recipients.c.ntk_id == ntk_id,
            ntk_recipients.c.person_id == person_id,
            ntk_recipients.c.ended_at.is_(None),
        )
        .values(ended_at=work.now, ended_because=because)
    )
    return bool(done.rowcount)


async def exclude(work: Work, *, ntk_id: str, person_ids: Sequence[str], because: str, by_id: str | None) -> None:
    """Keep people from an NTK for good; those kept from it already stay as they are."""
    known = await excluded(work, ntk_id)
    new = [person_id for person_id in person_ids if person_id not in known]
    if new:
        await work.connection.execute(
            insert(ntk_exclusions),
            [
                {
                    "id": new_id(),
                    "ntk_id": ntk_id,
                    "person_id": person_id,
                    "because": because,
                    "by_id": by_id,
                    "at": work.now,
                }
                for person_id in new
            ],
        )


async def excluded(work: Work, ntk_id: str) -> frozenset[str]:
    known: dict[str, frozenset[str]] = work.read_from(ntk_exclusions)
    if ntk_id not in known:
        statement = select(ntk_exclusions.c.person_id).where(ntk_exclusions.c.ntk_id == ntk_id)
        known[ntk_id] = frozenset((await work.connection.execute(statement)).scalars())
    return known[ntk_id]


async def facts(work: Work, ntk: Ntk) -> NtkFacts:
    """What rights over this NTK turn on, as it stands in this transaction."""
    rows = await told(work, ntk.id)
    lapsed = await _lapsed_covers(work, rows)
    return NtkFacts(
        raiser_id=ntk.raiser_id,
        owner_id=ntk.owner_id,
        on_behalf_id=ntk.on_behalf_id,
        team=ntk.team,
        service=ntk.service,
        is_restricted=ntk.is_restricted,
        recipient_ids=frozenset(row.person_id for row in rows if row.person_id not in lapsed),
        excluded_ids=await excluded(work, ntk.id),
    )


async def _lapsed_covers(work: Work, rows: Sequence[Told]) -> frozenset[str]:
    """Those told only because they covered for somebody, whose cover is over: their right ended with it."""
    covering = [row for row in rows if row.because == "cover"]
    if not covering:
        return frozenset()
    live = {(one.person_id, one.cover_id) for one in await covers.live(work, on=london.local_date(work.now))}
    return frozenset(row.person_id for row in covering if (row.via, row.person_id) not in live)
