"""Cards that welcome people and show what they can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards import booking, elements, ntk_verbs, wording
from casework import ports

HELP = "help.show"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One command as help shows it: what to type, and what it does."""

    example: str
    does: str


def help_card(
    hints: Sequence[Hint],
    *,
    may_raise: bool,
    may_book: bool,
    title: str = "What Usher can do",
    opening: str = "",
) -> ports.Message:
    """What this person can type; made from the command table, so it is never out of date."""
    body: list[elements.Element] = []
    if opening:
        body.append(elements.text(opening))
    body.append(elements.text("\n".join(f"- **{hint.example}**: {hint.does}" for hint in hints)))
    body.append(elements.text("Small slips in spelling are fine.", is_subtle=True))
    buttons = []
    if may_raise:
        buttons.append(elements.button("Raise a need-to-know", ntk_verbs.START))
    if may_book:
        buttons.append(elements.button("Book a case", booking.START))
    return elements.message(title, body, buttons, summary=wording.SUMMARY_HELP)
