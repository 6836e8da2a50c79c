"""The trackers of pre-proceedings and care proceedings: week numbers, what to flag, who is due at a sitting, in order.

Sources: Public Law Outline practice guidance (letter, meeting, 16 weeks); Children Act 1989 section 32 (26 weeks).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casework.domain import clocks, working_days
from casework.domain.panel_rulebook import Tracked
from casework.domain.rulebook import CalendarRules


class Stage(StrEnum):
    """The stages Usher tracks, by the code of the panel that hears them."""

    PLO = "PLO"
    CARE = "CARE"


class Flag(StrEnum):
    """What is to be said of a family before anything else."""

    OVER = "over"
    WEEK = "week"
    HEARING_SOON = "hearing_soon"
    HEARING_PASSED = "hearing_passed"
    LETTER_LATE = "letter_late"
    MEETING_LATE = "meeting_late"
    REVIEW_LATE = "review_late"
    UNBORN_SOON = "unborn_soon"
    UNBORN_PASSED = "unborn_passed"
    NO_PLAN = "no_plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """One flag with the number or the day that goes with it."""

    flag: Flag
    number: int = 0
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One family in one stage.

    `opened_on`: the panel's decision (pre-proceedings) or the day of issue (proceedings). `review_on` None: due at
    every sitting. `until_on` is the last day somebody allowed by its date, in place of whole weeks.
    """

    id: str
    stage: Stage
    opened_on: date
    letter_on: date | None = None
    meeting_on: date | None = None
    hearing_on: date | None = None
    review_on: date | None = None
    unborn_due_on: date | None = None
    extended_weeks: int = 0
    until_on: date | None = None
    has_permanence_plan: bool = False


def week(family: Family, today: date) -> int:
    """The week a family is in: 1 for the first seven days."""
    return max(0, (today - family.opened_on).days) // 7 + 1


def limit_weeks(family: Family, rules: Tracked) -> int:
    """How many weeks the stage may last, extensions among them; a week begun counts."""
    return -(-((last_day(family, rules) - family.opened_on).days + 1) // 7)


def last_day(family: Family, rules: Tracked) -> date:
    """The last day within the limit of the stage.

    The weeks begin with the day it opened: "twenty-six weeks beginning with the day on which the application was
    issued" (Children Act 1989 section 32(1)(a)(ii)); pre-proceedings are counted the same way.
    """
    if family.until_on is not None:
        return family.until_on
    return family.opened_on + timedelta(weeks=rules.weeks + family.extended_weeks, days=-1)


def days_left(family: Family, today: date, rules: Tracked) -> int:
    """Days to the last day of the stage: 0 on that day, negative once it has passed."""
    return (last_day(family, rules) - today).days


def is_due(family: Family, sitting_on: date) -> bool:
    """Whether the family is to be heard at a sitting on this day."""
    return family.review_on is None or family.review_on <= sitting_on


def flags(family: Family, today: date, rules: Tracked, calendar: CalendarRules) -> tuple[Flagged, ...]:
    """What is to be said of a family on a day, the worst first."""
    found: list[Flagged] = []
    now = week(family, today)
    if days_left(family, today, rules) < 0:
        found.append(Flagged(flag=Flag.OVER, number=now - limit_weeks(family, rules)))
    if family.stage is Stage.CARE:
        found += _hearing(family, today, rules, calendar)
    else:
        found += _letter_and_meeting(family, today, rules, calendar)
    if family.review_on is not None and family.review_on < today:
        found.append(Flagged(flag=Flag.REVIEW_LATE, on=family.review_on))
    if family.unborn_due_on is not None and family.unborn_due_on < today:
        found.append(Flagged(flag=Flag.UNBORN_PASSED, on=family.unborn_due_on))
    elif _is_unborn_soon(family, today, rules):
        found.append(Flagged(flag=Flag.UNBORN_SOON, on=family.unborn_due_on))
    if family.stage is Stage.CARE and not family.has_permanence_plan and now >= rules.plan_from_week:
        found.append(Flagged(flag=Flag.NO_PLAN))
    reached = [at for at in rules.flags if now >= at]
    if reached and days_left(family, today, rules) >= 0:
        found.append(Flagged(flag=Flag.WEEK, number=max(reached)))
    return tuple(found)


def band(family: Family, today: date, rules: Tracked, calendar: CalendarRules) -> int:
    """The priority band at its panel, 1 the highest (the panel's own bands in the rulebook)."""
    named = {one.flag for one in flags(family, today, rules, calendar)}
    late = week(family, today) >= rules.late_week
    if family.stage is Stage.PLO:
        checks = (late, Flag.REVIEW_LATE in named, bool(named & {Flag.UNBORN_SOON, Flag.UNBORN_PASSED}))
    else:
        hearing = bool(named & {Flag.HEARING_SOON, Flag.HEARING_PASSED})
        checks = (hearing, late, not family.has_permanence_plan)
    return next((number for number, holds in enumerate(checks, start=1) if holds), 4)


def in_order(
    families: Iterable[Family], sitting_on: date, rules: Tracked, calendar: CalendarRules
) -> tuple[Family, ...]:
    """Every family due at a sitting, none omitted: by band, then days left, then the longest tracked."""
    due = [one for one in families if is_due(one, sitting_on)]
    return tuple(
        sorted(
            due,
            key=lambda one: (
                band(one, sitting_on, rules, calendar),
                days_left(one, sitting_on, rules),
                one.opened_on,
                one.id,
            ),
        )
    )


def _hearing(family: Family, today: date, rules: Tracked, calendar: CalendarRules) -> list[Flagged]:
    if family.hearing_on is None:
        return []
    if family.hearing_on < today:
        return [Flagged(flag=Flag.HEARING_PASSED, on=family.hearing_on)]
    last = today
    for _ in range(rules.hearing_working_days):
        last = working_days.operating_day_after(last, calendar)
    return [Flagged(flag=Flag.HEARING_SOON, on=family.hearing_on)] if family.hearing_on <= last else []


def _letter_and_meeting(family: Family, today: date, rules: Tracked, calendar: CalendarRules) -> list[Flagged]:
    found: list[Flagged] = []
    letter_due = family.opened_on + timedelta(days=rules.letter_days)
    # a date that lies ahead is a plan: it has not happened
    is_sent = family.letter_on is not None and family.letter_on <= today
    is_held = family.meeting_on is not None and family.meeting_on <= today
    if not is_sent and today > letter_due:
        found.append(Flagged(flag=Flag.LETTER_LATE, on=letter_due))
    if family.letter_on is not None and is_sent and not is_held:
        meeting_due = clocks.statutory_days_after(family.letter_on, rules.meeting_working_days, calendar)
        if today > meeting_due:
            found.append(Flagged(flag=Flag.MEETING_LATE, on=meeting_due))
    return found


def _is_unborn_soon(family: Family, today: date, rules: Tracked) -> bool:
    return family.unborn_due_on is not None and family.unborn_due_on <= today + timedelta(weeks=rules.unborn_weeks)
