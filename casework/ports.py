"""What the heart asks of the world outside: the time, ways to put cards into chats, and one to send a letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where one person's one-to-one chat with Usher is: the parts of a Teams conversation reference we keep.

    `entra_object_id` and `tenant_id` say whose chat it is; a delivery goes out only when they match its recipient.
    """

    tenant_id: str
    entra_object_id: str
    conversation_id: str
    service_url: str
    bot_id: str
    member_id: str
    channel_id: str = "msteams"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing to show: a card or one plain sentence, and the neutral summary that may stand on a lock screen."""

    summary: str
    card: Mapping[str, object] | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Teams took it (2xx). `activity_id` is None when the answer named none: such a card can't be updated later."""

    activity_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing was delivered and Teams said so.

    `code` is a short machine word ("throttled", "blocked", "not_found", "too_large", "unauthorized", "bad_address",
    "rejected", ...). `retry_after` is in seconds, given only where a later try can succeed. `closes_address` says the
    chat is gone (403, 404): nobody should try it again until the person writes to Usher.
    """

    code: str
    retry_after: float | None = None
    closes_address: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can say whether it was delivered: a timeout, a reset, a 408 or a 5xx (reliability: three outcomes)."""

    reason: str


Outcome = Accepted | Refused | Unknown


class Messenger(Protocol):
    """Puts messages into chats. Never raises for what the network or Teams does: every end is an Outcome."""

    async def send(self, address: Address, message: Message) -> Outcome: ...

    async def update(self, address: Address, activity_id: str, message: Message) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A plain-text e-mail. It says that something waits in Teams, never what or about whom."""

    subject: str
    body: str


class Mailer(Protocol):
    """Sends letters where Teams can't deliver. Never raises for what the network or the server does."""

    async def send(self, to: str, letter: Letter) -> Outcome: ...


class Clock(Protocol):
    """The one place time comes from. `now` is aware and in UTC."""

    def now(self) -> datetime: ...
