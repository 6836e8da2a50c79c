"""One person doing one thing to one NTK: everything an act is handed, and how it writes down what it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casework.db import deliveries, ntk, ntk_events
from casework.db.uow import Work
from casework.domain import forms
from casework.domain.access import NtkFacts
from casework.domain.people import Person
from casework.services import ntk_record
from casework.services.context import Context, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """The NTK's row is held. `answers` are read and checked, `kept` identifiers among them stay for a reason given.

    `card_id` is the card pressed on, which is answered in place.
    """

    context: Context
    work: Work
    rules: Rules
    person: Person
    found: ntk.Ntk
    facts: NtkFacts
    answers: Mapping[str, str]
    nonce: str | None
    card_id: str | None
    kept: int = 0

    def words(self, *codes: str) -> dict[str, str]:
        """People's words of these answers, and the reason for identifiers that stay: sealed with the event."""
        return {code: self.answers.get(code, "") for code in (*codes, forms.REASON) if self.answers.get(code)}

    async def note(
        self,
        kind: str,
        *,
        facts: ntk_events.Facts | None = None,
        text: Mapping[str, str] | None = None,
        tell: Sequence[deliveries.Wanted] = (),
        tell_changed: Iterable[str] = (),
        found: ntk.Ntk | None = None,
    ) -> ntk_events.Event:
        """Write the event down as this person's doing."""
        return await ntk_record.note(
            self.context,
            self.work,
            found or self.found,
            actor_id=self.person.id,
            kind=kind,
            facts={**(facts or {}), **({"kept_identifiers": self.kept} if self.kept else {})},
            text=text,
            nonce=self.nonce,
            tell=tell,
            tell_changed=tell_changed,
            but_card=self.card_id,
        )

    async def send(self, wanted: Sequence[deliveries.Wanted]) -> None:
        """Write deliveries that refer to the event just written."""
        await deliveries.add(self.work, wanted)
        if wanted:
            self.work.after_commit(self.context.wake)

    async def everyone(self) -> list[str]:
        """Everybody told, and the raiser's side."""
        return await ntk_record.everyone_told(self.work, self.found)
