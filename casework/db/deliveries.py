"""The outbox: one row for each card to send, holding its kind and ids, never its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    and_,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from casework.db.base import UTCDateTime, metadata, new_id
from casework.db.uow import Work
from casework.domain.deliveries import Kind, State

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("dedupe_key", String(200), nullable=False, unique=True),
    Column("kind", String(30), nullable=False),
    Column("subject_id", String(32), nullable=False),
    Column("person_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("lease_until", UTCDateTime),
    Column("attempt_started_at", UTCDateTime),
    Column("unknown_at", UTCDateTime),
    Column("ended_at", UTCDateTime),
    Column("activity_id", String(255)),
    Column("updates_id", String(32), ForeignKey("deliveries.id")),
    Column("outcome", String(60)),
    Index("ix_deliveries_due", "state", "due_at"),
    Index("ix_deliveries_order", "state", "priority", "due_at", "id"),
    Index("ix_deliveries_person_id", "person_id", "state"),
    Index("ix_deliveries_subject_id", "subject_id", "kind"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the outbox. `fence` rises with each lease: a late mark by an earlier holder is refused by it."""

    id: str
    dedupe_key: str
    kind: Kind
    subject_id: str
    person_id: str
    due_at: datetime
    created_at: datetime
    state: State
    attempts: int
    fence: int
    attempt_started_at: datetime | None
    unknown_at: datetime | None
    ended_at: datetime | None
    activity_id: str | None
    updates_id: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A delivery to write. `updates_id` is the delivery whose card it renews.

    One that `may_exist` is written by whoever comes first of several that see the same need at once.
    """

    dedupe_key: str
    kind: Kind
    subject_id: str
    person_id: str
    priority: int
    due_at: datetime
    updates_id: str | None = None
    may_exist: bool = False


async def add(work: Work, wanted: Sequence[Wanted]) -> None:
    """Write rows to send; raises sqlalchemy IntegrityError on a dedupe key used before, unless the row `may_exist`."""
    if new := [_row(work, one) for one in wanted if not one.may_exist]:
        await work.connection.execute(insert(deliveries), new)
    if repeated := [_row(work, one) for one in wanted if one.may_exist]:
        statement = sqlite.insert(deliveries) if work.dialect_name == "sqlite" else postgresql.insert(deliveries)
        await work.connection.execute(statement.on_conflict_do_nothing(index_elements=["dedupe_key"]), repeated)


def _row(work: Work, wanted: Wanted) -> dict[str, object]:
    return {
        "id": new_id(),
        "dedupe_key": wanted.dedupe_key,
        "kind": wanted.kind.value,
        "subject_id": wanted.subject_id,
        "person_id": wanted.person_id,
        "priority": wanted.priority,
        "due_at": wanted.due_at,
        "created_at": work.now,
        "state": State.WAITING.value,
        "attempts": 0,
        "fence": 0,
        "updates_id": wanted.updates_id,
    }


async def add_shown(
    work: Work, *, dedupe_key: str, kind: Kind, subject_id: str, person_id: str, activity_id: str
) -> None:
    """Write down a card that is already in the chat (the answer to a click), so that it can be renewed later."""
    await work.connection.execute(
        insert(deliveries).values(
            id=new_id(),
            dedupe_key=dedupe_key,
            kind=kind.value,
            subject_id=subject_id,
            person_id=person_id,
            priority=9,
            due_at=work.now,
            created_at=work.now,
            state=State.ACCEPTED.value,
            attempts=1,
            fence=0,
            ended_at=work.now,
            activity_id=activity_id,
            outcome="shown",
        )
    )


async def get(work: Work, delivery_id: str) -> Delivery | None:
    row = (
        (await work.connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)))
        .mappings()
        .one_or_none()
    )
    return opened(row) if row else None


async def of_subject(work: Work, subject_id: str, kinds: Sequence[Kind]) -> list[Delivery]:
    """Deliveries about one subject, oldest first."""
    rows = (
        await work.connection.execute(
            select(deliveries)
            .where(deliveries.c.subject_id == subject_id, deliveries.c.kind.in_([kind.value for kind in kinds]))
            .order_by(deliveries.c.created_at, deliveries.c.id)
        )
    ).mappings()
    return [opened(row) for row in rows]


async def shown_to(
    work: Work, subject_ids: Sequence[str], kinds: Sequence[Kind], person_ids: Sequence[str]
) -> list[Delivery]:
    """The cards about any of these subjects that stand in these people's chats, oldest first."""
    rows = (
        await work.connection.execute(
            select(deliveries)
            .where(
                deliveries.c.subject_id.in_(subject_ids),
                deliveries.c.kind.in_([kind.value for kind in kinds]),
                deliveries.c.person_id.in_(person_ids),
                deliveries.c.state == State.ACCEPTED.value,
                deliveries.c.activity_id.is_not(None),
                deliveries.c.updates_id.is_(None),
            )
            .order_by(deliveries.c.created_at, deliveries.c.id)
        )
    ).mappings()
    return [opened(row) for row in rows]


async def is_known(work: Work, dedupe_key: str) -> bool:
    """Whether a row with this key was ever written."""
    found = await work.connection.execute(select(deliveries.c.id).where(deliveries.c.dedupe_key == dedupe_key))
    return found.first() is not None


async def is_superseded(work: Work, delivery: Delivery) -> bool:
    """Whether a later row waits that brings the same person a fresher card of the same kind about the same thing."""
    later = await work.connection.execute(
        select(deliveries.c.id)
        .where(
            deliveries.c.person_id == delivery.person_id,
            deliveries.c.kind == delivery.kind.value,
            deliveries.c.subject_id == delivery.subject_id,
            deliveries.c.updates_id.is_not_distinct_from(delivery.updates_id),
            deliveries.c.state == State.WAITING.value,
            deliveries.c.due_at <= work.now,
            or_(
                deliveries.c.created_at > delivery.created_at,
                and_(deliveries.c.created_at == delivery.created_at, deliveries.c.id > delivery.id),
            ),
        )
        .limit(1)
    )
    return later.first() is not None


async def of_person(work: Work, person_id: str, *, kinds: Sequence[Kind], states: Sequence[State]) -> list[Delivery]:
    """One person's deliveries of some kinds in some states, oldest first."""
    rows = (
        await work.connection.execute(
            select(deliveries)
            .where(
                deliveries.c.person_id == person_id,
                deliveries.c.kind.in_([kind.value for kind in kinds]),
                deliveries.c.state.in_([state.value for state in states]),
            )
            .order_by(deliveries.c.created_at, deliveries.c.id)
        )
    ).mappings()
    return [opened(row) for row in rows]


async def in_state(work: Work, states: Sequence[State], *, limit: int) -> list[Delivery]:
    rows = (
        await work.connection.execute(
            select(deliveries)
            .where(deliveries.c.state.in_([state.value for state in states]))
            .order_by(deliveries.c.created_at, deliveries.c.id)
            .limit(limit)
        )
    ).mappings()
    return [opened(row) for row in rows]


async def ended_since(work: Work, states: Sequence[State], *, since: datetime) -> list[Delivery]:
    """Rows that came to one of these ends since a moment, the newest first."""
    rows = (
        await work.connection.execute(
            select(deliveries)
            .where(deliveries.c.state.in_([state.value for state in states]), deliveries.c.ended_at >= since)
            .order_by(deliveries.c.ended_at.desc(), deliveries.c.id)
        )
    ).mappings()
    return [opened(row) for row in rows]


async def counts(work: Work) -> dict[str, int]:
    """How many rows stand in each state."""
    rows = await work.connection.execute(select(deliveries.c.state, func.count()).group_by(deliveries.c.state))
    return {state: int(number) for state, number in rows}


async def oldest_due(work: Work) -> datetime | None:
    """When the oldest row still to send fell due, None when nothing is due."""
    found: datetime | None = await work.connection.scalar(
        select(func.min(deliveries.c.due_at)).where(
            deliveries.c.state.in_((State.WAITING.value, State.LEASED.value)), deliveries.c.due_at <= work.now
        )
    )
    return found


def opened(row: RowMapping) -> Delivery:
    """A row as a Delivery."""
    return Delivery(
        id=row["id"],
        dedupe_key=row["dedupe_key"],
        kind=Kind(row["kind"]),
        subject_id=row["subject_id"],
        person_id=row["person_id"],
        due_at=row["due_at"],
        created_at=row["created_at"],
        state=State(row["state"]),
        attempts=row["attempts"],
        fence=row["fence"],
        attempt_started_at=row["attempt_started_at"],
        unknown_at=row["unknown_at"],
        ended_at=row["ended_at"],
        activity_id=row["activity_id"],
        updates_id=row["updates_id"],
        outcome=row["outcome"],
    )
