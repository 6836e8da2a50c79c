"""Sample cards of agendas and of sittings as they are run: versions, sixty items, the record, who is here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from cards import session, sitting
from cards.fields import Mistakes
from casework.domain.errors import Code
from casework.sitting_views import Attending, SessionLine, SittingRecord
from casework.views import Agenda, AgendaLine
from tests.samples_items import AB, CD, PAPERS, SITTING, Named
from tests.samples_views import ID


def all_of_it() -> Iterator[Named]:
    """Everything there is about agendas and sittings on their day."""
    yield from agendas()
    yield from records()


def agenda(lines: int, **changed: object) -> Agenda:
    """An agenda of so many items."""
    found = Agenda(
        sitting_id=ID,
        panel="LGP",
        panel_name="Legal Gateway Panel",
        starts_at=SITTING,
        ends_at=SITTING + timedelta(minutes=150),
        papers_due_at=PAPERS,
        status="planned",
        capacity=4,
        free=max(0, 4 - lines),
        incorporates=(),
        lines=tuple(
            AgendaLine(
                item_id=f"{place:032d}",
                place=place,
                starts_at=SITTING + timedelta(minutes=30 * (place - 1)),
                reference=f"ITEM-2026-{place:04d}",
                initials="AB",
                case_id=f"10010{place}",
                panel="LGP",
                request_type="Start pre-proceedings",
                presenter="Sam Okafor",
                minutes=30,
                siblings=2 if place == 1 else 0,
                papers="complete" if place % 2 else "incomplete",
                flags=("papers late", "deferred once") if place == 2 else (),
            )
            for place in range(1, lines + 1)
        ),
        is_change=False,
    )
    return replace(found, **changed)  # type: ignore[arg-type]  # named by field


def agendas() -> Iterator[Named]:
    digest = "3f5a9c0d1e2b" + "0" * 52
    released = {"state": "released", "version": 1, "digest": digest, "may_start": True}
    yield "agenda", sitting.agenda(agenda(4, **released))
    changes = ("ITEM-2026-0002: from place 3 to 2", "ITEM-2026-0004: new, at place 4", "ITEM-2026-0009: taken off")
    yield (
        "agenda_changed",
        sitting.agenda(
            agenda(
                4,
                **{**released, "version": 2},
                is_change=True,
                changes=changes,
                unseen=("Quinn Hartley", "Leila Farouk"),
                warnings=("ITEM-2026-0001: Chloe Marsh chairs the panel and manages this case.",),
                hidden=1,
            )
        ),
    )
    yield "agenda_draft", sitting.agenda(agenda(2, may_lock=True, may_release=True))
    yield "agenda_locked", sitting.agenda(agenda(2, state="locked", may_release=True))
    yield "agenda_empty", sitting.agenda(agenda(0))
    flags = ("week 15 of 16", "week 14 reached")
    many = agenda(60, **released)
    tracked = tuple(replace(line, flags=flags) if line.place % 7 == 0 else line for line in many.lines)
    yield "agenda_sixty", sitting.agenda(replace(many, lines=tracked, overflow=("ITEM-2026-0071", "ITEM-2026-0072")))


RECORD = SittingRecord(
    sitting_id=ID,
    version=3,
    panel="LGP",
    panel_name="Legal Gateway Panel",
    starts_at=SITTING,
    ends_at=SITTING + timedelta(minutes=150),
    venue="Room 4",
    is_started=False,
    is_closed=False,
    confirmed_at=None,
    confirmed_by="",
    confirm_by=None,
    attending=(
        Attending(person_id="1" * 32, name="Chloe Marsh", role="chair", state="apologies", stands_for=""),
        Attending(person_id="2" * 32, name="Leila Farouk", role="legal adviser", state="present", stands_for=""),
        Attending(person_id="3" * 32, name="Helen Strand", role="", state="present", stands_for="Chloe Marsh"),
    ),
    quorum="",
    lines=(
        SessionLine(
            item_id=ID,
            reference="ITEM-2026-0007",
            child=f"{AB}, {CD}",
            request_type="Start pre-proceedings",
            presenter="Sam Okafor",
            starts_at=SITTING,
            state="booked",
            outcome="",
        ),
        SessionLine(
            item_id=ID,
            reference="ITEM-2026-0008",
            child="EF (ID 100103)",
            request_type="Is the threshold met?",
            presenter="Marek Sadowski",
            starts_at=SITTING + timedelta(minutes=35),
            state="decided",
            outcome="B: Start pre-proceedings",
        ),
        SessionLine(
            item_id=ID,
            reference="ITEM-2026-0009",
            child="GH (ID 100201)",
            request_type="Pre-birth planning",
            presenter="Marek Sadowski",
            starts_at=SITTING + timedelta(minutes=65),
            state="deferred",
            outcome="Papers incomplete",
        ),
    ),
    addenda=(),
    may_run=True,
    may_add=False,
    unseen=1,
)


def records() -> Iterator[Named]:
    yield "sitting_run_before", session.run(RECORD)
    started = replace(RECORD, is_started=True)
    short = "Not quorate (no legal adviser, 2 of 3 people): nothing can be decided."
    yield "sitting_run", session.run(replace(started, quorum=short))
    yield "sitting_run_refused", session.run(RECORD, refusal="That sitting can't be booked any more.")
    long = replace(started, lines=RECORD.lines * 4)
    yield "sitting_run_long", session.run(long)
    closed = replace(started, is_closed=True, confirm_by=SITTING + timedelta(days=7))
    yield "record_draft", session.run(closed)
    yield "record_due", session.minutes_due(closed)
    confirmed = replace(
        closed,
        confirmed_at=SITTING + timedelta(days=1),
        confirmed_by="Chloe Marsh",
        may_run=False,
        may_add=True,
        addenda=("The review is on 21 January, not the 20th. (Chloe Marsh)",),
    )
    yield "record_confirmed", session.run(confirmed)
    yield "sitting_attend", session.attend_form(started)
    wrong = Mistakes(errors={"others": Code.PERSON_BELOW})
    typed = {"present": "2" * 32, "apologies": "", "others": "Tara Whitfield for Chloe Marsh"}
    yield "sitting_attend_errors", session.attend_form(started, typed, wrong)
    yield "sitting_addendum", session.addendum_form(confirmed, ID)
    missing = Mistakes(errors={"words": Code.MISSING})
    yield "sitting_addendum_errors", session.addendum_form(confirmed, ID, {}, missing)
