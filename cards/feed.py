"""The card of somebody's calendar address: made, made anew, stopped."""

from __future__ import annotations

from datetime import datetime

from cards import elements, wording
from casework import ports

MAKE = "feed.make"
STOP = "feed.stop"

HOLDS = (
    "Outlook or your phone can show your panels by themselves: sittings you take part in, when you present, "
    "when papers and actions are due. It holds panels and times, and nothing of any case."
)
HOW = (
    "In Outlook: **Calendar**, **Add calendar**, **Subscribe from web**, then paste it. "
    "Outlook looks for changes a few times a day; for how things stand this minute, ask here."
)
ONCE = "It is shown this once: whoever has it sees your calendar. If it got about, make a new one; the old one stops."
NOT_HERE = "Calendar addresses are not set up here. Ask whoever runs Usher to set USHER_PUBLIC_URL."


def page(made_at: datetime | None, *, is_set_up: bool) -> ports.Message:
    """Whether somebody has an address, and what it is good for."""
    if not is_set_up:
        return elements.message("Your calendar", [elements.text(NOT_HERE)], summary=wording.SUMMARY_NOTICE)
    if made_at is None:
        buttons = [elements.button("Make my address", MAKE)]
        return elements.message("Your calendar", [elements.text(HOLDS)], buttons, summary=wording.SUMMARY_NOTICE)
    body = [
        elements.text(HOLDS),
        elements.text(f"You have had an address since {wording.moment(made_at)}. It can't be shown again."),
    ]
    return elements.message("Your calendar", body, _changing(), summary=wording.SUMMARY_NOTICE)


def made(address: str) -> ports.Message:
    """A new address, this once."""
    body = [
        elements.text("This is the address of your calendar:"),
        *elements.text_input("address", "Address (copy it)", value=address, max_length=len(address)),
        elements.text(HOW),
        elements.text(ONCE),
    ]
    return elements.message("Your calendar address", body, _changing(), summary=wording.SUMMARY_NOTICE)


def stopped() -> ports.Message:
    words = "Your calendar address has stopped: whoever asks for it gets nothing."
    buttons = [elements.button("Make my address", MAKE)]
    return elements.message("Calendar stopped", [elements.text(words)], buttons, summary=wording.SUMMARY_NOTICE)


def _changing() -> list[elements.Element]:
    return [elements.button("Make a new address", MAKE), elements.button("Stop it", STOP)]
