"""Front desks for tests of the edge: one that remembers and echoes, one that fails."""

from __future__ import annotations

from dataclasses import dataclass, field

from casework import ports
from dialogs import turns


def card(words: str, *, verb: str = "echo.go") -> dict[str, object]:
    """A small card with one text, one input and one button with its fallback."""
    data = {"item": "7"}
    return {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [
            {"type": "TextBlock", "text": words, "wrap": True},
            {"type": "Input.Text", "id": "note", "label": "Note"},
        ],
        "actions": [
            {
                "type": "Action.Execute",
                "title": "Go",
                "verb": verb,
                "data": data,
                "fallback": {"type": "Action.Submit", "title": "Go", "data": data | {"verb": verb}},
            }
        ],
    }


@dataclass
class Echo:
    """Remembers what came and answers each with a card, or with `answer` where that is set."""

    seen: list[tuple[turns.Visit, turns.Event]] = field(default_factory=list)
    answer: turns.Reply | None = None
    is_silent: bool = False
    error: Exception | None = None
    apology_error: Exception | None = None

    @property
    def events(self) -> list[turns.Event]:
        return [event for _, event in self.seen]

    async def receive(self, visit: turns.Visit, event: turns.Event) -> turns.Reply | None:
        self.seen.append((visit, event))
        if self.error is not None:
            raise self.error
        if self.is_silent:
            return None
        return self.answer or turns.Reply(message=ports.Message(summary="An answer", card=card(_words(event))))

    def apology(self, reference: str) -> turns.Reply:
        if self.apology_error is not None:
            raise self.apology_error
        return turns.Reply(message=ports.Message(summary="Sorry", card=card(f"Sorry, {reference}")))


def _words(event: turns.Event) -> str:
    match event:
        case turns.Said(text):
            return f"You said: {text}"
        case turns.Clicked():
            return f"You clicked: {event.verb} {event.data.get('note', '')}".strip()
        case turns.Installed():
            return "Welcome"
        case _:
            return "Goodbye"
