"""Whether a panel may decide an item: how many are there, who of the roles it needs, without those kept out of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from casework.domain.panel_rulebook import Quorum
from casework.domain.people import Person, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`missing` are role codes of whom nobody is there; `short` is how many people are wanting."""

    present: int
    short: int
    missing: tuple[str, ...]

    @property
    def is_met(self) -> bool:
        return not self.short and not self.missing


def judge(
    rules: Quorum,
    present: Iterable[Person],
    *,
    panel: str,
    stand_in_ids: Collection[str] = (),
    not_counted: Collection[str] = (),
) -> Standing:
    """How a panel stands for one item. `not_counted`: people with a conflict of interest, and the item's own side.

    "CH" is the panel's chair or who chairs in their place.
    """
    counted = [one for one in present if one.id not in not_counted]
    missing = tuple(role for role in rules.needs if not any(_is(one, role, panel, stand_in_ids) for one in counted))
    return Standing(present=len(counted), short=max(0, rules.members - len(counted)), missing=missing)


def has_role(present: Iterable[Person], role: str, *, not_counted: Collection[str] = ()) -> bool:
    """Whether somebody of a role is there who may take part."""
    return any(one.has(Role(role)) for one in present if one.id not in not_counted)


def _is(person: Person, role: str, panel: str, stand_in_ids: Collection[str]) -> bool:
    if role == Role.CH:
        return person.chairs(panel) or person.id in stand_in_ids
    return person.has(Role(role))
