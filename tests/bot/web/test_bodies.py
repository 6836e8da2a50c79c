"""Request bodies: only what every JSON reader would read alike."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.web import bodies


def nested(depth: int) -> bytes:
    """An object `depth` levels deep in all."""
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


UNREADABLE: list[tuple[str, bytes]] = [
    ("nothing", b""),
    ("words", b"hello"),
    ("half", b'{"a": 1'),
    ("two", b"{}{}"),
    ("list", b"[]"),
    ("number", b"7"),
    ("null", b"null"),
    ("string", b'"a"'),
    ("NaN", b'{"a": NaN}'),
    ("Infinity", b'{"a": [Infinity]}'),
    ("minus Infinity", b'{"a": -Infinity}'),
    ("infinite by size", b'{"a": 1e999}'),
    ("minus infinite by size", b'{"a": -1e999}'),
    ("integer of 5000 digits", b'{"a": ' + b"9" * 5000 + b"}"),
    ("key twice", b'{"a": 1, "a": 2}'),
    ("key twice by escape", b'{"a": 1, "\\u0061": 2}'),
    ("key twice inside", b'{"b": [{"a": 1, "a": 1}]}'),
    ("byte order mark", b'\xef\xbb\xbf{"a": 1}'),
    ("UTF-16", '{"a": 1}'.encode("utf-16")),
    ("UTF-32", '{"a": 1}'.encode("utf-32-le")),
    ("latin-1", b'{"a": "\xe9"}'),
    ("surrogate as bytes", b'{"a": "\xed\xa0\x80"}'),
    ("surrogate escaped", b'{"a": "\\ud800"}'),
    ("surrogate in a key", b'{"\\udfff": 1}'),
    ("surrogates in wrong order", b'{"a": ["\\udc00\\ud800"]}'),
    ("NUL", b'{"a": "\\u0000"}'),
    ("raw NUL", b'{"a": "\x00"}'),
    ("raw newline", b'{"a": "\n"}'),
    ("trailing comma", b'{"a": 1,}'),
    ("comment", b'{"a": 1} // x'),
    ("33 deep", nested(33)),
    ("33 deep in objects", b'{"a":' * 33 + b"1" + b"}" * 33),
    ("3,000 deep", nested(3000)),
    ("100,000 deep", nested(100_000)),
]  # fmt: skip


@pytest.mark.parametrize("body", [body for _, body in UNREADABLE], ids=[name for name, _ in UNREADABLE])
def test_a_body_of_doubtful_meaning_is_refused(body: bytes) -> None:
    with pytest.raises(bodies.Unreadable) as refused:
        bodies.parse_object(body)

    assert refused.value.status == 400


READABLE: list[tuple[str, dict[str, Any]]] = [
    ("empty", {}),
    ("activity", {"type": "message", "text": "hello", "value": {"a": [1, 2.5, -3, None, True]}}),
    ("emoji as a pair", {"text": "👋 and \U0001f468\u200d\U0001f469"}),
    ("hard cases that are text", {"text": "[[[[{{{{ \u2028 \u202e é \x7f"}),
    ("many objects side by side", {"a": [{"b": number} for number in range(500)]}),
]


@pytest.mark.parametrize("escapes", [True, False])
@pytest.mark.parametrize("held", [held for _, held in READABLE], ids=[name for name, _ in READABLE])
def test_a_body_of_one_meaning_is_read(held: dict[str, Any], escapes: bool) -> None:
    assert bodies.parse_object(json.dumps(held, ensure_ascii=escapes).encode()) == held


def test_a_body_may_be_thirty_two_levels_deep() -> None:
    assert bodies.parse_object(nested(32))["a"][0] == json.loads("[" * 30 + "]" * 30)
