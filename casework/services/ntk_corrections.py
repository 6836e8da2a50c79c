"""Putting right what went wrong: a mistyped child, a wrong recipient, a conflicted manager, a raiser who has left."""

from __future__ import annotations

from dataclasses import replace

from casework.db import audit, cases, deliveries, ntk, ntk_recipients, ntk_register, people
from casework.domain.deliveries import ADDRESSING, State
from casework.domain.errors import Code, FieldErrors
from casework.domain.forms import Child
from casework.domain.people import Role
from casework.services import ntk_chain, ntk_stepping
from casework.services.context import Context, today
from casework.services.ntk_doing import Doing
from casework.services.ntk_record import note, stubs


async def correct(doing: Doing) -> None:
    """Put the right initials and case id in place of mistyped ones; the old ones are kept, sealed, in the event.

    Where the right case is another team's, that team's line is told. Who had it still knows: whoever should not have
    had it is taken off by name, as a breach.
    """
    text = await ntk.narrative(doing.work, doing.found.id)
    place = int(doing.answers["child"]) if doing.answers["child"].isdigit() else -1
    if not 0 <= place < len(text.children):
        raise FieldErrors({"child": Code.CHOICE_UNKNOWN})
    old = text.children[place]
    new = Child(initials=doing.answers["initials"], case_id=doing.answers["case_id"])
    if new == old or any(child.case_id == new.case_id for child in text.children if child != old):
        raise FieldErrors({"case_id": Code.SAME_AS_BEFORE})
    case = await cases.find_or_create(
        doing.work,
        case_id=new.case_id,
        initials=new.initials,
        team=doing.found.team,
        service=doing.found.service,
    )
    refs = list(await ntk.children_of(doing.work, doing.found.id))
    refs[place] = case.id
    children = tuple(new if child == old else child for child in text.children)
    await ntk.rewrite(doing.work, doing.found.id, replace(text, children=children), case_refs=tuple(refs))
    is_elsewhere = place == 0 and (case.team, case.service) != (doing.found.team, doing.found.service)
    moved = {"team": case.team, "service": case.service} if is_elsewhere else {}
    found = await ntk.change(doing.work, doing.found.id, case_ref=refs[0], **moved)
    await doing.note(
        "corrected",
        found=found,
        facts={"initials": new.initials != old.initials, "case_id": new.case_id != old.case_id},
        text={**doing.words("text"), "was": f"{old.initials} (ID {old.case_id})"},
        tell_changed=await doing.everyone(),
    )
    if is_elsewhere:
        await ntk_chain.reroute(doing.context, doing.work, doing.rules, found)


async def wrong_person(doing: Doing) -> None:
    """Somebody got it who should not have: they lose it at once, and a breach with what they saw is written down.

    Data protection officers hear that there is one and its reference, nothing of the child.
    """
    person_id = await _taken_off(doing, because="wrong_person")
    sent = [row for row in await deliveries.of_subject(doing.work, doing.found.id, ADDRESSING)
            if row.person_id == person_id]  # fmt: skip
    opened = await audit.count(
        doing.work, subject_id=doing.found.id, actor_id=person_id, actions=("ntk.read", "ntk.disclosed")
    )
    officers = await people.holding(doing.work, [Role.DPO], today=today(doing.work))
    await doing.note(
        "breach",
        facts={
            "person": person_id,
            "cards": sum(row.state is State.ACCEPTED for row in sent),
            "opened": opened,
        },
        text=doing.words("text"),
        tell_changed=[officer.id for officer in officers],
    )


async def exclude(doing: Doing) -> None:
    """A conflicted manager is kept out from now on, and finds no trace of it."""
    person_id = await _taken_off(doing, because="conflict")
    await doing.note("excluded", facts={"person": person_id}, text=doing.words("text"))


async def reassign_leavers(context: Context, *, limit: int = 50) -> int:
    """Hand NTKs whose owner holds no role any more to a manager of their line; returns how many."""
    moved, after = 0, ""
    while True:
        async with context.database.reading() as work:
            page = await ntk_register.live(work, after=after, limit=limit)
            owners = await people.by_ids(work, [one.owner_id for one in page], today=today(work))
        if not page:
            return moved
        after = page[-1].id
        for one in page:
            if one.owner_id not in owners or not owners[one.owner_id].grants:
                moved += await _reassign(context, one.id)


async def _reassign(context: Context, ntk_id: str) -> int:
    async with context.database.writing() as work:
        found = await ntk.lock(work, ntk_id)
        assert found is not None
        rules = await context.rules(work, version=found.rulebook_version)
        for tier in rules.book.tiers:
            there = await ntk_chain.tier_now(work, rules, found, tier.code, because="line")
            if there:
                before = found.owner_id
                found = await ntk.change(work, found.id, owner_id=there[0].person_id)
                await note(
                    context,
                    work,
                    found,
                    actor_id=None,
                    kind="reassigned",
                    facts={"from": before, "to": found.owner_id},
                    tell_changed=[found.owner_id],
                )
                return 1
    return 0


async def _taken_off(doing: Doing, *, because: str) -> str:
    """Take the person of the form off and keep them out; returns who it was."""
    person_id = doing.answers["person"]
    if person_id == doing.person.id:
        raise FieldErrors({"person": Code.CHOICE_UNKNOWN})
    await keep_out(doing, person_id, because=because)
    return person_id


async def keep_out(doing: Doing, person_id: str, *, because: str) -> None:
    """Take somebody off and keep them out for good.

    Their tier goes on without them, and a stub takes the place of what they were sent.
    """
    await ntk_recipients.end(doing.work, ntk_id=doing.found.id, person_id=person_id, because=because)
    await ntk_recipients.exclude(
        doing.work, ntk_id=doing.found.id, person_ids=[person_id], because=because, by_id=doing.person.id
    )
    rules, found = doing.rules, doing.found
    chain = await ntk_recipients.of_ntk(doing.work, found.id)
    tier = next((row.tier for row in chain if row.person_id == person_id), "")
    if tier and not any(row.tier == tier and row.is_told for row in chain):
        # nobody of their tier is left: the one above is told in their place
        if tier in {known.code for known in rules.book.tiers}:
            above = await ntk_chain.next_above(doing.work, rules, found, tier, because="escalated")
            await ntk_chain.tell(doing.context, doing.work, rules, found, above, because="escalated")
        await ntk_stepping.stop(doing.work, found, because=because, tier=tier)
    await doing.send(await stubs(doing.work, found, [person_id]))
