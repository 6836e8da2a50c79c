"""The public keys Bot Framework signs inbound tokens with, kept at hand so that no turn waits for the key server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import aiohttp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import PyJWTError
from jwt.algorithms import RSAAlgorithm
from yarl import URL

from bot import observability

FRESH_SECONDS = 24 * 60 * 60.0
SECONDS_BETWEEN_FETCHES = 5 * 60.0
# with no key at all nobody can be let in, so the next try comes sooner
SECONDS_BETWEEN_FIRST_FETCHES = 5.0
TIMEOUT = aiohttp.ClientTimeout(total=10, connect=5)
LARGEST_ANSWER = 1024 * 1024
SMALLEST_KEY_BITS = 2048

_log = observability.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One RSA key, and the channels it may sign for."""

    public_key: RSAPublicKey
    endorsements: frozenset[str]


class KeySetError(Exception):
    """The key server's answer can't be used."""


class KeySet:
    """Keys by id. Known keys answer at once, however the key server fares; it is asked once a day, or when an
    unknown id comes, and then at most every five minutes, so that forged ids can't be turned into a flood.
    """

    def __init__(
        self, session: aiohttp.ClientSession, openid_url: str, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._session = session
        self._openid_url = URL(openid_url)
        self._monotonic = monotonic
        self._keys: dict[str, SigningKey] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, key_id: str) -> SigningKey | None:
        """The key of this id, or None when Bot Framework has published none such."""
        known = self._keys.get(key_id)
        if known is None:
            if fetch := self._fetch_if_allowed():
                await asyncio.shield(fetch)
            return self._keys.get(key_id)
        if self._fetched_at is None or self._monotonic() - self._fetched_at > FRESH_SECONDS:
            self._fetch_if_allowed()
        return known

    async def close(self) -> None:
        """Stop a fetch under way."""
        if self._fetching is not None and not self._fetching.done():
            self._fetching.cancel()
            await asyncio.gather(self._fetching, return_exceptions=True)

    def _fetch_if_allowed(self) -> asyncio.Task[None] | None:
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        pause = SECONDS_BETWEEN_FETCHES if self._keys else SECONDS_BETWEEN_FIRST_FETCHES
        if self._tried_at is not None and self._monotonic() - self._tried_at < pause:
            return None
        self._tried_at = self._monotonic()
        self._fetching = asyncio.create_task(self._fetch())
        return self._fetching

    async def _fetch(self) -> None:
        try:
            document = await self._get(self._openid_url)
            keys_url = URL(str(document.get("jwks_uri", "")))
            if keys_url.origin() != self._openid_url.origin():
                raise KeySetError("the keys lie on another host")
            keys = _read_keys(await self._get(keys_url))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeySetError) as error:
            observability.KEY_FETCHES.labels("failed").inc()
            _log.warning("key_fetch_failed", count=len(self._keys), **observability.describe(error))
            return
        self._keys = keys
        self._fetched_at = self._monotonic()
        observability.KEY_FETCHES.labels("ok").inc()

    async def _get(self, url: URL) -> Mapping[str, object]:
        async with self._session.get(url, allow_redirects=False, timeout=TIMEOUT) as answer:
            if answer.status != 200:
                raise KeySetError("the key server did not answer 200")
            body = b""
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise KeySetError("the answer is too large")
        document = json.loads(body)
        if not isinstance(document, dict):
            raise KeySetError("the answer is no object")
        return document


def _read_keys(document: Mapping[str, object]) -> dict[str, SigningKey]:
    entries = document.get("keys")
    keys = dict(filter(None, map(_read_key, entries if isinstance(entries, list) else [])))
    if not keys:
        raise KeySetError("there is no usable key")
    return keys


def _read_key(entry: object) -> tuple[str, SigningKey] | None:
    if not isinstance(entry, dict) or entry.get("kty") != "RSA" or not isinstance(entry.get("kid"), str):
        return None
    try:
        public_key = RSAAlgorithm.from_jwk({name: str(entry.get(name, "")) for name in ("kty", "n", "e")})
    except (PyJWTError, ValueError):
        return None
    if not isinstance(public_key, RSAPublicKey) or public_key.key_size < SMALLEST_KEY_BITS:
        return None
    channels = entry.get("endorsements")
    return entry["kid"], SigningKey(public_key, frozenset(map(str, channels if isinstance(channels, list) else [])))
