"""The fake Bot Connector: chats, what stands in them, and the requests that put it there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.teams_service.entra import Entra
from tests.teams_service.faults import Fault

CARD = "application/vnd.microsoft.card.adaptive"
LARGEST_UTF16 = 100 * 1024


@dataclass(kw_only=True)
class Shown:
    """One message as it stands in a chat now. `version` rises with every update in place."""

    conversation_id: str
    activity_id: str
    activity: dict[str, Any]
    version: int = 1

    @property
    def card(self) -> dict[str, Any] | None:
        """The Adaptive Card, where there is one."""
        for attachment in self.activity.get("attachments") or []:
            if attachment.get("contentType") == CARD:
                content: dict[str, Any] = attachment["content"]
                return content
        return None

    @property
    def text(self) -> str:
        """The plain text, where there is no card."""
        return str(self.activity.get("text") or "")

    @property
    def summary(self) -> str:
        """What a lock screen would show."""
        return str(self.activity.get("summary") or "")

    @property
    def words(self) -> str:
        """Everything a person can read on it, one piece a line."""
        return self.text if self.card is None else "\n".join(_words(self.card))

    @property
    def buttons(self) -> list[str]:
        """The titles of all buttons, in order."""
        return [str(action.get("title", "")) for action in actions(self.card)]


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request the bot made, as it came. `status` is what it was answered, None for a hang or a reset."""

    method: str
    conversation_id: str
    activity_id: str | None
    body: dict[str, Any]
    authorization: str
    status: int | None


@dataclass
class Chats:
    """All chats, every request ever made, and the faults still to come."""

    entra: Entra
    must_authenticate: bool
    requests: list[Request] = field(default_factory=list)
    seconds_to_answer: float = 0.0
    _shown: dict[str, dict[str, Shown]] = field(default_factory=dict)
    _faults: list[tuple[str | None, str | None, Fault]] = field(default_factory=list)
    _count: int = 0

    def routes(self) -> list[web.RouteDef]:
        activities = "/{prefix:.*}/v3/conversations/{conversation}/activities"
        return [
            web.post(activities, self._answer),
            web.put(activities + "/{activity}", self._answer),
            web.delete(activities + "/{activity}", self._answer),
        ]

    def fail(
        self, fault: Fault, *, times: int = 1, conversation_id: str | None = None, method: str | None = None
    ) -> None:
        """Answer the next `times` requests (of this chat, of this method) with `fault`."""
        self._faults += [(conversation_id, method, fault)] * times

    def shown(self, conversation_id: str) -> list[Shown]:
        """What stands in a chat now, oldest first."""
        return list(self._shown.get(conversation_id, {}).values())

    def show(self, conversation_id: str, activity: dict[str, Any], activity_id: str | None = None) -> Shown:
        """Put an activity into a chat, or another in its place."""
        chat = self._shown.setdefault(conversation_id, {})
        if activity_id is not None and activity_id in chat:
            chat[activity_id].activity = activity
            chat[activity_id].version += 1
            return chat[activity_id]
        new_id = activity_id or self.new_id()
        chat[new_id] = Shown(conversation_id=conversation_id, activity_id=new_id, activity=activity)
        return chat[new_id]

    def new_id(self) -> str:
        """An id such as Teams gives: digits, rising."""
        self._count += 1
        return str(1_700_000_000_000 + self._count)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body: dict[str, Any] = json.loads(raw) if raw else {}
        conversation_id, activity_id = request.match_info["conversation"], request.match_info.get("activity")
        if self.seconds_to_answer:
            await asyncio.sleep(self.seconds_to_answer)
        fault = self._next_fault(conversation_id, request.method)
        status, answer = self._judge(request, body, conversation_id, activity_id) if fault is None else (None, None)
        if fault is not None and fault.is_delivered:
            self._deliver(request.method, body, conversation_id, activity_id)
        self.requests.append(
            Request(
                method=request.method,
                conversation_id=conversation_id,
                activity_id=activity_id,
                body=body,
                authorization=request.headers.get("Authorization", ""),
                status=status if fault is None else fault.status if fault.kind == "answer" else None,
            )
        )
        if fault is not None:
            return await _play(fault, request)
        return web.json_response(answer, status=status or 500)

    def _judge(
        self, request: web.Request, body: dict[str, Any], conversation_id: str, activity_id: str | None
    ) -> tuple[int, object]:
        if self.must_authenticate and not self.entra.is_valid(request.headers.get("Authorization", "")):
            return 401, {"message": "Authorization has been denied for this request."}
        if request.method != "DELETE":
            if body.get("type") is None or (body.get("text") and body.get("attachments")):
                return 400, {"error": {"code": "BadSyntax", "message": "Bad format of the activity."}}
            if len(json.dumps(body, ensure_ascii=False).encode("utf-16-le")) > LARGEST_UTF16:
                return 413, {"error": {"code": "MessageSizeTooBig", "message": "Message size too large."}}
        if activity_id is not None and activity_id not in self._shown.get(conversation_id, {}):
            return 404, {"error": {"code": "ActivityNotFoundInConversation", "message": "Not found."}}
        shown = self._deliver(request.method, body, conversation_id, activity_id)
        return (201 if request.method == "POST" else 200), {"id": shown.activity_id if shown else activity_id}

    def _deliver(
        self, method: str, body: dict[str, Any], conversation_id: str, activity_id: str | None
    ) -> Shown | None:
        if method == "DELETE":
            self._shown.get(conversation_id, {}).pop(activity_id or "", None)
            return None
        return self.show(conversation_id, body, activity_id)

    def _next_fault(self, conversation_id: str, method: str) -> Fault | None:
        for index, (chat, verb, fault) in enumerate(self._faults):
            if chat in {None, conversation_id} and verb in {None, method}:
                del self._faults[index]
                return fault
        return None


async def _play(fault: Fault, request: web.Request) -> web.StreamResponse:
    if fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
    if fault.kind in {"hang", "reset"}:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
    return web.Response(status=fault.status, headers=dict(fault.headers), body=fault.body)


def parts(card: object) -> Iterator[dict[str, Any]]:
    """Every object within a card, outermost first, in the order a person reads."""
    if isinstance(card, dict):
        yield card
        for name in ("body", "items", "columns", "cards", "facts", "inlines", "choices", "rows", "cells", "actions"):
            yield from parts(card.get(name))
        for name in ("card", "selectAction"):
            yield from parts(card.get(name))
    elif isinstance(card, list):
        for element in card:
            yield from parts(element)


def actions(card: object) -> list[dict[str, Any]]:
    """Every action on a card, in order."""
    return [element for element in parts(card) if str(element.get("type", "")).startswith("Action.")]


def _words(card: object) -> Iterator[str]:
    for element in parts(card):
        for name in ("text", "title", "label", "value", "errorMessage", "placeholder"):
            word = element.get(name)
            if isinstance(word, str) and word:
                yield word
