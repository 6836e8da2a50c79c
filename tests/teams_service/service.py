"""The whole of the stand-in: starts on loopback, serves Entra and the Bot Connector, and makes people."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web
from requests import Session

from bot.web import server
from tests.teams_service import tls
from tests.teams_service.chats import Chats, Request, Shown
from tests.teams_service.entra import Entra
from tests.teams_service.faults import Fault
from tests.teams_service.people import Person

APP_ID = "1a1a1a1a-2b2b-4c4c-8d8d-5e5e5e5e5e5e"
TENANT_ID = "9f9f9f9f-8e8e-4d4d-8c8c-5b5b5b5b5b5b"
SECRET = "a-client-secret-of-the-fake"
PRODUCTION_SERVICE_URL = "https://smba.trafficmanager.net/uk/"


class RealClock:
    """The time it is, as casework.ports.Clock asks for it."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class Answer:
    """What the bot answered over HTTP: `body` is parsed JSON, or None."""

    status: int
    body: Any


class FakeTeams:
    """Use as `async with FakeTeams() as teams`.

    `production`: as in a council, with signed tokens, https and Microsoft's host names (led to loopback by
    `session()`). Otherwise as in development, over http on loopback: with signed tokens when `signed`, else without.
    """

    def __init__(self, *, production: bool = False, signed: bool = False) -> None:
        self.is_production = production
        self.is_signed = signed or production
        self.entra = Entra(APP_ID, SECRET)
        self.chats = Chats(self.entra, must_authenticate=self.is_signed)
        self.bot_id = f"28:{APP_ID}"
        self.messages_url = ""
        self.origin = ""
        self.strays: list[str] = []
        self._runners: list[web.AppRunner] = []
        self._tls_port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.add_routes([*self.entra.routes(), *self.chats.routes()])
        app.router.add_route("*", "/{path:.*}", self._stray)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self.entra.keys_origin = self.entra.origin = self.origin
        # MSAL accepts https authorities only; the bot leads this one back to http on loopback
        self.entra.origin = self.origin.replace("http://", "https://")
        if self.is_production:
            await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.server_context()).start()
            self._tls_port = runner.addresses[1][1]
            self.entra.origin = "https://login.microsoftonline.com"
            self.entra.keys_origin = "https://login.botframework.com"
        # talks to the bot; the bot's own session is another
        self._client = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()
        for runner in reversed(self._runners):
            await runner.cleanup()

    @property
    def service_url(self) -> str:
        return PRODUCTION_SERVICE_URL if self.is_production else f"{self.origin}/teams/"

    @property
    def requests(self) -> list[Request]:
        """Every request the bot made of the Connector, in order."""
        return self.chats.requests

    def environ(self, **changed: str) -> dict[str, str]:
        """An environment for bot.config.Settings that leads to this service; `changed` adds to it or overrides."""
        if not self.is_signed:
            return {"USHER_ENV": "development"} | changed
        microsoft = {
            "MicrosoftAppId": APP_ID,
            "MicrosoftAppPassword": SECRET,
            "MicrosoftAppType": "SingleTenant",
            "MicrosoftAppTenantId": TENANT_ID,
        }
        if not self.is_production:
            addresses = {
                "USHER_LOGIN_URL": self.origin,
                "USHER_OPENID_URL": f"{self.origin}/v1/.well-known/openidconfiguration",
            }
            return {"USHER_ENV": "development"} | microsoft | addresses | changed
        keys = {name: _key(name) for name in ("USHER_INDEX_KEY", "USHER_CHAIN_KEY")}
        more = {"USHER_KEYS": f"k1:{_key('USHER_KEYS')}", "USHER_DATABASE_URL": "sqlite:///var/test.sqlite3"}
        return {"USHER_ENV": "production"} | microsoft | keys | more | changed

    def session(self) -> aiohttp.ClientSession:
        """A session for the bot: in production mode Microsoft's host names lead here, over TLS."""
        if not self.is_production:
            return aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return tls.session(self._tls_port)

    def entra_http(self) -> Session | None:
        """MSAL's way to this service in production mode; None where the settings already lead here."""
        return tls.LoopbackHttp("https://login.microsoftonline.com", self.origin) if self.is_production else None

    async def serve(self, app: web.Application) -> str:
        """Run the bot's application on loopback until the end, and send people's activities to it."""
        runner = await server.listen(app, "127.0.0.1", 0, seconds_to_finish=0.1)
        self._runners.append(runner)
        origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self.messages_url = f"{origin}/api/messages"
        return origin

    def person(self, entra_object_id: str | None = "", name: str = "Somebody", tenant: str = TENANT_ID) -> Person:
        """Somebody with a one-to-one chat: "" makes an Entra id up from the name, None is a guest without one."""
        own_id = str(uuid.uuid5(uuid.NAMESPACE_OID, name)) if entra_object_id == "" else entra_object_id
        mark = hashlib.sha256(f"{own_id}{name}{tenant}".encode()).hexdigest()[:24]
        return Person(
            teams=self,
            entra_object_id=own_id,
            name=name,
            tenant_id=tenant,
            member_id=f"29:{mark}",
            conversation_id=f"a:{mark}",
        )

    def fail(self, fault: Fault, *, times: int = 1, person: Person | None = None, method: str | None = None) -> None:
        """Let the Connector answer the next `times` requests (into this person's chat, of this method) with `fault`."""
        conversation_id = person.conversation_id if person else None
        self.chats.fail(fault, times=times, conversation_id=conversation_id, method=method)

    def group(self, conversation_id: str) -> list[Shown]:
        """What stands in a group chat."""
        return self.chats.shown(conversation_id)

    def activity(self, person: Person, kind: str, *, in_group: str | None = None) -> dict[str, Any]:
        """An inbound activity as Teams sends it, without the parts of its kind."""
        sender = {"id": person.member_id, "name": person.name}
        if person.entra_object_id is not None:
            sender["aadObjectId"] = person.entra_object_id
        conversation: dict[str, Any] = {"id": in_group or person.conversation_id, "tenantId": person.tenant_id}
        conversation["conversationType"] = "groupChat" if in_group else "personal"
        if in_group:
            conversation["isGroup"] = True
        return {
            "type": kind,
            "id": self.chats.new_id(),
            "timestamp": "2026-11-23T09:00:00.000Z",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "from": sender,
            "conversation": conversation,
            "recipient": {"id": self.bot_id, "name": "Usher"},
            "entities": [{"locale": "en-GB", "country": "GB", "platform": "Windows", "type": "clientInfo"}],
            "channelData": {"tenant": {"id": person.tenant_id}},
            "locale": "en-GB",
        }

    async def _stray(self, request: web.Request) -> web.StreamResponse:
        """Teams and Entra serve nothing else: whatever comes here was sent astray."""
        self.strays.append(request.path)
        raise web.HTTPNotFound

    async def post(self, activity: Any, *, authorization: str | None = None) -> Answer:
        """Send an activity to the bot, signed where this service signs; `authorization` is another header's value."""

        return await self.post_raw(json.dumps(activity).encode(), authorization=authorization)

    async def post_raw(
        self, body: bytes, *, authorization: str | None = None, content_type: str = "application/json; charset=utf-8"
    ) -> Answer:
        """Send any bytes to the bot."""
        headers = {"Content-Type": content_type}
        if authorization is None and self.is_signed:
            authorization = f"Bearer {self.entra.sign(self.service_url)}"
        if authorization:
            headers["Authorization"] = authorization
        async with self._client.post(self.messages_url, data=body, headers=headers) as answer:
            text = await answer.text()
            return Answer(answer.status, await answer.json() if text else None)


def _key(name: str) -> str:
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()
