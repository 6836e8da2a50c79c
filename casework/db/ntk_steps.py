"""The timed steps of each NTK: what falls due for which tier, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint, insert, select, update

from casework.db import timers
from casework.db.base import UTCDateTime, metadata, new_id
from casework.db.uow import Work

ntk_steps = Table(
    "ntk_steps",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ntk_id", String(32), ForeignKey("ntks.id"), nullable=False),
    Column("tier", String(16), nullable=False),
    Column("do", String(12), nullable=False),
    Column("round", Integer, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("done_at", UTCDateTime),
    Column("because", String(20)),
    Column("told", Integer),
    UniqueConstraint("ntk_id", "tier", "do", "round"),
    Index("ix_ntk_steps_state", "state", "due_at"),
)

TIMER = "ntk_step"
SET = "set"
DONE = "done"
NOT_NEEDED = "not_needed"
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`round` counts the times a tier was asked: a material change begins a new one. `told` is to how many it went."""

    id: str
    ntk_id: str
    tier: str
    do: str
    round: int
    due_at: datetime
    state: str
    done_at: datetime | None
    because: str | None
    told: int | None


async def add(work: Work, ntk_id: str, planned: Sequence[tuple[str, str, datetime]], *, round: int) -> None:
    """Set steps given as (tier, what to do, due at), each with the timer that fires it."""
    steps = [
        {"id": new_id(), "ntk_id": ntk_id, "tier": tier, "do": do, "round": round, "due_at": due_at, "state": SET}
        for tier, do, due_at in planned
    ]
    if steps:
        await work.connection.execute(insert(ntk_steps), steps)
        await timers.set_(
            work, [(TIMER, str(step["id"]), due_at) for step, (_, _, due_at) in zip(steps, planned, strict=True)]
        )


async def get(work: Work, step_id: str) -> Step | None:
    row = (await work.connection.execute(select(ntk_steps).where(ntk_steps.c.id == step_id))).mappings().one_or_none()
    return Step(**{column: row[column] for column in Step.__slots__}) if row else None


async def of_ntk(work: Work, ntk_id: str) -> tuple[Step, ...]:
    """Every step of an NTK, soonest due first."""
    rows = (
        await work.connection.execute(
            select(ntk_steps).where(ntk_steps.c.ntk_id == ntk_id).order_by(ntk_steps.c.due_at, ntk_steps.c.id)
        )
    ).mappings()
    return tuple(Step(**{column: row[column] for column in Step.__slots__}) for row in rows)


async def finish(work: Work, step: Step, *, state: str, because: str = "", told: int | None = None) -> bool:
    """Write what became of a step and take its timer; False when somebody did before."""
    done = await work.connection.execute(
        update(ntk_steps)
        .where(ntk_steps.c.id == step.id, ntk_steps.c.state == SET)
        .values(state=state, done_at=work.now, because=because or None, told=told)
    )
    await timers.cancel(work, kind=TIMER, subject_id=step.id)
    return bool(done.rowcount)


async def next_round(work: Work, ntk_id: str, tier: str, do: str) -> int:
    """The number a new step of this kind for this tier would carry."""
    mine = [step.round for step in await of_ntk(work, ntk_id) if step.tier == tier and step.do == do]
    return max(mine, default=0) + 1
