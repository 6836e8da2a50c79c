"""Proof: what should have happened is worked out again, every planted gap is found, and the auditor alarms."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Delete, Update, delete, select, update

from bot.config import Settings
from casework.db import ntk
from casework.db.audit import audit
from casework.db.deliveries import deliveries
from casework.db.ntk_events import ntk_events
from casework.db.ntk_prompts import ntk_prompts
from casework.db.ntk_recipients import ntk_recipients
from casework.db.ntk_steps import ntk_steps
from casework.domain.ntk_proof import Line, Verdict
from casework.services import ntk_proving
from scheduler import jobs
from tests.scenarios.council import KEYS, MONDAY_AFTERNOON, Council, open_council

REFERENCE = "NTK-2026-0001"
A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)

Gap = Callable[[], Delete | Update]


async def lived(council: Council) -> None:
    """A level 1 that only the team manager acknowledges, two days on: reminders, escalations, alarm, chased updates."""
    await council.raises("sam")
    await council.send_all()
    tara = council.person("tara")
    await tara.clicks(tara.card(f"Need-to-know {REFERENCE}"), "Acknowledge")
    await council.at(MONDAY_AFTERNOON + 2 * A_DAY)


async def proved(council: Council) -> tuple[Line, ...]:
    proof = await ntk_proving.prove(council.parts.context, reference=REFERENCE)
    assert proof is not None
    return proof.lines


async def missing(council: Council) -> list[str]:
    return sorted(line.what for line in await proved(council) if line.verdict is Verdict.MISSING)


async def plant(council: Council, gap: Delete | Update) -> None:
    async with council.parts.context.database.writing() as work:
        done = await work.connection.execute(gap)
        assert done.rowcount > 0


async def test_a_whole_record_has_every_step_and_no_gap(council: Council) -> None:
    await lived(council)

    lines = await proved(council)

    assert [line.what for line in lines if line.verdict is Verdict.MISSING] == []
    done = {line.what for line in lines if line.verdict is Verdict.DONE}
    assert {"card to TM, line", "remind SM", "above HOS", "update asked for", "reminder of SIN"} <= done
    assert {line.what for line in lines if line.verdict is Verdict.NOT_NEEDED} >= {"remind TM", "alarm TM"}
    assert {line.who for line in lines if line.what == "acknowledged"} == {"Tara Whitfield"}


GAPS: dict[str, tuple[Gap, list[str]]] = {
    "a step's row is gone": (
        lambda: delete(ntk_steps).where(ntk_steps.c.tier == "SM", ntk_steps.c.do == "remind"),
        ["remind SM"],
    ),
    "a step was never run": (
        lambda: (
            update(ntk_steps)
            .where(ntk_steps.c.tier == "SM", ntk_steps.c.do == "above")
            .values(state="set", done_at=None)
        ),
        ["above SM"],
    ),
    "a step was called off without a reason": (
        lambda: (
            update(ntk_steps).where(ntk_steps.c.tier == "DIR", ntk_steps.c.do == "remind").values(state="cancelled")
        ),
        ["remind DIR"],
    ),
    "a card was never sent": (
        lambda: delete(deliveries).where(
            deliveries.c.kind == "ntk_new",
            deliveries.c.person_id.in_(select(ntk_recipients.c.person_id).where(ntk_recipients.c.tier == "ALSO")),
        ),
        ["card to ALSO, role", "card to ALSO, role"],
    ),
    "the reminders a step says it sent are gone": (
        lambda: delete(deliveries).where(deliveries.c.kind == "ntk_reminder"),
        ["the cards of: remind AD", "the cards of: remind DIR", "the cards of: remind HOS", "the cards of: remind SM"],
    ),
    "somebody was taken out of the chain": (
        lambda: delete(ntk_recipients).where(ntk_recipients.c.tier == "AD"),
        ["1 of the 7 people of its chain"],
    ),
    "an outside clock is gone": (
        lambda: delete(ntk_prompts).where(ntk_prompts.c.code == "RAPID"),
        ["the clock RAPID"],
    ),
}


async def test_each_planted_gap_is_found(council: Council) -> None:
    await lived(council)

    found = {name: await missing_with(council, gap()) for name, (gap, _) in GAPS.items()}

    assert found == {name: expected for name, (_, expected) in GAPS.items()}


class TakenBack(Exception):
    """Ends a transaction without keeping what was planted in it."""


async def missing_with(council: Council, gap: Delete | Update) -> list[str]:
    """What is missing while the gap is there; afterwards everything is as before."""
    context, found = council.parts.context, list[str]()
    with contextlib.suppress(TakenBack):
        async with context.database.writing() as work:
            await work.connection.execute(delete(deliveries).where(deliveries.c.updates_id.is_not(None)))
            assert (await work.connection.execute(gap)).rowcount > 0
            raised = await ntk.by_reference(work, REFERENCE)
            assert raised is not None
            found = sorted(gap.what for gap in (await ntk_proving.proof_of(context, work, raised)).gaps)
            raise TakenBack
    return found


async def test_an_event_taken_out_of_the_history_is_missed(council: Council) -> None:
    await lived(council)

    await plant(council, delete(ntk_events).where(ntk_events.c.kind == "acknowledged"))

    gone = [line for line in await proved(council) if line.what.startswith("an event the audit trail names")]
    assert len(gone) == 1


async def test_a_step_carried_out_late_says_how_late(council: Council) -> None:
    await council.raises("sam")
    await council.send_all()

    council.clock.forward_to(MONDAY_AFTERNOON + AN_HOUR)
    await council.send_all()

    late = [line for line in await proved(council) if line.what == "remind TM"]
    assert [(line.verdict, line.lateness >= timedelta(minutes=29)) for line in late] == [(Verdict.LATE, True)]


async def test_the_auditor_finds_nothing_wrong_with_what_is_right(council: Council) -> None:
    await lived(council)

    await jobs.prove_ntks(council.parts.shift)
    await council.send_all()

    assert council.parts.shift.unproved == 0
    assert council.who_sees("A step is missing") == []


async def test_the_auditor_alarms_the_administrators_once_a_day(council: Council) -> None:
    await lived(council)
    await plant(council, delete(ntk_steps).where(ntk_steps.c.tier == "SM", ntk_steps.c.do == "remind"))

    for _ in range(3):
        await jobs.prove_ntks(council.parts.shift)
    await council.send_all()

    cards = [shown.words for shown in council.person("sasha").cards if "A step is missing" in shown.words]
    assert council.who_sees("A step is missing") == ["sasha"]
    assert len(cards) == 1
    assert "AB" not in cards[0]
    assert "100101" not in cards[0]
    assert council.parts.shift.unproved == 1


async def test_prove_prints_each_step_and_ends_with_1_where_one_is_missing(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await lived(council)
    environ = command_environ(tmp_path)

    whole = prove(environ, REFERENCE)
    async with open_council(tmp_path, now=MONDAY_AFTERNOON + 2 * A_DAY) as council:
        await plant(council, delete(ntk_steps).where(ntk_steps.c.tier == "SM", ntk_steps.c.do == "remind"))
    broken = prove(environ, REFERENCE)
    unknown = prove(environ, "NTK-2026-0099")

    assert (whole.returncode, broken.returncode, unknown.returncode) == (0, 1, 1)
    assert "Every step is there." in whole.stdout
    assert "remind SM" in broken.stdout
    assert "Steps missing: 1." in broken.stdout
    assert unknown.stdout == "There is no need-to-know NTK-2026-0099.\n"
    for words in ("Found alone", "100101", "AB "):
        assert words not in whole.stdout


async def test_proving_is_written_down(council: Council) -> None:
    await lived(council)

    await proved(council)

    async with council.parts.context.database.reading() as work:
        found = await work.connection.execute(select(audit.c.action).where(audit.c.action == "ntk.proved"))
        assert found.scalars().all() == ["ntk.proved"]


def command_environ(folder: Path) -> dict[str, str]:
    database = f"sqlite:///{folder / 'usher.sqlite3'}"
    given = {"USHER_ENV": "development", "USHER_DATABASE_URL": database, **KEYS}
    Settings.from_env(given)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("USHER_", "Microsoft"))}
    return {**kept, **given}


def prove(environ: dict[str, str], reference: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "ntk", "prove", reference],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
