"""What is added to an NTK: updates, "found", comments and questions, whom a director briefed."""

from __future__ import annotations

from datetime import datetime

from casework.db import ntk, ntk_events, ntk_recipients
from casework.domain import access
from casework.domain.errors import Code, FieldErrors
from casework.domain.ntk import State
from casework.services import ntk_clocks, ntk_stepping
from casework.services.ntk_doing import Doing
from casework.services.ntk_record import raisers_side


async def update(doing: Doing) -> None:
    """Add an update: everyone told gets what is new. A material one asks them all to acknowledge again.

    One that answers a return asks whoever returned it again: it must not rest with them unread.
    """
    found, is_material = doing.found, doing.answers.get("material") == "yes"
    was_returned = found.state is State.RETURNED
    if was_returned:
        found = await ntk.change(doing.work, found.id, state=State.SUBMITTED)
    asked_again = await _ask_returner_again(doing) if was_returned else ""
    if is_material:
        await ntk_recipients.ask_again(doing.work, found.id, but=doing.person.id)
    await doing.note(
        "update",
        found=found,
        facts={"material": is_material, "answers_return": was_returned, "asked_again": asked_again},
        text=doing.words("text"),
        tell_changed=await doing.everyone(),
    )
    await _after_news(doing, found, is_material=is_material)
    if asked_again and not is_material:
        await ntk_stepping.begin_again(
            doing.context, doing.work, doing.rules, found, because="answered", tier=asked_again
        )


async def found_(doing: Doing) -> None:
    """The child is found: the missing clock stops, the one for the return interview starts."""
    at = datetime.fromisoformat(doing.answers["found"])
    if doing.found.missing_since is not None and at < doing.found.missing_since:
        raise FieldErrors({"found_date": Code.BEFORE_MISSING})
    found = await ntk.change(doing.work, doing.found.id, found_at=at)
    await ntk_stepping.stop(doing.work, found, because="found", only=["missing"])
    await doing.note(
        "found",
        found=found,
        facts={"at": at.isoformat()},
        text=doing.words("text"),
        tell_changed=await doing.everyone(),
    )
    narrative = await ntk.narrative(doing.work, found.id)
    await ntk_clocks.start_prompts(doing.context, doing.work, doing.rules, found, narrative.answers, starts=("found",))
    await _after_news(doing, found, is_material=False)


async def comment(doing: Doing) -> None:
    """A recipient's comment goes to the raiser's side; the raiser's answer to everyone who commented or asked."""
    if access.is_raisers_side(doing.person, doing.facts):
        events = await ntk_events.of_ntk(doing.work, doing.found.id, with_text=False)
        whom = [event.actor_id for event in events if event.kind in ("comment", "returned") and event.actor_id]
        whom = whom or [row.person_id for row in await ntk_recipients.told(doing.work, doing.found.id) if row.is_asked]
    else:
        whom = raisers_side(doing.found)
    may_get = {*doing.facts.recipient_ids, *raisers_side(doing.found)}
    await doing.note(
        "comment", text=doing.words("text"), tell_changed=[person_id for person_id in whom if person_id in may_get]
    )


async def briefed(doing: Doing) -> None:
    """Whom an assistant director or director briefed: recorded, and nothing sent to them."""
    await doing.note("briefed", facts={"whom": doing.answers["whom"]}, text=doing.words("text"))


async def _ask_returner_again(doing: Doing) -> str:
    """Take back the acknowledgement of whoever returned it last; their tier, empty where they aren't of the chain."""
    events = await ntk_events.of_ntk(doing.work, doing.found.id, with_text=False)
    returner = next((event.actor_id for event in reversed(events) if event.kind == "returned"), None)
    told = await ntk_recipients.told(doing.work, doing.found.id)
    mine = next((row for row in told if row.person_id == returner and row.is_asked), None)
    if mine is None or returner == doing.person.id:
        return ""
    await ntk_recipients.ask_again(doing.work, doing.found.id, only=mine.person_id)
    return mine.tier


async def _after_news(doing: Doing, found: ntk.Ntk, *, is_material: bool) -> None:
    await ntk_stepping.stop(doing.work, found, because="updated", only=["return_due"])
    await ntk_clocks.next_update(doing.work, doing.rules, found)
    if is_material:
        await ntk_stepping.begin_again(doing.context, doing.work, doing.rules, found, because="material")
