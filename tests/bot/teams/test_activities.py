"""What was typed, without the bot's mention, and which tenant an activity belongs to."""

from __future__ import annotations

import pytest

from bot.teams import activities
from casework import ports

BOT = "28:bot"


def mention(text: object, who: object = BOT, **more: object) -> dict[str, object]:
    return {"type": "mention", "text": text, "mentioned": {"id": who}} | more


AT = "<at>Usher</at>"
TYPED: list[tuple[str, str, object, str]] = [
    ("plain", "raise", None, "raise"),
    ("mention", f"{AT} raise", [mention(AT)], "raise"),
    ("mention in the middle", f"please {AT} raise", [mention(AT)], "please raise"),
    ("mention twice", f"{AT} raise {AT}", [mention(AT), mention(AT)], "raise"),
    ("name inside a word", f"{AT} Usherette and Usher", [mention(AT)], "Usherette and Usher"),
    ("somebody else", "<at>Ann</at> raise", [mention("<at>Ann</at>", "29:ann")], "<at>Ann</at> raise"),
    ("both", f"{AT} for <at>Ann</at>", [mention(AT), mention("<at>Ann</at>", "29:ann")], "for <at>Ann</at>"),
    ("regex signs", "<at>U(s)h.r*</at> raise", [mention("<at>U(s)h.r*</at>")], "raise"),
    ("numbered", '<at id="0">Usher</at> raise', [mention('<at id="0">Usher</at>')], "raise"),
    ("no type", f"{AT} raise", [{"text": AT, "mentioned": {"id": BOT}}], "raise"),
    ("no entity for it", f"{AT} raise", [], f"{AT} raise"),
    ("nonsense entities", f"{AT} raise", ["x", None, 7, {}, mention(7), mention(AT, None)], f"{AT} raise"),
    ("entities of another kind", "raise", "mention", "raise"),
    ("hard spaces", "&nbsp;book\xa0 ab&nbsp;123&nbsp;", None, "book ab 123"),
    ("entities of HTML", "a &amp; b &lt;c&gt; &#39;d&#39;", None, "a & b <c> 'd'"),
    ("once only", "&amp;lt;", None, "&lt;"),
    ("lines", "first  line\r\n second\u2028third", None, "first line\nsecond\nthird"),
    ("only the mention", AT, [mention(AT)], ""),
    ("spaces", "  \t ", None, ""),
]


@pytest.mark.parametrize(("typed", "entities", "expected"), [c[1:] for c in TYPED], ids=[c[0] for c in TYPED])
def test_words_are_those_the_person_typed(typed: str, entities: object, expected: str) -> None:
    body = {"text": typed, "entities": entities, "recipient": {"id": BOT}}

    assert activities.words_of(body) == expected


@pytest.mark.parametrize("text", [None, 7, [], {"a": 1}])
def test_words_of_another_kind_are_none(text: object) -> None:
    assert activities.words_of({"text": text, "recipient": {"id": BOT}}) == ""


def test_without_a_recipient_no_mention_is_the_bots() -> None:
    assert activities.words_of({"text": f"{AT} raise", "entities": [mention(AT, None)]}) == f"{AT} raise"


TENANTS: list[tuple[object, object, str | None, bool]] = [
    ({"tenant": {"id": "T1"}}, {"tenantId": "t1"}, "t1", False),
    ({"tenant": {"id": "t1"}}, {}, "t1", False),
    ({"tenant": {"id": "t1"}}, {"tenantId": "t2"}, "t1", True),
    ({}, {"tenantId": "t2"}, None, False),
    (None, None, None, False),
    ({"tenant": "t1"}, {"tenantId": 7}, None, False),
]


@pytest.mark.parametrize(("channel_data", "conversation", "tenant", "contradicts"), TENANTS)
def test_the_tenant_is_that_of_the_channel_data(
    channel_data: object, conversation: object, tenant: str | None, contradicts: bool
) -> None:
    body = {"channelData": channel_data, "conversation": conversation}

    assert (activities.tenant_of(body), activities.contradicts_itself(body)) == (tenant, contradicts)


def test_a_message_with_card_and_text_goes_out_as_the_card() -> None:
    message = ports.Message(summary="s", card={"type": "AdaptiveCard"}, text="words")

    assert activities.to_wire(message) == {
        "type": "message",
        "summary": "s",
        "attachments": [
            {"contentType": "application/vnd.microsoft.card.adaptive", "content": {"type": "AdaptiveCard"}}
        ],
    }


def test_a_message_with_neither_goes_out_as_its_summary() -> None:
    assert activities.to_wire(ports.Message(summary="s")) == {
        "type": "message",
        "summary": "s",
        "text": "s",
        "textFormat": "plain",
    }
