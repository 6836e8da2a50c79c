"""A sitting as its chair runs it, and its record: who was there, the quorum, what became of every item."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from casework.db import (
    agendas,
    attendance,
    decisions,
    item_actions,
    item_children,
    item_events,
    items,
    minutes,
    people,
    sittings,
)
from casework.db.uow import Work
from casework.domain import access, quorum
from casework.domain.booking import Sitting
from casework.domain.people import ROLE_NAMES, Person, Role
from casework.domain.quorum import Standing
from casework.services import item_cards, item_pages, sitting_timers
from casework.services.context import Rules, today
from casework.sitting_views import Attending, SessionLine, SittingRecord


async def record_for(work: Work, rules: Rules, sitting_id: str, reader: Person) -> SittingRecord | None:
    """The record of a sitting that is not yet confirmed, for who confirms it; None otherwise."""
    sitting = await sittings.get(work, sitting_id)
    if sitting is None or not access.can_run_sitting(reader, sitting.panel):
        return None
    found = await view(work, rules, sitting, reader=reader)
    return found if found.confirmed_at is None else None


async def digest_of(work: Work, sitting: Sitting) -> str:
    """SHA-256 over everything decided at a sitting, who was there and what is to be done: 64 hexadecimal characters."""
    rows = await items.on_sitting(work, sitting.id)
    ids = [item.id for _, item in rows]
    made = await decisions.of_items(work, ids)
    acts = await item_actions.of_items(work, ids)
    there = await attendance.of_sitting(work, sitting.id)
    kept = {
        "sitting": sitting.id,
        "present": sorted((one.person_id, one.state, one.stands_for_id or "") for one in there),
        "decisions": [
            (one.id, one.child_id, one.code, one.is_in_principle, sorted(one.words.items()))
            for id in ids
            for one in made[id]
            if one.sitting_id == sitting.id
        ],
        "actions": [(one.id, one.what, one.due_on.isoformat()) for id in ids for one in acts[id]],
    }
    return hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


async def view(work: Work, rules: Rules, sitting: Sitting, *, reader: Person) -> SittingRecord:
    """The sitting for a reader whose right the caller has checked; without the items they are kept out of."""
    rows = await attendance.of_sitting(work, sitting.id)
    by_id = {one.person_id: one for one in rows}
    named = {one.id: one for one in await invited(work, sitting)}
    named |= await people.by_ids(work, [id for id in by_id if id not in named], today=today(work))
    locked = await minutes.confirmed(work, sitting.id)
    names = await people.by_ids(work, [locked.confirmed_by_id] if locked else [], today=today(work))
    lines, unseen = await _lines(work, rules, sitting, reader)
    added = await minutes.added(work, sitting.id)
    writers = await people.by_ids(work, [by for by, _, _ in added], today=today(work))
    runs = access.can_run_sitting(reader, sitting.panel, await stand_ins(work, sitting))
    return SittingRecord(
        sitting_id=sitting.id,
        version=sitting.version,
        panel=sitting.panel,
        panel_name=item_cards.panel_name(rules.book, sitting.panel),
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        venue=sitting.venue,
        is_started=sitting.started_at is not None,
        is_closed=sitting.closed_at is not None,
        confirmed_at=locked.confirmed_at if locked else None,
        confirmed_by=names[locked.confirmed_by_id].name if locked and locked.confirmed_by_id in names else "",
        confirm_by=sitting_timers.record_at(rules.book, sitting) if sitting.closed_at and not locked else None,
        attending=tuple(_attending(one, by_id.get(one.id), named, sitting.panel) for one in named.values()),
        quorum=await quorum_words(work, rules, sitting) if sitting.started_at else "",
        lines=lines,
        addenda=tuple(f"{words} ({writers[by].name})" if by in writers else words for by, _, words in added),
        may_run=runs and locked is None,
        may_add=locked is not None and (runs or reader.has(Role.CO)),
        unseen=unseen,
    )


async def quorum_words(work: Work, rules: Rules, sitting: Sitting) -> str:
    """What is wanting for a quorum, in words; empty where nothing is."""
    panel = item_cards.panel_of(rules.book, sitting.panel)
    if panel is None:
        return ""
    rows = [one for one in await attendance.of_sitting(work, sitting.id) if one.state == attendance.PRESENT]
    present = (await people.by_ids(work, [one.person_id for one in rows], today=today(work))).values()
    found: Standing = quorum.judge(
        panel.quorum, present, panel=sitting.panel, stand_in_ids=await stand_ins(work, sitting)
    )
    parts = [f"no {ROLE_NAMES[Role(role)]}" for role in found.missing]
    if found.short:
        parts.append(f"{found.present} of {panel.quorum.members} people")
    if not parts:
        return ""
    then = "decisions are in principle" if panel.quorum.without == "in_principle" else "nothing can be decided"
    return f"Not quorate ({', '.join(parts)}): {then}."


async def stand_ins(work: Work, sitting: Sitting) -> frozenset[str]:
    """Ids of those who chair a sitting in its chair's place."""
    chairs = {one.id for one in await people.holding(work, [Role.CH], today=today(work)) if one.chairs(sitting.panel)}
    return frozenset(
        one.person_id for one in await attendance.of_sitting(work, sitting.id) if one.stands_for_id in chairs
    )


async def _lines(work: Work, rules: Rules, sitting: Sitting, reader: Person) -> tuple[tuple[SessionLine, ...], int]:
    """Every item of the agenda and what became of it; (lines, how many the reader is kept out of)."""
    rows = {item.id: item for _, item in await items.on_sitting(work, sitting.id)}
    released = await agendas.versions(work, sitting.id)
    order = [line["item"] for line in released[0].content["lines"]] if released else []
    begins = (
        {line["item"]: datetime.fromisoformat(line["starts_at"]) for line in released[0].content["lines"]}
        if released
        else {}
    )
    gone = await items.by_ids(work, [id for id in order if id not in rows])
    found = rows | gone
    kept_from = await attendance.items_kept_from(work, reader.id)
    lines = []
    for id in [*(id for id in order if id in found), *(id for id in rows if id not in order)]:
        if id in kept_from:
            continue
        item = found[id]
        state, outcome = await became(work, rules, item, sitting)
        card = await item_cards.card(work, rules, item, reader=reader)
        lines.append(
            SessionLine(
                item_id=item.id,
                reference=item.reference,
                child=", ".join(card.children),
                request_type=card.request_type,
                presenter=card.presenter,
                starts_at=begins.get(id) or card.slot_starts_at or sitting.starts_at,
                state=state,
                outcome=outcome,
            )
        )
    return tuple(lines), len([id for id in found if id in kept_from])


async def became(work: Work, rules: Rules, item: items.Item, sitting: Sitting) -> tuple[str, str]:
    """(state at this sitting, in words what was decided, or why it was not)."""
    made = await item_pages.decided(work, rules, item)
    if made:
        left = [one for one in await item_children.of_item(work, item.id) if one.state == item_children.OPEN]
        said = "; ".join(
            dict.fromkeys(f"{one.outcome} (in principle)" if one.is_in_principle else one.outcome for one in made)
        )
        return ("booked" if left else "decided"), said
    reasons = {one.code: one.name for one in rules.book.panel_work.deferral_reasons}
    for event in reversed(await item_events.of_item(work, item.id)):
        if event.facts.get("from") == sitting.id and event.kind in ("deferred", "not_heard", "refused_late"):
            return event.kind, reasons.get(str(event.facts.get("reason", "")), "")
    return item.state, ""


def _attending(person: Person, row: attendance.Attendee | None, named: Mapping[str, Person], panel: str) -> Attending:
    role = "chair" if person.chairs(panel) else "member" if person.sits_on(panel) else ""
    if not role and person.has(Role.LA):
        role = ROLE_NAMES[Role.LA]
    stands_for = named.get(row.stands_for_id) if row and row.stands_for_id else None
    return Attending(
        person_id=person.id,
        name=person.name,
        role=role,
        state=row.state if row else "",
        stands_for=stands_for.name if stands_for else "",
    )


async def invited(work: Work, sitting: Sitting) -> list[Person]:
    """The chair, the members, and the legal advisers."""
    found = await people.holding(work, [Role.CH, Role.MEM, Role.LA], today=today(work))
    mine = [one for one in found if one.sits_on(sitting.panel) or one.has(Role.LA)]
    return sorted(mine, key=lambda one: (not one.chairs(sitting.panel), one.name))
