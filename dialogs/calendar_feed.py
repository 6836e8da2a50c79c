"""The conversation about somebody's calendar address."""

from __future__ import annotations

from cards import feed
from casework import ports
from casework.domain.people import Person
from casework.services import feeds
from dialogs.base import Desk
from dialogs.turns import Clicked


async def page(desk: Desk, person: Person, words: str) -> ports.Message:
    """ "calendar": whether there is an address, and what it is good for."""
    return feed.page(await feeds.made_at(desk.context, person=person), is_set_up=bool(desk.public_url))


async def make(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    if not desk.public_url:
        return await page(desk, person, "")
    token = await feeds.make(desk.context, person=person)
    return feed.made(f"{desk.public_url}/calendar/{token}.ics")


async def stop(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    await feeds.stop(desk.context, person=person)
    return feed.stopped()
