"""Request bodies: read within limits of size and time, and parsed so that no two readers could disagree."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

LARGEST_BODY = 256 * 1024
DEEPEST = 32


class Unreadable(Exception):
    """The body can't be used. `status` is the HTTP status that says why: 400, 408, 413 or 415."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read_object(request: web.Request, seconds: float) -> dict[str, Any]:
    """The JSON object a request carries, all of it within `seconds`. Raises Unreadable."""
    if request.content_type != "application/json":
        raise Unreadable(415)
    if request.content_length is not None and request.content_length > LARGEST_BODY:
        raise Unreadable(413)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise Unreadable(413)
    except TimeoutError:
        raise Unreadable(408) from None
    # the length or the compression was a lie: aiohttp raises what its parsers raise
    except (web.RequestPayloadError, ConnectionError, ValueError):
        raise Unreadable(400) from None
    return parse_object(bytes(body))


def parse_object(body: bytes) -> dict[str, Any]:
    """A JSON object of UTF-8 bytes. Raises Unreadable(400) for anything else.

    Refused as well: duplicate keys, NaN and Infinity, numbers too large to hold, a byte order mark, NUL and lone
    surrogates in any string, and more than 32 levels.
    """
    try:
        parsed = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite
        )
    except (ValueError, RecursionError):
        raise Unreadable(400) from None
    if not isinstance(parsed, dict):
        raise Unreadable(400)
    # the walk is needed only where the bytes leave room for what it looks for
    if b"\\u" in body or body.count(b"{") + body.count(b"[") > DEEPEST:
        _check(parsed)
    return parsed


def _check(parsed: dict[str, Any]) -> None:
    pending: list[tuple[Any, int]] = [(parsed, 1)]
    while pending:
        value, depth = pending.pop()
        if depth > DEEPEST and isinstance(value, dict | list):
            raise Unreadable(400)
        if isinstance(value, dict):
            pending.extend((key, depth) for key in value)
            pending.extend((held, depth + 1) for held in value.values())
        elif isinstance(value, list):
            pending.extend((held, depth + 1) for held in value)
        elif isinstance(value, str) and ("\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
            raise Unreadable(400)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_constant(_: str) -> float:
    raise ValueError("not a JSON number")


def _finite(number: str) -> float:
    value = float(number)
    if value in {float("inf"), float("-inf")}:
        raise ValueError("number too large")
    return value
