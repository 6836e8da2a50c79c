"""Who is let in and what is of use, through the real HTTP route and against a wire-true Teams."""

from __future__ import annotations

from typing import Any

import pytest

from bot import config, observability
from bot.teams import edge, keys
from bot.web import messages
from casework.domain import buckets
from dialogs import turns
from tests.bot.teams.running import usher
from tests.teams_service import FakeTeams
from tests.teams_service.service import APP_ID, TENANT_ID

OTHER_TENANT = "00000000-aaaa-4bbb-8ccc-dddddddddddd"
UNAUTHORIZED = (401, {"error": "unauthorized"})


def ignored() -> float:
    labels = {"kind": "other", "outcome": "ignored"}
    return observability.REGISTRY.get_sample_value("usher_turns_total", labels) or 0


# coming and going


async def test_an_installation_is_told_once_though_teams_tells_it_twice() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")

        await ann.installs()

        assert running.front.events == [turns.Installed()]
        assert len(ann.inbox) == 1


async def test_an_installation_after_a_removal_is_told_again() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")

        await ann.installs()
        await ann.removes()
        await ann.installs()

        assert running.front.events == [turns.Installed(), turns.Removed(), turns.Installed()]


async def test_installations_of_two_people_are_two() -> None:
    async with usher() as running:
        await running.teams.person(name="Ann").installs()
        await running.teams.person(name="Ben").installs()

        assert running.front.events == [turns.Installed(), turns.Installed()]


async def test_an_upgrade_is_an_installation_and_removes_nothing() -> None:
    async with usher() as running:
        await running.teams.person(name="Ann").upgrades()

        assert running.front.events == [turns.Installed()]


async def test_a_removal_is_never_answered() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")

        await ann.removes()

        assert (running.front.events, running.teams.requests) == ([turns.Removed()], [])


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"membersAdded": [{"id": "29:someone"}]}, []),
        ({"membersRemoved": [{"id": "29:someone"}]}, []),
        ({"membersAdded": "all", "membersRemoved": [None, 7]}, []),
        ({"membersRemoved": [{"id": f"28:{APP_ID}"}]}, [turns.Removed()]),
    ],
    ids=["added", "left", "nonsense", "bot"],
)
async def test_only_the_bots_own_coming_and_going_counts(members: dict[str, Any], expected: list[turns.Event]) -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")

        await running.teams.post(running.teams.activity(ann, "conversationUpdate") | members)

        assert running.front.events == expected


async def test_a_group_chat_is_not_a_personal_one_and_has_no_address() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")

        await ann.says("hello", in_group="19:meeting@thread.v2")

        ((visit, event),) = running.front.seen
        assert (visit.chat, visit.address, visit.conversation_id) == ("other", None, "19:meeting@thread.v2")
        assert event == turns.Said("hello")


async def test_a_guest_without_an_entra_id_has_no_address() -> None:
    async with usher() as running:
        guest = running.teams.person(None, "Guest")

        await guest.says("hello")

        ((visit, _),) = running.front.seen
        assert (visit.entra_object_id, visit.address) == (None, None)


async def test_ids_that_are_no_guids_are_taken_as_they_are() -> None:
    async with usher() as running:
        ann = running.teams.person("00000000-0000-0000-0000-0000000000001", "Ann", "0000000000001")

        await ann.says("hello")

        ((visit, _),) = running.front.seen
        assert (visit.entra_object_id, visit.tenant_id) == ("00000000-0000-0000-0000-0000000000001", "0000000000001")


# what nobody here has a use for


UNUSED: list[tuple[str, dict[str, Any]]] = [
    ("unknown type", {"type": "somethingNew"}),
    ("no type", {"type": None}),
    ("type of another kind", {"type": 7}),
    ("typing", {"type": "typing"}),
    ("reaction", {"type": "messageReaction", "reactionsAdded": [{"type": "like"}]}),
    ("event", {"type": "event", "name": "application/vnd.microsoft.meetingStart"}),
    ("installation of no kind", {"type": "installationUpdate", "action": "other"}),
    ("no sender", {"from": None}),
    ("sender of another kind", {"from": "Ann"}),
    ("no chat", {"conversation": None}),
    ("chat without id", {"conversation": {}}),
]


@pytest.mark.parametrize("change", [change for _, change in UNUSED], ids=[name for name, _ in UNUSED])
async def test_an_activity_of_no_use_is_ignored_and_counted(change: dict[str, Any]) -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        before = ignored()

        answer = await running.teams.post(running.teams.activity(ann, "message") | {"text": "x"} | change)

        assert (answer.status, answer.body, running.front.seen) == (200, None, [])
        assert ignored() - before == 1


@pytest.mark.parametrize("name", ["task/fetch", "composeExtension/query", "application/search", None, 7])
async def test_an_unknown_invoke_is_answered_without_showing_a_failure(name: object) -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")

        answer = await running.teams.post(running.teams.activity(ann, "invoke") | {"name": name})

        assert (answer.status, answer.body, running.front.seen) == (200, {}, [])


@pytest.mark.parametrize("channel_data", [None, [], "x", {}, {"tenant": None}, {"tenant": {"id": 7}}], ids=str)
async def test_a_message_without_a_tenant_has_none_and_no_address(channel_data: object) -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")

        answer = await ann.says("hello", channelData=channel_data)

        ((visit, _),) = running.front.seen
        assert (answer.status, visit.tenant_id, visit.address) == (200, None, None)


async def test_a_message_with_neither_words_nor_value_is_empty_words() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")

        await ann.says("", attachments=[{"contentType": "image/png", "contentUrl": "https://x.example/y.png"}])

        assert running.front.events == [turns.Said("")]


# who is let in


@pytest.mark.parametrize("service_url", [
    "http://smba.trafficmanager.net/uk/", "https://169.254.169.254/uk/", "https://10.0.0.1/", "https://evil.example/",
    "https://smba.trafficmanager.net.evil.example/uk/", "https://evil.trafficmanager.net/uk/",
    "https://smba.trafficmanager.net@evil.example/", "https://smba.trafficmanager.net./uk/",
    "https://smba.trafficmanager.net:8443/uk/", "http://127.0.0.1:9/", "", None, 7,
])  # fmt: skip
async def test_production_lets_no_other_service_address_in_though_the_token_names_it(service_url: object) -> None:
    async with usher(production=True) as running:
        ann = running.teams.person(name="Ann")
        activity = running.teams.activity(ann, "message") | {"text": "x", "serviceUrl": service_url}
        token = running.teams.entra.sign("", serviceurl=service_url)

        answer = await running.teams.post(activity, authorization=f"Bearer {token}")

        assert (answer.status, answer.body) == UNAUTHORIZED
        assert (running.front.seen, running.teams.requests) == ([], [])


@pytest.mark.parametrize("listed", ["", TENANT_ID])
async def test_production_answers_another_tenant_as_it_answers_a_bad_token(listed: str) -> None:
    async with usher(production=True, USHER_TENANTS=listed) as running:
        answer = await running.teams.person(name="Ann", tenant=OTHER_TENANT).says("hello")

        assert (answer.status, answer.body) == UNAUTHORIZED
        assert (running.front.seen, running.teams.requests) == ([], [])


async def test_production_lets_no_activity_in_that_names_no_tenant_or_two() -> None:
    async with usher(production=True) as running:
        ann = running.teams.person(name="Ann")
        no_tenant = await ann.says("hello", channelData={})
        two = await ann.says("hello", conversation={"id": ann.conversation_id, "tenantId": OTHER_TENANT})

        assert [(answer.status, answer.body) for answer in (no_tenant, two)] == [UNAUTHORIZED] * 2
        assert running.front.seen == []


async def test_production_serves_every_tenant_on_its_list() -> None:
    async with usher(production=True, USHER_TENANTS=f"{TENANT_ID},{OTHER_TENANT}") as running:
        statuses = [
            (await running.teams.person(name="Ann", tenant=tenant).says("hello")).status
            for tenant in (TENANT_ID, OTHER_TENANT)
        ]

        assert statuses == [200, 200]


async def test_development_serves_any_tenant_unless_told_which() -> None:
    async with usher() as anybody:
        served = await anybody.teams.person(name="Ann", tenant=OTHER_TENANT).says("hello")
    async with usher(USHER_TENANTS=TENANT_ID) as somebody:
        refused = await somebody.teams.person(name="Ann", tenant=OTHER_TENANT).says("hello")

    assert (served.status, refused.status) == (200, 401)


async def test_development_answers_on_this_machine_and_on_listed_hosts_only() -> None:
    async with usher() as running:
        ann = running.teams.person(name="Ann")
        statuses = [
            (await ann.says("x", serviceUrl=url)).status
            for url in ("http://localhost:9/_connector", "http://[::1]:9/", "https://evil.example/", "http://10.0.0.1/")
        ]

        assert statuses == [200, 200, 401, 401]


async def test_a_flood_from_one_chat_is_slowed_down_and_others_are_not() -> None:
    borne = messages.Limits(chat=buckets.Rate(burst=3, per_second=0))
    async with usher(borne=borne) as running:
        ann, ben = running.teams.person(name="Ann"), running.teams.person(name="Ben")

        statuses = [(await ann.says("x")).status for _ in range(5)]

        assert statuses == [200, 200, 200, 429, 429]
        assert (await ben.says("x")).status == 200
        assert len(running.front.seen) == 4


# where the session leads


@pytest.mark.parametrize(("production", "reached"), [(True, False), (False, True)])
async def test_a_production_session_reaches_no_inner_address_by_any_name(production: bool, reached: bool) -> None:
    async with FakeTeams(production=production) as teams:
        settings = config.Settings.from_env(teams.environ())
        async with edge.open_session(settings) as session:
            found = keys.KeySet(session, f"{teams.origin.replace('127.0.0.1', 'localhost')}/openid")
            await found.find("first")

        assert bool(teams.strays) == reached


async def test_a_session_keeps_no_cookies() -> None:
    async with FakeTeams() as teams, edge.open_session(config.Settings.from_env(teams.environ())) as session:
        session.cookie_jar.update_cookies({"a": "b"})

        assert list(session.cookie_jar) == []
