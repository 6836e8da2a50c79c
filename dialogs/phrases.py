"""Reading typed words kindly: commands with slips in them, panels by any of their names, English dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import dateparser
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from casework.domain import cases, london
from casework.domain.panel_rulebook import Panel
from casework.domain.rulebook import Rulebook

ALIKE = 78
PANEL_ALIKE = 82
FILLERS = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "child",
        "for",
        "from",
        "id",
        "in",
        "into",
        "is",
        "my",
        "of",
        "on",
        "onto",
        "panel",
        "please",
        "sitting",
        "the",
        "this",
        "to",
        "with",
        "case",
        "ref",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """What a request named: a child, a panel, a day; empty where it named none."""

    initials: str
    case_id: str
    panel: Panel | None
    on: date | None


def words_of(text: str) -> list[str]:
    """A typed line as plain lower-case words; full stops inside initials and ids are kept together."""
    return re.findall(r"[^\s,;:!?\"“”()]+", text.lower().replace("’", "'"))


def best_phrase(text: str, phrases: Iterable[str]) -> tuple[str, str] | None:
    """(the phrase `text` begins with, the words after it), slips allowed; None when nothing is close.

    An exact beginning beats a close one, and a longer phrase a shorter. Where no phrase begins the text, an exact
    one inside it counts: "please book AB 123456".
    """
    words = words_of(text)
    best: tuple[tuple[bool, int, float], str, int] | None = None
    known = list(phrases)
    for phrase in known:
        length = len(phrase.split())
        head = " ".join(words[:length]).strip(".'")
        is_exact = head == phrase
        alike = fuzz.ratio(head, phrase)
        is_close = alike >= ALIKE or (sorted(head) == sorted(phrase) and OSA.distance(head, phrase) == 1)
        if is_exact or (len(phrase) >= 4 and is_close):
            rank = (is_exact, length, alike)
            if best is None or rank > best[0]:
                best = (rank, phrase, length)
    if best is not None:
        return best[1], " ".join(words[best[2] :])
    line = f" {' '.join(words)} "
    inside = [phrase for phrase in known if len(phrase) >= 4 and f" {phrase} " in line]
    if not inside:
        return None
    phrase = max(inside, key=len)
    return phrase, line.split(f" {phrase} ", 1)[1].strip()


def find_panel(text: str, panels: Sequence[Panel]) -> tuple[Panel | None, str]:
    """(the panel a text names, the text without those words): by code, name, short name or alias, slips allowed."""
    words = words_of(text)
    best: tuple[tuple[float, int], Panel, int, int] | None = None
    for panel in panels:
        for name in {panel.code, panel.name, panel.short_name, *panel.aliases}:
            wanted = " ".join(words_of(name))
            length = len(wanted.split())
            for start in range(len(words) - length + 1):
                heard = " ".join(words[start : start + length])
                alike = 100.0 if heard == wanted else fuzz.ratio(heard, wanted) if len(wanted) >= 5 else 0.0
                rank = (alike, length)
                if alike >= PANEL_ALIKE and (best is None or rank > best[0]):
                    best = (rank, panel, start, length)
    if best is None:
        return None, " ".join(words)
    _, panel, start, length = best
    return panel, " ".join(words[:start] + words[start + length :])


def find_child(text: str, case_id_pattern: str) -> tuple[str, str, str]:
    """(initials, case id, the text without them): the case id by the council's pattern, initials just before it."""
    words = words_of(text)
    for index, word in enumerate(words):
        if re.fullmatch(case_id_pattern, cases.tidy_case_id(word)):
            before = index - 1
            while before >= 0 and words[before] == "id":
                before -= 1
            initials = cases.tidy_initials(words[before]) if before >= 0 else ""
            if cases.initials_problem(initials) or (before >= 0 and words[before] in FILLERS):
                return "", cases.tidy_case_id(word), " ".join(words[:index] + words[index + 1 :])
            return initials, cases.tidy_case_id(word), " ".join(words[:before] + words[index + 1 :])
    return "", "", " ".join(words)


def find_date(text: str, now: datetime) -> date | None:
    """The day a text names in English ("next thursday", "3 dec"), today or later; None when it names none."""
    words = [word for word in words_of(text) if word not in FILLERS]
    if words[:1] in (["next"], ["coming"]) and len(words) > 1:
        words = words[1:]
    if not words:
        return None
    found: datetime | None = dateparser.parse(
        " ".join(words),
        languages=["en"],
        settings={
            "PREFER_DATES_FROM": "future",
            "DATE_ORDER": "DMY",
            "RELATIVE_BASE": london.local(now).replace(tzinfo=None),
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    if found is None or found.date() < london.local_date(now):
        return None
    return found.date()


def mentions(text: str, book: Rulebook, now: datetime) -> Mentions:
    """Everything a request names, in any order."""
    initials, case_id, rest = find_child(text, book.council.case_id_pattern)
    panel, rest = find_panel(rest, book.panels)
    return Mentions(initials=initials, case_id=case_id, panel=panel, on=find_date(rest, now))
