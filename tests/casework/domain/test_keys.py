"""Seals open only where they were made; fingerprints find and tell nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain import keys
from casework.domain.keys import Blob, Keyring, SealKey

OLD, NEW = SealKey("2025", b"o" * 32), SealKey("2026", b"n" * 32)


def ring(*sealing: SealKey, index_key: bytes = b"i" * 32) -> Keyring:
    return Keyring(sealing=sealing or (NEW,), index_key=index_key, chain_key=b"c" * 32)


@given(text=st.text(st.characters(exclude_categories=["Cs"])), record=st.text(st.characters(exclude_categories=["Cs"])))
def test_seal_opens_to_the_same_text(text: str, record: str) -> None:
    blob = ring().seal(text, record=record)

    assert ring().open(blob, record=record) == text


@given(flipped=st.integers(min_value=0), text=st.text("ab", max_size=20))
def test_open_refuses_any_changed_byte(flipped: int, text: str) -> None:
    blob = bytearray(ring().seal(text, record="people.name:1"))
    blob[flipped % len(blob)] ^= 1

    with pytest.raises(keys.SealError):
        ring().open(bytes(blob), record="people.name:1")


@pytest.mark.parametrize("length", range(48))
def test_open_refuses_every_cut(length: int) -> None:
    blob = ring().seal("A" * 14, record="r")

    with pytest.raises(keys.BrokenSeal):
        ring().open(blob[:length], record="r")


def test_open_refuses_another_records_seal() -> None:
    blob = ring().seal("Found alone", record="ntks.narrative:1")

    with pytest.raises(keys.BrokenSeal):
        ring().open(blob, record="ntks.narrative:2")


def test_open_refuses_another_key_of_the_same_id() -> None:
    blob = ring(SealKey("k", b"a" * 32)).seal("AB", record="r")

    with pytest.raises(keys.BrokenSeal):
        ring(SealKey("k", b"b" * 32)).open(blob, record="r")


def test_open_names_a_missing_key() -> None:
    blob = ring(OLD).seal("AB", record="r")

    with pytest.raises(keys.UnknownKey, match="2025"):
        ring(NEW).open(blob, record="r")


def test_ring_opens_with_old_keys_and_seals_with_the_first() -> None:
    old = ring(OLD).seal("AB", record="r")

    fresh = ring(NEW, OLD).seal("AB", record="r")

    assert (ring(NEW, OLD).open(old, record="r"), ring(NEW).open(fresh, record="r")) == ("AB", "AB")


def test_seal_of_one_text_differs_each_time() -> None:
    assert ring().seal("AB", record="r") != ring().seal("AB", record="r")


def test_seal_is_a_blob() -> None:
    assert type(ring().seal("AB", record="r")) is Blob


def test_json_comes_back_as_it_was() -> None:
    value = {"what_happened": "Gefunden – Ünal", "known": [1, True, None]}

    blob = ring().seal_json(value, record="r")

    assert ring().open_json(blob, record="r") == value


def test_fingerprint_depends_on_text_purpose_and_key() -> None:
    prints = {
        ring().fingerprint("100101", purpose="cases.case_id"),
        ring().fingerprint("100102", purpose="cases.case_id"),
        ring().fingerprint("100101", purpose="inbound.key"),
        ring(index_key=b"j" * 32).fingerprint("100101", purpose="cases.case_id"),
    }

    assert (len(prints), {len(one) for one in prints}) == (4, {64})


def test_fingerprint_is_steady() -> None:
    assert ring().fingerprint("100101", purpose="p") == ring().fingerprint("100101", purpose="p")


@pytest.mark.parametrize(
    ("sealing", "index_key"),
    [
        ((), b"i" * 32),
        ((SealKey("k", b"short"),), b"i" * 32),
        ((NEW,), b""),
        ((NEW, SealKey("2026", b"x" * 32)), b"i" * 32),
        ((SealKey("", b"s" * 32),), b"i" * 32),
        ((SealKey("schlüssel", b"s" * 32),), b"i" * 32),
        ((SealKey("k" * 256, b"s" * 32),), b"i" * 32),
    ],
)
def test_keyring_refuses_unusable_keys(sealing: tuple[SealKey, ...], index_key: bytes) -> None:
    with pytest.raises(ValueError, match="key"):
        Keyring(sealing=sealing, index_key=index_key, chain_key=b"c" * 32)


def test_key_shows_no_secret() -> None:
    assert repr(NEW) == "SealKey(key_id='2026')"
