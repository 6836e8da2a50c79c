"""What no single value shows: codes used twice, tiers nobody knows, panels incorporated in each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from casework.domain import recurrence
from casework.domain.panel_rulebook import Panel
from casework.domain.rulebook import Rulebook
from casework.rulebook import ntk_faults, panel_faults

LOOKED_AHEAD = timedelta(days=366 * 2)
FROM = date(2026, 1, 1)


def of(book: Rulebook) -> Iterator[tuple[str, str]]:
    """(key, reason) of every fault that spans values."""
    yield from _twice("tiers", [tier.code for tier in book.tiers])
    yield from _twice("levels", [str(level.number) for level in book.levels])
    yield from _twice("categories", [category.code for category in book.categories])
    yield from _twice("panels", [panel.code for panel in book.panels])
    tiers = {tier.code for tier in book.tiers}
    for level in book.levels:
        if unknown := sorted(set(level.tiers) - tiers):
            yield f"levels.{level.number}.tiers", f"no such tier: {', '.join(unknown)}"
    levels = {level.number for level in book.levels}
    for category in book.categories:
        if category.level not in levels:
            yield f"categories.{category.code}.level", f"no such level: {category.level}"
    yield from ntk_faults.of(book)
    yield from panel_faults.of(book)
    known = {panel.code: panel for panel in book.panels}
    for panel in book.panels:
        yield from _twice(f"panels.{panel.code}.request_types", [kind.code for kind in panel.request_types])
        for day in panel.not_on:
            if not recurrence.dates(panel.schedule, day, day):
                yield f"panels.{panel.code}.not_on", f"{day.isoformat()} is no date of its schedule"
        if panel.incorporated_in:
            yield from _incorporated(panel, known)


def _incorporated(panel: Panel, known: dict[str, Panel]) -> Iterator[tuple[str, str]]:
    key = f"panels.{panel.code}.incorporated_in"
    host = known.get(panel.incorporated_in or "")
    if host is None:
        yield key, f"no such panel: {panel.incorporated_in}"
    elif host.code == panel.code or host.incorporated_in:
        yield key, f"{host.code} has no sittings of its own to be incorporated in"
    else:
        last = FROM + LOOKED_AHEAD
        hosts = set(recurrence.dates(host.schedule, FROM, last))
        lone = [day for day in recurrence.dates(panel.schedule, FROM, last) if day not in hosts]
        if lone:
            yield f"panels.{panel.code}.schedule", f"falls on {lone[0].isoformat()}, when {host.code} does not sit"


def _twice(key: str, names: list[str]) -> Iterator[tuple[str, str]]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{key}.{name}", "stands here twice"
