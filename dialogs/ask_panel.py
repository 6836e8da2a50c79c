"""Short questions about panels: when one next sits, and its agenda."""

from __future__ import annotations

from cards import common
from cards import sitting as sitting_cards
from casework import ports
from casework.domain import access
from casework.domain.people import Person
from casework.services import sittings
from dialogs import phrases
from dialogs.base import Desk, id_in
from dialogs.turns import Clicked

WHICH = "Say which panel: {names}."


async def next_sittings(desk: Desk, person: Person, words: str) -> ports.Message:
    """ "next permanency", "when is the next arp"."""
    book = await desk.book()
    panel, _ = phrases.find_panel(words, book.panels)
    if panel is None:
        return await _which(desk)
    offers = await sittings.offers(desk.context, person=person, panel=panel.code)
    return sitting_cards.next_sittings(panel.code, panel.name, offers, may_book=access.can_request_item(person))


async def agenda(desk: Desk, person: Person, words: str) -> ports.Message:
    """ "agenda arp", "agenda legal gateway 9 dec"; for a chair of one panel "agenda" alone will do."""
    book = await desk.book()
    panel, rest = phrases.find_panel(words, book.panels)
    if panel is None:
        chaired = [known for known in book.panels if person.chairs(known.code)]
        if len(chaired) != 1:
            return await _which(desk)
        panel = chaired[0]
    day = phrases.find_date(rest, desk.clock.now())
    found = await sittings.agenda(desk.context, person=person, panel=panel.code, from_day=day)
    return sitting_cards.agenda(found)


async def agenda_clicked(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    sitting_id = id_in(click.data, "sitting")
    return sitting_cards.agenda(await sittings.agenda_of(desk.context, person=person, sitting_id=sitting_id))


async def _which(desk: Desk) -> ports.Message:
    names = ", ".join(f"{panel.name} ({panel.code})" for panel in (await desk.book()).panels)
    return common.notice("Which panel?", WHICH.format(names=names))
