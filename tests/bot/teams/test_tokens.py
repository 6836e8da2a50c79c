"""Inbound tokens: every way to forge one ends in the same 401, with no request to anybody."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from bot import observability
from tests.bot.teams.running import Running, usher
from tests.teams_service.entra import private_key
from tests.teams_service.service import APP_ID, PRODUCTION_SERVICE_URL

URL = PRODUCTION_SERVICE_URL


def from_now(claims: dict[str, Any]) -> dict[str, Any]:
    """Claims as a token has them, of those that give a moment in seconds from now."""
    return {name: int(time.time()) + value if isinstance(value, int) else value for name, value in claims.items()}


def unsigned(claims: dict[str, Any] | None = None, **header: Any) -> str:
    parts = [{"alg": "none", "typ": "JWT"} | header, claims or {"iss": "https://api.botframework.com", "aud": APP_ID}]
    return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in parts) + "."


def by_secret_of_public_key(running: Running) -> str:
    public = private_key("first").public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    moments = from_now({"nbf": 0, "exp": 600})
    claims = {"iss": "https://api.botframework.com", "aud": APP_ID, "serviceurl": URL, **moments}
    signing = unsigned(claims, alg="HS256", kid="first").rstrip(".")
    mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(signing.encode(), pem)
    return f"{signing}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def with_own_key_in_header(running: Running) -> str:
    own = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private_key("forger").public_key()))
    headers = {"kid": "first", "jwk": own, "jku": "http://127.0.0.1:9/keys", "x5u": "http://127.0.0.1:9/cert"}
    return running.teams.entra.sign(URL, key="forger", headers=headers)


async def own_outbound(running: Running) -> str:
    await running.teams.person(name="Ann").says("hello")
    return running.teams.requests[-1].authorization.removeprefix("Bearer ")


FORGED: list[tuple[str, Callable[[Running], str]]] = [
    ("no header", lambda _: ""),
    ("basic", lambda _: "Basic dXNlcjpwYXNz"),
    ("empty bearer", lambda _: "Bearer "),
    ("garbage", lambda _: "Bearer x.y.z"),
    ("not ascii", lambda _: "Bearer ÿþ"),
    ("huge", lambda _: "Bearer " + "a." * 3500),
    ("alg none", lambda _: f"Bearer {unsigned()}"),
    ("alg none with a known kid", lambda _: f"Bearer {unsigned(kid='first')}"),
    ("alg None", lambda _: f"Bearer {unsigned(alg='None', kid='first')}"),
    ("deep header", lambda _: f"Bearer {unsigned(x=json.loads('[' * 500 + ']' * 500))}"),
    ("header is a list", lambda _: "Bearer W10.e30.x"),
    ("HS256 with the public key", lambda r: f"Bearer {by_secret_of_public_key(r)}"),
    ("own key in header", lambda r: f"Bearer {with_own_key_in_header(r)}"),
]

WRONG_CLAIMS: list[tuple[str, dict[str, Any]]] = [
    ("expired", {"exp": -301}),
    ("not yet valid", {"nbf": 900}),
    ("no expiry", {"exp": None}),
    ("no beginning", {"nbf": None}),
    ("expiry is text", {"exp": "tomorrow"}),
    ("wrong audience", {"aud": "00000000-0000-4000-8000-000000000000"}),
    ("audience in a list", {"aud": [APP_ID]}),
    ("no audience", {"aud": None}),
    ("wrong issuer", {"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"}),
    ("no issuer", {"iss": None}),
    ("another service address", {"serviceurl": "https://smba.trafficmanager.net/de/"}),
    ("no service address", {"serviceurl": None}),
    ("signed by another key", {"key": "forger", "headers": {"kid": "first"}}),
    ("unknown kid", {"headers": {"kid": "never published"}}),
    ("kid of another kind", {"headers": {"kid": ""}}),
]


@pytest.mark.parametrize("forge", [forge for _, forge in FORGED], ids=[name for name, _ in FORGED])
async def test_a_forged_header_is_refused_with_the_one_body(forge: Callable[[Running], str]) -> None:
    async with usher(production=True) as running:
        message = running.teams.activity(running.teams.person(name="Ann"), "message") | {"text": "x"}

        answer = await running.teams.post(message, authorization=forge(running))

        assert (answer.status, answer.body) == (401, {"error": "unauthorized"})
        assert (running.front.seen, running.teams.requests, running.teams.entra.token_requests) == ([], [], 0)


@pytest.mark.parametrize("changed", [changed for _, changed in WRONG_CLAIMS], ids=[name for name, _ in WRONG_CLAIMS])
async def test_a_token_with_wrong_claims_is_refused_with_the_one_body(changed: dict[str, Any]) -> None:
    async with usher(production=True) as running:
        message = running.teams.activity(running.teams.person(name="Ann"), "message") | {"text": "x"}
        token = running.teams.entra.sign(URL, **from_now(changed))

        answer = await running.teams.post(message, authorization=f"Bearer {token}")

        assert (answer.status, answer.body) == (401, {"error": "unauthorized"})
        assert (running.front.seen, running.teams.requests, running.teams.entra.token_requests) == ([], [], 0)


@pytest.mark.parametrize("channel", ["emulator", "directline", None, 7])
async def test_a_key_not_endorsed_for_the_channel_signs_for_nobody(channel: object) -> None:
    async with usher(production=True) as running:
        answer = await running.teams.person(name="Ann").says("hello", channelId=channel)

        assert (answer.status, answer.body, running.front.seen) == (401, {"error": "unauthorized"}, [])


async def test_a_key_endorsed_for_other_channels_does_not_sign_for_teams() -> None:
    async with usher(production=True) as running:
        running.teams.entra.endorsements = ["webchat"]

        answer = await running.teams.person(name="Ann").says("hello")

        assert (answer.status, running.front.seen) == (401, [])


async def test_a_channel_that_is_not_teams_is_refused_though_endorsed() -> None:
    async with usher(production=True) as running:
        answer = await running.teams.person(name="Ann").says("hello", channelId="webchat")

        assert (answer.status, running.front.seen) == (401, [])


async def test_the_bots_own_outbound_token_is_no_inbound_one() -> None:
    async with usher(production=True) as running:
        token = await own_outbound(running)
        message = running.teams.activity(running.teams.person(name="Mallory"), "message") | {"text": "x"}

        answer = await running.teams.post(message, authorization=f"Bearer {token}")

        assert (answer.status, len(running.front.seen)) == (401, 1)


@pytest.mark.parametrize("changed", [{}, {"exp": -200}, {"nbf": 200}], ids=["fresh", "late", "early"])
async def test_a_good_token_is_let_in_within_five_minutes_of_skew(changed: dict[str, Any]) -> None:
    async with usher(production=True) as running:
        message = running.teams.activity(running.teams.person(name="Ann"), "message") | {"text": "x"}
        token = running.teams.entra.sign(URL, **from_now(changed))

        answer = await running.teams.post(message, authorization=f"Bearer {token}")

        assert (answer.status, len(running.front.seen)) == (200, 1)


async def test_a_flood_of_unknown_kids_asks_the_key_server_no_further() -> None:
    async with usher(production=True) as running:
        ann = running.teams.person(name="Ann")
        await ann.says("hello")
        message = running.teams.activity(ann, "message") | {"text": "x"}

        statuses = {
            (await running.teams.post(message, authorization=f"Bearer {unsigned(alg='RS256', kid=str(n))}x")).status
            for n in range(100)
        }

        # one at the first activity; no further one within five minutes of it
        assert (statuses, running.teams.entra.key_requests) == ({401}, 1)


async def test_a_refusal_is_counted_by_its_reason() -> None:
    def counted() -> float:
        labels = {"reason": "ExpiredSignatureError"}
        return observability.REGISTRY.get_sample_value("usher_refused_requests_total", labels) or 0

    async with usher(production=True) as running:
        before = counted()
        message = running.teams.activity(running.teams.person(name="Ann"), "message") | {"text": "x"}

        await running.teams.post(
            message, authorization=f"Bearer {running.teams.entra.sign(URL, **from_now({'exp': -301}))}"
        )

        assert counted() - before == 1
