"""COMMANDS: every phrase somebody can type, and the conversation it begins; help is made from this table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cards import people, wording
from casework import ports
from casework.domain import access
from casework.domain.people import Person
from dialogs import (
    arrange_cover,
    ask_panel,
    book_item,
    calendar_feed,
    demo_clock,
    handle_item,
    handle_ntk,
    manage_sittings,
    phrases,
    raise_ntk,
    settle_deliveries,
)
from dialogs.base import Desk, Typed
from dialogs.turns import Clicked


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`phrases` begin the line somebody types (slips allowed). `is_for` says whose help shows it."""

    name: str
    phrases: tuple[str, ...]
    example: str
    does: str
    run: Typed
    is_for: Callable[[Person], bool]


def _anyone(person: Person) -> bool:
    return True


async def show_help(desk: Desk, person: Person, words: str) -> ports.Message:
    """What this person can type."""
    return _help(person)


async def help_clicked(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return _help(person)


async def welcome(desk: Desk, person: Person) -> ports.Message:
    """The first card somebody sees after installing Usher."""
    opening = (
        "Usher takes need-to-know notifications and books cases onto panels, here in this chat. "
        "Use initials and case IDs only."
    )
    return _help(person, title="Welcome to Usher", opening=opening)


COMMANDS: tuple[Command, ...] = (
    Command(
        name="actions",
        phrases=("actions", "my actions", "overdue actions", "to do"),
        example="actions",
        does="what panels asked of you, and what is overdue with others",
        run=handle_item.action_list,
        is_for=_anyone,
    ),
    Command(
        name="agenda",
        phrases=("agenda", "show agenda", "agenda for"),
        example="agenda arp",
        does="the agenda of a panel's next sitting",
        run=ask_panel.agenda,
        is_for=lambda person: any(access.can_see_agenda(person, grant.panel or "") for grant in person.grants),
    ),
    Command(
        name="approvals",
        phrases=("approvals", "approve", "my approvals", "waiting for approval"),
        example="approvals",
        does="requests for panels that wait for your word",
        run=handle_item.approval_list,
        is_for=access.can_list_team,
    ),
    Command(
        name="book",
        phrases=("book", "request", "book a case", "book case"),
        example="book AB 123456 onto legal gateway",
        does="book a case onto a panel",
        run=book_item.start,
        is_for=access.can_request_item,
    ),
    Command(
        name="calendar",
        phrases=("calendar", "my calendar", "diary", "ics", "feed", "outlook"),
        example="calendar",
        does="your panels and deadlines in Outlook or on your phone",
        run=calendar_feed.page,
        is_for=_anyone,
    ),
    Command(
        name="cover",
        phrases=("cover", "leave", "on call", "rota", "arrange cover", "deputy", "my cover"),
        example="cover",
        does="leave, cover, deputies and who is on call",
        run=arrange_cover.page,
        is_for=_anyone,
    ),
    Command(
        name="find",
        phrases=("find", "find ntk", "search", "look up", "show ntk"),
        example="find NTK-2026-0042",
        does="a need-to-know by its reference or a case ID",
        run=handle_ntk.find,
        is_for=_anyone,
    ),
    Command(
        name="help",
        phrases=("help", "hello", "hi", "menu", "?", "what can you do", "start"),
        example="help",
        does="this list",
        run=show_help,
        is_for=_anyone,
    ),
    Command(
        name="my items",
        phrases=("my items", "my bookings", "items", "bookings", "my panel items"),
        example="my items",
        does="your cases on panels to come; change or cancel them there",
        run=book_item.mine,
        is_for=access.can_request_item,
    ),
    Command(
        name="my ntks",
        phrases=("my ntks", "ntks", "my need to knows", "need to knows", "open ntks"),
        example="my ntks",
        does="need-to-knows waiting for you, and those you raised",
        run=handle_ntk.mine,
        is_for=_anyone,
    ),
    Command(
        name="next",
        phrases=("next", "when is the next", "when's the next", "when is", "when's"),
        example="next permanency",
        does="when a panel next sits, free slots and the papers' cut-off",
        run=ask_panel.next_sittings,
        is_for=_anyone,
    ),
    Command(
        name="raise",
        phrases=("raise", "raise ntk", "raise a need to know", "ntk", "need to know", "new ntk", "notify"),
        example="raise",
        does="raise a need-to-know notification (NTK)",
        run=raise_ntk.start,
        is_for=access.can_raise_ntk,
    ),
    Command(
        name="sittings",
        phrases=("sittings", "manage sittings", "sitting", "waiting list", "exceptions"),
        example="sittings",
        does="sittings to settle, move, cancel or call, and who waits for a slot",
        run=manage_sittings.listed,
        is_for=access.can_manage_sittings,
    ),
    Command(
        name="team ntks",
        phrases=("team ntks", "my team", "team", "my team's ntks", "team need to knows", "all ntks"),
        example="team ntks",
        does="open need-to-knows of your team or service, the worst first",
        run=handle_ntk.team,
        is_for=access.can_list_team,
    ),
    Command(
        name="undelivered",
        phrases=("undelivered", "not delivered", "did not arrive", "delivery problems"),
        example="undelivered",
        does="cards that did not arrive, and who can't be reached",
        run=settle_deliveries.page,
        is_for=access.can_settle_deliveries,
    ),
    Command(
        name="who to phone",
        phrases=("who to phone", "who do i phone", "who do i call", "phone numbers", "phone"),
        example="who to phone",
        does="your managers' numbers, and who is on call now",
        run=arrange_cover.who_to_phone,
        is_for=_anyone,
    ),
)


async def answer(desk: Desk, person: Person, text: str) -> ports.Message:
    """Answer one typed line."""
    if desk.forward is not None and demo_clock.is_meant(text):
        return await demo_clock.forward(desk.forward, text)
    if not phrases.words_of(text):
        return _help(person)
    table = {phrase: command for command in COMMANDS for phrase in command.phrases}
    found = phrases.best_phrase(text, table)
    if found is None:
        return _help(person, title="Sorry, I didn't understand", opening=wording.NOT_UNDERSTOOD)
    phrase, rest = found
    return await table[phrase].run(desk, person, rest)


def _help(person: Person, *, title: str = "What Usher can do", opening: str = "") -> ports.Message:
    return people.help_card(
        [people.Hint(example=command.example, does=command.does) for command in COMMANDS if command.is_for(person)],
        may_raise=access.can_raise_ntk(person),
        may_book=access.can_request_item(person),
        title=title,
        opening=opening,
    )
