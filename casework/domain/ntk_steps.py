"""The timed steps of an NTK: what falls due for one tier, and whether its acknowledgements are enough."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from casework.domain import office_hours
from casework.domain.ntk_rulebook import Level
from casework.domain.rulebook import Rulebook

Do = Literal["remind", "deputy", "above", "alarm"]
# besides the steps of a tier: one of the missing clock, one of the updates
UPDATE_DUE = "update_due"
MISSING = "missing"
RETURN_DUE = "return_due"
# one alarm stands for every tier that is silent at the time
ALARM_HOLDS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One step of a tier: what is done, and when it falls due (UTC)."""

    tier: str
    do: Do
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ack:
    """One person a tier was told through, and since when they have it and know of it."""

    person_id: str
    tier: str
    acknowledged_at: datetime | None


def plan(book: Rulebook, level: Level, *, tier: str, told_at: datetime) -> tuple[Planned, ...]:
    """Every step for a tier told at `told_at`, soonest first: bounded by the level's list, whatever happens."""
    within = level.acknowledge_within(tier)
    if within is None:
        return ()
    target = office_hours.due(told_at, within, book)
    steps = [
        Planned(tier=tier, do=step.do, due_at=office_hours.after(target, step.minutes, step.hours, book))
        for step in level.steps
    ]
    return tuple(sorted(steps, key=lambda step: step.due_at))


def acknowledge_by(book: Rulebook, level: Level, *, tier: str, told_at: datetime) -> datetime | None:
    """When a tier's time to acknowledge is over (UTC); None where nobody waits for it."""
    within = level.acknowledge_within(tier)
    return office_hours.due(told_at, within, book) if within is not None else None


def is_settled(rule: str, tier: str, told: Collection[Ack]) -> bool:
    """Whether a tier needn't be chased any more under a rule: "any", "all" or "one_per_tier" (see Category)."""
    if rule == "any":
        return any(ack.acknowledged_at is not None for ack in told)
    mine = [ack for ack in told if ack.tier == tier]
    if rule == "all":
        return bool(mine) and all(ack.acknowledged_at is not None for ack in mine)
    return any(ack.acknowledged_at is not None for ack in mine)


def settled_at(rule: str, tier: str, told: Collection[Ack]) -> datetime | None:
    """When the tier was settled, None while it isn't."""
    if not is_settled(rule, tier, told):
        return None
    times = [ack.acknowledged_at for ack in told if ack.acknowledged_at and (rule == "any" or ack.tier == tier)]
    return max(times) if rule == "all" else min(times)
