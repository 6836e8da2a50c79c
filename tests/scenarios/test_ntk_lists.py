"""Lists of NTKs: one's own, the team's by need, the timeline; and that SQL and the rules of access agree on each."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from casework.db import cases, ntk, ntk_recipients, ntk_register, people
from casework.db.uow import Database, Work
from casework.domain import access
from casework.domain.forms import Child
from casework.domain.ntk import Narrative, State
from casework.domain.ntk_routing import Recipient
from casework.domain.people import Grant, Person, Role
from tests.scenarios import reading
from tests.scenarios.acting import FIRST, acknowledge, does, found, opens, timeline
from tests.scenarios.council import Council

LINE = ("tara", "neil", "chloe", "priya", "dana")
WEDNESDAY_TEN = datetime(2026, 12, 2, 10, tzinfo=UTC)
TODAY = datetime(2026, 11, 23).date()


def sections(words: str) -> dict[str, list[str]]:
    """Heading, which ends in a count, -> references under it, in order."""
    listed: dict[str, list[str]] = {}
    for line in words.splitlines():
        if re.search(r"[a-z]: \d+$", line):
            listed[line] = []
        elif line.startswith("**NTK-"):
            listed[list(listed)[-1]].append(line.split("**")[1])
    return listed


async def raised(council: Council, **changed: str) -> None:
    await council.raises("sam", **changed)
    await council.send_all()


async def four_that_stand_differently(council: Council) -> None:
    """By Wednesday at ten: 1 is overdue, 2 is due today, 3 is open, 4 is not acknowledged by everyone."""
    await raised(council)
    await acknowledge(council, *LINE)
    await raised(council, category="PRACTICE", initials="CD", case_id="100102")
    await acknowledge(council, "tara", "neil", "chloe", reference="NTK-2026-0002")
    await council.at(datetime(2026, 12, 1, 14, tzinfo=UTC))
    await raised(council, initials="EF", case_id="100103")
    await acknowledge(council, *LINE, reference="NTK-2026-0003")
    await council.at(WEDNESDAY_TEN)
    await raised(council, category="VIOLENCE", initials="GH", case_id="100109")


async def test_a_team_list_has_each_ntk_once_under_the_worst_that_is_wrong_with_it(council: Council) -> None:
    await four_that_stand_differently(council)

    await council.person("tara").says("team ntks")

    assert sections(council.person("tara").latest.words) == {
        "Not acknowledged by everyone: 1": ["NTK-2026-0004"],
        "Update overdue: 1": ["NTK-2026-0001"],
        "Update due today: 1": ["NTK-2026-0003"],
        "Open: 1": ["NTK-2026-0002"],
    }


async def test_a_button_of_the_list_opens_it(council: Council) -> None:
    await raised(council)
    tara = council.person("tara")
    await tara.says("team ntks")

    shown = await tara.clicks(tara.latest, f"Open {FIRST}")

    assert reading.title(shown) == f"Need-to-know {FIRST}"


async def test_an_ntk_that_is_over_leaves_the_team_list(council: Council) -> None:
    await raised(council, category="COMPLAINT")
    await does(council, "tara", "not_ntk", reason="BELOW", text="Answered by the team.")

    await council.person("tara").says("team ntks")

    assert "No need-to-know is open for your team or service." in council.person("tara").latest.words


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("tara", True),
        ("neil", True),
        ("chloe", True),
        ("priya", True),
        ("dana", True),
        ("ruth", False),
        ("imran", False),
        ("grace", False),
        ("helen", False),
    ],
)
async def test_a_manager_lists_the_ntks_of_their_own_line(council: Council, who: str, sees: bool) -> None:
    await raised(council, category="COMPLAINT")

    await council.person(who).says("team ntks")

    assert (f"Open {FIRST}" in council.person(who).latest.buttons) is sees


@pytest.mark.parametrize("who", ["sam", "connor", "leila", "devi", "yusuf"])
async def test_whoever_manages_nobody_has_no_team_list(council: Council, who: str) -> None:
    await raised(council)

    await council.person(who).says("team ntks")

    assert "You don't have the role for this." in council.person(who).latest.words


async def test_ones_own_list_has_what_waits_and_what_one_raised(council: Council) -> None:
    await raised(council)
    await council.raises("tara", initials="CD", case_id="100102")
    await council.send_all()

    await council.person("tara").says("my ntks")

    words = council.person("tara").latest.words
    waiting, raised_ = words.split("Raised by you, or yours to update")
    assert (FIRST in waiting, "NTK-2026-0002" in waiting) == (True, False)
    assert (FIRST in raised_, "NTK-2026-0002" in raised_) == (False, True)
    await acknowledge(council, "tara")
    await council.person("tara").says("my ntks")
    assert "Nothing is waiting for you." in council.person("tara").latest.words


async def test_lists_say_nothing_of_what_happened(council: Council) -> None:
    await raised(council)
    words = []

    for line in ("team ntks", "my ntks", f"find {FIRST}", "find 100101"):
        await council.person("tara").says(line)
        words.append(council.person("tara").latest.words)

    assert ["neighbour" in said for said in words] == [False] * 4
    assert {council.person("tara").latest.summary} == {"Your list"}


async def test_a_search_takes_a_reference_as_people_type_it(council: Council) -> None:
    await raised(council)
    tara = council.person("tara")
    answers = {}

    for words in ("NTK-2026-0001", "ntk-2026-1", "NTK20260001", "ntk 2026 0001", "100101", "100 101", "id 100101"):
        await tara.says(f"find {words}")
        answers[words] = f"Open {FIRST}" in tara.latest.buttons

    assert {words for words, is_found in answers.items() if not is_found} <= {"ntk 2026 0001", "100 101"}


async def test_the_timeline_has_every_step_in_order(council: Council) -> None:
    await raised(council, category="VIOLENCE")
    await acknowledge(council, "tara")
    await does(council, "sam", "update", text="The worker is in hospital.")
    await does(council, "tara", "comment", text="Which ward?")
    await does(council, "neil", "endorse")
    await does(council, "chloe", "close", outcome="CASEWORK", themes="RISK", text="Over.", recorded_on="2026-11-30")

    said = [
        line.split("** ", 1)[1].split(" (")[0]
        for line in await timeline(council, "tara")
        if line.startswith("**Mon 30 Nov")
    ]

    assert said[::-1] == [
        "Sam Okafor raised it at level 2",
        "Tara Whitfield acknowledged it",
        "Usher told Service manager",
        "Sam Okafor added an update",
        "Tara Whitfield commented",
        "Neil Abara checked and endorsed it",
        "Usher told Head of service",
        "Chloe Marsh closed it: Goes on in casework",
    ]


async def test_a_long_timeline_comes_in_pages_that_leave_nothing_out(council: Council) -> None:
    await raised(council, category="PRACTICE")
    id = (await found(council)).id
    for number in range(1, 31):
        typed = {"text": f"Number {number}.", "nonce": f"{number:032}"}
        await council.presses("sam", "ntk.do", {"ntk": id, "act": "update", **typed})
    await council.send_all()

    told = [line for line in await timeline(council, "tara") if line.startswith("Number ")]
    tara = council.person("tara")
    first = await tara.clicks(await tara.clicks(await opens(council, "tara"), "More"), "Everything that happened")
    titles, buttons = [reading.title(first)], [[b for b in first.buttons if b in ("Earlier", "Later")]]
    for _ in range(2):
        await tara.clicks(first, "Earlier")
        titles.append(reading.title(first))
        buttons.append([b for b in first.buttons if b in ("Earlier", "Later")])
    await tara.clicks(first, "Later")

    assert told == [f"Number {number}." for number in range(30, 0, -1)]
    assert titles == [f"{FIRST}: what happened ({page} of 3)" for page in (1, 2, 3)]
    assert buttons == [["Earlier"], ["Earlier", "Later"], ["Later"]]
    assert reading.title(first) == f"{FIRST}: what happened (2 of 3)"


@pytest.mark.parametrize("page", [0, -1, 99, "2", None, True, [1]])
async def test_a_page_that_does_not_exist_is_answered_with_one_that_does(council: Council, page: object) -> None:
    await raised(council)

    shown = await council.presses("tara", "ntk.timeline", {"ntk": (await found(council)).id, "page": page})

    assert reading.title(shown) == f"{FIRST}: what happened"


# --- lists are made in SQL, rights judged in Python: the two must agree on every combination

NORTH, SOUTH, ASSESSMENT, CARE = "North team", "South team", "Assessment", "Care"
TOLD = ("nobody", "planned", "told", "taken_off")
PLACES = ((NORTH, ASSESSMENT), (SOUTH, ASSESSMENT), ("Other team", CARE), ("", ""))
RELATIONS = ("raiser", "owner", "on_behalf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What may make a difference to who reads an NTK."""

    is_restricted: bool
    told: str
    is_excluded: bool
    place: tuple[str, str]
    relation: str = ""


def held() -> dict[str, tuple[Grant, ...]]:
    """Name -> grants of everybody tried: each role where it may be held, two at once, in somebody's stead, none."""
    everybody: dict[str, tuple[Grant, ...]] = {"nobody": ()}
    for role in Role:
        for team, service in ((NORTH, ASSESSMENT), (None, ASSESSMENT), (None, CARE), (None, None)):
            panel = "ARP" if role is Role.CH else None
            grant = Grant(role=role, team=team if role in (Role.SW, Role.TM) else None, service=service, panel=panel)
            everybody[f"{role.value} {grant.team} {service}"] = (grant,)
    everybody["two"] = (
        Grant(role=Role.TM, team=SOUTH, service=ASSESSMENT),
        Grant(role=Role.SM, service=CARE),
    )
    return everybody


async def saved(work: Work) -> list[Person]:
    """Everybody of `held`, as they stand in the database."""
    ids = []
    for number, (name, grants) in enumerate(held().items()):
        entra = f"b0000000-0000-4000-8000-{number:012d}"
        ids.append(
            await people.save(
                work, tenant_id="t", entra_object_id=entra, name=name, work_phone="", work_email="", held=grants
            )
        )
    return list((await people.by_ids(work, ids, today=TODAY)).values())


async def write(work: Work, number: int, kind: Kind, raiser: str, somebody: Person, everyone: list[Person]) -> None:
    """One NTK of a kind. Where there is a relation it is `somebody`'s, and what is told or kept out is theirs alone."""
    case = await cases.find_or_create(work, case_id="123456", initials="AB", team="", service="")
    mine = somebody.id if kind.relation else raiser
    row = ntk.Ntk(
        id=f"{number:032d}",
        reference=f"NTK-2026-{number:04d}",
        case_ref=case.id,
        raiser_id=mine if kind.relation == "raiser" else raiser,
        owner_id=mine if kind.relation == "owner" else raiser,
        on_behalf_id=mine if kind.relation == "on_behalf" else None,
        category="OTHER",
        level=2,
        state=State.OPEN,
        version=1,
        is_restricted=kind.is_restricted,
        team=kind.place[0],
        service=kind.place[1],
        gaps=(),
        aware_at=work.now,
        raised_at=work.now,
        occurred_at=None,
        missing_since=None,
        found_at=None,
        checked_at=None,
        checked_by_id=None,
        lower_to=None,
        lower_by_id=None,
        next_update_at=None,
        closed_at=None,
        merged_into_id=None,
        rulebook_version=1,
    )
    narrative = Narrative(children=(Child(initials="AB", case_id="123456"),), answers={})
    await ntk.create(work, row, nonce=row.id, narrative=narrative, case_refs=(case.id,))
    whom = [somebody] if kind.relation else everyone
    if kind.told != "nobody":
        chain = [Recipient(person.id, "SM") for person in whom]
        await ntk_recipients.add(work, row.id, chain, is_told=kind.told != "planned")
    if kind.told == "taken_off":
        for person in whom:
            await ntk_recipients.end(work, ntk_id=row.id, person_id=person.id, because="conflict")
    if kind.is_excluded:
        ids = [person.id for person in whom]
        await ntk_recipients.exclude(work, ntk_id=row.id, person_ids=ids, because="conflict", by_id=None)


async def test_lists_in_sql_show_exactly_what_the_rules_of_access_allow(database: Database) -> None:
    plain = [
        Kind(is_restricted=restricted, told=told, is_excluded=excluded, place=place)
        for restricted, told, excluded, place in itertools.product((False, True), TOLD, (False, True), PLACES)
    ]
    related = [
        Kind(is_restricted=restricted, told=told, is_excluded=excluded, place=PLACES[2], relation=relation)
        for restricted, told, excluded, relation in itertools.product(
            (False, True), ("nobody", "taken_off"), (False, True), RELATIONS
        )
    ]
    async with database.writing() as work:
        everyone = await saved(work)
        raiser = await people.save(
            work, tenant_id="t", entra_object_id="c0000000-0000-4000-8000-000000000000", name="R", work_phone="",
            work_email="", held=(Grant(role=Role.SW, team="Far", service="Away"),)
        )  # fmt: skip
        number = 0
        for kind in plain:
            number += 1
            await write(work, number, kind, raiser, everyone[0], everyone)
        # whose it is makes the same difference whatever the role: a handful of roles is enough
        for kind, person in itertools.product(related, everyone[:: max(1, len(everyone) // 6)]):
            number += 1
            await write(work, number, kind, raiser, person, everyone)

    different: list[tuple[str, str]] = []
    allowed = 0
    async with database.reading() as work:
        rows = [ntk.opened(row) for row in (await work.connection.execute(select(ntk.ntks))).mappings()]
        facts = {row.id: await ntk_recipients.facts(work, row) for row in rows}
        for person in everyone:
            statement = select(ntk.ntks.c.id).where(ntk_register.readable(work, person))
            listed = set((await work.connection.execute(statement)).scalars())
            may = {id for id, known in facts.items() if access.can_read_ntk(person, known)}
            allowed += len(may)
            different += [(person.name, id) for id in sorted(listed ^ may)]

    assert different == []
    assert len(rows) == number
    assert 0 < allowed < len(rows) * len(everyone)
