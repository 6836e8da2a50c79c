"""A rule tried out: the rulebook as it would be without one sitting, with other slots, with another cut-off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pydantic import ValidationError

from casework.domain.panel_rulebook import HolidayRule, MoveTo, Panel
from casework.domain.rulebook import Rulebook
from casework.domain.sitting_calendar import Occurrence, occurrences, spoken

# a sitting is moved from a closed day by less than this
MOVED_AT_MOST = timedelta(days=14)


class CannotChange(ValueError):
    """The rulebook can't be changed like this; the words say why and what to do, for whoever asked."""


@dataclass(frozen=True, slots=True)
class Number:
    """A new number, or a step up or down from the one there is."""

    value: int
    is_step: bool = False

    def applied_to(self, before: int) -> int:
        return before + self.value if self.is_step else self.value


def panel_of(book: Rulebook, code: str) -> Panel:
    """Raises CannotChange for a code no panel has."""
    try:
        return book.panel(code)
    except KeyError:
        known = ", ".join(panel.code for panel in book.panels)
        raise CannotChange(f"there is no panel {code}. The panels are {known}.") from None


def without_sitting(book: Rulebook, code: str, on: date) -> Rulebook:
    """The rulebook without the panel's sitting of a date (its own, or the one it was moved to from a closed day).

    Of a panel incorporated in another only its part of that sitting is left out. Raises CannotChange.
    """
    panel = panel_of(book, code)
    near = _held(book, panel, on - MOVED_AT_MOST, on + MOVED_AT_MOST)
    found = next((one for one in near if one.on == on), None) or next(
        (one for one in near if one.original_on == on), None
    )
    if found is None:
        there = sorted({one.on for one in near}, key=lambda day: abs(day - on))[:2]
        nearest = " Nearest are " + " and ".join(f"{day.isoformat()}" for day in sorted(there)) + "." if there else ""
        raise CannotChange(f"{code} does not sit on {spoken(on)}.{nearest}")
    return _with(book, panel, not_on=(*panel.not_on, found.original_on))


def with_slots(book: Rulebook, code: str, number: Number) -> Rulebook:
    """The rulebook with so many slots in each of the panel's sittings, which get longer where they must.

    Of a panel incorporated in another it is the share of that panel's slots which is its own. Raises CannotChange.
    """
    panel = panel_of(book, code)
    if panel.incorporated_in:
        host = book.panel(panel.incorporated_in)
        share, most = number.applied_to(panel.share), host.slots - host.urgent_held - 1
        if not 0 <= share <= most:
            raise CannotChange(
                f"{code} would have {share} of the slots of {host.code}, and can have from 0 to {most}:"
                f" {host.code} has {host.slots}, of which one at least stays its own."
            )
        return _with(book, panel, share=share)
    wanted = number.applied_to(panel.slots)
    if wanted < 1:
        raise CannotChange(f"{code} would have {wanted} slots: ask for one at least, or leave its sittings out.")
    taken = panel.urgent_held + max((one.share for one in book.panels if one.incorporated_in == code), default=0)
    if wanted <= taken:
        raise CannotChange(f"{code} would have {wanted} slots, and {taken} are held already: ask for {taken + 1}.")
    lacking = wanted * panel.slot_minutes - _minutes(panel.start, panel.end)
    if lacking <= 0:
        return _with(book, panel, slots=wanted)
    end, rule = _later(panel.end, lacking), _longer(panel.on_holiday, lacking)
    if end is None or rule is None:
        raise CannotChange(f"{code} would sit past midnight with {wanted} slots of {panel.slot_minutes} minutes.")
    return _with(book, panel, slots=wanted, end=end, on_holiday=rule)


def with_cut_off(book: Rulebook, code: str, number: Number) -> Rulebook:
    """The rulebook with the panel's papers due so many working days before its sittings. Raises CannotChange."""
    panel = panel_of(book, code)
    if panel.incorporated_in:
        raise CannotChange(f"{code} goes by the cut-off of {panel.incorporated_in}, in which it is heard: change that.")
    days = number.applied_to(panel.papers.days_before)
    papers = {**panel.papers.model_dump(), "days_before": days}
    return _with(book, panel, papers=papers)


def words(before: Rulebook, after: Rulebook) -> tuple[str, ...]:
    """What differs between two rulebooks in slots, length, cut-off and dates left out: a line each, panel by panel."""
    known = {panel.code: panel for panel in before.panels}
    said = [f"{code}: no such panel any more" for code in known if code not in {one.code for one in after.panels}]
    for panel in after.panels:
        old = known.get(panel.code)
        said += [f"{panel.code}: {line}" for line in (_differences(old, panel) if old else ["a new panel"])]
    if before.calendar != after.calendar:
        said.append("The council's calendar of closed days")
    return tuple(said)


def _differences(old: Panel, new: Panel) -> Iterable[str]:
    if new.slots != old.slots:
        yield f"{new.slots} slots instead of {old.slots}"
    if (new.start, new.end) != (old.start, old.end):
        yield f"sits {new.start:%H:%M} to {new.end:%H:%M} instead of {old.start:%H:%M} to {old.end:%H:%M}"
    if new.share != old.share:
        yield f"{new.share} slots of its own instead of {old.share}"
    if new.papers != old.papers:
        yield f"papers {_spoken_cut_off(new)} instead of {_spoken_cut_off(old)}"
    yield from (f"no sitting on {spoken(day)}" for day in new.not_on if day not in old.not_on)
    told = {"slots", "start", "end", "share", "papers", "not_on", "on_holiday"}
    if new.model_dump(exclude=told) != old.model_dump(exclude=told):
        yield "other rules too"


def _spoken_cut_off(panel: Panel) -> str:
    days = panel.papers.days_before
    return f"{days} working day{'' if days == 1 else 's'} before at {panel.papers.at:%H:%M}"


def _held(book: Rulebook, panel: Panel, first: date, last: date) -> tuple[Occurrence, ...]:
    """The sittings that hear a panel by the rule, and are not left out already."""
    return tuple(
        one
        for one in occurrences(book, first, last)
        if one.status != "skipped" and panel.code in (one.panel, *one.incorporates)
    )


def _with(book: Rulebook, panel: Panel, **changed: object) -> Rulebook:
    """The rulebook with one panel changed, judged as if it had been read from a file."""
    panels = tuple(one.model_copy(update=changed) if one.code == panel.code else one for one in book.panels)
    whole = book.model_copy(update={"panels": panels})
    try:
        return Rulebook.model_validate(whole.model_dump(warnings=False))
    except ValidationError as wrong:
        reasons = "; ".join(
            f"{'.'.join(str(step) for step in error['loc'][2:])}: {error['msg'].removeprefix('Value error, ')}"
            for error in wrong.errors()
        )
        raise CannotChange(f"{panel.code} can't have that: {reasons}.") from None


def _minutes(start: time, end: time) -> int:
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def _later(at: time, minutes: int) -> time | None:
    """So many minutes later on the same day; None past midnight."""
    day = datetime.combine(date.min, at)
    later = day + timedelta(minutes=minutes)
    return later.time() if later.date() == day.date() else None


def _longer(rule: HolidayRule, minutes: int) -> HolidayRule | None:
    """The rule for closed days with its sitting as much longer; None past midnight."""
    if not isinstance(rule, MoveTo):
        return rule
    end = _later(rule.end, minutes)
    return rule.model_copy(update={"end": end}) if end is not None else None
