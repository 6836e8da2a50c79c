"""Turns through the real HTTP route, against a wire-true Teams: what comes in and what is shown."""

from __future__ import annotations

from typing import Any

import pytest

from bot.teams import handler
from casework import ports
from dialogs import turns
from tests.bot.teams.fronts import Echo, card
from tests.bot.teams.running import usher
from tests.teams_service import faults
from tests.teams_service.service import TENANT_ID

CARD = "application/vnd.microsoft.card.adaptive"
SENTENCE = "application/vnd.microsoft.activity.message"


def replying(message: ports.Message | None) -> Echo:
    return Echo(is_silent=True) if message is None else Echo(answer=turns.Reply(message=message))


# what a message is answered with


@pytest.mark.parametrize("mode", ["development", "signed", "production"])
async def test_a_message_is_answered_in_the_chat(mode: str) -> None:
    async with usher(signed=mode == "signed", production=mode == "production") as running:
        ann = running.teams.person(name="Ann")

        answer = await ann.says("hello")

        assert (answer.status, answer.body) == (200, None)
        assert [shown.words.splitlines()[0] for shown in ann.inbox] == ["You said: hello"]


async def test_a_visit_carries_the_parts_of_the_verified_activity() -> None:
    async with usher(signed=True) as running:
        ann = running.teams.person("AAAAAAAA-1111-4222-8333-444444444444", "Ann", TENANT_ID.upper())

        await ann.says("hello")

        ((visit, event),) = running.front.seen
        address = ports.Address(
            tenant_id=TENANT_ID,
            entra_object_id="aaaaaaaa-1111-4222-8333-444444444444",
            conversation_id=ann.conversation_id,
            service_url=running.teams.service_url,
            bot_id=running.teams.bot_id,
            member_id=ann.member_id,
        )
        assert event == turns.Said("hello")
        assert visit == turns.Visit(
            tenant_id=TENANT_ID,
            entra_object_id="aaaaaaaa-1111-4222-8333-444444444444",
            chat="personal",
            conversation_id=ann.conversation_id,
            activity_id=ann.last_activity["id"],
            address=address,
        )


async def test_an_answer_is_one_card_with_a_summary_and_no_text() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")

        await ann.says("hello")

        (request,) = running.teams.requests
        assert request.body == {
            "type": "message",
            "summary": "An answer",
            "attachments": [{"contentType": CARD, "content": card("You said: hello")}],
            "from": {"id": running.teams.bot_id},
            "conversation": {"id": ann.conversation_id},
            "recipient": {"id": ann.member_id},
        }


async def test_a_sentence_is_sent_as_plain_text() -> None:
    async with usher(replying(ports.Message(summary="Note", text="I only work in *one-to-one* chat"))) as running:
        ann = running.teams.person(name="Ann")

        await ann.says("hello")

        shown = ann.latest.activity
        assert (shown["text"], shown["textFormat"], "attachments" in shown) == (
            "I only work in *one-to-one* chat",
            "plain",
            False,
        )


async def test_silence_is_answered_with_nothing() -> None:
    async with usher(replying(None)) as running:
        ann = running.teams.person(name="Ann")

        answer = await ann.says("hello")

        assert (answer.status, answer.body, ann.inbox) == (200, None, [])


# what a click is answered with


INVOKE_ANSWERS = [
    (ports.Message(summary="s", card=card("Done")), {"statusCode": 200, "type": CARD, "value": card("Done")}),
    (ports.Message(summary="s", text="Saved"), {"statusCode": 200, "type": SENTENCE, "value": "Saved"}),
    (None, {"statusCode": 200, "type": SENTENCE, "value": ""}),
]


@pytest.mark.parametrize(("message", "body"), INVOKE_ANSWERS, ids=["card", "sentence", "nothing"])
async def test_an_execute_is_answered_in_the_response(message: ports.Message | None, body: dict[str, Any]) -> None:
    async with usher(replying(message)) as running:
        ann = running.teams.person(name="Ann")
        value = {"action": {"type": "Action.Execute", "verb": "x", "data": {}}, "trigger": "manual"}
        invoke = running.teams.activity(ann, "invoke") | {"name": "adaptiveCard/action", "value": value}

        answer = await running.teams.post(invoke)

        assert (answer.status, answer.body) == (200, body)
        assert running.teams.requests == []


async def test_execute_and_its_submit_fallback_are_the_same_click() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        await ann.says("hello")
        shown = ann.latest

        executed = (await ann.clicks(shown, "Go", {"note": "seen"})).words
        # the fallback stands on the card as it is now
        submitted = (await ann.clicks(shown, "Go", {"note": "seen"}, way="submit")).words

        _, first, second = running.front.events
        assert executed == submitted
        assert first == turns.Clicked(
            verb="echo.go", data={"item": "7", "note": "seen"}, card_id=shown.activity_id, way="execute"
        )
        assert second == turns.Clicked(
            verb="echo.go", data={"item": "7", "note": "seen"}, card_id=shown.activity_id, way="submit"
        )
        assert len(ann.inbox) == 1


async def test_a_submit_of_the_older_form_is_read_as_well() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        value = {"action": {"verb": "ntk.ack", "data": {"item": "7"}}, "note": "x", "msteams": {"type": "invoke"}}

        await running.teams.post(running.teams.activity(ann, "message") | {"value": value})

        assert running.front.events == [
            turns.Clicked(verb="ntk.ack", data={"item": "7", "note": "x"}, card_id=None, way="submit")
        ]


async def test_a_submit_on_a_card_since_deleted_is_answered_with_a_new_message() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        await ann.says("hello")
        running.teams.fail(faults.not_found("ActivityNotFoundInConversation"), method="PUT")

        await ann.clicks(ann.latest, "Go", way="submit")

        assert [shown.words.splitlines()[0] for shown in ann.inbox] == ["You said: hello", "You clicked: echo.go"]


async def test_a_submit_whose_update_may_have_arrived_is_not_answered_twice() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        await ann.says("hello")
        running.teams.fail(faults.server_error(503, is_delivered=True), method="PUT")

        await ann.clicks(ann.latest, "Go", way="submit")

        assert [shown.words.splitlines()[0] for shown in ann.inbox] == ["You clicked: echo.go"]


async def test_a_submit_in_a_chat_that_is_closed_is_not_answered_anew() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        await ann.says("hello")
        running.teams.fail(faults.forbidden(), method="PUT")

        await ann.clicks(ann.latest, "Go", way="submit")

        assert [request.method for request in running.teams.requests] == ["POST", "PUT"]


async def test_a_refresh_is_told_from_a_click() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        content = card("Fresh") | {
            "refresh": {"action": {"type": "Action.Execute", "verb": "see", "data": {"id": "1"}}}
        }
        shown = running.teams.chats.show(
            ann.conversation_id, {"attachments": [{"contentType": CARD, "content": content}]}
        )

        await ann.refreshes(shown)

        assert running.front.events == [
            turns.Clicked(verb="see", data={"id": "1"}, card_id=shown.activity_id, way="execute", automatic=True)
        ]


@pytest.mark.parametrize(
    "value",
    [None, "x", [], {}, {"action": None}, {"action": {"verb": 7}}, {"action": {"verb": "x" * 101, "data": "text"}}],
    ids=str,
)
async def test_a_click_without_a_usable_verb_has_an_empty_one(value: object) -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        invoke = running.teams.activity(ann, "invoke") | {"name": "adaptiveCard/action", "value": value}

        answer = await running.teams.post(invoke)

        assert answer.status == 200
        assert running.front.events == [turns.Clicked(verb="", data={}, card_id=None, way="execute")]


# failures behind the edge


async def test_a_failure_in_a_message_is_answered_with_a_reference(capsys: pytest.CaptureFixture[str]) -> None:
    async with usher(Echo(error=RuntimeError("Alice Example fell"))) as running:
        ann = running.teams.person(name="Ann")

        answer = await ann.says("hello")

        assert answer.status == 200
        assert ann.latest.words.startswith("Sorry, ")
        assert "Alice" not in ann.latest.words
        assert len(ann.latest.words.split("Sorry, ")[1].split("\n")[0]) == 9


async def test_a_failure_in_a_click_is_answered_with_an_error_card() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        await ann.says("hello")
        running.front.error = RuntimeError("Alice Example fell")

        await ann.clicks(ann.latest, "Go")

        assert ann.latest.words.startswith("Sorry, ")


async def test_a_failure_in_a_refresh_leaves_the_card_alone() -> None:
    async with usher(Echo(error=RuntimeError())) as running:
        ann = running.teams.person(name="Ann")
        content = card("Fresh") | {"refresh": {"action": {"type": "Action.Execute", "verb": "see"}}}
        shown = running.teams.chats.show(
            ann.conversation_id, {"attachments": [{"contentType": CARD, "content": content}]}
        )

        await ann.refreshes(shown)

        assert (shown.version, shown.card, ann.sentences) == (1, content, [])


async def test_a_failure_of_the_apology_itself_still_tells_a_reference() -> None:
    async with usher(Echo(error=RuntimeError(), apology_error=RuntimeError())) as running:
        ann = running.teams.person(name="Ann")

        answer = await ann.says("hello")

        sentence, reference = ann.latest.text.split("Reference: ")
        assert answer.status == 200
        assert sentence == "Something went wrong and nothing was saved. "
        assert len(reference) == 9


@pytest.mark.parametrize("fault", [faults.forbidden(), faults.reset(is_delivered=False), faults.throttled()])
async def test_an_answer_teams_does_not_take_is_no_failure_of_the_turn(fault: faults.Fault) -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        running.teams.fail(fault)

        answer = await ann.says("hello")

        assert (answer.status, ann.inbox, len(running.teams.requests)) == (200, [], 1)


async def test_every_activity_type_read_is_one_teams_sends() -> None:
    assert sorted(handler.EVENTS) == ["conversationUpdate", "installationUpdate", "invoke", "message"]
