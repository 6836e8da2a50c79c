"""The keys personal data is sealed with, and the keyed hashes by which sealed rows are found and the audit is held."""

from __future__ import annotations

import hmac
import json
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE_BYTES = 12
TAG_BYTES = 16
SECRET_BYTES = 32


class Blob(bytes):
    """A sealed value: version, length of the key id, key id, nonce, ciphertext with tag. `Keyring.seal` makes it."""


class SealError(Exception):
    """A sealed value can't be opened. `code` is a machine word; the message holds nothing of the value."""

    code = "seal"


class UnknownKey(SealError):
    """It was sealed with a key that is not on the ring: a key is missing from USHER_KEYS."""

    code = "unknown_key"


class BrokenSeal(SealError):
    """It was changed, swapped with another record's, or sealed with another key of the same id."""

    code = "broken_seal"


@dataclass(frozen=True, slots=True)
class SealKey:
    """One sealing key: an ASCII id of 1 to 255 characters that stands in every blob, and 32 secret bytes."""

    key_id: str
    secret: bytes = field(repr=False)


class Keyring:
    """Seals with the first key, opens with any. AES-256-GCM, the record's id as associated data (reliability S9)."""

    def __init__(self, *, sealing: tuple[SealKey, ...], index_key: bytes, chain_key: bytes) -> None:
        """Keys are 32 bytes each; raises ValueError for none, for another length, or for one id given twice."""
        if not sealing or any(len(key) != SECRET_BYTES for key in (index_key, chain_key, *(k.secret for k in sealing))):
            raise ValueError(f"a keyring needs a sealing key, and every key needs {SECRET_BYTES} bytes")
        self._ciphers = {_header(key.key_id): AESGCM(key.secret) for key in sealing}
        if len(self._ciphers) != len(sealing):
            raise ValueError("two sealing keys have one id")
        self._active = _header(sealing[0].key_id)
        self._index_key = index_key
        self._chain_key = chain_key

    def seal(self, text: str, *, record: str) -> Blob:
        """Seal a text for one record, such as "people.name:<id>"; nowhere else can it be opened."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._active].encrypt(nonce, text.encode(), self._active + record.encode())
        return Blob(self._active + nonce + sealed)

    def open(self, blob: bytes, *, record: str) -> str:
        """The text sealed for this record; raises UnknownKey or BrokenSeal."""
        start = 2 + blob[1] if len(blob) > 1 else 0
        if blob[:1] != VERSION or len(blob) < start + NONCE_BYTES + TAG_BYTES:
            raise BrokenSeal("not a sealed value")
        header, nonce, sealed = blob[:start], blob[start : start + NONCE_BYTES], blob[start + NONCE_BYTES :]
        cipher = self._ciphers.get(header)
        if cipher is None:
            raise UnknownKey(f"no key of the id {header[2:].decode('ascii', 'replace')!r} is on the ring")
        try:
            return cipher.decrypt(nonce, sealed, header + record.encode()).decode()
        except InvalidTag:
            raise BrokenSeal("changed, or another record's") from None

    def seal_json(self, value: object, *, record: str) -> Blob:
        """Seal what JSON can hold (dicts of str, lists, str, numbers, booleans, None) for one record."""
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")), record=record)

    def open_json(self, blob: bytes, *, record: str) -> object:
        """The value `seal_json` was given for this record; raises as `open` does."""
        value: object = json.loads(self.open(blob, record=record))
        return value

    def fingerprint(self, text: str, *, purpose: str) -> str:
        """A keyed hash (HMAC-SHA256, 64 hex digits) that finds a sealed value without storing it in the clear.

        Normalise before: equal texts of one purpose are equal here, and nothing else is.
        """
        return hmac.digest(self._index_key, f"{purpose}\n{text}".encode(), "sha256").hex()

    def chain_mac(self, message: bytes) -> str:
        """The keyed hash (HMAC-SHA256, 64 hex digits) that holds audit rows and their chain (reliability S10)."""
        return hmac.digest(self._chain_key, message, "sha256").hex()


def _header(key_id: str) -> bytes:
    name = key_id.encode("ascii", "replace")
    if not 0 < len(name) < 256 or name.decode() != key_id:
        raise ValueError("a sealing key's id is 1 to 255 ASCII characters")
    return VERSION + bytes([len(name)]) + name
