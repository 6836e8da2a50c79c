"""The outbox as a queue: lease what is due, begin an attempt, write down its end; a fence refuses late marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.sql.selectable import NamedFromClause

from casework.db.deliveries import Delivery, deliveries, opened
from casework.db.uow import Work
from casework.domain.deliveries import Kind, State

LOOKED_AT = 200


async def claim(work: Work, *, limit: int, lease: timedelta) -> list[Delivery]:
    """Lease up to `limit` due rows: never two of one person, nor one whose person has a lease running.

    A row whose lease ran out is claimed again; `attempt_started_at` tells whether its card may have gone out. Rows
    go out most urgent first, per person in the order they were written.
    """
    # a kind this version doesn't know (written by a newer one) waits for that one, and stops nobody else
    known = deliveries.c.kind.in_([kind.value for kind in Kind])
    due = and_(deliveries.c.state == State.WAITING.value, deliveries.c.due_at <= work.now, known)
    lapsed = and_(deliveries.c.state == State.LEASED.value, deliveries.c.lease_until <= work.now, known)
    order = (deliveries.c.priority, deliveries.c.due_at, deliveries.c.id)
    # only the head of the queue is looked at, in the order of its index: claiming stays cheap however long it is
    foremost = [select(deliveries.c.id).where(part).order_by(*order).limit(LOOKED_AT) for part in (due, lapsed)]
    chosen = (
        select(deliveries.c.id)
        .where(
            or_(*(deliveries.c.id.in_(part.scalar_subquery()) for part in foremost)),
            or_(due, lapsed),
            ~_is_behind(work),
        )
        .order_by(*order)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list((await work.connection.execute(chosen)).scalars())
    if not ids:
        return []
    rows = (
        await work.connection.execute(
            update(deliveries)
            .where(deliveries.c.id.in_(ids))
            .values(
                state=State.LEASED.value,
                fence=deliveries.c.fence + 1,
                lease_until=work.now + lease,
            )
            .returning(deliveries)
        )
    ).mappings()
    found = [opened(row) for row in rows]
    return sorted(found, key=lambda delivery: ids.index(delivery.id))


async def begin_attempt(work: Work, delivery: Delivery, *, lease: timedelta) -> bool:
    """Note, before the POST, that a card may be about to go out, and whether one may have before.

    False when the lease was lost meanwhile.
    """
    done = await work.connection.execute(
        update(deliveries)
        .where(_held(delivery))
        .values(
            attempts=deliveries.c.attempts + 1,
            attempt_started_at=work.now,
            unknown_at=delivery.unknown_at,
            lease_until=work.now + lease,
        )
    )
    return bool(done.rowcount)


async def end(work: Work, delivery: Delivery, *, state: State, outcome: str, activity_id: str | None = None) -> bool:
    """Write a final state; False when the fence has moved on (a late mark changes nothing)."""
    done = await work.connection.execute(
        update(deliveries)
        .where(_held(delivery))
        .values(
            state=state.value,
            outcome=outcome,
            activity_id=activity_id,
            ended_at=work.now,
            lease_until=None,
            attempt_started_at=None,
        )
    )
    return bool(done.rowcount)


async def postpone(work: Work, delivery: Delivery, *, until: datetime, outcome: str, was_unknown: bool = False) -> bool:
    """Put a row back to try at `until`; `was_unknown` keeps when a send's answer was first not seen."""
    values: dict[str, object] = {
        "state": State.WAITING.value,
        "due_at": until,
        "outcome": outcome,
        "lease_until": None,
        "attempt_started_at": None,
    }
    if was_unknown:
        values["unknown_at"] = delivery.unknown_at or work.now
    done = await work.connection.execute(update(deliveries).where(_held(delivery)).values(**values))
    return bool(done.rowcount)


async def release_unstarted(work: Work, claimed: Sequence[Delivery]) -> None:
    """Give back leases that were never acted on (an orderly stop)."""
    for delivery in claimed:
        await work.connection.execute(
            update(deliveries)
            .where(_held(delivery), deliveries.c.attempt_started_at.is_(None))
            .values(state=State.WAITING.value, lease_until=None)
        )


async def reopen(work: Work, delivery_id: str, *, from_states: Sequence[State]) -> bool:
    """Make an ended row due again now; False when it isn't in one of `from_states`."""
    done = await work.connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state.in_([state.value for state in from_states]))
        .values(state=State.WAITING.value, due_at=work.now, attempts=0, ended_at=None)
    )
    return bool(done.rowcount)


async def settle_by_hand(work: Work, delivery_id: str, *, state: State, from_states: Sequence[State]) -> bool:
    """Give an ended row the end a person knows of; False when it isn't in one of `from_states`."""
    done = await work.connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id, deliveries.c.state.in_([one.value for one in from_states]))
        .values(state=state.value, outcome="by_hand")
    )
    return bool(done.rowcount)


def _is_behind(work: Work) -> ColumnElement[bool]:
    """Whether another row of the same person is on its way, or due and first in line."""
    other = deliveries.alias("other")
    return (
        exists()
        .where(
            other.c.person_id == deliveries.c.person_id,
            other.c.id != deliveries.c.id,
            or_(
                and_(other.c.state == State.LEASED.value, other.c.lease_until > work.now),
                _holds_back(other, work.now),
                and_(
                    or_(
                        and_(other.c.state == State.WAITING.value, other.c.due_at <= work.now),
                        and_(other.c.state == State.LEASED.value, other.c.lease_until <= work.now),
                    ),
                    or_(
                        other.c.priority < deliveries.c.priority,
                        and_(other.c.priority == deliveries.c.priority, other.c.created_at < deliveries.c.created_at),
                        and_(
                            other.c.priority == deliveries.c.priority,
                            other.c.created_at == deliveries.c.created_at,
                            other.c.id < deliveries.c.id,
                        ),
                    ),
                ),
            ),
        )
        .correlate(deliveries)
    )


def _holds_back(other: NamedFromClause[Any], now: datetime) -> ColumnElement[bool]:
    """Whether an earlier row that waits for another try keeps later ones waiting with it.

    Those about the same subject, so that nobody reads of a change before the thing itself; and all of a chat that
    Teams asked to be left alone.
    """
    return and_(
        other.c.state == State.WAITING.value,
        other.c.attempts > 0,
        other.c.due_at > now,
        other.c.created_at < deliveries.c.created_at,
        or_(other.c.subject_id == deliveries.c.subject_id, other.c.outcome == "throttled"),
    )


def _held(delivery: Delivery) -> ColumnElement[bool]:
    return and_(
        deliveries.c.id == delivery.id,
        deliveries.c.state == State.LEASED.value,
        deliveries.c.fence == delivery.fence,
    )
