"""What every use case works with: the database, the rulebook in effect, and how to wake the drain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from casework.db import people, rulebooks
from casework.db.uow import Busy, Database, StoreUnavailable, Work
from casework.domain import london
from casework.domain.errors import Code, Refusal
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook
from casework.rulebook import reader


@dataclass(frozen=True, slots=True)
class Rules:
    """The rulebook in effect, and the version number everything made under it is stamped with."""

    version: int
    book: Rulebook


def _nobody_waits() -> None:
    """Outside `serve` nothing drains the outbox at once: the server's next tick does."""


@dataclass(frozen=True, slots=True)
class Context:
    """Handed to every use case. `wake` is called after a commit that wrote deliveries due now."""

    database: Database
    wake: Callable[[], None] = _nobody_waits
    _books: dict[int, Rulebook] = field(default_factory=dict)

    async def rules(self, work: Work, *, version: int | None = None) -> Rules:
        """The newest rulebook in effect at `work.now`, or the `version` something was made under.

        Raises Refusal(STORE_DOWN) where none was ever applied.
        """
        if version is None:
            version = await rulebooks.current_version(work)
        if version is None:
            raise Refusal(Code.STORE_DOWN)
        if version not in self._books:
            self._books[version] = reader.completed(await rulebooks.content(work, version))
        return Rules(version, self._books[version])


def today(work: Work) -> date:
    """London's date at the start of this unit of work."""
    return london.local_date(work.now)


async def fresh(work: Work, person: Person) -> Person:
    """The person as they stand inside this transaction: rights are judged on stored facts, never on older ones.

    Raises Refusal(NOT_ALLOWED) for somebody who has lost every role meanwhile.
    """
    found = await people.by_ids(work, [person.id], today=today(work))
    current = found.get(person.id)
    if current is None or not current.grants:
        raise Refusal(Code.NOT_ALLOWED)
    return current


def insist(allowed: bool) -> None:
    """Raise Refusal(NOT_ALLOWED) unless a predicate of `casework.domain.access` said yes."""
    if not allowed:
        raise Refusal(Code.NOT_ALLOWED)


__all__ = ["Busy", "Context", "Rules", "StoreUnavailable", "fresh", "insist", "today"]
