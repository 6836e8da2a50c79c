"""Reading a card as somebody sees it: its facts, what its fields offer, and what its fields hold."""

from __future__ import annotations

import re

from tests.teams_service.chats import Shown, actions, parts


def facts(shown: Shown) -> dict[str, str]:
    """Title -> value of every fact on the card."""
    found = {}
    for element in parts(shown.card):
        for fact in element.get("facts") or []:
            found[fact["title"]] = fact["value"]
    return found


def choices(shown: Shown, field: str) -> dict[str, str]:
    """Value -> words of what the field of this id offers, in order; empty where the card has no such field."""
    for element in parts(shown.card):
        if element.get("id") == field:
            return {choice["value"]: choice["title"] for choice in element["choices"]}
    return {}


def typed(shown: Shown) -> dict[str, str]:
    """Field id -> what it holds."""
    return {
        element["id"]: element.get("value", "")
        for element in parts(shown.card)
        if str(element.get("type", "")).startswith("Input.")
    }


def title(shown: Shown) -> str:
    """The heading of the card, which says what it is."""
    return str(next(element["text"] for element in parts(shown.card) if element.get("style") == "heading"))


def data_of(shown: Shown, verb: str) -> dict[str, object]:
    """What the button of this verb carries."""
    return dict(next(action for action in actions(shown.card) if action.get("verb") == verb)["data"])


def day(words: str) -> str:
    """The first day named in some words, as "9 Dec", whether they say "Wed 9 Dec" or "Wednesday 9 December"."""
    found = re.search(r"day (\d{1,2} [A-Z][a-z]{2})|[A-Z][a-z]{2} (\d{1,2} [A-Z][a-z]{2})", words)
    assert found is not None, f"no day in {words!r}"
    return found[1] or found[2]


def free_slots(form: Shown) -> dict[str, int]:
    """Sitting id -> how many slots the form says are free, in order."""
    said = {sitting: words.split(" · ")[1] for sitting, words in choices(form, "sitting").items()}
    # a slot held for what can't wait is offered without a number
    return {sitting: int(words.split(" ")[0]) for sitting, words in said.items() if words[0].isdigit()}
