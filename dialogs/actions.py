"""ACTIONS: every verb a card can carry, and what it does; an unknown verb is a card of another time."""

from __future__ import annotations

from cards import booking, ntk, people
from dialogs import ask_panel, book_item, commands, raise_ntk
from dialogs.base import Action

ACTIONS: dict[str, Action] = {
    booking.BACK: book_item.back,
    booking.BOOK: book_item.book,
    booking.CANCEL: book_item.cancel,
    booking.CANCEL_CONFIRM: book_item.cancel_confirm,
    booking.CHANGE: book_item.change,
    booking.CHOOSE: book_item.choose,
    booking.DISCARD: book_item.discard,
    booking.MOVE: book_item.move,
    booking.OPEN: book_item.open_,
    booking.START: book_item.start_clicked,
    ntk.ACKNOWLEDGE: raise_ntk.acknowledge,
    ntk.CHECK: raise_ntk.check,
    ntk.DISCARD: raise_ntk.discard,
    ntk.EDIT: raise_ntk.edit,
    ntk.OPEN: raise_ntk.open_,
    ntk.SEND: raise_ntk.send,
    ntk.START: raise_ntk.start_clicked,
    ntk.START_NEW: raise_ntk.start_new,
    ntk.STATUS: raise_ntk.status,
    people.HELP: commands.help_clicked,
    booking.AGENDA: ask_panel.agenda_clicked,
}

# A card refresh nobody asked for may only look.
READ_ONLY = frozenset({booking.OPEN, ntk.OPEN, ntk.STATUS, people.HELP, booking.AGENDA})
