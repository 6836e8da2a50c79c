"""Lists of need-to-knows: one's own, the team's by what is wrong with them, found ones, the morning's, the night's."""

from __future__ import annotations

from collections.abc import Sequence

from cards import elements, ntk_verbs, wording
from casework import ports
from casework.ntk_views import Digest, Handover, NtkLine, NtkLists

MOST_SHOWN = 8


def mine(view: NtkLists, *, may_list_team: bool = False) -> ports.Message:
    """What waits for this person's acknowledgement, and what they raised."""
    body: list[elements.Element] = [elements.subheading("Waiting for you to acknowledge")]
    body += _lines(view.waiting, ntk_verbs.OPEN, "Nothing is waiting for you.", set())
    body.append(elements.subheading("Raised by you, or yours to update"))
    body += _lines(view.raised, ntk_verbs.STATUS, "You have raised none.", {line.ntk_id for line in view.waiting})
    buttons = [elements.button("My team's", ntk_verbs.TEAM)] if may_list_team else []
    return elements.message("Need-to-knows", body, buttons, summary=wording.SUMMARY_LIST)


def team(view: NtkLists) -> ports.Message:
    """A manager's open need-to-knows, each once, the worst first."""
    body: list[elements.Element] = []
    for title, lines in (
        ("Not acknowledged by everyone", view.unacknowledged),
        ("Update overdue", view.overdue),
        ("Update due today", view.due_today),
        ("Open", view.others),
    ):
        if lines:
            body.append(elements.subheading(f"{title}: {len(lines)}"))
            body += _lines(lines, ntk_verbs.OPEN, "", set())
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


def _lines(lines: Sequence[NtkLine], verb: str, nothing: str, seen: set[str]) -> list[elements.Element]:
    if not lines:
        return [elements.text(nothing)] if nothing else []
    shown: list[elements.Element] = []
    for line in lines[: MOST_SHOWN * 2]:
        shown.append(elements.text(_words(line), spacing="Medium"))
        if line.ntk_id not in seen:
            shown.append(elements.actions([elements.button(f"Open {line.reference}", verb, {"ntk": line.ntk_id})]))
    return shown


def _words(line: NtkLine) -> str:
    parts = [_short(line), wording.short_day(line.raised_at), f"{line.acknowledged} of {line.told} acknowledged"]
    if line.next_update_at is not None:
        parts.append(f"update {'overdue since' if line.is_overdue else 'due'} {wording.short_day(line.next_update_at)}")
    if line.unanswered:
        parts.append("an outside clock runs" if line.unanswered == 1 else f"{line.unanswered} outside clocks run")
    if line.state in ("closed", "withdrawn", "merged", "not_ntk"):
        parts.append({"not_ntk": "not a need-to-know"}.get(line.state, line.state))
    return " · ".join(parts)


def _short(line: NtkLine) -> str:
    return (
        f"**{line.reference}** · level {line.level} · {elements.plain(line.category)} · "
        f"{elements.plain(line.initials)} (ID {elements.plain(line.case_id)})"
    )
