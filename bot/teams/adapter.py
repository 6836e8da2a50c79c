"""Our own bot adapter: botbuilder's Activity, turn context and middleware over our own wire."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Self, cast

from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity, ConversationReference, ResourceResponse

from bot.teams import activities as border
from bot.teams import connector
from casework import ports


@dataclass(frozen=True, slots=True)
class InvokeReply:
    """What the HTTP answer to an inbound activity carries. `body` is JSON, or None for an empty answer."""

    status: int
    body: object | None = None


class SendFailed(Exception):
    """Teams did not take what a turn sent or changed; `outcome` says whether that is certain."""

    def __init__(self, outcome: ports.Refused | ports.Unknown) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome


class Outgoing(Activity):  # type: ignore[misc]  # botbuilder ships no types
    """A message on its way out, with the JSON the wire will carry.

    The turn context copies what it sends deeply, field by field, which costs more than all the rest of the SDK; a
    shallow copy is as good, since nobody writes into `wire`.
    """

    def __init__(self, wire: dict[str, object]) -> None:
        super().__init__(type="message")
        self.wire = wire

    def __deepcopy__(self, memo: object) -> Self:
        return copy.copy(self)


class TeamsAdapter(BotAdapter):  # type: ignore[misc]  # botbuilder ships no types
    """Runs turns through the middleware, and sends what they answer.

    CloudAdapter answers 500 to every invoke with a body, asks for a token each turn and takes 49 bare turns' time:
    this keeps what is good above it.
    """

    def __init__(self, wire: connector.Connector) -> None:
        super().__init__()
        self._wire = wire

    async def process(
        self, activity: Activity, logic: Callable[[TurnContext], Awaitable[InvokeReply | None]]
    ) -> InvokeReply | None:
        """Run one inbound activity through middleware and `logic`; what `logic` answers goes into the response."""
        context = TurnContext(self, activity)
        return cast(InvokeReply | None, await self.run_pipeline(context, logic))

    async def send_activities(self, context: TurnContext, activities: Sequence[Activity]) -> list[ResourceResponse]:
        """Send each in order. Raises SendFailed at the first that Teams does not take."""
        responses = []
        for activity in activities:
            outcome = await self._wire.post(
                activity.service_url or "", activity.conversation.id, _to_json(activity, context)
            )
            responses.append(ResourceResponse(id=_taken(outcome).activity_id))
        return responses

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        """Put `activity` in the place of the one whose id it bears. Raises SendFailed."""
        outcome = await self._wire.put(
            activity.service_url or "", activity.conversation.id, activity.id or "", _to_json(activity, context)
        )
        return ResourceResponse(id=_taken(outcome).activity_id or activity.id)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        """Take the activity of `reference` out of its chat. Raises SendFailed."""
        _taken(
            await self._wire.delete(reference.service_url or "", reference.conversation.id, reference.activity_id or "")
        )


def outgoing(message: ports.Message) -> Outgoing:
    """The activity of a message, made fresh each time: the SDK writes into the one it is given."""
    return Outgoing(border.to_wire(message))


def _to_json(activity: Activity, context: TurnContext) -> dict[str, object]:
    if not isinstance(activity, Outgoing):
        # something other than a message of ours: what middleware may send of itself
        return cast(dict[str, object], activity.serialize())
    return border.addressed(
        activity.wire,
        bot_id=context.activity.recipient.id or "",
        conversation_id=activity.conversation.id,
        member_id=context.activity.from_property.id,
    )


def _taken(outcome: ports.Outcome) -> ports.Accepted:
    if not isinstance(outcome, ports.Accepted):
        raise SendFailed(outcome)
    return outcome
