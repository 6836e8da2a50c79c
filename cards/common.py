"""Cards for when something is in the way: a notice, a rule that said no, an apology, a store that can't save."""

from __future__ import annotations

from collections.abc import Sequence

from cards import elements, wording
from casework import ports
from casework.domain.errors import Code


def sentence(words: str) -> ports.Message:
    """One plain sentence, no card: for people Usher doesn't work with."""
    return ports.Message(summary=wording.SUMMARY_NOTICE, text=words)


def notice(title: str, words: str, buttons: Sequence[elements.Element] = ()) -> ports.Message:
    return elements.message(title, [elements.text(words)], buttons, summary=wording.SUMMARY_NOTICE)


def refusal(code: Code, values: dict[str, str], buttons: Sequence[elements.Element] = ()) -> ports.Message:
    """What to tell somebody whose request a rule refused."""
    title = wording.STALE_TITLE if code in (Code.STALE_CARD, Code.DRAFT_GONE) else wording.PROBLEM
    return notice(title, wording.refusal(code, values), buttons)


def sorry(reference: str) -> ports.Message:
    """The last resort: something broke. `reference` finds the log line and holds nothing else."""
    return notice(wording.SORRY_TITLE, wording.SORRY.format(reference=reference))


def not_saved(phone: str) -> ports.Message:
    """The store can't be reached: nothing was saved, so phone."""
    return notice(wording.NOT_SAVED_TITLE, wording.NOT_SAVED.format(phone=elements.plain(phone)))
