"""Usher's edge over HTTP against the fake Teams, with a front desk of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bot import config
from bot.teams import edge as teams_edge
from bot.web import health, messages, server
from tests.bot.teams.fronts import Echo
from tests.teams_service import FakeTeams, RealClock


@dataclass(frozen=True)
class Running:
    """All parts of a running edge; `origin` is where it listens."""

    teams: FakeTeams
    front: Echo
    edge: teams_edge.Edge
    settings: config.Settings
    session: aiohttp.ClientSession
    origin: str


@asynccontextmanager
async def usher(
    front: Echo | None = None,
    *,
    production: bool = False,
    signed: bool = False,
    borne: messages.Limits | None = None,
    probes: Sequence[health.Probe] = (),
    **environ: str,
) -> AsyncIterator[Running]:
    """Start both, stop both. `environ` adds to the settings."""
    desk = front or Echo()
    async with FakeTeams(production=production, signed=signed) as teams, teams.session() as session:
        settings = config.Settings.from_env(teams.environ(**environ))
        built = teams_edge.build_edge(settings, desk, session, RealClock(), teams.entra_http())
        app = server.create_app(built, probes, settings.metrics_token, borne=borne)
        origin = await teams.serve(app)
        try:
            yield Running(teams, desk, built, settings, session, origin)
        finally:
            await built.close()
