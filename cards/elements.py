"""The few Adaptive Card pieces Usher uses, as functions returning dicts: phone-safe, labelled, wrapped, escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypedDict

from cards import fitting
from casework import ports
from casework.views import Choice

Element = dict[str, object]


class Typed(TypedDict):
    """What a field holds and what is wrong with it, as every kind of input takes it."""

    value: str
    error: str
    missing: str


SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.4"

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_LINE_START = re.compile(r"^(\s*(?:\d+)?)([-+.=)])", re.MULTILINE)
_INVISIBLE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def plain(text: str) -> str:
    """People's words as they typed them: no Markdown, no card functions, no invisible or direction-turning marks."""
    shown = _MARKDOWN.sub(r"\\\1", _INVISIBLE.sub("", text))
    return _LINE_START.sub(r"\1\\\2", shown).replace("\n", "\n\n")


def text(words: str, *, size: str = "", weight: str = "", is_subtle: bool = False, spacing: str = "") -> Element:
    """A paragraph. `words` is Markdown of ours; people's words go through `plain` first."""
    block: Element = {"type": "TextBlock", "text": words, "wrap": True}
    for key, value in (("size", size), ("weight", weight), ("spacing", spacing)):
        if value:
            block[key] = value
    if is_subtle:
        block["isSubtle"] = True
    return block


def heading(words: str) -> Element:
    return {**text(words, size="Large", weight="Bolder"), "style": "heading"}


def subheading(words: str) -> Element:
    return text(words, weight="Bolder", spacing="Medium")


def facts(pairs: Iterable[tuple[str, str]]) -> Element:
    """Name and value, one line each; values are escaped here."""
    return {"type": "FactSet", "facts": [{"title": title, "value": plain(value)} for title, value in pairs]}


def box(items: Sequence[Element], *, style: str = "emphasis") -> Element:
    return {"type": "Container", "style": style, "items": list(items), "spacing": "Medium"}


def text_input(
    id: str,
    label: str,
    *,
    value: str = "",
    hint: str = "",
    error: str = "",
    missing: str = "",
    is_multiline: bool = False,
    max_length: int = 0,
) -> list[Element]:
    """A labelled text field; `missing` makes it required and is what an empty one is told, `error` what is wrong."""
    field: Element = {"type": "Input.Text", "id": id, "label": label}
    if value:
        field["value"] = value
    if hint:
        field["placeholder"] = hint
    if is_multiline:
        field["isMultiline"] = True
    if max_length:
        field["maxLength"] = max_length
    return _with_error(field, error, missing)


def choice_input(
    id: str,
    label: str,
    choices: Sequence[Choice],
    *,
    value: str = "",
    error: str = "",
    missing: str = "",
    hint: str = "",
    most_expanded: int = 7,
    is_several: bool = False,
) -> list[Element]:
    """A labelled list to choose one from, or several; longer ones than `most_expanded` open on a press."""
    is_compact = len(choices) > most_expanded and not is_several
    field: Element = {
        "type": "Input.ChoiceSet",
        "id": id,
        "label": label,
        "style": "compact" if is_compact else "expanded",
        "wrap": True,
        "choices": [{"title": choice.label, "value": choice.value} for choice in choices],
    }
    if is_several:
        field["isMultiSelect"] = True
    known = {choice.value for choice in choices}
    chosen = [part for part in (value.split(",") if is_several else [value]) if part in known]
    if chosen:
        field["value"] = ",".join(chosen)
    if hint or is_compact:
        field["placeholder"] = hint or "Choose one"
    return _with_error(field, error, missing)


def tick_input(id: str, label: str, *, value: str = "", error: str = "") -> list[Element]:
    """One box to tick; it comes back as "yes" or "no"."""
    field: Element = {
        "type": "Input.Toggle",
        "id": id,
        "label": label,
        "title": "Yes",
        "valueOn": "yes",
        "valueOff": "no",
        "value": "yes" if value in ("yes", "true") else "no",
        "wrap": True,
    }
    return _with_error(field, error, "")


def date_input(id: str, label: str, *, value: str = "", error: str = "", missing: str = "") -> list[Element]:
    field: Element = {"type": "Input.Date", "id": id, "label": label}
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        field["value"] = value
    return _with_error(field, error, missing)


def time_input(id: str, label: str, *, value: str = "", error: str = "", missing: str = "") -> list[Element]:
    field: Element = {"type": "Input.Time", "id": id, "label": label}
    if re.fullmatch(r"\d{2}:\d{2}", value, re.ASCII):
        field["value"] = value
    return _with_error(field, error, missing)


def button(title: str, verb: str, data: Mapping[str, object] | None = None, *, takes_inputs: bool = False) -> Element:
    """A button that works in every client: Action.Execute, and Action.Submit where that is not known.

    `data` holds ids and a version, nothing else: what a card carries is never believed.
    """
    carried = dict(data or {})
    action: Element = {
        "type": "Action.Execute",
        "title": title,
        "verb": verb,
        "data": carried,
        "fallback": {"type": "Action.Submit", "title": title, "data": {"verb": verb, **carried}},
    }
    if not takes_inputs:
        action["associatedInputs"] = "none"
        fallback = action["fallback"]
        assert isinstance(fallback, dict)
        fallback["associatedInputs"] = "none"
    return action


def link(title: str, url: str) -> Element:
    """A button that opens an address; the address holds nothing of a person or a case."""
    return {"type": "Action.OpenUrl", "title": title, "url": url}


def actions(buttons: Sequence[Element]) -> Element:
    return {"type": "ActionSet", "actions": list(buttons)}


def chooser(id: str, label: str, choices: Sequence[Choice], opening: Element) -> list[Element]:
    """One list to choose from and one button, where a button for each would make the card too heavy."""
    return [*choice_input(id, label, choices, missing="Choose one first", most_expanded=0), actions([opening])]


def message(title: str, body: Sequence[Element], buttons: Sequence[Element] = (), *, summary: str) -> ports.Message:
    """A whole card under its heading, never too heavy for Teams.

    `summary` may stand on a lock screen: neutral, no person, no reason.
    """
    card: Element = {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": VERSION,
        "fallbackText": summary,
        "speak": summary,
        "body": [heading(title), *body],
    }
    if buttons:
        card["actions"] = list(buttons)
    return ports.Message(summary=summary, card=fitting.fit(card))


def _with_error(field: Element, error: str, missing: str) -> list[Element]:
    if missing:
        field["isRequired"] = True
        field["errorMessage"] = missing
    if not error:
        return [field]
    return [text(f"**Error:** {error}", spacing="Medium"), {**field, "spacing": "Small"}]
