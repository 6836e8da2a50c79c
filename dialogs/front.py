"""The front desk: who is it, was this seen before, which conversation answers; a rule's "no" becomes a kind card."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from cards import common, elements, people, wording
from casework import ports
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Person
from casework.services import conversations
from casework.services.context import Busy, StoreUnavailable
from dialogs import actions, commands
from dialogs.base import Desk
from dialogs.turns import Clicked, Event, Installed, Removed, Reply, Said, Visit

log = structlog.get_logger("usher.front")

WAIT_FOR_FIRST = 8.0
WAIT_STEP = 0.1


class FrontDesk:
    """Implements `dialogs.turns.Front`. `duty_phone` is what people are told to ring when nothing can be saved."""

    def __init__(self, desk: Desk, *, duty_phone: str) -> None:
        self._desk = desk
        self._duty_phone = duty_phone

    async def receive(self, visit: Visit, event: Event) -> Reply | None:
        """Answer one verified activity; None where no answer is due."""
        if isinstance(event, Removed):
            await self._removed(visit)
            return None
        if visit.chat != "personal":
            return _reply(common.sentence(wording.ONLY_ONE_TO_ONE)) if isinstance(event, Said | Clicked) else None
        if visit.tenant_id is None or visit.entra_object_id is None:
            return _reply(common.sentence(wording.STRANGER)) if isinstance(event, Said | Clicked) else None
        try:
            arrival = await conversations.arrive(
                self._desk.context,
                tenant_id=visit.tenant_id,
                entra_object_id=visit.entra_object_id,
                conversation_id=visit.conversation_id,
                activity_id=visit.activity_id,
                address=visit.address,
                keeps_answer=isinstance(event, Clicked),
            )
            if arrival.is_repeat and arrival.key is not None:
                return await self._repeat(arrival.key, event)
            message = await self._answer(arrival.person, event)
            if arrival.key is not None and isinstance(event, Clicked):
                await self._keep_answer(arrival.key, message)
        except Busy:
            return _reply(common.refusal(Code.BUSY, {}))
        except StoreUnavailable:
            log.error("store unavailable", action="front.store_down")
            return _reply(common.not_saved(self._duty_phone))
        return _reply(message) if message is not None else None

    def apology(self, reference: str) -> Reply:
        """The last resort for something nobody foresaw."""
        return Reply(message=common.sorry(reference))

    async def _answer(self, person: Person | None, event: Event) -> ports.Message | None:
        if person is None:
            return common.sentence(wording.STRANGER) if isinstance(event, Said | Clicked) else None
        try:
            if isinstance(event, Said):
                return await commands.answer(self._desk, person, event.text)
            if isinstance(event, Clicked):
                return await self._clicked(person, event)
            if isinstance(event, Installed):
                return await commands.welcome(self._desk, person)
        except FieldErrors as wrong:
            return common.refusal(wrong.code, wrong.values)
        except Refusal as refused:
            if refused.code is Code.STORE_DOWN:
                return common.not_saved(self._duty_phone)
            return common.refusal(refused.code, refused.values, _way_on(refused.code))
        return None

    async def _clicked(self, person: Person, click: Clicked) -> ports.Message:
        action = actions.ACTIONS.get(click.verb)
        if action is None or (click.automatic and click.verb not in actions.READ_ONLY):
            log.info("unknown or stale verb", action="front.stale_verb")
            raise Refusal(Code.DRAFT_GONE)
        return await action(self._desk, person, click)

    async def _removed(self, visit: Visit) -> None:
        if visit.tenant_id and visit.entra_object_id and visit.chat == "personal":
            try:
                await conversations.leave(
                    self._desk.context, tenant_id=visit.tenant_id, entra_object_id=visit.entra_object_id
                )
            except (Busy, StoreUnavailable):
                log.error("store unavailable", action="front.store_down")

    async def _keep_answer(self, key: str, message: ports.Message | None) -> None:
        """Keep the answer for a repeat. What was done stands even where this fails: nobody is told otherwise."""
        try:
            await conversations.answered(self._desk.context, key=key, answer=_kept(message))
        except (Busy, StoreUnavailable):
            log.error("answer not kept", action="front.answer_not_kept")

    async def _repeat(self, key: str, event: Event) -> Reply | None:
        """The same activity again: nothing is done; a click gets the first one's answer, waiting for it if need be."""
        if not isinstance(event, Clicked):
            return None
        for _ in range(int(WAIT_FOR_FIRST / WAIT_STEP)):
            is_done, answer = await conversations.earlier_answer(self._desk.context, key=key)
            if is_done:
                message = _restored(answer)
                return _reply(message) if message is not None else None
            await asyncio.sleep(WAIT_STEP)
        return _reply(common.refusal(Code.BUSY, {}))


def _way_on(code: Code) -> list[elements.Element]:
    """A button that leads on from a refusal which ends a card."""
    return [elements.button("What can I do?", people.HELP)] if code in (Code.DRAFT_GONE, Code.NOT_FOUND) else []


def _reply(message: ports.Message) -> Reply:
    return Reply(message=message)


def _kept(message: ports.Message | None) -> object:
    if message is None:
        return None
    return {"summary": message.summary, "card": message.card, "text": message.text}


def _restored(answer: object) -> ports.Message | None:
    if not isinstance(answer, Mapping):
        return None
    return ports.Message(summary=str(answer["summary"]), card=answer["card"], text=answer["text"])
