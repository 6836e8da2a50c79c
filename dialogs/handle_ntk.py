"""What people do with a need-to-know that was raised: acknowledge, open, act on it, answer a clock, list and find."""

from __future__ import annotations

from datetime import date

from cards import common, consult, fields, ntk_acts, ntk_lists, wording
from cards import ntk as ntk_cards
from casework import ports
from casework.domain import access, forms
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.people import Person
from casework.ntk_views import NtkCard, NtkReceipt, NtkStub
from casework.services import consults, ntk, ntk_clocks, ntk_prompt_cards
from casework.services import ntk_acts as acts
from casework.services import ntk_lists as lists
from dialogs.base import Desk, id_in, number_in
from dialogs.turns import Clicked

FIND = "Type a reference or a case ID behind it: “find NTK-2026-0042” or “find 123456”."


async def acknowledge(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    seen = await ntk.acknowledge(desk.context, person=person, ntk_id=id_in(click.data, "ntk"), card_id=click.card_id)
    return ntk_cards.card(seen)


async def open_(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return ntk_cards.card(await ntk.show(desk.context, person=person, ntk_id=id_in(click.data, "ntk")))


async def status(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """The raiser's own card, as it stands now."""
    return ntk_cards.receipt(await ntk.receipt(desk.context, person=person, ntk_id=id_in(click.data, "ntk")))


async def more(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return ntk_acts.menu(await acts.menu(desk.context, person=person, ntk_id=id_in(click.data, "ntk")))


async def timeline(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    page, part = (number_in(click.data, key, otherwise=1) for key in ("page", "part"))
    view = await lists.timeline(desk.context, person=person, ntk_id=id_in(click.data, "ntk"), page=page)
    return ntk_acts.timeline(view, part=part)


async def act(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """The form of one act."""
    ntk_id = id_in(click.data, "ntk")
    try:
        form = await acts.form(desk.context, person=person, ntk_id=ntk_id, code=id_in(click.data, "act"))
    except Refusal as refused:
        return await _as_it_stands(desk, person, ntk_id, refused)
    return await _form(desk, form, {})


async def do(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Do it; mistakes bring the form back with everything that was typed."""
    ntk_id, code = id_in(click.data, "ntk"), id_in(click.data, "act")
    nonce = id_in(click.data, "nonce") or None
    values = {key: value for key, value in click.data.items() if isinstance(value, str)}
    values = {key: value.replace("\x00", "")[: fields.MAX_TYPED] for key, value in values.items()}
    try:
        after = await acts.perform(
            desk.context,
            person=person,
            ntk_id=ntk_id,
            code=code,
            nonce=nonce,
            values=values,
            card_id=click.card_id,
        )
    except FieldErrors as wrong:
        form = await acts.form(desk.context, person=person, ntk_id=ntk_id, code=code)
        return await _form(desk, form, values, fields.mistakes(wrong), nonce=nonce)
    except Refusal as refused:
        if refused.code is not Code.PROMPTS_OPEN:
            return await _as_it_stands(desk, person, ntk_id, refused)
        form = await acts.form(desk.context, person=person, ntk_id=ntk_id, code=code)
        said = wording.refusal(refused.code, refused.values)
        return await _form(desk, form, values, nonce=nonce, refusal=said)
    return shown(after)


async def prompt(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """The form to record the decision on an outside clock."""
    view, nonce = await ntk_prompt_cards.form(desk.context, person=person, prompt_id=id_in(click.data, "prompt"))
    return ntk_acts.prompt_form(view, values={}, nonce=nonce)


async def decide(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Record it under the person's own name."""
    prompt_id, book = id_in(click.data, "prompt"), await desk.book()
    values = fields.parse(click.data, ntk_acts.PROMPT_FIELDS)
    try:
        answers, kept = forms.answers(ntk_acts.PROMPT_FIELDS, values, book=book, now=desk.clock.now())
    except FieldErrors as wrong:
        view, _ = await ntk_prompt_cards.form(desk.context, person=person, prompt_id=prompt_id)
        return ntk_acts.prompt_form(view, values=values, nonce=id_in(click.data, "nonce"), wrong=fields.mistakes(wrong))
    ntk_id = await ntk_clocks.decide(
        desk.context,
        person=person,
        prompt_id=prompt_id,
        nonce=id_in(click.data, "nonce"),
        decision=answers["decision"],
        on=date.fromisoformat(answers["on"]),
        reason=answers["reason"],
        reference=answers["reference"],
        kept=kept,
        kept_because=answers[forms.REASON],
    )
    return shown(await ntk.show(desk.context, person=person, ntk_id=ntk_id))


async def mine(desk: Desk, person: Person, words: str) -> ports.Message:
    view = await lists.mine(desk.context, person=person)
    return ntk_lists.mine(view, may_list_team=access.can_list_team(person))


async def mine_clicked(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return await mine(desk, person, "")


async def team(desk: Desk, person: Person, words: str) -> ports.Message:
    return ntk_lists.team(await lists.team(desk.context, person=person))


async def team_clicked(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return await team(desk, person, "")


async def find(desk: Desk, person: Person, words: str) -> ports.Message:
    """ "find NTK-2026-0042", "find 123456"."""
    if not words.strip():
        return common.notice("Find a need-to-know", FIND)
    return ntk_lists.found(await lists.find(desk.context, person=person, words=words))


async def consult_answer(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """The manager's answer to "not sure"."""
    consult_id = id_in(click.data, "consult")
    values = fields.parse(click.data, [consult.COMMENT])
    try:
        view = await consults.answer(
            desk.context,
            person=person,
            consult_id=consult_id,
            answer=id_in(click.data, "answer"),
            values=values,
        )
    except FieldErrors as wrong:
        view = await consults.show(desk.context, person=person, consult_id=consult_id)
        return consult.question(view, values=values, wrong=fields.mistakes(wrong))
    return consult.question(view)


def shown(view: NtkCard | NtkReceipt | NtkStub) -> ports.Message:
    """The NTK as its reader has it: the raiser's card, the recipient's, or a stub."""
    return ntk_cards.receipt(view) if isinstance(view, NtkReceipt) else ntk_cards.card(view)


async def _as_it_stands(desk: Desk, person: Person, ntk_id: str, refused: Refusal) -> ports.Message:
    """Somebody was faster, or it is over: the NTK as it stands now; any other refusal goes on up."""
    if refused.code not in (Code.ALREADY_DONE, Code.NTK_CLOSED):
        raise refused
    return shown(await acts.current(desk.context, person=person, ntk_id=ntk_id))


async def _form(
    desk: Desk,
    form: acts.ActForm,
    values: dict[str, str],
    wrong: fields.Mistakes = fields.NONE,
    *,
    nonce: str | None = None,
    refusal: str = "",
) -> ports.Message:
    book = await desk.book()
    return ntk_acts.act_form(
        standing=form.standing,
        code=form.act.code,
        title=form.act.title,
        intro=form.act.intro,
        send=form.act.send,
        questions=form.fields,
        values=values,
        nonce=nonce or form.nonce,
        wrong=wrong,
        case_id_example=book.council.case_id_example,
        refusal=refusal,
    )
