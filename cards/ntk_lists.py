"""Lists of need-to-knows: one's own, the team's by what is wrong with them, found ones, the morning's, the night's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cards import elements, ntk_verbs, wording
from casework import ports
from casework.ntk_list_views import Digest, Handover, NtkLists
from casework.ntk_views import NtkLine
from casework.views import Choice

MOST_SHOWN = 8
MOST_WITH_BUTTONS = 10
OVER = {
    "closed": "Closed",
    "withdrawn": "Withdrawn",
    "merged": "Merged into another",
    "not_ntk": "Not a need-to-know",
}


def mine(view: NtkLists, *, may_list_team: bool = False) -> ports.Message:
    """What waits for this person's acknowledgement, and what they raised."""
    body: list[elements.Element] = [elements.subheading("Waiting for you to acknowledge")]
    body += _lines(view.waiting, ntk_verbs.OPEN, "Nothing is waiting for you.", set())
    body.append(elements.subheading("Raised by you, or yours to update"))
    body += _lines(view.raised, ntk_verbs.STATUS, "You have raised none.", {line.ntk_id for line in view.waiting})
    buttons = [elements.button("My team's", ntk_verbs.TEAM)] if may_list_team else []
    return elements.message("Need-to-knows", body, buttons, summary=wording.SUMMARY_LIST)


def team(view: NtkLists) -> ports.Message:
    """A manager's open need-to-knows, each once, the worst first; where they are many, the rest in a list."""
    groups = [
        (title, lines)
        for title, lines in (
            ("Not acknowledged by everyone", view.unacknowledged),
            ("Update overdue", view.overdue),
            ("Update due today", view.due_today),
            ("Open", view.others),
        )
        if lines
    ]
    everything = sum(len(lines) for _, lines in groups)
    body: list[elements.Element] = []
    rest: list[tuple[str, NtkLine]] = []
    for title, lines in groups:
        most = len(lines) if everything <= MOST_WITH_BUTTONS else MOST_WITH_BUTTONS // len(groups)
        body.append(elements.subheading(f"{title}: {len(lines)}"))
        body += _lines(lines[:most], ntk_verbs.OPEN, "", set())
        rest += [(title, line) for line in lines[most:]]
    if rest:
        body += _others(rest)
    if view.more:
        body.append(elements.text("There are more. Find one by its reference: “find NTK-2026-0042”."))
    if not body:
        body = [elements.text("No need-to-know is open for your team or service.")]
    return elements.message("Open need-to-knows", body, summary=wording.SUMMARY_LIST)


def found(lines: Sequence[NtkLine]) -> ports.Message:
    """What a search found, of those this person may read."""
    nothing = "There is nothing by that reference or case ID that you can see."
    return elements.message(
        "Found" if lines else "Nothing found",
        _lines(lines, ntk_verbs.OPEN, nothing, set()),
        summary=wording.SUMMARY_LIST,
    )


def digest(view: Digest) -> ports.Message:
    """The morning's figures and lines; no narratives, and nothing to be read over a shoulder."""
    body: list[elements.Element] = [
        elements.facts(
            [
                ("Open", str(view.open)),
                ("New since yesterday", str(view.new)),
                ("Not acknowledged by everyone", str(len(view.unacknowledged))),
                ("Update overdue", str(len(view.overdue))),
                ("Update due today", str(len(view.due_today))),
            ]
        )
    ]
    for title, lines in (
        ("Not acknowledged by everyone", view.unacknowledged),
        ("Update overdue", view.overdue),
        ("Update due today", view.due_today),
    ):
        if lines:
            words = "\n".join(f"- {_short(line)}" for line in lines[:MOST_SHOWN])
            more = f"\n- and {len(lines) - MOST_SHOWN} more" if len(lines) > MOST_SHOWN else ""
            body += [elements.subheading(title), elements.text(words + more)]
    if view.prompts:
        words = "\n".join(
            f"- {reference}: {elements.plain(name)}, due {wording.moment(due)}"
            for reference, name, due in view.prompts[:MOST_SHOWN]
        )
        body += [elements.subheading("Outside clocks without an answer"), elements.text(words)]
    buttons = [elements.button("Open the list", ntk_verbs.TEAM), elements.button("Mine", ntk_verbs.MINE)]
    return elements.message(
        f"Your morning: {wording.plain_day(view.day)}", body, buttons, summary=wording.SUMMARY_DIGEST
    )


def handover(view: Handover) -> ports.Message:
    """What was raised out of hours."""
    body: list[elements.Element] = [
        elements.text(f"Raised since {wording.moment(view.since)}, for the day team:"),
        *_lines(view.lines, ntk_verbs.OPEN, "Nothing.", set()),
    ]
    return elements.message("Handover from the night", body, summary=wording.SUMMARY_DIGEST)


def _others(rest: Sequence[tuple[str, NtkLine]]) -> list[elements.Element]:
    choices = [
        Choice(value=line.ntk_id, label=f"{line.reference}, level {line.level}, {line.initials} (ID {line.case_id})")
        for _, line in rest
    ]
    counts = Counter(title for title, _ in rest)
    words = ", ".join(f"{count} {title[:1].lower()}{title[1:]}" for title, count in counts.items())
    opening = elements.button("Open the chosen one", ntk_verbs.OPEN, takes_inputs=True)
    return [
        elements.subheading(f"And {len(rest)} more"),
        elements.text(f"{words}."),
        *elements.chooser("ntk", "Which one?", choices, opening),
    ]


def _lines(lines: Sequence[NtkLine], verb: str, nothing: str, seen: set[str]) -> list[elements.Element]:
    if not lines:
        return [elements.text(nothing)] if nothing else []
    shown: list[elements.Element] = []
    for line in lines[:MOST_WITH_BUTTONS]:
        shown.append(elements.text(_words(line), spacing="Medium"))
        if line.ntk_id not in seen:
            shown.append(elements.actions([elements.button(f"Open {line.reference}", verb, {"ntk": line.ntk_id})]))
    if len(lines) > MOST_WITH_BUTTONS:
        more = len(lines) - MOST_WITH_BUTTONS
        shown.append(elements.text(f"And {more} more. Find one by its reference: “find NTK-2026-0042”."))
    return shown


def _words(line: NtkLine) -> str:
    parts = [f"Raised {wording.short_day(line.raised_at)}", f"{line.acknowledged} of {line.told} acknowledged"]
    if line.next_update_at is not None:
        parts.append(f"update {'overdue since' if line.is_overdue else 'due'} {wording.short_day(line.next_update_at)}")
    if line.unanswered:
        parts.append("an outside clock runs" if line.unanswered == 1 else f"{line.unanswered} outside clocks run")
    if line.state in OVER:
        parts = [OVER[line.state], *parts[:1]]
    return f"{_short(line)}\n\n{' · '.join(parts)}"


def _short(line: NtkLine) -> str:
    return (
        f"**{line.reference}** · level {line.level} · {elements.plain(line.initials)} "
        f"(ID {elements.plain(line.case_id)}) · {elements.plain(line.category)}"
    )
