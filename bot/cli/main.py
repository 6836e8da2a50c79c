"""The command line: picks one command and loads only that one, so that a question needs no server's libraries."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

# name -> (module with `register(subparsers)`, what help says)
COMMANDS: dict[str, tuple[str, str]] = {
    "audit": ("bot.cli.audit", "verify the audit trail"),
    "cases": ("bot.cli.cases", "import case allocations from a file"),
    "db": ("bot.cli.db", "bring the database to this version's tables"),
    "ntk": ("bot.cli.ntk", "prove what happened to a need-to-know"),
    "outbox": ("bot.cli.outbox", "list deliveries a person should look at, send one again"),
    "paper": ("bot.cli.paper", "a sitting's agenda or record as PDF, Word or CSV"),
    "people": ("bot.cli.people", "import people and their roles from a file"),
    "rulebook": ("bot.cli.rulebook", "check or apply the council's rulebook"),
    "serve": ("bot.cli.serve", "run Usher (also the default)"),
    "sittings": ("bot.cli.sittings", "print the sittings the rulebook gives, or try out a rule"),
    "tracker": ("bot.cli.tracker", "import the families open in pre-proceedings and proceedings"),
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code: 0 done, 1 found something wrong, 2 could not start."""
    given = list(arguments) or ["serve"]
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Usher: need-to-know notifications and case panels in Teams.",
        epilog="Commands: " + "; ".join(f"{name}: {does}" for name, (_, does) in COMMANDS.items()),
    )
    subparsers = parser.add_subparsers(metavar="command", required=True)
    for name, (module, does) in COMMANDS.items():
        if name == given[0]:
            importlib.import_module(module).register(subparsers)
        else:
            subparsers.add_parser(name, help=does)
    options = parser.parse_args(given)
    if not hasattr(options, "run"):
        parser.print_usage(sys.stderr)
        return 2
    return int(options.run(options))
