"""Sentences about need-to-knows: how one stands, why somebody got it, what happened, in plain English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards import elements, wording
from casework.ntk_views import Gap, Standing, TimelineEntry, ToldPerson

STATES = {
    "submitted": "Not yet checked by a manager",
    "returned": "Returned for detail",
    "open": "Checked and open",
    "closed": "Closed",
    "not_ntk": "Recorded as not a need-to-know",
    "withdrawn": "Withdrawn",
    "merged": "Merged into another",
}
GAPS = {
    "vacant": "nobody is on Usher's list",
    "away": "everybody is on leave and nobody covers",
    "excluded": "it is kept from them",
}
DECISIONS = {"DONE": "Done", "NOTNEEDED": "Not required"}
WHOM = {
    "MEMBER": "lead member",
    "CEX": "chief executive",
    "PRESS": "press office",
    "PARTNERS": "safeguarding partners",
    "GOV": "DfE or Ofsted",
}
# one sentence for each kind of event; {who} and its facts are filled in
EVENTS = {
    "raised": "{who} raised it at level {level}",
    "told": "Usher told {tiers}",
    "acknowledged": "{who} acknowledged it",
    "checked": "{who} checked and endorsed it",
    "returned": "{who} returned it for detail",
    "level": "{who} changed the level from {from} to {to}",
    "lower_asked": "{who} asked to lower the level from {from} to {to}; a senior has to confirm",
    "lower_kept": "{who} kept the level at {level}",
    "decided_up": "{who} decided about going further up: {decision}",
    "not_ntk": "{who} recorded it as not a need-to-know: {reason}",
    "update": "{who} added an update",
    "found": "{who} reported the child found",
    "comment": "{who} commented",
    "briefed": "{who} briefed: {whom}",
    "step": "Usher: {do}",
    "clock": "A clock began: {prompt}",
    "clock_reminder": "Usher reminded of: {prompt}",
    "decided": "{who} recorded for {prompt}: {decision}",
    "close_proposed": "{who} proposed to close it",
    "closed": "{who} closed it: {outcome}",
    "reopened": "{who} opened it again",
    "withdrawn": "{who} withdrew it",
    "merged": "{who} merged it into {into}",
    "merged_from": "{who} merged {from} into it",
    "corrected": "{who} corrected the child",
    "breach": "{who} recorded a breach: it had gone to {person} ({cards} delivered, opened {opened} times)",
    "excluded": "{who} kept {person} out",
    "reassigned": "Usher handed it from {from}, who has left, to {to}",
}
STEPS = {
    "remind": "reminded {tier}, {told} told",
    "deputy": "went to the deputies of {tier}, {told} told",
    "above": "{tier} did not answer: went to the tier above, {told} told",
    "alarm": "{tier} did not answer and no step is left: the duty head is told",
    "missing": "still missing: {told} more told",
    "update_due": "an update is due, {told} asked",
    "return_due": "no answer to the return: went to the tier above",
}
CHANGED_TITLES = {
    "update": "Update to {ref}",
    "found": "Found: {ref}",
    "comment": "Comment on {ref}",
    "returned": "Please add detail to {ref}",
    "level": "Level changed: {ref}",
    "lower_kept": "Level kept: {ref}",
    "decided_up": "Decided: {ref}",
    "not_ntk": "Not a need-to-know: {ref}",
    "checked": "Checked: {ref}",
    "close_proposed": "Close {ref}?",
    "closed": "Closed: {ref}",
    "reopened": "Opened again: {ref}",
    "withdrawn": "Withdrawn: {ref}",
    "merged": "Merged: {ref}",
    "merged_from": "Merged: {ref}",
    "corrected": "Corrected: {ref}",
    "breach": "Data breach recorded: {ref}",
    "reassigned": "{ref} is yours now",
}
WHY = {
    "raiser": "You raised it, it was raised for you, or you answer for it now.",
    "reader": "You manage the line this case belongs to ({tier}). You were not told of it by a card.",
    "line": "You hold the tier “{tier}” for this case's team or service.",
    "cover": "You cover for {name}, who holds the tier “{tier}” and is away.",
    "deputy": "You are the deputy of {name} ({tier}), who did not answer in time or could not be reached.",
    "on_call": "You are on call for the tier “{tier}”.",
    "role": "Its category or level is always told to your role: {tier}.",
    "escalated": "The tier below did not answer in time or could not be reached, so it came to you as {tier}.",
    "missing": "The child has been missing longer than the threshold at which {tier} is told.",
    "level": "Its level was raised, and the new level reaches {tier}.",
    "decided": "The tier below decided that {tier} should know.",
    "merged": "Another need-to-know you had was merged into this one.",
}


def state(view: Standing) -> str:
    """How it stands, in a sentence."""
    words = STATES[view.state]
    if view.state == "open" and view.checked_at is not None:
        words = (
            f"Checked by {view.checked_by} on {wording.short_day(view.checked_at)}, {wording.clock(view.checked_at)}"
        )
    elif view.state == "open":
        words = "Open"
    elif view.state == "merged" and view.merged_into:
        words = f"Merged into {view.merged_into}"
    if view.lower_to is not None:
        words += f". Lowering to level {view.lower_to} waits to be confirmed; level {view.level} holds"
    return words


def child(view: Standing) -> str:
    return f"{view.initials} (ID {view.case_id})" if view.case_id else "can't be shown now"


def why(coded: str) -> str:
    """The answer to "why did I get this?" from its code, tier and name."""
    because, _, rest = coded.partition("|")
    tier, _, name = rest.partition("|")
    return WHY[because].format(tier=tier.lower(), name=name or "a colleague")


def event(entry: TimelineEntry) -> str:
    """One thing that happened, in a sentence; facts it doesn't have are left out kindly."""
    facts: dict[str, object] = {**_words_of(entry.facts), "who": entry.who}
    if entry.kind == "step":
        facts["do"] = STEPS.get(str(entry.facts.get("do")), "a step").format_map(_Blank(facts))
    return EVENTS.get(entry.kind, "{who}: " + entry.kind.replace("_", " ")).format_map(_Blank(facts))


def _words_of(facts: Mapping[str, str | int | bool | None]) -> dict[str, object]:
    words: dict[str, object] = dict(facts)
    if "decision" in facts:
        known = {**DECISIONS, "UP": "the tier above is told", "STAY": "it stays here"}
        words["decision"] = known.get(str(facts["decision"]), str(facts["decision"]))
    if "whom" in facts:
        words["whom"] = ", ".join(WHOM.get(code, code) for code in str(facts["whom"]).split(","))
    return words


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "another" if key == "into" else "somebody"


def told(person: ToldPerson) -> str:
    who = f"{elements.plain(person.name)}, {person.tier.lower() if len(person.tier) > 4 else person.tier}"
    if person.acknowledged_at is not None:
        at = person.acknowledged_at
        return f"{who}: **acknowledged** {wording.short_day(at)}, {wording.clock(at)}"
    phone = f" on {elements.plain(person.phone)}" if person.phone else ""
    return f"{who}: {wording.REACHED[person.reached]}{phone}{'' if person.is_asked else ', for information'}"


def also_told(person: ToldPerson) -> str:
    """As other recipients see it: whether somebody knows, not whom the raiser has to phone."""
    is_unreached = person.reached in ("no", "unsure") and person.acknowledged_at is None
    if not is_unreached:
        return told(person)
    return f"{elements.plain(person.name)}, {person.tier.lower()}: not reached yet, {wording.RAISER_PHONES}"


def must_phone(person: ToldPerson) -> bool:
    return person.reached in ("no", "unsure") and person.acknowledged_at is None


def phone_box(to_phone: Sequence[ToldPerson], *, title: str = "Not delivered: phone now") -> elements.Element:
    lines = "\n".join(
        f"- {elements.plain(person.name)}, {person.tier.lower()}: "
        f"{elements.plain(person.phone) or 'no number on Usher’s list'}"
        for person in to_phone
    )
    words = lines or "Nobody could be told: phone your manager."
    return elements.box([elements.subheading(title), elements.text(words)], style="attention")


def gap_lines(gaps: Sequence[Gap]) -> list[elements.Element]:
    """The tiers nobody was told in, and why; nothing of those it is kept from."""
    shown = [gap for gap in gaps if gap.because != "excluded"]
    if not shown:
        return []
    lines = [f"- {gap.tier}: {GAPS[gap.because]}" for gap in shown]
    return [elements.text("\n".join(["Not told, as nobody is there:", *lines]))]
