"""Past requests replayed against a rulebook: who is heard when, how long people wait, what is pushed on or late."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from statistics import median

from casework.domain import clocks, london, sitting_plan, working_days
from casework.domain.booking import Sitting
from casework.domain.rulebook import CalendarRules, Rulebook
from casework.domain.sitting_calendar import Occurrence, occurrences

# a sitting is moved from a closed day by less than this, out of the span or into it
MOVED_AT_MOST = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One past request. Instants are aware UTC.

    `band` is 1 (first) to 9; `papers_ready_at` None: nobody knows when; `minutes` 0: an ordinary slot's.
    """

    panel: str
    band: int
    asked_on: datetime
    papers_ready_at: datetime | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one request went: the sitting it got (None: unheard), and the first it could have had (None: none)."""

    asked: Asked
    sitting: Sitting | None
    first: Sitting | None

    @property
    def was_pushed_on(self) -> bool:
        """Whether there was a sitting in time for it, and another or none is what it got."""
        return self.first is not None and (self.sitting is None or self.sitting.id != self.first.id)

    @property
    def is_late(self) -> bool:
        """Whether its papers were complete only after the cut-off of the sitting it got."""
        ready_at = self.asked.papers_ready_at
        return self.sitting is not None and ready_at is not None and ready_at > self.sitting.papers_due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of the requests to one panel. Waits are in working days, from the request to the sitting.

    `overflow` found no place in the first sitting they could have had; `unheard` had none by the end. `late` of the
    heard had their papers complete only after the cut-off; for `papers_known` of the heard one knows when that was.
    `places` and `taken` count all that could be booked in the sittings that hear the panel, urgent ones held back
    left out. `unsettled` are sittings on closed days for which a coordinator would have to decide: nobody is heard.
    """

    panel: str
    items: int
    heard: int
    wait_median: float | None
    wait_ninety: int | None
    wait_worst: int | None
    overflow: int
    unheard: int
    late: int
    papers_known: int
    sittings: int
    unsettled: int
    places: int
    taken: int

    @property
    def use(self) -> float | None:
        """The share of slots used, from 0 to 1; None where there are none."""
        return self.taken / self.places if self.places else None


@dataclass(slots=True)
class _Replay:
    """The sittings as they fill, by id and soonest first, and who waits for a place that comes free."""

    sittings: dict[str, Sitting]
    got: dict[int, str] = field(default_factory=dict)
    waiting: dict[int, Asked] = field(default_factory=dict)
    _hearing: dict[str, list[str]] = field(default_factory=dict)

    def ask(self, number: int, asked: Asked) -> None:
        """Book the soonest sitting that has a place, or wait."""
        if not any(self.take(number, asked, id) for id in self.hearing(asked.panel)):
            self.waiting[number] = asked

    def hearing(self, panel: str) -> Sequence[str]:
        """Ids of the sittings that hear a panel, soonest first."""
        if panel not in self._hearing:
            self._hearing[panel] = [id for id, sitting in self.sittings.items() if sitting.hears(panel)]
        return self._hearing[panel]

    def take(self, number: int, asked: Asked, id: str) -> bool:
        """Take a place in a sitting if it has one and its cut-off lies after the request."""
        sitting = self.sittings[id]
        if not _could_have(sitting, asked):
            return False
        lane = sitting.lane_free(asked.panel, minutes=asked.minutes)
        if lane is None:
            return False
        self.sittings[id] = sitting.with_one_more(lane, asked.minutes)
        self.got[number] = id
        return True

    def release(self, id: str) -> None:
        """Open what is left of a guest's share to everybody; those who wait come first: by band, then by waiting."""
        held = self.sittings[id]
        self.sittings[id] = replace(
            held,
            capacity=held.capacity + held.share_slots - held.share_booked,
            share_slots=held.share_booked,
            is_share_released=True,
        )
        for number, asked in sorted(self.waiting.items(), key=lambda one: (one[1].band, one[1].asked_on, one[0])):
            if self.take(number, asked, id):
                del self.waiting[number]


def replay(asked: Iterable[Asked], book: Rulebook, first: date, last: date) -> dict[str, Outcome]:
    """What the rulebook makes of these requests in its sittings from `first` to `last`, both included, by panel.

    Each goes, in order of time (then band), to the soonest sitting that hears its panel, has a place for it and a
    cut-off after the request; held urgent slots are nobody's. Every panel of the rulebook has an outcome, and every
    panel somebody asked for; one no rulebook knows hears nobody. Raises nothing.
    """
    ours, unsettled = _sittings(book, first, last)
    placed = [*place(asked, book, ours)]
    taken = Counter(one.sitting.id for one in placed if one.sitting is not None)
    codes = [panel.code for panel in book.panels]
    codes += sorted({one.asked.panel for one in placed} - set(codes))
    return {
        code: _outcome(
            code,
            [one for one in placed if one.asked.panel == code],
            [one for one in ours if one.hears(code)],
            taken=taken,
            unsettled=sum(code in (one.panel, *one.incorporates) for one in unsettled),
            calendar=book.calendar,
        )
        for code in codes
    }


def sittings_of(book: Rulebook, first: date, last: date) -> tuple[Sitting, ...]:
    """The sittings that take place from `first` to `last`, both included, empty, soonest first."""
    return _sittings(book, first, last)[0]


def place(asked: Iterable[Asked], book: Rulebook, sittings: Sequence[Sitting]) -> tuple[Placed, ...]:
    """Where each request goes among empty sittings given soonest first, in order of time, then band."""
    line = sorted(asked, key=lambda one: (one.asked_on, one.band))
    known = {sitting.id: sitting for sitting in sittings}
    run = _Replay(dict(known))
    releases = _releases(book, sittings)
    heapq.heapify(releases)
    for number, one in enumerate(line):
        while releases and releases[0][0] <= one.asked_on:
            run.release(heapq.heappop(releases)[1])
        run.ask(number, one)
    while releases:
        run.release(heapq.heappop(releases)[1])
    return tuple(
        Placed(
            asked=one,
            sitting=known[run.got[number]] if number in run.got else None,
            first=next((known[id] for id in run.hearing(one.panel) if _could_have(known[id], one)), None),
        )
        for number, one in enumerate(line)
    )


def waited(one: Placed, calendar: CalendarRules) -> int:
    """Working days from the request to its sitting, the council's closures left out; 0 for the same day."""
    assert one.sitting is not None
    day, until = london.local_date(one.asked.asked_on), london.local_date(one.sitting.starts_at)
    days = (day + timedelta(days=ahead) for ahead in range(1, (until - day).days + 1))
    return sum(working_days.is_operating_day(day, calendar) for day in days)


def _could_have(sitting: Sitting, asked: Asked) -> bool:
    # a rulebook may let papers in after a sitting has begun: nobody comes to it then
    return sitting.hears(asked.panel) and min(sitting.papers_due_at, sitting.starts_at) > asked.asked_on


def _sittings(book: Rulebook, first: date, last: date) -> tuple[tuple[Sitting, ...], tuple[Occurrence, ...]]:
    """(those that take place, those on closed days nobody has settled) within the span."""
    found = [one for one in occurrences(book, first - MOVED_AT_MOST, last + MOVED_AT_MOST) if first <= one.on <= last]
    held = tuple(_sitting(book, one) for one in found if one.status in sitting_plan.OPEN)
    return held, tuple(one for one in found if one.status == "ask")


def _sitting(book: Rulebook, one: Occurrence) -> Sitting:
    panel = book.panel(one.panel)
    lanes = sitting_plan.lanes(book, panel, panel.slots, one.incorporates)
    return Sitting(
        id=f"{one.panel} {one.original_on.isoformat()}",
        panel=one.panel,
        starts_at=one.starts_at.astimezone(UTC),
        ends_at=one.ends_at.astimezone(UTC),
        papers_due_at=one.papers_due_at.astimezone(UTC),
        status=one.status,
        capacity=lanes.capacity,
        booked=0,
        incorporates=one.incorporates,
        agenda_sent_at=None,
        version=1,
        original_on=one.original_on,
        slots=lanes.slots,
        slot_minutes=panel.slot_minutes,
        minutes=int((one.ends_at - one.starts_at).total_seconds() // 60),
        urgent_slots=lanes.urgent,
        share_slots=lanes.share,
    )


def _releases(book: Rulebook, sittings: Iterable[Sitting]) -> list[tuple[datetime, str]]:
    """(when, sitting id) of every share that is opened to everybody, the first rule of its guests counting."""
    found = []
    for sitting in sittings:
        rules = [one.share_release for one in book.panels if one.code in sitting.incorporates and one.share_release]
        if sitting.share_slots and rules:
            on = london.local_date(sitting.starts_at)
            at = clocks.moment_before(on, rules[0], book.calendar).astimezone(UTC)
            if at < sitting.starts_at:
                found.append((at, sitting.id))
    return found


def _outcome(
    code: str,
    placed: Sequence[Placed],
    sittings: Sequence[Sitting],
    *,
    taken: Mapping[str, int],
    unsettled: int,
    calendar: CalendarRules,
) -> Outcome:
    heard = [one for one in placed if one.sitting is not None]
    waits = sorted(waited(one, calendar) for one in heard)
    return Outcome(
        panel=code,
        items=len(placed),
        heard=len(heard),
        wait_median=median(waits) if waits else None,
        wait_ninety=waits[math.ceil(len(waits) * 9 / 10) - 1] if waits else None,
        wait_worst=waits[-1] if waits else None,
        overflow=sum(one.was_pushed_on for one in placed),
        unheard=len(placed) - len(heard),
        late=sum(one.is_late for one in heard),
        papers_known=sum(one.asked.papers_ready_at is not None for one in heard),
        sittings=len(sittings),
        unsettled=unsettled,
        places=sum(one.capacity + one.share_slots for one in sittings),
        taken=sum(taken.get(one.id, 0) for one in sittings),
    )
