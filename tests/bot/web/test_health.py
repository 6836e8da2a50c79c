"""Health over HTTP: alive, ready or not, and the reasons for operators' eyes only."""

from __future__ import annotations

import asyncio

import pytest

from bot.web import health
from tests.bot.teams.running import Running, usher

STRANGER = {"X-Forwarded-For": "203.0.113.7"}


async def well() -> str | None:
    return None


async def behind() -> str | None:
    return "behind"


async def broken() -> str | None:
    raise RuntimeError("postgresql://usher:password@db")


async def stuck() -> str | None:
    await asyncio.sleep(60)
    return None


async def get(running: Running, path: str, headers: dict[str, str] | None = None) -> tuple[int, object]:
    async with running.session.get(running.origin + path, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_a_process_that_answers_is_alive_whatever_its_probes_say() -> None:
    async with usher(probes=[health.Probe("database", broken)]) as running:
        assert await get(running, "/health/live") == (200, {"status": "alive"})


async def test_usher_is_ready_when_every_probe_is_content() -> None:
    async with usher(probes=[health.Probe("database", well), health.Probe("outbox", well)]) as running:
        expected = {"status": "ready", "probes": {"database": "ok", "outbox": "ok"}}

        assert await get(running, "/health/ready") == (200, expected)


async def test_usher_is_not_ready_when_one_probe_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "SECONDS_FOR_A_PROBE", 0.05)
    probes = [
        *(health.Probe("database", broken), health.Probe("outbox", behind)),
        *(health.Probe("clock", stuck), health.Probe("ticks", well)),
    ]
    async with usher(probes=probes) as running:
        expected = {"database": "failed", "outbox": "behind", "clock": "slow", "ticks": "ok"}

        assert await get(running, "/health/ready") == (503, {"status": "not ready", "probes": expected})


async def test_a_stranger_learns_only_whether_it_is_ready() -> None:
    async with usher(probes=[health.Probe("outbox", behind)]) as running:
        assert await get(running, "/health/ready", STRANGER) == (503, {"status": "not ready"})
