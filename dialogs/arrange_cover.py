"""The conversation that arranges leave, cover, deputies and who is on call."""

from __future__ import annotations

from datetime import date, datetime

from cards import common, cover, fields
from casework import ports
from casework.domain import access, forms, london
from casework.domain.errors import Code, FieldErrors
from casework.domain.ntk_rulebook import Choice, Field
from casework.domain.people import Person
from casework.services import covers
from casework.services.context import insist
from dialogs.base import Desk, id_in
from dialogs.turns import Clicked

ROTA_INPUTS = ("from_date", "from_time", "until_date", "until_time")


async def page(desk: Desk, person: Person, words: str) -> ports.Message:
    """ "cover", "on call": what is arranged."""
    return cover.page(await covers.page(desk.context, person=person))


async def page_clicked(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    return await page(desk, person, "")


async def start(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    today = london.local_date(desk.clock.now()).isoformat()
    return cover.form({"starts_on": today, "kind": "leave"})


async def save(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    """Save it; mistakes bring the form back as it was typed."""
    values = fields.parse(click.data, cover.COVER_FIELDS)
    try:
        answers, _ = forms.answers(cover.COVER_FIELDS, values, book=await desk.book(), now=desk.clock.now())
        await covers.arrange(
            desk.context,
            person=person,
            absent=answers["absent"],
            cover=answers["cover"],
            kind=answers["kind"],
            starts_on=date.fromisoformat(answers["starts_on"]),
            ends_on=date.fromisoformat(answers["ends_on"]),
        )
    except FieldErrors as wrong:
        return cover.form(values, fields.mistakes(wrong))
    return await page(desk, person, "")


async def end(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    await covers.end(desk.context, person=person, cover_id=id_in(click.data, "cover"))
    return await page(desk, person, "")


async def rota_start(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    insist(access.can_arrange_rota(person))
    now = london.local(desk.clock.now())
    values = {"from_date": now.date().isoformat(), "from_time": "17:00", "until_time": "09:00"}
    return cover.rota_form(await _questions(desk), values)


async def rota_save(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    questions = await _questions(desk)
    values = fields.parse(click.data, questions)
    values |= {id: str(click.data.get(id, ""))[:20] for id in ROTA_INPUTS}
    try:
        answers, _ = forms.answers(questions, values, book=await desk.book(), now=desk.clock.now())
        await covers.put_on_call(
            desk.context,
            person=person,
            name=answers["name"],
            tier=answers["tier"],
            starts_at=_instant(values, "from"),
            ends_at=_instant(values, "until"),
        )
    except FieldErrors as wrong:
        return cover.rota_form(questions, values, fields.mistakes(wrong))
    return await page(desk, person, "")


async def rota_end(desk: Desk, person: Person, click: Clicked) -> ports.Message:
    await covers.take_off_call(desk.context, person=person, rota_id=id_in(click.data, "rota"))
    return await page(desk, person, "")


async def who_to_phone(desk: Desk, person: Person, words: str) -> ports.Message:
    """ "who do I phone": the managers of one's own line who are there today, and who is on call."""
    lines = await covers.phone_list(desk.context, person=person)
    book = await desk.book()
    words = "\n".join(f"- {line}" for line in lines) or "Nobody of your line is on Usher's list today."
    return common.notice("Whom to phone now", f"{words}\n\nOtherwise: {book.council.duty_phone}.")


async def _questions(desk: Desk) -> tuple[Field, ...]:
    book = await desk.book()
    tiers = [Choice(code=tier.code, name=tier.name) for tier in book.tiers]
    return cover.rota_fields([Choice(code="DUTY", name="Duty head, told when nobody answers"), *tiers])


def _instant(values: dict[str, str], which: str) -> datetime:
    found = london.typed_instant(values[f"{which}_date"], values[f"{which}_time"])
    if isinstance(found, Code):
        at_fault = "time" if found in (Code.TIME_FORMAT, Code.TIME_DOES_NOT_EXIST) else "date"
        raise FieldErrors({f"{which}_{at_fault}": found})
    return found
