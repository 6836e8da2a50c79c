"""What the fake Bot Connector can be told to do instead of answering well."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One answer that is not the usual one. `is_delivered`: the message reaches the chat all the same."""

    kind: Literal["answer", "hang", "reset"] = "answer"
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_delivered: bool = False
    seconds: float = 60.0


def answers(
    status: int, body: object = None, *, is_delivered: bool = False, headers: Mapping[str, str] | None = None
) -> Fault:
    """Any status, with a JSON body, or bytes as they are."""
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Fault(status=status, body=raw, headers=headers or {}, is_delivered=is_delivered)


def throttled(retry_after: str | None = None) -> Fault:
    """429, with a Retry-After header where given."""
    return answers(429, _error("TooManyRequests"), headers={} if retry_after is None else {"Retry-After": retry_after})


def forbidden(code: str = "BotNotInConversationRoster") -> Fault:
    """403 with Teams' code."""
    return answers(403, _error(code))


def writes_blocked() -> Fault:
    """403 as Teams words a blocked bot: JSON within a string within JSON."""
    inner = json.dumps({"subCode": "MessageWritesBlocked", "details": "Thread doesn't allow writes"})
    return answers(403, {"error": {"code": "Forbidden", "message": inner}})


def not_found(code: str = "ConversationNotFound") -> Fault:
    """404 with Teams' code."""
    return answers(404, _error(code))


def conflict() -> Fault:
    """412: two writes into one chat at once."""
    return answers(412, _error("PreconditionFailed"))


def too_large() -> Fault:
    """413."""
    return answers(413, _error("MessageSizeTooBig"))


def server_error(status: int = 503, *, is_delivered: bool = False) -> Fault:
    """A 5xx (or 408), behind which the message may have been delivered."""
    return answers(status, b"<html>Service unavailable</html>", is_delivered=is_delivered)


def hangs(*, is_delivered: bool = True, seconds: float = 60.0) -> Fault:
    """No answer within any time limit."""
    return Fault(kind="hang", is_delivered=is_delivered, seconds=seconds)


def reset(*, is_delivered: bool = True) -> Fault:
    """The connection breaks before the answer."""
    return Fault(kind="reset", is_delivered=is_delivered)


def redirect(to: str) -> Fault:
    """307 to somewhere else."""
    return answers(307, headers={"Location": to})


def accepted(body: object = None, status: int = 201) -> Fault:
    """Delivered, with an answer of your own: no id, HTML, nothing at all."""
    return answers(status, body, is_delivered=True)


def _error(code: str) -> dict[str, object]:
    return {"error": {"code": code, "message": f"{code}."}}
