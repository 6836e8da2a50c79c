"""The outside clocks of each NTK: when each is due, and what a named person recorded. Nothing else stops them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Date, ForeignKey, Index, String, Table, UniqueConstraint, insert, select, update

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

ntk_prompts = Table(
    "ntk_prompts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ntk_id", String(32), ForeignKey("ntks.id"), nullable=False),
    Column("code", String(16), nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("owner_role", String(8), nullable=False),
    Column("decision", String(12)),
    Column("decided_on", Date),
    Column("decided_by_id", String(32), ForeignKey("people.id")),
    Column("decided_at", UTCDateTime),
    Column("text", Sealed),
    UniqueConstraint("ntk_id", "code"),
    Index("ix_ntk_prompts_due_at", "decision", "due_at"),
)

TIMER = "ntk_prompt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """`decision` None: nobody has recorded anything yet. `decided_on` is the day it was done or decided."""

    id: str
    ntk_id: str
    code: str
    started_at: datetime
    due_at: datetime
    owner_role: str
    decision: str | None
    decided_on: date | None
    decided_by_id: str | None
    decided_at: datetime | None


async def add(work: Work, *, ntk_id: str, code: str, started_at: datetime, due_at: datetime, owner_role: str) -> str:
    """Start one clock; returns its id. Raises IntegrityError for one that runs already."""
    id = new_id()
    await work.connection.execute(
        insert(ntk_prompts).values(
            id=id, ntk_id=ntk_id, code=code, started_at=started_at, due_at=due_at, owner_role=owner_role
        )
    )
    return id


async def get(work: Work, prompt_id: str) -> Prompt | None:
    statement = select(ntk_prompts).where(ntk_prompts.c.id == prompt_id)
    row = (await work.connection.execute(statement)).mappings().one_or_none()
    return Prompt(**{column: row[column] for column in Prompt.__slots__}) if row else None


async def of_ntk(work: Work, ntk_id: str) -> tuple[Prompt, ...]:
    """The clocks of an NTK, the one due first first."""
    rows = (
        await work.connection.execute(
            select(ntk_prompts).where(ntk_prompts.c.ntk_id == ntk_id).order_by(ntk_prompts.c.due_at, ntk_prompts.c.code)
        )
    ).mappings()
    return tuple(Prompt(**{column: row[column] for column in Prompt.__slots__}) for row in rows)


async def decide(
    work: Work, prompt_id: str, *, decision: str, on: date, by_id: str, reason: str, reference: str
) -> None:
    """Write down what a named person decided; a later record takes the earlier one's place (its event stays)."""
    await work.connection.execute(
        update(ntk_prompts)
        .where(ntk_prompts.c.id == prompt_id)
        .values(
            decision=decision,
            decided_on=on,
            decided_by_id=by_id,
            decided_at=work.now,
            text=work.keyring.seal_json(
                {"reason": reason, "reference": reference}, record=f"ntk_prompts.text:{prompt_id}"
            ),
        )
    )
