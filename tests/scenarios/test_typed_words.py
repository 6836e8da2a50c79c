"""Typed words are read kindly: slips, panels by any name, English dates; and help shows each role what it can do."""

from __future__ import annotations

from pathlib import Path

from tests.scenarios import reading
from tests.scenarios.council import MONDAY_AFTERNOON, Council, open_council

HELP = "What Usher can do"
SORRY = "Sorry, I didn't understand"


async def answered(council: Council, first_name: str, line: str) -> str:
    """The heading of the card that answers a typed line."""
    person = council.person(first_name)
    await person.says(line)
    return reading.title(person.latest)


async def hints(council: Council, first_name: str) -> list[str]:
    """What help tells somebody they can type."""
    person = council.person(first_name)
    await person.says("help")
    return [line.split("**")[1] for line in person.latest.words.splitlines() if line.startswith("- **")]


async def test_slips_of_the_finger_are_understood(tmp_path: Path) -> None:
    lines = {
        "raise": "Raise a need-to-know",
        "Rasie": "Raise a need-to-know",
        "RAISE!!": "Raise a need-to-know",
        "new ntk please": "Raise a need-to-know",
        "bok AB 100101 onto legal gatway": "Choose a sitting",
        "please book ab 100101 onto lgp": "Choose a sitting",
        "Book AB 100101 onto Legal Gateway Panel": "Choose a sitting",
        "book a case": "Book a case onto a panel",
        "book ab 100101": "Book a case onto a panel",
        "my itmes": "Your panel items",
        "My bookings": "Your panel items",
        "nxt permanency": "Next: Permanency Panel",
        "when's the next perm": "Next: Permanency Panel",
        "my ntks": "Need-to-knows",
        "my nkts": "Need-to-knows",
        "fnd NTK-2026-0042": "Nothing found",
        "who to fone": "Whom to phone now",
        "on cal": "Cover and on call",
        "helpp": HELP,
        "hello": HELP,
        "": HELP,
        "what's the weather": SORRY,
        "🙂": SORRY,
    }
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        answers = {line: await answered(council, "sam", line) for line in lines}

        assert answers == lines


async def test_panels_are_known_by_code_short_name_and_slip(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        lines = ("agenda lgp", "agneda legal gateway", "agenda Legal Gatway", "show agenda legal gateway panel")
        answers = [await answered(council, "connor", line) for line in lines]

        assert answers == ["Agenda: Legal Gateway Panel"] * len(lines)


async def test_english_dates_choose_the_sitting_from_that_day_on(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        chosen = {}
        for words in ("", "next thursday", "10 dec", "16 december", "in three weeks"):
            form = await council.begins_booking("sam", f"AB 100101 onto legal gateway {words}")
            offered = reading.choices(form, "sitting")
            chosen[words] = reading.day(offered[reading.typed(form)["sitting"]])

        assert chosen == {
            "": "9 Dec",
            "next thursday": "9 Dec",
            "10 dec": "16 Dec",
            "16 december": "16 Dec",
            "in three weeks": "23 Dec",
        }


async def test_help_shows_each_role_what_it_can_do(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        seen = {name: await hints(council, name) for name in ("sam", "connor", "dana", "leila")}

        booking = ["book AB 123456 onto legal gateway"]
        agenda, items, raising, team = ["agenda arp"], ["my items"], ["raise"], ["team ntks"]
        actions, approvals = ["actions"], ["approvals"]
        anybody, phone = ["calendar", "cover", "find NTK-2026-0042", "help"], ["who to phone"]
        assert seen == {
            "sam": [*actions, *booking, *anybody, *items, "my ntks", "next permanency", *raising, *phone],
            "connor": [
                *(*actions, *agenda, *booking, *anybody, *items),
                *("my ntks", "next permanency", "sittings", "undelivered", *phone),
            ],
            "dana": [
                *(*actions, *agenda, *approvals, *anybody),
                *("my ntks", "next permanency", *raising, *team, *phone),
            ],
            "leila": [*actions, *agenda, *anybody, "my ntks", "next permanency", *phone],
        }


async def test_what_help_does_not_show_is_refused_before_anything_is_filled_in(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam, leila = council.person("sam"), council.person("leila")

        for line in ("agenda arp", "team ntks"):
            await sam.says(line)
        for line in ("raise", "book AB 100101 onto legal gateway"):
            await leila.says(line)
        clicked = [await council.presses("leila", verb, {}) for verb in ("ntk.start", "ntk.start_new", "item.start")]

        refused = [shown.words for shown in (*sam.inbox, *leila.inbox, *clicked)]
        assert ["You don't have the role for this." in words for words in refused] == [True] * 7
