"""What comes in from a chat and what goes back: the border between the Teams edge and the conversations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from casework import ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who came, from where: taken from the verified activity only, never from what a card carries.

    `entra_object_id` is None for people Teams gives no Entra id for (some guests): they are strangers.
    `address` is None outside one-to-one chats, and when the chat's parts are missing.
    """

    tenant_id: str | None
    entra_object_id: str | None
    chat: Literal["personal", "other"]
    conversation_id: str
    activity_id: str | None
    address: ports.Address | None


@dataclass(frozen=True, slots=True)
class Said:
    """Typed words, the bot's own mention already taken out."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicked:
    """A button on a card. `card_id` is the activity id of the card it stands on.

    `way` is how the client sent it: "execute" is answered in the invoke response, "submit" (the fallback of old
    clients) by updating the card. `automatic` is a card refresh nobody asked for: it must change nothing.
    """

    verb: str
    data: Mapping[str, object]
    card_id: str | None
    way: Literal["execute", "submit"]
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Installed:
    """Usher was added to, or upgraded in, this person's chat."""


@dataclass(frozen=True, slots=True)
class Removed:
    """Usher was taken out of this person's chat: the address is closed."""


Event = Said | Clicked | Installed | Removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to show. To a click, `message` takes the clicked card's place; otherwise it is a new message."""

    message: ports.Message


class Front(Protocol):
    """The front desk of all conversations. Raises nothing in normal life; the edge has a last resort all the same."""

    async def receive(self, visit: Visit, event: Event) -> Reply | None: ...

    def apology(self, reference: str) -> Reply: ...
