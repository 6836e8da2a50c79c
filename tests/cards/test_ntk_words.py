"""Sentences about need-to-knows are whole in every case, whatever facts an event has or lacks."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cards import ntk_words
from casework.ntk_list_views import TimelineEntry
from casework.ntk_views import Gap, ToldPerson
from tests.samples_views import FACTS, NOW, STANDING, Facts


def entry(kind: str, facts: Facts) -> TimelineEntry:
    return TimelineEntry(at=NOW, kind=kind, who="Tara Whitfield", facts=facts, words=())


@pytest.mark.parametrize("because", sorted(ntk_words.WHY))
@pytest.mark.parametrize("rest", ["|", "|Team manager|", "|Team manager|Neil Abara"])
def test_why_is_a_whole_sentence_in_every_case(because: str, rest: str) -> None:
    said = ntk_words.why(because + rest)

    assert re.fullmatch(r"[A-Z].*\.", said)
    assert [odd for odd in ("{", "|", "  ", "()") if odd in said] == []


def test_why_names_whom_one_covers_for() -> None:
    assert ntk_words.why("cover|Service manager|Neil Abara") == (
        "You cover for Neil Abara (service manager), who is away."
    )


@pytest.mark.parametrize("kind", [*ntk_words.EVENTS, "something_new"])
@pytest.mark.parametrize("has_facts", [True, False])
def test_an_event_is_a_sentence_with_or_without_its_facts(kind: str, has_facts: bool) -> None:
    said = ntk_words.event(entry(kind, FACTS.get(kind, {}) if has_facts else {}))

    assert said
    assert [odd for odd in ("{", "None") if odd in said] == []


@pytest.mark.parametrize("do", [*ntk_words.STEPS, "something_new"])
@pytest.mark.parametrize("told", [0, 1, 4, None])
def test_a_step_is_a_sentence_however_many_were_told(do: str, told: int | None) -> None:
    said = ntk_words.event(entry("step", {"do": do, "tier": "Service manager", "told": told}))

    assert said.startswith("Usher: ")
    assert [odd for odd in ("{", "None") if odd in said] == []


def test_numbers_of_people_read_as_english() -> None:
    assert [ntk_words.people(count) for count in (None, 0, 1, 2)] == ["nobody", "nobody", "1 person", "2 people"]


def test_endorsing_says_what_was_noted() -> None:
    said = ntk_words.event(entry("checked", {"welfare": True, "comms": False, "statutory": "YES"}))

    assert said == (
        "Tara Whitfield checked and endorsed it: support for the staff involved is arranged "
        "and a statutory notification is considered"
    )


@pytest.mark.parametrize(("words", "within"), [("Team manager", "team manager"), ("LADO", "LADO"), ("", "")])
def test_a_role_stands_in_a_sentence(words: str, within: str) -> None:
    assert ntk_words.low(words) == within


@pytest.mark.parametrize("state", sorted(ntk_words.STATES))
def test_every_state_has_words(state: str) -> None:
    said = ntk_words.state(replace(STANDING, state=state, lower_to=2))

    assert said.endswith("Lowering to level 2 waits to be confirmed; level 1 holds")


def test_other_recipients_don_t_see_whom_the_raiser_phones() -> None:
    person = ToldPerson(name="Dana*", tier="Director", reached="no", acknowledged_at=None, phone="01632 960106")

    assert ntk_words.told(person) == "Dana\\*, director: **not delivered: phone now** on 01632 960106"
    assert ntk_words.also_told(person) == "Dana\\*, director: not reached yet, the raiser has been asked to phone"


def test_those_it_is_kept_from_leave_no_gap() -> None:
    assert ntk_words.gap_lines([Gap(tier="Team manager", because="excluded")]) == []
    assert "nobody is on Usher's list" in str(ntk_words.gap_lines([Gap(tier="Director", because="vacant")]))
