"""`paper agenda|record PANEL DATE`: a sitting's agenda or record as PDF, Word or CSV, for the council's own office."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Literal

from bot.cli import office
from bot.config import Settings
from casework.domain.errors import Refusal
from casework.services import printing
from casework.services.context import Context
from documents import files


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs = subparsers.add_parser("paper").add_subparsers(metavar="what", required=True)
    for what, does in (("agenda", "the newest released agenda"), ("record", "what was decided, and the actions")):
        parser = verbs.add_parser(what, help=does)
        parser.add_argument("panel", help="the panel's code, such as LGP")
        parser.add_argument("on", type=date.fromisoformat, metavar="DATE", help="the day it sits, YYYY-MM-DD")
        parser.add_argument("--format", choices=sorted(files.FORMATS), default="pdf")
        parser.add_argument("--folder", type=Path, default=Path(), help="where the file goes (default: here)")
        if what == "record":
            parser.add_argument(
                "--with-advice", action="store_true", help="with privileged legal advice: for those who may read it"
            )
        parser.set_defaults(run=run, what=what)


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when the file was written, 1 when there is no such agenda or record, 2 when it can't be done."""

    async def task(context: Context, settings: Settings) -> int:
        made = files.FORMATS[options.format]
        try:
            if options.what == "agenda":
                content = made.agenda(await printing.agenda(context, panel=options.panel, on=options.on))
            else:
                record = await printing.record_of(
                    context, panel=options.panel, on=options.on, with_advice=options.with_advice
                )
                content = made.decisions(record)
        except Refusal:
            said = "No agenda is released" if options.what == "agenda" else "No sitting was held"
            print(f"{said} for {options.panel} on {options.on.isoformat()}: check both.", file=sys.stderr)
            return 1
        kind: Literal["agenda", "decisions"] = "agenda" if options.what == "agenda" else "decisions"
        path = options.folder / files.file_name(options.panel, options.on, kind, options.format)
        try:
            path.write_bytes(content)
        except OSError as fault:
            print(f"Can't write {path}: {fault.strerror}.", file=sys.stderr)
            return 2
        print(path)
        return 0

    return office.with_context(task)
