"""Running a sitting from the chat: its agenda read, locked and released; started, attended, closed, confirmed."""

from __future__ import annotations

from cards import fields, session, sitting, wording
from casework import ports
from casework.domain import forms
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Person
from casework.services import directory, panel_sessions, sitting_pages, sittings
from dialogs.base import Desk, id_in, number_in
from dialogs.turns import Clicked

SAID_ABOVE = (Code.SITTING_NOT_OPEN, Code.NOT_IN_SESSION, Code.SITTING_OVER)


async def seen(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """ "I have read it": which version, and when."""
    version = number_in(click.data, "version", otherwise=0)
    view = await sittings.seen(desk.context, person=person, sitting_id=id_in(click.data, "sitting"), version=version)
    return sitting.agenda(view)


async def lock(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return sitting.agenda(await sittings.lock(desk.context, person=person, sitting_id=id_in(click.data, "sitting")))


async def release(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return sitting.agenda(await sittings.release(desk.context, person=person, sitting_id=id_in(click.data, "sitting")))


async def run(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """The sitting as it stands."""
    return session.run(await panel_sessions.show(desk.context, person=person, sitting_id=id_in(click.data, "sitting")))


async def start(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    sitting_id = id_in(click.data, "sitting")
    try:
        return session.run(await panel_sessions.start(desk.context, person=person, sitting_id=sitting_id))
    except Refusal as refused:
        return await _as_it_stands(desk, person, sitting_id, refused)


async def attend(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """The form: who is here."""
    view = await panel_sessions.show(desk.context, person=person, sitting_id=id_in(click.data, "sitting"))
    return session.attend_form(view)


async def attend_save(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    sitting_id = id_in(click.data, "sitting")
    view = await panel_sessions.show(desk.context, person=person, sitting_id=sitting_id)
    questions = session.attend_fields(view)
    values = fields.parse(click.data, questions)
    try:
        answers, _ = forms.answers(questions[:2], values, book=await desk.book(), now=desk.clock.now())
        after = await panel_sessions.attend(
            desk.context,
            person=person,
            sitting_id=sitting_id,
            present=answers["present"].split(","),
            apologies=answers["apologies"].split(","),
            others=values.get("others", ""),
        )
    except FieldErrors as wrong:
        return session.attend_form(view, values, fields.mistakes(wrong))
    except Refusal as refused:
        return await _as_it_stands(desk, person, sitting_id, refused)
    return session.run(after)


async def close(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    sitting_id = id_in(click.data, "sitting")
    try:
        return session.run(await panel_sessions.close(desk.context, person=person, sitting_id=sitting_id))
    except Refusal as refused:
        return await _as_it_stands(desk, person, sitting_id, refused)


async def confirm(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    sitting_id = id_in(click.data, "sitting")
    try:
        return session.run(await panel_sessions.confirm(desk.context, person=person, sitting_id=sitting_id))
    except Refusal as refused:
        return await _as_it_stands(desk, person, sitting_id, refused)


async def addendum(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """The form of an addendum."""
    view = await panel_sessions.show(desk.context, person=person, sitting_id=id_in(click.data, "sitting"))
    return session.addendum_form(view, sitting_pages.nonce())


async def addendum_save(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    sitting_id, nonce = id_in(click.data, "sitting"), id_in(click.data, "nonce")
    values = fields.parse(click.data, session.ADDENDUM_FIELDS)
    try:
        staff = await directory.staff(desk.context)
        book, now = await desk.book(), desk.clock.now()
        answers, _ = forms.answers(session.ADDENDUM_FIELDS, values, book=book, now=now, staff=staff)
        after = await panel_sessions.add(
            desk.context, person=person, sitting_id=sitting_id, words=answers["words"], nonce=nonce
        )
    except FieldErrors as wrong:
        view = await panel_sessions.show(desk.context, person=person, sitting_id=sitting_id)
        return session.addendum_form(view, nonce, values, fields.mistakes(wrong))
    return session.run(after)


async def _as_it_stands(desk: Desk, person: Person, sitting_id: str, refused: Refusal) -> ports.Message:
    """The sitting as it is now, under why the press did nothing; any other refusal goes on up."""
    if refused.code not in SAID_ABOVE:
        raise refused
    view = await panel_sessions.show(desk.context, person=person, sitting_id=sitting_id)
    return session.run(view, refusal=wording.refusal(refused.code, refused.values))
