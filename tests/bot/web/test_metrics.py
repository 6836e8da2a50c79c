"""Figures over HTTP: for this machine and holders of the token; for all others there is no such page."""

from __future__ import annotations

import pytest

from tests.bot.teams.running import Running, usher

TOKEN = "a long metrics token"
NO_PAGE = (404, '{"error": "not found"}')
FORWARDED = [{"X-Forwarded-For": "203.0.113.7"}, {"Forwarded": "for=203.0.113.7"}, {"X-Real-IP": "x"}, {"Via": "1.1 x"}]


async def get(running: Running, headers: dict[str, str] | None = None) -> tuple[int, str]:
    async with running.session.get(f"{running.origin}/metrics", headers=headers) as answer:
        return answer.status, await answer.text()


async def test_figures_are_told_to_this_machine() -> None:
    async with usher() as running:
        await running.teams.person(name="Ann").says("hello")

        status, text = await get(running)

        figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        assert status == 200
        assert float(figures['usher_turns_total{kind="said",outcome="ok"}']) >= 1
        assert float(figures['usher_sends_total{kind="POST",outcome="accepted"}']) >= 1


@pytest.mark.parametrize("header", FORWARDED, ids=lambda header: next(iter(header)))
@pytest.mark.parametrize("token", ["", TOKEN])
async def test_a_stranger_behind_a_proxy_on_this_machine_finds_no_page(header: dict[str, str], token: str) -> None:
    async with usher(USHER_METRICS_TOKEN=token) as running:
        assert await get(running, header) == NO_PAGE
        assert await get(running, header | {"Authorization": "Bearer another token"}) == NO_PAGE
        assert await get(running, header | {"Authorization": "Bearer "}) == NO_PAGE


async def test_the_token_opens_from_anywhere() -> None:
    async with usher(USHER_METRICS_TOKEN=TOKEN) as running:
        status, _ = await get(running, FORWARDED[0] | {"Authorization": f"Bearer {TOKEN}"})

        assert status == 200


async def test_figures_name_no_versions_and_no_people() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        await ann.says("Alice Example fell")

        _, text = await get(running)

        words = ("python", "aiohttp", "Alice", ann.conversation_id, ann.member_id, str(ann.entra_object_id))
        assert [word for word in words if word in text] == []
