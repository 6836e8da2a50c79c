"""Panels at random: booked, moved, cancelled, offered, locked, released, decided, deferred; what must hold always does.

Each step is a use case of its own, in a transaction of its own, over a real SQLite. A run that fails is printed as the
steps that led there; the same seed replays it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, update

from casework.db import engine as engines
from casework.db import item_children, items, migrate, offers, sittings, slots, timers
from casework.db.uow import Database, Work
from casework.domain.booking import Lane, Sitting
from casework.domain.errors import CaseworkError
from casework.domain.keys import Keyring, SealKey
from casework.domain.people import Person
from casework.domain.sitting_plan import Wanted
from casework.rulebook import reader
from casework.services import (
    agendas,
    booking,
    conversations,
    directory,
    forms,
    item_acts,
    panel_sessions,
    rulebook,
    sitting_changes,
    sitting_pages,
)
from casework.services import offers as offer_services
from casework.services import sittings as sitting_services
from casework.services import timers as timer_services
from casework.services.context import Context
from tests.fakes import FixedClock
from tests.scenarios.council import CASES, PEOPLE
from tests.teams_service.service import TENANT_ID

RUNS = 2000 if os.environ.get("USHER_LONG") == "1" else 6
STEPS = 25
MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
IDS = {"neil": 4, "chloe": 3, "connor": 7, "leila": 8, "quinn": 16, "helen": 14}
# four small Legal Gateways, so that they fill up
WEDNESDAYS = 4
CHILDREN = st.integers(0, 11)
WHICH = st.integers(0, 50)

T = TypeVar("T")
_template: dict[str, Path] = {}


def keyring() -> Keyring:
    return Keyring(sealing=(SealKey("test", b"s" * 32),), index_key=b"i" * 32, chain_key=b"c" * 32)


async def person(context: Context, name: str) -> Person:
    arrival = await conversations.arrive(
        context,
        tenant_id=TENANT_ID,
        entra_object_id=f"a0000000-0000-4000-8000-0000000000{IDS[name]:02d}",
        conversation_id="",
        activity_id=None,
        address=None,
    )
    assert arrival.person is not None
    return arrival.person


async def make_template(folder: Path) -> Path:
    """The council with four Legal Gateways of two open slots and one held, and nothing else to come."""
    file = folder / "template.sqlite3"
    await asyncio.to_thread(migrate.upgrade, f"sqlite:///{file}")
    engine = engines.create(f"sqlite:///{file}")
    context = Context(Database(engine, keyring(), FixedClock(MONDAY)))
    await rulebook.ensure(context, reader.read(None))
    await directory.import_people(context, PEOPLE, tenant_id=TENANT_ID)
    await directory.import_cases(context, CASES, tenant_id=TENANT_ID)
    async with context.database.writing() as work:
        table = sittings.sittings
        last = MONDAY + timedelta(days=9 + 7 * WEDNESDAYS)
        kept = (table.c.panel == "LGP") & (table.c.starts_at < last) & (table.c.starts_at > MONDAY + timedelta(days=7))
        await work.connection.execute(update(table).where(~kept).values(status="skipped"))
        await work.connection.execute(
            update(table).where(kept).values(slots=3, capacity=2, urgent_slots=1, minutes=90, ends_at=table.c.ends_at)
        )
    await engine.dispose()
    return file


class Panels(RuleBasedStateMachine):
    """One council, driven through its services."""

    @initialize()
    def opens(self) -> None:
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="usher-machine-"))
        if "file" not in _template:
            _template["file"] = self.run(make_template(Path(tempfile.mkdtemp(prefix="usher-template-"))))
        shutil.copy(_template["file"], self.folder / "usher.sqlite3")
        self.clock = FixedClock(MONDAY)
        self.engine = engines.create(f"sqlite:///{self.folder / 'usher.sqlite3'}")
        self.context = Context(Database(self.engine, keyring(), self.clock))
        self.people = {name: self.run(person(self.context, name)) for name in IDS}

    def teardown(self) -> None:
        if hasattr(self, "engine"):
            self.run(self.engine.dispose())
            self.runner.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(doing)

    def tries(self, doing: Coroutine[Any, Any, object]) -> None:
        """Do it; a rule may say no, nothing else may go wrong."""
        with contextlib.suppress(CaseworkError):
            self.run(doing)

    async def _items(self, *states: str) -> list[items.Item]:
        async with self.context.database.reading() as work:
            ids = list((await work.connection.execute(select(items.items.c.id))).scalars())
            found = sorted((await items.by_ids(work, ids)).values(), key=lambda item: item.reference)
        return [item for item in found if item.state in states]

    async def _sittings(self) -> list[Sitting]:
        async with self.context.database.reading() as work:
            found = await sittings.between(work, first=MONDAY, last=MONDAY + timedelta(days=60))
        return [one for one in found if one.panel == "LGP" and one.status in ("planned", "moved")]

    def item(self, which: int, *states: str) -> items.Item | None:
        found = self.run(self._items(*states))
        return found[which % len(found)] if found else None

    def sitting(self, which: int) -> Sitting | None:
        found = self.run(self._sittings())
        return found[which % len(found)] if found else None

    @rule(child=CHILDREN, siblings=st.integers(0, 2), which=WHICH, urgent=st.booleans(), waits=st.booleans())
    def asks(self, child: int, siblings: int, which: int, urgent: bool, waits: bool) -> None:
        there = self.sitting(which)
        if there is None:
            return
        fields = {
            "initials": "AB",
            "case_id": str(300100 + child),
            "panel": "LGP",
            "request_type": ("ADVICE", "PREBIRTH", "ISSUE")[child % 3],
            "sitting": there.id,
            "siblings": "\n".join(f"CD {300200 + 3 * child + n}" for n in range(siblings)),
            "urgent": "yes" if urgent else "",
        }
        neil = self.people["chloe" if urgent else "neil"]
        draft = self.run(forms.begin(self.context, person=neil, flow=booking.FLOW, step="sitting", fields=fields))
        asked = booking.wait if waits else booking.book
        self.tries(asked(self.context, person=neil, draft_id=draft.id))

    @rule(which=WHICH, to=WHICH)
    def moves(self, which: int, to: int) -> None:
        item, there = self.item(which, items.BOOKED, items.WAITING), self.sitting(to)
        if item is not None and there is not None:
            self.tries(
                booking.move(
                    self.context,
                    person=self.people["connor"],
                    item_id=item.id,
                    version=item.version,
                    sitting_id=there.id,
                )
            )

    @rule(which=WHICH)
    def cancels(self, which: int) -> None:
        item = self.item(which, items.BOOKED, items.WAITING)
        if item is not None:
            self.tries(
                booking.cancel(self.context, person=self.people["connor"], item_id=item.id, version=item.version)
            )

    @rule(which=WHICH, takes=st.booleans())
    def answers_an_offer(self, which: int, takes: bool) -> None:
        async def open_offers() -> list[str]:
            async with self.context.database.reading() as work:
                table = offers.offers
                rows = await work.connection.execute(
                    select(table.c.id).where(table.c.state == offers.OPEN).order_by(table.c.offered_at, table.c.item_id)
                )
                return list(rows.scalars())

        found = self.run(open_offers())
        if found:
            answer = offer_services.take if takes else offer_services.refuse
            self.tries(answer(self.context, person=self.people["connor"], offer_id=found[which % len(found)]))

    @rule(which=WHICH, days=st.integers(-2, 3), minutes=st.sampled_from((30, 60, 90, 120)))
    def changes_a_sitting(self, which: int, days: int, minutes: int) -> None:
        there = self.sitting(which)
        if there is None:
            return
        wanted = Wanted(starts_at=there.starts_at + timedelta(days=days), minutes=minutes)
        self.tries(
            sitting_changes.change(
                self.context,
                person=self.people["connor"],
                sitting_id=there.id,
                version=there.version,
                wanted=wanted,
                reason="At random.",
                nonce=sitting_pages.nonce(),
            )
        )

    @precondition(lambda self: len(self.run(self._sittings())) > 2)
    @rule(which=WHICH)
    def cancels_a_sitting(self, which: int) -> None:
        there = self.sitting(which)
        assert there is not None
        self.tries(
            sitting_changes.cancel(
                self.context,
                person=self.people["connor"],
                sitting_id=there.id,
                version=there.version,
                reason="At random.",
                nonce=sitting_pages.nonce(),
            )
        )

    @rule(which=WHICH, releases=st.booleans())
    def locks_or_releases(self, which: int, releases: bool) -> None:
        there = self.sitting(which)
        if there is not None:
            does = sitting_services.release if releases else sitting_services.lock
            self.tries(does(self.context, person=self.people["connor"], sitting_id=there.id))

    @rule(which=WHICH, place=st.integers(1, 3), minutes=st.sampled_from((15, 30, 45, 60)))
    def orders(self, which: int, place: int, minutes: int) -> None:
        item = self.item(which, items.BOOKED)
        if item is not None:
            self.acts("connor", item, "order", place=str(place), minutes=str(minutes))

    @rule(which=WHICH, to=WHICH)
    def gives_a_slot_out_of_turn(self, which: int, to: int) -> None:
        item, there = self.item(which, items.WAITING), self.sitting(to)
        if item is not None and there is not None:
            self.acts("chloe", item, "give_slot", sitting=there.id, reason="At random.")

    @rule(hours=st.sampled_from((1, 5, 24, 72)))
    def time_passes(self, hours: int) -> None:
        if self.clock.now() < MONDAY + timedelta(days=40):
            self.clock.forward(timedelta(hours=hours))
            self.run(timer_services.fire_due(self.context, limit=500))

    @rule(what=st.lists(st.sampled_from(("decide", "decide_some", "defer", "not_heard", "nothing")), max_size=4))
    def sits(self, what: list[str]) -> None:
        """The next sitting sits: whatever is on it is decided, deferred or left; then it is closed."""
        found = self.run(self._sittings())
        if not found or found[0].closed_at is not None:
            return
        there = found[0]
        if self.clock.now() < there.starts_at:
            self.clock.instant = there.starts_at
            self.run(timer_services.fire_due(self.context, limit=500))
        chloe = self.people["chloe"]
        self.tries(panel_sessions.start(self.context, person=chloe, sitting_id=there.id))
        here = [self.people[name].id for name in ("chloe", "leila", "quinn")]
        self.tries(
            panel_sessions.attend(
                self.context, person=chloe, sitting_id=there.id, present=here, apologies=[], others=""
            )
        )
        for act, (_, item) in zip(what, self.run(self._on(there.id)), strict=False):
            self.decides(act, item)
        self.tries(panel_sessions.close(self.context, person=chloe, sitting_id=there.id))

    async def _on(self, sitting_id: str) -> list[tuple[int, items.Item]]:
        async with self.context.database.reading() as work:
            return list(await items.on_sitting(work, sitting_id))

    def decides(self, act: str, item: items.Item) -> None:
        if act == "not_heard":
            self.acts("chloe", item, "not_heard")
        elif act == "defer":
            self.acts("chloe", item, "defer", children="all", deferred="LATE", words="More.")
        elif act == "decide":
            self.acts("chloe", item, "decide", children="all", outcome="B", rationale="Harm is likely.")
        elif act == "decide_some":
            self.acts("chloe", item, "decide", children="one", outcome="C", rationale="Harm is likely.")

    def acts(self, name: str, item: items.Item, code: str, **values: str) -> None:
        async def perform() -> None:
            if "children" in values:
                async with self.context.database.reading() as work:
                    ids = [one.id for one in await item_children.of_item(work, item.id) if one.state == "open"]
                values["children"] = ",".join(ids if values["children"] == "all" else ids[:1])
            await item_acts.perform(
                self.context,
                person=self.people[name],
                item_id=item.id,
                code=code,
                nonce=sitting_pages.nonce(),
                version=item.version,
                values=values,
            )

        self.tries(perform())

    @invariant()
    def nothing_is_overbooked_and_every_counter_is_true(self) -> None:
        if not hasattr(self, "context"):
            return

        async def look() -> None:
            async with self.context.database.reading() as work:
                table = sittings.sittings
                # whatever has been counted in anywhere, and the panel's own
                touched = (table.c.minutes_booked != 0) | (table.c.panel == "LGP") & (table.c.status != "skipped")
                for row in (await work.connection.execute(select(table).where(touched))).mappings():
                    filled = await slots.filled(work, row["id"])
                    offered = await offers.open_of(work, sitting_id=row["id"])
                    taken = [(one.lane, one.minutes) for one in filled] + [(one.lane, one.minutes) for one in offered]
                    for lane, counted in (("open", "booked"), ("urgent", "urgent_booked"), ("share", "share_booked")):
                        assert len([one for one, _ in taken if one == lane]) == row[counted], (row["id"], lane)
                    assert sum(minutes for _, minutes in taken) == row["minutes_booked"]
                    assert row["booked"] + row["urgent_booked"] + row["share_booked"] <= row["slots"]
                    assert row["minutes_booked"] <= row["minutes"]
                    assert [one.place for one in filled] == sorted({one.place for one in filled})

        self.run(look())

    @invariant()
    def every_item_is_in_one_place(self) -> None:
        if not hasattr(self, "context"):
            return

        async def look() -> None:
            async with self.context.database.reading() as work:
                in_slots = list((await work.connection.execute(select(slots.slots.c.item_id))).scalars())
                rows = await work.connection.execute(select(items.items.c.id, items.items.c.state))
                states = {row.id: row.state for row in rows}
                offered = list(
                    (
                        await work.connection.execute(
                            select(offers.offers.c.item_id).where(offers.offers.c.state == offers.OPEN)
                        )
                    ).scalars()
                )
            assert len(in_slots) == len(set(in_slots))
            assert {id for id, state in states.items() if state == items.BOOKED} <= set(in_slots)
            assert not {id for id, state in states.items() if state in (items.WAITING, items.CANCELLED)} & set(in_slots)
            # one offer at a time, and only to those who wait
            assert len(offered) == len(set(offered))
            assert {states[id] for id in offered} <= {items.WAITING}

        self.run(look())

    @invariant()
    def every_offer_has_its_end_set(self) -> None:
        if not hasattr(self, "context"):
            return

        async def look() -> None:
            async with self.context.database.reading() as work:
                table = timers.timers
                held = offers.offers
                count = await work.connection.scalar(
                    select(func.count())
                    .select_from(held.join(table, table.c.subject_id == held.c.id))
                    .where(held.c.state == offers.OPEN, table.c.kind == offers.TIMER, table.c.state == timers.SET)
                )
                opened = await work.connection.scalar(
                    select(func.count()).select_from(held).where(held.c.state == offers.OPEN)
                )
            assert count == opened

        self.run(look())

    @invariant()
    def a_freed_slot_was_offered_in_order(self) -> None:
        """Whoever waits and could have been asked about a sitting is asked before anybody behind them in the line."""
        if not hasattr(self, "context"):
            return

        async def look() -> None:
            async with self.context.database.reading() as work:
                line = sorted(await items.waiting(work, panels=["LGP"]), key=lambda item: item.line)
                for sitting_id in {one.sitting_id for one in await offers.open_of(work)}:
                    asked = await offers.asked(work, sitting_id)
                    now = await offers.open_of(work, sitting_id=sitting_id)
                    for offer in now:
                        mine = next(item for item in line if item.id == offer.item_id)
                        ahead = [
                            item
                            for item in line[: line.index(mine)]
                            if item.requested_at <= offer.offered_at
                            and (item.waiting_since or item.requested_at) <= offer.offered_at
                            and item.id not in asked
                            and item.minutes <= mine.minutes
                            and (item.is_urgent or not mine.is_urgent)
                            and not await offers.open_of(work, item_id=item.id)
                            and item.version == 1
                        ]
                        assert ahead == [], (mine.reference, [item.reference for item in ahead])

        self.run(look())

    @invariant()
    def each_released_agenda_gives_its_digest_again(self) -> None:
        if not hasattr(self, "context"):
            return

        async def look() -> None:
            async with self.context.database.reading() as work:
                released = select(sittings.sittings.c.id).where(sittings.sittings.c.agenda_version > 0)
                for id in list((await work.connection.execute(released)).scalars()):
                    assert all(one.is_true for one in await agendas.verify(work, id))

        self.run(look())


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_whatever_people_do_in_whatever_order_the_panels_stay_true() -> None:
    run_state_machine_as_test(
        Panels,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=RUNS < 100,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_machine_sees_a_place_that_is_not_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: with one counter forgotten, the very same runs fail."""

    async def forgets(work: Work, sitting_id: str, *, lane: Lane = "open", minutes: int = 0) -> None:
        return None

    monkeypatch.setattr(slots, "give_back_place", forgets)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            Panels,
            settings=settings(
                max_examples=6,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
