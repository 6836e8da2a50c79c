"""Addresses: where each person's one-to-one chat is, sealed, open until Teams says the chat is gone."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, insert, select, update

from casework import ports
from casework.db.base import Sealed, UTCDateTime, metadata
from casework.db.uow import Work

addresses = Table(
    "addresses",
    metadata,
    Column("person_id", String(32), ForeignKey("people.id"), primary_key=True),
    Column("reference", Sealed, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("closed_at", UTCDateTime),
    Column("closed_because", String(40)),
    Column("seen_at", UTCDateTime, nullable=False),
)

PURPOSE = "address"


def fingerprint(work: Work, address: ports.Address) -> str:
    """A keyed hash of an address: tells whether it changed without opening the sealed one."""
    parts = (address.tenant_id, address.entra_object_id, address.conversation_id, address.service_url)
    return work.keyring.fingerprint("\n".join((*parts, address.bot_id, address.member_id)), purpose=PURPOSE)


async def is_current(work: Work, person_id: str, address: ports.Address) -> bool:
    """Whether this very address stands open for the person: the common case, which needs no write."""
    row = (
        await work.connection.execute(
            select(addresses.c.fingerprint, addresses.c.closed_at).where(addresses.c.person_id == person_id)
        )
    ).one_or_none()
    return row is not None and row.closed_at is None and row.fingerprint == fingerprint(work, address)


async def open_(work: Work, person_id: str, address: ports.Address) -> bool:
    """Keep the newest address and open it; True when there was none or it had been closed."""
    was = (
        await work.connection.execute(select(addresses.c.closed_at).where(addresses.c.person_id == person_id))
    ).one_or_none()
    values = {
        "reference": work.keyring.seal_json(
            {
                "tenant_id": address.tenant_id,
                "entra_object_id": address.entra_object_id,
                "conversation_id": address.conversation_id,
                "service_url": address.service_url,
                "bot_id": address.bot_id,
                "member_id": address.member_id,
                "channel_id": address.channel_id,
            },
            record=f"addresses.reference:{person_id}",
        ),
        "fingerprint": fingerprint(work, address),
        "closed_at": None,
        "closed_because": None,
        "seen_at": work.now,
    }
    if was is None:
        await work.connection.execute(insert(addresses).values(person_id=person_id, **values))
        return True
    await work.connection.execute(update(addresses).where(addresses.c.person_id == person_id).values(**values))
    return was.closed_at is not None


async def close(work: Work, person_id: str, because: str) -> None:
    """Nobody tries this chat again until the person writes or installs Usher anew (Teams 403 and 404)."""
    await work.connection.execute(
        update(addresses)
        .where(addresses.c.person_id == person_id, addresses.c.closed_at.is_(None))
        .values(closed_at=work.now, closed_because=because)
    )


async def get(work: Work, person_id: str) -> ports.Address | None:
    """The person's open address, or None."""
    row = (
        await work.connection.execute(
            select(addresses.c.reference).where(addresses.c.person_id == person_id, addresses.c.closed_at.is_(None))
        )
    ).one_or_none()
    if row is None:
        return None
    parts = work.keyring.open_json(row.reference, record=f"addresses.reference:{person_id}")
    assert isinstance(parts, dict)
    return ports.Address(**parts)


async def closed(work: Work) -> list[tuple[str, str]]:
    """(person id, why) of every closed address."""
    rows = await work.connection.execute(
        select(addresses.c.person_id, addresses.c.closed_because)
        .where(addresses.c.closed_at.is_not(None))
        .order_by(addresses.c.closed_at)
    )
    return [(row.person_id, row.closed_because) for row in rows]
