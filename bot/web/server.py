"""The HTTP application: every route with what it asks of its caller, and constant answers to everything else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web, web_response
from pydantic import SecretStr

from bot import observability
from bot.web import bodies, health, messages, metrics, operators

SECONDS_FOR_A_HEAD = 30.0
# aiohttp names itself, its version and Python's, in answers to requests too broken to reach a middleware as well
web_response.SERVER_SOFTWARE = "Usher"  # type: ignore[attr-defined]  # not exported, and there is no setting for it

_log = observability.get_logger(__name__)


class Authentication(StrEnum):
    """What a route asks of its caller."""

    TEAMS = "a token signed by Bot Framework (development without an app id: none, on this machine only)"
    OPERATOR = "from this machine, or the operators' token"
    UNGUESSABLE = "an address nobody can guess"
    NONE = "nothing: it tells nothing"


@dataclass(frozen=True, slots=True)
class Route:
    """One route, and how it is guarded."""

    method: str
    path: str
    authentication: Authentication
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(
    turns: messages.Turns,
    probes: Sequence[health.Probe],
    metrics_token: SecretStr | None,
    borne: messages.Limits | None = None,
) -> list[Route]:
    """Every route Usher serves of itself, sorted by path."""
    operator = operators.Operator(metrics_token)
    return [
        Route("POST", "/api/messages", Authentication.TEAMS, messages.Messages(turns, borne).answer),
        Route("GET", "/health/live", Authentication.NONE, health.live),
        Route("GET", "/health/ready", Authentication.NONE, health.Ready(probes, operator).answer),
        Route("GET", "/metrics", Authentication.OPERATOR, metrics.Metrics(operator).answer),
    ]


def create_app(
    turns: messages.Turns,
    probes: Sequence[health.Probe] = (),
    metrics_token: SecretStr | None = None,
    *,
    more: Sequence[Route] = (),
    borne: messages.Limits | None = None,
) -> web.Application:
    """The application over `turns`, ready to run. `more` are further routes, such as feeds."""
    app = web.Application(client_max_size=bodies.LARGEST_BODY, middlewares=[_constant_errors])
    for route in [*routes(turns, probes, metrics_token, borne), *more]:
        app.router.add_route(route.method, route.path, route.handler)
    return app


async def listen(app: web.Application, host: str, port: int, seconds_to_finish: float = 10.0) -> web.AppRunner:
    """Serve `app`; the runner's `cleanup` ends it, giving turns under way that long. Port 0 takes any free one.

    A connection on which no whole request head has come within `SECONDS_FOR_A_HEAD` is closed (slow-loris).
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        keepalive_timeout=SECONDS_FOR_A_HEAD,
        # how long the rest of a refused body is still taken in, so that its sender reads the refusal
        lingering_time=2.0,
        shutdown_timeout=seconds_to_finish,
    )
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


@web.middleware
async def _constant_errors(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        return web.json_response({"error": refusal.reason.lower()}, status=refusal.status)
    # the last resort of all: a reference for the log, and not a word about what happened
    except Exception:
        reference = observability.new_correlation_id()
        with observability.correlated(reference):
            _log.exception("request_failed")
        return web.json_response({"error": "failed", "reference": reference}, status=500)
