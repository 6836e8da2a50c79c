"""One child's initials, case id and story go through everything Usher does; none of it shows where it must not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select, update

from cards import ntk_form
from casework.db import addresses
from casework.domain.keys import Blob
from casework.ntk_views import NtkPreview
from tests.scenarios import reading
from tests.scenarios.council import MONDAY_AFTERNOON, Council, open_council
from tests.teams_service import faults
from tests.teams_service.chats import Request

CHILD = {
    "initials": "QZXJ",
    "case_id": "9078563412",
    "what_happened": "Zephyrine was found at Quillfeather Lane.",
    "actions_taken": "Taken to Marrowgate hospital.",
    "who_told": "Bartholomew Inkpen by phone.",
}
KEPT = {**CHILD, "privacy_reason": "Zephyrine asked for Inkpen by name."}
SECRETS = (
    *("QZXJ", "9078563412", "Zephyrine", "Quillfeather", "Marrowgate", "Bartholomew", "Inkpen"),
    *("Okafor", "Whitfield", "Abara", "Lindqvist", "01632 960102", "01632 960101"),
)
LAST_DAY = datetime(2026, 12, 9, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything that came out of Usher, and what it left on the disk."""

    who_read_the_story: list[str]
    agenda: str
    log: str
    figures: str
    requests: list[Request]
    chats: list[str]
    raw: bytes


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Everything has happened: raised, acknowledged, booked, moved, agenda and reminder sent, and much has failed."""
    return asyncio.run(_live_through_it(tmp_path_factory.mktemp("canary")))


def test_the_story_reached_those_it_was_for(evidence: Evidence) -> None:
    assert evidence.who_read_the_story == [
        *("chloe", "dana", "leila", "neil", "priya", "quinn"),
        "sam",  # on the form that came back with its mistakes
        "tara",
    ]
    assert "QZXJ (ID 9078563412)" in evidence.agenda


def test_no_log_line_holds_it(evidence: Evidence) -> None:
    assert found_in(evidence.log) == []
    assert [chat for chat in evidence.chats if chat in evidence.log] == []
    actions = ("delivery.settled", "delivery.parked", "turn_failed", "send_refused")
    assert [action in evidence.log for action in actions] == [True] * len(actions)


def test_no_figure_holds_it(evidence: Evidence) -> None:
    assert found_in(evidence.figures) == []
    assert 'usher_sends_total{kind="POST",outcome="accepted"}' in evidence.figures


def test_no_lock_screen_and_no_address_line_shows_it(evidence: Evidence) -> None:
    outside = [
        f"{request.conversation_id} {request.activity_id} {request.body.get('summary')} {request.body.get('text')}"
        for request in evidence.requests
    ]

    assert found_in("\n".join(outside)) == []
    assert {"New need-to-know for you", "Panel agenda", "Not delivered: please open", "Panel item"} <= {
        str(request.body["summary"]) for request in evidence.requests
    }
    assert any("Zephyrine" in str(request.body) for request in evidence.requests)


def test_the_bytes_of_the_database_do_not_hold_it(evidence: Evidence) -> None:
    known = ("SERHARM", "North team", "ntk.raised", "NTK-2026-0001")

    assert [secret for secret in SECRETS if secret.encode() in evidence.raw] == []
    assert [secret for secret in SECRETS if secret.encode("utf-16-le") in evidence.raw] == []
    assert [word.encode() in evidence.raw for word in known] == [True] * len(known)


async def _live_through_it(folder: Path) -> Evidence:
    async with open_council(folder, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await _raise_with_failures(council)
        await _book_and_move(council)
        await _ask_where_nothing_may_be_seen(council)
        await _break_what_nobody_foresaw(council)
        await council.at(LAST_DAY)
        origin = council.teams.messages_url.removesuffix("/api/messages")
        async with aiohttp.ClientSession() as session, session.get(f"{origin}/metrics") as answer:
            figures = await answer.text()
        return Evidence(
            who_read_the_story=council.who_sees("Zephyrine was found at Quillfeather Lane."),
            agenda=council.person("chloe").card("Agenda: Legal Gateway Panel").words,
            log=council.log.getvalue(),
            figures=figures,
            requests=council.teams.requests,
            chats=[person.conversation_id for person in council.people.values()],
            raw=await asyncio.to_thread(_every_byte, folder),
        )


def _every_byte(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


async def _raise_with_failures(council: Council) -> None:
    council.teams.fail(faults.server_error(503, is_delivered=True), person=council.person("neil"))
    council.teams.fail(faults.writes_blocked(), person=council.person("priya"))
    sam, tara = council.person("sam"), council.person("tara")
    await sam.says("raise QZXJ 9078563412")
    await council.fills_in("sam", **{**CHILD, "initials": "QZXJ1", "aware_date": "soon"})
    await council.fills_in("sam", **CHILD)
    await council.raises("sam", **KEPT)
    await council.send_all()
    council.clock.forward_to(MONDAY_AFTERNOON.replace(minute=55))
    await council.send_all()
    await council.person("priya").says("my ntks")
    await tara.clicks(tara.card("NTK-2026-0001"), "Acknowledge")
    await council.send_all()


async def _book_and_move(council: Council) -> None:
    sam = council.person("sam")
    await council.books("sam", "QZXJ 9078563412 onto legal gateway")
    changing = await sam.clicks(sam.card("Booked: "), "Change sitting")
    back = next(iter(reading.choices(changing, "sitting")))
    moved = await sam.clicks(changing, "Move", {"sitting": back})
    home = await council.presses("connor", "item.change", reading.data_of(moved, "item.change"))
    first = next(sitting for sitting, words in reading.choices(home, "sitting").items() if "Wed 9 Dec" in words)
    await council.presses("connor", "item.move", reading.data_of(home, "item.move") | {"sitting": first})
    await council.books("sam", "QZXJ 9078563412 onto legal gateway")
    await council.send_all()


async def _ask_where_nothing_may_be_seen(council: Council) -> None:
    data = reading.data_of(council.person("sam").card("Need-to-know raised"), "ntk.status")
    await council.presses("jo", "ntk.open", data)
    await council.person("jo").says("QZXJ 9078563412 Zephyrine?")
    stranger = council.teams.person("", "Bartholomew Inkpen")
    await stranger.says("Zephyrine of Quillfeather Lane")


async def _break_what_nobody_foresaw(council: Council) -> None:
    """An exception whose message holds the story, and a row that can't be drawn."""

    def fails(view: NtkPreview) -> None:
        raise ValueError(f"{view.children}: {[said.words for said in view.answers]}")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ntk_form, "check", fails)
        await council.fills_in("sam", **KEPT)
    mine = addresses.addresses.c.person_id == await council.id_of("dana")
    async with council.parts.context.database.writing() as work:
        sealed = (await work.connection.execute(select(addresses.addresses.c.reference).where(mine))).scalar_one()
        await work.connection.execute(
            update(addresses.addresses).where(mine).values(reference=Blob(sealed[:-1] + b"x"))
        )
    await council.raises("sam", **KEPT)
    await council.send_all()
