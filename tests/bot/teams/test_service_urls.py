"""The allow-list of addresses: whatever is not exactly on it gets no token."""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.teams import service_urls

HOSTS = frozenset({"smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"})
PRODUCTION = service_urls.ServiceUrls(HOSTS, allows_loopback=False)
DEVELOPMENT = service_urls.ServiceUrls(HOSTS, allows_loopback=True)
EXAMPLES = 10_000 if os.environ.get("USHER_LONG") == "1" else 300

GOOD = [
    "https://smba.trafficmanager.net/uk/",
    "https://smba.trafficmanager.net/uk",
    "https://smba.trafficmanager.net/",
    "https://smba.trafficmanager.net",
    "https://smba.trafficmanager.net/uk/99999999-8888-4777-8666-555555555555/",
    "https://smba.infra.gcc.teams.microsoft.com/teams/",
]
LOOPBACK = [
    "http://127.0.0.1:56150/_connector",
    "http://localhost:56150/_connector",
    "http://[::1]:9/",
    "http://localhost",
]
BAD = [
    "",
    "smba.trafficmanager.net",
    "http://smba.trafficmanager.net/uk/",
    "HTTPS://smba.trafficmanager.net/uk/",
    "https://SMBA.trafficmanager.net/uk/",
    "https://trafficmanager.net/",
    "https://evil.trafficmanager.net/uk/",
    "https://smba.trafficmanager.net.evil.example/uk/",
    "https://smba.trafficmanager.net@evil.example/",
    "https://evil.example@smba.trafficmanager.net/",
    "https://user:pass@smba.trafficmanager.net/",
    "https://smba.trafficmanager.net:443/uk/",
    "https://smba.trafficmanager.net:8443/uk/",
    "https://smba.trafficmanager.net./uk/",
    "https://smba.trafficmanager.net/uk/?x=1",
    "https://smba.trafficmanager.net/uk/#x",
    "https://smba.trafficmanager.net/uk/../../x/",
    "https://smba.trafficmanager.net/./x",
    "https://smba.trafficmanager.net/%2e%2e/x",
    "https://smba.trafficmanager.net//evil.example/",
    "https://smba.trafficmanager.net\\@evil.example/",
    "https:\\\\smba.trafficmanager.net/",
    "https:///smba.trafficmanager.net/",
    "https://smba.trafficmanager.net\t/uk/",
    "https://smba.trafficmanager.net/uk/\n",
    " https://smba.trafficmanager.net/uk/",
    "https://smba.trafficmanager.net/uk/\0",
    "https://xn--smba-trafficmanager.net/",
    "https://smba。trafficmanager。net/",
    "https://ѕmba.trafficmanager.net/",
    "https://169.254.169.254/latest/meta-data/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://[::1]/",
    "https://localhost/",
    "http://127.0.0.1.evil.example/",
    "http://127.0.0.2/",
    "http://localhost@evil.example/",
    "http://localhost:80:80/",
    "http://localhost:/x",
    "http://10.0.0.1/",
    "file:///etc/passwd",
    "ftp://localhost/",
    "https://smba.trafficmanager.net/" + "x" * 500,
]


@pytest.mark.parametrize("url", GOOD)
def test_a_listed_https_host_is_allowed(url: str) -> None:
    assert (PRODUCTION.allows(url), DEVELOPMENT.allows(url)) == (True, True)


@pytest.mark.parametrize("url", LOOPBACK)
def test_this_machine_is_allowed_in_development_only(url: str) -> None:
    assert (PRODUCTION.allows(url), DEVELOPMENT.allows(url)) == (False, True)


@pytest.mark.parametrize("url", BAD)
def test_anything_else_is_refused(url: str) -> None:
    assert (PRODUCTION.allows(url), DEVELOPMENT.allows(url)) == (False, False)


HOSTILE = st.builds(
    "".join,
    st.lists(
        st.sampled_from(
            [
                *(
                    "https://",
                    "http://",
                    "//",
                    "/",
                    "\\",
                    "@",
                    ":",
                    ".",
                    "..",
                    "#",
                    "?",
                    "%2f",
                    "%00",
                    "\t",
                    "\r\n",
                    " ",
                ),
                *("smba.trafficmanager.net", "trafficmanager.net", "evil.example", "localhost", "127.0.0.1", "[::1]"),
                *("169.254.169.254", "xn--", "uk", "443", "user", "\u3002", "\u202e", "SMBA", "-", "_", "~"),
            ]
        )
        | st.characters(),
        min_size=1,
        max_size=9,
    ),
)


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(HOSTILE | st.builds("https://smba.trafficmanager.net{}".format, HOSTILE))
@example("https://smba.trafficmanager.net/uk/")
def test_what_is_allowed_leads_to_a_listed_host_by_every_reading(url: str) -> None:
    if PRODUCTION.allows(url):
        read = urlsplit(url)
        assert (read.scheme, read.hostname in HOSTS, read.port, read.username, read.query, read.fragment) == (
            *("https", True, None, None, "", ""),
        )
        assert url.isascii()
        assert ".." not in url.split("/")


class Fixed(AbstractResolver):
    """Answers the addresses it was made with."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)
            for address in self._addresses
        ]

    async def close(self) -> None:
        return None


async def test_a_name_keeps_its_public_addresses_only() -> None:
    resolver = service_urls.PublicResolver(Fixed("10.1.2.3", "52.113.194.132", "169.254.169.254", "2603:1000::1"))

    found = await resolver.resolve("smba.trafficmanager.net", 443)

    assert [result["host"] for result in found] == ["52.113.194.132", "2603:1000::1"]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1"),
    ],
)
async def test_a_name_that_leads_inwards_leads_nowhere(address: str) -> None:
    resolver = service_urls.PublicResolver(Fixed(address))

    with pytest.raises(OSError, match="no public address"):
        await resolver.resolve("smba.trafficmanager.net", 443)
