"""The one door: whatever is pushed at it, it answers with a constant body and never with a 5xx."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.web import bodies, messages
from casework.domain import buckets
from tests.bot.teams.running import Running, usher
from tests.teams_service.service import Answer

EXAMPLES = 50_000 if os.environ.get("USHER_LONG") == "1" else 200
GENEROUS = messages.Limits(refused=buckets.Rate(1e9, 1e9), chat=buckets.Rate(1e9, 1e9))
BAD = (400, {"error": "bad request"})


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"a": NaN}', b'{"a":1,"a":1}', b"\xef\xbb\xbf{}", b"{" * 3000, b"\xff\xfe{\0}\0"],
)
async def test_a_body_that_is_no_clean_object_is_a_bad_request(body: bytes) -> None:
    async with usher() as running:
        answer = await running.teams.post_raw(body)

        assert (answer.status, answer.body, running.front.seen) == (*BAD, [])


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_another_content_type_is_refused(content_type: str) -> None:
    async with usher() as running:
        answer = await running.teams.post_raw(b"{}", content_type=content_type)

        assert (answer.status, answer.body) == (415, {"error": "unsupported media type"})


async def test_a_body_of_256_kib_is_read_and_one_byte_more_is_not() -> None:
    async with usher() as running:
        frame = json.dumps(running.teams.activity(running.teams.person(name="Ann"), "event") | {"x": ""})
        filling = "x" * (bodies.LARGEST_BODY - len(frame))

        full = await running.teams.post_raw(frame.replace('"x": ""', f'"x": "{filling}"').encode())
        over = await running.teams.post_raw(frame.replace('"x": ""', f'"x": "{filling}x"').encode())

        assert (full.status, over.status, over.body) == (200, 413, {"error": "too large"})


async def test_a_compressed_bomb_is_too_large() -> None:
    async with (
        usher() as running,
        running.session.post(
            running.teams.messages_url,
            data=gzip.compress(b'{"a":"' + b"x" * 50_000_000 + b'"}'),
            headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
        ) as answer,
    ):
        assert (answer.status, await answer.json()) == (413, {"error": "too large"})


async def raw(running: Running, request: bytes) -> bytes:
    """What comes back on a bare connection until it is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(running.origin.rsplit(":", 1)[1]))
    try:
        writer.write(request)
        await writer.drain()
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


HEAD = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (HEAD + b"Content-Length: 300000\r\n\r\n", b"413"),
        (HEAD + b"Content-Length: -1\r\n\r\n{}", b"400"),
        (HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x", b"400"),
        (HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", b"400"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", b"400"),
        (
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"40000\r\n" + b" " * 0x40000 + b"\r\n1\r\n \r\n0\r\n\r\n",
            b"413",
        ),
        (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", b"400"),
    ],
    ids=["too long", "negative", "two lengths", "length and chunks", "bad chunk", "many chunks", "not gzip"],
)
async def test_a_malformed_request_is_refused_without_a_5xx(request_bytes: bytes, status: bytes) -> None:
    async with usher() as running:
        answer = await raw(running, request_bytes)

        assert answer.split(b" ")[1] == status


async def test_a_body_that_drips_in_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "SECONDS_TO_ARRIVE", 0.2)
    async with usher() as running:
        answer = await raw(running, HEAD + b"Content-Length: 10\r\n\r\n{")
        others = await running.teams.person(name="Ann").says("hello")

        assert (answer.split(b" ")[1], others.status) == (b"408", 200)


async def test_refused_requests_of_one_address_are_slowed_down_before_their_tokens_are_read() -> None:
    borne = messages.Limits(refused=buckets.Rate(burst=3, per_second=0))
    async with usher(production=True, borne=borne) as running:
        message = running.teams.activity(running.teams.person(name="Ann"), "message") | {"text": "x"}

        statuses = [(await running.teams.post(message, authorization="Bearer x.y.z")).status for _ in range(5)]

        assert statuses == [401, 401, 401, 429, 429]


async def test_good_requests_take_nothing_from_the_bucket_of_refusals() -> None:
    borne = messages.Limits(refused=buckets.Rate(burst=1, per_second=0))
    async with usher(borne=borne) as running:
        ann = running.teams.person(name="Ann")

        statuses = [(await ann.says("x")).status for _ in range(5)]

        assert statuses == [200] * 5


async def test_only_post_is_served() -> None:
    async with usher() as running:
        statuses = []
        for method in ("GET", "PUT", "DELETE", "OPTIONS", "PATCH"):
            async with running.session.request(method, running.teams.messages_url) as answer:
                statuses.append((answer.status, await answer.json()))

        assert statuses == [(405, {"error": "method not allowed"})] * 5


async def test_two_hundred_turns_at_once_are_all_answered() -> None:
    async with usher(production=True, borne=GENEROUS) as running:
        people = [running.teams.person(name=f"Person {number}") for number in range(20)]

        for _ in range(10):
            await asyncio.gather(*(person.says("hello") for person in people))

        assert len(running.front.seen) == 200
        assert [len(person.inbox) for person in people] == [10] * 20


# fuzzing: any activity, mutated anywhere


@dataclass
class Door:
    """A running edge that plain functions may post to."""

    running: Running
    runner: asyncio.Runner

    def post(self, body: bytes) -> Answer:
        return self.runner.run(self.running.teams.post_raw(body))


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    with asyncio.Runner() as runner:
        context = usher(borne=GENEROUS)
        running = runner.run(context.__aenter__())
        yield Door(running, runner)
        runner.run(context.__aexit__(None, None, None))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KINDS = ["message", "invoke", "conversationUpdate", "installationUpdate"]


def paths(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [so_far] if so_far else []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in children:
        found += paths(held, (*so_far, key))
    return found


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """A real activity of some kind, with up to four of its parts replaced, removed or doubled into others."""
    action = {"type": "Action.Execute", "verb": "ntk.ack", "data": {"item": "7"}}
    activity: dict[str, Any] = {
        "type": draw(st.sampled_from(KINDS)),
        "id": "1",
        "name": "adaptiveCard/action",
        "action": "add",
        "text": "<at>Usher</at> raise",
        "channelId": "msteams",
        "serviceUrl": "SERVICE",
        "from": {"id": "29:a", "aadObjectId": "99999999-8888-4777-8666-555555555555"},
        "conversation": {"id": "a:fuzz", "conversationType": "personal", "tenantId": "t"},
        "recipient": {"id": "28:b"},
        "entities": [{"type": "mention", "text": "<at>Usher</at>", "mentioned": {"id": "28:b"}}],
        "channelData": {"tenant": {"id": "t"}},
        "membersAdded": [{"id": "28:b"}],
        "value": {"action": action, "trigger": "manual"},
        "replyToId": "2",
    }
    activity = copy.deepcopy(activity)
    for _ in range(draw(st.integers(0, 4))):
        path = draw(st.sampled_from(paths(activity)))
        holder: Any = activity
        for key in path[:-1]:
            holder = holder[key]
        if draw(st.booleans()):
            holder[path[-1]] = draw(ANYTHING)
        elif isinstance(holder, dict):
            del holder[path[-1]]
    return activity


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_no_mutated_activity_is_answered_with_a_failure(door: Door, activity: dict[str, Any]) -> None:
    if activity.get("serviceUrl") == "SERVICE":
        activity["serviceUrl"] = door.running.teams.service_url
    door.running.front.seen.clear()

    answer = door.post(json.dumps(activity).encode())

    assert answer.status in {200, 400, 401}
    if answer.status != 200:
        assert door.running.front.seen == []


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_are_answered_with_a_failure(door: Door, body: bytes) -> None:
    assert door.post(body).status in {400, 401}
