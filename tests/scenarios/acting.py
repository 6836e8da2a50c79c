"""People at work on a need-to-know through the buttons of its cards, and what stands in the database behind it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, select, text

from casework.db import audit, ntk
from casework.db.base import metadata
from casework.domain.ntk_acts import ACTS
from tests.scenarios.council import Council
from tests.teams_service.chats import Shown

FIRST = "NTK-2026-0001"
NO_SUCH_ID = "0" * 32
NAMED = "Annabel Whitcombe, born 12/03/2015, was there."
SECRETS = ("Whitcombe", "12/03/2015")
WHY_KEPT = "The police asked for it word for word."


async def opens(council: Council, first_name: str, reference: str = FIRST) -> Shown:
    """Somebody finds a need-to-know by its reference and opens it; the card."""
    person = council.person(first_name)
    await person.says(f"find {reference}")
    return await person.clicks(person.latest, f"Open {reference}")


async def menu(council: Council, first_name: str, reference: str = FIRST) -> Shown:
    """Everything somebody may do with it, as the card behind "More" has it."""
    return await council.person(first_name).clicks(await opens(council, first_name, reference), "More")


async def begins(council: Council, first_name: str, code: str, reference: str = FIRST) -> Shown:
    """The form of an act, opened from the menu."""
    return await council.person(first_name).clicks(await menu(council, first_name, reference), ACTS[code].title)


async def does(council: Council, first_name: str, code: str, reference: str = FIRST, /, **inputs: str) -> Shown:
    """Somebody does it from the menu and everything that follows is sent; the card they then have."""
    shown = await begins(council, first_name, code, reference)
    if ACTS[code].fields is not None:
        shown = await council.person(first_name).clicks(shown, ACTS[code].send, inputs)
    await council.send_all()
    return shown


async def records(council: Council, first_name: str, name: str, reference: str = FIRST, /, **inputs: str) -> Shown:
    """Somebody records the decision on the outside clock of this name, from the menu."""
    person = council.person(first_name)
    shown = await menu(council, first_name, reference)
    # "Record: " the first time, "Correct: " once something is recorded
    form = await person.clicks(shown, next(title for title in shown.buttons if title.endswith(f": {name}")))
    shown = await person.clicks(form, "Record it", inputs)
    await council.send_all()
    return shown


async def answers_clocks(council: Council, first_name: str, *names: str, reference: str = FIRST) -> None:
    """Somebody records that each of these outside clocks is done."""
    for name in names:
        await records(council, first_name, name, reference, decision="DONE", on="2026-11-30", reason="Done today.")


async def acknowledge(council: Council, *first_names: str, reference: str = FIRST) -> None:
    """These people acknowledge on the card they were sent, one after another."""
    for first_name in first_names:
        await council.person(first_name).clicks(
            council.person(first_name).card(f"Need-to-know {reference}"), "Acknowledge"
        )
        await council.send_all()


def why(card: Shown) -> str:
    """What a card says to "why did I get this?", in small letters."""
    return next(line for line in card.words.splitlines() if line.startswith("Why you: ")).lower()


def receipt(council: Council, first_name: str = "sam") -> Shown:
    """The card somebody raised it on, which Usher keeps up to date: the oldest receipt in their chat."""
    return next(card for card in council.person(first_name).cards if "Need-to-know raised: " in card.words)


async def found(council: Council, reference: str = FIRST) -> ntk.Ntk:
    """The need-to-know as it stands in the database."""
    async with council.parts.context.database.reading() as work:
        row = await ntk.by_reference(work, reference)
    assert row is not None
    return row


async def count(council: Council, table: Table) -> int:
    async with council.parts.context.database.reading() as work:
        return int(await work.connection.scalar(select(func.count()).select_from(table)) or 0)


async def counts(council: Council) -> dict[str, int]:
    """How many rows stand in each table that holds what people did to need-to-knows."""
    tables = [table for name, table in metadata.tables.items() if name.startswith("ntk") or name == "audit"]
    return {table.name: await count(council, table) for table in tables}


async def audited(council: Council, action: str) -> list[dict[str, Any]]:
    """The facts of every audit row of an action, with who did it, oldest first."""
    async with council.parts.context.database.reading() as work:
        rows = await work.connection.execute(
            select(audit.audit.c.actor_id, audit.audit.c.facts)
            .where(audit.audit.c.action == action)
            .order_by(audit.audit.c.at)
        )
        return [{**facts, "actor": actor} for actor, facts in rows]


async def stored(council: Council) -> str:
    """Whatever can be read in the database without keys: SQLite's files byte by byte, PostgreSQL's rows as text."""
    async with council.parts.context.database.reading() as work:
        if work.dialect_name == "sqlite":
            file = str(work.connection.engine.url.database)
            parts = [Path(file + end) for end in ("", "-wal")]
            read = await asyncio.to_thread(lambda: [part.read_bytes() for part in parts if part.exists()])
            return b"".join(read).decode("latin-1")
        rows: list[str] = []
        for name in metadata.tables:
            rows += (await work.connection.execute(text(f'SELECT t::text FROM "{name}" t'))).scalars()
        return "\n".join(rows)


async def leaked(council: Council, *words: str) -> list[str]:
    """Those of `words` that stand in the database or the log for anybody to read, plain or as hexadecimal bytes."""
    kept = f"{await stored(council)}\n{council.log.getvalue()}"
    return [word for word in words if word in kept or word.encode().hex() in kept]


async def timeline(council: Council, first_name: str, reference: str = FIRST) -> list[str]:
    """What somebody reads of everything that happened, the newest first, all pages, one piece a line."""
    person = council.person(first_name)
    shown = await person.clicks(await menu(council, first_name, reference), "Everything that happened")
    lines = shown.words.splitlines()
    while "Earlier" in shown.buttons:
        shown = await person.clicks(shown, "Earlier")
        lines += shown.words.splitlines()
    return lines
