"""The conversation that raises a need-to-know: which child, what happened, check who will be told, send."""

from __future__ import annotations

from collections.abc import Mapping

from cards import common, consult, fields, ntk_form, wording
from cards import ntk as ntk_cards
from cards.fields import NONE, Mistakes
from casework import ports
from casework.domain import access, london
from casework.domain import ntk as ntk_rules
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook
from casework.ntk_views import Coach
from casework.services import consults, forms, ntk
from casework.services.context import insist
from casework.views import Choice
from dialogs import phrases
from dialogs.base import Desk, id_in
from dialogs.turns import Clicked


async def start(desk: Desk, person: Person, words: str) -> ports.Message:
    """ "raise", or "raise AB 123456": an empty form, unless an unfinished one with something in it is found."""
    unfinished = await forms.newest(desk.context, person=person, flow=ntk.FLOW)
    if unfinished is not None and unfinished.step != "who":
        return ntk_form.resume(unfinished.id, unfinished.fields)
    return await _new_form(desk, person, words)


async def start_clicked(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return await start(desk, person, "")


async def start_new(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return await _new_form(desk, person, "")


async def continue_(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """From the child to what happened: the first form is kept, mistakes and all, and checked."""
    draft_id, book = id_in(click.data, "draft"), await desk.book()
    try:
        values = await _keep(desk, person, click, book, step="what")
    except Refusal as gone:
        return await _sent_or_raise(desk, person, draft_id, gone)
    try:
        coach = await ntk.first_page(desk.context, person=person, fields=values)
    except FieldErrors as wrong:
        return _who(book, draft_id, values, fields.mistakes(wrong))
    return _what(book, draft_id, values, coach)


async def check(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Keep what was typed, then show the last look, or the form with the first mistake, all its errors on it."""
    draft_id, book = id_in(click.data, "draft"), await desk.book()
    try:
        values = await _keep(desk, person, click, book, step="check")
    except Refusal as gone:
        return await _sent_or_raise(desk, person, draft_id, gone)
    try:
        return ntk_form.check(await ntk.preview(desk.context, person=person, draft_id=draft_id))
    except FieldErrors as wrong:
        return await _mend(desk, person, book, draft_id, values, wrong)


async def edit(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Back to the first form, with everything as it was typed."""
    draft_id, book = id_in(click.data, "draft"), await desk.book()
    try:
        values = await _keep(desk, person, click, book, step="what")
    except Refusal as gone:
        return await _sent_or_raise(desk, person, draft_id, gone)
    return _who(book, draft_id, values, NONE)


async def edit_story(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Back to the second form, with everything as it was typed; to the first where that has mistakes."""
    draft_id, book = id_in(click.data, "draft"), await desk.book()
    try:
        draft = await forms.find(desk.context, person=person, flow=ntk.FLOW, draft_id=draft_id)
    except Refusal as gone:
        return await _sent_or_raise(desk, person, draft_id, gone)
    try:
        coach = await ntk.first_page(desk.context, person=person, fields=draft.fields)
    except FieldErrors as wrong:
        return _who(book, draft_id, draft.fields, fields.mistakes(wrong))
    return _what(book, draft_id, draft.fields, coach)


async def send(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Raise it. A second click finds the NTK the first one raised."""
    draft_id = id_in(click.data, "draft")
    try:
        receipt = await ntk.raise_notification(desk.context, person=person, draft_id=draft_id, card_id=click.card_id)
    except FieldErrors as wrong:
        draft = await forms.find(desk.context, person=person, flow=ntk.FLOW, draft_id=draft_id)
        return await _mend(desk, person, await desk.book(), draft_id, draft.fields, wrong)
    return ntk_cards.receipt(receipt)


async def ask_first(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Not sure: keep what was typed and put it before the manager. It can be raised all the while."""
    draft_id, book = id_in(click.data, "draft"), await desk.book()
    try:
        values = await _keep(desk, person, click, book, step="what")
    except Refusal as gone:
        return await _sent_or_raise(desk, person, draft_id, gone)
    try:
        count = await consults.ask(desk.context, person=person, draft_id=draft_id)
    except FieldErrors as wrong:
        return await _mend(desk, person, book, draft_id, values, wrong)
    return consult.asked(count, wording.span_words(book.ntk.consult_within))


async def discard(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    await forms.discard(desk.context, person=person, draft_id=id_in(click.data, "draft"))
    return common.notice("Thrown away", "Nothing was sent and nobody was told.")


async def _keep(desk: Desk, person: Person, click: Clicked, book: Rulebook, *, step: str) -> Mapping[str, str]:
    """Keep what this form carries over what was kept before; everything as typed."""
    typed = fields.parse(click.data, book.fields)
    draft = await forms.keep(
        desk.context, person=person, flow=ntk.FLOW, draft_id=id_in(click.data, "draft"), step=step, fields=typed
    )
    return draft.fields


async def _mend(
    desk: Desk, person: Person, book: Rulebook, draft_id: str, values: Mapping[str, str], wrong: FieldErrors
) -> ports.Message:
    """The form on which the first mistake stands."""
    page = ntk_rules.page_of({**wrong.errors, **_found_inputs(wrong)}, book, values.get("category", ""))
    if page == "who":
        return _who(book, draft_id, values, fields.mistakes(wrong))
    coach: Coach | None = None
    if values.get("category"):
        coach = await ntk.coach_for(desk.context, fields=values)
    return _what(book, draft_id, values, coach, fields.mistakes(wrong))


def _found_inputs(wrong: FieldErrors) -> dict[str, Code]:
    return dict.fromkeys(wrong.found, Code.PERSONAL_DATA)


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
    values = {
        **{field.code: field.initial for field in book.fields if field.initial},
        "initials": initials,
        "case_id": case_id,
        "aware_date": now.date().isoformat(),
        "aware_time": f"{now:%H:%M}",
    }
    draft = await forms.begin(desk.context, person=person, flow=ntk.FLOW, step="who", fields=values)
    return _who(book, draft.id, draft.fields, NONE)


def _who(book: Rulebook, draft_id: str, values: Mapping[str, str], wrong: Mistakes) -> ports.Message:
    return ntk_form.who_form(
        draft_id=draft_id,
        values=values,
        questions=ntk_rules.fields_of(book, values.get("category", ""), "who"),
        categories=[Choice(value=category.code, label=category.name) for category in book.categories],
        case_id_label=book.council.case_id_label,
        case_id_example=book.council.case_id_example,
        wrong=wrong,
    )


def _what(
    book: Rulebook, draft_id: str, values: Mapping[str, str], coach: Coach | None, wrong: Mistakes = NONE
) -> ports.Message:
    return ntk_form.what_form(
        draft_id=draft_id,
        values=values,
        questions=ntk_rules.fields_of(book, values["category"], "what"),
        coach=coach,
        about=book.category(values["category"]).name,
        wrong=wrong,
    )
