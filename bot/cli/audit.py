"""`audit verify`: is the audit trail as it was written?"""

from __future__ import annotations

import argparse

from bot.cli import office
from bot.config import Settings
from casework.services import audit_trail
from casework.services.context import Context


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs = subparsers.add_parser("audit").add_subparsers(metavar="verb", required=True)
    verbs.add_parser("verify", help="check every link of the hash chain").set_defaults(run=verify)


def verify(options: argparse.Namespace) -> int:
    """Exit code 0 when every link holds, 1 with the first bad row otherwise."""

    async def task(context: Context, settings: Settings) -> int:
        verdict = await audit_trail.verify(context)
        if verdict.first_bad is None:
            print(f"All {verdict.rows} audit rows are as they were written.")
            return 0
        print(f"The audit trail was changed: row {verdict.first_bad} is the first that does not fit.")
        return 1

    return office.with_context(task)
