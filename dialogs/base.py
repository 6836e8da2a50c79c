"""What every conversation is given, and the shapes of its two kinds of entry: typed words and clicked buttons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework import ports
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook
from casework.services.context import Context
from dialogs.turns import Clicked


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`clock` is the one clock. `forward` moves the demo's clock and is None wherever time is real.

    `public_url` is where people's calendars find Usher; empty where nothing of it can be reached from outside.
    """

    context: Context
    clock: ports.Clock
    forward: Callable[[timedelta], Awaitable[datetime]] | None = None
    public_url: str = ""

    async def book(self) -> Rulebook:
        """The rulebook in effect now."""
        async with self.context.database.reading() as work:
            return (await self.context.rules(work)).book


Typed = Callable[[Desk, Person, str], Awaitable[ports.Message]]
Action = Callable[[Desk, Person, Clicked], Awaitable[ports.Message]]


def id_in(data: Mapping[str, object], key: str) -> str:
    """An id a card carried, as text; anything else counts as an id nobody has."""
    value = data.get(key)
    return value if isinstance(value, str) and len(value) <= 64 else ""


def number_in(data: Mapping[str, object], key: str, *, otherwise: int) -> int:
    """A number a card carried, such as a page; anything else counts as `otherwise`."""
    value = data.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def version_in(data: Mapping[str, object]) -> int:
    """The version a card was drawn from; anything that is no number counts as out of date."""
    value = data.get("version")
    return value if isinstance(value, int) and not isinstance(value, bool) else -1
