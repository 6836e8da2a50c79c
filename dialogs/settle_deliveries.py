"""The conversation by which the office settles cards that did not arrive."""

from __future__ import annotations

from cards import deliveries
from casework import ports
from casework.domain.people import Person
from casework.services import undelivered
from dialogs.base import Desk
from dialogs.turns import Clicked

MOST_CHOSEN = 50


async def page(desk: Desk, person: Person, words: str) -> ports.Message:
    """ "undelivered": what waits for a person's word."""
    return deliveries.page(await undelivered.page(desk.context, person=person))


async def page_clicked(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return await page(desk, person, "")


async def again(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    found = await undelivered.send_again(desk.context, person=person, delivery_ids=_chosen(click))
    return deliveries.page(found)


async def arrived(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    found = await undelivered.settle(desk.context, person=person, delivery_ids=_chosen(click), arrived=True)
    return deliveries.page(found)


async def leave(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    found = await undelivered.settle(desk.context, person=person, delivery_ids=_chosen(click), arrived=False)
    return deliveries.page(found)


def _chosen(click: Clicked) -> list[str]:
    """The ids ticked, of those a card can hold; anything else is an id nobody has."""
    value = click.data.get("chosen")
    ids = value.split(",") if isinstance(value, str) else []
    return [id for id in ids if 0 < len(id) <= 64][:MOST_CHOSEN]
