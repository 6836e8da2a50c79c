"""The fake Entra and the fake key server of Bot Framework: tokens out, tokens in, and how they can fail."""

from __future__ import annotations

import asyncio
import functools
import json
import time
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"


@functools.cache
def private_key(name: str) -> RSAPrivateKey:
    """One RSA key for each name, made once in a test run."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Entra:
    """Counts what is asked of it. `origin` and `keys_origin` are the addresses its documents speak of."""

    app_id: str
    secret: str
    origin: str = ""
    keys_origin: str = ""
    token_requests: int = 0
    key_requests: int = 0
    seconds_to_answer: float = 0.0
    is_down: bool = False
    token_seconds: int = 3599
    key_names: list[str] = field(default_factory=lambda: ["first"])
    endorsements: list[str] = field(default_factory=lambda: ["msteams", "webchat"])
    _issued: list[str] = field(default_factory=list)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/.well-known/openidconfiguration", self._bot_framework),
            web.get("/v1/.well-known/keys", self._keys),
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", self._tenant),
            web.post("/{tenant}/oauth2/v2.0/token", self._token),
        ]

    def roll_over(self, name: str) -> None:
        """Sign with a new key from now on; the old one is no longer published."""
        self.key_names = [name]

    def revoke(self) -> None:
        """Every token handed out so far stops being valid."""
        self._issued.clear()

    def is_valid(self, authorization: str) -> bool:
        return authorization.removeprefix("Bearer ") in self._issued

    def sign(self, service_url: str, *, headers: dict[str, Any] | None = None, **changed: Any) -> str:
        """An inbound token as Bot Framework signs it. A claim given as None is left out; `key` names another key."""
        now = int(time.time())
        key_name = str(changed.pop("key", self.key_names[-1]))
        claims: dict[str, Any] = {
            "iss": ISSUER,
            "aud": self.app_id,
            "serviceurl": service_url,
            "nbf": now - 10,
            "exp": now + 3600,
        } | changed
        claims = {name: value for name, value in claims.items() if value is not None}
        extra = {"kid": key_name} | (headers or {})
        return jwt.encode(claims, private_key(key_name), algorithm="RS256", headers=extra)

    async def _slowly(self) -> None:
        await asyncio.sleep(self.seconds_to_answer)
        if self.is_down:
            raise web.HTTPServiceUnavailable

    async def _bot_framework(self, _: web.Request) -> web.Response:
        self.key_requests += 1
        await self._slowly()
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.keys_origin}/v1/.well-known/keys"})

    async def _keys(self, _: web.Request) -> web.Response:
        await self._slowly()
        keys = []
        for name in self.key_names:
            key = json.loads(RSAAlgorithm.to_jwk(private_key(name).public_key()))
            keys.append(key | {"kid": name, "use": "sig", "endorsements": self.endorsements})
        return web.json_response({"keys": keys})

    async def _tenant(self, request: web.Request) -> web.Response:
        await self._slowly()
        base = f"{self.origin}/{request.match_info['tenant']}"
        return web.json_response(
            {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
            }
        )

    async def _token(self, request: web.Request) -> web.Response:
        self.token_requests += 1
        await self._slowly()
        form = await request.post()
        asked = {name: form.get(name) for name in ("client_id", "client_secret", "grant_type", "scope")}
        right = {
            "client_id": self.app_id,
            "client_secret": self.secret,
            "grant_type": "client_credentials",
            "scope": SCOPE,
        }
        if asked != right:
            return web.json_response({"error": "invalid_client", "error_description": "no"}, status=401)
        # what a bot's own token looks like, so that it can be replayed to the bot in a test
        token = jwt.encode(
            {"aud": ISSUER, "iss": f"{self.origin}/", "appid": self.app_id, "n": self.token_requests},
            private_key("entra"),
            algorithm="RS256",
            headers={"kid": "entra"},
        )
        self._issued.append(token)
        return web.json_response(
            {"token_type": "Bearer", "access_token": token, "expires_in": self.token_seconds, "ext_expires_in": 1}
        )
