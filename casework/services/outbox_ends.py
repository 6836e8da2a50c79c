"""How a delivery ends, and what follows: above all, an NTK that can't be delivered tells its raiser to phone."""

from __future__ import annotations

from casework.db import deliveries, delivery_queue, ntk, people
from casework.db.uow import Work
from casework.domain.deliveries import ADDRESSING, Kind, State
from casework.services import ntk_stepping, undelivered
from casework.services.context import Context, today
from casework.services.recorder import delivery, record


async def accepted(context: Context, work: Work, row: deliveries.Delivery, *, activity_id: str | None) -> State | None:
    """Teams took it. When it was the last of an NTK's cards, the raiser's own card is brought up to date."""
    if not await delivery_queue.end(work, row, state=State.ACCEPTED, outcome="accepted", activity_id=activity_id):
        return None
    tell = await _receipt_when_all_ended(work, row) if row.kind is Kind.NTK_NEW else []
    await _note(context, work, row, "accepted", tell)
    return State.ACCEPTED


async def undeliverable(context: Context, work: Work, row: deliveries.Delivery, *, outcome: str) -> State | None:
    """Nothing was delivered and trying again is no use: for an NTK the raiser hears at once whom to phone."""
    return await _failed(context, work, row, State.REFUSED, outcome)


async def unknown(context: Context, work: Work, row: deliveries.Delivery, *, outcome: str) -> State | None:
    """Nobody can say whether it went out, and its kind is not sent again blindly: a person decides."""
    return await _failed(context, work, row, State.UNKNOWN, outcome)


async def unsure(context: Context, work: Work, row: deliveries.Delivery) -> None:
    """A second send whose answer nobody saw: it is tried on, but the raiser of an NTK hears once whom to phone."""
    raised = await ntk.get(work, row.subject_id) if row.kind is Kind.NTK_NEW else None
    if raised is None:
        return
    alarm = delivery(
        work,
        kind=Kind.NTK_NOT_DELIVERED,
        subject_id=raised.id,
        person_id=raised.raiser_id,
        key=f"{row.id}:unsure",
    )
    if not await deliveries.is_known(work, alarm.dedupe_key):
        await _note(context, work, row, "unsure", [alarm, *await _receipt_renewal(work, row)])


async def suppressed(context: Context, work: Work, row: deliveries.Delivery, *, outcome: str) -> State | None:
    """It lost its use, or its reader the right to it. A recipient of an NTK who lost it leaves a gap to phone round."""
    return await _failed(context, work, row, State.SUPPRESSED, outcome)


async def _failed(context: Context, work: Work, row: deliveries.Delivery, state: State, outcome: str) -> State | None:
    if not await delivery_queue.end(work, row, state=state, outcome=outcome):
        return None
    tell: list[deliveries.Wanted] = []
    if (
        row.kind in ADDRESSING
        and (raised := await ntk.get(work, row.subject_id)) is not None
        and _matters(row, outcome)
    ):
        tell = [
            delivery(
                work,
                kind=Kind.NTK_NOT_DELIVERED,
                subject_id=raised.id,
                person_id=raised.raiser_id,
                key=f"{row.id}:{row.fence}",
            ),
            *await _letter(work, row),
            *await _receipt_renewal(work, row),
        ]
        await ntk_stepping.advance(context, work, ntk_id=raised.id, person_id=row.person_id)
    if state is not State.SUPPRESSED:
        tell += await undelivered.told(work, row)
    await _note(context, work, row, state.value, tell, outcome=outcome)
    return state


def _matters(row: deliveries.Delivery, outcome: str) -> bool:
    """Whether the end of this delivery leaves somebody who must know without the NTK."""
    return outcome not in ("settled", "over", "superseded", "gone") and row.state is not State.ACCEPTED


async def _letter(work: Work, row: deliveries.Delivery) -> list[deliveries.Wanted]:
    """A content-free e-mail to somebody Teams can't reach, once for each NTK, where their address is known."""
    known = await people.by_ids(work, [row.person_id], today=today(work))
    wanted = delivery(work, kind=Kind.NTK_LETTER, subject_id=row.subject_id, person_id=row.person_id, key=row.person_id)
    has_address = row.person_id in known and known[row.person_id].work_email
    return [wanted] if has_address and not await deliveries.is_known(work, wanted.dedupe_key) else []


async def _receipt_when_all_ended(work: Work, row: deliveries.Delivery) -> list[deliveries.Wanted]:
    others = await deliveries.of_subject(work, row.subject_id, [Kind.NTK_NEW])
    if any(other.state in (State.WAITING, State.LEASED) for other in others if other.id != row.id):
        return []
    return await _receipt_renewal(work, row)


async def _receipt_renewal(work: Work, row: deliveries.Delivery) -> list[deliveries.Wanted]:
    return [
        delivery(
            work,
            kind=Kind.NTK_RECEIPT_CARD,
            subject_id=row.subject_id,
            person_id=shown.person_id,
            key=f"{shown.id}:{row.id}:{row.fence}",
            updates_id=shown.id,
        )
        for shown in await deliveries.of_subject(work, row.subject_id, [Kind.NTK_RECEIPT_CARD])
        if shown.updates_id is None and shown.activity_id
    ]


async def _note(
    context: Context,
    work: Work,
    row: deliveries.Delivery,
    end: str,
    tell: list[deliveries.Wanted],
    *,
    outcome: str = "",
) -> None:
    await record(
        context,
        work,
        actor_id=None,
        action=f"delivery.{end}",
        subject_kind="delivery",
        subject_id=row.id,
        facts={"kind": row.kind.value, "about": row.subject_id, "to": row.person_id, "outcome": outcome},
        tell=tell,
    )
