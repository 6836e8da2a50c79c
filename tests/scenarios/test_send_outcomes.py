"""What Teams answers to a send decides what happens next: wait, send again and say so, or ask a person."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select, update

from bot.cli import main
from bot.teams import connector
from casework.db import addresses
from casework.domain.keys import Blob
from casework.services import outbox
from tests.scenarios.council import KEYS, MONDAY_AFTERNOON, TOLD_AT_LEVEL_1, Council, open_council
from tests.teams_service import faults
from tests.teams_service.people import Person
from tests.teams_service.service import TENANT_ID

NTK = "Need-to-know NTK-2026-0001"
WEDNESDAYS_AGENDA = "Wednesday 9 December 2026, 9:30am"
AGENDA_DUE = datetime(2026, 12, 7, 16, tzinfo=UTC)
A_DAY = timedelta(days=1)

LINE = ("tara", "neil", "chloe", "priya", "dana")
ALL_BUT_TARA = [name for name in TOLD_AT_LEVEL_1 if name != "tara"]
MAYBE_DELIVERED = (
    *(faults.server_error(status, is_delivered=True) for status in (408, 500, 502, 503, 504)),
    faults.reset(is_delivered=True),
    faults.hangs(is_delivered=True, seconds=2),
)


@pytest.fixture(autouse=True)
def _short_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "TIMEOUT", aiohttp.ClientTimeout(total=1.0))


@pytest.fixture
async def council(tmp_path: Path) -> AsyncIterator[Council]:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as opened:
        await opened.everybody_installs()
        await opened.send_all()
        yield opened


async def after(council: Council, seconds: float) -> None:
    """Let seconds go by, and send what is due then."""
    council.clock.forward_to(council.clock.now() + timedelta(seconds=seconds))
    await council.send_all()


def posts(council: Council, person: Person, words: str = NTK) -> list[int | None]:
    """What each new card saying `words` in somebody's chat was answered."""
    return [
        request.status
        for request in council.teams.requests
        if request.method == "POST"
        and request.conversation_id == person.conversation_id
        and words in json.dumps(request.body, ensure_ascii=False)
    ]


async def test_a_throttled_card_waits_as_long_as_teams_asks_and_the_others_do_not(council: Council) -> None:
    tara = council.person("tara")
    council.teams.fail(faults.throttled("90"), person=tara)

    await council.raises("sam")
    await council.send_all()
    at_once = council.who_sees(NTK)
    await after(council, 80)
    too_early = posts(council, tara)
    await after(council, 30)

    assert at_once == ALL_BUT_TARA
    assert too_early == [429]
    assert posts(council, tara) == [429, 201]
    assert council.who_sees(NTK) == TOLD_AT_LEVEL_1
    assert "was not delivered" not in "".join(card.words for card in council.person("sam").cards)


async def test_an_absurd_wait_is_cut_to_a_quarter_of_an_hour(council: Council) -> None:
    waits = {"tara": None, "neil": "-5", "chloe": "99999", "priya": "soon", "dana": "Fri, 31 Dec 9999 23:59:59 GMT"}
    for name, retry_after in waits.items():
        council.teams.fail(faults.throttled(retry_after), person=council.person(name))

    await council.raises("sam")
    await council.send_all()
    at_once = {name: posts(council, council.person(name)) for name in waits}
    await after(council, 15 * 60 + 1)

    assert at_once == {name: [429] for name in waits}
    assert {name: posts(council, council.person(name)) for name in waits} == {name: [429, 201] for name in waits}


async def test_an_ntk_whose_answer_was_never_seen_is_sent_again_and_says_so(council: Council) -> None:
    faulty = dict(zip(LINE, MAYBE_DELIVERED[:5], strict=True))
    faulty_then = dict(zip(LINE[:2], MAYBE_DELIVERED[5:], strict=True))
    copies = []
    for round_of, case_id, reference in (
        (faulty, "100101", NTK),
        (faulty_then, "100102", "Need-to-know NTK-2026-0002"),
    ):
        for name, fault in round_of.items():
            council.teams.fail(fault, person=council.person(name))
        await council.raises("sam", case_id=case_id)
        await council.send_all()
        await after(council, 5)
        for name in round_of:
            copies.append([card.words for card in council.person(name).cards if reference in card.words])

    assert [len(both) for both in copies] == [2] * len(MAYBE_DELIVERED)
    for first, second in copies:
        assert "Sent again" not in first
        assert "Sent again at 4:50pm, as we can't be sure the first copy arrived." in second
    sams = "".join(card.words for card in council.person("sam").cards)
    assert sams.count(": delivered") == 2 * len(TOLD_AT_LEVEL_1)


async def test_the_raiser_is_told_to_phone_when_twice_nobody_knows_and_usher_goes_on_trying(council: Council) -> None:
    sam, tara = council.person("sam"), council.person("tara")
    council.teams.fail(faults.server_error(503), person=tara, times=2)

    await council.raises("sam")
    await council.send_all()
    after_one = [card.words for card in sam.cards if "was not delivered to everyone" in card.words]
    await after(council, 5)
    after_two = sam.card("was not delivered to everyone").words
    await after(council, 75)

    assert after_one == []
    assert "- Tara Whitfield, team manager: 01632 960102" in after_two
    assert posts(council, tara) == [503, 503, 201]
    assert "Tara Whitfield, team manager: delivered" in sam.card("Need-to-know raised").words


@pytest.mark.parametrize("clicked", [0, 1], ids=["first copy", "second copy"])
async def test_acknowledging_either_copy_settles_both(council: Council, clicked: int) -> None:
    sam, tara = council.person("sam"), council.person("tara")
    council.teams.fail(faults.server_error(503, is_delivered=True), person=tara)
    await council.raises("sam")
    await council.send_all()
    await after(council, 5)
    copies = [card for card in tara.cards if NTK in card.words]

    await tara.clicks(copies[clicked], "Acknowledge")
    await council.send_all()

    assert "Tara Whitfield, team manager: **acknowledged**" in sam.card("Need-to-know raised").words
    assert "You acknowledged this" in copies[clicked].words
    other = copies[1 - clicked]
    if "Acknowledge" in other.buttons:
        await tara.clicks(other, "Acknowledge")
    assert "You acknowledged this" in other.words
    assert sam.card("Need-to-know raised").words.count("**acknowledged**") == 1


async def test_an_agenda_whose_answer_was_never_seen_is_held_for_a_person(council: Council) -> None:
    chloe = council.person("chloe")
    held = []
    for fault in MAYBE_DELIVERED:
        council.teams.fail(fault, person=chloe)
        await council.at(council.clock.now() + 7 * A_DAY)
        held.append(len(await outbox.unsettled(council.parts.context)))

    rows = await outbox.unsettled(council.parts.context)
    sent = Counter(
        json.dumps(request.body["attachments"][0]["content"]["body"][:2])
        for request in council.teams.requests
        if request.conversation_id == chloe.conversation_id and request.body.get("summary") == "Panel agenda"
    )
    assert held == list(range(1, len(MAYBE_DELIVERED) + 1))
    assert {(row.kind.value, row.state.value) for row in rows} == {("agenda", "unknown")}
    assert set(sent.values()) == {1}


async def test_a_held_agenda_is_listed_and_sent_again_by_command(
    council: Council, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    chloe = council.person("chloe")
    await council.books("sam", "AB 100101 onto legal gateway")
    await council.at(AGENDA_DUE - A_DAY)
    council.teams.fail(faults.server_error(503), person=chloe)
    await council.at(AGENDA_DUE)
    environ = {"USHER_ENV": "development", "USHER_DATABASE_URL": f"sqlite:///{tmp_path / 'usher.sqlite3'}"}
    for name, value in {**environ, **KEYS, "USHER_TENANTS": TENANT_ID}.items():
        monkeypatch.setenv(name, value)

    listing = await _command(capsys, "outbox", "list")
    held_id = listing.splitlines()[-1].split()[0]
    said = await _command(capsys, "outbox", "send-again", held_id)
    await council.send_all()

    assert listing.splitlines()[-1].split()[1:] == ["agenda", "unknown", "http_503"]
    assert said == "It will be sent again now.\n"
    assert "AB (ID 100101)" in chloe.card(WEDNESDAYS_AGENDA).words
    assert posts(council, chloe, WEDNESDAYS_AGENDA) == [503, 201]
    assert await outbox.unsettled(council.parts.context) == []


async def test_a_reminder_whose_answer_was_never_seen_is_sent_once_more_and_no_more(council: Council) -> None:
    sam = council.person("sam")
    await council.books("sam", "AB 100101 onto legal gateway")
    await council.at(AGENDA_DUE)
    council.teams.fail(faults.server_error(503), person=sam, times=5)

    await council.at(AGENDA_DUE + A_DAY)
    await after(council, 3600)
    await after(council, 3600)

    assert posts(council, sam, "You present on Wed 9 Dec: ITEM-2026-0001") == [503, 503]
    assert [row.kind.value for row in await outbox.unsettled(council.parts.context)] == ["presenter_reminder"]


async def test_renewing_a_card_somebody_deleted_does_no_harm(council: Council) -> None:
    sam, tara, dana = council.person("sam"), council.person("tara"), council.person("dana")
    await council.raises("sam")
    await council.send_all()
    council.teams.fail(faults.not_found("ActivityNotFoundInConversation"), person=dana, method="PUT")

    await tara.clicks(tara.card(NTK), "Acknowledge")
    await council.send_all()
    await council.raises("sam", initials="CD", case_id="100102")
    await council.send_all()

    assert [card.words.splitlines()[0] for card in dana.cards if "Need-to-know NTK" in card.words] == [
        "Need-to-know NTK-2026-0001",
        "Need-to-know NTK-2026-0002",
    ]
    assert "was not delivered" not in "".join(card.words for card in sam.cards)
    assert "Tara Whitfield, team manager: **acknowledged**" in sam.card("NTK-2026-0001").words


async def test_a_row_that_cannot_be_drawn_parks_and_its_neighbours_go_out(council: Council) -> None:
    await _break_address(council, "tara")

    await council.raises("sam")
    await council.send_all()
    await after(council, 3600)

    parked = await outbox.unsettled(council.parts.context)
    cards = [(row.kind.value, row.outcome) for row in parked if row.kind.value != "ntk_letter"]
    assert cards == [("ntk_new", "cannot_be_drawn"), ("ntk_reminder", "cannot_be_drawn")]
    assert council.who_sees(NTK) == ALL_BUT_TARA
    assert "- Tara Whitfield, team manager: 01632 960102" in council.person("sam").card("was not delivered").words


async def test_whose_address_cannot_be_opened_still_gets_the_letter(council: Council) -> None:
    await _break_address(council, "tara")

    await council.raises("sam")
    await council.send_all()

    # no mail server is set up here: the letter got as far as that
    parked = {row.kind.value: row.outcome for row in await outbox.unsettled(council.parts.context)}
    assert parked["ntk_letter"] == "no_mail_server"


async def _command(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert await asyncio.to_thread(main.main, arguments) == 0
    return capsys.readouterr().out


async def _break_address(council: Council, first_name: str) -> None:
    mine = addresses.addresses.c.person_id == await council.id_of(first_name)
    async with council.parts.context.database.writing() as work:
        sealed = (await work.connection.execute(select(addresses.addresses.c.reference).where(mine))).scalar_one()
        broken = Blob(sealed[:-1] + bytes([sealed[-1] ^ 1]))
        await work.connection.execute(update(addresses.addresses).where(mine).values(reference=broken))
