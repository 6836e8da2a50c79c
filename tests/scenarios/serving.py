"""A real `serve` process for tests that kill it, and what such tests need: many cards due, and a count of copies."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

from sqlalchemy import func, select

from bot import app
from bot.config import Settings
from casework import ports
from casework.db import addresses, deliveries, drafts, people
from casework.domain.deliveries import Kind
from casework.domain.people import Person
from casework.services import directory, ntk, outbox
from casework.services.context import Context, today
from scheduler import delivery
from tests.scenarios.council import KEYS, STORY
from tests.teams_service.chats import Request
from tests.teams_service.service import TENANT_ID, FakeTeams

LEASE = timedelta(seconds=1)
WIDTH = delivery.WIDTH
CARDS_EACH = 4
SAM = "a0000000-0000-4000-8000-000000000001"
SERVICE = "Assessment and court"


class Server:
    """One `serve` process at work on a database; use `serving`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def ends(self, *, within: float = 10.0) -> tuple[int, str]:
        """(exit code, what it wrote to stderr)."""
        _, said = await asyncio.wait_for(self.process.communicate(), within)
        return self.process.returncode or 0, said.decode()


@contextlib.asynccontextmanager
async def serving(environ: Mapping[str, str], *command: str) -> AsyncIterator[Server]:
    """Start a server with the short lease (or another `command` of Python's), killed at the end if still there."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *(command or ("-m", "tests.scenarios.serving")),
        env={"PATH": os.environ["PATH"], "USHER_PORT": str(free_port()), **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Server(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def environ_of(teams: FakeTeams, url: str) -> dict[str, str]:
    """The settings of a server over `url` that speaks to the stand-in for Teams."""
    return teams.environ(
        USHER_DATABASE_URL=url, USHER_TENANTS=TENANT_ID, USHER_LOG_LEVEL="WARNING", USHER_SENDS_PER_SECOND="50", **KEYS
    )


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def make_cards_due(teams: FakeTeams, url: str, *, count: int) -> set[tuple[str, str]]:
    """Raise `count` NTKs, each for one team manager, four for each; (chat, reference) of every card now due."""
    async with app.open_context(Settings.from_env(environ_of(teams, url))) as context:
        managers = range(-(-count // CARDS_EACH))
        await directory.import_people(context, _people(len(managers)), tenant_id=TENANT_ID)
        await directory.import_cases(context, _cases(len(managers)), tenant_id=TENANT_ID)
        await _open_chats(context, teams, len(managers))
        sam = await _person(context, SAM)
        due = set()
        for number in range(count):
            manager = number % len(managers)
            draft_id = await _draft(context, sam, case_id=str(500100 + manager))
            raised = await ntk.raise_notification(context, person=sam, draft_id=draft_id, card_id=None)
            assert len(raised.told) == 1
            due.add((_chat(manager), raised.standing.reference))
        return due


def copies(requests: list[Request]) -> Counter[tuple[str, str]]:
    """How many times each NTK card, as (chat, reference), was put into its chat."""
    return Counter(card for card, _ in _ntk_cards(requests))


def unannounced_copies(requests: list[Request]) -> list[str]:
    """References of second copies that don't say "Sent again"."""
    seen: set[tuple[str, str]] = set()
    found = []
    for card, request in _ntk_cards(requests):
        if card in seen and "Sent again at " not in str(request.body):
            found.append(card[1])
        seen.add(card)
    return found


async def all_settled(teams: FakeTeams, url: str) -> dict[str, int]:
    """Wait until no row of the outbox is due or under way; how many NTK cards ended in each state."""
    async with app.open_context(Settings.from_env(environ_of(teams, url))) as context:
        for _ in range(900):
            counts, _ = await outbox.standing(context)
            if counts.keys().isdisjoint({"waiting", "leased"}):
                return await _ends_of_ntk_cards(context)
            await asyncio.sleep(0.1)
        raise AssertionError(f"after a minute and a half the outbox still holds {counts}")


async def _ends_of_ntk_cards(context: Context) -> dict[str, int]:
    row = deliveries.deliveries.c
    ends = select(row.state, func.count()).where(row.kind == Kind.NTK_NEW.value).group_by(row.state)
    async with context.database.reading() as work:
        return {state: int(count) for state, count in await work.connection.execute(ends)}


def _ntk_cards(requests: list[Request]) -> list[tuple[tuple[str, str], Request]]:
    """((chat, reference), request) of every NTK card put into a chat: no digest and no renewal of a card counts."""
    found = []
    for request in requests:
        if request.method == "POST" and request.body.get("summary") == "New need-to-know for you":
            reference = re.search(r"Need-to-know (NTK-\d{4}-\d+)", str(request.body))
            assert reference is not None
            found.append(((request.conversation_id, reference[1]), request))
    return found


def _manager(number: int) -> str:
    return f"b0000000-0000-4000-8000-{number:012d}"


def _chat(number: int) -> str:
    return f"a:manager-{number}"


def _people(managers: int) -> str:
    rows = ["entra_object_id,name,work_phone,role,team,service,panel,starts_on,ends_on"]
    rows.append(f"{SAM},Sam Okafor,01632 960101,SW,North team,{SERVICE},,,")
    rows += [f"{_manager(n)},Manager {n},01632 960000,TM,Team {n},Service {n},,," for n in range(managers)]
    return "\n".join(rows)


def _cases(managers: int) -> str:
    rows = ["case_id,initials,team,service,allocated_to"]
    return "\n".join([*rows, *(f"{500100 + n},AB,Team {n},Service {n}," for n in range(managers))])


async def _person(context: Context, entra_object_id: str) -> Person:
    async with context.database.reading() as work:
        found = await people.by_entra(work, tenant_id=TENANT_ID, entra_object_id=entra_object_id, today=today(work))
    assert found is not None
    return found


async def _open_chats(context: Context, teams: FakeTeams, managers: int) -> None:
    for number in range(managers):
        person = await _person(context, _manager(number))
        async with context.database.writing() as work:
            address = ports.Address(
                tenant_id=TENANT_ID,
                entra_object_id=_manager(number),
                conversation_id=_chat(number),
                service_url=teams.service_url,
                bot_id=teams.bot_id,
                member_id=f"29:{number}",
            )
            await addresses.open_(work, person.id, address)


async def _draft(context: Context, person: Person, *, case_id: str) -> str:
    async with context.database.writing() as work:
        fields = STORY | {
            "category": (await context.rules(work)).book.categories[-1].code,
            "case_id": case_id,
            "aware_date": f"{today(work)}",
            "aware_time": "00:00",
            "why_other": "The press may ask.",
            "setting": "NK",
            "media": "NONE",
            "restrict": "NO",
        }
        draft = await drafts.create(
            work, person_id=person.id, flow=ntk.FLOW, step="check", fields=fields, lifetime=timedelta(days=1)
        )
        return draft.id


def _serve() -> int:
    try:
        return asyncio.run(app.serve(Settings.from_env(os.environ), lease=LEASE))
    except app.CannotStart as why:
        sys.stderr.write(f"Usher can't start: {why}\n")
        return 2


if __name__ == "__main__":
    sys.exit(_serve())
