"""The application as a whole: its routes, constant answers to all else, no banner, and no patience without end."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiohttp import web

from bot.web import messages, server
from tests.bot.teams.running import Running, usher


class Nobody:
    """Turns that are never asked for."""

    async def admit(self, authorization: str, body: object) -> bool:
        raise RuntimeError("Alice Example")

    async def process(self, body: object) -> messages.TurnAnswer:
        raise RuntimeError("Alice Example")


async def get(running: Running, path: str) -> tuple[int, object]:
    async with running.session.get(running.origin + path) as answer:
        return answer.status, await answer.json()


def test_routes_say_what_they_ask_of_their_caller() -> None:
    table = [(route.method, route.path, route.authentication.name) for route in server.routes(Nobody(), [], None)]

    assert table == [
        ("POST", "/api/messages", "TEAMS"),
        ("GET", "/health/live", "NONE"),
        ("GET", "/health/ready", "NONE"),
        ("GET", "/metrics", "OPERATOR"),
    ]


def test_every_route_of_the_application_is_in_the_table() -> None:
    app = server.create_app(Nobody())

    served = {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource}
    table = {(route.method, route.path) for route in server.routes(Nobody(), [], None)}
    assert served - {("HEAD", path) for _, path in table} == table


@pytest.mark.parametrize(
    "path", ["/", "/api", "/api/messages/x", "/.env", "/metrics/", "/health", "/%2e%2e/etc/passwd"]
)
async def test_there_is_no_other_page(path: str) -> None:
    async with usher() as running:
        assert await get(running, path) == (404, {"error": "not found"})


@pytest.mark.parametrize("path", ["/", "/health/live", "/metrics"])
async def test_no_answer_names_the_server_or_its_version(path: str) -> None:
    async with usher() as running, running.session.get(running.origin + path) as answer:
        assert answer.headers["Server"] == "Usher"
        assert {"X-Powered-By", "X-AspNet-Version"} & set(answer.headers) == set()


async def test_a_malformed_request_is_answered_without_a_version() -> None:
    async with usher() as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(running.origin.rsplit(":", 1)[1]))
        writer.write(b"NONSENSE\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 30)
        writer.close()
        await writer.wait_closed()

        assert (answer.split(b" ")[1], b"Python" in answer, b"aiohttp" in answer) == (b"400", False, False)


async def test_a_failure_is_a_reference_and_no_words() -> None:
    async def fails(_: web.Request) -> web.StreamResponse:
        raise RuntimeError("Alice Example")

    async with usher() as running:
        more = [server.Route("GET", "/fails", server.Authentication.NONE, fails)]
        origin = await running.teams.serve(server.create_app(Nobody(), more=more))
        async with running.session.get(f"{origin}/fails") as answer:
            body = await answer.json()

        assert (answer.status, sorted(body), body["error"], len(body["reference"])) == (
            *(500, ["error", "reference"], "failed", 9),
        )


async def test_a_head_that_drips_in_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "SECONDS_FOR_A_HEAD", 0.2)
    async with usher() as running:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(running.origin.rsplit(":", 1)[1]))

        async def drip() -> None:
            while True:
                writer.write(b"X-A: b\r\n")
                await asyncio.sleep(0.02)

        writer.write(b"POST /api/messages HTTP/1.1\r\n")
        dripping = asyncio.create_task(drip())
        started = time.monotonic()
        answer = await asyncio.wait_for(reader.read(), 30)
        took = time.monotonic() - started
        dripping.cancel()
        writer.close()

        assert (answer, took < 20) == (b"", True)
