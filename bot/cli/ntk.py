"""`ntk prove REFERENCE`: what should have happened to a need-to-know, beside what the record holds."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta

from bot.cli import office
from bot.config import Settings
from casework.domain import london
from casework.domain.ntk_proof import Line
from casework.services import ntk_proving
from casework.services.context import Context


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs = subparsers.add_parser("ntk").add_subparsers(metavar="verb", required=True)
    proving = verbs.add_parser(
        "prove", help="each step: due, done, lateness, by whom; exit code 1 where one is missing"
    )
    proving.add_argument("reference", help="like NTK-2026-0042")
    proving.set_defaults(run=prove)


def prove(options: argparse.Namespace) -> int:
    """Exit code 0 when every step is there, 1 where one is missing or the reference is unknown. It is audited."""

    async def task(context: Context, settings: Settings) -> int:
        proof = await ntk_proving.prove(context, reference=options.reference)
        if proof is None:
            print(f"There is no need-to-know {options.reference}.")
            return 1
        print(
            f"{proof.reference}  {proof.category}  level {proof.level}  {proof.state}  "
            f"under rulebook version {proof.rulebook_version}"
        )
        print(f"{'due':17}  {'done':17}  {'late':>8}  {'what':44}  {'by or to whom':22}  verdict")
        for line in proof.lines:
            print(_row(line))
        count = len(proof.gaps)
        print("Every step is there." if not count else f"Steps missing: {count}.")
        return 1 if count else 0

    return office.with_context(task)


def _row(line: Line) -> str:
    done = _moment(line.done_at) if line.done_at else "-"
    late = _span(line.lateness)
    return f"{_moment(line.due_at):17}  {done:17}  {late:>8}  {line.what:44}  {line.who:22}  {line.verdict.value}"


def _moment(instant: datetime) -> str:
    return f"{london.local(instant):%Y-%m-%d %H:%M}"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min" if minutes else "-"
