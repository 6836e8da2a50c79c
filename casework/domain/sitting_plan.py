"""What a change of a sitting does: its slots and deadline, who keeps a slot, who goes where, what to be warned of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from casework.domain import clocks, london, working_days
from casework.domain.booking import Sitting
from casework.domain.errors import Code, FieldErrors
from casework.domain.rulebook import Panel, Rulebook

SHORTEST_MINUTES = 30
LONGEST_MINUTES = 480

OPEN = ("planned", "moved")

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A sitting as somebody wants it. Instants are aware UTC; `venue` is a room, "Teams" or a link, or empty."""

    starts_at: datetime
    minutes: int
    venue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:
    """Something to know before saving, which forbids nothing: `kind` and the words that go with it."""

    kind: str
    words: str


def check(wanted: Wanted, *, panel: Panel, book: Rulebook, now: datetime) -> None:
    """Raises FieldErrors for a time that can't be: past, on a day the council is closed, too short or too long."""
    errors: dict[str, Code] = {}
    if wanted.starts_at <= now:
        errors["when_date"] = Code.IN_THE_PAST
    elif not working_days.is_operating_day(london.local_date(wanted.starts_at), book.calendar):
        errors["when_date"] = Code.DAY_CLOSED
    if not max(SHORTEST_MINUTES, panel.slot_minutes) <= wanted.minutes <= LONGEST_MINUTES:
        errors["minutes"] = Code.CHOICE_UNKNOWN
    if errors:
        raise FieldErrors(errors)


def slots_of(panel: Panel, minutes: int) -> tuple[int, int]:
    """(slots, how many of them are open to ordinary booking) that fit into so many minutes.

    A sitting cut short keeps its held urgent slots, as long as one ordinary one is left.
    """
    slots = max(1, minutes // panel.slot_minutes)
    return slots, max(1, slots - panel.urgent_held)


def papers_due(
    book: Rulebook, panel: Panel, starts_at: datetime, *, now: datetime, before: datetime | None
) -> datetime:
    """When papers are due for a sitting at its new time. A deadline that has passed is never made by a move.

    The rule's moment where that lies ahead; else the one people were told before, while it still lies ahead and before
    the sitting; else the rule's moment, which has passed, so that only the chair lets papers in.
    """
    by_rule = clocks.moment_before(london.local_date(starts_at), panel.papers, book.calendar)
    if by_rule > now or before is None or not now < before < starts_at:
        return by_rule
    return before


def keep(items: Sequence[T], capacity: int) -> tuple[tuple[T, ...], tuple[T, ...]]:
    """(those that keep a slot, those that lose it) of items in order of priority."""
    return tuple(items[:capacity]), tuple(items[capacity:])


def share_out(
    items: Iterable[T], sittings: Sequence[Sitting], *, hears: Callable[[Sitting, T], bool]
) -> tuple[tuple[T, Sitting | None], ...]:
    """Give each item, in order of priority, the soonest sitting that hears it and has a place left; None where none."""
    left = {sitting.id: sitting.free for sitting in sittings}
    found: list[tuple[T, Sitting | None]] = []
    for item in items:
        there = next((one for one in sittings if left[one.id] > 0 and hears(one, item)), None)
        if there is not None:
            left[there.id] -= 1
        found.append((item, there))
    return tuple(found)


def clashes(starts_at: datetime, minutes: int, others: Iterable[Sitting]) -> tuple[Sitting, ...]:
    """Sittings that take place at the same time."""
    ends_at = starts_at.timestamp() + minutes * 60
    return tuple(
        other
        for other in others
        if other.status in OPEN
        and other.starts_at.timestamp() < ends_at
        and starts_at.timestamp() < other.ends_at.timestamp()
    )
