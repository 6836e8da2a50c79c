"""Proof of one NTK: what should have happened under its rulebook, worked out again, beside what the record holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from casework.domain import ntk_prompts, ntk_steps, office_hours
from casework.domain.ntk_routing import ALSO
from casework.domain.rulebook import Rulebook

# how long after its time something may run before it counts as missing: ticks, a busy queue, a restart
SLACK = timedelta(minutes=5)
ENDS = frozenset({"closed", "withdrawn", "not_ntk", "merged"})
ACKNOWLEDGES = frozenset({"acknowledged", "checked", "returned", "not_ntk"})
RESETS_UPDATES = frozenset({"update", "found", "level", "reopened"})


class Verdict(StrEnum):
    """What the record says of one thing that should have happened."""

    DONE = "done"
    LATE = "done, late"
    EARLY = "done early, as it could not be delivered"
    NOT_NEEDED = "not needed"
    TO_COME = "to come"
    UNANSWERED = "nobody has answered"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One person of the chain as the record has them."""

    person_id: str
    name: str
    tier: str
    because: str
    told_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    id: str
    tier: str
    do: str
    due_at: datetime
    state: str
    done_at: datetime | None
    because: str
    told: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One delivery: `about` is the NTK's id or, for what a step sent, the step's."""

    kind: str
    about: str
    key: str
    person_id: str
    created_at: datetime
    ended_at: datetime | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event. `facts` are codes only."""

    id: str
    at: datetime
    kind: str
    actor_id: str | None
    name: str
    facts: Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    code: str
    started_at: datetime
    due_at: datetime
    decided_at: datetime | None
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything the database holds about one NTK that is no narrative."""

    ntk_id: str
    reference: str
    category: str
    raised_at: datetime
    told: tuple[Told, ...]
    steps: tuple[Step, ...]
    sent: tuple[Sent, ...]
    events: tuple[Happened, ...]
    clocks: tuple[Clock, ...]
    audited: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that should have happened: when it was due, when it was done, by whom, and the verdict."""

    due_at: datetime
    done_at: datetime | None
    what: str
    who: str
    verdict: Verdict

    @property
    def lateness(self) -> timedelta:
        return max(timedelta(), self.done_at - self.due_at) if self.done_at is not None else timedelta()


def examine(record: Record, book: Rulebook, now: datetime) -> tuple[Line, ...]:
    """Every step that should have been, in the order it was due. A gap is a line with the verdict MISSING."""
    lines = [
        *_history(record),
        *_deliveries(record, now),
        *_tiers(record, book, now),
        *_others(record, now),
        *_updates(record, book, now),
        *_clocks(record, book, now),
    ]
    return tuple(sorted(lines, key=lambda line: (line.due_at, line.what)))


def gaps(lines: Collection[Line]) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.verdict is Verdict.MISSING)


def _history(record: Record) -> Iterator[Line]:
    """The events themselves: each stands in the audit trail, and whatever the trail names is still there."""
    for event in record.events:
        verdict = Verdict.DONE if event.id in record.audited else Verdict.MISSING
        if event.kind == "step" and verdict is Verdict.DONE:
            continue  # it has a line of its own, with its due time
        about = f" {event.facts['prompt']}" if event.facts.get("prompt") else ""
        what = f"{event.kind.replace('_', ' ')}{about}"
        if verdict is Verdict.MISSING:
            what = f"the audit row of: {what}"
        yield Line(due_at=event.at, done_at=event.at, what=what, who=event.name, verdict=verdict)
    known = {event.id for event in record.events}
    for lost in sorted(record.audited - known):
        what = f"an event the audit trail names ({lost[:8]})"
        yield Line(due_at=record.raised_at, done_at=None, what=what, who="", verdict=Verdict.MISSING)
    raised = next((event for event in record.events if event.kind == "raised"), None)
    if raised is None:
        what = "the event of its raising"
        yield Line(due_at=record.raised_at, done_at=None, what=what, who="", verdict=Verdict.MISSING)
        return
    planned = int(raised.facts.get("told") or 0) + int(raised.facts.get("later") or 0)
    if len(record.told) < planned:
        what = f"{planned - len(record.told)} of the {planned} people of its chain"
        yield Line(due_at=record.raised_at, done_at=None, what=what, who="", verdict=Verdict.MISSING)


def _deliveries(record: Record, now: datetime) -> Iterator[Line]:
    """Everybody told has a card that was sent, or the raiser was told to phone."""
    raiser_told = [sent for sent in record.sent if sent.kind == "ntk_not_delivered"]
    for one in record.told:
        if one.told_at is None:
            continue
        mine = [s for s in record.sent if s.person_id == one.person_id and s.kind in ("ntk_new", "ntk_escalated")]
        accepted = [sent for sent in mine if sent.state == "accepted" and sent.ended_at is not None]
        what = f"card to {one.tier}, {one.because}"
        if accepted:
            done = min(sent.ended_at for sent in accepted if sent.ended_at is not None)
            late = done - one.told_at > SLACK
            verdict = Verdict.LATE if late else Verdict.DONE
            yield Line(due_at=one.told_at, done_at=done, what=what, who=one.name, verdict=verdict)
        elif any(sent.state in ("refused", "unknown", "suppressed") for sent in mine):
            phoned = any(sent.created_at >= one.told_at for sent in raiser_told) or one.ended_at is not None
            words = f"{what}: not delivered, raiser told to phone" if phoned else f"{what}: not delivered, nobody told"
            verdict = Verdict.DONE if phoned else Verdict.MISSING
            done = max((s.ended_at for s in mine if s.ended_at is not None), default=one.told_at)
            yield Line(due_at=one.told_at, done_at=done, what=words, who=one.name, verdict=verdict)
        else:
            is_young = bool(mine) and now - one.told_at <= SLACK
            verdict = Verdict.TO_COME if is_young or one.ended_at is not None else Verdict.MISSING
            yield Line(due_at=one.told_at, done_at=None, what=what, who=one.name, verdict=verdict)


def _tiers(record: Record, book: Rulebook, now: datetime) -> Iterator[Line]:
    """The steps of each tier, planned again for every round it was asked in."""
    for tier in [known.code for known in book.tiers]:
        first = min((one.told_at for one in record.told if one.tier == tier and one.told_at), default=None)
        if first is None:
            continue
        starts = [first, *(at for at in _restarts(record, tier) if at > first)]
        for start, end in zip(starts, [*starts[1:], None], strict=True):
            is_again = start != first
            if is_again and tier not in book.level(_level_at(record, start)).tiers:
                continue  # another level, which doesn't reach this tier
            if is_again and _settled_at(record, book, tier, start) == start:
                continue  # nobody of this tier had to be asked again
            yield from _round(record, book, tier, start, end, now)


def _round(
    record: Record, book: Rulebook, tier: str, start: datetime, end: datetime | None, now: datetime
) -> Iterator[Line]:
    over = [at for at in (end, _over_after(record, start), _settled_at(record, book, tier, start)) if at is not None]
    off = min(over, default=None)
    for planned in ntk_steps.plan(book, book.level(_level_at(record, start)), tier=tier, told_at=start):
        what = f"{planned.do} {tier}"
        row = next((s for s in record.steps if (s.tier, s.do, s.due_at) == (tier, planned.do, planned.due_at)), None)
        if row is None:
            yield Line(due_at=planned.due_at, done_at=None, what=what, who="", verdict=Verdict.MISSING)
        elif row.state == "done":
            yield _done(record, row, what)
        elif (row.because == "alarmed" and _alarmed(record, row)) or (
            off is not None and off <= planned.due_at + SLACK
        ):
            yield Line(due_at=planned.due_at, done_at=row.done_at, what=what, who="", verdict=Verdict.NOT_NEEDED)
        elif planned.due_at > now - SLACK:
            yield Line(due_at=planned.due_at, done_at=None, what=what, who="", verdict=Verdict.TO_COME)
        elif not any(one.tier == tier and one.ended_at is None for one in record.told):
            yield Line(due_at=planned.due_at, done_at=row.done_at, what=what, who="", verdict=Verdict.NOT_NEEDED)
        else:
            yield Line(due_at=planned.due_at, done_at=None, what=what, who="", verdict=Verdict.MISSING)


def _alarmed(record: Record, row: Step) -> bool:
    """Whether another tier's alarm stands behind one that says it was made just before."""
    return row.because == "alarmed" and any(
        one.do == "alarm"
        and one.state == "done"
        and one.done_at is not None
        and row.done_at is not None
        and timedelta() <= row.done_at - one.done_at <= ntk_steps.ALARM_HOLDS
        for one in record.steps
    )


def _done(record: Record, row: Step, what: str) -> Line:
    """A step that says it was done: where it says that it told somebody, cards or people stand behind it."""
    assert row.done_at is not None
    behind = [sent for sent in record.sent if sent.about == row.id or sent.key.endswith(row.id)]
    brought = [one for one in record.told if one.told_at == row.done_at]
    if row.told and not behind and not brought:
        return Line(due_at=row.due_at, done_at=None, what=f"the cards of: {what}", who="", verdict=Verdict.MISSING)
    verdict = Verdict.EARLY if row.done_at < row.due_at else Verdict.DONE
    if row.done_at - row.due_at > SLACK:
        verdict = Verdict.LATE
    words = what if row.told else f"{what}: nobody there"
    return Line(due_at=row.due_at, done_at=row.done_at, what=words, who="Usher", verdict=verdict)


def _others(record: Record, now: datetime) -> Iterator[Line]:
    """Steps that belong to no tier's plan (a missing child's thresholds, a return left unanswered)."""
    for row in record.steps:
        if row.do not in (ntk_steps.MISSING, ntk_steps.RETURN_DUE):
            continue
        what = f"{row.do.replace('_', ' ')} {row.tier}"
        if row.state == "done":
            yield _done(record, row, what)
        elif row.state != "set":
            yield Line(due_at=row.due_at, done_at=row.done_at, what=what, who="", verdict=Verdict.NOT_NEEDED)
        else:
            verdict = Verdict.TO_COME if row.due_at > now - SLACK else Verdict.MISSING
            yield Line(due_at=row.due_at, done_at=None, what=what, who="", verdict=verdict)


def _updates(record: Record, book: Rulebook, now: datetime) -> Iterator[Line]:
    """Each update that fell due: given in time, or its owner was asked."""
    resets = [record.raised_at, *(event.at for event in record.events if event.kind in RESETS_UPDATES)]
    for start, following in zip(resets, [*resets[1:], None], strict=True):
        every = book.level(_level_at(record, start)).update_every
        if every is None:
            continue
        due = office_hours.due(start, every, book)
        off = min((at for at in (following, _over_after(record, start)) if at is not None), default=None)
        if off is not None and off <= due:
            yield Line(due_at=due, done_at=off, what="update", who="", verdict=Verdict.NOT_NEEDED)
            continue
        row = next((s for s in record.steps if s.do == ntk_steps.UPDATE_DUE and s.due_at == due), None)
        if row is not None and row.state == "done":
            yield _done(record, row, "update asked for")
        elif due > now - SLACK:
            yield Line(due_at=due, done_at=None, what="update", who="", verdict=Verdict.TO_COME)
        elif off is not None and off <= due + SLACK:
            yield Line(due_at=due, done_at=off, what="update", who="", verdict=Verdict.NOT_NEEDED)
        else:
            yield Line(due_at=due, done_at=None, what="update asked for", who="", verdict=Verdict.MISSING)


def _clocks(record: Record, book: Rulebook, now: datetime) -> Iterator[Line]:
    """The outside clocks: begun, reminded of in time, answered by a named person or not."""
    begun = {str(event.facts.get("prompt")) for event in record.events if event.kind == "clock"}
    for code in sorted(begun - {clock.code for clock in record.clocks}):
        what = f"the clock {code}"
        yield Line(due_at=record.raised_at, done_at=None, what=what, who="", verdict=Verdict.MISSING)
    for clock in record.clocks:
        verdict = Verdict.DONE if clock.decided_at else Verdict.TO_COME if clock.due_at > now else Verdict.UNANSWERED
        what = f"{clock.code} decided"
        yield Line(due_at=clock.due_at, done_at=clock.decided_at, what=what, who=clock.decided_by, verdict=verdict)
        yield from _reminders(record, book, clock, now)


def _reminders(record: Record, book: Rulebook, clock: Clock, now: datetime) -> Iterator[Line]:
    rule = next((rule for rule in book.prompts if rule.code == clock.code), None)
    if rule is None:
        return
    begun = next(
        (event.at for event in record.events if event.kind == "clock" and event.facts.get("prompt") == clock.code),
        record.raised_at,
    )
    reminded = [e.at for e in record.events if e.kind == "clock_reminder" and e.facts.get("prompt") == clock.code]
    for moment in [*ntk_prompts.warnings(rule, clock.started_at, book), clock.due_at]:
        if moment <= begun:
            continue
        what = f"reminder of {clock.code}"
        done = next((at for at in reminded if at >= moment), None)
        off = min((at for at in (clock.decided_at, _gone_at(record)) if at is not None), default=None)
        if off is not None and off <= moment + SLACK:
            yield Line(due_at=moment, done_at=off, what=what, who="", verdict=Verdict.NOT_NEEDED)
        elif done is not None:
            verdict = Verdict.LATE if done - moment > SLACK else Verdict.DONE
            yield Line(due_at=moment, done_at=done, what=what, who="Usher", verdict=verdict)
        else:
            verdict = Verdict.TO_COME if moment > now - SLACK else Verdict.MISSING
            yield Line(due_at=moment, done_at=None, what=what, who="", verdict=verdict)


def _gone_at(record: Record) -> datetime | None:
    """When it was withdrawn or went into another: only then outside clocks are no longer reminded of here."""
    return next((event.at for event in record.events if event.kind in ("withdrawn", "merged")), None)


def _over_after(record: Record, start: datetime) -> datetime | None:
    """When it first ended after an instant, however it ended; it may have been opened again since."""
    return next((event.at for event in record.events if event.kind in ENDS and event.at >= start), None)


def _restarts(record: Record, tier: str) -> list[datetime]:
    """When a tier was asked afresh: another level, a material change, opened again, its return answered."""
    return [
        event.at
        for event in record.events
        if event.kind in ("level", "reopened")
        or (event.kind == "update" and (event.facts.get("material") or event.facts.get("asked_again") == tier))
    ]


def _level_at(record: Record, at: datetime) -> int:
    """The level in force at an instant: as raised, then as each change of level set it."""
    raised = next((event for event in record.events if event.kind == "raised"), None)
    level = int(raised.facts.get("level") or 1) if raised else 1
    for event in record.events:
        if event.at <= at and event.kind == "level":
            level = int(event.facts.get("to") or level)
    return level


def _settled_at(record: Record, book: Rulebook, tier: str, start: datetime) -> datetime | None:
    """When a tier asked from `start` on had acknowledged enough: at `start` itself where it had before."""
    rule = book.category(record.category).acknowledged_by
    moments = sorted({start, *(event.at for event in record.events if event.at > start)})
    for moment in moments:
        if ntk_steps.is_settled(rule, tier, _acks(record, moment)):
            return moment
    return None


def _acks(record: Record, at: datetime) -> Sequence[ntk_steps.Ack]:
    """Who had acknowledged at an instant, replayed: a material update takes all but its author's back.

    An update that answers a return takes back the acknowledgement of whoever returned it.
    """
    known: dict[str, datetime] = {}
    returner = ""
    for event in record.events:
        if event.at > at:
            break
        if event.kind in ACKNOWLEDGES and event.actor_id:
            known.setdefault(event.actor_id, event.at)
            returner = event.actor_id if event.kind == "returned" else returner
        elif event.kind == "update" and event.facts.get("asked_again"):
            known.pop(returner, None)
        if event.kind == "update" and event.facts.get("material"):
            known = {id: then for id, then in known.items() if id == event.actor_id}
    return [
        ntk_steps.Ack(person_id=one.person_id, tier=one.tier, acknowledged_at=known.get(one.person_id))
        for one in record.told
        if one.told_at is not None and one.told_at <= at and one.tier != ALSO and not (one.ended_at or at) < at
    ]
