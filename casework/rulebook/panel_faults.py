"""What no single value of a panel shows: roles nobody can hold, outcomes that lead to panels that are not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casework.domain.access import LINE
from casework.domain.panel_rulebook import Outcome, Panel
from casework.domain.people import Role
from casework.domain.rulebook import Rulebook

ROLES = frozenset(role.value for role in Role)
LINE_ROLES = frozenset(role.value for role in LINE)


def of(book: Rulebook) -> Iterator[tuple[str, str]]:
    """(key, reason) of every fault of the panels that spans values."""
    tracked = {panel.code for panel in book.panels if panel.tracked is not None}
    for panel in book.panels:
        key = f"panels.{panel.code}"
        yield from _twice(f"{key}.outcomes", [one.code for one in panel.outcomes])
        yield from _twice(f"{key}.checklist", [one.code for one in panel.checklist])
        yield from _roles(panel, key)
        for outcome in panel.outcomes:
            yield from _outcome(outcome, f"{key}.outcomes.{outcome.code}", tracked)
    yield from _unknown("panel_work.deferral_alerts", book.panel_work.deferral_alerts, LINE_ROLES)
    yield from _unknown("panel_work.decline_by", book.panel_work.decline_by, LINE_ROLES)


def _roles(panel: Panel, key: str) -> Iterator[tuple[str, str]]:
    yield from _unknown(f"{key}.approvals", panel.approvals, LINE_ROLES)
    yield from _unknown(f"{key}.urgent_approval", filter(None, [panel.urgent_approval]), LINE_ROLES)
    yield from _unknown(f"{key}.quorum.needs", panel.quorum.needs, ROLES)
    yield from _unknown(f"{key}.advice_seen_by", panel.advice_seen_by, ROLES)
    yield from _unknown(f"{key}.papers_confirmed_by", filter(None, [panel.papers_confirmed_by]), ROLES)


def _outcome(outcome: Outcome, key: str, tracked: set[str]) -> Iterator[tuple[str, str]]:
    yield from _unknown(f"{key}.needs_role", filter(None, [outcome.needs_role]), ROLES)
    for number, follow in enumerate(outcome.follow, start=1):
        yield from _unknown(f"{key}.follow.{number}.owner", [follow.owner], ROLES)
        if follow.panel is not None and follow.panel not in tracked:
            yield f"{key}.follow.{number}.panel", f"{follow.panel} tracks no families"


def _unknown(key: str, codes: Iterable[str], known: frozenset[str]) -> Iterator[tuple[str, str]]:
    for code in codes:
        if code not in known:
            yield key, f"no such role here: {code}"


def _twice(key: str, names: list[str]) -> Iterator[tuple[str, str]]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{key}.{name}", "stands here twice"
