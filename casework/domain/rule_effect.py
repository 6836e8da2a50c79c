"""What another rulebook does to sittings that stand already: dated, one line for each, before anything is saved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from casework.domain import sitting_plan
from casework.domain.booking import Sitting
from casework.domain.rulebook import Rulebook
from casework.domain.sitting_calendar import Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One sitting a rule change touches. `kept`: it does not fit the new rule, and items are booked: people decide.

    `sitting` is None for a new one, `occurrence` None for one the new rule doesn't have.
    """

    kind: Literal["new", "dropped", "changed", "kept"]
    panel: str
    on: date
    sitting: Sitting | None
    occurrence: Occurrence | None


def effects(
    book: Rulebook,
    standing: Iterable[Sitting],
    wanted: Iterable[Occurrence],
    *,
    by_hand: Collection[str],
    version: int | None = None,
) -> tuple[Effect, ...]:
    """Every sitting the rulebook `book` would add, drop or change, by date; what stands as it should is left out.

    Sittings with an agenda, those somebody changed by hand (`by_hand`, their ids) and extraordinary ones are never
    touched. One with items booked is never dropped, nor made too short for them: it is `kept` and named. Sittings made
    under `version`, where given, stand as it has them.
    """
    rows = {(one.panel, one.original_on or date.min): one for one in standing if one.kind == "ordinary"}
    new = {(one.panel, one.original_on): one for one in wanted}
    found = [
        Effect(kind="new", panel=one.panel, on=one.original_on, sitting=None, occurrence=one)
        for key, one in new.items()
        if key not in rows
    ]
    for key, row in rows.items():
        if row.agenda_sent_at is not None or row.id in by_hand or row.rulebook_version == version:
            continue
        occurrence = new.get(key)
        if occurrence is None:
            kind: Literal["dropped", "kept"] = "kept" if row.taken else "dropped"
            if row.status != "skipped":
                found.append(Effect(kind=kind, panel=row.panel, on=key[1], sitting=row, occurrence=None))
        elif not _is_as(book, row, occurrence):
            minutes = (occurrence.ends_at - occurrence.starts_at).total_seconds() // 60
            has_room = row.taken <= book.panel(row.panel).slots and row.minutes_booked <= minutes
            fits = has_room and (not row.taken or occurrence.status != "skipped")
            found.append(
                Effect(
                    kind="changed" if fits else "kept",
                    panel=row.panel,
                    on=key[1],
                    sitting=row,
                    occurrence=occurrence,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.on, one.panel)))


def _is_as(book: Rulebook, row: Sitting, occurrence: Occurrence) -> bool:
    """Whether a sitting stands as the rule has it: time, deadline, slots, guests, status."""
    panel = book.panel(row.panel)
    lanes = sitting_plan.lanes(book, panel, panel.slots, occurrence.incorporates, there=row)
    return (
        row.starts_at == _utc(occurrence.starts_at)
        and row.ends_at == _utc(occurrence.ends_at)
        and row.papers_due_at == _utc(occurrence.papers_due_at)
        and (row.slots, row.capacity, row.share_slots) == (lanes.slots, lanes.capacity, lanes.share)
        and row.incorporates == occurrence.incorporates
        and row.status == occurrence.status
    )


def _utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)
