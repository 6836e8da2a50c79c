"""Writing down what happened to an NTK: event, audit row and the cards that follow, in the transaction that did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from casework.db import deliveries, ntk, ntk_events, ntk_prompts, ntk_recipients, ntk_steps
from casework.db.uow import Work
from casework.domain.deliveries import LEVEL_ONE_PRIORITY, Kind, State
from casework.services.context import Context
from casework.services.recorder import delivery, record

RENEWS = {
    Kind.NTK_NEW: Kind.NTK_RECIPIENT_CARD,
    Kind.NTK_ESCALATED: Kind.NTK_RECIPIENT_CARD,
    Kind.NTK_RECEIPT_CARD: Kind.NTK_RECEIPT_CARD,
}

# every smaller card that says something of the case
STUBBED = (
    Kind.NTK_CHANGED,
    Kind.NTK_CONFIRM,
    Kind.NTK_EXHAUSTED,
    Kind.NTK_NOT_DELIVERED,
    Kind.NTK_PROMPT,
    Kind.NTK_REMINDER,
    Kind.NTK_UPDATE_DUE,
)


async def note(
    context: Context,
    work: Work,
    found: ntk.Ntk,
    *,
    actor_id: str | None,
    kind: str,
    facts: ntk_events.Facts | None = None,
    text: Mapping[str, str] | None = None,
    nonce: str | None = None,
    tell: Sequence[deliveries.Wanted] = (),
    tell_changed: Iterable[str] = (),
    but_card: str | None = None,
) -> ntk_events.Event:
    """Append one event with its audit row; `tell` are deliveries of its own, `tell_changed` people's ids who get the
    event itself as a what-changed card. Every card of this NTK in a chat, but `but_card`, is renewed.
    """
    event = await ntk_events.add(
        work, ntk_id=found.id, actor_id=actor_id, kind=kind, facts=facts, text=text, nonce=nonce
    )
    changed = [
        delivery(work, kind=Kind.NTK_CHANGED, subject_id=event.id, person_id=person_id, key=person_id)
        for person_id in dict.fromkeys(tell_changed)
        if person_id != actor_id
    ]
    await record(
        context,
        work,
        actor_id=actor_id,
        action=f"ntk.{kind}",
        subject_kind="ntk",
        subject_id=found.id,
        facts={**(facts or {}), "event": event.id},
        tell=[*tell, *changed, *await renewals(work, found.id, because=event.id, but_card=but_card)],
    )
    return event


async def renewals(work: Work, ntk_id: str, *, because: str, but_card: str | None = None) -> list[deliveries.Wanted]:
    """Updates for every card of this NTK that Teams has taken: the raiser's and the recipients'."""
    wanted = []
    for shown in await deliveries.of_subject(work, ntk_id, tuple(RENEWS)):
        is_card = shown.state is State.ACCEPTED and shown.activity_id and shown.updates_id is None
        if is_card and shown.activity_id != but_card:
            wanted.append(
                delivery(
                    work,
                    kind=RENEWS[shown.kind],
                    subject_id=ntk_id,
                    person_id=shown.person_id,
                    key=f"{shown.id}:{because}",
                    updates_id=shown.id,
                )
            )
    return wanted


async def stubs(work: Work, found: ntk.Ntk, person_ids: Iterable[str]) -> list[deliveries.Wanted]:
    """A stub in place of every smaller card about this NTK in these people's chats; the NTK's own card is renewed."""
    subjects = [found.id, *(event.id for event in await ntk_events.of_ntk(work, found.id, with_text=False))]
    subjects += [step.id for step in await ntk_steps.of_ntk(work, found.id)]
    subjects += [prompt.id for prompt in await ntk_prompts.of_ntk(work, found.id)]
    return [
        delivery(
            work, kind=Kind.NTK_STUB, subject_id=found.id, person_id=shown.person_id, key=shown.id, updates_id=shown.id
        )
        for shown in await deliveries.shown_to(work, subjects, STUBBED, tuple(person_ids))
    ]


def addressed(
    work: Work, found: ntk.Ntk, person_id: str, *, kind: Kind = Kind.NTK_NEW, key: str = ""
) -> deliveries.Wanted:
    """The delivery that brings the NTK itself before somebody; level 1 goes before everything else."""
    return delivery(
        work,
        kind=kind,
        subject_id=found.id,
        person_id=person_id,
        key=f"{person_id}:{key}" if key else person_id,
        priority=LEVEL_ONE_PRIORITY if found.level == 1 else None,
    )


async def everyone_told(work: Work, found: ntk.Ntk) -> list[str]:
    """Who hears of a change: everybody told, and the raiser's side."""
    told = [row.person_id for row in await ntk_recipients.told(work, found.id)]
    return list(dict.fromkeys([*told, *raisers_side(found)]))


def raisers_side(found: ntk.Ntk) -> list[str]:
    """The raiser, whom they raised it for, and who answers for it now."""
    return [person_id for person_id in (found.owner_id, found.raiser_id, found.on_behalf_id) if person_id]
