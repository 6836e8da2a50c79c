"""The papers of an item: which line of its checklist is missing, and how ready it is, in a colour and in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from casework.domain import clocks, london
from casework.domain.panel_rulebook import Panel, Paper
from casework.domain.rulebook import CalendarRules

CONFIRMED = "CONFIRMED"
LINKS = "LINKS"


class Colour(StrEnum):
    """How ready an item is; said in words wherever it is shown."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Line(Protocol):
    """What an item's checklist says of one paper: "ready" or "excused"."""

    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """`missing` are required papers that are neither there nor excused; `excused` those that will not come."""

    colour: Colour
    missing: tuple[Paper, ...]
    excused: tuple[Paper, ...]
    is_confirmed: bool
    needs_confirming: bool


def missing(panel: Panel, request_type: str, so_far: Mapping[str, Line]) -> tuple[Paper, ...]:
    """Required papers of the checklist that are neither ready nor excused."""
    return tuple(one for one in panel.papers_for(request_type) if one.required and one.code not in so_far)


def are_complete(panel: Panel, request_type: str, so_far: Mapping[str, Line]) -> bool:
    """Whether everything required is there, excused, or somebody whose word counts said so."""
    return CONFIRMED in so_far or not missing(panel, request_type, so_far)


def readiness(
    panel: Panel,
    request_type: str,
    so_far: Mapping[str, Line],
    *,
    due_at: datetime | None,
    now: datetime,
    calendar: CalendarRules,
) -> Readiness:
    """How ready an item's papers are at an aware instant; `due_at` is the cut-off of its sitting, where it has one.

    Green: all there. Amber: something is still to come, will not come, or waits for the word of whoever confirms.
    Red: something is missing and the cut-off has passed, or comes today or on the next operating day.
    """
    left = () if CONFIRMED in so_far else missing(panel, request_type, so_far)
    excused = tuple(
        one for one in panel.papers_for(request_type) if one.code in so_far and so_far[one.code].state == "excused"
    )
    is_confirmed = CONFIRMED in so_far
    needs_confirming = panel.papers_confirmed_by is not None and not is_confirmed
    colour = Colour.AMBER if left or excused or needs_confirming else Colour.GREEN
    if is_confirmed:
        colour = Colour.GREEN
    if left and due_at is not None and _is_soon(due_at, now, calendar):
        colour = Colour.RED
    return Readiness(
        colour=colour,
        missing=left,
        excused=excused,
        is_confirmed=is_confirmed,
        needs_confirming=needs_confirming,
    )


def _is_soon(due_at: datetime, now: datetime, calendar: CalendarRules) -> bool:
    day_before = clocks.operating_days_before(london.local_date(due_at), 1, calendar)
    return london.local_date(now) >= day_before


def after_form(
    panel: Panel, request_type: str, *, ready: Collection[str], why: str
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """(ready, excused, open) codes of a filled-in checklist: a reason excuses what is required and not ready."""
    known = panel.papers_for(request_type)
    there = tuple(one.code for one in known if one.code in ready)
    excused = tuple(one.code for one in known if one.required and one.code not in ready and why)
    left = tuple(one.code for one in known if one.code not in there and one.code not in excused)
    return there, excused, left
