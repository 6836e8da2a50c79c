"""A sheet of paper before it is a file: headings, facts, lists, tables and boxes, the same for PDF and Word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

HANDLING = "Official-Sensitive. Initials and case IDs only."
CHECKSUM_LENGTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Levels as HTML has them: 1 once, at the top, and none left out."""

    level: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running words; strong for what nobody may miss."""

    words: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Labels and what stands behind them, one a line."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list without order."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headings. `widths` are shares of the page's width, one a column."""

    headings: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Words set apart by a line around them, under a title of their own."""

    title: str
    words: str


Block = Heading | Paragraph | Facts | Bullets | Table | Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One document. `mark` and `running_head` stand on top of each page; the file carries no date but `dated_at`."""

    title: str
    running_head: str
    mark: str
    dated_at: datetime
    is_wide: bool
    blocks: tuple[Block, ...]


def facts(*pairs: tuple[str, str]) -> Facts:
    """Facts without those of which nothing is known."""
    return Facts(pairs=tuple((label, value) for label, value in pairs if value.strip()))


def checksum(digest: str) -> str:
    """The start of a digest, long enough to compare by eye."""
    return digest[:CHECKSUM_LENGTH]
