"""`rulebook check` and `rulebook apply`: what a rulebook says and where from; make it the one in effect."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from casework.domain import london
from casework.domain.rule_effect import Effect
from casework.domain.sitting_calendar import spoken
from casework.rulebook import reader


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs = subparsers.add_parser("rulebook").add_subparsers(metavar="verb", required=True)
    checking = verbs.add_parser("check", help="faults, and proposals not adopted yet")
    checking.set_defaults(run=check)
    applying = verbs.add_parser("apply", help="make it the rulebook in effect")
    applying.add_argument("--by", required=True, help="who decided")
    applying.add_argument("--why", required=True, help="why")
    applying.add_argument("--dry-run", action="store_true", help="print what it would do, and change nothing")
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
    """Print what it does to the sittings of the coming year, then write a new version unless it is a dry run.

    A faulty rulebook changes nothing: exit code 1.
    """
    from bot.cli import office  # only this verb opens the database
    from bot.cli.sittings import folder_of
    from bot.config import Settings
    from casework.services import rulebook, sitting_rules, sittings
    from casework.services.context import Context

    try:
        book = reader.read(folder_of(options.council))
    except reader.RulebookError as wrong:
        print(f"Nothing was applied. The rulebook has faults:\n{wrong}", file=sys.stderr)
        return 1

    async def task(context: Context, settings: Settings) -> int:
        last = london.local_date(context.database.clock.now()) + sittings.HORIZON
        for effect in await sitting_rules.foreseen(context, book, last=last):
            print(effect_line(effect))
        if options.dry_run:
            print("Nothing was applied: this was a dry run.")
            return 0
        version = await rulebook.apply(context, book, applied_by=options.by, why=options.why)
        await sittings.extend(context)
        print(f"Version {version} is in effect. NTKs, and sittings whose agenda is out, keep theirs.")
        return 0

    return office.with_context(task)


def effect_line(effect: Effect) -> str:
    """One sitting a rule change touches, as people read it."""
    before = _span(effect.sitting.starts_at, effect.sitting.ends_at) if effect.sitting else ""
    there = effect.occurrence
    after = (
        _span(there.starts_at, there.ends_at) + ("" if there.status == "planned" else f" ({there.status})")
        if there
        else ""
    )
    booked = f", {effect.sitting.booked} booked" if effect.sitting and effect.sitting.booked else ""
    said = {
        "new": f"new: {after}",
        "dropped": f"no longer: {before}",
        "changed": f"{before} -> {after}{booked}",
        "kept": f"stays {before}{booked}: settle it in the chat",
    }
    return f"  {spoken(effect.on):28} {effect.panel:5} {said[effect.kind]}"


def _span(starts_at: datetime, ends_at: datetime) -> str:
    start, end = london.local(starts_at), london.local(ends_at)
    return f"{start:%a} {start.day} {start:%b %H:%M}-{end:%H:%M}"
