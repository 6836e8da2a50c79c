"""Every table entry is complete: a verb without an action, a kind without a card, a code without words fails here."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cards
from bot import config
from bot.web import server
from cards import item_words, ntk_verbs, ntk_words, wording
from cards import ntk_acts as ntk_act_cards
from casework import ports
from casework.domain import item_acts, ntk_acts, ntk_steps
from casework.domain.deliveries import POLICIES, Kind
from casework.domain.errors import Code
from casework.ntk_views import NtkStub
from casework.services import item_acts as item_act_services
from casework.services import ntk_acts as ntk_act_services
from casework.services.outbox_views import VIEWERS
from dialogs import actions, commands
from scheduler.jobs import JOBS
from tests import samples, samples_views
from tests.cards import schema

ROOT = Path(__file__).resolve().parents[2]
# which sample shows what a kind of delivery looks like
SAMPLE_OF = {
    Kind.ACTION_DUE: "action_due",
    Kind.AGENDA: "agenda",
    Kind.CONSULT: "consult",
    Kind.CONSULT_ANSWER: "consult_answer_talk",
    Kind.COVER_SET: "cover_set",
    Kind.DECISION: "decision",
    Kind.DEFERRED_AGAIN: "deferred_again",
    Kind.HANDOVER: "ntk_handover",
    Kind.ITEM_APPROVAL: "item_to_approve",
    Kind.ITEM_CHANGED: "item_moved_by_other",
    Kind.ITEM_REVIEW: "review_due",
    Kind.MINUTES_DUE: "record_due",
    Kind.MORNING_DIGEST: "ntk_digest",
    Kind.NO_HELD_SLOT: "no_held_slot",
    Kind.NTK_CHANGED: "ntk_changed_update",
    Kind.NTK_CONFIRM: "ntk_confirm",
    Kind.NTK_ESCALATED: "ntk_escalated",
    Kind.NTK_EXHAUSTED: "ntk_exhausted",
    Kind.NTK_GAP: "ntk_gap",
    Kind.NTK_NEW: "ntk",
    Kind.NTK_NOT_DELIVERED: "ntk_not_delivered",
    Kind.NTK_PROMPT: "ntk_prompt",
    Kind.NTK_RECEIPT_CARD: "ntk_receipt",
    Kind.NTK_RECIPIENT_CARD: "ntk_acknowledged",
    Kind.NTK_REMINDER: "ntk_reminder",
    Kind.NTK_STUB: "ntk_stub_removed",
    Kind.NTK_UNPROVED: "ntk_unproved",
    Kind.NTK_UPDATE_DUE: "ntk_update_due",
    Kind.OFFICE_DIGEST: "office_digest",
    Kind.PAPERS_DUE: "papers_due",
    Kind.PAPERS_LATE: "papers_late",
    Kind.PRESENTER_REMINDER: "reminder",
    Kind.SITTING_CHANGED: "sitting_moved",
    Kind.SLOT_OFFERED: "offer",
    Kind.UNDELIVERED: "undelivered_told",
}
# what writes into the history of items rather than of need-to-knows
OF_ITEMS = (
    "actions.py",
    "approvals.py",
    "booking.py",
    "item_decisions.py",
    "item_doing.py",
    "item_listing.py",
    "item_moves.py",
    "papers.py",
    "tracker_listing.py",
)
# goes by e-mail, as words and no card
LETTERS = {Kind.NTK_LETTER}


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
    assert set(SAMPLE_OF) | LETTERS == kinds
    assert set(SAMPLE_OF.values()) <= set(drawn())


def test_a_letter_says_nothing_of_anybody() -> None:
    letters = [cards.RENDERERS[kind](NtkStub(reference="NTK-2026-0042", because="removed")) for kind in LETTERS]

    assert {kind for kind, policy in POLICIES.items() if policy.is_letter} == LETTERS
    for letter in letters:
        assert isinstance(letter, ports.Letter)
        words = f"{letter.subject}\n{letter.body}"
        assert re.findall(r"\d|NTK|\b[A-Z]{2,4}\b|child|need-to-know", words) == []
        # no capital but at the start of a sentence: no name
        assert set(re.findall(r"(?<=[a-z,“] )[A-Z]\w+", words)) <= {"Teams", "Usher", "Open"}


def test_every_act_has_a_performer_and_a_form_or_needs_none() -> None:
    names = set(drawn())
    with_form = {code for code, act in ntk_acts.ACTS.items() if act.fields is not None}

    assert set(ntk_act_services.PERFORMERS) == set(ntk_acts.ACTS)
    assert {f"ntk_act_{code}" for code in with_form} <= names
    assert set(ntk_acts.ACTS) - with_form == ntk_verbs.AT_ONCE


def test_every_act_stands_in_a_group_of_the_menu_or_in_the_last() -> None:
    grouped = [code for _, codes in ntk_act_cards.GROUPS for code in codes]

    assert len(grouped) == len(set(grouped))
    assert set(grouped) <= set(ntk_acts.ACTS)


def test_every_event_written_has_words_and_every_change_a_title() -> None:
    modules = [path for path in (ROOT / "casework").rglob("*.py") if path.name not in OF_ITEMS]
    written = {kind for path in modules for kind in events_written(path)}

    assert written == set(ntk_words.EVENTS)
    assert set(ntk_words.CHANGED_TITLES) <= written
    assert set(samples_views.FACTS) <= written


def test_everything_that_happens_to_an_item_has_words() -> None:
    written = {kind for name in OF_ITEMS for kind in happenings(ROOT / "casework" / "services" / name)}

    assert written == set(item_words.HAPPENED)


def happenings(path: Path) -> Iterator[str]:
    """The kinds of event a module writes into an item's history."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = ast.unparse(call.func)
        if name in ("doing.note", "_note", "_requested"):
            yield from (arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
        if name == "item_events.add":
            yield from (
                word.value.value
                for word in call.keywords
                if word.arg == "kind" and isinstance(word.value, ast.Constant) and isinstance(word.value.value, str)
            )
        if name == "doing.note" and isinstance(call.args[0], ast.Name):
            yield from ("decided", "outside")


def test_every_item_act_has_a_performer_and_a_form_or_needs_none() -> None:
    with_form = {code for code, act in item_acts.ITEM_ACTS.items() if act.fields is not None}

    assert set(item_act_services.PERFORMERS) == set(item_acts.ITEM_ACTS)
    assert {f"item_act_{code}" for code in with_form} <= set(drawn())


def test_every_step_has_words() -> None:
    steps = {step.do for level in samples_views.BOOK.levels for step in level.steps}

    assert steps | {ntk_steps.MISSING, ntk_steps.UPDATE_DUE, ntk_steps.RETURN_DUE} == set(ntk_words.STEPS)


def events_written(path: Path) -> Iterator[str]:
    """The kinds of event a module writes: `note("kind")`, `note(kind="kind")`, or `event`'s default."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.arguments):
            named = zip(call.kwonlyargs, call.kw_defaults, strict=True)
            yield from (str(one.value) for arg, one in named if arg.arg == "event" and isinstance(one, ast.Constant))
        if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith("note"):
            continue
        given = [argument for argument in call.args[:1] if isinstance(argument, ast.Constant)]
        given += [word.value for word in call.keywords if word.arg == "kind" and isinstance(word.value, ast.Constant)]
        yield from (str(one.value) for one in given)


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
