"""The ticker's stop: a job that runs just then ends quietly, and nothing calls it a fault."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

import pytest

from casework.db.uow import Database
from casework.services.context import Context
from scheduler import engine, jobs
from scheduler.delivery import Drain
from scheduler.shift import Shift
from tests.fakes import FakeMessenger


async def test_a_job_that_runs_when_the_ticker_stops_is_no_fault(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = asyncio.Event()

    async def long(shift: Shift) -> int:
        began.set()
        await asyncio.sleep(60)
        return 0

    job = replace(jobs.JOBS[0], every_seconds=0.01, run=long)
    monkeypatch.setattr(engine, "JOBS", (job,))
    context = Context(database)
    shift = Shift(context=context, clock=database.clock, drain=Drain(context, FakeMessenger()))

    with caplog.at_level(logging.WARNING):
        ticker = engine.start(shift)
        await asyncio.wait_for(began.wait(), 5)
        ticker.shutdown(wait=False)
        await asyncio.sleep(0.05)

    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
