"""People, rulebooks and drafts made for a test: everything a rule needs, and one thing to change at a time."""

from __future__ import annotations

from functools import cache

from casework.domain.people import Grant, Person, Role
from casework.domain.rulebook import Rulebook
from casework.rulebook import reader

TEAM, SERVICE = "North team", "Assessment"


@cache
def rulebook() -> Rulebook:
    """The default rulebook."""
    return reader.read(None)


def grant(role: Role, **changed: str | None) -> Grant:
    """A role as people usually hold it: for the north team, its service, or the whole council."""
    team = TEAM if role in (Role.SW, Role.TM) else None
    service = SERVICE if role in (Role.SW, Role.TM, Role.SM, Role.HOS) else None
    panel = "ARP" if role is Role.CH else None
    held: dict[str, str | None] = {"team": team, "service": service, "panel": panel, **changed}
    return Grant(role=role, team=held["team"], service=held["service"], panel=held["panel"])


def person(id: str, *roles: Role, grants: tuple[Grant, ...] = ()) -> Person:
    """Somebody with these roles as people usually hold them, and these grants besides."""
    return Person(
        id=id,
        tenant_id="tenant",
        entra_object_id=f"entra-{id}",
        name=id.title(),
        work_phone="01632 960000",
        grants=(*(grant(role) for role in roles), *grants),
    )
