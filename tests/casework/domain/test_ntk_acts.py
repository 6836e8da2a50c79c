"""ACTS as a table written by hand: who may do what to an NTK, in which state, and which acts need words."""

from __future__ import annotations

import pytest

from casework.domain import access, ntk_acts
from casework.domain.ntk import LIVE, State
from casework.domain.ntk_act_forms import Case
from casework.domain.ntk_acts import ACTS
from casework.domain.ntk_rulebook import Choice
from casework.domain.people import Person, Role
from casework.services.ntk_acts import PERFORMERS
from tests.factories import SERVICE, TEAM, grant, person, rulebook

FACTS = access.NtkFacts(
    raiser_id="raiser",
    owner_id="raiser",
    on_behalf_id=None,
    team=TEAM,
    service=SERVICE,
    is_restricted=False,
    recipient_ids=frozenset({"told"}),
    excluded_ids=frozenset({"kept-out"}),
)
SUBMITTED = Case(state=State.SUBMITTED, level=2)
RAISER = person("raiser", Role.SW)
EVERYBODY: dict[str, Person] = {
    "raiser": RAISER,
    "TM": person("tm", Role.TM),
    "SM": person("sm", Role.SM),
    "HOS": person("hos", Role.HOS),
    "AD": person("ad", Role.AD),
    "DIR": person("dir", Role.DIR),
    "told": person("told", Role.LA),
    "colleague": person("colleague", Role.SW),
    "other TM": person("other", grants=(grant(Role.TM, team="South team"),)),
    "administrator": person("sy", Role.SY),
    "kept out": person("kept-out", Role.AD),
}
LINE = ["TM", "SM", "HOS", "AD", "DIR"]
TOP = ["HOS", "AD", "DIR"]


def who(code: str, case: Case = SUBMITTED) -> list[str]:
    """Who may do an act to an NTK that stands so."""
    return [
        name for name, somebody in EVERYBODY.items() if ntk_acts.allowed(ACTS[code], rulebook(), case, somebody, FACTS)
    ]


@pytest.mark.parametrize(
    ("code", "case", "may"),
    [
        ("endorse", SUBMITTED, LINE),
        ("check", SUBMITTED, LINE),
        ("return", SUBMITTED, LINE),
        ("level", SUBMITTED, LINE),
        ("not_ntk", SUBMITTED, LINE),
        ("lower_confirm", Case(state=State.OPEN, level=1, lower_to=2, lower_by_id="hos"), ["TM", "SM", "AD", "DIR"]),
        ("lower_keep", Case(state=State.OPEN, level=1, lower_to=2, lower_by_id="hos"), ["TM", "SM", "AD", "DIR"]),
        ("lower_confirm", SUBMITTED, []),
        ("up", Case(state=State.OPEN, level=3), ["HOS"]),
        ("up", Case(state=State.OPEN, level=2), ["AD"]),
        ("up", Case(state=State.OPEN, level=1), []),
        ("update", SUBMITTED, ["raiser", *LINE]),
        ("found", SUBMITTED, []),
        ("found", Case(state=State.OPEN, level=2, is_missing=True), ["raiser", *LINE]),
        ("comment", SUBMITTED, ["raiser", *LINE, "told"]),
        ("briefed", SUBMITTED, ["AD", "DIR"]),
        ("propose_close", SUBMITTED, ["SM"]),
        ("close", SUBMITTED, TOP),
        ("reopen", Case(state=State.CLOSED, level=2), TOP),
        ("merge", SUBMITTED, TOP),
        ("withdraw", SUBMITTED, ["raiser"]),
        ("correct", SUBMITTED, ["raiser", "TM", *TOP]),
        ("wrong_person", SUBMITTED, ["raiser", "TM", *TOP]),
        ("exclude", SUBMITTED, ["AD", "DIR"]),
    ],
)
def test_who_may_do_it(code: str, case: Case, may: list[str]) -> None:
    assert who(code, case) == may


STATES = {
    "endorse": {State.SUBMITTED, State.RETURNED},
    "check": {State.SUBMITTED, State.RETURNED},
    "return": {State.SUBMITTED},
    "not_ntk": {State.SUBMITTED, State.RETURNED},
    "withdraw": {State.SUBMITTED, State.RETURNED},
    "reopen": {State.CLOSED, State.NOT_NTK},
    "wrong_person": set(State),
    "exclude": set(State),
    **{
        key: set(LIVE)
        for key in (
            *("update", "found", "comment", "level", "lower_confirm", "lower_keep", "up"),
            *("briefed", "propose_close", "close", "merge", "correct"),
        )
    },
}


def test_every_act_has_its_states_and_somebody_who_carries_it_out() -> None:
    assert {code: set(act.states) for code, act in ACTS.items()} == STATES
    assert set(PERFORMERS) == set(ACTS)


def test_once_checked_it_is_neither_checked_again_withdrawn_nor_called_no_need_to_know() -> None:
    checked = Case(state=State.OPEN, level=2, is_checked=True)

    assert {code: who(code, checked) for code in ("endorse", "check", "return", "not_ntk", "withdraw")} == {
        key: [] for key in ("endorse", "check", "return", "not_ntk", "withdraw")
    }


def test_reopened_and_returned_it_was_checked_already_and_is_not_withdrawn() -> None:
    assert who("withdraw", Case(state=State.RETURNED, level=2, is_checked=True)) == []


def test_nobody_checks_what_they_raised_themselves_whatever_their_role() -> None:
    raiser = person("raiser", Role.HOS)

    allowed = {act.code for act in ntk_acts.open_to(rulebook(), SUBMITTED, raiser, FACTS)}

    assert allowed.isdisjoint({"endorse", "check", "return", "level", "not_ntk", "lower_confirm", "up"})
    assert {"update", "close", "withdraw"} <= allowed


@pytest.mark.parametrize("state", list(State))
def test_somebody_kept_out_or_of_another_line_may_do_nothing(state: State) -> None:
    case = Case(state=state, level=1, is_missing=True, lower_to=2, lower_by_id="tm")

    for name in ("colleague", "other TM", "administrator", "kept out"):
        assert ntk_acts.open_to(rulebook(), case, EVERYBODY[name], FACTS) == (), name


def test_somebody_kept_out_may_not_correct_what_they_raised() -> None:
    facts = access.NtkFacts(
        raiser_id="raiser",
        owner_id="raiser",
        on_behalf_id=None,
        team=TEAM,
        service=SERVICE,
        is_restricted=True,
        recipient_ids=frozenset(),
        excluded_ids=frozenset({"raiser"}),
    )

    assert ntk_acts.open_to(rulebook(), SUBMITTED, RAISER, facts) == ()


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("return", {"text"}),
        ("level", {"level", "text"}),
        ("not_ntk", {"reason", "text"}),
        ("up", {"decision", "text"}),
        ("update", {"text"}),
        ("found", {"found", "text"}),
        ("comment", {"text"}),
        ("close", {"outcome", "themes", "text", "recorded_on"}),
        ("propose_close", {"text"}),
        ("reopen", {"text"}),
        ("withdraw", {"text"}),
        ("merge", {"reference"}),
        ("correct", {"child", "initials", "case_id", "text"}),
        ("wrong_person", {"person", "text"}),
        ("exclude", {"person", "text"}),
        ("briefed", {"whom"}),
        ("check", {"statutory"}),
    ],
)
def test_what_each_form_needs(code: str, needed: set[str]) -> None:
    case = Case(
        state=State.OPEN, level=2, people=(Choice(code="a", name="A"),), children=(Choice(code="0", name="AB"),)
    )
    fields = ACTS[code].fields
    assert fields is not None

    assert {field.code for field in fields(rulebook(), case) if field.required} == needed


def test_endorsing_and_answering_a_lower_level_take_one_tap() -> None:
    assert {code for code, act in ACTS.items() if act.fields is None} == {"endorse", "lower_confirm", "lower_keep"}


def test_the_level_it_has_is_not_offered_as_a_new_one() -> None:
    fields = ACTS["level"].fields
    assert fields is not None

    offered = {
        level: [choice.code for choice in fields(rulebook(), Case(state=State.OPEN, level=level))[0].choices]
        for level in (1, 2, 3)
    }

    assert offered == {1: ["2", "3"], 2: ["1", "3"], 3: ["1", "2"]}
