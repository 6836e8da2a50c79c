"""The stand-in's people do what Teams' clients do: tests lean on it, so it is tested."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs import turns
from tests.bot.teams.running import usher
from tests.teams_service import Shown

CARD: dict[str, Any] = {
    "type": "AdaptiveCard",
    "body": [
        {"type": "TextBlock", "text": "A form"},
        {"type": "FactSet", "facts": [{"title": "Panel", "value": "Legal Gateway"}]},
        {"type": "Input.Text", "id": "note", "label": "Note", "value": "as it was"},
        {"type": "Container", "items": [{"type": "Input.ChoiceSet", "id": "panel", "label": "Which?"}]},
        {"type": "Input.Toggle", "id": "sure", "title": "Sure", "valueOff": "no"},
        {"type": "ActionSet", "actions": [{"type": "Action.Execute", "title": "Save", "verb": "form.save"}]},
    ],
    "actions": [
        {"type": "Action.Submit", "title": "Old", "data": {"verb": "form.old"}},
        {
            "type": "Action.ShowCard",
            "title": "More",
            "card": {"actions": [{"type": "Action.Execute", "title": "Deep"}]},
        },
    ],
}


def shown(card: dict[str, Any]) -> Shown:
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
    return Shown(conversation_id="a:1", activity_id="1", activity={"attachments": [attachment], "summary": "s"})


def test_a_shown_card_tells_its_words_and_buttons_in_reading_order() -> None:
    card = shown(CARD)

    assert card.buttons == ["Save", "Old", "More", "Deep"]
    assert card.words.splitlines()[:5] == ["A form", "Panel", "Legal Gateway", "Note", "as it was"]


@pytest.mark.parametrize(("button", "verb", "way"), [("Save", "form.save", "execute"), ("Old", "form.old", "submit")])
async def test_a_click_sends_every_input_as_it_stands_and_what_was_typed(button: str, verb: str, way: str) -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        card = running.teams.chats.show(ann.conversation_id, shown(CARD).activity)

        await ann.clicks(card, button, {"panel": "LGP"})

        (click,) = running.front.events
        assert isinstance(click, turns.Clicked)
        assert (click.verb, click.way, click.data) == (verb, way, {"note": "as it was", "panel": "LGP", "sure": "no"})


async def test_a_button_that_is_not_there_can_not_be_pressed() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")

        with pytest.raises(AssertionError, match="there is no button 'Send'"):
            await ann.clicks(shown(CARD), "Send")


async def test_a_card_pressed_by_somebody_else_stays_as_it_was() -> None:
    async with usher() as running:
        ann, ben = running.teams.person(name="Ann"), running.teams.person(name="Ben")
        card = running.teams.chats.show(ann.conversation_id, shown(CARD).activity)

        await ann.clicks(card, "Save", by=ben)

        ((visit, _),) = running.front.seen
        assert visit.entra_object_id == ben.entra_object_id
        assert (card.version, len(ben.answers), ben.inbox) == (1, 1, [])


async def test_a_repeated_activity_is_the_same_to_the_last_letter() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")

        await ann.says("hello")
        await ann.repeats()

        first, second = running.front.seen
        assert first == second


async def test_the_bot_is_refused_text_and_card_in_one_message_as_teams_would_split_it() -> None:
    async with usher() as running:
        body = shown(CARD).activity | {"type": "message", "text": "and words"}
        url = f"{running.teams.service_url}v3/conversations/a:1/activities"

        async with running.session.post(url, json=body) as answer:
            assert answer.status == 400
