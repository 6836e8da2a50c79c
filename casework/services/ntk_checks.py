"""What managers decide about an NTK: endorse, return for detail, another level, further up, not a need-to-know."""

from __future__ import annotations

from casework.db import ntk, ntk_prompts, ntk_recipients, ntk_steps
from casework.domain import access, office_hours
from casework.domain import ntk_steps as step_rules
from casework.domain.deliveries import Kind
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.ntk import State
from casework.domain.ntk_routing import Recipient
from casework.services import ntk_chain, ntk_clocks, ntk_stepping
from casework.services.ntk_doing import Doing
from casework.services.ntk_record import raisers_side
from casework.services.recorder import delivery


async def endorse(doing: Doing) -> None:
    """Checked: the mark "not yet checked" goes, and where told in turn the next tier hears of it."""
    found = await ntk.change(
        doing.work, doing.found.id, state=State.OPEN, checked_at=doing.work.now, checked_by_id=doing.person.id
    )
    tier = await _acknowledge(doing)
    await doing.note(
        "checked",
        found=found,
        facts={
            "tier": tier,
            **{code: doing.answers[code] for code in ("statutory", "recorded_on") if doing.answers.get(code)},
            **{code: doing.answers.get(code) == "yes" for code in ("welfare", "comms", "legal") if doing.answers},
        },
        text=doing.words("needed", "statutory_why"),
        # what is needed from seniors is news to them; a bare endorsement renews their cards and no more
        tell_changed=await doing.everyone() if doing.answers.get("needed") else (),
    )
    await ntk_stepping.stop(doing.work, found, because="checked", only=[step_rules.RETURN_DUE])
    await ntk_stepping.acknowledged(doing.context, doing.work, found, tier)


async def return_(doing: Doing) -> None:
    """Back to the raiser for detail. Those told stay told; without an answer in time the next tier hears of it."""
    found = await ntk.change(doing.work, doing.found.id, state=State.RETURNED)
    tier = await _acknowledge(doing)
    await doing.note(
        "returned", found=found, facts={"tier": tier}, text=doing.words("text"), tell_changed=raisers_side(found)
    )
    await ntk_stepping.settle(doing.context, doing.work, found)
    due = office_hours.due(doing.work.now, doing.rules.book.ntk.return_within, doing.rules.book)
    number = await ntk_steps.next_round(doing.work, found.id, tier, step_rules.RETURN_DUE)
    await ntk_steps.add(doing.work, found.id, [(tier, step_rules.RETURN_DUE, due)], round=number)


async def set_level(doing: Doing) -> None:
    """Raising acts at once. Lowering waits for somebody senior to the one who asks; the old level holds meanwhile."""
    level = int(doing.answers["level"])
    if level == doing.found.level:
        raise FieldErrors({"level": Code.SAME_AS_BEFORE})
    if level < doing.found.level:
        await change_level(doing, level, because=doing.words("text"))
        return
    found = await ntk.change(doing.work, doing.found.id, lower_to=level, lower_by_id=doing.person.id)
    event = await doing.note(
        "lower_asked", found=found, facts={"from": found.level, "to": level}, text=doing.words("text")
    )
    seniors = await _seniors(doing)
    await doing.send(
        [
            delivery(doing.work, kind=Kind.NTK_CONFIRM, subject_id=event.id, person_id=senior, key=senior)
            for senior in seniors
        ]
    )


async def confirm_lower(doing: Doing) -> None:
    """A second, senior person agrees: now the lower level holds."""
    assert doing.found.lower_to is not None
    await change_level(doing, doing.found.lower_to, because={})


async def keep_level(doing: Doing) -> None:
    """A second person keeps the level as it is."""
    found = await ntk.change(doing.work, doing.found.id, lower_to=None, lower_by_id=None)
    asked = [doing.found.lower_by_id] if doing.found.lower_by_id else []
    await doing.note("lower_kept", found=found, facts={"level": found.level}, tell_changed=asked)


async def decide_up(doing: Doing) -> None:
    """The tier that decides says whether the one above hears of it; either way it is written down with the reason."""
    decision = doing.answers["decision"]
    await doing.note(
        "decided_up",
        facts={"decision": decision},
        text=doing.words("text"),
        tell_changed=raisers_side(doing.found),
    )
    decides = doing.rules.book.level(doing.found.level).decides
    if decision == "UP" and decides is not None:
        above = await ntk_chain.next_above(doing.work, doing.rules, doing.found, decides, because="decided")
        await ntk_chain.tell(doing.context, doing.work, doing.rules, doing.found, above, because="decided")


async def not_ntk(doing: Doing) -> None:
    """Recorded as not a need-to-know. Outside clocks have to be answered first; everyone told hears it."""
    await insist_prompts_answered(doing)
    found = await ntk.change(
        doing.work,
        doing.found.id,
        state=State.NOT_NTK,
        checked_at=doing.work.now,
        checked_by_id=doing.person.id,
        closed_at=doing.work.now,
        next_update_at=None,
    )
    await _acknowledge(doing)
    await ntk_stepping.stop(doing.work, found, because="not_ntk")
    await doing.note(
        "not_ntk",
        found=found,
        facts={"reason": doing.answers["reason"]},
        text=doing.words("text"),
        tell_changed=await doing.everyone(),
    )


async def insist_prompts_answered(doing: Doing) -> None:
    """Raises Refusal PROMPTS_OPEN while an outside clock has no answer by a named person."""
    open_ = [row for row in await ntk_prompts.of_ntk(doing.work, doing.found.id) if row.decision is None]
    if open_:
        names = ", ".join(doing.rules.book.prompt(row.code).name for row in open_)
        raise Refusal(Code.PROMPTS_OPEN, prompts=names)


async def change_level(doing: Doing, level: int, *, because: dict[str, str]) -> None:
    """Another level in force: the chain is told as far as it now reaches, and the steps begin again under it."""
    before = doing.found.level
    found = await ntk.change(doing.work, doing.found.id, level=level, lower_to=None, lower_by_id=None)
    await doing.note(
        "level",
        found=found,
        facts={"from": before, "to": level},
        text=because,
        tell_changed=await doing.everyone(),
    )
    rules = doing.rules
    if level < before:
        narrative = await ntk.narrative(doing.work, found.id)
        routing = await ntk_chain.find(
            doing.work,
            rules,
            category=found.category,
            level=level,
            answers=narrative.answers,
            team=found.team,
            service=found.service,
            raiser_id=found.raiser_id,
            subject_id=None,
        )
        now = [Recipient(one.person_id, one.tier, one.because, one.via) for one in routing.recipients]
        if rules.book.level(level).tell == "in_turn":
            told = {row.tier for row in await ntk_recipients.told(doing.work, found.id)}
            now = [] if told & set(rules.book.level(level).tiers) else now
        await ntk_chain.tell(doing.context, doing.work, rules, found, now, because="level")
    await ntk_stepping.begin_again(doing.context, doing.work, rules, found, because="level")
    await ntk_clocks.next_update(doing.work, rules, found)


async def _acknowledge(doing: Doing) -> str:
    """Whoever checks it has seen it; their tier, or the one they check for."""
    await ntk_recipients.acknowledge(doing.work, ntk_id=doing.found.id, person_id=doing.person.id)
    mine = [r for r in await ntk_recipients.told(doing.work, doing.found.id) if r.person_id == doing.person.id]
    if mine:
        return mine[0].tier
    tier = access.line_tier(doing.person, doing.facts)
    return tier.value if tier else ""


async def _seniors(doing: Doing) -> list[str]:
    """The people of the next tier above whoever asks."""
    tier = access.line_tier(doing.person, doing.facts)
    order = [known.code for known in doing.rules.book.tiers]
    if tier is None or tier.value not in order:
        return []
    above = await ntk_chain.next_above(doing.work, doing.rules, doing.found, tier.value, because="line")
    return [one.person_id for one in above]
