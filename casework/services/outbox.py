"""The outbox at work: claim what is due, check the reader's right again and make their view, write down the end."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from casework import ports
from casework.db import addresses, deliveries, delivery_queue, people
from casework.db.uow import Work
from casework.domain.deliveries import POLICIES, State, backoff
from casework.domain.people import Person
from casework.services import outbox_ends, outbox_views
from casework.services.context import Context, today
from casework.services.dropped import Dropped

Delivery = deliveries.Delivery

LEASE = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A delivery about to be sent: to whose chat, over which card (None: a new one), and what its reader may see.

    A letter goes to `mail_to` and needs no chat.
    """

    delivery: deliveries.Delivery
    address: ports.Address | None
    mail_to: str
    replaces: str | None
    view: outbox_views.View


async def claim(context: Context, *, limit: int, lease: timedelta = LEASE) -> list[deliveries.Delivery]:
    """Lease due rows, most urgent first, at most one of each person."""
    async with context.database.reading() as work:
        if await deliveries.oldest_due(work) is None:
            return []
    async with context.database.writing() as work:
        return await delivery_queue.claim(work, limit=limit, lease=lease)


async def prepare(context: Context, delivery: deliveries.Delivery, *, lease: timedelta = LEASE) -> Prepared | None:
    """Check the reader's right again and make their view; None when the row came to an end instead.

    A row that was leased before and whose attempt had begun may have gone out: nobody knows, and its kind's policy
    decides. The start of this attempt is committed before anything is sent.
    """
    async with context.database.writing() as work:
        current = await deliveries.get(work, delivery.id)
        if current is None or current.state is not State.LEASED or current.fence != delivery.fence:
            return None
        if current.attempt_started_at is not None and not POLICIES[current.kind].is_update:
            carried_on = await _after_unknown(context, work, current, outcome="lost_while_sending")
            if carried_on is None:
                return None
            current = carried_on
        if POLICIES[current.kind].is_latest_only and await deliveries.is_superseded(work, current):
            await outbox_ends.suppressed(context, work, current, outcome="superseded")
            return None
        reader = (await people.by_ids(work, [current.person_id], today=today(work))).get(current.person_id)
        is_letter = POLICIES[current.kind].is_letter
        # a letter needs no chat: it goes out where the address of the chat can't even be read
        address = await addresses.get(work, current.person_id) if reader and not is_letter else None
        replaces = await _replaced_card(work, current)
        problem = _address_problem(reader, address, is_letter=is_letter)
        problem = problem or ("nothing_to_renew" if _is_orphan(current, replaces) else None)
        if reader is None or problem is not None:
            await outbox_ends.undeliverable(context, work, current, outcome=problem or "no_address")
            return None
        view = await outbox_views.VIEWERS[current.kind](context, work, current, reader)
        if isinstance(view, Dropped):
            await outbox_ends.suppressed(context, work, current, outcome=view.because)
            return None
        if not await delivery_queue.begin_attempt(work, current, lease=lease):
            return None
        attempted = replace(current, attempts=current.attempts + 1)
        return Prepared(delivery=attempted, address=address, mail_to=reader.work_email, replaces=replaces, view=view)


async def settle(context: Context, delivery: deliveries.Delivery, outcome: ports.Outcome) -> State | None:
    """Write down what became of a send; returns the state, None when the fence had moved on (a late mark)."""
    async with context.database.writing() as work:
        policy = POLICIES[delivery.kind]
        if isinstance(outcome, ports.Accepted):
            return await outbox_ends.accepted(context, work, delivery, activity_id=outcome.activity_id)
        if isinstance(outcome, ports.Unknown):
            if policy.is_update:
                return await _try_later(context, work, delivery, outcome=outcome.reason, wait=None)
            carried_on = await _after_unknown(context, work, delivery, outcome=outcome.reason)
            if carried_on is None:
                return State.UNKNOWN
            if delivery.unknown_at is not None:
                await outbox_ends.unsure(context, work, delivery)
            return await _try_later(context, work, carried_on, outcome=outcome.reason, wait=None, was_unknown=True)
        if outcome.closes_address and not policy.is_update:
            await addresses.close(work, delivery.person_id, outcome.code)
            return await outbox_ends.undeliverable(context, work, delivery, outcome=outcome.code)
        if outcome.retry_after is not None:
            return await _try_later(context, work, delivery, outcome=outcome.code, wait=outcome.retry_after)
        return await outbox_ends.undeliverable(context, work, delivery, outcome=outcome.code)


async def park(context: Context, delivery: deliveries.Delivery, *, outcome: str) -> None:
    """End a row that can't even be drawn, so that its neighbours go on and somebody is told."""
    async with context.database.writing() as work:
        current = await deliveries.get(work, delivery.id)
        if current is not None:
            await outbox_ends.undeliverable(context, work, current, outcome=outcome)


async def release(context: Context, claimed: list[deliveries.Delivery]) -> None:
    """Give back leases on an orderly stop, so that nobody waits for them to lapse."""
    async with context.database.writing() as work:
        await delivery_queue.release_unstarted(work, claimed)


async def standing(context: Context) -> tuple[dict[str, int], datetime | None]:
    """(rows by state, when the oldest row still to send fell due)."""
    async with context.database.reading() as work:
        return await deliveries.counts(work), await deliveries.oldest_due(work)


async def unsettled(context: Context, *, limit: int = 100) -> list[deliveries.Delivery]:
    """Rows a person should look at: nobody knows whether they went out, or they could not be delivered."""
    async with context.database.reading() as work:
        return await deliveries.in_state(work, [State.UNKNOWN, State.REFUSED], limit=limit)


async def send_again(context: Context, *, delivery_id: str) -> bool:
    """A person decides that an unknown or refused row goes out once more; False when it isn't one."""
    async with context.database.writing() as work:
        again = await delivery_queue.reopen(work, delivery_id, from_states=[State.UNKNOWN, State.REFUSED])
        if again:
            work.after_commit(context.wake)
        return again


async def _after_unknown(
    context: Context, work: Work, delivery: deliveries.Delivery, *, outcome: str
) -> deliveries.Delivery | None:
    """Whether a row whose send nobody can vouch for goes on, by its kind; None when it now waits for a person."""
    on_unknown = POLICIES[delivery.kind].on_unknown
    goes_on = on_unknown == "again" or (on_unknown == "once" and delivery.unknown_at is None)
    if not goes_on:
        await outbox_ends.unknown(context, work, delivery, outcome=outcome)
        return None
    return replace(delivery, unknown_at=delivery.unknown_at or delivery.attempt_started_at or work.now)


async def _try_later(
    context: Context,
    work: Work,
    delivery: deliveries.Delivery,
    *,
    outcome: str,
    wait: float | None,
    was_unknown: bool = False,
) -> State | None:
    policy = POLICIES[delivery.kind]
    if delivery.attempts >= policy.max_attempts:
        if was_unknown or delivery.unknown_at is not None:
            return await outbox_ends.unknown(context, work, delivery, outcome=outcome)
        return await outbox_ends.undeliverable(context, work, delivery, outcome=outcome)
    pause = timedelta(seconds=wait) if wait is not None else backoff(delivery.attempts, was_unknown=was_unknown)
    jitter = 1 + random.random() * 0.2  # noqa: S311 - spreads retries, guards nothing
    until = work.now + min(pause * jitter, LONGEST_WAIT)
    done = await delivery_queue.postpone(work, delivery, until=until, outcome=outcome, was_unknown=was_unknown)
    return State.WAITING if done else None


def _address_problem(reader: Person | None, address: ports.Address | None, *, is_letter: bool) -> str | None:
    """Why a card can't go to this person: above all, a chat that isn't theirs (the wrong-recipient guard)."""
    if reader is None or not reader.grants:
        return "left"
    if is_letter:
        return None
    if address is None:
        return "no_address"
    if (address.tenant_id, address.entra_object_id) != (reader.tenant_id, reader.entra_object_id):
        return "wrong_recipient"
    return None


async def _replaced_card(work: Work, delivery: deliveries.Delivery) -> str | None:
    if delivery.updates_id is None:
        return None
    shown = await deliveries.get(work, delivery.updates_id)
    return shown.activity_id if shown and shown.person_id == delivery.person_id else None


def _is_orphan(delivery: deliveries.Delivery, replaces: str | None) -> bool:
    return POLICIES[delivery.kind].is_update and replaces is None
