"""The command line as its keepers use it: real processes on a real file, with exit codes and words to rely on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from casework.db import migrate
from tests.scenarios import serving
from tests.scenarios.council import CASES, KEYS, PEOPLE
from tests.teams_service.service import TENANT_ID, FakeTeams


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


async def command(environ: Mapping[str, str], *arguments: str) -> Ended:
    """Run `python -m bot` with these arguments and nothing in its environment but `environ`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *arguments),
        env={"PATH": os.environ["PATH"], **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return Ended(process.returncode or 0, out.decode(), err.decode())


def environ_of(folder: Path) -> dict[str, str]:
    """Development on a file in `folder`."""
    url = f"sqlite:///{folder / 'usher.sqlite3'}"
    return {"USHER_ENV": "development", "USHER_DATABASE_URL": url, "USHER_TENANTS": TENANT_ID, **KEYS}


def count(folder: Path, table: str) -> int:
    """How many rows a table of the file has."""
    with contextlib.closing(sqlite3.connect(folder / "usher.sqlite3")) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


async def test_with_nothing_set_it_says_everything_that_is_missing(tmp_path: Path) -> None:
    ends = await asyncio.gather(command({}), command({}, "serve"), command({"USHER_DATABSE_URL": "x"}, "db", "current"))

    required = [
        *("MicrosoftAppId", "MicrosoftAppPassword", "MicrosoftAppTenantId", "MicrosoftAppType"),
        *("USHER_CHAIN_KEY", "USHER_DATABASE_URL", "USHER_INDEX_KEY", "USHER_KEYS"),
    ]
    assert [(ended.code, ended.out) for ended in ends] == [(2, "")] * 3
    for ended in ends[:2]:
        lines = ended.err.splitlines()
        assert lines[0] == "Usher can't start. Mend these settings:"
        assert [line.split(":")[0].strip() for line in lines[1:]] == required
        assert ["it is missing, and production needs it." in line for line in lines[1:]] == [True] * len(required)
    assert "USHER_DATABSE_URL: there is no such setting. Did you mean USHER_DATABASE_URL?" in ends[2].err


async def test_production_refuses_to_serve_tables_of_another_version(tmp_path: Path) -> None:
    async with FakeTeams(production=True) as teams:
        environ = teams.environ(USHER_DATABASE_URL=f"sqlite:///{tmp_path / 'usher.sqlite3'}")

        before = await command(environ, "db", "current")
        served = await command(environ, "serve")
        upgrades = [*await asyncio.gather(*(command(environ, "db", "upgrade") for _ in range(2)))]
        after = await command(environ, "db", "current")

    assert before == Ended(1, f"Tables: none; this version needs {migrate.head()}.\n", "")
    assert (served.code, "python -m bot db upgrade" in served.err) == (2, True)
    assert upgrades == [Ended(0, "The database has this version's tables.\n", "")] * 2
    assert after == Ended(0, f"Tables: {migrate.head()}; this version needs {migrate.head()}.\n", "")


async def test_an_import_with_bad_rows_names_each_and_takes_nothing(tmp_path: Path) -> None:
    environ = environ_of(tmp_path)
    good = PEOPLE.splitlines()
    bad_people = "\n".join([*good[:2], good[2].replace(",TM,", ",TMM,"), good[3].replace("a0000000-", "")])
    bad_cases = "\n".join([*CASES.splitlines()[:2], "12,AB,North team,Assessment and court,", "100199,AB1,,,"])

    people, cases = await asyncio.gather(
        command(environ, "people", "import", write(tmp_path, "people.csv", bad_people)),
        command(environ, "cases", "import", write(tmp_path, "cases.csv", bad_cases)),
    )

    assert (people.code, people.out, count(tmp_path, "people")) == (1, "", 0)
    assert [line.split(":")[0].strip() for line in people.err.splitlines()[1:]] == ["line 3", "line 4"]
    assert "Okafor" not in people.err
    assert (cases.code, cases.out, count(tmp_path, "cases")) == (1, "", 0)
    assert {line.split(":")[0].strip() for line in cases.err.splitlines()[1:]} == {"line 3", "line 4"}


async def test_an_import_with_an_unknown_worker_on_its_last_line_takes_nothing(tmp_path: Path) -> None:
    environ = environ_of(tmp_path)
    lines = CASES.splitlines()
    unknown = "100999,ZZ,North team,Assessment and court,a0000000-0000-4000-8000-999999999999"
    rows = [line for line in lines if line.endswith(",")]

    ended = await command(
        environ, "cases", "import", write(tmp_path, "cases.csv", "\n".join([lines[0], *rows, unknown]))
    )

    assert (ended.code, count(tmp_path, "cases")) == (1, 0)
    assert "allocated_to is nobody Usher knows: import people first" in ended.err


async def test_good_files_are_taken_and_may_be_taken_again(tmp_path: Path) -> None:
    environ = environ_of(tmp_path)
    people, cases = write(tmp_path, "people.csv", "\ufeff" + PEOPLE), write(tmp_path, "cases.csv", CASES)

    first = await command(environ, "people", "import", people)
    ends = [
        first,
        *await asyncio.gather(
            command(environ, "people", "import", people),
            command(environ, "cases", "import", cases),
            command(environ, "people", "import", str(tmp_path / "nothing.csv")),
        ),
    ]

    imported = len({line.split(",")[0] for line in PEOPLE.splitlines()[1:]})
    assert [ended.code for ended in ends] == [0, 0, 0, 2]
    assert [ended.out for ended in ends[:3]] == [
        f"Imported {imported} people.\n",
        f"Imported {imported} people.\n",
        f"Imported {len(CASES.splitlines()) - 1} cases.\n",
    ]
    assert (count(tmp_path, "people"), count(tmp_path, "cases")) == (imported, len(CASES.splitlines()) - 1)


async def test_reads_and_writes_run_beside_a_server(tmp_path: Path) -> None:
    async with FakeTeams() as teams:
        url = f"sqlite:///{tmp_path / 'usher.sqlite3'}"
        await serving.make_cards_due(teams, url, count=8)
        environ = serving.environ_of(teams, url)
        people = write(tmp_path, "people.csv", PEOPLE)

        async with serving.serving(environ) as server:
            await serving.all_settled(teams, url)
            listed = await command(environ, "outbox", "list")
            ends = await asyncio.gather(
                command(environ, "people", "import", people), command(environ, "audit", "verify")
            )
            server.send(signal.SIGTERM)
            ended = await server.ends()

    assert listed == Ended(0, "accepted 8\nOldest due: nothing is due\n", "")
    assert [end.code for end in ends] == [0, 0]
    assert ends[1].out.endswith(" audit rows are as they were written.\n")
    assert ended == (0, "")


async def test_audit_verify_names_the_first_row_that_was_changed(tmp_path: Path) -> None:
    environ = environ_of(tmp_path)
    await command(environ, "people", "import", write(tmp_path, "people.csv", PEOPLE))
    whole = await command(environ, "audit", "verify")
    with contextlib.closing(sqlite3.connect(tmp_path / "usher.sqlite3")) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        (changed,) = connection.execute("SELECT id FROM audit ORDER BY at, id LIMIT 1 OFFSET 3").fetchone()
        connection.execute("UPDATE audit SET action = 'person.promoted' WHERE id = ?", (changed,))
        connection.commit()

    forged = await command(environ, "audit", "verify")

    assert (whole.code, forged.code) == (0, 1)
    assert forged.out == f"The audit trail was changed: row {changed} is the first that does not fit.\n"


async def test_the_outbox_of_a_new_database_is_empty_and_an_unknown_id_is_said_so(tmp_path: Path) -> None:
    environ = environ_of(tmp_path)

    listed, again = await asyncio.gather(
        command(environ, "outbox", "list"), command(environ, "outbox", "send-again", "0" * 32)
    )

    assert listed == Ended(0, "The outbox is empty.\nOldest due: nothing is due\n", "")
    assert again == Ended(1, "There is no unknown or refused delivery with that id.\n", "")
