"""Every table entry is complete: a verb without an action, a kind without a card, a code without words fails here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cards
from bot import config
from bot.web import server
from cards import wording
from casework import ports
from casework.domain.deliveries import POLICIES, Kind
from casework.domain.errors import Code
from casework.services.outbox_views import VIEWERS
from dialogs import actions, commands
from scheduler.jobs import JOBS
from tests import samples
from tests.cards import schema

ROOT = Path(__file__).resolve().parents[2]
# which sample shows what a kind of delivery looks like
SAMPLE_OF = {
    Kind.AGENDA: "agenda",
    Kind.ITEM_CHANGED: "item_moved_by_other",
    Kind.NTK_NEW: "ntk",
    Kind.NTK_NOT_DELIVERED: "ntk_not_delivered",
    Kind.NTK_RECEIPT_CARD: "ntk_receipt",
    Kind.NTK_RECIPIENT_CARD: "ntk_acknowledged",
    Kind.PRESENTER_REMINDER: "reminder",
}


def drawn() -> dict[str, ports.Message]:
    return dict(samples.samples())


def verbs_in(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") == "Action.Execute":
            yield str(part["verb"])
        for value in part.values():
            yield from verbs_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from verbs_in(value)


def test_every_verb_drawn_has_an_action_and_every_action_is_drawn() -> None:
    found = {verb for message in drawn().values() for verb in verbs_in(message.card)}

    # help is offered only beside refusals that end a card
    assert found | {"help.show"} == set(actions.ACTIONS)
    assert set(actions.ACTIONS) >= actions.READ_ONLY


def test_every_code_has_words() -> None:
    said = {code: wording.refusal(code, {}) for code in Code}

    assert [code for code, words in said.items() if not words or "{" in words] == []


def test_every_kind_has_policy_viewer_renderer_and_sample() -> None:
    kinds = set(Kind)

    assert set(POLICIES) == kinds
    assert set(VIEWERS) == kinds
    assert set(cards.RENDERERS) == kinds
    assert set(SAMPLE_OF) == kinds
    assert set(SAMPLE_OF.values()) <= set(drawn())


def test_samples_are_fresh() -> None:
    kept = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / samples.FOLDER).glob("*.json")}

    assert kept == {f"{name}.json": samples.text_of(name, message) for name, message in drawn().items()}


@pytest.mark.parametrize("name", sorted(drawn()))
def test_sample_is_a_valid_phone_safe_card(name: str) -> None:
    card = json.loads(samples.text_of(name, drawn()[name]))["card"]

    assert schema.problems(card) == []


def test_no_summary_says_anything_personal() -> None:
    summaries = {message.summary for message in drawn().values()}

    known = {value for name, value in vars(wording).items() if name.startswith("SUMMARY_")}
    assert summaries <= known
    assert [summary for summary in known if re.search(r"\d|AB\b", summary)] == []


def test_every_job_stands_in_the_runbook() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| [^|]+ \| ([^|]+) \|$", runbook, re.MULTILINE)

    assert {name: purpose for name, purpose in rows if name in {job.name for job in JOBS}} == {
        job.name: job.purpose for job in JOBS
    }


def test_every_setting_is_documented_and_no_other() -> None:
    example = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    described = re.findall(
        r"^\| `(\w+)` \|", (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8"), re.MULTILINE
    )

    assert sorted(example) == list(config.names())
    assert sorted(described) == list(config.names())


def test_every_route_states_its_authentication() -> None:
    routes = server.routes(None, [], None)  # type: ignore[arg-type]  # nothing is asked of it here

    stated = {route.path: route.authentication for route in routes}
    assert stated["/api/messages"] is server.Authentication.TEAMS
    assert stated["/metrics"] is server.Authentication.OPERATOR
    assert all(isinstance(how, server.Authentication) for how in stated.values())


def test_phrases_are_lower_case_and_begin_one_command_each() -> None:
    phrases = [phrase for command in commands.COMMANDS for phrase in command.phrases]

    assert phrases == [phrase.lower() for phrase in phrases]
    assert len(set(phrases)) == len(phrases)
    assert [command.name for command in commands.COMMANDS] == sorted(command.name for command in commands.COMMANDS)
