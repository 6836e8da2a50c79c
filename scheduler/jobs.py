"""JOBS: everything that happens by itself, how often, and what it is for (the runbook lists this table)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from casework.services import (
    audit_trail,
    conversations,
    forms,
    ntk_corrections,
    ntk_proving,
    replicas,
    sittings,
    ticks,
    timers,
    tracker_listing,
)
from scheduler.shift import Shift

BATCH = 100

log = structlog.get_logger("usher.jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`run` returns how much it did. `purpose` is the sentence the runbook has."""

    name: str
    every_seconds: float
    purpose: str
    run: Callable[[Shift], Awaitable[int]]


async def fire_timers(shift: Shift) -> int:
    done = await timers.fire_due(shift.context, limit=BATCH)
    if done:
        shift.drain.wake()
    return done


async def wake_drain(shift: Shift) -> int:
    shift.drain.wake()
    return 0


async def seal_audit(shift: Shift) -> int:
    return await audit_trail.link(shift.context)


async def extend_sittings(shift: Shift) -> int:
    return await sittings.extend(shift.context) if await ticks.claim_day(shift.context, "extend_sittings") else 0


async def list_tracked(shift: Shift) -> int:
    return await tracker_listing.list_due(shift.context) if await ticks.claim_day(shift.context, "list_tracked") else 0


async def prove_ntks(shift: Shift) -> int:
    found = await ntk_proving.examine_all(shift.context)
    for reference in found:
        log.error("a step of a need-to-know is missing", action="ntk.step_missing", ref=reference)
    shift.unproved = len(found)
    return 0


async def reassign_leavers(shift: Shift) -> int:
    return await ntk_corrections.reassign_leavers(shift.context)


async def tidy(shift: Shift) -> int:
    return await forms.remove_expired(shift.context) + await conversations.forget_old(shift.context)


async def set_clock(shift: Shift) -> int:
    if shift.refresh_clock is not None:
        await shift.refresh_clock()
    return 0


async def be_seen(shift: Shift) -> int:
    shift.replicas = await replicas.here(
        shift.context, replica_id=shift.replica_id, started_at=shift.started_at, version=shift.version
    )
    shift.drain.pace.share(shift.replicas)
    return 0


JOBS: tuple[Job, ...] = (
    Job(
        name="be_seen",
        every_seconds=10,
        purpose="Say that this replica is at work, and share Teams' rate among all that are.",
        run=be_seen,
    ),
    Job(
        name="extend_sittings",
        every_seconds=600,
        purpose="Once a day: bring the year of sittings ahead into line with the rulebook.",
        run=extend_sittings,
    ),
    Job(
        name="fire_timers",
        every_seconds=2,
        purpose="Turn agendas and reminders whose time has come into deliveries.",
        run=fire_timers,
    ),
    Job(
        name="list_tracked",
        every_seconds=600,
        purpose="Once a day: list the tracked families due at the next PLO and Care Proceedings Panels.",
        run=list_tracked,
    ),
    Job(
        name="prove_ntks",
        every_seconds=300,
        purpose="Work out again what should have happened to every live NTK, and alarm where a step is missing.",
        run=prove_ntks,
    ),
    Job(
        name="reassign_leavers",
        every_seconds=3600,
        purpose="Hand the NTKs of people who have left to a manager of their line.",
        run=reassign_leavers,
    ),
    Job(name="seal_audit", every_seconds=1, purpose="Link new audit rows into the hash chain.", run=seal_audit),
    Job(
        name="set_clock",
        every_seconds=30,
        purpose="Measure how far the database's clock is from this machine's.",
        run=set_clock,
    ),
    Job(
        name="tidy", every_seconds=3600, purpose="Delete drafts that ran out and activities older than a day.", run=tidy
    ),
    Job(
        name="wake_drain", every_seconds=1, purpose="Send what is due, also what another process wrote.", run=wake_drain
    ),
)
