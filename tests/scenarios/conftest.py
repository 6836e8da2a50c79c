"""Councils on each engine in turn, for scenarios that must hold on both."""

from __future__ import annotations

import asyncio
import contextlib
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import ENGINES, IS_LONG, postgres_copy, postgres_keep
from tests.scenarios.council import BEFORE, MONDAY_AFTERNOON, Council, open_council

Opener = Callable[[datetime], AbstractAsyncContextManager[Council]]


# of the many scenarios about NTKs and panels one in so many runs on PostgreSQL too in a short run; a long one runs all
SHARE = 12
ALWAYS_ON_BOTH = ("test_ntk_of_the_trade.py", "test_ntk_proof.py", "test_panels_of_the_trade.py")
SHARED = ("test_ntk_", "test_panel_")
# a month of every panel takes long: on PostgreSQL in a long run only
LONGEST = "test_panel_month.py"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, in a short run, most of the scenarios on PostgreSQL every time, by the name's sum."""
    left_out = [] if IS_LONG else [item for item in items if _is_left_out(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def _is_left_out(item: pytest.Item) -> bool:
    params = getattr(item, "callspec", None)
    is_second = params is not None and params.params.get("council_at") == "postgresql"
    name = item.path.name
    if not is_second or not name.startswith(SHARED) or name in ALWAYS_ON_BOTH:
        return False
    # a scenario of the trade, said to be one where it stands, is always run on both
    if (getattr(item, "function", None).__doc__ or "").startswith("Scenario"):
        return False
    if name == LONGEST:
        return True
    return zlib.crc32(item.nodeid.encode()) % SHARE != 0


@pytest.fixture(scope="session")
def ready_databases() -> dict[datetime, str]:
    """The PostgreSQL databases as they stand after a first start at some moment, by that moment: to be copied."""
    return {}


@pytest.fixture(params=ENGINES)
def council_at(request: pytest.FixtureRequest, tmp_path: Path, ready_databases: dict[datetime, str]) -> Opener:
    """`async with council_at(now) as council`: on SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        return lambda now: open_council(tmp_path, now=now)
    admin = request.getfixturevalue("postgres")

    @contextlib.asynccontextmanager
    async def opened(now: datetime) -> AsyncIterator[Council]:
        if now not in ready_databases:
            name = f"ready_{len(ready_databases)}"
            with postgres_copy(admin, "template_usher") as url:
                async with open_council(tmp_path, now=now - BEFORE, database_url=url):
                    pass
                await asyncio.to_thread(postgres_keep, admin, url, name)
            ready_databases[now] = name
        with postgres_copy(admin, ready_databases[now]) as url:
            async with open_council(tmp_path, now=now, database_url=url) as council:
                yield council

    return opened


@pytest.fixture
async def council(council_at: Opener) -> AsyncIterator[Council]:
    """The council on a Monday at 16:50, everybody with Usher in their chat."""
    async with council_at(MONDAY_AFTERNOON) as opened:
        await opened.everybody_installs()
        yield opened
