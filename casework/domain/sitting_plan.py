"""What a change of a sitting does: its slots and deadline, who keeps a slot, who goes where, what to be warned of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from casework.domain import clocks, london, working_days
from casework.domain.booking import Lane, Sitting
from casework.domain.errors import Code, FieldErrors
from casework.domain.panel_rulebook import Panel
from casework.domain.rulebook import Rulebook

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """How the slots of a sitting are shared: open to all, held for what can't wait, a guest panel's own."""

    slots: int
    capacity: int
    urgent: int
    share: int


def lanes(
    book: Rulebook, panel: Panel, slots: int, incorporates: Sequence[str] = (), *, there: Sitting | None = None
) -> Lanes:
    """Share out so many slots as the rulebook has it. One ordinary slot at least is left where there is any.

    `there` is the sitting that stands already: no lane gets fewer slots than are taken, and what was released stays so.
    """
    share = max((known.share for known in book.panels if known.code in incorporates), default=0)
    urgent = panel.urgent_held
    if there is not None:
        urgent = there.urgent_booked if there.is_urgent_released else max(urgent, there.urgent_booked)
        share = there.share_booked if there.is_share_released else max(share, there.share_booked)
    least_open = max(there.booked if there is not None else 0, 1)
    least_urgent, least_share = (there.urgent_booked, there.share_booked) if there is not None else (0, 0)
    while urgent + share + least_open > slots and (urgent > least_urgent or share > least_share):
        if share > least_share and share >= urgent:
            share -= 1
        else:
            urgent -= 1
    return Lanes(slots=slots, capacity=slots - urgent - share, urgent=urgent, share=share)


def slots_in(panel: Panel, minutes: int) -> int:
    """How many slots fit into so many minutes."""
    return max(1, minutes // panel.slot_minutes)


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
    items: Iterable[T],
    sittings: Sequence[Sitting],
    *,
    lane: Callable[[Sitting, T], Lane | None],
    minutes: Callable[[T], int],
) -> tuple[tuple[T, Sitting | None], ...]:
    """Give each item, in order of priority, the soonest sitting with a place left for it; None where none.

    `lane` says where in a sitting the item would go, as the sitting stands.
    """
    left = {sitting.id: sitting for sitting in sittings}
    found: list[tuple[T, Sitting | None]] = []
    for item in items:
        there = None
        for one in left.values():
            if (into := lane(one, item)) is not None:
                there = one
                left[one.id] = one.with_one_more(into, minutes(item))
                break
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
