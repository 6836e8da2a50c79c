"""A person's own calendar over HTTP: what it holds, who gets it, and that nothing in it is of a case."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import aiohttp
from icalendar import Calendar
from sqlalchemy import select

from casework.db import audit, feeds, slots
from casework.services import directory
from tests.scenarios import panel_acts
from tests.scenarios.council import PEOPLE, Council
from tests.teams_service.service import TENANT_ID

LGP = "AB 100101 onto legal gateway"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+(/calendar/[\w-]{43}\.ics)")


async def makes(council: Council, first_name: str, title: str = "Make my address") -> str:
    """Somebody types "calendar" and makes an address; its path."""
    person = council.person(first_name)
    await person.says("calendar")
    shown = await person.clicks(person.latest, title)
    found = ADDRESS.search(str(shown.activity))
    assert found is not None
    return found[1]


async def fetched(council: Council, path: str) -> tuple[int, bytes, str]:
    """(status, body, content type) of an address."""
    url = council.teams.messages_url.removesuffix("/api/messages") + path
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.read(), answer.headers["Content-Type"]


async def entries(council: Council, path: str) -> list[tuple[str, str, str]]:
    """(words, when, status) of every entry, in order."""
    status, body, _ = await fetched(council, path)
    assert status == 200
    return [
        (str(event["summary"]), f"{event['dtstart'].dt:%Y-%m-%d %H:%M}", str(event["status"]))
        for event in Calendar.from_ical(body).walk("VEVENT")
    ]


async def test_a_presenter_finds_the_sitting_the_papers_and_what_they_have_to_do(council: Council) -> None:
    path = await makes(council, "sam")
    before = await entries(council, path)
    await council.books("sam", LGP, request_type="ISSUE")
    booked = await entries(council, path)
    await panel_acts.runs(council, "chloe", "LGP", "2026-12-09", "chloe", "leila", "quinn")
    released = await entries(council, path)
    await panel_acts.does(
        council,
        "chloe",
        "Record the decision",
        outcome="B",
        rationale="Harm is likely.",
        review="2027-01-20",
    )
    decided = await entries(council, path)

    assert before == []
    assert booked == [
        ("You present: Legal Gateway Panel", "2026-12-09 09:30", "CONFIRMED"),
        ("Papers due: Legal Gateway Panel", "2026-12-04 11:45", "CONFIRMED"),
    ]
    assert released[0][0] == "You present: Legal Gateway Panel"
    # B: the letter is an action by itself, and the family comes before the PLO panel
    assert decided == [
        ("You present: PLO Panel", "2026-12-22 14:00", "CONFIRMED"),
        ("Papers due: PLO Panel", "2026-12-17 11:45", "CONFIRMED"),
        ("Action due: Legal Gateway Panel", "2026-12-14 00:00", "CONFIRMED"),
    ]


async def test_once_the_agenda_is_out_a_presenter_is_given_their_own_time(council: Council) -> None:
    path = await makes(council, "sam")
    await council.books("sam", LGP, request_type="ISSUE")
    await council.books("sam", "CD 100102 onto legal gateway", request_type="ISSUE")
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    async with council.parts.context.database.reading() as work:
        plan = await slots.filled(work, sitting.id)
    await council.presses("chloe", "agenda.release", {"sitting": sitting.id, "version": sitting.version})

    _, body, _ = await fetched(council, path)

    event = next(one for one in Calendar.from_ical(body).walk("VEVENT") if "present" in str(one["summary"]))
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=sum(one.minutes for one in plan))
    assert event["dtend"].dt < sitting.ends_at


async def test_a_chair_finds_every_sitting_of_their_panels_and_those_moved_or_called_off(council: Council) -> None:
    path = await makes(council, "chloe")
    before = await entries(council, path)
    sitting = await panel_acts.sitting_on(council, "LGP", "2026-12-09")
    connor = council.person("connor")
    await connor.says("sittings")
    managed = await connor.presses(connor.latest, "sitting.manage", {"sitting": sitting.id})
    form = await connor.clicks(managed, "Cancel it")
    await connor.clicks(form, "sitting.cancel_save", {"reason": "Nobody is here."})
    after = await entries(council, path)

    assert ("Legal Gateway Panel", "2026-12-09 09:30", "CONFIRMED") in before
    assert ("Cancelled: Legal Gateway Panel", "2026-12-09 09:30", "CANCELLED") in after
    assert await entries(council, await makes(council, "tara")) == []


async def test_nothing_of_a_case_stands_in_a_calendar_its_address_or_its_row(council: Council) -> None:
    path = await makes(council, "sam")
    await council.books("sam", LGP, request_type="ISSUE")
    _, body, kind = await fetched(council, path)
    async with council.parts.context.database.reading() as work:
        row = (await work.connection.execute(select(feeds.feeds))).one()
        noted = (await work.connection.execute(select(audit.audit.c.action))).scalars().all()

    assert kind == "text/calendar; charset=utf-8"
    assert not re.search(rb"AB|100101|ITEM-|Sam|Okafor", body)
    token = path.split("/")[-1].removesuffix(".ics")
    assert token not in str(row)
    assert token not in council.log.getvalue()
    assert "feed.made" in noted


async def test_a_stopped_a_replaced_and_a_leavers_address_give_what_a_wrong_one_gives(council: Council) -> None:
    """Abuse case A19."""
    first = await makes(council, "sam")
    second = await makes(council, "sam", "Make a new address")
    of_tara = await makes(council, "tara")
    assert (await fetched(council, second))[0] == 200
    person = council.person("sam")
    await person.says("calendar")
    await person.clicks(person.latest, "Stop it")
    left = PEOPLE.replace("court,,,,tara@", "court,,,2026-11-29,tara@")
    await directory.import_people(council.parts.context, left, tenant_id=TENANT_ID)
    wrong = "/calendar/" + "A" * 43 + ".ics"

    answers = [await fetched(council, path) for path in (first, second, of_tara, wrong)]

    assert {answer[0] for answer in answers} == {404}
    assert len(set(answers)) == 1


async def test_guessing_addresses_is_stopped_before_the_database_is_asked(council: Council) -> None:
    path = await makes(council, "sam")

    statuses = [(await fetched(council, f"/calendar/{n:043d}.ics"))[0] for n in range(25)]

    assert statuses == [404] * 20 + [429] * 5
    assert (await fetched(council, path))[0] == 429


async def test_times_are_londons_on_both_sides_of_a_clock_change(council: Council) -> None:
    path = await makes(council, "chloe")
    await council.at(datetime(2027, 3, 20, 12, tzinfo=UTC))

    _, body, _ = await fetched(council, path)

    days = {
        event["dtstart"].dt.date().isoformat(): event["dtstart"].dt
        for event in Calendar.from_ical(body).walk("VEVENT")
        if str(event["summary"]) == "Legal Gateway Panel"
    }
    assert [f"{days[day]:%H:%M %z}" for day in ("2027-03-24", "2027-03-31")] == ["09:30 +0000", "09:30 +0100"]
    assert b"TZID=Europe/London" in body
