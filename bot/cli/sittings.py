"""`sittings`: the dates a rulebook gives, as text, JSON or a calendar; needs no database but for `simulate`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from datetime import date
from pathlib import Path

from bot.cli import simulate
from casework.domain.sitting_calendar import Occurrence, occurrences, spoken
from casework.rulebook import reader

LONGEST_YEARS = 100


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("sittings", help="print the sittings the rulebook gives")
    parser.add_argument("--from", dest="first", type=_day, metavar="YYYY-MM-DD", help="needed")
    parser.add_argument("--to", dest="last", type=_day, metavar="YYYY-MM-DD", help="needed")
    parser.add_argument("--format", choices=("text", "json", "ics"), default="text")
    parser.add_argument(
        "--council", type=Path, help="a folder with a rulebook; otherwise USHER_COUNCIL, or the default"
    )
    # not required by argparse: `simulate` has its own
    parser.set_defaults(run=run, missing=lambda names: parser.error(f"the following arguments are required: {names}"))
    simulate.register(parser.add_subparsers(metavar="simulate"), _day)


def run(options: argparse.Namespace) -> int:
    """Print to stdout; exit code 2 with the reason on stderr for bad dates or a faulty rulebook."""
    if options.first is None or options.last is None:
        wanted = (("--from", options.first), ("--to", options.last))
        options.missing(", ".join(name for name, day in wanted if day is None))
    if options.last < options.first:
        print("--to is before --from.", file=sys.stderr)
        return 2
    if options.last.year - options.first.year > LONGEST_YEARS or not 1900 <= options.first.year <= 2200:
        print(f"Ask for {LONGEST_YEARS} years at most, between 1900 and 2300.", file=sys.stderr)
        return 2
    try:
        book = reader.read(folder_of(options.council))
    except reader.RulebookError as wrong:
        print(f"The rulebook has faults:\n{wrong}", file=sys.stderr)
        return 2
    found = occurrences(book, options.first, options.last)
    if options.format == "json":
        print(json.dumps([row(one) for one in found], indent=2))
    elif options.format == "ics":
        from bot import clocks  # only this format needs a clock, and the library
        from documents import calendar_file

        sys.stdout.buffer.write(calendar_file.of_rulebook(book, found, made_at=clocks.SystemClock().now()))
    else:
        for one in found:
            print(line(one))
    return 0


def folder_of(given: Path | None) -> Path | None:
    """The rulebook folder asked for, USHER_COUNCIL's, or None for the default."""
    named = os.environ.get("USHER_COUNCIL", "")
    return given or (Path(named) if named else None)


def row(one: Occurrence) -> dict[str, object]:
    """One sitting as the documented JSON object."""
    return {
        "panel": one.panel,
        "date": one.on.isoformat(),
        "start": f"{one.start:%H:%M}",
        "end": f"{one.end:%H:%M}",
        "starts_at": one.starts_at.isoformat(),
        "status": one.status,
        "from_date": one.original_on.isoformat() if one.status == "moved" else None,
        "incorporates": list(one.incorporates),
        "papers_due": one.papers_due_at.isoformat(),
        "reason": one.reason,
    }


def line(one: Occurrence) -> str:
    """One sitting as people read it."""
    panels = " with ".join((one.panel, *one.incorporates))
    papers = f"papers by {one.papers_due_at:%a} {one.papers_due_at.day} {one.papers_due_at:%b %H:%M}"
    state = "" if one.status == "planned" else f"  {one.status.upper()}"
    why = f"  ({one.reason})" if one.reason else ""
    return f"{spoken(one.on):28} {one.start:%H:%M}-{one.end:%H:%M}  {panels:12} {papers}{state}{why}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date like 2026-04-13") from None
