"""A wrong rulebook is refused with file, key and reason; the default is right and says where each value comes from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from casework.rulebook import reader


def spoilt(tmp_path: Path, file: str, old: str, new: str) -> Path:
    text = (reader.DEFAULT / file).read_text()
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1))
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "said"),
    [
        ("panels.toml", "slots = 10", "slots = 11", "panels.ARP", "don't fit"),
        ("panels.toml", 'weekday = "monday"', 'weekday = "sunday"', "panels.ARP.schedule.weekday", "monday"),
        ("panels.toml", 'end = "16:30"', 'end = "13:00"', "panels.ARP", "not after start"),
        ("panels.toml", "slot_minutes = 15", "slot_minuts = 15", "panels.ARP.slot_minuts", ""),
        ("panels.toml", 'incorporated_in = "ARP"', 'incorporated_in = "NONE"', "panels.HP.incorporated_in", "no such"),
        (
            "panels.toml",
            'incorporated_in = "ARP"',
            'incorporated_in = "HP"',
            "panels.HP.incorporated_in",
            "no sittings",
        ),
        ("panels.toml", "anchor = 2026-01-26", "anchor = 2026-01-27", "panels.HP.schedule", "does not sit"),
        ("panels.toml", 'code = "PLO"', 'code = "ARP"', "panels.ARP", "twice"),
        ("ntk.toml", 'tiers = ["TM", "SM", "HOS"]', 'tiers = ["TM", "BOSS"]', "levels.3.tiers", "BOSS"),
        ("ntk.toml", "level = 1", "level = 7", "categories.DEATH.level", "no such level"),
        ("ntk.toml", 'code = "CLDEATH"', 'code = "DEATH"', "categories.DEATH", "twice"),
        ("council.toml", "'\\d{4,10}'", "'['", "council.case_id_pattern", "regular expression"),
        ("council.toml", '"123456"', '"AB"', "council", "does not fit"),
        ("calendar.toml", 'first = "12-27"', 'first = "13-27"', "calendar.closures.13-27.first", ""),
        ("delivery.toml", 'at = "16:00"', 'at = "26:00"', "delivery.agenda.at", ""),
    ],
)
def test_a_fault_is_named_by_file_key_and_reason(
    tmp_path: Path, file: str, old: str, new: str, key: str, said: str
) -> None:
    folder = spoilt(tmp_path, file, old, new)

    with pytest.raises(reader.RulebookError) as refused:
        reader.read(folder)

    named = [(fault.file, fault.key) for fault in refused.value.faults]
    assert (file, key) in named
    assert any(said in fault.reason for fault in refused.value.faults if fault.key == key)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    spoilt(tmp_path, "council.toml", '"123456"', '"AB"')
    spoilt(tmp_path, "delivery.toml", 'at = "16:00"', 'at = "26:00"')

    with pytest.raises(reader.RulebookError) as refused:
        reader.read(tmp_path)

    assert {fault.file for fault in refused.value.faults} == {"council.toml", "delivery.toml"}


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "panels.toml").write_text("[[panels")

    with pytest.raises(reader.RulebookError) as refused:
        reader.read(tmp_path)

    assert refused.value.faults[0].file == "panels.toml"
    assert refused.value.faults[0].reason.startswith("can't be read")


def test_an_unknown_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pannels.toml").write_text("")

    with pytest.raises(reader.RulebookError) as refused:
        reader.read(tmp_path)

    assert [fault.file for fault in refused.value.faults] == ["pannels.toml"]


def test_a_council_s_file_takes_the_place_of_the_default(tmp_path: Path) -> None:
    folder = spoilt(tmp_path, "delivery.toml", "draft_days = 30", "draft_days = 14")

    assert reader.read(folder).delivery.draft_days == 14
    assert reader.read(None).delivery.draft_days == 30


def test_every_default_value_carries_its_source() -> None:
    found = reader.read_with_sources(None)

    assert [value.key for value in found.values if value.kind not in reader.KINDS] == []
    assert {value.kind for value in found.values} == {"founding document", "law", "published procedure", "proposal"}


def test_adopting_takes_proposals_off_the_list(tmp_path: Path) -> None:
    (tmp_path / "adopted.toml").write_text('adopted = ["panels.*", "ntk.*"]')

    left = {value.file for value in reader.read_with_sources(tmp_path).unadopted()}

    assert "panels.toml" not in left
    assert "delivery.toml" in left


def test_the_folder_named_must_exist(tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    with pytest.raises(reader.RulebookError) as refused:
        reader.read(gone)

    assert "no such folder" in str(refused.value)


def test_the_default_survives_a_trip_through_the_database() -> None:
    book = reader.read(None)

    assert type(book).model_validate_json(book.model_dump_json()) == book


def test_a_copy_of_the_default_is_the_default(tmp_path: Path) -> None:
    for file in reader.FILES:
        shutil.copy(reader.DEFAULT / file, tmp_path / file)

    assert reader.read(tmp_path) == reader.read(None)


def test_one_file_goes_over_a_rulebook_whatever_it_is_called(tmp_path: Path) -> None:
    book = reader.read(None)
    book = book.model_copy(update={"delivery": book.delivery.model_copy(update={"draft_days": 7})})
    text = (reader.DEFAULT / "panels.toml").read_text().replace("slots = 10", "slots = 9", 1)
    (tmp_path / "next year.toml").write_text(text)

    found = reader.over(book, tmp_path / "next year.toml")

    assert (book.panel("ARP").slots, found.panel("ARP").slots, found.delivery.draft_days) == (10, 9, 7)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "new.toml: -: holds no table of a rulebook"),
        ("[panells]\na = 1", "new.toml: panells: no rulebook has such a table"),
        ("[panels", "new.toml: -: can't be read"),
        ("[delivery]\ndraft_days = 0", "delivery.toml: delivery.draft_days"),
    ],
)
def test_one_file_with_a_fault_is_refused_by_key(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "new.toml").write_text(text)

    with pytest.raises(reader.RulebookError) as wrong:
        reader.over(reader.read(None), tmp_path / "new.toml")

    assert said in str(wrong.value)
