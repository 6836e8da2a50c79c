"""Trying out a rule on what is in the database: which requests are replayed, and that nothing is saved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from casework.db import audit, item_papers, items
from casework.db import sittings as sitting_rows
from casework.db.uow import Database
from casework.domain import rule_change
from casework.domain.rule_change import CannotChange, Number
from casework.domain.rulebook import Rulebook
from casework.services import rulebook, simulation
from casework.services.context import Context
from tests import factories, past_requests
from tests.fakes import FixedClock
from tests.past_requests import Past

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 29)


def at(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def two_more(book: Rulebook, first: date, last: date) -> Rulebook:
    return rule_change.with_slots(book, "LGP", Number(2, is_step=True))


def as_it_is(book: Rulebook, first: date, last: date) -> Rulebook:
    return book


@pytest.fixture
async def context(database: Database) -> Context:
    """A council with the default rulebook in effect."""
    found = Context(database)
    await rulebook.ensure(found, factories.rulebook())
    return found


async def test_today_s_rules_stand_beside_the_changed_ones(context: Context) -> None:
    await past_requests.write(context.database, [Past(at=at(2, hour)) for hour in range(9, 15)])

    trial = await simulation.simulate(context, change=two_more, first=FIRST, last=LAST)

    assert trial.asked == 6
    assert (trial.before["LGP"].overflow, trial.after["LGP"].overflow) == (2, 0)
    assert (trial.before["LGP"].wait_worst, trial.after["LGP"].wait_worst) == (12, 7)
    assert (trial.book.panel("LGP").slots, trial.changed_book.panel("LGP").slots) == (5, 7)
    assert trial.before["ARP"] == trial.after["ARP"]


async def test_cancelled_requests_count_and_declined_ones_do_not(context: Context) -> None:
    states = (items.CANCELLED, items.DECIDED, items.CLOSED, items.BOOKED, items.AWAITING, items.DECLINED)
    await past_requests.write(context.database, [Past(at=at(2, 9), state=state) for state in states])

    trial = await simulation.simulate(context, change=as_it_is, first=FIRST, last=LAST)

    assert trial.asked == 5


async def test_days_are_london_s_and_both_ends_count(context: Context) -> None:
    # in October London is an hour ahead of UTC
    summer = [at(30, 22, 59, month=9), at(30, 23, month=9), at(1, 22, 59, month=10), at(1, 23, month=10)]
    await past_requests.write(context.database, [Past(at=instant) for instant in summer])

    trial = await simulation.simulate(context, change=as_it_is, first=date(2026, 10, 1), last=date(2026, 10, 1))

    assert trial.asked == 2


async def test_with_nothing_said_it_is_the_last_180_days(context: Context, clock: FixedClock) -> None:
    oldest = datetime(2026, 5, 28, 9, tzinfo=UTC)
    await past_requests.write(context.database, [Past(at=oldest), Past(at=oldest - timedelta(days=1))])

    trial = await simulation.simulate(context, change=as_it_is)

    assert (trial.first, trial.last) == (date(2026, 5, 28), clock.now().date())
    assert (trial.last - trial.first).days + 1 == simulation.USUAL_DAYS
    assert trial.asked == 1


async def test_band_and_minutes_are_those_of_the_item(context: Context) -> None:
    # 120 minutes can be booked: of two long ones and two short ones at the same moment the first bands get in
    rows = [Past(at=at(2, 9), band=band, minutes=minutes) for band, minutes in ((4, 60), (3, 30), (2, 30), (1, 60))]
    await past_requests.write(context.database, rows)

    trial = await simulation.simulate(context, change=as_it_is, first=FIRST, last=LAST)

    assert (trial.before["LGP"].heard, trial.before["LGP"].overflow, trial.before["LGP"].wait_worst) == (4, 1, 12)


async def test_papers_that_were_ready_late_are_counted_where_one_knows(context: Context) -> None:
    ids = await past_requests.write(context.database, [Past(at=at(2, hour)) for hour in (9, 10, 11)])
    unknown = await simulation.simulate(context, change=as_it_is, first=FIRST, last=LAST)
    async with context.database.writing() as work:
        who = await work.connection.scalar(select(items.items.c.requester_id).where(items.items.c.id == ids[0]))
        for id, when in ((ids[0], at(6, 11)), (ids[1], at(6, 13))):
            papers = {"item_id": id, "code": item_papers.CONFIRMED, "state": item_papers.READY}
            await item_papers.put(work, **papers, words="", by_id=str(who))
            table = item_papers.item_papers
            await work.connection.execute(update(table).where(table.c.item_id == id).values(at=when))

    known = await simulation.simulate(context, change=as_it_is, first=FIRST, last=LAST)

    assert (known.before["LGP"].late, known.before["LGP"].papers_known) == (1, 2)
    assert (unknown.before["LGP"].late, unknown.before["LGP"].papers_known) == (0, 0)


async def test_a_panel_that_is_gone_hears_nobody_any_more(context: Context) -> None:
    await past_requests.write(context.database, [Past(at=at(2, 9), panel="GONE"), Past(at=at(2, 9), panel="LGP")])

    def without_gateway(book: Rulebook, first: date, last: date) -> Rulebook:
        return book.model_copy(update={"panels": tuple(one for one in book.panels if one.code != "LGP")})

    trial = await simulation.simulate(context, change=without_gateway, first=FIRST, last=LAST)

    assert (trial.before["LGP"].heard, trial.after["LGP"].heard) == (1, 0)
    assert (trial.before["GONE"].unheard, trial.after["GONE"].unheard) == (1, 1)


async def test_nothing_asked_is_no_fault(context: Context) -> None:
    trial = await simulation.simulate(context, change=two_more, first=FIRST, last=LAST)

    assert trial.asked == 0
    assert {one.items for one in trial.before.values()} == {0}


async def test_it_is_the_rulebook_in_effect_and_nothing_is_saved(context: Context) -> None:
    shorter = rule_change.with_slots(factories.rulebook(), "LGP", Number(3))
    await rulebook.apply(context, shorter, applied_by="Somebody", why="Fewer")
    before = await counts(context.database)

    trial = await simulation.simulate(context, change=two_more, first=FIRST, last=LAST)

    assert (trial.book.panel("LGP").slots, trial.changed_book.panel("LGP").slots) == (3, 5)
    assert await counts(context.database) == before


async def test_what_cannot_be_changed_is_said(context: Context) -> None:
    def wrong(book: Rulebook, first: date, last: date) -> Rulebook:
        return rule_change.with_slots(book, "XYZ", Number(1))

    with pytest.raises(CannotChange, match="there is no panel XYZ"):
        await simulation.simulate(context, change=wrong, first=FIRST, last=LAST)


async def counts(database: Database) -> list[int | None]:
    async with database.reading() as work:
        return [
            await work.connection.scalar(select(func.count()).select_from(table))
            for table in (items.items, sitting_rows.sittings, audit.audit)
        ]
