"""What is said of a tracked family: its week and its flags, on an agenda and on its item; and who finds no slot."""

from __future__ import annotations

from casework.db import items, trackers
from casework.db.uow import Work
from casework.domain import london
from casework.domain import trackers as rules_of
from casework.domain.booking import Sitting
from casework.domain.trackers import Family, Flag, Flagged, Stage
from casework.services.context import Rules, today

WORDS = {
    Flag.OVER: "over the limit by {number} weeks",
    Flag.WEEK: "week {number} reached",
    Flag.HEARING_SOON: "hearing on {on}",
    Flag.HEARING_PASSED: "hearing was {on}: no new date",
    Flag.LETTER_LATE: "letter not sent, was due {on}",
    Flag.MEETING_LATE: "meeting not held, was due {on}",
    Flag.REVIEW_LATE: "review overdue since {on}",
    Flag.UNBORN_SOON: "baby due {on}",
    Flag.UNBORN_PASSED: "baby was due {on}",
    Flag.NO_PLAN: "no permanence plan",
}


def family(row: trackers.Tracker) -> Family:
    """A tracker's row as its rules see it."""
    return Family(
        id=row.id,
        stage=Stage(row.stage),
        opened_on=row.opened_on,
        letter_on=row.letter_on,
        meeting_on=row.meeting_on,
        hearing_on=row.hearing_on,
        review_on=row.review_on,
        unborn_due_on=row.unborn_due_on,
        extended_weeks=row.extended_weeks,
        until_on=row.until_on,
        has_permanence_plan=row.has_permanence_plan,
    )


async def of_item(work: Work, rules: Rules, item: items.Item) -> tuple[str, ...]:
    """Week and flags of the family an item was made for, in words; nothing for an ordinary item."""
    row = await trackers.get(work, item.tracker_id) if item.tracker_id else None
    panel = next((known for known in rules.book.panels if row and known.code == row.stage), None)
    tracked = panel.tracked if panel else None
    if row is None or tracked is None:
        return ()
    found = family(row)
    now = f"week {rules_of.week(found, today(work))} of {rules_of.limit_weeks(found, tracked)}"
    named = rules_of.flags(found, today(work), tracked, rules.book.calendar)
    return (now, *(words(one) for one in named))


async def dates(work: Work, item: items.Item) -> dict[str, str] | None:
    """The dates of a tracked family as its form shows them; None for an ordinary item, and a family no longer open."""
    row = await trackers.get(work, item.tracker_id) if item.tracker_id else None
    if row is None or row.state != trackers.OPEN:
        return None
    found = {
        "letter": row.letter_on,
        "meeting": row.meeting_on,
        "hearing": row.hearing_on,
        "unborn": row.unborn_due_on,
    }
    shown = {name: day.isoformat() if day else "" for name, day in found.items()}
    return {**shown, "plan": "yes" if row.has_permanence_plan else ""}


def words(one: Flagged) -> str:
    """One flag in a few words."""
    on = f"{one.on.day} {one.on:%b}" if one.on else ""
    said = WORDS[one.flag].format(number=one.number, on=on)
    return said.replace("by 1 weeks", "by 1 week")


async def overflow(work: Work, rules: Rules, sitting: Sitting) -> tuple[str, ...]:
    """References of tracked families due at this sitting that wait for a slot: none is left out unseen."""
    panel = next((known for known in rules.book.panels if known.code == sitting.panel), None)
    if panel is None or panel.tracked is None:
        return ()
    on = london.local_date(sitting.starts_at)
    found = []
    for item in await items.waiting(work, panels=[sitting.panel]):
        row = await trackers.get(work, item.tracker_id) if item.tracker_id else None
        if row is not None and rules_of.is_due(family(row), on):
            found.append(item.reference)
    return tuple(found)
