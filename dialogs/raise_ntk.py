"""The conversation that raises a need-to-know: fill in, check who will be told, send."""

from __future__ import annotations

from collections.abc import Mapping

from cards import common
from cards import ntk as ntk_cards
from casework import ports
from casework.domain import access, london
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook
from casework.services import forms, ntk
from casework.services.context import insist
from casework.views import Choice
from dialogs import phrases
from dialogs.base import Desk, id_in
from dialogs.turns import Clicked

TOLD_IN_WORDS = ("what_happened", "actions_taken", "who_told")


async def start(desk: Desk, person: Person, words: str) -> ports.Message:
    """ "raise", or "raise AB 123456": an empty form, unless an unfinished one with something in it is found."""
    unfinished = await forms.newest(desk.context, person=person, flow=ntk.FLOW)
    if unfinished is not None and any(unfinished.fields.get(field) for field in TOLD_IN_WORDS):
        return ntk_cards.resume(unfinished.id, unfinished.fields)
    return await _new_form(desk, person, words)


async def start_clicked(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return await start(desk, person, "")


async def start_new(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return await _new_form(desk, person, "")


async def check(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Keep what was typed, then show the last look, or the same form with every error."""
    draft_id = id_in(click.data, "draft")
    typed = ntk_cards.parse_form(click.data)
    try:
        draft = await forms.keep(
            desk.context, person=person, flow=ntk.FLOW, draft_id=draft_id, step="check", fields=typed
        )
    except Refusal as gone:
        return await _sent_or_raise(desk, person, draft_id, gone)
    try:
        return ntk_cards.check(await ntk.preview(desk.context, person=person, draft_id=draft_id))
    except FieldErrors as wrong:
        return _form(await desk.book(), draft_id, draft.fields, wrong.errors)


async def edit(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Back to the form, with everything as it was typed."""
    draft_id = id_in(click.data, "draft")
    try:
        draft = await forms.find(desk.context, person=person, flow=ntk.FLOW, draft_id=draft_id)
    except Refusal as gone:
        return await _sent_or_raise(desk, person, draft_id, gone)
    return _form(await desk.book(), draft_id, draft.fields, {})


async def send(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Raise it. A second click finds the NTK the first one raised."""
    draft_id = id_in(click.data, "draft")
    try:
        receipt = await ntk.raise_notification(desk.context, person=person, draft_id=draft_id, card_id=click.card_id)
    except FieldErrors as wrong:
        draft = await forms.find(desk.context, person=person, flow=ntk.FLOW, draft_id=draft_id)
        return _form(await desk.book(), draft_id, draft.fields, wrong.errors)
    return ntk_cards.receipt(receipt)


async def discard(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    await forms.discard(desk.context, person=person, draft_id=id_in(click.data, "draft"))
    return common.notice("Thrown away", "Nothing was sent and nobody was told.")


async def acknowledge(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    seen = await ntk.acknowledge(desk.context, person=person, ntk_id=id_in(click.data, "ntk"), card_id=click.card_id)
    return ntk_cards.card(seen)


async def open_(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return ntk_cards.card(await ntk.show(desk.context, person=person, ntk_id=id_in(click.data, "ntk")))


async def status(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """The raiser's own card, as it stands now."""
    return ntk_cards.receipt(await ntk.receipt(desk.context, person=person, ntk_id=id_in(click.data, "ntk")))


async def lists(desk: Desk, person: Person, words: str) -> ports.Message:
    waiting, raised = await ntk.lists(desk.context, person=person)
    return ntk_cards.lists(waiting, raised)


async def _sent_or_raise(desk: Desk, person: Person, draft_id: str, gone: Refusal) -> ports.Message:
    """An old form whose NTK was sent shows that NTK; any other refusal goes on up."""
    sent = await ntk.raised_from(desk.context, person=person, draft_id=draft_id)
    if sent is None:
        raise gone
    return ntk_cards.receipt(sent)


async def _new_form(desk: Desk, person: Person, words: str) -> ports.Message:
    insist(access.can_raise_ntk(person))  # before anybody types a story that would be refused
    book = await desk.book()
    initials, case_id, _ = phrases.find_child(words, book.council.case_id_pattern)
    now = london.local(desk.clock.now())
    fields = {
        "initials": initials,
        "case_id": case_id,
        "aware_date": now.date().isoformat(),
        "aware_time": f"{now:%H:%M}",
    }
    draft = await forms.begin(desk.context, person=person, flow=ntk.FLOW, step="form", fields=fields)
    return _form(book, draft.id, draft.fields, {})


def _form(book: Rulebook, draft_id: str, fields: Mapping[str, str], errors: Mapping[str, Code]) -> ports.Message:
    return ntk_cards.form(
        draft_id=draft_id,
        fields=fields,
        categories=[Choice(value=category.code, label=category.name) for category in book.categories],
        case_id_label=book.council.case_id_label,
        case_id_example=book.council.case_id_example,
        errors=errors,
    )
