"""The end of an NTK and its return: close, propose to close, reopen, withdraw, merge. Nothing is deleted."""

from __future__ import annotations

from dataclasses import replace

from casework.db import ntk, ntk_prompts, ntk_recipients
from casework.domain import access
from casework.domain.errors import Code, FieldErrors
from casework.domain.ntk import LIVE, State
from casework.domain.ntk_routing import ALSO, Recipient
from casework.services import ntk_chain, ntk_clocks, ntk_stepping
from casework.services.ntk_checks import change_level, insist_prompts_answered
from casework.services.ntk_corrections import keep_out
from casework.services.ntk_doing import Doing
from casework.services.ntk_record import everyone_told, note, raisers_side, stubs


async def close(doing: Doing) -> None:
    """Close it with outcome, themes, learning and actions left; an outside clock without an answer forbids it."""
    await insist_prompts_answered(doing)
    found = await ntk.change(
        doing.work, doing.found.id, state=State.CLOSED, closed_at=doing.work.now, next_update_at=None, lower_to=None
    )
    await ntk_stepping.stop(doing.work, found, because="closed")
    await doing.note(
        "closed",
        found=found,
        facts={code: doing.answers[code] for code in ("outcome", "themes", "recorded_on")},
        text=doing.words("text", "learning", "actions"),
        tell_changed=await doing.everyone(),
    )


async def propose_close(doing: Doing) -> None:
    """A service manager asks a head of service to close it."""
    above = await ntk_chain.tier_now(doing.work, doing.rules, doing.found, "HOS", because="line")
    await doing.note("close_proposed", text=doing.words("text"), tell_changed=[one.person_id for one in above])


async def reopen(doing: Doing) -> None:
    """Open again with a reason: who hadn't acknowledged is asked again, updates fall due, everyone told hears why."""
    found = await ntk.change(doing.work, doing.found.id, state=State.OPEN, closed_at=None)
    await doing.note("reopened", found=found, text=doing.words("text"), tell_changed=await doing.everyone())
    await ntk_stepping.begin_again(doing.context, doing.work, doing.rules, found, because="reopened")
    await ntk_clocks.next_update(doing.work, doing.rules, found)


async def withdraw(doing: Doing) -> None:
    """Withdrawn before a manager acted: delivered cards become a stub, and those told hear why."""
    told = [row.person_id for row in await ntk_recipients.told(doing.work, doing.found.id)]
    found = await ntk.change(
        doing.work, doing.found.id, state=State.WITHDRAWN, closed_at=doing.work.now, next_update_at=None
    )
    await ntk_stepping.stop(doing.work, found, because="withdrawn")
    replaced = await stubs(doing.work, found, told)
    await doing.note("withdrawn", found=found, text=doing.words("text"), tell=replaced, tell_changed=told)


async def merge(doing: Doing) -> None:
    """Two NTKs on one incident become one: this one points to the other, which takes over its people and clocks.

    Raises FieldErrors REFERENCE_UNKNOWN for one this person may not read, whether it exists or not.
    """
    kept = await ntk.by_reference(doing.work, doing.answers["reference"].strip().upper())
    kept = await ntk.lock(doing.work, kept.id) if kept and kept.id != doing.found.id else None
    facts = await ntk_recipients.facts(doing.work, kept) if kept else None
    if kept is None or facts is None or kept.state not in LIVE or not access.can_merge_ntk(doing.person, facts):
        raise FieldErrors({"reference": Code.REFERENCE_UNKNOWN})
    if doing.found.is_restricted and not kept.is_restricted:
        raise FieldErrors({"reference": Code.RESTRICTED_MERGE})  # its child would come before people kept from it
    await _move_prompts(doing, kept)
    await ntk_stepping.stop(doing.work, doing.found, because="merged")
    found = await ntk.change(
        doing.work,
        doing.found.id,
        state=State.MERGED,
        merged_into_id=kept.id,
        closed_at=doing.work.now,
        next_update_at=None,
    )
    await doing.note(
        "merged",
        found=found,
        facts={"into": kept.reference},
        text=doing.words("text"),
        tell_changed=await doing.everyone(),
    )
    await _take_over(doing, kept)


async def _take_over(doing: Doing, kept: ntk.Ntk) -> None:
    """The NTK that is kept takes over the children, everybody told, and the level where it is more serious."""
    text, other = await ntk.narrative(doing.work, kept.id), await ntk.narrative(doing.work, doing.found.id)
    both = (*text.children, *(child for child in other.children if child not in text.children))
    refs = (*await ntk.children_of(doing.work, kept.id), *await ntk.children_of(doing.work, doing.found.id))
    if len(both) > len(text.children):
        merged = type(text)(children=both, answers=text.answers)
        await ntk.rewrite(doing.work, kept.id, merged, case_refs=tuple(dict.fromkeys(refs)))
    on_kept = replace(doing, found=kept, facts=await ntk_recipients.facts(doing.work, kept), nonce=None)
    mine = raisers_side(kept)
    for person_id in sorted(await ntk_recipients.excluded(doing.work, doing.found.id)):
        if person_id not in mine:
            await keep_out(on_kept, person_id, because="merged")
    # who may see a restricted one was decided there: nobody comes in by a merge
    if doing.found.is_restricted or not kept.is_restricted:
        told = await ntk_recipients.told(doing.work, doing.found.id)
        coming = [Recipient(row.person_id, row.tier, "merged", row.via) for row in told]
        coming += [Recipient(person_id, ALSO, "merged") for person_id in raisers_side(doing.found)]
        coming = [one for one in coming if one.person_id not in mine]
        await ntk_chain.tell(doing.context, doing.work, doing.rules, kept, coming, because="merged")
    await _note_on_kept(doing, kept)
    if doing.found.level < kept.level:
        on_kept = replace(on_kept, facts=await ntk_recipients.facts(doing.work, kept))
        await change_level(on_kept, doing.found.level, because={})


async def _note_on_kept(doing: Doing, kept: ntk.Ntk) -> None:
    """The other half of a merge, in the history of the one that is kept."""
    await note(
        doing.context,
        doing.work,
        kept,
        actor_id=doing.person.id,
        kind="merged_from",
        facts={"from": doing.found.reference},
        tell_changed=await everyone_told(doing.work, kept),
    )


async def _move_prompts(doing: Doing, kept: ntk.Ntk) -> None:
    """Outside clocks of the merged NTK that nobody has answered go on under the one that is kept."""
    known = {prompt.code for prompt in await ntk_prompts.of_ntk(doing.work, kept.id)}
    for prompt in await ntk_prompts.of_ntk(doing.work, doing.found.id):
        if prompt.decision is None and prompt.code not in known:
            rule = doing.rules.book.prompt(prompt.code)
            await ntk_clocks.start(doing.context, doing.work, doing.rules, kept, rule, prompt.started_at, tell=False)
