"""Questions to a manager before raising: "not sure, ask my manager first", with what was typed so far, sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, insert, select, update

from casework.db.base import Sealed, UTCDateTime, metadata, new_id
from casework.db.uow import Work

consults = Table(
    "consults",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("draft_id", String(32), nullable=False),
    Column("asker_id", String(32), ForeignKey("people.id"), nullable=False),
    Column("team", String(120), nullable=False),
    Column("service", String(120), nullable=False),
    Column("asked_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("answer", String(12)),
    Column("answered_by_id", String(32), ForeignKey("people.id")),
    Column("answered_at", UTCDateTime),
    Column("fields", Sealed, nullable=False),
    Column("comment", Sealed),
    Index("ix_consults_draft_id", "draft_id"),
)

TIMER = "consult"
ASKED = "asked"
ANSWERED = "answered"
RAISED = "raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult:
    """`fields` is the draft as it stood when the question was put."""

    id: str
    draft_id: str
    asker_id: str
    team: str
    service: str
    asked_at: datetime
    due_at: datetime
    state: str
    answer: str | None
    answered_by_id: str | None
    answered_at: datetime | None
    fields: Mapping[str, str]
    comment: str


async def add(
    work: Work,
    *,
    draft_id: str,
    asker_id: str,
    team: str,
    service: str,
    due_at: datetime,
    fields: Mapping[str, str],
) -> str:
    id = new_id()
    await work.connection.execute(
        insert(consults).values(
            id=id,
            draft_id=draft_id,
            asker_id=asker_id,
            team=team,
            service=service,
            asked_at=work.now,
            due_at=due_at,
            state=ASKED,
            fields=work.keyring.seal_json(dict(fields), record=f"consults.fields:{id}"),
        )
    )
    return id


async def get(work: Work, consult_id: str) -> Consult | None:
    """One question with what was typed; the caller checks the reader's right."""
    row = (await work.connection.execute(select(consults).where(consults.c.id == consult_id))).mappings().one_or_none()
    if row is None:
        return None
    fields = work.keyring.open_json(row["fields"], record=f"consults.fields:{row['id']}")
    assert isinstance(fields, dict)
    words = work.keyring.open_json(row["comment"], record=f"consults.comment:{row['id']}") if row["comment"] else {}
    assert isinstance(words, dict)
    plain = {column: row[column] for column in Consult.__slots__ if column not in ("fields", "comment")}
    return Consult(**plain, fields=fields, comment=str(words.get("comment", "")))


async def of_draft(work: Work, draft_id: str) -> Consult | None:
    """The newest question put from a draft."""
    statement = (
        select(consults.c.id).where(consults.c.draft_id == draft_id).order_by(consults.c.asked_at.desc()).limit(1)
    )
    found = (await work.connection.execute(statement)).scalar_one_or_none()
    return await get(work, found) if found else None


async def extend(work: Work, consult_id: str, *, due_at: datetime) -> None:
    """Give an open question another time: it was passed on."""
    await work.connection.execute(update(consults).where(consults.c.id == consult_id).values(due_at=due_at))


async def answer(work: Work, consult_id: str, *, answer: str, by_id: str, words: Mapping[str, str]) -> bool:
    """Write the first answer with the manager's words, sealed; False when it was answered or the NTK raised before."""
    done = await work.connection.execute(
        update(consults)
        .where(consults.c.id == consult_id, consults.c.state == ASKED)
        .values(
            state=ANSWERED,
            answer=answer,
            answered_by_id=by_id,
            answered_at=work.now,
            comment=work.keyring.seal_json(dict(words), record=f"consults.comment:{consult_id}"),
        )
    )
    return bool(done.rowcount)


async def settle(work: Work, draft_id: str) -> None:
    """The NTK was raised: nobody needs to answer any more."""
    await work.connection.execute(
        update(consults).where(consults.c.draft_id == draft_id, consults.c.state == ASKED).values(state=RAISED)
    )
