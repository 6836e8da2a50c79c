"""What people do with an item: open it, act on it, take or leave a slot, mark actions done, approve."""

from __future__ import annotations

from cards import common, fields, item_notices, items, wording
from casework import ports
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Person
from casework.item_views import ActionDue, ItemPage
from casework.services import actions, approvals, item_acts, item_pages, offers
from dialogs.base import Desk, id_in, version_in
from dialogs.turns import Clicked

NO_MORE = "You are kept out of this item from now on, so it is not shown to you any more."
# what tells a person that the item changed under their hands: they get it as it stands now
CHANGED = (Code.STALE_CARD, Code.ALREADY_DONE)
# what the act itself refuses: said above the form, with everything that was typed
SAID_ABOVE = (
    Code.NO_LAWYER,
    Code.NOT_QUORATE,
    Code.NOT_IN_SESSION,
    Code.NO_TIME_LEFT,
    Code.SITTING_FULL,
    Code.SITTING_NOT_OPEN,
)


async def open_(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """An item, from wherever its button stands."""
    view = await item_pages.show(desk.context, person=person, item_id=id_in(click.data, "item"))
    return items.page(view, back_to=id_in(click.data, "sitting"))


async def act(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """The form of one act."""
    item_id, code = id_in(click.data, "item"), id_in(click.data, "act")
    try:
        return items.form(await item_pages.form(desk.context, person=person, item_id=item_id, code=code))
    except Refusal as refused:
        return await _as_it_stands(desk, person, item_id, refused)


async def do(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Do it; mistakes bring the form back with everything that was typed."""
    item_id, code = id_in(click.data, "item"), id_in(click.data, "act")
    nonce = id_in(click.data, "nonce") or None
    values = {key: value for key, value in click.data.items() if isinstance(value, str)}
    values = {key: value.replace("\x00", "")[: fields.MAX_TYPED] for key, value in values.items()}
    try:
        view = await item_acts.perform(
            desk.context,
            person=person,
            item_id=item_id,
            code=code,
            nonce=nonce,
            version=version_in(click.data),
            values=values,
        )
    except FieldErrors as wrong:
        form = await item_pages.form(desk.context, person=person, item_id=item_id, code=code)
        return items.form(form, values=values, nonce=nonce or "", wrong=fields.mistakes(wrong))
    except Refusal as refused:
        if refused.code not in SAID_ABOVE:
            return await _as_it_stands(desk, person, item_id, refused)
        form = await item_pages.form(desk.context, person=person, item_id=item_id, code=code)
        said = wording.refusal(refused.code, refused.values)
        return items.form(form, values=values, nonce=nonce or "", refusal=said)
    return shown(view)


async def take(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Take the slot that came free."""
    return items.page(await offers.take(desk.context, person=person, offer_id=id_in(click.data, "offer")))


async def refuse(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Not this time: it stays in the line."""
    return items.page(await offers.refuse(desk.context, person=person, offer_id=id_in(click.data, "offer")))


async def done(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Mark an action done."""
    view = await actions.done(desk.context, person=person, action_id=id_in(click.data, "action"), note="")
    return item_notices.action_due(ActionDue(action=view, is_new=False))


async def action_list(desk: Desk, person: Person, words: str) -> ports.Message:
    return items.action_list(await actions.listed(desk.context, person=person))


async def actions_clicked(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return await action_list(desk, person, "")


async def approval_list(desk: Desk, person: Person, words: str) -> ports.Message:
    return items.approvals(await approvals.waiting_for(desk.context, person=person))


def shown(view: ItemPage | None) -> ports.Message:
    """The item; a plain word for who has just kept themselves out of it."""
    return items.page(view) if view is not None else common.notice("Saved", NO_MORE)


async def _as_it_stands(desk: Desk, person: Person, item_id: str, refused: Refusal) -> ports.Message:
    """Somebody was faster, or it is over: the item as it stands now; any other refusal goes on up."""
    if refused.code not in CHANGED:
        raise refused
    view = await item_pages.show(desk.context, person=person, item_id=item_id)
    return items.page(view, title=wording.STALE_TITLE, refusal=wording.refusal(refused.code, refused.values))
