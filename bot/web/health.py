"""/health: whether the process lives, and whether everything it needs is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot import observability
from bot.web import operators

SECONDS_FOR_A_PROBE = 2.0
_log = observability.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Probe:
    """One thing Usher needs. `check` answers None when it is there, else one short word on what is wrong."""

    name: str
    check: Callable[[], Awaitable[str | None]]


async def live(_: web.Request) -> web.Response:
    """200 as long as the event loop turns."""
    return web.json_response({"status": "alive"})


class Ready:
    """200 when every probe is content, else 503. Which one is not is told to operators only (ASVS 13.4.5)."""

    def __init__(self, probes: Sequence[Probe], operator: operators.Operator) -> None:
        self._probes = tuple(probes)
        self._operator = operator

    async def answer(self, request: web.Request) -> web.Response:
        results = await asyncio.gather(*(_ask(probe) for probe in self._probes))
        wrong = {probe.name: word for probe, word in zip(self._probes, results, strict=True) if word is not None}
        answer: dict[str, object] = {"status": "not ready" if wrong else "ready"}
        if self._operator.sent(request):
            answer["probes"] = {probe.name: wrong.get(probe.name, "ok") for probe in self._probes}
        return web.json_response(answer, status=503 if wrong else 200)


async def _ask(probe: Probe) -> str | None:
    try:
        async with asyncio.timeout(SECONDS_FOR_A_PROBE):
            return await probe.check()
    except TimeoutError:
        return "slow"
    # a probe that fails is an answer, whatever made it fail
    except Exception as error:
        _log.warning("probe_failed", name=probe.name, **observability.describe(error))
        return "failed"
