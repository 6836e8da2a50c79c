"""Proving NTKs: one by its reference on request, and all live ones by the auditor, which alarms at a missing step."""

from __future__ import annotations

from dataclasses import dataclass

from casework.db import audit, deliveries, ntk, ntk_events, ntk_prompts, ntk_recipients, ntk_register, ntk_steps, people
from casework.db.uow import Work
from casework.domain import ntk_proof
from casework.domain.deliveries import Kind
from casework.domain.people import Role
from casework.services.context import Context, today
from casework.services.recorder import delivery, record

OF_NTK = (
    Kind.NTK_NEW,
    Kind.NTK_ESCALATED,
    Kind.NTK_REMINDER,
    Kind.NTK_NOT_DELIVERED,
)
OF_STEP = (Kind.NTK_EXHAUSTED, Kind.NTK_UPDATE_DUE)
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One NTK proved: nothing of the child, staff by name."""

    reference: str
    category: str
    level: int
    state: str
    rulebook_version: int
    lines: tuple[ntk_proof.Line, ...]

    @property
    def gaps(self) -> tuple[ntk_proof.Line, ...]:
        return ntk_proof.gaps(self.lines)


async def prove(context: Context, *, reference: str) -> Proof | None:
    """Work out again what should have happened to one NTK; None where there is no such reference. It is audited."""
    async with context.database.writing() as work:
        found = await ntk.by_reference(work, reference.strip().upper())
        if found is None:
            return None
        await record(context, work, actor_id=None, action="ntk.proved", subject_kind="ntk", subject_id=found.id)
        return await proof_of(context, work, found)


async def examine_all(context: Context) -> tuple[str, ...]:
    """The references of live NTKs with a step missing; their administrators are told, once a day for each.

    One that can't be examined at all counts as one with a gap: silence would be the worse answer.
    """
    found: list[str] = []
    after = ""
    while True:
        async with context.database.reading() as work:
            page = await ntk_register.live(work, after=after, limit=PAGE)
            for one in page:
                try:
                    has_gap = bool((await proof_of(context, work, one)).gaps)
                except (LookupError, ValueError, AssertionError):
                    has_gap = True
                if has_gap:
                    found.append(one.id)
        if not page:
            break
        after = page[-1].id
    return tuple([await _alarm(context, ntk_id) for ntk_id in found])


async def proof_of(context: Context, work: Work, found: ntk.Ntk) -> Proof:
    rules = await context.rules(work, version=found.rulebook_version)
    return Proof(
        reference=found.reference,
        category=found.category,
        level=found.level,
        state=found.state.value,
        rulebook_version=found.rulebook_version,
        lines=ntk_proof.examine(await _record(work, found), rules.book, work.now),
    )


async def _record(work: Work, found: ntk.Ntk) -> ntk_proof.Record:
    chain = await ntk_recipients.of_ntk(work, found.id)
    events = await ntk_events.of_ntk(work, found.id, with_text=False)
    prompts = await ntk_prompts.of_ntk(work, found.id)
    steps = await ntk_steps.of_ntk(work, found.id)
    sent = list(await deliveries.of_subject(work, found.id, OF_NTK))
    for step in steps:
        sent += await deliveries.of_subject(work, step.id, OF_STEP)
    ids = [row.person_id for row in chain] + [event.actor_id or "" for event in events]
    known = await people.by_ids(work, [*ids, *(row.decided_by_id or "" for row in prompts)], today=today(work))
    names = {id: person.name for id, person in known.items()}
    return ntk_proof.Record(
        ntk_id=found.id,
        reference=found.reference,
        category=found.category,
        raised_at=found.raised_at,
        told=tuple(_told(row, names.get(row.person_id, "")) for row in chain),
        steps=tuple(_step(step) for step in steps),
        sent=tuple(_sent(row) for row in sent),
        events=tuple(
            ntk_proof.Happened(
                id=event.id,
                at=event.at,
                kind=event.kind,
                actor_id=event.actor_id,
                name=names.get(event.actor_id or "", "Usher"),
                facts=event.facts,
            )
            for event in events
        ),
        clocks=tuple(
            ntk_proof.Clock(
                code=row.code,
                started_at=row.started_at,
                due_at=row.due_at,
                decided_at=row.decided_at,
                decided_by=names.get(row.decided_by_id or "", ""),
            )
            for row in prompts
        ),
        audited=frozenset(
            str(facts["event"]) for _, _, facts in await audit.of_subject(work, found.id) if facts.get("event")
        ),
    )


def _told(row: ntk_recipients.Told, name: str) -> ntk_proof.Told:
    return ntk_proof.Told(
        person_id=row.person_id,
        name=name,
        tier=row.tier,
        because=row.because,
        told_at=row.told_at,
        ended_at=row.ended_at,
    )


def _step(step: ntk_steps.Step) -> ntk_proof.Step:
    return ntk_proof.Step(
        id=step.id,
        tier=step.tier,
        do=step.do,
        due_at=step.due_at,
        state=step.state,
        done_at=step.done_at,
        because=step.because or "",
        told=step.told or 0,
    )


def _sent(row: deliveries.Delivery) -> ntk_proof.Sent:
    return ntk_proof.Sent(
        kind=row.kind.value,
        about=row.subject_id,
        key=row.dedupe_key,
        person_id=row.person_id,
        created_at=row.created_at,
        ended_at=row.ended_at,
        state=row.state.value,
    )


async def _alarm(context: Context, ntk_id: str) -> str:
    """Tell the administrators that a step is missing: the reference, and nothing of the case."""
    async with context.database.writing() as work:
        found = await ntk.get(work, ntk_id)
        assert found is not None
        day = today(work).isoformat()
        wanted = [
            delivery(work, kind=Kind.NTK_UNPROVED, subject_id=found.id, person_id=admin.id, key=f"{admin.id}:{day}")
            for admin in await people.holding(work, [Role.SY], today=today(work))
        ]
        new = [one for one in wanted if not await deliveries.is_known(work, one.dedupe_key)]
        if new or not wanted:
            await record(
                context,
                work,
                actor_id=None,
                action="ntk.step_missing",
                subject_kind="ntk",
                subject_id=found.id,
                tell=new,
            )
        return found.reference
