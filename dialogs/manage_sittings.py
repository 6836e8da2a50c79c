"""The conversation by which coordinators and chairs manage sittings: list, settle, move, cancel, call, waive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cards import fields, sittings, wording
from casework import ports
from casework.domain import access, forms, london
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Person
from casework.domain.sitting_plan import Wanted
from casework.services import forms as drafts
from casework.services import sitting_changes, sitting_pages
from casework.services.context import insist
from casework.sitting_views import SittingPage
from dialogs import ask_panel
from dialogs.base import Desk, id_in, version_in
from dialogs.turns import Clicked

FLOW = "change_sitting"


async def listed(desk: Desk, person: Person, words: str) -> ports.Message:
    """ "sittings": what waits for a decision and what comes; for others, when the panel they name next sits."""
    if not access.can_manage_sittings(person):
        return await ask_panel.next_sittings(desk, person, words)
    return sittings.listed(await sitting_pages.listed(desk.context, person=person))


async def listed_clicked(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return sittings.listed(await sitting_pages.listed(desk.context, person=person))


async def manage(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    sitting_id = id_in(click.data, "sitting") or id_in(click.data, "chosen")
    return sittings.page(await sitting_pages.show(desk.context, person=person, sitting_id=sitting_id))


async def waiting(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return sittings.waiting(*await sitting_pages.waiting(desk.context, person=person))


async def change(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """The form to move or change it; a form begun before comes back as it was typed."""
    insist(access.can_manage_sittings(person))
    if draft_id := id_in(click.data, "draft"):
        draft = await drafts.find(desk.context, person=person, flow=FLOW, draft_id=draft_id)
        view = await sitting_pages.show(desk.context, person=person, sitting_id=draft.fields["sitting"])
        return sittings.change_form(view, draft.id, draft.fields)
    view = await sitting_pages.show(desk.context, person=person, sitting_id=id_in(click.data, "sitting"))
    begun = {"sitting": view.line.sitting_id, "version": str(view.version), **_as_it_is(view)}
    draft = await drafts.begin(desk.context, person=person, flow=FLOW, step="when", fields=begun)
    return sittings.change_form(view, draft.id, draft.fields)


async def change_check(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """What the change would do; mistakes bring the form back with everything that was typed."""
    draft_id = id_in(click.data, "draft")
    questions = sittings.change_fields(0)
    typed = fields.parse(click.data, questions)
    draft = await drafts.keep(desk.context, person=person, flow=FLOW, draft_id=draft_id, step="when", fields=typed)
    view = await sitting_pages.show(desk.context, person=person, sitting_id=draft.fields["sitting"])
    try:
        wanted, _ = await _read(desk, draft.fields, view.minutes)
        shown = await sitting_changes.preview(
            desk.context, person=person, sitting_id=view.line.sitting_id, wanted=wanted
        )
    except FieldErrors as wrong:
        return sittings.change_form(view, draft.id, draft.fields, fields.mistakes(wrong))
    return sittings.change_check(shown, draft.id)


async def change_save(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Do it and tell everyone; pressed twice, done once."""
    draft_id = id_in(click.data, "draft")
    sitting_id = id_in(click.data, "sitting")
    try:
        draft = await drafts.find(desk.context, person=person, flow=FLOW, draft_id=draft_id)
    except Refusal:
        return await _as_it_stands(desk, person, sitting_id)
    view = await sitting_pages.show(desk.context, person=person, sitting_id=draft.fields["sitting"])
    try:
        wanted, reason = await _read(desk, draft.fields, view.minutes)
        after = await sitting_changes.change(
            desk.context,
            person=person,
            sitting_id=view.line.sitting_id,
            version=int(draft.fields["version"]),
            wanted=wanted,
            reason=reason,
            nonce=draft.id,
        )
    except FieldErrors as wrong:
        return sittings.change_form(view, draft.id, draft.fields, fields.mistakes(wrong))
    except Refusal as refused:
        return await _as_it_stands(desk, person, view.line.sitting_id, refused)
    await drafts.discard(desk.context, person=person, draft_id=draft.id)
    return sittings.page(after)


async def cancel(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    view = await sitting_changes.preview(
        desk.context, person=person, sitting_id=id_in(click.data, "sitting"), wanted=None
    )
    return sittings.cancel_form(view, {}, sitting_pages.nonce())


async def cancel_save(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    sitting_id, nonce = id_in(click.data, "sitting"), id_in(click.data, "nonce")
    values = fields.parse(click.data, (sittings.REASON,))
    try:
        answers, _ = forms.answers((sittings.REASON,), values, book=await desk.book(), now=desk.clock.now())
        after = await sitting_changes.cancel(
            desk.context,
            person=person,
            sitting_id=sitting_id,
            version=version_in(click.data),
            reason=answers["reason"],
            nonce=nonce,
        )
    except FieldErrors as wrong:
        view = await sitting_changes.preview(desk.context, person=person, sitting_id=sitting_id, wanted=None)
        return sittings.cancel_form(view, values, nonce, fields.mistakes(wrong))
    except Refusal as refused:
        return await _as_it_stands(desk, person, sitting_id, refused)
    return sittings.page(after)


async def call(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    panels = sitting_pages.callable_panels(await desk.book(), person)
    insist(bool(panels))
    return sittings.call_form(panels, {"minutes": "60"}, sitting_pages.nonce())


async def call_save(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    book = await desk.book()
    panels = sitting_pages.callable_panels(book, person)
    insist(bool(panels))
    questions, nonce = sittings.call_fields(panels), id_in(click.data, "nonce")
    values = fields.parse(click.data, questions)
    try:
        answers, _ = forms.answers(questions, values, book=book, now=desk.clock.now())
        after = await sitting_changes.call(
            desk.context,
            person=person,
            panel=answers["panel"],
            wanted=_wanted(answers),
            reason=answers["reason"],
            nonce=nonce,
        )
    except FieldErrors as wrong:
        return sittings.call_form(panels, values, nonce, fields.mistakes(wrong))
    return sittings.page(after)


async def waive(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    view = await sitting_pages.show(desk.context, person=person, sitting_id=id_in(click.data, "sitting"))
    insist(view.may_waive)
    start = london.local(view.line.starts_at)
    values = {"until_date": start.date().isoformat(), "until_time": f"{start:%H:%M}"}
    return sittings.waive_form(view, values, sitting_pages.nonce())


async def waive_save(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    sitting_id, nonce = id_in(click.data, "sitting"), id_in(click.data, "nonce")
    questions = (sittings.UNTIL, sittings.REASON)
    values = fields.parse(click.data, questions)
    try:
        answers, _ = forms.answers(questions, values, book=await desk.book(), now=desk.clock.now())
        after = await sitting_changes.waive(
            desk.context,
            person=person,
            sitting_id=sitting_id,
            version=version_in(click.data),
            until=datetime.fromisoformat(answers["until"]),
            reason=answers["reason"],
            nonce=nonce,
        )
    except FieldErrors as wrong:
        view = await sitting_pages.show(desk.context, person=person, sitting_id=sitting_id)
        return sittings.waive_form(view, values, nonce, fields.mistakes(wrong))
    except Refusal as refused:
        return await _as_it_stands(desk, person, sitting_id, refused)
    return sittings.page(after)


async def _read(desk: Desk, typed: Mapping[str, str], minutes: int) -> tuple[Wanted, str]:
    questions = sittings.change_fields(minutes)
    answers, _ = forms.answers(questions, typed, book=await desk.book(), now=desk.clock.now())
    return _wanted(answers), answers["reason"]


def _wanted(answers: Mapping[str, str]) -> Wanted:
    return Wanted(
        starts_at=datetime.fromisoformat(answers["when"]), minutes=int(answers["minutes"]), venue=answers["venue"]
    )


def _as_it_is(view: SittingPage) -> dict[str, str]:
    start = london.local(view.line.starts_at)
    return {
        "when_date": start.date().isoformat(),
        "when_time": f"{start:%H:%M}",
        "minutes": str(view.minutes),
        "venue": view.venue,
    }


async def _as_it_stands(desk: Desk, person: Person, sitting_id: str, refused: Refusal | None = None) -> ports.Message:
    """The sitting as it is now, under why the press did nothing; what nobody may see is refused on up."""
    if refused is not None and refused.code in (Code.NOT_FOUND, Code.NOT_ALLOWED):
        raise refused
    view = await sitting_pages.show(desk.context, person=person, sitting_id=sitting_id)
    said = wording.refusal(refused.code, refused.values) if refused is not None else ""
    return sittings.page(view, refusal=said)
