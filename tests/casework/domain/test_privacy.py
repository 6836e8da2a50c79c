"""The privacy guard finds what identifies people, lets ordinary notes be, and stays as good as it was measured."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.domain.privacy import Finding, Kind, findings

LINES = Path(__file__).with_name("privacy_lines.tsv")
HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence and what should be found in it, as (kind, exact substring)."""

    text: str
    expected: tuple[tuple[Kind, str], ...]
    held_out: bool


def read_lines() -> list[Line]:
    """The labelled sentences. The held-out ones were written before the code and never tuned for."""
    lines = []
    for row in LINES.read_text(encoding="utf-8").splitlines():
        text, labels, *mark = row.split("\t")
        pairs = [label.split("=", 1) for label in labels.split(" | ") if label]
        lines.append(Line(text, tuple((Kind(kind), part) for kind, part in pairs), mark == [HELD_OUT]))
    return lines


def shown(text: str) -> list[tuple[Kind, str]]:
    return [(finding.kind, text[finding.start : finding.end]) for finding in findings(text)]


def counts(lines: list[Line]) -> dict[Kind, tuple[int, int, int]]:
    """Per kind: how many were expected, how many were found, how many of those were right to the letter."""
    expected: Counter[Kind] = Counter()
    found: Counter[Kind] = Counter()
    right: Counter[Kind] = Counter()
    for line in lines:
        wanted, got = Counter(line.expected), Counter(shown(line.text))
        expected.update(kind for kind, _ in wanted.elements())
        found.update(kind for kind, _ in got.elements())
        right.update(kind for kind, _ in (wanted & got).elements())
    return {kind: (expected[kind], found[kind], right[kind]) for kind in Kind}


def measure(lines: list[Line]) -> dict[Kind, tuple[float, float]]:
    """Precision and recall per kind. A finding counts only if it has the very letters that were expected."""
    return {
        kind: (right / found if found else 1.0, right / expected if expected else 1.0)
        for kind, (expected, found, right) in counts(lines).items()
    }


def overall(lines: list[Line]) -> tuple[float, float]:
    expected, found, right = (sum(column) for column in zip(*counts(lines).values(), strict=True))
    return right / found, right / expected


def of_set(held_out: bool) -> list[Line]:
    return [line for line in read_lines() if line.held_out is held_out]


# slightly below what was measured, so that one or two more slips fail; a kind not named here made no slip
FLOORS: dict[bool, dict[Kind, tuple[float, float]]] = {
    False: {Kind.NAME: (0.98, 0.98)},
    True: {Kind.NAME: (0.87, 0.95), Kind.DATE_OF_BIRTH: (0.9, 0.99), Kind.PHONE: (0.87, 0.99)},
}
OVERALL = {False: (0.98, 0.98), True: (0.9, 0.97)}


def test_the_lines_are_many_and_mostly_ordinary() -> None:
    lines = read_lines()

    assert len(lines) >= 260
    assert sum(line.held_out for line in lines) * 3 >= len(lines) - 10
    assert sum(not line.expected for line in lines) * 2 >= len(lines)
    assert all(part in line.text for line in lines for _, part in line.expected)


@pytest.mark.parametrize("held_out", [False, True])
@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_stays_above_its_floor(kind: Kind, held_out: bool) -> None:
    precision, recall = measure(of_set(held_out))[kind]

    floor = FLOORS[held_out].get(kind, (0.99, 0.99))
    assert (precision >= floor[0], recall >= floor[1]) == (True, True), (precision, recall)


@pytest.mark.parametrize("held_out", [False, True])
def test_all_kinds_together_stay_above_the_floor(held_out: bool) -> None:
    precision, recall = overall(of_set(held_out))

    assert precision >= OVERALL[held_out][0]
    assert recall >= OVERALL[held_out][1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AB and C.D. were seen by the SW, MGM and Child A at A&E, s47 agreed with the LADO.",
        "Team Manager, Legal Gateway Panel and North Street Children's Centre told on Monday Morning.",
        "William Street flats and St Mary's Primary School are near Thomas Telford Academy.",
        "Will attend on 3 December at 14:30. May need a bed. Hope to hear. Mark on left arm.",
        "Meeting at 14:30 on 23/11/2026, on a plan since 12/05/2019.",
        "Unborn baby, EDD 14/02/2027, pre-birth assessment on 4 December.",
        "SE1, the A1 road, M5 junction 4, s20 and s31 1st hearing.",
        "Childline 0800 1111, police 101, log 0423 of 22/11/2026.",
        "Order 4500123456, case 2026-00123, costs £1,250,000.",
        "485-777-3456 fails the check digit and nothing calls it a patient's number",
        "5 boys ran down the street and 3 children were in the road.",
        "MUM REFUSED TO LET STAFF IN, POLICE FORCED DOOR, CHILDREN SAFE",
    ],
)
def test_ordinary_notes_are_let_be(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "part"),
    [
        ("Spoke to Sarah Jones today", Kind.NAME, "Sarah Jones"),
        ("sarah jones said no", Kind.NAME, "sarah jones"),
        ("SARAH JONES SAID NO", Kind.NAME, "SARAH JONES"),
        ("it was kyle who rang", Kind.NAME, "kyle"),
        ("Mrs Patel rang", Kind.NAME, "Mrs Patel"),
        ("seen by Dr. O'Neill", Kind.NAME, "Dr. O'Neill"),
        ("PC Smith attended", Kind.NAME, "PC Smith"),
        ("her brother Zorian left", Kind.NAME, "Zorian"),
        ("a lad named Zorian left", Kind.NAME, "Zorian"),
        ("Zorian's mum rang", Kind.NAME, "Zorian"),
        ("Zorian disclosed it in class", Kind.NAME, "Zorian"),
        ("staying with Zorian Velmar", Kind.NAME, "Zorian Velmar"),
        ("Will was seen by police", Kind.NAME, "Will"),
        ("I saw Grace at home", Kind.NAME, "Grace"),
        ("Emma Hall came", Kind.NAME, "Emma Hall"),
        ("seen by J. Whitmore", Kind.NAME, "J. Whitmore"),
        ("AB, d.o.b. 1.2.19", Kind.DATE_OF_BIRTH, "1.2.19"),
        ("born on 3rd of June 2016", Kind.DATE_OF_BIRTH, "3rd of June 2016"),
        ("Her birthday is 3 December.", Kind.DATE_OF_BIRTH, "3 December"),
        ("AB (12/05/2014) is safe", Kind.DATE_OF_BIRTH, "12/05/2014"),
        ("12/05/2014 is the date of birth", Kind.DATE_OF_BIRTH, "12/05/2014"),
        ("DOB-12/11/2010", Kind.DATE_OF_BIRTH, "12/11/2010"),
        ("sy38hq is the area", Kind.POSTCODE, "sy38hq"),
        ("EC1A 1BB it is", Kind.POSTCODE, "EC1A 1BB"),
        ("ring 01632 960 123", Kind.PHONE, "01632 960 123"),
        ("ring +44 7700 900789", Kind.PHONE, "+44 7700 900789"),
        ("ring 07911 123456", Kind.PHONE, "07911 123456"),
        ("write to a.b@school.example.org.", Kind.EMAIL, "a.b@school.example.org"),
        ("on the band: 943-476-5870", Kind.NHS_NUMBER, "943-476-5870"),
        ("NHS no. 999 312 4567 may be wrong", Kind.NHS_NUMBER, "999 312 4567"),
        ("at 14 Acacia Avenue", Kind.ADDRESS, "14 Acacia Avenue"),
        ("at flat 2b, 14 high street", Kind.ADDRESS, "flat 2b, 14 high street"),
        ("in Flat 12 Mortimer Court", Kind.ADDRESS, "Flat 12 Mortimer Court"),
    ],
)
def test_one_identifier_is_found_to_the_letter(text: str, kind: Kind, part: str) -> None:
    assert shown(text) == [(kind, part)]


def test_the_more_telling_kind_wins() -> None:
    assert shown("sarah.jones@example.org") == [(Kind.EMAIL, "sarah.jones@example.org")]
    assert shown("NHS number 943 476 5919") == [(Kind.NHS_NUMBER, "943 476 5919")]


def test_offsets_count_in_the_text_as_given() -> None:
    text = "\U0001f6a8 naïve – Zoë Ångström rang"

    assert shown(text) == [(Kind.NAME, "Zoë Ångström")]


WORDS = [
    "Sarah",
    "jones",
    "Will",
    "was",
    "seen",
    "mum",
    "dob",
    "12/05/2014",
    "07700 900123",
    "SY3 8HQ",
    "14",
    "High St",
]
MARKS = ["943 476 5919", "a@b.example", ",", ".", "'s", "\n", "-", "(", "İ", "ﬁ", "\u0301", "ẞ", "ǅ", "0", "@", "AB"]
PIECES = st.lists(st.sampled_from([*WORDS, *MARKS]), max_size=60)


@given(text=st.one_of(st.text(max_size=200), PIECES.map(" ".join), PIECES.map("".join)))
def test_findings_lie_in_the_text_in_order_and_apart(text: str) -> None:
    found = findings(text)

    bounds = [bound for finding in found for bound in (finding.start, finding.end)]
    assert bounds == sorted(bounds)
    assert all(0 <= finding.start < finding.end <= len(text) for finding in found)
    assert all(text[finding.start : finding.end].strip() == text[finding.start : finding.end] for finding in found)


HOSTILE = [
    "a",
    "A",
    "Aa ",
    "a-",
    "A'",
    "A. ",
    "Mr ",
    "O'",
    "1",
    "1 ",
    "1/1/",
    "01 ",
    "0-",
    "+44",
    "(0",
    "a@",
    "a.",
    "@a.",
]
HOSTILE += [
    "Flat 1, ",
    "1 Aa ",
    "b. ",
    "born ",
    "dob on is ",
    "born on, ",
    "SY3 ",
    "de la ",
    "Mum Aa, ",
    "Kyle and ",
    "-",
]
HOSTILE += ["\n", " ", "'", "\u0301", "Sarah Jones ", "07700 900123 ", "12/05/2014 ", "nhs ", "É", "999 ", "A1a "]


@pytest.mark.parametrize("piece", HOSTILE)
def test_four_thousand_odd_characters_come_to_an_end(piece: str) -> None:
    text = (piece * 4000)[:4000]

    assert len(findings(text)) <= len(text) // 2


@given(start=st.sampled_from(HOSTILE), piece=st.sampled_from(HOSTILE), end=st.sampled_from(HOSTILE))
def test_mixed_hostile_texts_come_to_an_end(start: str, piece: str, end: str) -> None:
    text = start + (piece + end) * (4000 // len(piece + end))

    assert len(findings(text)) <= len(text) // 2


def test_a_finding_is_a_value() -> None:
    assert findings("ring Kyle") == (Finding(Kind.NAME, 5, 9),)


def table() -> str:
    rows = [f"{'set':<9} {'kind':<14} {'expected':>8} {'precision':>9} {'recall':>7}"]
    for name, held_out in (("tuning", False), ("held-out", True)):
        lines = of_set(held_out)
        measured, counted = measure(lines), counts(lines)
        for kind in Kind:
            precision, recall = measured[kind]
            rows.append(f"{name:<9} {kind.value:<14} {counted[kind][0]:>8} {precision:>9.3f} {recall:>7.3f}")
        precision, recall = overall(lines)
        total = sum(expected for expected, _, _ in counted.values())
        rows.append(f"{name:<9} {'all':<14} {total:>8} {precision:>9.3f} {recall:>7.3f}")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
