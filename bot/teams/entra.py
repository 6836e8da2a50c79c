"""The tokens Usher shows the Bot Connector: asked of Entra by MSAL in a thread, kept, and renewed in good time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, cast
from urllib.parse import urlsplit

import msal
import requests

from bot import config, observability

RESOURCE = "https://api.botframework.com"
# Entra answers in well under a second; a thread must not be held for minutes when it does not
TIMEOUT_SECONDS = (5.0, 10.0)
RENEW_SECONDS_BEFORE_END = 300.0
SECONDS_BETWEEN_TRIES = 10.0
SECONDS_BETWEEN_FORCED = 30.0

_log = observability.get_logger(__name__)


class TokenError(Exception):
    """No token can be had now. Nothing has been sent; a later try may succeed."""


class Tokens(Protocol):
    """Where the connector takes its bearer token from. None means that none is shown (development only)."""

    async def token(self) -> str | None: ...

    async def renew(self, rejected: str) -> str | None: ...


class NoTokens:
    """For development without an app id: the Playground and wire-true fakes ask for none."""

    async def token(self) -> str | None:
        return None

    async def renew(self, rejected: str) -> str | None:
        return None


@dataclass(frozen=True, slots=True)
class _Held:
    token: str
    ends_at: float
    fetched_at: float


class EntraTokens:
    """One token at a time for one bot. `fetch` blocks, and answers MSAL's result; it runs in a thread, once at a time.

    A token that still lives is used while the next is fetched, so that a slow Entra delays nobody.
    """

    def __init__(
        self, fetch: Callable[[], Mapping[str, object]], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch_blocking = fetch
        self._monotonic = monotonic
        self._held: _Held | None = None
        self._fetching: asyncio.Task[_Held] | None = None
        self._tried_at: float | None = None

    async def token(self) -> str:
        """A token that is valid now. Raises TokenError when there is none to be had."""
        now = self._monotonic()
        if self._held is None or now >= self._held.ends_at:
            return (await self._fetch_once()).token
        if now >= self._held.ends_at - RENEW_SECONDS_BEFORE_END and self._may_try(now):
            self._start()
        return self._held.token

    async def renew(self, rejected: str) -> str:
        """A token other than the one the Connector has just refused, unless that one was fetched moments ago."""
        held = self._held
        if held is not None and held.token != rejected:
            return held.token
        if held is not None and self._monotonic() - held.fetched_at < SECONDS_BETWEEN_FORCED:
            return held.token
        return (await self._fetch_once()).token

    async def close(self) -> None:
        """Wait for a fetch under way: its thread can't be stopped, and ends within its own time limits."""
        if self._fetching is not None:
            await asyncio.gather(self._fetching, return_exceptions=True)

    async def _fetch_once(self) -> _Held:
        if (self._fetching is None or self._fetching.done()) and not self._may_try(self._monotonic()):
            raise TokenError("asked moments ago")
        return await asyncio.shield(self._start())

    def _may_try(self, now: float) -> bool:
        return self._tried_at is None or now - self._tried_at >= SECONDS_BETWEEN_TRIES

    def _start(self) -> asyncio.Task[_Held]:
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.create_task(self._fetch())
            self._fetching.add_done_callback(_retrieve)
        return self._fetching

    async def _fetch(self) -> _Held:
        self._tried_at = self._monotonic()
        try:
            result = await asyncio.to_thread(self._fetch_blocking)
        # MSAL raises its own errors, requests' and plain ValueError: whichever it is, there is no token
        except Exception as error:
            observability.TOKEN_FETCHES.labels("failed").inc()
            _log.error("token_fetch_failed", **observability.describe(error))
            raise TokenError(type(error).__name__) from None
        token, lifetime = result.get("access_token"), result.get("expires_in")
        if not isinstance(token, str) or not token:
            observability.TOKEN_FETCHES.labels("refused").inc()
            _log.error("token_refused", code=str(result.get("error", "unknown")))
            raise TokenError("refused")
        observability.TOKEN_FETCHES.labels("ok").inc()
        now = self._monotonic()
        self._held = _Held(token, now + float(lifetime if isinstance(lifetime, int | str) else 0), now)
        return self._held


def _retrieve(task: asyncio.Task[_Held]) -> None:
    if not task.cancelled():
        task.exception()


class EntraHttp(requests.Session):
    """MSAL's way to Entra: with time limits, without redirects, and over http to this machine in development.

    MSAL insists on https authorities. `loopback_url` ("" in production) is the one http address whose https twin
    is sent there instead, for wire-true fakes.
    """

    def __init__(self, loopback_url: str = "") -> None:
        super().__init__()
        self._plain = loopback_url if loopback_url.startswith("http://") else ""

    def request(  # type: ignore[override]  # MSAL calls get and post with url, params, data and headers only
        self, method: str, url: str, **arguments: object
    ) -> requests.Response:
        twin = f"https://{urlsplit(self._plain).netloc}/"
        if self._plain and url.startswith(twin):
            url = self._plain.rstrip("/") + "/" + url.removeprefix(twin)
        arguments |= {"timeout": TIMEOUT_SECONDS, "allow_redirects": False}
        return super().request(method, url, **arguments)  # type: ignore[arg-type]  # handed on as they came


def fetcher(settings: config.Settings, http: requests.Session) -> Callable[[], Mapping[str, object]]:
    """How this bot's tokens are asked for, as a blocking function: by secret, or by managed identity.

    A fresh MSAL client each time: our own cache decides when to ask, and MSAL's would answer with the old token.
    """
    app_id, secret = settings.app_id, settings.app_password

    def by_secret() -> Mapping[str, object]:
        client = msal.ConfidentialClientApplication(
            app_id,
            client_credential=secret.get_secret_value() if secret else None,
            authority=f"https://{urlsplit(settings.login_url).netloc}/{settings.app_tenant_id}",
            instance_discovery=False,
            http_client=http,
        )
        return cast(Mapping[str, object], client.acquire_token_for_client(scopes=[f"{RESOURCE}/.default"]))

    def by_managed_identity() -> Mapping[str, object]:
        identity = msal.UserAssignedManagedIdentity(client_id=app_id)
        client = msal.ManagedIdentityClient(identity, http_client=http)
        return cast(Mapping[str, object], client.acquire_token_for_client(resource=RESOURCE))

    return by_managed_identity if settings.app_type == "UserAssignedMSI" else by_secret
