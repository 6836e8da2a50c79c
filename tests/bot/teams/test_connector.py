"""Sends: every way the Connector can answer, or not answer, told as accepted, refused or unknown."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot import config
from bot.teams import connector, entra, service_urls
from casework import ports
from tests.bot.teams.ticking import Ticking
from tests.teams_service import FakeTeams, faults

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CHAT = "a:1Xy/z%?#"
MESSAGE: dict[str, object] = {"type": "message", "text": "Hello 👋"}


class NineOClock:
    def now(self) -> datetime:
        return NOW


@dataclass
class Wire:
    """A connector over the fake Teams."""

    teams: FakeTeams
    connector: connector.Connector

    async def post(self) -> ports.Outcome:
        return await self.connector.post(self.teams.service_url, CHAT, MESSAGE)

    async def put(self, activity_id: str = "1") -> ports.Outcome:
        return await self.connector.put(self.teams.service_url, CHAT, activity_id, MESSAGE)


@asynccontextmanager
async def wire(tokens: entra.Tokens | None = None) -> AsyncIterator[Wire]:
    async with FakeTeams() as teams, teams.session() as session:
        allowed = service_urls.ServiceUrls(frozenset(), allows_loopback=True)
        yield Wire(teams, connector.Connector(session, tokens or entra.NoTokens(), allowed, NineOClock()))


async def test_a_post_stands_in_the_chat_as_sent_and_is_accepted_with_its_id() -> None:
    async with wire() as w:
        outcome = await w.post()

        (shown,) = w.teams.chats.shown(CHAT)
        assert outcome == ports.Accepted(shown.activity_id)
        assert shown.activity == MESSAGE


async def test_a_put_changes_what_stands_there() -> None:
    async with wire() as w:
        first = await w.post()
        assert isinstance(first, ports.Accepted)

        outcome = await w.connector.put(w.teams.service_url, CHAT, str(first.activity_id), {"type": "message"})

        (shown,) = w.teams.chats.shown(CHAT)
        assert (outcome, shown.version, shown.activity) == (first, 2, {"type": "message"})


async def test_a_delete_takes_it_away() -> None:
    async with wire() as w:
        first = await w.post()
        assert isinstance(first, ports.Accepted)

        outcome = await w.connector.delete(w.teams.service_url, CHAT, str(first.activity_id))

        assert (outcome, w.teams.chats.shown(CHAT)) == (ports.Accepted(first.activity_id), [])


REFUSED = ports.Refused
ANSWERS: list[tuple[str, faults.Fault, ports.Outcome]] = [
    # refused for now (D07, D10)
    ("429", faults.throttled(), REFUSED(code="throttled", retry_after=5.0)),
    ("429 with time", faults.throttled("37"), REFUSED(code="throttled", retry_after=37.0)),
    ("429 absurd", faults.throttled("99999"), REFUSED(code="throttled", retry_after=900.0)),
    ("429 endless", faults.throttled("inf"), REFUSED(code="throttled", retry_after=900.0)),
    ("429 negative", faults.throttled("-3"), REFUSED(code="throttled", retry_after=5.0)),
    ("429 nan", faults.throttled("nan"), REFUSED(code="throttled", retry_after=5.0)),
    ("429 words", faults.throttled("soon"), REFUSED(code="throttled", retry_after=5.0)),
    ("429 date", faults.throttled("Mon, 23 Nov 2026 09:02:00 GMT"), REFUSED(code="throttled", retry_after=120.0)),
    ("429 past", faults.throttled("Mon, 23 Nov 2026 08:00:00 GMT"), REFUSED(code="throttled", retry_after=5.0)),
    ("429 far", faults.throttled("Mon, 23 Nov 2099 09:00:00 GMT"), REFUSED(code="throttled", retry_after=900.0)),
    ("412", faults.conflict(), REFUSED(code="conflict", retry_after=1.0)),
    # the chat is gone (D12)
    ("blocked", faults.forbidden("ConversationBlockedByUser"), REFUSED(code="blocked", closes_address=True)),
    ("writes blocked", faults.writes_blocked(), REFUSED(code="blocked", closes_address=True)),
    ("not in roster", faults.forbidden(), REFUSED(code="not_in_roster", closes_address=True)),
    ("disabled", faults.forbidden("BotDisabledByAdmin"), REFUSED(code="disabled_by_admin", closes_address=True)),
    ("403 for other reasons", faults.forbidden("Whatever"), REFUSED(code="forbidden", closes_address=True)),
    ("403 without a word", faults.answers(403), REFUSED(code="forbidden", closes_address=True)),
    ("404", faults.not_found(), REFUSED(code="not_found", closes_address=True)),
    ("410", faults.answers(410, b"gone"), REFUSED(code="not_found", closes_address=True)),
    # refused for good
    ("413", faults.too_large(), REFUSED(code="too_large")),
    ("400", faults.answers(400, {"error": {"code": "BadSyntax"}}), REFUSED(code="rejected")),
    ("redirect", faults.redirect("http://127.0.0.1:9/"), REFUSED(code="redirected")),
    # nobody knows (D09)
    ("408", faults.server_error(408), ports.Unknown("http_408")),
    ("500", faults.server_error(500), ports.Unknown("http_500")),
    ("502", faults.server_error(502, is_delivered=True), ports.Unknown("http_502")),
    ("503", faults.server_error(503), ports.Unknown("http_503")),
    ("504", faults.server_error(504), ports.Unknown("http_504")),
    ("reset", faults.reset(), ports.Unknown("ServerDisconnectedError")),
    # delivered, and the card can't be changed later (D15)
    ("201 empty", faults.accepted(), ports.Accepted(None)),
    ("201 without id", faults.accepted({}), ports.Accepted(None)),
    ("201 id of another kind", faults.accepted({"id": 7}), ports.Accepted(None)),
    ("201 empty id", faults.accepted({"id": ""}), ports.Accepted(None)),
    ("201 html", faults.accepted(b"<html>\xff</html>"), ports.Accepted(None)),
    ("201 list", faults.accepted([1]), ports.Accepted(None)),
    ("201 deep", faults.accepted(b"[" * 5000), ports.Accepted(None)),
    ("201 of 1 MB", faults.accepted(b'{"id": "1", "x": "' + b"x" * 1_000_000 + b'"}'), ports.Accepted(None)),
    ("202 with id", faults.accepted({"id": "7"}, status=202), ports.Accepted("7")),
]


@pytest.mark.parametrize(("fault", "expected"), [case[1:] for case in ANSWERS], ids=[name for name, *_ in ANSWERS])
async def test_an_answer_to_a_post_is_told_and_never_repeated(fault: faults.Fault, expected: ports.Outcome) -> None:
    async with wire() as w:
        w.teams.fail(fault)

        outcome = await w.post()

        assert outcome == expected
        assert len(w.teams.requests) == 1
        assert len(w.teams.chats.shown(CHAT)) == int(fault.is_delivered)


UPDATES = [
    ("card deleted", faults.not_found("ActivityNotFoundInConversation"), REFUSED(code="activity_not_found")),
    ("404 without a word", faults.answers(404), REFUSED(code="activity_not_found")),
    ("chat deleted", faults.not_found("ConversationNotFound"), REFUSED(code="not_found", closes_address=True)),
    ("blocked", faults.writes_blocked(), REFUSED(code="blocked", closes_address=True)),
]


@pytest.mark.parametrize(("fault", "expected"), [case[1:] for case in UPDATES], ids=[name for name, *_ in UPDATES])
async def test_a_card_that_is_gone_does_not_close_its_chat(fault: faults.Fault, expected: ports.Outcome) -> None:
    async with wire() as w:
        w.teams.fail(fault)

        assert await w.put() == expected


async def test_a_send_nobody_answers_ends_as_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "TIMEOUT", aiohttp.ClientTimeout(total=0.2))
    async with wire() as w:
        w.teams.fail(faults.hangs(is_delivered=True, seconds=1))

        outcome = await w.post()

        assert isinstance(outcome, ports.Unknown)
        assert len(w.teams.chats.shown(CHAT)) == 1


def test_the_time_limit_of_a_send_is_fifteen_seconds() -> None:
    assert connector.TIMEOUT.total == 15


async def test_a_connector_that_is_not_there_has_taken_nothing() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        async with wire() as w:
            outcome = await w.connector.post(address, CHAT, MESSAGE)

    assert outcome == ports.Refused(code="unreachable", retry_after=5.0)


@pytest.mark.parametrize(
    "service_url",
    ["https://evil.example/", "https://169.254.169.254/", "http://10.0.0.1/", "http://localhost@evil/", ""],
)
async def test_a_poisoned_address_gets_no_request_and_no_token(service_url: str) -> None:
    class Counting(entra.NoTokens):
        asked = 0

        async def token(self) -> str | None:
            self.asked += 1
            return "secret"

    tokens = Counting()
    async with wire(tokens) as w:
        outcome = await w.connector.post(service_url, CHAT, MESSAGE)

    assert (outcome, tokens.asked) == (ports.Refused(code="bad_address"), 0)


@pytest.mark.parametrize("chat", ["", ".", "..", "\ud800"])
async def test_an_id_that_would_bend_the_path_gets_no_request(chat: str) -> None:
    async with wire() as w:
        outcome = await w.connector.post(w.teams.service_url, chat, MESSAGE)

        assert (outcome, w.teams.requests) == (ports.Refused(code="bad_address"), [])


@pytest.mark.parametrize("chat", ["19:x@thread.tacv2;messageid=1", "a/../../b", "a?b=c", "a#b", "ü", "a%2Fb"])
async def test_an_id_arrives_as_it_is(chat: str) -> None:
    async with wire() as w:
        await w.connector.post(w.teams.service_url, chat, MESSAGE)

        assert [request.conversation_id for request in w.teams.requests] == [chat]


async def test_what_is_no_json_is_refused_before_it_is_sent() -> None:
    async with wire() as w:
        outcome = await w.connector.post(w.teams.service_url, CHAT, {"type": "message", "value": {1, 2}})

        assert (outcome, w.teams.requests) == (ports.Refused(code="rejected"), [])


async def test_writes_into_one_chat_wait_for_one_another_and_other_chats_do_not() -> None:
    async with wire() as w:
        w.teams.chats.seconds_to_answer = 0.1
        loop = asyncio.get_running_loop()

        started = loop.time()
        await asyncio.gather(*(w.post() for _ in range(4)))
        one_chat = loop.time() - started
        started = loop.time()
        await asyncio.gather(*(w.connector.post(w.teams.service_url, f"a:{n}", MESSAGE) for n in range(4)))
        four_chats = loop.time() - started

        assert one_chat > 0.4
        assert four_chats < 0.35


# the bearer token (D13, D14)


class Handed:
    """A token source that hands out `t1`, `t2`, ... and counts."""

    def __init__(self) -> None:
        self.renewed: list[str] = []

    async def token(self) -> str:
        return f"t{len(self.renewed) + 1}"

    async def renew(self, rejected: str) -> str:
        self.renewed.append(rejected)
        return await self.token()


async def test_a_send_shows_the_token() -> None:
    async with wire(Handed()) as w:
        await w.post()

        assert [request.authorization for request in w.teams.requests] == ["Bearer t1"]


async def test_a_401_renews_the_token_once_and_tries_again() -> None:
    tokens = Handed()
    async with wire(tokens) as w:
        w.teams.fail(faults.answers(401))

        outcome = await w.post()

        assert isinstance(outcome, ports.Accepted)
        assert [request.authorization for request in w.teams.requests] == ["Bearer t1", "Bearer t2"]


async def test_a_second_401_is_refused_and_the_row_stays_due() -> None:
    tokens = Handed()
    async with wire(tokens) as w:
        w.teams.fail(faults.answers(401), times=5)

        outcome = await w.post()

        assert outcome == ports.Refused(code="unauthorized", retry_after=300.0)
        assert (len(w.teams.requests), tokens.renewed) == (2, ["t1"])


async def test_a_token_that_can_not_be_renewed_is_not_tried_twice() -> None:
    class Stuck(Handed):
        async def renew(self, rejected: str) -> str:
            return rejected

    async with wire(Stuck()) as w:
        w.teams.fail(faults.answers(401), times=5)

        outcome = await w.post()

        assert (outcome, len(w.teams.requests)) == (ports.Refused(code="unauthorized", retry_after=300.0), 1)


async def test_revoked_tokens_are_replaced_by_one_fetch_for_all() -> None:
    ticking = Ticking()
    async with FakeTeams(signed=True) as teams, teams.session() as session:
        settings = config.Settings.from_env(teams.environ())
        tokens = entra.EntraTokens(entra.fetcher(settings, entra.EntraHttp(teams.origin)), ticking)
        allowed = service_urls.ServiceUrls(frozenset(), allows_loopback=True)
        out = connector.Connector(session, tokens, allowed, NineOClock())
        await out.post(teams.service_url, CHAT, MESSAGE)
        teams.entra.revoke()
        ticking.passes(60)

        outcomes = await asyncio.gather(*(out.post(teams.service_url, f"a:{n}", MESSAGE) for n in range(20)))

        assert {type(outcome) for outcome in outcomes} == {ports.Accepted}
        assert teams.entra.token_requests == 2


async def test_no_token_means_nothing_was_sent() -> None:
    class Down(Handed):
        async def token(self) -> str:
            raise entra.TokenError("down")

    async with wire(Down()) as w:
        outcome = await w.post()

        assert (outcome, w.teams.requests) == (ports.Refused(code="no_token", retry_after=15.0), [])


def test_no_wait_is_longer_than_a_quarter_of_an_hour() -> None:
    assert max(connector.WAIT_SECONDS.values()) <= timedelta(minutes=15).total_seconds()
