"""The people of the fictional council, as the chat windows know them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

COUNCIL = Path(__file__).parent / "council" / "people.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the council's people. `key` is the first name in lower case: what one types to ask for a window."""

    key: str
    name: str
    entra_object_id: str

    @property
    def email(self) -> str:
        """An address that can't exist: `.test` is reserved (RFC 2606)."""
        return f"{self.key}@council.test"


def read(path: Path = COUNCIL) -> list[Person]:
    """Everybody of a people file (columns `entra_object_id` and `name` at least), once each, in the file's order.

    Raises ValueError for an id that is no UUID, and for two people of the same first name.
    """
    with path.open(newline="", encoding="utf-8") as file:
        names = {str(UUID(row["entra_object_id"])): row["name"] for row in csv.DictReader(file)}
    people = [Person(key=name.split()[0].lower(), name=name, entra_object_id=id) for id, name in names.items()]
    if len({person.key for person in people}) < len(people):
        raise ValueError(f"Two people of {path.name} share a first name: no window could be asked for by it.")
    return people


def chosen(keys: Iterable[str], people: Sequence[Person]) -> list[Person]:
    """The people of `keys`, in that order. Raises ValueError naming who is unknown and who there is."""
    known = {person.key: person for person in people}
    wanted = [key.strip().lower() for key in keys if key.strip()]
    unknown = [key for key in wanted if key not in known]
    if unknown:
        raise ValueError(f"Nobody is called {', '.join(unknown)}. There are: {', '.join(known)}.")
    return [known[key] for key in dict.fromkeys(wanted)]
