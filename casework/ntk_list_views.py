"""What people are shown of many NTKs, and of everything that happened to one: lists, timeline, digest, handover."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from casework.ntk_views import NtkLine, Said, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One thing that happened: when, what, by whom, in what words (where this reader may see them)."""

    at: datetime
    kind: str
    who: str
    facts: dict[str, str | int | bool | None]
    words: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A page of everything that happened to one NTK, the newest first."""

    standing: Standing
    entries: tuple[TimelineEntry, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkLists:
    """A person's need-to-knows: waiting for them, raised by them, their team's by what is wrong with them."""

    waiting: tuple[NtkLine, ...] = ()
    raised: tuple[NtkLine, ...] = ()
    unacknowledged: tuple[NtkLine, ...] = ()
    overdue: tuple[NtkLine, ...] = ()
    due_today: tuple[NtkLine, ...] = ()
    others: tuple[NtkLine, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The morning's figures and lines for a manager, without narratives."""

    day: date
    new: int
    unacknowledged: tuple[NtkLine, ...]
    overdue: tuple[NtkLine, ...]
    due_today: tuple[NtkLine, ...]
    prompts: tuple[tuple[str, str, datetime], ...]
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What was raised out of hours, for the day team."""

    since: datetime
    lines: tuple[NtkLine, ...] = field(default_factory=tuple)
