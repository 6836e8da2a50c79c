"""`tracker import FILE.csv`: the families open in pre-proceedings and care proceedings at go-live."""

from __future__ import annotations

import argparse

from bot.cli import office
from casework.domain.tracker_files import FAMILY_COLUMNS
from casework.services import trackers
from casework.services.context import Context


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    office.file_command(subparsers, "tracker", columns=FAMILY_COLUMNS, run=run)


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when all of the file was taken, 1 for bad rows (nothing is taken), 2 when it can't be read."""
    return office.import_file(options.file, _take, noun="families")


async def _take(context: Context, text: str, tenant_id: str) -> int:
    return await trackers.import_families(context, text, tenant_id=tenant_id)
