"""One person doing one thing to one item: everything an act is handed, and how it writes down what it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.db import deliveries, item_events, items
from casework.db.uow import Work
from casework.domain import forms
from casework.domain.access import ItemFacts
from casework.domain.deliveries import Kind
from casework.domain.item_forms import ItemCase
from casework.domain.people import Person
from casework.services.context import Context, Rules
from casework.services.recorder import delivery, record

Facts = Mapping[str, str | int | bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """The item's row is held. `answers` are read and checked; `kept` identifiers among them stay for a reason given."""

    context: Context
    work: Work
    rules: Rules
    person: Person
    item: items.Item
    facts: ItemFacts
    case: ItemCase
    answers: Mapping[str, str]
    nonce: str | None
    kept: int = 0

    async def note(
        self,
        kind: str,
        *,
        facts: Facts | None = None,
        words: str = "",
        tell: Sequence[deliveries.Wanted] = (),
        item: items.Item | None = None,
    ) -> None:
        """Write it into the item's history and the audit trail, with the cards that follow."""
        found = item or self.item
        said = "\n".join(part for part in (words, self.answers.get(forms.REASON, "")) if part)
        await item_events.add(
            self.work,
            item_id=found.id,
            by_id=self.person.id,
            kind=kind,
            facts=facts,
            words=said,
            nonce=self.nonce,
        )
        kept = {"kept_identifiers": self.kept} if self.kept else {}
        await record(
            self.context,
            self.work,
            actor_id=self.person.id,
            action=f"item.{kind}",
            subject_kind="item",
            subject_id=found.id,
            facts={"panel": found.panel, **(facts or {}), **kept},
            tell=tell,
        )

    def tell_side(self, item: items.Item, *, kind: Kind = Kind.ITEM_CHANGED) -> list[deliveries.Wanted]:
        """Cards for whoever asked and whoever presents, but not for whoever did it."""
        return tell_side(self.work, item, but=self.person.id, kind=kind)


def tell_side(
    work: Work, item: items.Item, *, but: str = "", kind: Kind = Kind.ITEM_CHANGED, key: str = ""
) -> list[deliveries.Wanted]:
    """Cards about an item for whoever asked and whoever presents."""
    return [
        delivery(work, kind=kind, subject_id=item.id, person_id=id, key=f"{key or item.version}:{id}")
        for id in sorted({item.requester_id, item.presenter_id} - {but})
    ]
