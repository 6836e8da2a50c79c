"""Keeping a card under the weight Teams takes: the longest words are shortened, and the end left out if need be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

Part = dict[str, object]

# Teams refuses 28 KiB; the rest is for what a client or a service on the way may add
MOST_BYTES = 27 * 1024
SHORTENED = " … (shortened)"
LEFT_OUT = "There is more than fits here."
SHORTEST = 160
LONGEST_FIELD = 1000
GROUPS = ("body", "items", "facts", "columns")


def weight(part: object) -> int:
    """A card's size in bytes as Teams counts it: compact JSON in UTF-16."""
    return len(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le", "surrogatepass"))


def shortened(words: str, most: int) -> str:
    """Markdown cut at a space near `most` characters, saying so; never in the middle of an escape."""
    if len(words) <= most:
        return words
    cut = words[:most]
    at = max(cut.rfind(" "), cut.rfind("\n"))
    cut = cut[:at] if at > most // 2 else cut
    return (cut[:-1] if (len(cut) - len(cut.rstrip("\\"))) % 2 else cut).rstrip() + SHORTENED


def fit(card: Part) -> Part:
    """The same card where it fits; else with its longest words shortened, and as a last resort its end left out."""
    while weight(card) > MOST_BYTES:
        texts = list(_texts(card))
        part, key = max(texts, key=lambda one: len(str(one[0][one[1]])))
        words = str(part[key])
        if len(words) <= SHORTEST + len(SHORTENED):
            return _without_end(card)
        bare = words.removesuffix(SHORTENED)
        part[key] = shortened(bare, max(SHORTEST, len(bare) * 2 // 3))
    return card


def _texts(part: object) -> Iterator[tuple[Part, str]]:
    """Every text and fact, as the part that holds it and the key it is under; nothing people type into."""
    if isinstance(part, dict):
        for key in ("text", "value") if "type" not in part else ("text",):
            if isinstance(part.get(key), str):
                yield part, key
        for key in GROUPS:
            yield from _texts(part.get(key))
    elif isinstance(part, list):
        for one in part:
            yield from _texts(one)


def _without_end(card: Part) -> Part:
    body = card["body"]
    assert isinstance(body, list)
    kept = list(body)
    note = {"type": "TextBlock", "text": LEFT_OUT, "wrap": True}
    while weight({**card, "body": [*kept, note]}) > MOST_BYTES and (at := _last_shown(kept)):
        del kept[at]
    return _with_less_typed({**card, "body": [*kept, note]})


def _with_less_typed(card: Part) -> Part:
    """What was typed beyond any field's limit, which the form calls too long, gives way last of all."""
    body = card["body"]
    assert isinstance(body, list)
    while weight(card) > MOST_BYTES:
        longest = max(body, key=lambda one: len(str(one.get("value", ""))))
        words = str(longest.get("value", ""))
        if len(words) <= LONGEST_FIELD:
            break
        longest["value"] = words[: max(LONGEST_FIELD, len(words) * 2 // 3)]
    return card


def _last_shown(body: list[object]) -> int:
    """The place of the last element that is no input; 0, the heading, when there is no other."""
    shown = [
        at for at, one in enumerate(body) if isinstance(one, Mapping) and not str(one["type"]).startswith("Input.")
    ]
    return shown[-1] if shown else 0
