"""POST /api/messages: the one door Teams comes through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from bot import observability
from bot.web import bodies
from casework.domain import buckets

REFUSED_RATE = buckets.Rate(burst=1000, per_second=500)
SECONDS_TO_ARRIVE = 10.0
CHAT_RATE = buckets.Rate(burst=100, per_second=10)

_ERRORS = {
    400: "bad request",
    401: "unauthorized",
    408: "request timeout",
    413: "too large",
    415: "unsupported media type",
    429: "too many requests",
}
_log = observability.get_logger(__name__)


class TurnAnswer(Protocol):
    """What an activity is answered with: an HTTP status, and JSON or nothing."""

    @property
    def status(self) -> int: ...

    @property
    def body(self) -> object | None: ...


class Turns(Protocol):
    """What lies behind the door. `process` gets only what `admit` let in, and never raises."""

    async def admit(self, authorization: str, body: Mapping[str, object]) -> bool: ...

    async def process(self, body: Mapping[str, object]) -> TurnAnswer: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is borne. `refused`: requests of one remote address that were turned away, counted before any token
    is looked at. `chat`: activities of one chat. Teams itself stays far below both.
    """

    refused: buckets.Rate = REFUSED_RATE
    chat: buckets.Rate = CHAT_RATE


class Messages:
    """Behind the route. Every refusal has one constant body, whatever the reason was."""

    def __init__(self, turns: Turns, borne: Limits | None = None) -> None:
        borne = borne or Limits()
        self._turns = turns
        self._refused = buckets.Buckets(borne.refused)
        self._chats = buckets.Buckets(borne.chat)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        remote = request.remote or ""
        if not self._refused.has_room(remote):
            return _refusal(429, "flood")
        try:
            body = await bodies.read_object(request, SECONDS_TO_ARRIVE)
        except bodies.Unreadable as unreadable:
            self._refused.take(remote)
            return _refusal(unreadable.status, f"http_{unreadable.status}")
        if not await self._turns.admit(request.headers.get("Authorization", ""), body):
            self._refused.take(remote)
            return _refusal(401, None)
        if not self._chats.take(_chat_of(body)):
            return _refusal(429, "busy_chat")
        answer = await self._turns.process(body)
        if answer.body is None:
            return web.Response(status=answer.status)
        return web.Response(status=answer.status, body=json.dumps(answer.body), content_type="application/json")


def _chat_of(body: Mapping[str, object]) -> str:
    conversation = body.get("conversation")
    return str(conversation.get("id")) if isinstance(conversation, dict) else ""


def _refusal(status: int, reason: str | None) -> web.Response:
    if reason is not None:
        observability.REFUSED_REQUESTS.labels(reason).inc()
    headers = {"Retry-After": "1"} if status == 429 else None
    # a request that was not read to its end must not be followed by another on the same connection
    response = web.json_response({"error": _ERRORS[status]}, status=status, headers=headers)
    if status in {408, 413}:
        response.force_close()
    return response
