"""Agendas and decision sheets to put on paper, and the words that try to break them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from casework.paper_views import (
    ActionLine,
    AgendaPaper,
    AgendaPaperLine,
    ChildDecision,
    DecisionItem,
    DecisionPaper,
)

DIGEST = "0123456789abcdef" * 4
STARTS_AT = datetime(2026, 12, 2, 9, 30, tzinfo=UTC)
ENDS_AT = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)
HOSTILE = (
    '#panic("no")',
    '#read("/etc/passwd")',
    "*bold* _thin_ `code` $x$ @ref <label> \\ // gone /* gone */",
    '=HYPERLINK("https://example.org","press")',
    "<script>alert(1)</script> & <w:p/>",
    '"], "kind": "Heading", "level": 9, "x": ["',
    "= not a heading\n- not a list\n+ nor this\n/ nor: this",
)
INVISIBLE = "A\u200bB\u202eC\u200fD\ufeffE\x00F\x07G\ud800H\ufffeI"
UNSHOWN = "\N{GRINNING FACE} \N{CJK UNIFIED IDEOGRAPH-6F22} q\u0357 \N{ARABIC LETTER MEEM} \ue000"
LONG = "x" * 10_000


def line(number: int = 1, **changes: object) -> AgendaPaperLine:
    one = AgendaPaperLine(
        number=number,
        starts_at=STARTS_AT + timedelta(minutes=20 * (number - 1)),
        minutes=20,
        reference=f"LGP-2026-{number:04d}",
        children=(f"AB (ID {100100 + number})", f"CD (ID {200100 + number})"),
        request_type="Permission to start care proceedings",
        presenter="Sam Reed",
        readiness="Complete",
        flags=("Week 14 of 16",),
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # a test names the fields it means


def agenda(lines: int = 3, **changes: object) -> AgendaPaper:
    one = AgendaPaper(
        council="Fernshire Council",
        panel_name="Legal Gateway Panel",
        starts_at=STARTS_AT,
        ends_at=ENDS_AT,
        venue="Room 2, Civic Centre",
        chair="Dana Head",
        version=2,
        digest=DIGEST,
        released_at=datetime(2026, 11, 27, 15, 0, tzinfo=UTC),
        lines=tuple(line(number) for number in range(1, lines + 1)),
        changes=("LGP-2026-0002 moved from 9:30am to 9:50am", "LGP-2026-0009 cancelled"),
        overflow=("LGP-2026-0044", "LGP-2026-0045"),
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # a test names the fields it means


def child(**changes: object) -> ChildDecision:
    one = ChildDecision(
        child="AB (ID 100101)",
        outcome_code="ISSUE",
        outcome="Start care proceedings",
        is_in_principle=True,
        rationale="The plan has been tried for fourteen weeks.\nThe harm goes on.",
        conditions="Viability assessment of the maternal aunt first",
        dissent="Education would wait four weeks",
        cost="£1,250 a week for 12 weeks",
        until_on=date(2027, 2, 24),
        review_on=date(2027, 1, 13),
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # a test names the fields it means


def item(number: int = 1, **changes: object) -> DecisionItem:
    one = DecisionItem(
        number=number,
        reference=f"LGP-2026-{number:04d}",
        request_type="Permission to start care proceedings",
        presenter="Sam Reed",
        decisions=(
            child(),
            child(
                child="CD (ID 200101)",
                outcome_code="PREPROC",
                outcome="Pre-proceedings",
                is_in_principle=False,
                conditions="",
                dissent="",
                cost="",
                until_on=None,
            ),
        ),
        advice="The threshold is met on the papers as they stand.",
        actions=(
            ActionLine(
                what="Send the letter before proceedings",
                owner="Legal",
                due_on=date(2026, 12, 9),
                done_on=date(2026, 12, 8),
            ),
            ActionLine(what="Family group conference", owner="SW", due_on=date(2026, 12, 16), done_on=None),
        ),
        not_decided="",
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # a test names the fields it means


def decisions(**changes: object) -> DecisionPaper:
    one = DecisionPaper(
        council="Fernshire Council",
        panel_name="Legal Gateway Panel",
        starts_at=STARTS_AT,
        ends_at=ENDS_AT,
        venue="Room 2, Civic Centre",
        chair="Dana Head",
        present=("Dana Head, chair", "Neil Marsh, legal"),
        apologies=("Chloe Ward, health", "Priya Shah, education"),
        quorum="Met: 4 of 4 who have to be there",
        confirmed_at=datetime(2026, 12, 3, 16, 5, tzinfo=UTC),
        confirmed_by="Dana Head",
        digest=DIGEST,
        items=(
            item(1),
            item(
                2,
                decisions=(),
                advice="",
                actions=(),
                not_decided="Deferred: the social worker was called away",
            ),
        ),
        addenda=("Thursday 3 December 2026 at 4pm, Dana Head: the aunt's assessment is due a week later",),
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # a test names the fields it means


def draft(**changes: object) -> DecisionPaper:
    return decisions(confirmed_at=None, confirmed_by="", **changes)


def hostile_agenda(words: str) -> AgendaPaper:
    """The same words in every place of an agenda where somebody may have typed them."""
    lines = (line(1, children=(words,), request_type=words, presenter=words, readiness=words, flags=(words,)),)
    return replace(agenda(), venue=words, chair=words, lines=lines, changes=(words,), overflow=(words,))


def hostile_decisions(words: str) -> DecisionPaper:
    """The same words in every place of a decision sheet where somebody may have typed them."""
    action = ActionLine(what=words, owner=words, due_on=date(2026, 12, 9), done_on=None)
    said = child(child=words, outcome=words, rationale=words, conditions=words, dissent=words, cost=words)
    heard = item(1, presenter=words, decisions=(said,), advice=words, actions=(action,), not_decided=words)
    people = (words,)
    return replace(decisions(), present=people, apologies=people, quorum=words, items=(heard,), addenda=people)
