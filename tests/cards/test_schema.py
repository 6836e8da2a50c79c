"""The card checker finds each fault it is there to find, and nothing in a good card."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from gallery import samples
from tests.cards import schema

Card = dict[str, Any]


def button(title: str = "Send", verb: str = "ntk.send", **changes: Any) -> Card:
    execute = {
        "type": "Action.Execute",
        "title": title,
        "verb": verb,
        "data": {"draft": "d1"},
        "fallback": {"type": "Action.Submit", "title": title, "data": {"verb": verb, "draft": "d1"}},
    }
    return execute | changes


def good_card() -> Card:
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.4",
        "fallbackText": "A form",
        "speak": "A form",
        "msteams": {"width": "Full"},
        "body": [
            {"type": "TextBlock", "text": "Hello", "wrap": True},
            {
                "type": "Input.Text",
                "id": "initials",
                "label": "Initials",
                "isRequired": True,
                "errorMessage": "Missing",
            },
            {
                "type": "Input.ChoiceSet",
                "id": "who",
                "label": "Who",
                "choices": [],
                "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
            },
            {
                "type": "ColumnSet",
                "columns": [{"type": "Column", "items": [{"type": "Image", "url": "data:,", "altText": "A clock"}]}],
            },
        ],
        "actions": [button()],
    }


def with_body(*parts: Card) -> Card:
    return good_card() | {"body": list(parts)}


def with_actions(*actions: Card) -> Card:
    return good_card() | {"actions": list(actions)}


def test_problems_of_a_good_card_are_none() -> None:
    card = good_card()

    found = schema.problems(card)

    assert found == []


@pytest.mark.parametrize("key", ["fallbackText", "speak"])
@pytest.mark.parametrize("words", [None, "", "  "])
def test_problems_name_what_is_missing_for_those_who_cannot_see_the_card(key: str, words: str | None) -> None:
    card = good_card()
    if words is None:
        del card[key]
    else:
        card[key] = words

    found = schema.problems(card)

    assert found == [f"card: no {key}"]


@pytest.mark.parametrize("version", ["1.6", "2.0", "1.1", None])
def test_problems_name_a_version_teams_does_not_take(version: str | None) -> None:
    card = {key: value for key, value in good_card().items() if key != "version"}
    if version is not None:
        card["version"] = version

    found = schema.problems(card)

    assert found == [f"card: version {version} is not one of 1.2, 1.3, 1.4, 1.5"]


def test_problems_name_what_the_official_schema_refuses() -> None:
    card = with_body({"type": "TextBlock", "text": "Hello", "wrap": True, "colour": "red"})

    found = schema.problems(card)

    assert [problem.partition(":")[0] for problem in found] == ["schema"]


def test_problems_name_a_people_search_of_an_unknown_kind() -> None:
    choice = {"type": "Input.ChoiceSet", "id": "a", "label": "A", "choices.data": {"type": "Data.Guess"}}

    found = schema.problems(with_body(choice))

    assert [problem.partition(":")[0] for problem in found] == ["schema"]


PARTS_WITH_A_FAULT: list[tuple[Card, str]] = [
    ({"type": "TextBlock", "text": "Hello"}, "a TextBlock without wrap is cut off"),
    ({"type": "TextBlock", "text": "Hello", "wrap": False}, "a TextBlock without wrap is cut off"),
    ({"type": "Input.Date", "id": "day"}, "day has no label"),
    ({"type": "Input.Time", "id": "at", "label": " "}, "at has no label"),
    (
        {"type": "Input.Text", "id": "a", "label": "A", "isRequired": True},
        "a is required but has no errorMessage",
    ),
    ({"type": "Image", "url": "data:,"}, "an Image without altText"),
    ({"type": "Table", "columns": [], "rows": []}, "Table is not drawn reliably on phones"),
    ({"type": "Media", "sources": []}, "Media is not drawn reliably on phones"),
    ({"type": "RichTextBlock", "inlines": []}, "RichTextBlock is not drawn reliably on phones"),
    ({"type": "ImageSet", "images": []}, "ImageSet is not drawn reliably on phones"),
]


@pytest.mark.parametrize(("part", "problem"), PARTS_WITH_A_FAULT)
def test_problems_name_the_fault_and_its_place(part: Card, problem: str) -> None:
    card = with_body({"type": "Container", "items": [part]})

    found = schema.problems(card)

    assert found == [f"card.body[0].items[0]: {problem}"]


ACTIONS_WITH_A_FAULT: list[tuple[Card, str]] = [
    (button(style="positive"), "Teams does not draw the style positive"),
    (button(style="destructive"), "Teams does not draw the style destructive"),
    (button(isEnabled=False), "Teams does not know isEnabled"),
    (
        {key: value for key, value in button().items() if key != "fallback"},
        "an Action.Execute without an Action.Submit as fallback",
    ),
    (button(fallback="drop"), "an Action.Execute without an Action.Submit as fallback"),
    (
        button(fallback={"type": "Action.Submit", "title": "Send", "data": {"verb": "ntk.send"}}),
        "the fallback carries another verb or other data",
    ),
    (
        button(fallback={"type": "Action.Submit", "title": "Send", "data": {"verb": "ntk.drop", "draft": "d1"}}),
        "the fallback carries another verb or other data",
    ),
    (
        button(fallback=button()["fallback"] | {"title": "Go"}),
        "the fallback has another title or other inputs",
    ),
    (button(associatedInputs="none"), "the fallback has another title or other inputs"),
    (
        button(data={"verb": "ntk.send", "draft": "d1"}),
        "data must not hold a verb of its own",
    ),
    ({"type": "Action.ShowCard", "title": "More"}, "Action.ShowCard is not drawn reliably on phones"),
    (
        {"type": "Action.ToggleVisibility", "title": "More", "targetElements": []},
        "Action.ToggleVisibility is not drawn reliably on phones",
    ),
    (
        {"type": "Action.Submit", "title": "Go", "data": {"verb": "ntk.send"}},
        "an Action.Submit that is no fallback of an Action.Execute",
    ),
]


@pytest.mark.parametrize(("action", "problem"), ACTIONS_WITH_A_FAULT)
def test_problems_name_the_fault_of_a_button(action: Card, problem: str) -> None:
    card = with_actions(action)

    found = schema.problems(card)

    assert found == [f"card.actions[0]: {problem}"]


def test_problems_name_a_button_without_a_verb() -> None:
    nameless = button()
    del nameless["verb"]
    nameless["fallback"]["data"]["verb"] = None

    found = schema.problems(with_actions(nameless))

    assert found == ["card.actions[0]: an Action.Execute without a verb"]


def test_problems_name_a_button_without_a_title() -> None:
    nameless = button()
    del nameless["title"]
    del nameless["fallback"]["title"]

    found = schema.problems(with_actions(nameless))

    assert found == [
        "card.actions[0]: a button without a title",
        "card.actions[0].fallback: a button without a title",
    ]


def test_problems_name_buttons_that_cannot_be_told_apart() -> None:
    card = with_actions(button("Open"), button("Open", verb="ntk.open"), button("Close"))

    found = schema.problems(card)

    assert found == ["card: 2 buttons are called Open"]


def test_problems_name_inputs_that_overwrite_each_other() -> None:
    field = {"type": "Input.Text", "id": "a", "label": "A"}

    found = schema.problems(with_body(field, field | {"label": "B"}))

    assert found == ["card: 2 inputs are called a"]


def test_problems_leave_alone_what_a_button_carries() -> None:
    data = {"draft": "d1", "type": "Media", "isRequired": True}
    carrying = button(data=data)
    carrying["fallback"]["data"] = {**data, "verb": "ntk.send"}

    found = schema.problems(with_actions(carrying))

    assert found == []


def test_problems_name_a_card_too_heavy_for_teams_only_from_its_limit_on() -> None:
    card = with_body({"type": "TextBlock", "text": "", "wrap": True})
    room = (samples.MOST_BYTES - samples.weight(card)) // 2
    light, heavy = copy.deepcopy(card), copy.deepcopy(card)
    light["body"][0]["text"] = "é" * (room - 1)
    heavy["body"][0]["text"] = "é" * room

    found = [schema.problems(light), schema.problems(heavy)]

    assert found == [[], ["card: 28672 bytes of UTF-16 are too many for Teams, which takes 28672"]]
