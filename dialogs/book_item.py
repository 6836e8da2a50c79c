"""The conversation that books a case onto a panel, and changes or cancels what was booked."""

from __future__ import annotations

from collections.abc import Mapping

from cards import booking as booking_cards
from cards import common, items, wording
from cards import fields as form_fields
from casework import ports
from casework.domain import access, item_forms, london
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.ntk_rulebook import Field
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook
from casework.services import booking, forms, item_pages, item_requests, sittings
from casework.services.context import insist
from casework.views import Choice
from dialogs import phrases
from dialogs.base import Desk, id_in, version_in
from dialogs.turns import Clicked

TRY_ANOTHER = (Code.SITTING_FULL, Code.SITTING_NOT_OPEN, Code.PAPERS_PASSED)


async def start(desk: Desk, person: Person, words: str) -> ports.Message:
    """ "book", or as much as they know: "book AB 123456 onto legal gateway next thursday"."""
    insist(access.can_request_item(person))
    book = await desk.book()
    named = phrases.mentions(words, book, desk.clock.now())
    fields = {
        "initials": named.initials,
        "case_id": named.case_id,
        "panel": named.panel.code if named.panel else "",
        "request_type": "",
        "sitting": "",
    }
    if named.panel and named.on:
        fields["sitting"] = await _first_open_from(desk, person, named.panel.code, named.on.isoformat())
    draft = await forms.begin(desk.context, person=person, flow=booking.FLOW, step="case", fields=fields)
    if item_requests.check_case(fields, book):
        return _case_form(book, draft.id, fields, {})
    return await _sitting_form(desk, person, book, draft.id, fields)


async def start_clicked(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """The "Book a case" button, of one panel where the card names one."""
    insist(access.can_request_item(person))
    book = await desk.book()
    panel = id_in(click.data, "panel")
    fields = {"panel": panel if panel in {known.code for known in book.panels} else ""}
    draft = await forms.begin(desk.context, person=person, flow=booking.FLOW, step="case", fields=fields)
    return _case_form(book, draft.id, fields, {})


async def choose(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """From case and panel to the sittings on offer."""
    book = await desk.book()
    draft_id = id_in(click.data, "draft")
    typed = booking_cards.parse_case_form(click.data)
    try:
        draft = await forms.keep(
            desk.context, person=person, flow=booking.FLOW, draft_id=draft_id, step="sitting", fields=typed
        )
    except Refusal as gone:
        return await _booked_or_raise(desk, person, draft_id, gone)
    if errors := item_requests.check_case(draft.fields, book):
        return _case_form(book, draft.id, draft.fields, errors)
    return await _sitting_form(desk, person, book, draft.id, draft.fields)


async def back(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    draft_id = id_in(click.data, "draft")
    try:
        draft = await forms.find(desk.context, person=person, flow=booking.FLOW, draft_id=draft_id)
    except Refusal as gone:
        return await _booked_or_raise(desk, person, draft_id, gone)
    return _case_form(await desk.book(), draft.id, draft.fields, {})


async def book(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Book it. Whoever loses the race for the last slot is offered the next sitting at once."""
    draft_id = id_in(click.data, "draft")
    chosen = booking_cards.parse_sitting_form(click.data, await _all_questions(desk))
    try:
        draft = await forms.keep(
            desk.context, person=person, flow=booking.FLOW, draft_id=draft_id, step="sitting", fields=chosen
        )
        fields: Mapping[str, str] = draft.fields
    except Refusal as gone:
        if gone.code is not Code.DRAFT_GONE:
            raise
        fields = chosen  # perhaps this very draft was booked a moment ago: `book` below knows
    try:
        return items.page(await booking.book(desk.context, person=person, draft_id=draft_id))
    except FieldErrors as wrong:
        rulebook = await desk.book()
        if set(wrong.errors) & set(booking_cards.CASE_FIELDS):
            return _case_form(rulebook, draft_id, fields, wrong.errors)
        return await _sitting_form(desk, person, rulebook, draft_id, fields, form_fields.mistakes(wrong))
    except Refusal as refused:
        if refused.code not in TRY_ANOTHER:
            raise
        said = wording.refusal(refused.code, refused.values)
        return await _sitting_form(desk, person, await desk.book(), draft_id, fields, refusal=said)


async def wait(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """No sitting can be booked: wait for the first slot that comes free."""
    draft_id = id_in(click.data, "draft")
    typed = booking_cards.parse_sitting_form(click.data, await _all_questions(desk))
    chosen = {key: text for key, text in typed.items() if key != "sitting"}
    try:
        draft = await forms.keep(
            desk.context, person=person, flow=booking.FLOW, draft_id=draft_id, step="sitting", fields=chosen
        )
    except Refusal as gone:
        return await _booked_or_raise(desk, person, draft_id, gone)
    try:
        return items.page(await booking.wait(desk.context, person=person, draft_id=draft_id))
    except FieldErrors as wrong:
        return await _sitting_form(desk, person, await desk.book(), draft_id, draft.fields, form_fields.mistakes(wrong))
    except Refusal as refused:
        if refused.code not in TRY_ANOTHER:
            raise
        said = wording.refusal(refused.code, refused.values)
        return await _sitting_form(desk, person, await desk.book(), draft_id, draft.fields, refusal=said)


async def discard(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    await forms.discard(desk.context, person=person, draft_id=id_in(click.data, "draft"))
    return common.notice("Thrown away", "Nothing was booked.")


async def change(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return await _change_form(desk, person, id_in(click.data, "item"))


async def move(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Move it to the sitting chosen; when that one filled up meanwhile, offer the rest."""
    item_id = id_in(click.data, "item")
    try:
        moved = await booking.move(
            desk.context,
            person=person,
            item_id=item_id,
            version=version_in(click.data),
            sitting_id=id_in(click.data, "sitting"),
        )
    except Refusal as refused:
        if refused.code in TRY_ANOTHER:
            return await _change_form(desk, person, item_id, refusal=wording.refusal(refused.code, refused.values))
        return await _fresh_or_raise(desk, person, item_id, refused)
    return items.page(moved, title=f"Moved: {moved.card.reference}")


async def cancel(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    view = await item_pages.show(desk.context, person=person, item_id=id_in(click.data, "item"))
    return booking_cards.cancel_form(view.card) if view.card.may_change else items.page(view)


async def cancel_confirm(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    item_id = id_in(click.data, "item")
    try:
        return items.page(
            await booking.cancel(desk.context, person=person, item_id=item_id, version=version_in(click.data))
        )
    except Refusal as refused:
        return await _fresh_or_raise(desk, person, item_id, refused)


async def mine(desk: Desk, person: Person, words: str) -> ports.Message:
    return booking_cards.mine(await booking.mine(desk.context, person=person))


async def _fresh_or_raise(desk: Desk, person: Person, item_id: str, refused: Refusal) -> ports.Message:
    """An out-of-date card gets the item as it stands now; any other refusal goes on up."""
    if refused.code is not Code.STALE_CARD:
        raise refused
    view = await item_pages.show(desk.context, person=person, item_id=item_id)
    return items.page(view, title=wording.STALE_TITLE)


async def _booked_or_raise(desk: Desk, person: Person, draft_id: str, gone: Refusal) -> ports.Message:
    """An old form whose item was booked shows that item; any other refusal goes on up."""
    booked = await booking.booked_from(desk.context, person=person, draft_id=draft_id)
    if booked is None:
        raise gone
    return items.page(booked)


async def _change_form(desk: Desk, person: Person, item_id: str, *, refusal: str = "") -> ports.Message:
    view = await item_pages.show(desk.context, person=person, item_id=item_id)
    if not view.card.may_change:
        return items.page(view)
    offers = await sittings.offers(desk.context, person=person, panel=view.card.panel)
    return booking_cards.change_form(view.card, offers, refusal=refusal)


async def _first_open_from(desk: Desk, person: Person, panel: str, day: str) -> str:
    for offer in await sittings.offers(desk.context, person=person, panel=panel):
        if offer.is_open and london.local_date(offer.starts_at).isoformat() >= day:
            return offer.sitting_id
    return ""


def _case_form(book: Rulebook, draft_id: str, fields: Mapping[str, str], errors: Mapping[str, Code]) -> ports.Message:
    return booking_cards.case_form(
        draft_id=draft_id,
        fields=fields,
        panels=[Choice(value=panel.code, label=panel.name) for panel in book.panels],
        case_id_label=book.council.case_id_label,
        case_id_example=book.council.case_id_example,
        errors=errors,
    )


async def _sitting_form(
    desk: Desk,
    person: Person,
    book: Rulebook,
    draft_id: str,
    fields: Mapping[str, str],
    wrong: form_fields.Mistakes = form_fields.NONE,
    *,
    refusal: str = "",
) -> ports.Message:
    panel = book.panel(fields["panel"])
    return booking_cards.sitting_form(
        draft_id=draft_id,
        fields=fields,
        panel_name=panel.name,
        request_types=[Choice(value=kind.code, label=kind.name) for kind in panel.request_types],
        offers=await sittings.offers(desk.context, person=person, panel=panel.code),
        questions=item_forms.request(panel),
        wrong=wrong,
        refusal=refusal,
        approved_by=await booking.approval_words(desk.context, person=person, fields=fields),
    )


async def _all_questions(desk: Desk) -> tuple[Field, ...]:
    """Every question any panel asks: what was typed is kept whatever the panel is."""
    found = {field.code: field for panel in (await desk.book()).panels for field in item_forms.request(panel)}
    return tuple(found.values())
