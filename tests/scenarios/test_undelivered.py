"""Cards that did not arrive, and of which nobody knows: the office hears of it and says what becomes of each."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from casework.db import audit, deliveries
from casework.domain.deliveries import Kind
from tests.scenarios import panel_acts, reading
from tests.scenarios.council import Council
from tests.teams_service import faults
from tests.teams_service.chats import Shown

LGP = "AB 100101 onto legal gateway"


async def released(council: Council) -> None:
    """An agenda whose cards Teams took and never answered for: nobody knows whether they arrived."""
    await council.books("sam", LGP, request_type="ISSUE")
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    council.teams.fail(faults.server_error(500, is_delivered=True), person=council.person("chloe"), method="POST")
    await council.presses("chloe", "agenda.release", {"sitting": sitting.id, "version": sitting.version})
    await council.send_all()


async def told(council: Council, first_name: str = "connor") -> Shown:
    return council.person(first_name).card("Some cards did not arrive")


async def ends(council: Council, kind: Kind) -> list[tuple[str, str]]:
    """(state, outcome) of every card of a kind."""
    row = deliveries.deliveries.c
    async with council.parts.context.database.reading() as work:
        found = await work.connection.execute(select(row.state, row.outcome).where(row.kind == kind.value))
        return sorted((state, outcome) for state, outcome in found)


def agendas(council: Council, first_name: str = "chloe") -> int:
    """How many cards of the agenda of 9 December somebody has."""
    words = [shown.words for shown in council.person(first_name).cards]
    return sum("Agenda: Legal Gateway Panel" in one and "9 December" in one for one in words)


async def test_an_agenda_nobody_can_vouch_for_is_not_sent_again_and_the_coordinator_is_asked(council: Council) -> None:
    """D02 and D09 for packs: never a blind second send."""
    await released(council)
    shown = await told(council)

    assert agendas(council) == 1
    assert "Agenda for Chloe Marsh" in shown.words
    assert "nobody knows" in shown.words
    assert ("unknown", "500") in [(state, outcome[-3:]) for state, outcome in await ends(council, Kind.AGENDA)]
    assert "AB" not in shown.words.replace("AB 100101", "AB")


async def test_they_did_arrive_settles_it_and_send_again_sends_one_more(council: Council) -> None:
    await released(council)
    connor = council.person("connor")
    shown = await told(council)
    chosen = next(iter(reading.choices(shown, "chosen")))

    again = await connor.clicks(shown, "Send again", {"chosen": chosen})
    await council.send_all()
    settled = agendas(council)
    await released_again(council)
    page = await connor.clicks(await newest(council), "They did arrive", {"chosen": ",".join(await open_ones(council))})

    assert "Everything arrived" in again.words
    assert settled == 2
    assert "Everything arrived" in page.words
    async with council.parts.context.database.reading() as work:
        actions = set((await work.connection.execute(select(audit.audit.c.action))).scalars())
    assert {"delivery.sent_again", "delivery.arrived"} <= actions


async def released_again(council: Council) -> None:
    """A change makes a new version of the agenda, and that one is not vouched for either."""
    council.teams.fail(faults.server_error(500, is_delivered=True), person=council.person("chloe"), method="POST")
    await council.books("neil", "CD 100102 onto legal gateway", request_type="ISSUE")
    await council.send_all()


async def newest(council: Council) -> Shown:
    connor = council.person("connor")
    await connor.says("undelivered")
    return connor.latest


async def open_ones(council: Council) -> list[str]:
    return list(reading.choices(await newest(council), "chosen"))


async def test_somebody_who_removed_usher_is_named_until_they_come_back(council: Council) -> None:
    """D12: 403 and 404 close the address, and the office is told."""
    council.teams.fail(faults.forbidden("ConversationBlockedByUser"), person=council.person("tara"), method="POST")
    await council.asks("sam", LGP, request_type="ISSUE")
    await council.send_all()
    shown = await told(council)
    await council.person("tara").says("help")
    page = await newest(council)

    assert "Tara Whitfield: they blocked Usher" in shown.words
    assert "Tara Whitfield" not in page.words


async def test_the_office_is_told_once_an_hour_whatever_fails(council: Council) -> None:
    for name in ("chloe", "leila", "quinn", "priya"):
        council.teams.fail(
            faults.server_error(500, is_delivered=True), person=council.person(name), method="POST", times=5
        )
    await council.books("sam", LGP, request_type="ISSUE")
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    await council.presses("chloe", "agenda.release", {"sitting": sitting.id, "version": sitting.version})
    await council.send_all()
    at_once = sum("Some cards did not arrive" in shown.words for shown in council.person("connor").cards)

    await council.at(datetime(2026, 11, 30, 18, 5, tzinfo=UTC))
    later = sum("Some cards did not arrive" in shown.words for shown in council.person("connor").cards)

    assert at_once == 1
    assert later <= 2


async def test_only_the_office_settles_cards_and_no_other_id_changes_anything(council: Council) -> None:
    await released(council)
    chosen = ",".join(await open_ones(council))
    before = await ends(council, Kind.AGENDA)

    refused = [await council.presses(name, "delivery.again", {"chosen": chosen}) for name in ("sam", "chloe", "dana")]
    values: tuple[object, ...] = ("", "x", 7, None, [])
    odd = [await council.presses("connor", "delivery.arrived", {"chosen": value}) for value in values]

    assert all("You don't have the role for this" in shown.words for shown in refused)
    assert all("Cards that did not arrive" in shown.words for shown in odd)
    assert await ends(council, Kind.AGENDA) == before


async def test_nothing_of_a_need_to_know_is_on_the_offices_list(council: Council) -> None:
    council.teams.fail(
        faults.forbidden("ConversationBlockedByUser"), person=council.person("tara"), method="POST", times=99
    )
    await council.raises("sam")
    await council.send_all()

    page = await newest(council)

    assert "Tara Whitfield" in page.words
    assert "need-to-know" not in page.words.lower()
    assert "NTK-" not in page.words


async def test_a_coordinators_morning_has_what_waits_for_them(council: Council) -> None:
    await council.at(datetime(2026, 12, 1, 8, 31, tzinfo=UTC))

    shown = council.person("connor").card("Panels this morning")

    assert "Days to settle" in shown.words
    assert "PLO Panel" in shown.words or "Care Proceedings" in shown.words
