"""Samples are read whole or refused by name, and weighed as Teams weighs them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gallery import samples

HERE = Path(__file__).parent


def test_read_gives_the_samples_by_name() -> None:
    read = samples.read(HERE / "cards")

    assert [sample.name for sample in read] == ["good", "pale", "wide"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{", "one.json is no sample of a card: Expecting property name enclosed in double quotes"),
        ('{"name": "one", "card": {}}', "one.json is no sample of a card: "),
        ('{"name": "two", "summary": "", "card": {}}', "one.json holds the sample two."),
    ],
)
def test_read_refuses_a_file_that_is_no_sample(written: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text(written, encoding="utf-8")

    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        samples.read(tmp_path)


def test_read_refuses_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text(json.dumps({}), encoding="utf-8")

    with pytest.raises(ValueError, match=f"^There are no samples in {tmp_path.name}.$"):
        samples.read(tmp_path)


@pytest.mark.parametrize(("words", "added"), [("a", 2), ("é", 2), ("€", 2), ("😀", 4), ('"', 4), ("\n", 4)])
def test_weight_counts_two_bytes_a_unit_of_utf_16(words: str, added: int) -> None:
    empty = samples.weight({"a": ""})

    weight = samples.weight({"a": words})

    assert (empty, weight) == (16, 16 + added)
