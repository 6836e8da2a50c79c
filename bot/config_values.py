"""What each kind of setting may hold: keys, hosts, addresses, tokens; a ValueError says what is wrong with one."""

from __future__ import annotations

import base64
import re
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, SecretBytes, SecretStr

KEY_BYTES = 32
SHORTEST_TOKEN = 16
# One mailbox as it may stand on the wire: no name beside it, no quotes, no blanks, nothing beyond ASCII.
MAILBOX = re.compile(
    r"(?=.{3,254}\Z)(?=[^@]{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z",
    re.ASCII | re.IGNORECASE,
)

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
LOOPBACK_URL = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?\Z")
_PUBLIC_URL = re.compile(
    r"https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(:\d{1,5})?(/[A-Za-z0-9._~/-]*)?\Z"
)
_HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\Z")
_MAIL_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\Z")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,16}\Z")


class SealingKey(BaseModel):
    """One key personal data is sealed with, under the id that is stored beside every sealed value."""

    model_config = ConfigDict(frozen=True)

    key_id: str
    material: SecretBytes


def _key(value: object) -> SecretBytes | None:
    if value is None or isinstance(value, SecretBytes):
        return value
    try:
        material = base64.b64decode(str(value), validate=True)
    except ValueError:
        raise ValueError("it is not base64") from None
    if len(material) != KEY_BYTES:
        raise ValueError(f"it holds {len(material)} bytes, not {KEY_BYTES}")
    if len(set(material)) < KEY_BYTES // 4:
        raise ValueError("it is not random: the same few bytes repeat")
    return SecretBytes(material)


def keys(value: object) -> object:
    if not isinstance(value, str):
        return value
    keys = []
    for entry in _split(value):
        key_id, colon, encoded = entry.partition(":")
        if not colon or not _KEY_ID.match(key_id):
            raise ValueError("an entry is not of the form keyid:base64, with an id of letters, digits, - and _")
        keys.append(SealingKey(key_id=key_id, material=_key(encoded) or SecretBytes(b"")))
    if len({key.key_id for key in keys}) != len(keys):
        raise ValueError("two keys have the same id")
    return tuple(keys)


def _split(value: object) -> list[str]:
    return [part.strip() for part in str(value).split(",") if part.strip()]


def _names(value: object) -> object:
    return frozenset(part.lower() for part in _split(value)) if isinstance(value, str) else value


def _uuid(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise ValueError("it is not a GUID such as 11111111-2222-3333-4444-555555555555") from None


def tenants(value: frozenset[str]) -> frozenset[str]:
    return frozenset(_uuid(tenant) for tenant in value)


def hosts(value: frozenset[str]) -> frozenset[str]:
    wrong = sorted(host for host in value if not _HOST.match(host))
    if wrong:
        raise ValueError(f"{', '.join(wrong)} is not a plain host name (no *, no scheme, no port, no address)")
    return value


def database(value: object) -> object:
    if isinstance(value, str) and not re.match(r"(sqlite:///.+|postgresql://.+)\Z", value):
        raise ValueError("it is neither sqlite:///path nor postgresql://user:password@host/name")
    return value


def token(value: SecretStr | None) -> SecretStr | None:
    if value is not None and len(value.get_secret_value()) < SHORTEST_TOKEN:
        raise ValueError(f"it has fewer than {SHORTEST_TOKEN} characters")
    return value


def mail_host(value: str | None) -> str | None:
    if value is None:
        return None
    host = value.lower()
    if not _MAIL_HOST.match(host) and host not in LOOPBACK_HOSTS:
        raise ValueError("it is not a plain host name (no scheme, no port)")
    return host


def mailbox(value: str | None) -> str | None:
    if value is not None and not MAILBOX.match(value):
        raise ValueError("it is not a plain e-mail address such as usher@council.example")
    return value


def public_url(value: str | None) -> str | None:
    if value is None:
        return None
    trimmed = value.rstrip("/")
    if not _PUBLIC_URL.match(trimmed) and not LOOPBACK_URL.match(trimmed):
        raise ValueError("it is not an https address such as https://usher.council.example")
    return trimmed


OptionalKey = Annotated[SecretBytes | None, BeforeValidator(_key)]
Names = Annotated[frozenset[str], BeforeValidator(_names)]
Guid = Annotated[str, AfterValidator(_uuid)]
