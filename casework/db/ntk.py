"""NTKs: what stands in the register, the children each is about, and the sealed narrative."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    insert,
    select,
    update,
)

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work
from casework.domain.forms import Child
from casework.domain.ntk import Narrative, State

ntks = Table(
    "ntks",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("reference", String(20), nullable=False, unique=True),
    Column("nonce", String(32), nullable=False, unique=True),
    Column("case_ref", String(32), ForeignKey("cases.id"), nullable=False),
    Column("raiser_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("owner_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("on_behalf_id", String(32), ForeignKey("people.id")),
    Column("category", String(20), nullable=False),
    Column("level", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_restricted", Boolean, nullable=False),
    Column("team", String(120), nullable=False),
    Column("service", String(120), nullable=False),
    Column("gaps", String(120), nullable=False),
    Column("aware_at", UTCDateTime, nullable=False),
    Column("raised_at", UTCDateTime, nullable=False),
    Column("occurred_at", UTCDateTime),
    Column("missing_since", UTCDateTime),
    Column("found_at", UTCDateTime),
    Column("checked_at", UTCDateTime),
    Column("checked_by_id", String(32), ForeignKey("people.id")),
    Column("lower_to", Integer),
    Column("lower_by_id", String(32), ForeignKey("people.id")),
    Column("next_update_at", UTCDateTime),
    Column("closed_at", UTCDateTime),
    Column("merged_into_id", String(32), ForeignKey("ntks.id")),
    Column("rulebook_version", Integer, nullable=False),
    Column("narrative", Sealed, nullable=False),
    Index("ix_ntks_case_ref", "case_ref"),
    Index("ix_ntks_raiser_id", "raiser_id", "raised_at"),
    Index("ix_ntks_owner_id", "owner_id", "state"),
    Index("ix_ntks_state", "state", "service", "team"),
    Index("ix_ntks_raised_at", "raised_at"),
)

ntk_children = Table(
    "ntk_children",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ntk_id", String(32), ForeignKey("ntks.id"), nullable=False),
    Column("case_ref", String(32), ForeignKey("cases.id"), nullable=False),
    Column("position", Integer, nullable=False),
    UniqueConstraint("ntk_id", "case_ref"),
    Index("ix_ntk_children_case_ref", "case_ref"),
)

# the rows of before the form was data hold these three answers beside the child
FIRST_ANSWERS = ("what_happened", "actions_taken", "who_told")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ntk:
    """One NTK without its narrative, which is opened only for a reader whose right was checked.

    `owner_id` answers for it and owes its updates: the raiser, until they leave. `gaps` are "TM:away" and the like.
    `lower_to` is a level asked for and not confirmed yet.
    """

    id: str
    reference: str
    case_ref: str
    raiser_id: str
    owner_id: str
    on_behalf_id: str | None
    category: str
    level: int
    state: State
    version: int
    is_restricted: bool
    team: str
    service: str
    gaps: tuple[str, ...]
    aware_at: datetime
    raised_at: datetime
    occurred_at: datetime | None
    missing_since: datetime | None
    found_at: datetime | None
    checked_at: datetime | None
    checked_by_id: str | None
    lower_to: int | None
    lower_by_id: str | None
    next_update_at: datetime | None
    closed_at: datetime | None
    merged_into_id: str | None
    rulebook_version: int


async def create(work: Work, ntk: Ntk, *, nonce: str, narrative: Narrative, case_refs: tuple[str, ...]) -> None:
    """Write an NTK and its children; raises sqlalchemy IntegrityError when this nonce was used before."""
    values = {column: getattr(ntk, column) for column in Ntk.__slots__ if column not in ("gaps", "state")}
    await work.connection.execute(
        insert(ntks).values(
            **values,
            nonce=nonce,
            state=ntk.state.value,
            gaps=",".join(ntk.gaps),
            narrative=_sealed(work, ntk.id, narrative),
        )
    )
    await _write_children(work, ntk.id, case_refs)


async def get(work: Work, ntk_id: str) -> Ntk | None:
    row = (await work.connection.execute(select(ntks).where(ntks.c.id == ntk_id))).mappings().one_or_none()
    return opened(row) if row else None


async def lock(work: Work, ntk_id: str) -> Ntk | None:
    """The NTK, its row held until the end of the transaction: acts on one NTK are judged in turn."""
    statement = select(ntks).where(ntks.c.id == ntk_id).with_for_update()
    row = (await work.connection.execute(statement)).mappings().one_or_none()
    return opened(row) if row else None


async def by_nonce(work: Work, nonce: str) -> Ntk | None:
    """The NTK that was raised from the draft with this id: the second click on "Send" finds the first's."""
    row = (await work.connection.execute(select(ntks).where(ntks.c.nonce == nonce))).mappings().one_or_none()
    return opened(row) if row else None


async def by_reference(work: Work, reference: str) -> Ntk | None:
    row = (await work.connection.execute(select(ntks).where(ntks.c.reference == reference))).mappings().one_or_none()
    return opened(row) if row else None


async def change(work: Work, ntk_id: str, **values: object) -> Ntk:
    """Set columns, raise the version, and give back the row as it then stands."""
    if isinstance(state := values.get("state"), State):
        values["state"] = state.value
    row = (
        (
            await work.connection.execute(
                update(ntks).where(ntks.c.id == ntk_id).values(version=ntks.c.version + 1, **values).returning(ntks)
            )
        )
        .mappings()
        .one()
    )
    return opened(row)


async def narrative(work: Work, ntk_id: str) -> Narrative:
    """Open the sealed text. The caller has checked the reader's right and writes the audit row of this read."""
    blob = (await work.connection.execute(select(ntks.c.narrative).where(ntks.c.id == ntk_id))).scalar_one()
    values = work.keyring.open_json(blob, record=f"ntks.narrative:{ntk_id}")
    assert isinstance(values, dict)
    if "children" not in values:
        first = Child(initials=values["initials"], case_id=values["case_id"])
        return Narrative(children=(first,), answers={code: values[code] for code in FIRST_ANSWERS})
    return Narrative(children=tuple(Child(**child) for child in values["children"]), answers=values["answers"])


async def rewrite(work: Work, ntk_id: str, text: Narrative, *, case_refs: tuple[str, ...]) -> None:
    """Put a corrected child or answer in place of a mistyped one; the caller keeps the old value in an event."""
    await work.connection.execute(
        update(ntks).where(ntks.c.id == ntk_id).values(narrative=_sealed(work, ntk_id, text), case_ref=case_refs[0])
    )
    await work.connection.execute(ntk_children.delete().where(ntk_children.c.ntk_id == ntk_id))
    await _write_children(work, ntk_id, case_refs)


async def children_of(work: Work, ntk_id: str) -> tuple[str, ...]:
    """The ids of the cases an NTK is about, the first child first."""
    statement = select(ntk_children.c.case_ref).where(ntk_children.c.ntk_id == ntk_id).order_by(ntk_children.c.position)
    return tuple((await work.connection.execute(statement)).scalars())


async def labels(work: Work, ntk_id: str) -> tuple[str, str]:
    """(initials, case id) as chat may carry them."""
    return (await narrative(work, ntk_id)).label


def opened(row: RowMapping) -> Ntk:
    """A row as an Ntk."""
    values = {column: row[column] for column in Ntk.__slots__ if column not in ("gaps", "state")}
    return Ntk(**values, state=State(row["state"]), gaps=tuple(gap for gap in row["gaps"].split(",") if gap))


async def _write_children(work: Work, ntk_id: str, case_refs: tuple[str, ...]) -> None:
    await work.connection.execute(
        insert(ntk_children),
        [
            {"id": new_id(), "ntk_id": ntk_id, "case_ref": case_ref, "position": position}
            for position, case_ref in enumerate(dict.fromkeys(case_refs))
        ],
    )


def _sealed(work: Work, ntk_id: str, text: Narrative) -> bytes:
    return work.keyring.seal_json(
        {
            "children": [{"initials": child.initials, "case_id": child.case_id} for child in text.children],
            "answers": dict(text.answers),
        },
        record=f"ntks.narrative:{ntk_id}",
    )
