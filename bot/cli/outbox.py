"""`outbox list` and `outbox send-again ID`: deliveries that need a person's eye."""

from __future__ import annotations

import argparse

from bot.cli import office
from bot.config import Settings
from casework.services import outbox
from casework.services.context import Context


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verbs = subparsers.add_parser("outbox").add_subparsers(metavar="verb", required=True)
    verbs.add_parser("list", help="what could not be delivered, or nobody knows").set_defaults(run=list_)
    again = verbs.add_parser("send-again", help="send one of them once more")
    again.add_argument("id")
    again.set_defaults(run=send_again)


def list_(options: argparse.Namespace) -> int:
    """Counts by state, then each unsettled row: id, kind, state, reason. No names, no text."""

    async def task(context: Context, settings: Settings) -> int:
        counts, oldest = await outbox.standing(context)
        print(", ".join(f"{state} {count}" for state, count in sorted(counts.items())) or "The outbox is empty.")
        print(f"Oldest due: {oldest.isoformat() if oldest else 'nothing is due'}")
        for row in await outbox.unsettled(context):
            print(f"{row.id}  {row.kind.value:20}  {row.state.value:10}  {row.outcome}")
        return 0

    return office.with_context(task)


def send_again(options: argparse.Namespace) -> int:
    """Exit code 1 when the id is no unsettled delivery."""

    async def task(context: Context, settings: Settings) -> int:
        if await outbox.send_again(context, delivery_id=options.id):
            print("It will be sent again now.")
            return 0
        print("There is no unknown or refused delivery with that id.")
        return 1

    return office.with_context(task)
