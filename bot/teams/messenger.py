"""Cards of Usher's own accord: ports.Messenger over the Bot Connector, with a last look at whose chat it is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from bot import observability
from bot.teams import activities, connector
from casework import ports

CHANNEL = "msteams"
_log = observability.get_logger(__name__)


class TeamsMessenger:
    """Sends and updates messages in one-to-one chats.

    `tenants` and `bot_id` are whose chats may be written to; an empty collection or None allows all (development).
    """

    def __init__(self, wire: connector.Connector, tenants: Collection[str], bot_id: str | None) -> None:
        self._wire = wire
        self._tenants = frozenset(tenants)
        self._bot_id = bot_id

    async def send(self, address: ports.Address, message: ports.Message) -> ports.Outcome:
        """Put a new message into the chat, asking the person's device for a notification."""
        if (stopped := self._wrong_recipient(address)) is not None:
            return stopped
        wire = _addressed(address, activities.to_wire(message, alert=True))
        return await self._wire.post(address.service_url, address.conversation_id, wire)

    async def update(self, address: ports.Address, activity_id: str, message: ports.Message) -> ports.Outcome:
        """Put `message` in the place of one sent before. Repeating it does no harm."""
        if (stopped := self._wrong_recipient(address)) is not None:
            return stopped
        wire = _addressed(address, activities.to_wire(message)) | {"id": activity_id}
        return await self._wire.put(address.service_url, address.conversation_id, activity_id, wire)

    def _wrong_recipient(self, address: ports.Address) -> ports.Refused | None:
        reason: Literal["tenant", "bot", "channel", "person"]
        if self._tenants and address.tenant_id not in self._tenants:
            reason = "tenant"
        elif self._bot_id is not None and address.bot_id.lower() != self._bot_id:
            reason = "bot"
        elif self._bot_id is not None and address.channel_id != CHANNEL:
            reason = "channel"
        elif not address.entra_object_id:
            reason = "person"
        else:
            return None
        # a row that points elsewhere is a breach that did not happen: somebody must look
        observability.WRONG_RECIPIENTS.inc()
        _log.error("wrong_recipient", reason=reason)
        return ports.Refused(code="wrong_recipient")


def _addressed(address: ports.Address, wire: dict[str, object]) -> dict[str, object]:
    return activities.addressed(
        wire, bot_id=address.bot_id, conversation_id=address.conversation_id, member_id=address.member_id
    )
