"""The wire to the Bot Connector: one request, one answer, told as one of three outcomes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from time import perf_counter
from typing import Literal
from urllib.parse import quote
from weakref import WeakValueDictionary

import aiohttp
from yarl import URL

from bot import observability
from bot.teams import entra, service_urls
from casework import ports

# `connect` covers waiting for a free connection as well: past that point the request is on its way
TIMEOUT = aiohttp.ClientTimeout(total=15, connect=7)
LONGEST_WAIT_SECONDS = 15 * 60.0
LARGEST_ANSWER = 64 * 1024
# how long to leave Teams alone where it names no time of its own
WAIT_SECONDS = {"throttled": 5.0, "conflict": 1.0, "unreachable": 5.0, "no_token": 15.0, "unauthorized": 300.0}
_SUB_CODES = {
    "ConversationBlockedByUser": "blocked",
    "MessageWritesBlocked": "blocked",
    "BotNotInConversationRoster": "not_in_roster",
    "BotDisabledByAdmin": "disabled_by_admin",
}
_LOST_CONVERSATION = frozenset({"ConversationNotFound", "BotNotInConversationRoster"})

Method = Literal["POST", "PUT", "DELETE"]
_log = observability.get_logger(__name__)


class Connector:
    """Sends one JSON activity at a time into one chat; writes into the same chat wait for one another (412).

    Nothing is repeated except once after a 401, which delivers nothing.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: entra.Tokens,
        allowed: service_urls.ServiceUrls,
        clock: ports.Clock,
    ) -> None:
        self._session = session
        self._tokens = tokens
        self._allowed = allowed
        self._clock = clock
        self._chats: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def post(self, service_url: str, conversation_id: str, activity: Mapping[str, object]) -> ports.Outcome:
        """Put a new activity into the chat."""
        return await self._request("POST", service_url, conversation_id, None, activity)

    async def put(
        self, service_url: str, conversation_id: str, activity_id: str, activity: Mapping[str, object]
    ) -> ports.Outcome:
        """Replace an activity already in the chat."""
        return await self._request("PUT", service_url, conversation_id, activity_id, activity)

    async def delete(self, service_url: str, conversation_id: str, activity_id: str) -> ports.Outcome:
        """Take an activity out of the chat."""
        return await self._request("DELETE", service_url, conversation_id, activity_id, None)

    async def _request(
        self,
        method: Method,
        service_url: str,
        conversation_id: str,
        activity_id: str | None,
        activity: Mapping[str, object] | None,
    ) -> ports.Outcome:
        started = perf_counter()
        url = self._url(service_url, conversation_id, activity_id)
        try:
            body = b"" if activity is None else json.dumps(activity, separators=(",", ":")).encode()
        except (TypeError, ValueError, RecursionError) as error:
            _log.error("activity_not_json", **observability.describe(error))
            return _told(method, ports.Refused(code="rejected"))
        if url is None:
            return _told(method, ports.Refused(code="bad_address"))
        lock = self._chats.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            outcome = await self._authorised(method, url, body)
        observability.SEND_SECONDS.labels(method).observe(perf_counter() - started)
        return _told(method, outcome)

    def _url(self, service_url: str, conversation_id: str, activity_id: str | None) -> URL | None:
        ids = [conversation_id] if activity_id is None else [conversation_id, activity_id]
        if not self._allowed.allows(service_url) or any(part in {"", ".", ".."} for part in ids):
            return None
        try:
            parts = [quote(part, safe="") for part in ids]
        except UnicodeEncodeError:
            return None
        path = f"{parts[0]}/activities" if activity_id is None else "/activities/".join(parts)
        return URL(f"{service_url.rstrip('/')}/v3/conversations/{path}", encoded=True)

    async def _authorised(self, method: Method, url: URL, body: bytes) -> ports.Outcome:
        try:
            token = await self._tokens.token()
            outcome = await self._once(method, url, body, token)
            if token is not None and _is_unauthorised(outcome):
                fresh = await self._tokens.renew(token)
                if fresh != token:
                    outcome = await self._once(method, url, body, fresh)
        except entra.TokenError:
            return _refused("no_token")
        return outcome

    async def _once(self, method: Method, url: URL, body: bytes, token: str | None) -> ports.Outcome:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, allow_redirects=False, timeout=TIMEOUT
            ) as answer:
                return await self._read(method, answer)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            _log.warning("connector_unreachable", **observability.describe(error))
            return _refused("unreachable")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return ports.Unknown(type(error).__name__)

    async def _read(self, method: Method, answer: aiohttp.ClientResponse) -> ports.Outcome:
        try:
            document = _object(await _beginning(answer))
        except (aiohttp.ClientError, TimeoutError, OSError):
            # the status alone has decided; only the id, or the reason, is lost
            document = {}
        if 200 <= answer.status < 300:
            activity_id = document.get("id")
            return ports.Accepted(activity_id if isinstance(activity_id, str) and activity_id else None)
        return _judge(answer.status, method, document, self._retry_after(answer.headers.get("Retry-After")))

    def _retry_after(self, header: str | None) -> float | None:
        if header is None:
            return None
        try:
            seconds = float(header)
        except ValueError:
            try:
                until = parsedate_to_datetime(header)
            except (ValueError, TypeError, OverflowError):
                return None
            aware = until if until.tzinfo else until.replace(tzinfo=UTC)
            seconds = (aware - self._clock.now()).total_seconds()
        return min(seconds, LONGEST_WAIT_SECONDS) if seconds > 0 else None


def _judge(status: int, method: Method, document: Mapping[str, object], wait: float | None) -> ports.Outcome:
    codes = _codes(document)
    if status == 429:
        return ports.Refused(code="throttled", retry_after=wait or WAIT_SECONDS["throttled"])
    if status == 408 or status >= 500 or status < 200:
        return ports.Unknown(f"http_{status}")
    if status == 401:
        return _refused("unauthorized")
    if status == 403:
        code = next((_SUB_CODES[code] for code in codes if code in _SUB_CODES), "forbidden")
        return ports.Refused(code=code, closes_address=True)
    if status in {404, 410}:
        # a card that is gone from a chat says nothing against the chat
        if method != "POST" and not codes & _LOST_CONVERSATION:
            return ports.Refused(code="activity_not_found")
        return ports.Refused(code="not_found", closes_address=True)
    if status == 412:
        return ports.Refused(code="conflict", retry_after=wait or WAIT_SECONDS["conflict"])
    if status == 413:
        return ports.Refused(code="too_large")
    if 300 <= status < 400:
        return ports.Refused(code="redirected")
    return ports.Refused(code="rejected")


def _codes(document: object, depth: int = 0) -> set[str]:
    """Every `code` and `subCode` of an error answer, which Teams nests and at times wraps as JSON within a string."""
    if isinstance(document, str) and document.lstrip().startswith("{"):
        document = _object(document.encode(errors="replace"))
    if not isinstance(document, dict) or depth > 4:
        return set()
    found = {value for key, value in document.items() if key in {"code", "subCode"} and isinstance(value, str)}
    for key in ("error", "message", "innerHttpError", "body", "errorMessage"):
        found |= _codes(document.get(key), depth + 1)
    return found


def _object(body: bytes) -> dict[str, object]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if isinstance(document, str):
        return _object(document.encode(errors="replace")) if document.lstrip().startswith("{") else {}
    return document if isinstance(document, dict) else {}


async def _beginning(answer: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            answer.close()
            return b""
    return body


def _refused(code: str) -> ports.Refused:
    return ports.Refused(code=code, retry_after=WAIT_SECONDS[code])


def _is_unauthorised(outcome: ports.Outcome) -> bool:
    return isinstance(outcome, ports.Refused) and outcome.code == "unauthorized"


def _told(method: Method, outcome: ports.Outcome) -> ports.Outcome:
    match outcome:
        case ports.Accepted():
            word = "accepted"
        case ports.Unknown(reason):
            word = "unknown"
            _log.warning("send_unknown", kind=method, reason=reason)
        case ports.Refused(code=code):
            word = code
            # nobody gets anything while the Connector does not know us, or an address is not one of Teams'
            level = "error" if code in {"unauthorized", "bad_address", "redirected"} else "warning"
            getattr(_log, level)("send_refused", kind=method, code=code)
    observability.SENDS.labels(method, word).inc()
    return outcome
