"""Typed words are read kindly: slips, panels by any name, English dates, and nothing hostile breaks it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import phrases
from dialogs.commands import COMMANDS
from tests.factories import rulebook

MONDAY = datetime(2026, 11, 23, 16, 50, tzinfo=UTC)
TABLE = {phrase: command.name for command in COMMANDS for phrase in command.phrases}


def command(text: str) -> tuple[str, str] | None:
    found = phrases.best_phrase(text, TABLE)
    return (TABLE[found[0]], found[1]) if found else None


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("raise", "raise", ""),
        ("Raise!", "raise", ""),
        ("rasie ab 123456", "raise", "ab 123456"),
        ("raise a need to know", "raise", ""),
        ("ntk", "raise", ""),
        ("my ntks", "my ntks", ""),
        ("my itmes", "my items", ""),
        ("book ab 123456 onto legal gateway", "book", "ab 123456 onto legal gateway"),
        ("please book AB 123456", "book", "ab 123456"),
        ("next permanency", "next", "permanency"),
        ("when is the next arp?", "next", "arp"),
        ("agenad arp", "agenda", "arp"),
        ("hlep", "help", ""),
        ("hi", "help", ""),
    ],
)
def test_commands_are_known_in_spite_of_slips(text: str, name: str, rest: str) -> None:
    assert command(text) == (name, rest)


@pytest.mark.parametrize("text", ["", "   ", "thank you", "42", "🙂", "lorem ipsum dolor"])
def test_what_is_no_command_is_none(text: str) -> None:
    assert command(text) is None


@pytest.mark.parametrize(
    ("text", "code", "rest"),
    [
        ("arp", "ARP", ""),
        ("access to resources", "ARP", ""),
        ("onto legal gateway please", "LGP", "onto please"),
        ("legal gatway", "LGP", ""),
        ("gateway", "LGP", ""),
        ("the permanancy panel", "PERM", "the"),
        ("plo", "PLO", ""),
        ("care proceedings", "CARE", ""),
        ("housing pathways", "HP", ""),
        ("best care best value", "BCBV", ""),
        ("bcbv", "BCBV", ""),
        ("nothing of the kind", None, "nothing of the kind"),
    ],
)
def test_panels_are_known_by_every_name(text: str, code: str | None, rest: str) -> None:
    panel, left = phrases.find_panel(text, rulebook().panels)

    assert (panel.code if panel else None, left) == (code, rest)


def test_every_panel_is_known_by_code_name_short_name_and_aliases() -> None:
    for panel in rulebook().panels:
        for name in (panel.code, panel.name, panel.short_name, *panel.aliases):
            found, _ = phrases.find_panel(name, rulebook().panels)
            assert found == panel, name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ab 123456 onto arp", ("AB", "123456")),
        ("A.B. 123456", ("AB", "123456")),
        ("ab id 123456", ("AB", "123456")),
        ("123456", ("", "123456")),
        ("for 123456", ("", "123456")),
        ("ab 12", ("", "")),
        ("annabel 123456", ("", "123456")),
    ],
)
def test_a_child_is_initials_and_case_id(text: str, found: tuple[str, str]) -> None:
    assert phrases.find_child(text, r"\d{4,10}")[:2] == found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("next thursday", date(2026, 11, 26)),
        ("thursday", date(2026, 11, 26)),
        ("on 3 dec", date(2026, 12, 3)),
        ("3 December 2026", date(2026, 12, 3)),
        ("03/12/2026", date(2026, 12, 3)),
        ("tomorrow", date(2026, 11, 24)),
        ("6 jan", date(2027, 1, 6)),
        ("", None),
        ("for the child", None),
        ("1 january 2020", None),
    ],
)
def test_english_dates_are_read_as_days_to_come(text: str, day: date | None) -> None:
    assert phrases.find_date(text, MONDAY) == day


def test_everything_named_in_one_line_is_found() -> None:
    found = phrases.mentions("ab 123456 onto legal gateway next wednesday", rulebook(), MONDAY)

    assert (found.initials, found.case_id, found.on) == ("AB", "123456", date(2026, 11, 25))
    assert found.panel == rulebook().panel("LGP")


@given(text=st.text(max_size=200))
def test_nothing_typed_breaks_the_reading(text: str) -> None:
    command(text)
    phrases.mentions(text, rulebook(), MONDAY)


@pytest.mark.parametrize(
    ("text", "name"),
    [("a " * 20_000, None), ("9" * 100_000, None), ("book " * 10_000, "book"), ("\u202e🙂" * 5_000, None)],
)
def test_very_long_lines_are_read_to_their_end(text: str, name: str | None) -> None:
    found = command(text)
    named = phrases.mentions(text, rulebook(), MONDAY)

    assert (found[0] if found else None) == name
    assert (named.panel, named.on) == (None, None)
