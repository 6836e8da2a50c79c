"""`rulebook check` and `rulebook apply`: what a rulebook says and where from; make it the one in effect."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from casework.rulebook import reader


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs = subparsers.add_parser("rulebook").add_subparsers(metavar="verb", required=True)
    checking = verbs.add_parser("check", help="faults, and proposals not adopted yet")
    checking.set_defaults(run=check)
    applying = verbs.add_parser("apply", help="make it the rulebook in effect")
    applying.add_argument("--by", required=True, help="who decided")
    applying.add_argument("--why", required=True, help="why")
    applying.set_defaults(run=apply)
    for parser in (checking, applying):
        parser.add_argument("--council", type=Path, help="a folder; otherwise USHER_COUNCIL, or the default")


def check(options: argparse.Namespace) -> int:
    """Exit code 0 for a rulebook without faults (proposals are no faults), 1 with each fault by file and key."""
    from bot.cli.sittings import folder_of  # the check needs no server's libraries either

    try:
        found = reader.read_with_sources(folder_of(options.council))
    except reader.RulebookError as wrong:
        print(f"The rulebook has faults:\n{wrong}", file=sys.stderr)
        return 1
    proposals = found.unadopted()
    print(f"No faults. {len(found.values)} values, of which {len(proposals)} are proposals not adopted yet.")
    for value in proposals:
        print(f"  {value.file}: {value.key} = {value.value!r}")
    if proposals:
        print('Adopt them in adopted.toml, for instance: adopted = ["panels.*.papers.*"]')
    return 0


def apply(options: argparse.Namespace) -> int:
    """Write a new version; a faulty rulebook changes nothing. Exit code 1 then."""
    from bot.cli import office  # only this verb opens the database
    from bot.cli.sittings import folder_of
    from bot.config import Settings
    from casework.services import rulebook
    from casework.services.context import Context

    try:
        book = reader.read(folder_of(options.council))
    except reader.RulebookError as wrong:
        print(f"Nothing was applied. The rulebook has faults:\n{wrong}", file=sys.stderr)
        return 1

    async def task(context: Context, settings: Settings) -> int:
        version = await rulebook.apply(context, book, applied_by=options.by, why=options.why)
        print(f"Version {version} is in effect. Sittings and NTKs made before keep theirs.")
        return 0

    return office.with_context(task)
