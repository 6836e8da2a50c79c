"""Sentences about need-to-knows: how one stands, why somebody got it, what happened, in plain English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards import elements, wording
from casework.ntk_list_views import TimelineEntry
from casework.ntk_views import Gap, Standing, ToldPerson

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
    "checked": "{who} checked and endorsed it{notes}",
    "returned": "{who} returned it for detail",
    "level": "{who} changed the level from {from} to {to}",
    "lower_asked": "{who} asked to lower the level from {from} to {to}; a senior has to confirm",
    "lower_kept": "{who} kept the level at {level}",
    "decided_up": "{who} decided about going further up: {decision}",
    "not_ntk": "{who} recorded it as not a need-to-know: {reason}",
    "update": "{who} added an update",
    "found": "{who} reported the child found{at}",
    "comment": "{who} commented",
    "briefed": "{who} briefed: {whom}",
    "step": "Usher: {do}",
    "clock": "A clock began: {prompt}",
    "clock_reminder": "Usher sent a reminder: {prompt}",
    "decided": "{who} recorded for {prompt}: {decision}",
    "close_proposed": "{who} proposed to close it",
    "closed": "{who} closed it: {outcome}{themes}",
    "reopened": "{who} opened it again",
    "withdrawn": "{who} withdrew it",
    "merged": "{who} merged it into {into}",
    "merged_from": "{who} merged {from} into it",
    "corrected": "{who} corrected which child it is about",
    "breach": "{who} recorded a breach: {person} should not have got it (cards delivered: {cards}, opened: {opened})",
    "excluded": "{who} kept {person} out",
    "reassigned": "Usher handed it from {from}, who has left, to {to}",
}
STEPS = {
    "remind": "reminded the {tier} ({told})",
    "deputy": "told the deputies of the {tier} ({told})",
    "above": "the {tier} did not answer, so the next manager up was told ({told})",
    "alarm": "the {tier} did not answer and no step is left: the duty head was told",
    "missing": "the child is still missing, so more were told ({told})",
    "update_due": "an update is due and was asked for ({told})",
    "return_due": "the detail asked for did not come, so the next manager up was told",
}
NOTES = {
    "welfare": "support for the staff involved is arranged",
    "comms": "the press office has been contacted",
    "legal": "legal services have been contacted",
}
STATUTORY = {
    "YES": "a statutory notification is considered",
    "NO": "no statutory notification is needed",
    "NK": "a statutory notification is not decided yet",
}
# what stands in a sentence for a fact its event doesn't have
BLANKS = {
    "into": "another",
    "at": "",
    "tiers": "others",
    "prompt": "an outside clock",
    "decision": "a decision",
    "reason": "no reason given",
    "outcome": "no outcome given",
    "level": "an unknown level",
    "whom": "others",
    "cards": "not known",
    "opened": "not known",
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
    "reader": "You manage the line this case belongs to ({tier}). No card of it was sent to you.",
    "line": "You are {tier} for this case's team or service.",
    "cover": "You cover for {name} ({tier}), who is away.",
    "deputy": "You are the deputy of {name} ({tier}), who did not answer in time or could not be reached.",
    "on_call": "You are on call as {tier}.",
    "role": "Your role is always told of this category or level: {tier}.",
    "escalated": "Nobody below you answered in time or could be reached, so it came to you as {tier}.",
    "missing": "The child has been missing so long that you are told as {tier}.",
    "level": "Its level was raised, and the new level reaches you as {tier}.",
    "decided": "The manager below you decided that you should know, as {tier}.",
    "merged": "Another need-to-know you had was merged into this one.",
    "corrected": "The child on it was put right, and the case is your team's: you are {tier}.",
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
    return WHY.get(because, WHY["reader"]).format(tier=low(tier) or "manager", name=name or "a colleague")


def event(entry: TimelineEntry) -> str:
    """One thing that happened, in a sentence; facts it doesn't have are left out kindly."""
    facts: dict[str, object] = {**_words_of(entry.facts), "who": entry.who}
    if entry.kind == "step":
        facts["tier"] = low(str(entry.facts.get("tier") or "manager"))
        facts["told"] = people(entry.facts.get("told"))
        facts["do"] = STEPS.get(str(entry.facts.get("do")), "a step").format_map(_Blank(facts))
    return EVENTS.get(entry.kind, "{who}: " + entry.kind.replace("_", " ")).format_map(_Blank(facts))


def low(words: str) -> str:
    """As it stands within a sentence: "team manager", but "LADO"."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def people(count: object) -> str:
    """How many were told, in words."""
    return "nobody" if not count else "1 person" if count == 1 else f"{count} people"


def _words_of(facts: Mapping[str, str | int | bool | None]) -> dict[str, object]:
    words: dict[str, object] = dict(facts)
    if "decision" in facts:
        known = {**DECISIONS, "UP": "the tier above is told", "STAY": "it stays here"}
        words["decision"] = known.get(str(facts["decision"]), str(facts["decision"]))
    if isinstance(at := facts.get("at"), str):
        words["at"] = f", {wording.iso_moment(at)}"
    notes = [said for code, said in NOTES.items() if facts.get(code) is True]
    notes += [STATUTORY[code] for code in [str(facts.get("statutory"))] if code in STATUTORY]
    words["notes"] = f": {wording.named_list(tuple(notes))}" if notes else ""
    words["themes"] = f" ({facts['themes']})" if facts.get("themes") else ""
    if "whom" in facts:
        words["whom"] = ", ".join(WHOM.get(code, code) for code in str(facts["whom"]).split(","))
    return words


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return BLANKS.get(key, "somebody")


def told(person: ToldPerson) -> str:
    who = f"{elements.plain(person.name)}, {low(person.tier)}"
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
    return f"{elements.plain(person.name)}, {low(person.tier)}: not reached yet, {wording.RAISER_PHONES}"


def must_phone(person: ToldPerson) -> bool:
    return person.reached in ("no", "unsure") and person.acknowledged_at is None


def phone_box(to_phone: Sequence[ToldPerson], *, title: str = "Not delivered: phone now") -> elements.Element:
    lines = "\n".join(
        f"- {elements.plain(person.name)}, {low(person.tier)}: "
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
