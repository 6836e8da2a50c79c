"""The adapter keeps what botbuilder offers above it: middleware around every turn, and the turn context's verbs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from botbuilder.core import TurnContext
from botbuilder.schema import Activity

from bot.teams import adapter
from casework import ports
from tests.bot.teams.running import usher
from tests.teams_service import faults


class Typing:
    """Middleware that shows "typing" before each turn."""

    async def on_turn(self, context: TurnContext, logic: Callable[[], Awaitable[object]]) -> object:
        await context.send_activity(Activity(type="typing"))
        return await logic()


async def test_middleware_runs_around_the_turn_and_may_send() -> None:
    async with usher() as running:
        running.edge.adapter.use(Typing())
        ann = running.teams.person(name="Ann")

        await ann.says("hello")
        await ann.clicks(ann.latest, "Go")

        assert [shown.activity["type"] for shown in ann.inbox] == ["typing", "message", "typing"]
        assert ann.inbox[1].words.startswith("You clicked: echo.go")


async def test_middleware_that_fails_does_not_fail_the_request() -> None:
    class Broken:
        async def on_turn(self, context: TurnContext, logic: Callable[[], Awaitable[object]]) -> object:
            raise RuntimeError("Alice Example")

    async with usher() as running:
        running.edge.adapter.use(Broken())
        ann = running.teams.person(name="Ann")

        message = await ann.says("hello")
        invoke = await running.teams.post(running.teams.activity(ann, "invoke") | {"name": "adaptiveCard/action"})

        assert (message.status, message.body, invoke.status, invoke.body) == (200, None, 200, {})


class Deleting:
    """Middleware that sends a card, changes it, and takes it away again."""

    async def on_turn(self, context: TurnContext, logic: Callable[[], Awaitable[object]]) -> object:
        sent = await context.send_activity(adapter.outgoing(ports.Message(summary="one")))
        changed = adapter.outgoing(ports.Message(summary="two"))
        changed.id = sent.id
        await context.update_activity(changed)
        await context.delete_activity(sent.id)
        return None


async def test_the_turn_contexts_verbs_reach_teams() -> None:
    async with usher() as running:
        running.edge.adapter.use(Deleting())
        ann = running.teams.person(name="Ann")

        await ann.says("hello")

        assert [(request.method, request.body.get("summary")) for request in running.teams.requests] == [
            ("POST", "one"),
            ("PUT", "two"),
            ("DELETE", None),
        ]
        assert ann.inbox == []


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (faults.forbidden(), ports.Refused(code="not_in_roster", closes_address=True)),
        (faults.server_error(502), ports.Unknown("http_502")),
    ],
)
async def test_what_teams_does_not_take_is_raised_with_its_outcome(
    fault: faults.Fault, outcome: ports.Refused | ports.Unknown
) -> None:
    caught: list[adapter.SendFailed] = []

    class Catching:
        async def on_turn(self, context: TurnContext, logic: Callable[[], Awaitable[object]]) -> object:
            try:
                await context.send_activity(adapter.outgoing(ports.Message(summary="one")))
            except adapter.SendFailed as failure:
                caught.append(failure)
            return None

    async with usher() as running:
        running.edge.adapter.use(Catching())
        running.teams.fail(fault)

        await running.teams.person(name="Ann").says("hello")

        assert [failure.outcome for failure in caught] == [outcome]
