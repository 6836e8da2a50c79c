"""`sittings simulate` as a real command on a real file: a table people read, JSON for machines, faults in words."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import app
from bot.config import Settings
from casework.rulebook import reader
from tests import past_requests
from tests.past_requests import Past
from tests.scenarios.council import KEYS
from tests.teams_service.service import TENANT_ID

NOVEMBER = ("--from", "2026-11-01", "--to", "2026-11-29")


def environ_of(folder: Path) -> dict[str, str]:
    url = f"sqlite:///{folder / 'usher.sqlite3'}"
    return {"USHER_ENV": "development", "USHER_DATABASE_URL": url, "USHER_TENANTS": TENANT_ID, **KEYS}


async def fill(folder: Path, requests: list[Past]) -> None:
    async with app.open_context(Settings.from_env(environ_of(folder))) as context:
        await past_requests.write(context.database, requests)


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which Legal Gateway was asked for six times on Monday 2 November 2026, and ARP once."""
    folder = tmp_path_factory.mktemp("council")
    asked = [Past(at=datetime(2026, 11, 2, hour, tzinfo=UTC)) for hour in range(9, 15)]
    asked.append(Past(at=datetime(2026, 11, 2, 9, tzinfo=UTC), panel="ARP"))
    asyncio.run(fill(folder, asked))
    return folder


def run(folder: Path, *words: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "bot", "sittings", *before, "simulate", *words],
        capture_output=True,
        text=True,
        env={**kept, **environ_of(folder)},
        check=False,
    )


def replayed(folder: Path, *words: str) -> dict[str, Any]:
    done = run(folder, *NOVEMBER, "--format", "json", *words)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def panel(found: dict[str, Any], code: str) -> dict[str, Any]:
    [row] = [row for row in found["panels"] if row["panel"] == code]
    assert isinstance(row, dict)
    return row


def faults(folder: Path, *words: str) -> list[str]:
    done = run(folder, *words)
    assert (done.returncode, done.stdout) == (2, "")
    first, *others = done.stderr.splitlines()
    assert first == "Nothing was replayed. Mend these options:"
    return [line.strip() for line in others]


def test_the_table_puts_today_beside_the_change(council: Path) -> None:
    done = run(council, *NOVEMBER, "--slots", "LGP=+2")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "7 requests from Sunday 1 November 2026 to Sunday 29 November 2026, replayed.",
        "Changed:",
        "  LGP: 7 slots instead of 5",
        "  LGP: sits 09:30 to 13:00 instead of 09:30 to 12:00",
        "",
        "Access to Resources (ARP)                        Today     Changed  Difference",
        "  Sittings                                           4           4           0",
        "  Asked for                                          1           1           0",
        "  Heard                                              1           1           0",
        "  Wait, half within (working days)                   5           5           0",
        "  Wait, nine in ten within (working days)            5           5           0",
        "  Wait, longest (working days)                       5           5           0",
        "  Found the first sitting full                       0           0           0",
        "  Not heard by the end                               0           0           0",
        "  Papers late                                not known   not known",
        "  Slots used                                       3 %         3 %           0",
        "",
        "Legal Gateway (LGP)                              Today     Changed  Difference",
        "  Sittings                                           4           4           0",
        "  Asked for                                          6           6           0",
        "  Heard                                              6           6           0",
        "  Wait, half within (working days)                   7           7           0",
        "  Wait, nine in ten within (working days)           12           7          -5",
        "  Wait, longest (working days)                      12           7          -5",
        "  Found the first sitting full                       2           0          -2",
        "  Not heard by the end                               0           0           0",
        "  Papers late                                not known   not known",
        "  Slots used                                      38 %        25 %         -13",
        "",
        "Nothing was asked of HP, PLO, CARE, PERM, BCBV.",
    ]


def test_json_holds_both_sides_and_the_difference(council: Path) -> None:
    found = replayed(council, "--drop", "lgp:2026-11-11")

    assert {key: found[key] for key in ("from", "to", "asked", "changes")} == {
        "from": "2026-11-01",
        "to": "2026-11-29",
        "asked": 7,
        "changes": ["LGP: no sitting on Wednesday 11 November 2026"],
    }
    assert [row["panel"] for row in found["panels"]] == ["ARP", "HP", "PLO", "CARE", "LGP", "PERM", "BCBV"]
    gateway = panel(found, "LGP")
    assert gateway["name"] == "Legal Gateway"
    assert gateway["changed"] == {
        "sittings": 3,
        "unsettled": 0,
        "items": 6,
        "heard": 6,
        "wait_median": 12.0,
        "wait_ninety": 17,
        "wait_worst": 17,
        "overflow": 2,
        "unheard": 0,
        "late": None,
        "use": 50,
        "papers_known": 0,
        "places": 12,
        "taken": 6,
    }
    assert (gateway["today"]["wait_worst"], gateway["difference"]["wait_worst"]) == (12, 5)


def test_several_changes_go_together(council: Path) -> None:
    found = replayed(council, "--drop", "LGP:2026-11-11", "--slots", "LGP=7", "--cut-off", "ARP=+4", "--slots", "HP=3")

    assert found["changes"] == [
        "ARP: papers 7 working days before at 12:00 instead of 3 working days before at 12:00",
        "HP: 3 slots of its own instead of 4",
        "LGP: 7 slots instead of 5",
        "LGP: sits 09:30 to 13:00 instead of 09:30 to 12:00",
        "LGP: no sitting on Wednesday 11 November 2026",
    ]
    assert panel(found, "LGP")["changed"]["overflow"] == 0
    assert (panel(found, "ARP")["today"]["wait_worst"], panel(found, "ARP")["changed"]["wait_worst"]) == (5, 10)


def test_a_rulebook_is_taken_as_a_folder_or_one_file(council: Path, tmp_path: Path) -> None:
    text = (reader.DEFAULT / "panels.toml").read_text(encoding="utf-8")
    (tmp_path / "panels.toml").write_text(text.replace("slots = 10", "slots = 8", 1), encoding="utf-8")

    folder = replayed(council, "--rulebook", str(tmp_path))
    file = replayed(council, "--rulebook", str(tmp_path / "panels.toml"), "--slots", "ARP=-1")

    assert folder["changes"] == ["ARP: 8 slots instead of 10"]
    assert file["changes"] == ["ARP: 7 slots instead of 10"]


def test_days_without_requests_are_said_plainly(council: Path) -> None:
    done = run(council, "--from", "2026-02-01", "--to", "2026-02-28", "--drop", "ARP:2026-02-09")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Nothing was asked for from Sunday 1 February 2026 to Saturday 28 February 2026,"
        " so there is nothing to replay. Choose other days: --from, --to.\n"
    )


def test_a_closed_day_nobody_has_settled_is_named_where_there_is_one(council: Path) -> None:
    done = run(council, "--from", "2026-11-01", "--to", "2026-12-31", "--slots", "LGP=6")

    assert "  Closed days to settle, left out                    1           1           0" in done.stdout.splitlines()


def starts(lines: list[str], said: list[str]) -> list[bool]:
    return [line.startswith(words) for line, words in zip(lines, said, strict=True)]


def test_how_an_option_is_written_is_said_of_all_at_once(council: Path) -> None:
    drops = ("--drop", "ARP", "--drop", "ARP:9 Nov", "--drop", "ARP:2026-13-09")

    found = faults(council, *drops, "--slots", "ARP=two", "--cut-off", "ARP:1", "--to", "1066-10-14")

    said = [
        "--to: give a day between 1990 and 2200.",
        "--drop ARP: write the panel, a colon and the day, like ARP:2026-11-09.",
        "--drop ARP:9 Nov: write the panel, a colon and the day, like ARP:2026-11-09.",
        "--drop ARP:2026-13-09: write the panel, a colon and the day, like ARP:2026-11-09.",
        "--slots ARP=two: write the panel, = and a step like +2 or -1 or a new number, like ARP=+2 or ARP=12.",
        "--cut-off ARP:1: write the panel, = and a step like +2 or -1 or a new number, like ARP=+2 or ARP=12.",
    ]
    assert found == said


def test_what_the_rules_do_not_allow_is_said_of_all_at_once(council: Path) -> None:
    drops = ("--drop", "ARP:2026-11-10", "--drop", "ARP:2026-12-07")

    found = faults(council, *NOVEMBER, *drops, "--slots", "XYZ=1", "--cut-off", "ARP=-9")

    said = [
        "--drop ARP:2026-11-10: ARP does not sit on Tuesday 10 November 2026. Nearest are 2026-11-09 and 2026-11-16.",
        "--drop ARP:2026-12-07: the day lies outside 2026-11-01 to 2026-11-29: widen --from and --to, or choose",
        "--slots XYZ=1: there is no panel XYZ. The panels are ARP, HP, PLO, CARE, LGP, PERM, BCBV.",
        "--cut-off ARP=-9: ARP can't have that: papers.days_before: ",
    ]
    assert starts(found, said) == [True] * 4


def test_a_span_or_a_rulebook_that_cannot_be_is_refused(council: Path) -> None:
    backwards = faults(council, "--slots", "ARP=6", "--from", "2026-02-01", "--to", "2026-01-01")
    too_long = faults(council, "--slots", "ARP=6", "--from", "2001-02-01", "--to", "2026-01-01")
    nothing = faults(council)
    nowhere = faults(council, "--rulebook", "/no/such", *NOVEMBER)

    assert backwards == ["--to is before --from: swap them."]
    assert too_long == ["--from and --to: ask for ten years at most."]
    assert nothing == ["Say what to try out: --drop, --slots, --cut-off or --rulebook."]
    assert nowhere == ["--rulebook /no/such has faults:", "/no/such: -: no such folder"]


def test_options_before_the_verb_are_not_quietly_lost(council: Path) -> None:
    done = run(council, "--slots", "ARP=6", before=NOVEMBER)

    assert (done.returncode, done.stdout) == (2, "")
    assert "Write every option after “simulate”" in done.stderr


def test_a_date_that_is_none_is_refused(council: Path) -> None:
    done = run(council, "--from", "yesterday", "--slots", "ARP=6")

    assert (done.returncode, done.stdout) == (2, "")
    assert "'yesterday' is no date like 2026-04-13" in done.stderr
