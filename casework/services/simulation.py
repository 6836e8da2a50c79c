"""Trying out a rule: past requests replayed against the rulebook in effect and against a changed one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from casework.db import item_papers, item_requests
from casework.db.uow import Work
from casework.domain import clocks, papers, simulation
from casework.domain.rulebook import Rulebook
from casework.domain.simulation import Asked, Outcome
from casework.services.context import Context, today

USUAL_DAYS = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The same requests under two rulebooks: outcomes by panel, `before` under the one in effect."""

    first: date
    last: date
    asked: int
    book: Rulebook
    changed_book: Rulebook
    before: Mapping[str, Outcome]
    after: Mapping[str, Outcome]


async def simulate(
    context: Context,
    *,
    change: Callable[[Rulebook, date, date], Rulebook],
    first: date | None = None,
    last: date | None = None,
) -> Trial:
    """Replay what was asked for from `first` to `last` (London's days, both included; the last 180 where None).

    `change` makes the changed rulebook of the one in effect and the span; what it raises is passed on.
    Nothing is saved.
    """
    async with context.database.reading() as work:
        rules = await context.rules(work)
        last = last or max(today(work), first or date.min)
        first = first or last - timedelta(days=USUAL_DAYS - 1)
        found = await item_requests.between(work, first=_start_of(first), last=_start_of(last + timedelta(days=1)))
        papers_ready = await _papers_ready(work, rules.book, found)
    changed_book = change(rules.book, first, last)
    asked = [
        Asked(
            panel=one.panel,
            band=one.band,
            asked_on=one.requested_at,
            papers_ready_at=papers_ready.get(one.item_id),
            minutes=one.minutes,
        )
        for one in found
    ]
    return Trial(
        first=first,
        last=last,
        asked=len(asked),
        book=rules.book,
        changed_book=changed_book,
        before=simulation.replay(asked, rules.book, first, last),
        after=simulation.replay(asked, changed_book, first, last),
    )


def _start_of(day: date) -> datetime:
    return clocks.local_instant(day, time()).astimezone(UTC)


async def _papers_ready(work: Work, book: Rulebook, found: Sequence[item_requests.Request]) -> Mapping[str, datetime]:
    """Item id -> when the last of its papers was ticked, for items whose checklist is complete."""
    ready: dict[str, datetime] = {}
    panels = {panel.code: panel for panel in book.panels}
    so_far = await item_papers.of_items(work, [one.item_id for one in found])
    for one in found:
        panel, lines = panels.get(one.panel), so_far[one.item_id]
        if panel is not None and lines and papers.are_complete(panel, one.request_type, lines):
            ready[one.item_id] = max(line.at for line in lines.values())
    return ready
