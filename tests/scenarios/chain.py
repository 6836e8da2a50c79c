"""An NTK's chain and steps as the record has them; leave, rota and rulebook arranged the way people do."""

from __future__ import annotations

from datetime import date, datetime

from casework.db import ntk, ntk_recipients, ntk_steps, people
from casework.domain import london
from casework.domain.rulebook import Rulebook
from casework.services import rulebook
from tests.scenarios import reading
from tests.scenarios.council import Council
from tests.teams_service.chats import Shown
from tests.teams_service.people import Person

REFERENCE = "NTK-2026-0001"
NTK = f"Need-to-know {REFERENCE}"
PLEASE = f"Please acknowledge {REFERENCE}"
ALARM = f"{REFERENCE}: nobody answers"
NOT_DELIVERED = f"{REFERENCE} was not delivered to everyone"


async def told(council: Council, reference: str = REFERENCE) -> list[tuple[str, str, str]]:
    """(first name, tier, why) of everybody who was told, in the order of the chain."""
    async with council.parts.context.database.reading() as work:
        found = await ntk.by_reference(work, reference)
        assert found is not None
        rows = await ntk_recipients.told(work, found.id)
        known = await people.by_ids(work, [row.person_id for row in rows], today=work.now.date())
        return [(known[row.person_id].name.split()[0].lower(), row.tier, row.because) for row in rows]


async def steps(council: Council, tier: str, reference: str = REFERENCE) -> list[tuple[str, str, str]]:
    """(what to do, how it stands, why) of every step of a tier, soonest due first."""
    async with council.parts.context.database.reading() as work:
        found = await ntk.by_reference(work, reference)
        assert found is not None
        rows = await ntk_steps.of_ntk(work, found.id)
        return [(row.do, row.state, row.because or "") for row in rows if row.tier == tier]


async def planned(council: Council, reference: str = REFERENCE) -> list[tuple[str, str, str]]:
    """(tier, what to do, due at by the clock on the wall) of every step of the line, soonest due first."""
    async with council.parts.context.database.reading() as work:
        found = await ntk.by_reference(work, reference)
        assert found is not None
        rows = [row for row in await ntk_steps.of_ntk(work, found.id) if row.tier != "UPDATE"]
        return [(row.tier, row.do, f"{london.local(row.due_at):%a %d %b %H:%M}") for row in rows]


def titles(person: Person, words: str = "") -> list[str]:
    """The headings, with `words` in them, of the cards in somebody's chat, oldest first."""
    return [title for card in person.cards if words in (title := reading.title(card))]


def who_got(council: Council, words: str) -> dict[str, int]:
    """First name -> how many cards with `words` in their heading stand in that chat, of everybody who has any."""
    counted = {name: len(titles(person, words)) for name, person in council.people.items()}
    return {name: count for name, count in sorted(counted.items()) if count}


async def acknowledges(council: Council, first_name: str, words: str = NTK) -> None:
    """Somebody presses Acknowledge on their newest card that says `words`, and what follows is sent."""
    person = council.person(first_name)
    await person.clicks(person.card(words), "Acknowledge")
    await council.send_all()


async def arranges(
    council: Council,
    first_name: str,
    *,
    absent: str = "",
    cover: str = "",
    kind: str = "leave",
    starts_on: date,
    ends_on: date,
) -> Shown:
    """Somebody arranges leave or a deputy, names in full; the card as it then stands."""
    person = council.person(first_name)
    await person.says("cover")
    form = await person.clicks(person.latest, "Arrange leave or a deputy")
    typed = {"kind": kind, "absent": absent, "cover": cover}
    days = {"starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    return await person.clicks(form, "Save", typed | days)


async def puts_on_call(
    council: Council, first_name: str, *, name: str, tier: str, starts_at: datetime, ends_at: datetime
) -> Shown:
    """Somebody puts a person, named in full, on call; the card as it then stands."""
    person = council.person(first_name)
    await person.says("on call")
    form = await person.clicks(person.latest, "Put somebody on call")
    typed = {"tier": tier, "name": name}
    for which, instant in (("from", london.local(starts_at)), ("until", london.local(ends_at))):
        typed |= {f"{which}_date": instant.date().isoformat(), f"{which}_time": f"{instant:%H:%M}"}
    return await person.clicks(form, "Save", typed)


async def finds(council: Council, first_name: str, words: str) -> str:
    """Everything on the card that answers "find ..."."""
    person = council.person(first_name)
    await person.says(f"find {words}")
    return person.latest.words


async def current_rulebook(council: Council) -> Rulebook:
    async with council.parts.context.database.reading() as work:
        return (await council.parts.context.rules(work)).book


async def apply_rulebook(council: Council, **changed: object) -> None:
    """Put the rulebook, with these parts changed, into effect now."""
    book = await current_rulebook(council)
    whole = Rulebook.model_validate(book.model_copy(update=changed).model_dump())
    await rulebook.apply(council.parts.context, whole, applied_by="the test", why="The council decided so.")
