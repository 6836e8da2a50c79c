"""ACTIONS: every verb a card can carry, and what it does; an unknown verb is a card of another time."""

from __future__ import annotations

from cards import booking, cover, ntk_verbs, people, sittings
from dialogs import arrange_cover, ask_panel, book_item, commands, handle_ntk, manage_sittings, raise_ntk
from dialogs.base import Action

ACTIONS: dict[str, Action] = {
    booking.AGENDA: ask_panel.agenda_clicked,
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
    booking.WAIT: book_item.wait,
    cover.END: arrange_cover.end,
    cover.PAGE: arrange_cover.page_clicked,
    cover.ROTA_END: arrange_cover.rota_end,
    cover.ROTA_SAVE: arrange_cover.rota_save,
    cover.ROTA_START: arrange_cover.rota_start,
    cover.SAVE: arrange_cover.save,
    cover.START: arrange_cover.start,
    ntk_verbs.ACKNOWLEDGE: handle_ntk.acknowledge,
    ntk_verbs.ACT: handle_ntk.act,
    ntk_verbs.ASK_FIRST: raise_ntk.ask_first,
    ntk_verbs.CHECK: raise_ntk.check,
    ntk_verbs.CONSULT_ANSWER: handle_ntk.consult_answer,
    ntk_verbs.CONTINUE: raise_ntk.continue_,
    ntk_verbs.DECIDE: handle_ntk.decide,
    ntk_verbs.DISCARD: raise_ntk.discard,
    ntk_verbs.DO: handle_ntk.do,
    ntk_verbs.EDIT: raise_ntk.edit,
    ntk_verbs.EDIT_STORY: raise_ntk.edit_story,
    ntk_verbs.MINE: handle_ntk.mine_clicked,
    ntk_verbs.MORE: handle_ntk.more,
    ntk_verbs.OPEN: handle_ntk.open_,
    ntk_verbs.PROMPT: handle_ntk.prompt,
    ntk_verbs.SEND: raise_ntk.send,
    ntk_verbs.START: raise_ntk.start_clicked,
    ntk_verbs.START_NEW: raise_ntk.start_new,
    ntk_verbs.STATUS: handle_ntk.status,
    ntk_verbs.TEAM: handle_ntk.team_clicked,
    ntk_verbs.TIMELINE: handle_ntk.timeline,
    people.HELP: commands.help_clicked,
    sittings.CALL: manage_sittings.call,
    sittings.CALL_SAVE: manage_sittings.call_save,
    sittings.CANCEL: manage_sittings.cancel,
    sittings.CANCEL_SAVE: manage_sittings.cancel_save,
    sittings.CHANGE: manage_sittings.change,
    sittings.CHANGE_CHECK: manage_sittings.change_check,
    sittings.CHANGE_SAVE: manage_sittings.change_save,
    sittings.MANAGE: manage_sittings.manage,
    sittings.PAGE: manage_sittings.listed_clicked,
    sittings.WAITING: manage_sittings.waiting,
    sittings.WAIVE: manage_sittings.waive,
    sittings.WAIVE_SAVE: manage_sittings.waive_save,
}

# A card refresh nobody asked for may only look.
READ_ONLY = frozenset(
    {
        booking.AGENDA,
        booking.OPEN,
        cover.PAGE,
        ntk_verbs.MINE,
        ntk_verbs.MORE,
        ntk_verbs.OPEN,
        ntk_verbs.STATUS,
        ntk_verbs.TEAM,
        ntk_verbs.TIMELINE,
        people.HELP,
        sittings.MANAGE,
        sittings.PAGE,
        sittings.WAITING,
    }
)
