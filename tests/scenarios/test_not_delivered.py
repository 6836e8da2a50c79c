"""An NTK can't reach somebody: the raiser is told at once whom to phone, and the card follows when it can."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from casework import ports
from casework.db import addresses
from casework.services import directory
from tests.scenarios.council import MONDAY_AFTERNOON, PEOPLE, TOLD_AT_LEVEL_1, Council, open_council
from tests.teams_service import faults
from tests.teams_service.people import Person
from tests.teams_service.service import TENANT_ID

NTK = "Need-to-know NTK-2026-0001"
NEW = "New need-to-know for you"
PHONE_TARA = "- Tara Whitfield, team manager: 01632 960102"
ALL_BUT_TARA = [name for name in TOLD_AT_LEVEL_1 if name != "tara"]
PHONE_EVERYBODY = [
    PHONE_TARA,
    "- Neil Abara, service manager: 01632 960104",
    "- Chloe Marsh, head of service: 01632 960103",
    "- Priya Lindqvist, assistant director: 01632 960105",
    "- Dana Holloway, director: 01632 960106",
]
PASSED_ON = "Passed on to you"
GONE = {
    "tara": faults.writes_blocked(),
    "neil": faults.forbidden("ConversationBlockedByUser"),
    "chloe": faults.forbidden("BotNotInConversationRoster"),
    "priya": faults.forbidden("BotDisabledByAdmin"),
    "dana": faults.not_found(),
}


@pytest.fixture
async def council(tmp_path: Path) -> AsyncIterator[Council]:
    """Everybody has installed Usher, except Tara."""
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as opened:
        for name, person in opened.people.items():
            if name != "tara":
                await person.installs()
        yield opened


def posts(council: Council, first_name: str) -> list[int | None]:
    """What each NTK posted into somebody's chat was answered."""
    return [
        request.status
        for request in council.teams.requests
        if request.method == "POST"
        and request.conversation_id == council.person(first_name).conversation_id
        and request.body.get("summary") == NEW
    ]


def phone_list(person: Person) -> list[str]:
    """Whom the newest card about a failed delivery says to phone."""
    shown = person.card("was not delivered to everyone")
    return [line for line in shown.words.splitlines() if line.startswith("- ")]


async def test_recipient_without_usher_is_phoned_and_gets_the_card_on_installing(council: Council) -> None:
    sam, tara = council.person("sam"), council.person("tara")

    await council.raises("sam")
    await council.send_all()
    told_to_phone, seen_by = phone_list(sam), council.who_sees(NTK)
    receipt_before = sam.card("Need-to-know raised").words
    await tara.installs()
    await council.send_all()

    assert told_to_phone == [PHONE_TARA]
    assert seen_by == ALL_BUT_TARA
    assert "Tara Whitfield, team manager: **not delivered: phone now** on 01632 960102" in receipt_before
    assert council.who_sees(NTK) == TOLD_AT_LEVEL_1
    assert "Tara Whitfield, team manager: delivered" in sam.card("Need-to-know raised").words
    assert "Not delivered: phone now" not in sam.card("Need-to-know raised").words
    assert sam.card("was not delivered to everyone").summary == "Not delivered: please open"
    assert len([card for card in tara.cards if NTK in card.words]) == 1


async def test_a_chat_that_is_gone_is_closed_and_not_tried_again(council: Council) -> None:
    sam = council.person("sam")
    await council.person("tara").installs()
    for name, fault in GONE.items():
        council.teams.fail(fault, person=council.person(name))

    await council.raises("sam")
    await council.send_all()
    first = phone_list(sam)
    await council.raises("sam", initials="CD", case_id="100102")
    await council.send_all()
    tried = {name: posts(council, name) for name in GONE}
    for name in GONE:
        await council.person(name).says("hello")
    await council.send_all()

    assert (first, phone_list(sam)) == (PHONE_EVERYBODY, PHONE_EVERYBODY)
    assert tried == {name: [fault.status] for name, fault in GONE.items()}
    first_ntk, second_ntk = "Need-to-know NTK-2026-0001", "Need-to-know NTK-2026-0002"
    for name in GONE:
        theirs = [card for card in council.person(name).cards if "Need-to-know NTK" in card.words]
        own = [card.words.splitlines()[0] for card in theirs if PASSED_ON not in card.words]
        passed_on = [card.words.splitlines()[0] for card in theirs if PASSED_ON in card.words]
        assert (name, own) == (name, [first_ntk, second_ntk])
        # each of them stands above somebody who can't be reached, but for the lowest
        assert (name, passed_on) == (name, [] if name == "tara" else [first_ntk, second_ntk])


async def test_a_poisoned_address_leads_to_nobody_elses_chat(council: Council) -> None:
    dana, tara = council.person("dana"), council.person("tara")
    await tara.installs()
    await _readdress(council, "tara", entra_object_id=dana.entra_object_id, conversation_id=dana.conversation_id)

    await council.raises("sam")
    await council.send_all()

    posted = [r for r in council.teams.requests if r.method == "POST" and r.body.get("summary") == NEW]
    assert council.who_sees(NTK) == ALL_BUT_TARA
    assert sorted(request.conversation_id for request in posted) == sorted(
        council.person(name).conversation_id
        for name in [*ALL_BUT_TARA, "neil"]  # it is passed on to Neil, since Tara can't be reached
    )
    assert phone_list(council.person("sam")) == [PHONE_TARA]


async def test_a_poisoned_service_address_is_refused_and_the_raiser_told(council: Council) -> None:
    await council.person("tara").installs()
    await _readdress(council, "tara", service_url="https://smba.trafficmanager.net.evil.example/uk/")

    await council.raises("sam")
    await council.send_all()

    assert council.who_sees(NTK) == ALL_BUT_TARA
    assert phone_list(council.person("sam")) == [PHONE_TARA]


async def test_an_address_of_another_tenant_is_refused_and_the_raiser_told(council: Council) -> None:
    await council.person("tara").installs()
    await _readdress(council, "tara", tenant_id="77777777-8888-4777-8666-555555555555")

    await council.raises("sam")
    await council.send_all()

    assert council.who_sees(NTK) == ALL_BUT_TARA
    assert phone_list(council.person("sam")) == [PHONE_TARA]


async def test_two_addresses_swapped_in_the_table_reach_neither(council: Council) -> None:
    await council.person("tara").installs()
    tara_id, dana_id = await council.id_of("tara"), await council.id_of("dana")
    async with council.parts.context.database.writing() as work:
        rows = await work.connection.execute(select(addresses.addresses.c.person_id, addresses.addresses.c.reference))
        held = {row.person_id: row.reference for row in rows}
        for person_id, taken_from in ((tara_id, dana_id), (dana_id, tara_id)):
            await work.connection.execute(
                update(addresses.addresses)
                .where(addresses.addresses.c.person_id == person_id)
                .values(reference=held[taken_from])
            )

    await council.raises("sam")
    await council.send_all()

    assert council.who_sees(NTK) == [name for name in ALL_BUT_TARA if name != "dana"]
    assert phone_list(council.person("sam")) == [PHONE_TARA, "- Dana Holloway, director: 01632 960106"]


async def test_somebody_who_loses_every_role_before_the_send_gets_nothing(council: Council) -> None:
    await council.person("tara").installs()

    await council.raises("sam")
    await _ends_employment(council, "tara")
    await council.send_all()

    assert council.who_sees(NTK) == ALL_BUT_TARA
    assert phone_list(council.person("sam")) == [PHONE_TARA]


async def test_a_raiser_whose_own_chat_is_gone_still_raises_for_everybody(council: Council) -> None:
    sam = council.person("sam")
    await council.raises("sam")
    await sam.removes()
    inbox_before = len(sam.inbox)

    await council.send_all()
    inbox_while_gone = len(sam.inbox)
    await sam.installs()
    await council.send_all()

    assert council.who_sees(NTK) == ALL_BUT_TARA
    assert inbox_while_gone == inbox_before
    assert phone_list(sam) == [PHONE_TARA]


async def _readdress(council: Council, first_name: str, **changed: str | None) -> None:
    person_id = await council.id_of(first_name)
    async with council.parts.context.database.writing() as work:
        address = await addresses.get(work, person_id)
        assert isinstance(address, ports.Address)
        await addresses.open_(work, person_id, replace(address, **{k: v for k, v in changed.items() if v is not None}))


async def _ends_employment(council: Council, first_name: str) -> None:
    object_id = council.person(first_name).entra_object_id or ""
    lines = [
        line.replace(",,,,", ",,,2026-11-29,") if object_id in line else line
        for line in PEOPLE.splitlines()
        if object_id in line or line.startswith("entra_object_id")
    ]
    await directory.import_people(council.parts.context, "\n".join(lines), tenant_id=TENANT_ID)
