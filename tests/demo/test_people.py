"""The council's people are read once each, and asked for by first name."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo import people

SAM = people.Person(key="sam", name="Sam Okafor", entra_object_id="a0000000-0000-4000-8000-000000000001")
TARA = people.Person(key="tara", name="Tara Whitfield", entra_object_id="a0000000-0000-4000-8000-000000000002")


def written(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("\n".join(["entra_object_id,name,role", *rows]), encoding="utf-8")
    return path


def test_read_gives_each_person_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "A0000000-0000-4000-8000-000000000001,Sam Okafor,SW",
        "a0000000-0000-4000-8000-000000000002,Tara Whitfield,TM",
        "a0000000-0000-4000-8000-000000000001,Sam Okafor,CH",
    )

    read = people.read(path)

    assert read == [SAM, TARA]


def test_read_refuses_two_people_of_one_first_name(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "a0000000-0000-4000-8000-000000000001,Sam Okafor,SW",
        "a0000000-0000-4000-8000-000000000002,Sam Whitfield,TM",
    )

    with pytest.raises(ValueError, match="share a first name"):
        people.read(path)


def test_read_refuses_an_id_that_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, "1234567890123,Sam Okafor,SW")

    with pytest.raises(ValueError, match="badly formed"):
        people.read(path)


def test_read_of_the_demo_finds_enough_people_for_a_window() -> None:
    council = people.read()

    assert len(council) >= 6
    assert all(person.email == f"{person.key}@council.test" for person in council)


def test_chosen_gives_the_asked_for_in_their_order_once() -> None:
    chosen = people.chosen(["Tara", " sam ", "", "tara"], [SAM, TARA])

    assert chosen == [TARA, SAM]


def test_chosen_says_who_there_is_when_one_is_unknown() -> None:
    with pytest.raises(ValueError, match=r"^Nobody is called bob\. There are: sam, tara\.$"):
        people.chosen(["sam", "bob"], [SAM, TARA])
