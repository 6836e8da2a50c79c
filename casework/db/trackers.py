"""Trackers: families in pre-proceedings and in care proceedings, with their dates, until they leave the stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    false,
    insert,
    select,
    text,
    update,
)

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

trackers = Table(
    "trackers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("stage", String(16), nullable=False),
    Column("case_ref", String(32), ForeignKey("cases.id"), nullable=False),
    Column("worker_id", String(32), ForeignKey("people.id")),
    Column("opened_on", Date, nullable=False),
    Column("letter_on", Date),
    Column("meeting_on", Date),
    Column("hearing_on", Date),
    Column("review_on", Date),
    Column("unborn_due_on", Date),
    Column("extended_weeks", Integer, nullable=False, server_default="0"),
    Column("until_on", Date),
    Column("has_permanence_plan", Boolean, nullable=False, server_default=false()),
    Column("state", String(8), nullable=False),
    Column("closed_on", Date),
    Column("from_item_id", String(32)),
    Column("made_at", UTCDateTime, nullable=False),
    # a family is tracked once in each stage
    Index(
        "uq_trackers_open",
        "stage",
        "case_ref",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

tracker_children = Table(
    "tracker_children",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("tracker_id", String(32), ForeignKey("trackers.id"), nullable=False),
    Column("case_ref", String(32), ForeignKey("cases.id"), nullable=False),
    Column("initials", Sealed, nullable=False),
    Column("place", Integer, nullable=False),
    UniqueConstraint("tracker_id", "case_ref"),
)

OPEN = "open"
CLOSED = "closed"
DATES = ("letter_on", "meeting_on", "hearing_on", "review_on", "unborn_due_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracker:
    """One family in one stage. `opened_on`: the panel's decision (pre-proceedings) or the issue date (proceedings)."""

    id: str
    stage: str
    case_ref: str
    worker_id: str | None
    opened_on: date
    letter_on: date | None
    meeting_on: date | None
    hearing_on: date | None
    review_on: date | None
    unborn_due_on: date | None
    extended_weeks: int
    until_on: date | None
    has_permanence_plan: bool
    state: str
    closed_on: date | None
    from_item_id: str | None
    made_at: datetime


async def add(work: Work, *, children: Sequence[tuple[str, str]], **values: object) -> str:
    """Write an open tracker with its children as (case ref, initials), the lead first; returns its id.

    Raises IntegrityError where the family is tracked in this stage already.
    """
    id = new_id()
    await work.connection.execute(
        insert(trackers).values(id=id, state=OPEN, made_at=work.now, case_ref=children[0][0], **values)
    )
    rows = []
    for place, (case_ref, initials) in enumerate(children, start=1):
        row_id = new_id()
        sealed = work.keyring.seal(initials, record=f"tracker_children.initials:{row_id}")
        rows.append({"id": row_id, "tracker_id": id, "case_ref": case_ref, "initials": sealed, "place": place})
    await work.connection.execute(insert(tracker_children), rows)
    return id


async def get(work: Work, tracker_id: str) -> Tracker | None:
    row = (await work.connection.execute(select(trackers).where(trackers.c.id == tracker_id))).mappings().one_or_none()
    return _tracker(row) if row else None


async def open_in(work: Work, stage: str) -> tuple[Tracker, ...]:
    """Every open family of a stage, the oldest first."""
    statement = select(trackers).where(trackers.c.stage == stage, trackers.c.state == OPEN)
    rows = (await work.connection.execute(statement.order_by(trackers.c.opened_on, trackers.c.id))).mappings()
    return tuple(_tracker(row) for row in rows)


async def open_of_case(work: Work, stage: str, case_ref: str) -> Tracker | None:
    """The open tracker of a stage this child is in, as the lead or a sibling."""
    statement = (
        select(trackers)
        .join(tracker_children, tracker_children.c.tracker_id == trackers.c.id)
        .where(trackers.c.stage == stage, trackers.c.state == OPEN, tracker_children.c.case_ref == case_ref)
    )
    row = (await work.connection.execute(statement)).mappings().first()
    return _tracker(row) if row else None


async def children(work: Work, tracker_id: str) -> tuple[tuple[str, str], ...]:
    """(case ref, initials) of a family, the lead first."""
    statement = select(tracker_children).where(tracker_children.c.tracker_id == tracker_id)
    rows = (await work.connection.execute(statement.order_by(tracker_children.c.place))).mappings()
    return tuple(
        (row["case_ref"], work.keyring.open(row["initials"], record=f"tracker_children.initials:{row['id']}"))
        for row in rows
    )


async def change(work: Work, tracker_id: str, **values: object) -> None:
    await work.connection.execute(update(trackers).where(trackers.c.id == tracker_id).values(**values))


def _tracker(row: RowMapping) -> Tracker:
    return Tracker(**{name: row[name] for name in Tracker.__slots__})
