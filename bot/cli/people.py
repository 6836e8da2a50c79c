"""`people import FILE.csv`: people and the roles they hold."""

from __future__ import annotations

import argparse

from bot.cli import office
from casework.domain.directory_files import PEOPLE_COLUMNS
from casework.services import directory
from casework.services.context import Context


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    office.file_command(subparsers, "people", columns=PEOPLE_COLUMNS, run=run)


def run(options: argparse.Namespace) -> int:
    """Exit code 0 when all of the file was taken, 1 for bad rows (nothing is taken), 2 when it can't be read."""
    return office.import_file(options.file, _take, noun="people")


async def _take(context: Context, text: str, tenant_id: str) -> int:
    return await directory.import_people(context, text, tenant_id=tenant_id)
