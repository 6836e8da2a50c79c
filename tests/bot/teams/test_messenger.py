"""The messenger port over real HTTP: what goes out, and that nothing goes to a chat that is not this council's."""

from __future__ import annotations

import dataclasses

import pytest

from bot import observability
from casework import ports
from tests.bot.teams.fronts import card
from tests.bot.teams.running import Running, usher
from tests.teams_service import faults
from tests.teams_service.service import TENANT_ID

CARD = ports.Message(summary="A notification for you", card=card("Hello"))


def address(running: Running) -> ports.Address:
    ann = running.teams.person(name="Ann")
    return ports.Address(
        tenant_id=TENANT_ID,
        entra_object_id=str(ann.entra_object_id),
        conversation_id=ann.conversation_id,
        service_url=running.teams.service_url,
        bot_id=running.teams.bot_id,
        member_id=ann.member_id,
    )


def stopped() -> float:
    return observability.REGISTRY.get_sample_value("usher_wrong_recipients_total") or 0


@pytest.mark.parametrize("production", [False, True])
async def test_a_card_goes_out_with_its_summary_and_asks_for_a_notification(production: bool) -> None:
    async with usher(production=production) as running:
        to = address(running)

        outcome = await running.edge.messenger.send(to, CARD)

        (shown,) = running.teams.chats.shown(to.conversation_id)
        assert outcome == ports.Accepted(shown.activity_id)
        assert shown.activity == {
            "type": "message",
            "summary": "A notification for you",
            "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": card("Hello")}],
            "channelData": {"notification": {"alert": True}},
            "from": {"id": to.bot_id},
            "conversation": {"id": to.conversation_id},
            "recipient": {"id": to.member_id},
        }


async def test_an_update_takes_the_place_of_the_card_without_a_notification() -> None:
    async with usher() as running:
        to = address(running)
        sent = await running.edge.messenger.send(to, CARD)
        assert isinstance(sent, ports.Accepted)

        changed = ports.Message(summary="Acknowledged", card=card("Seen"))
        outcome = await running.edge.messenger.update(to, str(sent.activity_id), changed)

        (shown,) = running.teams.chats.shown(to.conversation_id)
        assert (outcome, shown.version, shown.card, "channelData" in shown.activity) == (
            *(sent, 2, card("Seen"), False),
        )


async def test_a_message_is_not_changed_by_being_sent() -> None:
    async with usher() as running:
        await running.edge.messenger.send(address(running), CARD)

        assert CARD.card == card("Hello")


async def test_every_end_is_an_outcome() -> None:
    async with usher() as running:
        running.teams.fail(faults.forbidden("ConversationBlockedByUser"))
        running.teams.fail(faults.reset(is_delivered=True))

        blocked = await running.edge.messenger.send(address(running), CARD)
        broken = await running.edge.messenger.send(address(running), CARD)

        assert blocked == ports.Refused(code="blocked", closes_address=True)
        assert broken == ports.Unknown("ServerDisconnectedError")


WRONG = [
    {"tenant_id": "00000000-aaaa-4bbb-8ccc-dddddddddddd"},
    {"tenant_id": ""},
    {"bot_id": "28:00000000-aaaa-4bbb-8ccc-dddddddddddd"},
    {"bot_id": ""},
    {"channel_id": "webchat"},
    {"entra_object_id": ""},
]


@pytest.mark.parametrize("change", WRONG, ids=lambda change: next(iter(change.items())))
async def test_a_row_that_points_elsewhere_is_stopped_and_counted(change: dict[str, str]) -> None:
    async with usher(production=True) as running:
        to = dataclasses.replace(address(running), **change)
        before = stopped()

        outcomes = [
            await running.edge.messenger.send(to, CARD),
            await running.edge.messenger.update(to, "1", CARD),
        ]

        assert outcomes == [ports.Refused(code="wrong_recipient")] * 2
        assert (stopped() - before, running.teams.requests, running.teams.entra.token_requests) == (2, [], 0)


@pytest.mark.parametrize(
    "service_url", ["https://evil.trafficmanager.net/uk/", "http://127.0.0.1:1/", "https://10.0.0.1/"]
)
async def test_a_row_with_a_poisoned_service_address_is_stopped(service_url: str) -> None:
    async with usher(production=True) as running:
        to = dataclasses.replace(address(running), service_url=service_url)

        outcome = await running.edge.messenger.send(to, CARD)

        assert outcome == ports.Refused(code="bad_address")
        assert (running.teams.requests, running.teams.entra.token_requests) == ([], 0)


async def test_the_guard_reads_ids_in_any_case() -> None:
    async with usher(production=True) as running:
        to = dataclasses.replace(address(running), bot_id=running.teams.bot_id.upper())

        assert isinstance(await running.edge.messenger.send(to, CARD), ports.Accepted)
