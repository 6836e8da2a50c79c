"""Microsoft's host names on loopback: a certificate of our own, a resolver that leads there, and MSAL's way in."""

from __future__ import annotations

import datetime
import functools
import socket
import ssl
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
import requests
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOSTS = ("smba.trafficmanager.net", "login.botframework.com")


class LoopbackResolver(AbstractResolver):
    """Leads every name to one port on this machine, and remembers which were asked for."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=socket.AF_INET, proto=0, flags=0)
        ]

    async def close(self) -> None:
        return None


class LoopbackHttp(requests.Session):
    """Sends what is meant for one https origin to a plain one on this machine."""

    def __init__(self, origin: str, plain: str) -> None:
        super().__init__()
        self._origin = origin
        self._plain = plain

    def request(self, method: str, url: str, **arguments: Any) -> requests.Response:  # type: ignore[override]
        return super().request(method, url.replace(self._origin, self._plain, 1), **({"timeout": 10} | arguments))


def session(port: int) -> aiohttp.ClientSession:
    """A session for which every host is this machine, and which trusts our certificate only."""
    connector = aiohttp.TCPConnector(resolver=LoopbackResolver(port), ssl=_client_context())
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


@functools.cache
def _certificate() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Fake Teams")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM), private


def server_context() -> ssl.SSLContext:
    """TLS for the stand-in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate, private = _certificate()
    with tempfile.TemporaryDirectory() as folder:
        pem = Path(folder) / "fake.pem"
        pem.write_bytes(certificate + private)
        context.load_cert_chain(pem)
    return context


def _client_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=_certificate()[0].decode())
    return context
