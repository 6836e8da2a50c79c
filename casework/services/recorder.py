"""The only writer of audit and outbox rows: what happened and who must be told, in the transaction that did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casework.db import audit, deliveries
from casework.db.uow import Work
from casework.domain.deliveries import POLICIES, Kind
from casework.services.context import Context


async def record(
    context: Context,
    work: Work,
    *,
    actor_id: str | None,
    action: str,
    subject_kind: str,
    subject_id: str,
    facts: Mapping[str, str | int | bool | None] | None = None,
    tell: Sequence[deliveries.Wanted] = (),
) -> None:
    """Write one audit row and the deliveries that follow from it; wakes the drain once committed.

    `facts` are codes and numbers only: nothing personal may stand in the clear. `actor_id` None is Usher itself.
    """
    await audit.append(
        work,
        audit.Entry(
            actor_id=actor_id,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            facts=dict(facts or {}),
        ),
    )
    await deliveries.add(work, tell)
    if any(wanted.due_at <= work.now for wanted in tell):
        work.after_commit(context.wake)


def delivery(
    work: Work,
    *,
    kind: Kind,
    subject_id: str,
    person_id: str,
    key: str,
    priority: int | None = None,
    updates_id: str | None = None,
) -> deliveries.Wanted:
    """A delivery due now; `key` makes it unique within its kind and subject."""
    return deliveries.Wanted(
        dedupe_key=f"{kind.value}:{subject_id}:{key}",
        kind=kind,
        subject_id=subject_id,
        person_id=person_id,
        priority=POLICIES[kind].priority if priority is None else priority,
        due_at=work.now,
        updates_id=updates_id,
    )
