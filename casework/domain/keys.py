"""The keys personal data is sealed with, and the keyed hashes by which sealed rows are found."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE_BYTES = 12


class Blob(bytes):
    """A sealed value: version, key id, nonce and ciphertext. Only `Keyring.seal` makes one."""


class SealError(Exception):
    """A sealed value can't be opened."""


class UnknownKey(SealError):
    """It was sealed with a key that is not on the ring: a key is missing from USHER_KEYS."""


class BrokenSeal(SealError):
    """It was changed, swapped with another record's, or sealed with another key of the same id."""


@dataclass(frozen=True, slots=True)
class SealKey:
    key_id: str
    secret: bytes


class Keyring:
    """Seals with the first key, opens with any. AES-256-GCM, the record's id as associated data (reliability S9)."""

    def __init__(self, *, sealing: tuple[SealKey, ...], index_key: bytes, chain_key: bytes) -> None:
        self._active = sealing[0]
        self._ciphers = {key.key_id.encode(): AESGCM(key.secret) for key in sealing}
        self._index_key = index_key
        self.chain_key = chain_key

    def seal(self, text: str, *, record: str) -> Blob:
        """Seal a text for one record, such as "people.name:<id>"; nowhere else can it be opened."""
        key_id = self._active.key_id.encode()
        header = VERSION + bytes([len(key_id)]) + key_id
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[key_id].encrypt(nonce, text.encode(), header + record.encode())
        return Blob(header + nonce + sealed)

    def open(self, blob: bytes, *, record: str) -> str:
        """The text sealed for this record; raises UnknownKey or BrokenSeal."""
        if len(blob) < 2 or blob[:1] != VERSION:
            raise BrokenSeal("not a sealed value")
        start = 2 + blob[1]
        header, nonce, sealed = blob[:start], blob[start : start + NONCE_BYTES], blob[start + NONCE_BYTES :]
        cipher = self._ciphers.get(header[2:])
        if cipher is None:
            raise UnknownKey(header[2:].decode("ascii", "replace"))
        try:
            return cipher.decrypt(nonce, sealed, header + record.encode()).decode()
        except (InvalidTag, ValueError):
            raise BrokenSeal("changed, or another record's") from None

    def seal_json(self, value: object, *, record: str) -> Blob:
        return self.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")), record=record)

    def open_json(self, blob: bytes, *, record: str) -> object:
        return json.loads(self.open(blob, record=record))

    def fingerprint(self, text: str, *, purpose: str) -> str:
        """A keyed hash (HMAC-SHA256, hex) that finds a sealed value without storing it in the clear."""
        return hmac.new(self._index_key, f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()
