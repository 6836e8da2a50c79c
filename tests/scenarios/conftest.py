"""Councils on each engine in turn, for scenarios that must hold on both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import ENGINES
from tests.scenarios.council import MONDAY_AFTERNOON, Council, open_council

Opener = Callable[[datetime], AbstractAsyncContextManager[Council]]


@pytest.fixture(params=ENGINES)
def council_at(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """`async with council_at(now) as council`: on SQLite, then on PostgreSQL."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return lambda now: open_council(tmp_path, now=now, database_url=url)


@pytest.fixture
async def council(council_at: Opener) -> AsyncIterator[Council]:
    """The council on a Monday at 16:50, everybody with Usher in their chat."""
    async with council_at(MONDAY_AFTERNOON) as opened:
        await opened.everybody_installs()
        yield opened
