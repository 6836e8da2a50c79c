"""A fictional council at work: the whole of Usher over HTTP against a stand-in for Teams, people by first name."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import csv
import hashlib
import io
import logging
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
import time_machine

from bot import app, clocks, observability
from bot.config import Settings
from casework.db import items, migrate, people
from casework.services import approvers, directory, timers
from tests.scenarios import reading
from tests.teams_service.chats import Shown
from tests.teams_service.people import Person
from tests.teams_service.service import TENANT_ID, FakeTeams

KEYS = {
    name: prefix + base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()
    for name, prefix in (("USHER_KEYS", "k1:"), ("USHER_INDEX_KEY", ""), ("USHER_CHAIN_KEY", ""))
}
PEOPLE = Path("demo/council/people.csv").read_text(encoding="utf-8")
CASES = Path("demo/council/cases.csv").read_text(encoding="utf-8")
STORY = {
    "category": "SERHARM",
    "initials": "AB",
    "case_id": "100101",
    "status": "CP",
    "age_band": "A5",
    "abuse": "NK",
    "safety": "SAFE",
    "what_happened": "Found alone by a neighbour.",
    "actions_taken": "Ambulance called.",
    "who_told": "Team manager by phone.",
}
# whom a level 1 on serious harm is told to at once: the line, the legal adviser and the quality assurance lead
TOLD_AT_LEVEL_1 = ["chloe", "dana", "leila", "neil", "priya", "quinn", "tara"]


@dataclass(kw_only=True)
class Council:
    """`person("sam")` is somebody of demo/council/people.csv with a chat; nobody has installed Usher yet.

    `log` is every line that was logged, as `serve` would write it.
    """

    teams: FakeTeams
    parts: app.Parts
    people: dict[str, Person]
    log: io.StringIO

    def person(self, first_name: str) -> Person:
        return self.people[first_name]

    @property
    def clock(self) -> clocks.DemoClock:
        assert isinstance(self.parts.clock, clocks.DemoClock)
        return self.parts.clock

    def who_sees(self, words: str) -> list[str]:
        """First names of everybody in whose chat a card says `words`, in alphabetical order."""
        return sorted(
            name for name, person in self.people.items() if any(words in shown.words for shown in person.cards)
        )

    async def id_of(self, first_name: str) -> str:
        """The id somebody has in the database."""
        async with self.parts.context.database.reading() as work:
            found = await people.by_entra(
                work,
                tenant_id=TENANT_ID,
                entra_object_id=self.person(first_name).entra_object_id or "",
                today=work.now.date(),
            )
        assert found is not None
        return found.id

    async def everybody_installs(self) -> None:
        for person in self.people.values():
            await person.installs()

    async def send_all(self) -> None:
        """Fire what is due and send until nothing is."""
        await timers.fire_due(self.parts.context, limit=1000)
        while await self.parts.drain.once():
            pass

    async def at(self, instant: datetime) -> None:
        """Let time pass up to an instant, sending whatever falls due on the way."""
        while (due := await timers.next_due(self.parts.context, before=instant)) is not None:
            self.clock.forward_to(due)
            await self.send_all()
        self.clock.forward_to(instant)
        await self.send_all()

    async def raises(self, first_name: str, **changed: str) -> Shown:
        """Somebody raises an NTK the way people do; the receipt card as shown."""
        form = await self.fills_in(first_name, **changed)
        shown = await self.person(first_name).clicks(form, "ntk.send")
        assert form.activity_id == shown.activity_id
        return shown

    async def fills_in(self, first_name: str, **changed: str) -> Shown:
        """Somebody fills in a new NTK and asks to check it; the card as it then stands."""
        person = self.person(first_name)
        await person.says("raise")
        if "Start a new one" in person.latest.buttons:
            await person.clicks(person.latest, "Start a new one")
        return await self.checks(first_name, person.latest, {**STORY, **changed})

    async def checks(self, first_name: str, form: Shown, typed: dict[str, str]) -> Shown:
        """Somebody types into the first form and, where that has no mistake, the second; the card as it then stands."""
        shown = await self.person(first_name).clicks(form, "Continue", typed)
        if "Check and send" not in shown.buttons:
            return shown
        return await self.person(first_name).clicks(shown, "Check and send", typed)

    async def books(self, first_name: str, words: str, **inputs: str) -> Shown:
        """Somebody books by one typed line and the form that follows; the card as it then stands."""
        shown = await self.asks(first_name, words, **inputs)
        return await self.approved(first_name, shown)

    async def asks(self, first_name: str, words: str, **inputs: str) -> Shown:
        """As `books`, but nobody has said yes yet."""
        form = await self.begins_booking(first_name, words)
        title = "Ask for it" if "Ask for it" in form.buttons else "Book"
        return await self.person(first_name).clicks(form, title, first_of(form, "request_type") | inputs)

    async def approved(self, first_name: str, shown: Shown) -> Shown:
        """Everybody who has to agree to an item says yes; the requester's card of it as it then stands."""
        if "For your approval" in shown.words or not reading.title(shown).startswith("Waiting for approval"):
            return shown
        item_id = str(reading.data_of(shown, "item.cancel")["item"])
        while True:
            async with self.parts.context.database.reading() as work:
                item = await items.get(work, item_id)
                asked = await approvers.of(work, item) if item and item.state == items.AWAITING else ()
            if item is None or not asked:
                break
            name = asked[0].name.split()[0].lower()
            await self.presses(name, "item.do", {"item": item_id, "act": "approve", "version": item.version})
        return await self.person(first_name).presses(shown, "item.open", {"item": item_id})

    async def begins_booking(self, first_name: str, words: str) -> Shown:
        """The form that offers sittings after one typed line, such as "AB 100101 onto legal gateway"."""
        person = self.person(first_name)
        await person.says(f"book {words}")
        return person.latest

    async def presses(self, first_name: str, verb: str, data: dict[str, object]) -> Shown:
        """Somebody's client sends a button's verb and data, whatever stands on their cards; the answer as shown."""
        person = self.person(first_name)
        action = {"type": "Action.Execute", "verb": verb, "data": data}
        activity = self.teams.activity(person, "invoke") | {
            "name": "adaptiveCard/action",
            "value": {"action": action, "trigger": "manual"},
        }
        answer = await self.teams.post(activity)
        assert answer.status == 200
        attachment = {"contentType": answer.body["type"], "content": answer.body["value"]}
        return Shown(
            conversation_id=person.conversation_id, activity_id=activity["id"], activity={"attachments": [attachment]}
        )


@contextlib.asynccontextmanager
async def open_council(
    folder: Path,
    *,
    now: datetime,
    production: bool = False,
    runs: bool = False,
    same_teams: FakeTeams | None = None,
    database_url: str = "",
    fills: bool = True,
    is_migrated: bool = False,
) -> AsyncIterator[Council]:
    """The council at `now`, its people and cases imported; opened a second time in `folder`, as it was left.

    `now` may lie on either side of this machine's date; in production time is real and `now` is not heeded. `runs`
    keeps the drain going by itself. `database_url` is another database than a SQLite file in `folder`. `same_teams` is
    the Teams of before, with its chats, where Usher starts again. Unless it `fills`, a new file begins empty.
    Production brings the tables up to date first, unless `is_migrated` says that somebody did.
    """
    database = folder / "usher.sqlite3"
    is_new = not await asyncio.to_thread(database.exists)
    is_file = not database_url
    if is_new and is_file and not production and fills:
        await asyncio.to_thread(database.write_bytes, await _first_start(now))
    environ = {"USHER_DATABASE_URL": database_url or f"sqlite:///{database}", "USHER_TENANTS": TENANT_ID, **KEYS}
    async with contextlib.AsyncExitStack() as stack:
        log = stack.enter_context(kept_log())
        if not production:
            stack.enter_context(time_machine.travel(now, tick=True))
        teams = same_teams or FakeTeams(production=production)
        if teams is not same_teams:
            await stack.enter_async_context(teams)
        settings = Settings.from_env(teams.environ(**environ))
        if production and not is_migrated:
            await asyncio.to_thread(migrate.upgrade, environ["USHER_DATABASE_URL"])
        given = clocks.DemoClock(clocks.SystemClock()) if database_url else None
        parts = await stack.enter_async_context(
            app.assemble(settings, session=teams.session(), entra_http=teams.entra_http(), given_clock=given)
        )
        async with parts.context.database.reading() as work:
            is_peopled = await people.exist_any(work)
        if not is_peopled:
            await directory.import_people(parts.context, PEOPLE, tenant_id=TENANT_ID)
            await directory.import_cases(parts.context, CASES, tenant_id=TENANT_ID)
        await teams.serve(parts.site)
        working = asyncio.create_task(parts.drain.run()) if runs else None
        try:
            yield Council(teams=teams, parts=parts, people=council_people(teams), log=log)
        finally:
            parts.drain.stop()
            if working is not None:
                await working


@contextlib.contextmanager
def kept_log() -> Iterator[io.StringIO]:
    """Log as `serve` does, into memory; afterwards as before."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    observability.configure("INFO", stream)
    try:
        yield stream
    finally:
        structlog.reset_defaults()
        logging.captureWarnings(capture=False)
        root.handlers[:] = handlers
        root.setLevel(level)


def council_people(teams: FakeTeams) -> dict[str, Person]:
    """Everybody of the people file by first name, each with a chat."""
    rows = csv.DictReader(PEOPLE.splitlines())
    return {row["name"].split()[0].lower(): teams.person(row["entra_object_id"], row["name"]) for row in rows}


# the file as it stands after a first start at some moment: writing a year of sittings for every scenario takes long
_READY: dict[datetime, bytes] = {}


# the first start lies a little back, so that nothing it wrote is of a later moment than what a scenario does
BEFORE = timedelta(seconds=30)


async def _first_start(now: datetime) -> bytes:
    if now not in _READY:
        with tempfile.TemporaryDirectory() as folder:
            async with open_council(Path(folder), now=now - BEFORE, fills=False):
                pass
            _READY[now] = await asyncio.to_thread(_whole_file, Path(folder) / "usher.sqlite3")
    return _READY[now]


def _whole_file(database: Path) -> bytes:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return database.read_bytes()


def first_of(form: Shown, field: str) -> dict[str, str]:
    """What somebody sends who takes the first of what a field offers."""
    return {field: next(iter(reading.choices(form, field)))} if reading.choices(form, field) else {}


MONDAY_AFTERNOON = datetime(2026, 11, 30, 16, 50, tzinfo=UTC)
A_WEEK = timedelta(days=7)
