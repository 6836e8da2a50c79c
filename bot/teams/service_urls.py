"""Which addresses a token of ours may be sent to: exact https hosts, and in development this machine as well."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass

from aiohttp.abc import AbstractResolver, ResolveResult

# No port, no user, no query, no percent sign, no backslash: nothing two parsers could read in two ways.
_HTTPS = re.compile(r"https://(?P<host>[a-z0-9.-]{1,253})(?P<path>(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?)\Z")
_LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?\Z")
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class ServiceUrls:
    """The allow-list, asked when an activity comes in and again at every send, since addresses lie in the database.

    Hosts are compared whole: anyone may register a name under *.trafficmanager.net.
    """

    hosts: frozenset[str]
    allows_loopback: bool

    def allows(self, url: str) -> bool:
        """Whether `url` is an https address on a listed host, or (development) an http address on this machine."""
        if len(url) > _LONGEST:
            return False
        match = _HTTPS.match(url)
        if match is not None and match["host"] in self.hosts:
            return True
        return self.allows_loopback and _LOOPBACK.match(url) is not None


class PublicResolver(AbstractResolver):
    """Name resolution that leaves out addresses inside a network, so that no name of ours can be bent inwards.

    `inner` does the looking up. Raises OSError where nothing public is left.
    """

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        public = [result for result in found if ipaddress.ip_address(result["host"].partition("%")[0]).is_global]
        if not public:
            raise OSError(None, "the name leads to no public address")
        return public

    async def close(self) -> None:
        await self._inner.close()
