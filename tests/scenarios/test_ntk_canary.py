"""A planted child and story go through every act on a need-to-know; they show only to those who may read them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import select

from casework import ports
from casework.db.audit import audit
from casework.db.ntk_events import ntk_events
from casework.services import ntk_proving
from scheduler.delivery import Drain
from tests.scenarios import acting
from tests.scenarios.council import MONDAY_AFTERNOON, Council, open_council
from tests.teams_service.chats import Request

SECRETS = ("QZXJ", "9078563412", "Zephyrine", "Quillfeather", "Marrowgate", "Inkpen", "9078563413", "VKQW")
KEPT = {"privacy_reason": "The police asked for Inkpen word for word."}
CHILD = {
    "initials": "QZXJ",
    "case_id": "9078563412",
    "other_children": "VKQW 9078563413",
    "what_happened": "Zephyrine was found at Quillfeather.",
    "actions_taken": "Taken to Marrowgate.",
    "who_told": "Inkpen by phone.",
    **KEPT,
}


@dataclass
class Post:
    """A mail server that takes everything."""

    letters: list[tuple[str, ports.Letter]] = field(default_factory=list)

    async def send(self, to: str, letter: ports.Letter) -> ports.Outcome:
        self.letters.append((to, letter))
        return ports.Accepted(None)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What came out of Usher, and what it left behind."""

    log: str
    figures: str
    requests: list[Request]
    letters: list[tuple[str, ports.Letter]]
    facts: str
    kinds: set[str]
    proof: str
    outsiders: dict[str, str]
    insider: str
    raw: bytes


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    return asyncio.run(_live_through_it(tmp_path_factory.mktemp("canary")))


def test_those_who_may_read_it_do(evidence: Evidence) -> None:
    assert [secret for secret in SECRETS if secret not in evidence.insider] == []


def test_no_log_line_and_no_figure_holds_it(evidence: Evidence) -> None:
    assert found_in(evidence.log) == []
    assert found_in(evidence.figures) == []
    assert "delivery.settled" in evidence.log


def test_no_lock_screen_and_no_address_line_shows_it(evidence: Evidence) -> None:
    outside = "\n".join(
        f"{request.conversation_id} {request.activity_id} {request.body.get('summary')} {request.body.get('text')}"
        for request in evidence.requests
    )

    assert found_in(outside) == []
    assert any("Zephyrine" in str(request.body) for request in evidence.requests)


def test_no_letter_holds_it(evidence: Evidence) -> None:
    (words,) = {f"{letter.subject}\n{letter.body}" for _, letter in evidence.letters}

    assert [secret for secret in (*SECRETS, "NTK-", "harm", "Sam", "Tara") if secret in words] == []


def test_no_fact_of_the_audit_trail_or_the_history_holds_it(evidence: Evidence) -> None:
    assert found_in(evidence.facts) == []
    assert {"update", "comment", "returned", "corrected", "closed", "reopened", "breach", "merged"} <= evidence.kinds


def test_the_proof_holds_nothing_of_the_child(evidence: Evidence) -> None:
    assert found_in(evidence.proof) == []
    assert "card to TM" in evidence.proof


def test_people_without_the_right_find_no_trace(evidence: Evidence) -> None:
    assert {name: found_in(words) for name, words in evidence.outsiders.items()} == {
        "connor": [],
        "devi": [],
        "marek": [],
        "sasha": [],
    }


def test_the_bytes_of_the_database_do_not_hold_it(evidence: Evidence) -> None:
    assert [secret for secret in SECRETS if secret.encode() in evidence.raw] == []
    assert b"NTK-2026-0001" in evidence.raw


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


async def _live_through_it(folder: Path) -> Evidence:
    async with open_council(folder, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        await council.person("leila").removes()
        post = Post()
        council.parts.drain._mailer = post
        await _every_act(council)
        await _ask_where_nothing_may_be_seen(council)
        await council.at(MONDAY_AFTERNOON + timedelta(days=2))
        origin = council.teams.messages_url.removesuffix("/api/messages")
        async with aiohttp.ClientSession() as session, session.get(f"{origin}/metrics") as answer:
            figures = await answer.text()
        facts, kinds = await _facts(council)
        proof = await ntk_proving.prove(council.parts.context, reference="NTK-2026-0001")
        return Evidence(
            log=council.log.getvalue(),
            figures=figures,
            requests=council.teams.requests,
            letters=post.letters,
            facts=facts,
            kinds=kinds,
            proof="\n".join(f"{line.what} {line.who}" for line in proof.lines) if proof else "",
            outsiders={
                name: "\n".join(shown.words for shown in council.person(name).cards)
                for name in ("connor", "devi", "marek", "sasha")
            },
            insider="\n".join(shown.words for name in ("sam", "chloe") for shown in council.person(name).cards),
            raw=await asyncio.to_thread(
                lambda: b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())
            ),
        )


async def _every_act(council: Council) -> None:
    assert isinstance(council.parts.drain, Drain)
    await council.raises("sam", **CHILD)
    await council.send_all()
    story = {"text": "Zephyrine of Quillfeather asked for Inkpen.", **KEPT}
    await acting.does(council, "tara", "return", **story)
    await acting.does(council, "sam", "update", material="yes", **story)
    await acting.does(council, "tara", "check", needed=story["text"], statutory="YES", **KEPT)
    await acting.does(council, "neil", "comment", **story)
    await acting.does(council, "sam", "comment", **story)
    await acting.does(council, "tara", "correct", child="0", initials="QZXJ", case_id="9078563414", **story)
    await acting.does(council, "chloe", "level", level="2", **story)
    await acting.does(council, "priya", "lower_confirm")
    await acting.records(
        council,
        "priya",
        "Serious incident notification",
        decision="DONE",
        on="2026-11-30",
        reason=story["text"],
        **KEPT,
    )
    await acting.records(
        council, "priya", "Rapid review", decision="NOTNEEDED", on="2026-11-30", reason=story["text"], **KEPT
    )
    ending = {"outcome": "RESOLVED", "themes": "RISK,INFO", "recorded_on": "2026-11-30", "learning": story["text"]}
    await acting.does(council, "chloe", "close", **story, **ending)
    await acting.does(council, "chloe", "reopen", **story)
    quinn = await council.id_of("quinn")
    await acting.does(council, "chloe", "wrong_person", person=quinn, **story)
    await council.raises("sam", **CHILD)
    await council.send_all()
    await acting.does(council, "chloe", "merge", "NTK-2026-0002", **{"reference": "NTK-2026-0001"}, **story)


async def _ask_where_nothing_may_be_seen(council: Council) -> None:
    for name in ("connor", "devi", "marek", "sasha"):
        for words in ("find NTK-2026-0001", "find 9078563412", "my ntks", "team ntks"):
            await council.person(name).says(words)
    chloe = council.person("chloe")
    await chloe.clicks(await acting.menu(council, "chloe"), "Everything that happened")


async def _facts(council: Council) -> tuple[str, set[str]]:
    async with council.parts.context.database.reading() as work:
        audited = (await work.connection.execute(select(audit.c.action, audit.c.facts))).all()
        events = (await work.connection.execute(select(ntk_events.c.kind, ntk_events.c.facts))).all()
    return "\n".join(f"{name} {facts}" for name, facts in [*audited, *events]), {kind for kind, _ in events}
