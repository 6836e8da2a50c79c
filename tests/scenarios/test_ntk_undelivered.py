"""Teams can't put an NTK before somebody: the next one has it at once, the raiser phones, a letter says no more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from casework import ports
from casework.services import directory
from scheduler.delivery import Drain
from tests.scenarios import reading
from tests.scenarios.chain import (
    ALARM,
    NOT_DELIVERED,
    NTK,
    REFERENCE,
    acknowledges,
    arranges,
    puts_on_call,
    steps,
    told,
    who_got,
)
from tests.scenarios.conftest import Opener
from tests.scenarios.council import PEOPLE, STORY, Council
from tests.teams_service import faults
from tests.teams_service.service import TENANT_ID

TEN = datetime(2026, 12, 1, 10, tzinfo=UTC)
TODAY = TEN.date()
LEVEL_2 = {"category": "PROVIDER"}
LINE = ("tara", "neil", "chloe", "priya", "dana")
PASSED_ON = "Passed on to you"
PHONE_TARA = "- Tara Whitfield, team manager: 01632 960102"
PHONE_NEIL = "- Neil Abara, service manager: 01632 960104"


@dataclass
class Letters:
    """A mail server that takes every letter, or answers with `outcome`."""

    outcome: ports.Outcome = field(default_factory=lambda: ports.Accepted(None))
    sent: list[tuple[str, ports.Letter]] = field(default_factory=list)

    async def send(self, to: str, letter: ports.Letter) -> ports.Outcome:
        self.sent.append((to, letter))
        return self.outcome


def with_mail(council: Council, letters: Letters) -> Letters:
    """From now on letters go to this mail server."""
    parts = council.parts
    council.parts = replace(parts, drain=Drain(parts.context, parts.edge.messenger, mailer=letters))
    return letters


async def installs_all_but(council: Council, *missing: str) -> None:
    for name, person in council.people.items():
        if name not in missing:
            await person.installs()


async def leaves(council: Council, first_name: str) -> None:
    """Somebody's employment ended yesterday."""
    object_id = council.person(first_name).entra_object_id or ""
    rows = [line for line in PEOPLE.splitlines() if object_id in line]
    ended = [line.replace(",,,,", ",,,2026-11-30,") for line in rows]
    await directory.import_people(
        council.parts.context, "\n".join([PEOPLE.splitlines()[0], *ended]), tenant_id=TENANT_ID
    )


async def never_installed(council: Council) -> None:
    await installs_all_but(council, "tara")
    await council.raises("sam", **LEVEL_2)


async def blocked(council: Council) -> None:
    await council.everybody_installs()
    council.teams.fail(faults.writes_blocked(), person=council.person("tara"))
    await council.raises("sam", **LEVEL_2)


async def left_before_it_was_sent(council: Council) -> None:
    await council.everybody_installs()
    await council.raises("sam", **LEVEL_2)
    await leaves(council, "tara")


def phone_list(council: Council, first_name: str = "sam") -> list[str]:
    """Whom the newest card about a failed delivery says to phone."""
    shown = council.person(first_name).card(NOT_DELIVERED)
    return [line for line in shown.words.splitlines() if line.startswith("- ")]


WAYS: list[Callable[[Council], Awaitable[None]]] = [never_installed, blocked, left_before_it_was_sent]


@pytest.mark.parametrize("raised_while", WAYS)
async def test_the_tier_above_gets_it_at_once_and_the_raiser_phones(
    council_at: Opener, raised_while: Callable[[Council], Awaitable[None]]
) -> None:
    async with council_at(TEN) as council:
        await raised_while(council)

        await council.send_all()

        assert council.parts.clock.now() < TEN + timedelta(minutes=5)
        assert council.who_sees(NTK) == ["neil"]
        assert council.who_sees(PASSED_ON) == ["neil"]
        assert phone_list(council) == [PHONE_TARA]
        assert "Tara Whitfield, team manager: **not delivered: phone now** on 01632 960102" in (
            council.person("sam").card("Need-to-know raised").words
        )
        assert await steps(council, "TM") == [
            ("remind", "set", ""),
            ("deputy", "done", "nobody"),
            ("above", "done", "undelivered"),
            ("alarm", "set", ""),
        ]


@pytest.mark.parametrize("raised_while", [never_installed, blocked])
async def test_her_deputy_gets_it_at_once_where_she_has_one(
    council_at: Opener, raised_while: Callable[[Council], Awaitable[None]]
) -> None:
    async with council_at(TEN) as council:
        await council.person("neil").installs()
        await arranges(
            council,
            "neil",
            absent="Tara Whitfield",
            cover="Ruth Ainsley",
            kind="deputy",
            starts_on=TODAY,
            ends_on=TODAY + timedelta(days=30),
        )
        await raised_while(council)

        await council.send_all()

        assert await told(council) == [("tara", "TM", "line"), ("ruth", "TM", "deputy")]
        assert council.who_sees(NTK) == ["ruth"]
        why = "You are the deputy of Tara Whitfield (team manager), who did not answer in time or could not be reached."
        assert why in council.person("ruth").card(NTK).words
        assert phone_list(council) == [PHONE_TARA]


async def test_at_level_1_the_tier_above_hears_at_once_that_it_is_theirs_now(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await installs_all_but(council, "tara")

        await council.raises("sam")
        await council.send_all()

        assert {name: cards for name, cards in who_got(council, NTK).items() if cards > 1} == {"neil": 2}
        assert phone_list(council) == [PHONE_TARA]


async def test_where_a_colleague_of_the_tier_has_it_nothing_moves_on(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await installs_all_but(council, "tara")
        ruth = [line for line in PEOPLE.splitlines() if "Ruth Ainsley" in line]
        rows = [PEOPLE.splitlines()[0], *ruth, ruth[0].replace("South team", "North team")]
        await directory.import_people(council.parts.context, "\n".join(rows), tenant_id=TENANT_ID)

        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        assert council.who_sees(NTK) == ["ruth"]
        assert phone_list(council) == [PHONE_TARA]
        assert [state for _, state, _ in await steps(council, "TM")] == ["set"] * 4


async def test_two_tiers_out_of_reach_bring_it_to_the_third_without_an_alarm(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await installs_all_but(council, "tara", "neil")

        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        assert council.who_sees(NTK) == ["chloe"]
        assert phone_list(council) == [PHONE_TARA, PHONE_NEIL]
        assert who_got(council, ALARM) == {}


async def test_two_tiers_out_of_reach_at_level_1_raise_no_alarm_before_its_time(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await installs_all_but(council, "tara", "neil")

        await council.raises("sam")
        await council.send_all()

        assert phone_list(council) == [PHONE_TARA, PHONE_NEIL]
        assert who_got(council, ALARM) == {}


async def test_a_reminder_nobody_can_deliver_brings_the_alarm_no_sooner(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await installs_all_but(council, "tara")
        await council.raises("sam")
        await council.send_all()
        for name in LINE[1:]:
            await acknowledges(council, name)

        await council.at(TEN + timedelta(minutes=35))
        early = who_got(council, ALARM)
        await council.at(TEN + timedelta(minutes=91))

        assert early == {}
        assert who_got(council, ALARM) == {"dana": 1, "sam": 1}


async def test_nobody_of_the_line_can_be_reached_and_the_duty_head_is_alarmed_at_once(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await council.person("connor").installs()
        await puts_on_call(
            council,
            "connor",
            name="Helen Strand",
            tier="DUTY",
            starts_at=TEN - timedelta(minutes=1),
            ends_at=TEN + timedelta(days=1),
        )
        await installs_all_but(council, *LINE)

        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        assert council.parts.clock.now() < TEN + timedelta(minutes=5)
        assert who_got(council, ALARM) == {"helen": 1}
        assert council.who_sees(NTK) == []
        assert phone_list(council) == [
            PHONE_TARA,
            PHONE_NEIL,
            "- Chloe Marsh, head of service: 01632 960103",
            "- Priya Lindqvist, assistant director: 01632 960105",
            "- Dana Holloway, director: 01632 960106",
        ]


async def test_others_see_that_the_raiser_phones_not_the_number(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await installs_all_but(council, "tara")

        await council.raises("sam")
        await council.send_all()
        await acknowledges(council, "neil")

        card = council.person("chloe").card(NTK).words
        assert "Tara Whitfield, team manager: not reached yet, the raiser has been asked to phone" in card
        assert "01632 960102" not in card


async def test_once_she_opens_her_chat_she_has_it_and_nobody_need_phone(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await installs_all_but(council, "tara")
        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        await council.person("tara").installs()
        await council.send_all()
        await acknowledges(council, "tara")

        assert council.who_sees(NTK) == ["neil", "tara"]
        assert "Not delivered: phone now" not in council.person("sam").card("Need-to-know raised").words
        assert (
            "Tara Whitfield, team manager: **acknowledged**" in council.person("sam").card("Need-to-know raised").words
        )


async def test_a_letter_says_that_something_waits_and_not_what_or_about_whom(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        letters = with_mail(council, Letters())
        await installs_all_but(council, "tara")

        await council.raises("sam")
        await council.send_all()

        assert [to for to, _ in letters.sent] == ["tara@council.test"]
        letter = letters.sent[0][1]
        text = f"{letter.subject}\n{letter.body}"
        assert letter.subject == "Please open Teams"
        assert "write “hello” to Usher" in letter.body
        said = ("NTK", "2026", "AB", "100101", "harm", "Sam", "Okafor", "Level", "level", STORY["what_happened"])
        assert [word for word in said if word in text] == []


async def test_one_letter_for_each_ntk_however_often_delivery_fails(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        letters = with_mail(council, Letters())
        await installs_all_but(council, "tara")
        await council.raises("sam")
        await council.send_all()

        await council.at(TEN + timedelta(hours=3))
        first = [to for to, _ in letters.sent]
        await council.raises("sam", initials="CD", case_id="100102")
        await council.send_all()

        assert first == ["tara@council.test"]
        assert [to for to, _ in letters.sent] == ["tara@council.test"] * 2
        assert len({letter for _, letter in letters.sent}) == 1


async def test_whoever_got_the_card_gets_no_letter(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        letters = with_mail(council, Letters())
        await council.everybody_installs()

        await council.raises("sam")
        await council.send_all()

        assert letters.sent == []


async def test_somebody_without_an_address_gets_no_letter_and_the_rest_goes_on(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        letters = with_mail(council, Letters())
        await installs_all_but(council, "tara", "neil")
        rows = [line for line in PEOPLE.splitlines() if "Tara Whitfield" in line or line.startswith("entra")]
        without = "\n".join(rows).replace("tara@council.test", "")
        await directory.import_people(council.parts.context, without, tenant_id=TENANT_ID)

        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        assert [to for to, _ in letters.sent] == ["neil@council.test"]
        assert council.who_sees(NTK) == ["chloe"]


async def test_somebody_who_has_left_gets_no_letter(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        letters = with_mail(council, Letters())
        await council.everybody_installs()
        await council.raises("sam", **LEVEL_2)
        await leaves(council, "tara")

        await council.send_all()

        assert letters.sent == []
        assert council.who_sees(NTK) == ["neil"]


@pytest.mark.parametrize("outcome", [ports.Refused(code="no_mailbox"), ports.Unknown("TimeoutError")])
async def test_a_letter_that_fails_changes_nothing_else(council_at: Opener, outcome: ports.Outcome) -> None:
    async with council_at(TEN) as council:
        with_mail(council, Letters(outcome))
        await installs_all_but(council, "tara")

        await council.raises("sam", **LEVEL_2)
        await council.at(TEN + timedelta(minutes=30))

        assert council.who_sees(NTK) == ["neil"]
        assert phone_list(council) == [PHONE_TARA]


async def test_without_a_mail_server_no_letter_is_sent_and_nothing_breaks(council_at: Opener) -> None:
    async with council_at(TEN) as council:
        await installs_all_but(council, "tara")

        await council.raises("sam", **LEVEL_2)
        await council.send_all()

        assert council.who_sees(NTK) == ["neil"]
        assert [reading.title(card) for card in council.person("sam").cards if REFERENCE in reading.title(card)] == [
            f"Need-to-know raised: {REFERENCE}",
            NOT_DELIVERED,
        ]
