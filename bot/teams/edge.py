"""The Teams edge put together: who is let in, how a turn runs, and the messenger for what Usher sends of itself."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
import requests
from aiohttp.abc import AbstractResolver

from bot import config, observability
from bot.teams import activities, adapter, connector, entra, handler, keys, messenger, service_urls, tokens
from casework import ports
from dialogs import turns

SECONDS_BETWEEN_SAME_WARNINGS = 60.0
_NOTHING = adapter.InvokeReply(200)
_log = observability.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Who is let in. `verifier` is None only in development without an app id."""

    verifier: tokens.Verifier | None
    service_urls: service_urls.ServiceUrls
    tenants: frozenset[str]

    async def check(self, authorization: str, body: Mapping[str, object]) -> None:
        """Let the activity in, or raise tokens.Rejected: token, channel, service address and tenant, in this order."""
        if self.verifier is not None:
            await self.verifier.verify(authorization, body)
            if body.get("channelId") != messenger.CHANNEL:
                raise tokens.Rejected("channel")
        service_url = body.get("serviceUrl")
        if not isinstance(service_url, str) or not self.service_urls.allows(service_url):
            raise tokens.Rejected("service_url")
        if activities.contradicts_itself(body) or (self.tenants and activities.tenant_of(body) not in self.tenants):
            raise tokens.Rejected("tenant")


class Edge:
    """What the web floor and the composition root see of Teams: `admit`, `process`, `messenger`, `close`."""

    def __init__(
        self,
        gate: Gate,
        bot: adapter.TeamsAdapter,
        turn_handler: handler.TurnHandler,
        teams_messenger: messenger.TeamsMessenger,
        closing: list[keys.KeySet | entra.EntraTokens],
    ) -> None:
        self._gate = gate
        self._handler = turn_handler
        self._closing = closing
        self._warned_at: dict[str, float] = {}
        self.adapter = bot
        self.messenger = teams_messenger

    async def admit(self, authorization: str, body: Mapping[str, object]) -> bool:
        """Whether this activity comes from Teams, over an address of Teams', out of a tenant served here."""
        try:
            await self._gate.check(authorization, body)
        except tokens.Rejected as rejected:
            observability.REFUSED_REQUESTS.labels(rejected.reason).inc()
            self._warn(rejected.reason)
            return False
        return True

    async def process(self, body: Mapping[str, object]) -> adapter.InvokeReply:
        """Run the turn of an admitted activity. Never raises, and never answers anything but 200."""
        conversation_id = activities.text(activities.part(body, "conversation"), "id")
        sender_id = activities.text(activities.part(body, "from"), "id")
        if conversation_id is None or sender_id is None:
            observability.TURNS.labels("other", "ignored").inc()
            return adapter.InvokeReply(200, {}) if body.get("type") == "invoke" else _NOTHING
        correlation = observability.new_correlation_id()
        with observability.correlated(correlation):
            try:
                activity = activities.to_activity(body, conversation_id, sender_id)
                reply = await self.adapter.process(
                    activity, lambda context: self._handler.on_turn(context, correlation)
                )
            except Exception:
                _log.exception("turn_failed", outcome="failed")
                observability.TURNS.labels("other", "failed").inc()
                reply = adapter.InvokeReply(200, {}) if body.get("type") == "invoke" else None
        return reply or _NOTHING

    async def close(self) -> None:
        """Let go of fetches under way. The session belongs to the caller."""
        for thing in self._closing:
            await thing.close()

    def _warn(self, reason: str) -> None:
        # one line a minute and reason: a flood of forged tokens must not become a flood of lines
        now = time.monotonic()
        if now - self._warned_at.get(reason, -SECONDS_BETWEEN_SAME_WARNINGS) >= SECONDS_BETWEEN_SAME_WARNINGS:
            self._warned_at[reason] = now
            _log.warning("request_refused", reason=reason)


def open_session(settings: config.Settings, resolver: AbstractResolver | None = None) -> aiohttp.ClientSession:
    """The one session everything outbound shares: no cookies, and in production public addresses only.

    `resolver` takes the place of the guarded one where given (tests that stand in for Microsoft's hosts).
    """
    if resolver is None and settings.is_production:
        resolver = service_urls.PublicResolver(aiohttp.ThreadedResolver())
    tcp = aiohttp.TCPConnector(limit=100, keepalive_timeout=15, ttl_dns_cache=60, resolver=resolver)
    return aiohttp.ClientSession(
        connector=tcp, cookie_jar=aiohttp.DummyCookieJar(), headers={"User-Agent": "Usher"}, auto_decompress=True
    )


def build_edge(
    settings: config.Settings,
    front: turns.Front,
    session: aiohttp.ClientSession,
    clock: ports.Clock,
    entra_http: requests.Session | None = None,
) -> Edge:
    """Everything between Teams and `front`, over `session` (of open_session).

    `clock` must be the real one: it reads Retry-After dates. `entra_http` is MSAL's way to Entra where tests give one.
    """
    allowed = service_urls.ServiceUrls(settings.service_hosts, allows_loopback=not settings.is_production)
    outbound: entra.Tokens = entra.NoTokens()
    verifier = None
    bot_id = None
    closing: list[keys.KeySet | entra.EntraTokens] = []
    if settings.app_id is not None:
        key_set = keys.KeySet(session, settings.openid_url)
        verifier = tokens.Verifier(key_set, settings.app_id)
        http = entra_http or entra.EntraHttp(settings.login_url)
        outbound = held = entra.EntraTokens(entra.fetcher(settings, http))
        bot_id = f"28:{settings.app_id}"
        closing = [key_set, held]
    wire = connector.Connector(session, outbound, allowed, clock)
    return Edge(
        Gate(verifier=verifier, service_urls=allowed, tenants=settings.tenants),
        adapter.TeamsAdapter(wire),
        handler.TurnHandler(front),
        messenger.TeamsMessenger(wire, settings.tenants, bot_id),
        closing,
    )
