"""Whether a card is one Teams shows well everywhere: the official schema, Teams' overlay and the house's lint."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # ships no types
from jsonschema import exceptions

from gallery import samples

OVERLAY = Path(__file__).with_name("teams_overlay.json")
VERSIONS = frozenset({"1.2", "1.3", "1.4", "1.5"})

INPUTS = frozenset({"Input.Text", "Input.Number", "Input.Date", "Input.Time", "Input.Toggle", "Input.ChoiceSet"})
ACTIONS = frozenset({"Action.Execute", "Action.Submit", "Action.OpenUrl"})
# what Teams on phones draws reliably: the elements of version 1.2, less tables of pictures and media
ELEMENTS = (
    frozenset({"AdaptiveCard", "TextBlock", "FactSet", "ColumnSet", "Column", "Container", "ActionSet", "Image"})
    | INPUTS
    | ACTIONS
)

Part = Mapping[str, Any]
Place = tuple[str, Part]


def problems(card: Part) -> list[str]:
    """Everything wrong with `card` (the attachment's content), as sentences naming the place; empty for a good one.

    The rules are those of Teams on phones: phone-safe elements, labels, wrapping, no positive or destructive style, an
    Action.Submit behind each Action.Execute, under 28 KiB of UTF-16.
    """
    places = list(_walk(card, "card"))
    found = [*_against_schema(card), *_whole(card)]
    for rule in RULES:
        found += [f"{path}: {problem}" for path, part in places for problem in rule(part)]
    return [*found, *_titles(places), *_ids(places), *_bare_submits(places)]


def phone_safe(part: Part) -> Iterator[str]:
    if "type" in part and part["type"] not in ELEMENTS:
        yield f"{part['type']} is not drawn reliably on phones"


def wrapped(part: Part) -> Iterator[str]:
    if part.get("type") == "TextBlock" and part.get("wrap") is not True:
        yield "a TextBlock without wrap is cut off"


def labelled(part: Part) -> Iterator[str]:
    if part.get("type") in INPUTS and not str(part.get("label", "")).strip():
        yield f"{part.get('id')} has no label"


def told_when_missing(part: Part) -> Iterator[str]:
    if part.get("isRequired") and not str(part.get("errorMessage", "")).strip():
        yield f"{part.get('id')} is required but has no errorMessage"


def described(part: Part) -> Iterator[str]:
    if part.get("type") == "Image" and not str(part.get("altText", "")).strip():
        yield "an Image without altText"


def plainly_styled(part: Part) -> Iterator[str]:
    if part.get("type") in ACTIONS:
        if part.get("style") in {"positive", "destructive"}:
            yield f"Teams does not draw the style {part['style']}"
        if "isEnabled" in part:
            yield "Teams does not know isEnabled"


def works_in_old_clients(part: Part) -> Iterator[str]:
    if part.get("type") != "Action.Execute":
        return
    verb, data, fallback = part.get("verb"), part.get("data", {}), part.get("fallback")
    if not verb:
        yield "an Action.Execute without a verb"
    if not isinstance(fallback, Mapping) or fallback.get("type") != "Action.Submit":
        yield "an Action.Execute without an Action.Submit as fallback"
    elif fallback.get("data") != {**data, "verb": verb}:
        yield "the fallback carries another verb or other data"
    elif any(fallback.get(key) != part.get(key) for key in ("title", "associatedInputs")):
        yield "the fallback has another title or other inputs"
    if "verb" in data:
        yield "data must not hold a verb of its own"


RULES: tuple[Callable[[Part], Iterator[str]], ...] = (
    phone_safe,
    wrapped,
    labelled,
    told_when_missing,
    described,
    plainly_styled,
    works_in_old_clients,
)


def _whole(card: Part) -> Iterator[str]:
    if card.get("version") not in VERSIONS:
        yield f"card: version {card.get('version')} is not one of {', '.join(sorted(VERSIONS))}"
    for key in ("fallbackText", "speak"):
        if not str(card.get(key, "")).strip():
            yield f"card: no {key}"
    if samples.weight(card) >= samples.MOST_BYTES:
        yield f"card: {samples.weight(card)} bytes of UTF-16 are too many for Teams, which takes {samples.MOST_BYTES}"


def _titles(places: list[Place]) -> Iterator[str]:
    buttons = [(path, part) for path, part in places if part.get("type") in ACTIONS]
    yield from (f"{path}: a button without a title" for path, part in buttons if not part.get("title"))
    titles = Counter(part["title"] for path, part in buttons if part.get("title") and not path.endswith(".fallback"))
    yield from (f"card: {count} buttons are called {title}" for title, count in titles.items() if count > 1)


def _ids(places: list[Place]) -> Iterator[str]:
    ids = Counter(part.get("id") for _, part in places if part.get("type") in INPUTS)
    yield from (f"card: {count} inputs are called {id}" for id, count in ids.items() if count > 1)


def _bare_submits(places: list[Place]) -> Iterator[str]:
    for path, part in places:
        if part.get("type") == "Action.Submit" and not path.endswith(".fallback"):
            yield f"{path}: an Action.Submit that is no fallback of an Action.Execute"


def _walk(thing: object, path: str) -> Iterator[Place]:
    if isinstance(thing, Mapping):
        yield path, thing
        for key, value in thing.items():
            # what a button carries and what Teams reads of itself are no elements
            if key not in {"data", "msteams", "choices.data"}:
                yield from _walk(value, f"{path}.{key}")
    elif isinstance(thing, list):
        for number, one in enumerate(thing):
            yield from _walk(one, f"{path}[{number}]")


def _against_schema(card: Part) -> Iterator[str]:
    error = exceptions.best_match(_validator().iter_errors(card))
    if error is not None:
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
        yield f"schema: card{place}: {error.message[:300]}"


@cache
def _validator() -> jsonschema.Draft6Validator:
    official = resources.files("adaptive_cards") / "schemas" / "schema-1.5.json"
    schema = json.loads(official.read_text(encoding="utf-8"))
    return jsonschema.Draft6Validator(_merged(schema, json.loads(OVERLAY.read_text(encoding="utf-8"))))


def _merged(base: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in patch.items():
        both[key] = _merged(both[key], value) if isinstance(value, dict) and isinstance(both.get(key), dict) else value
    return both
