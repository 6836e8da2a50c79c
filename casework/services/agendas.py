"""Agendas: draft, locked, released in numbered versions with their digests; who has seen which; what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.db import (
    agendas,
    attendance,
    cases,
    deliveries,
    item_children,
    item_papers,
    items,
    minutes,
    people,
    sittings,
    timers,
)
from casework.db import slots as slots_db
from casework.db.uow import Work
from casework.domain import access, agenda_plan, papers, sitting_plan
from casework.domain.agenda_plan import Change, Listed
from casework.domain.booking import Sitting
from casework.domain.deliveries import Kind
from casework.domain.people import Person, Role
from casework.services import chairs, item_cards, presenters, sitting_timers, tracker_flags
from casework.services.context import Rules, today
from casework.services.recorder import delivery
from casework.views import Agenda, AgendaLine

DRAFT = "draft"
LOCKED = "locked"
RELEASED = "released"


async def readers(work: Work, panel: str) -> tuple[Person, ...]:
    """Chair and members of a panel; where it has no chair today, the coordinators, so that no agenda reaches nobody."""
    panel_people = await people.holding(work, [Role.CH, Role.MEM], today=today(work))
    found = [one for one in panel_people if one.sits_on(panel)]
    if not any(one.chairs(panel) for one in found):
        found += [one for one in await people.holding(work, [Role.CO], today=today(work)) if one not in found]
    return tuple(found)


async def release(
    work: Work, rules: Rules, sitting: Sitting, *, by: str | None, because: str
) -> list[deliveries.Wanted]:
    """Write the next version of an agenda, where it differs from the last, and bring it to its readers."""
    kept = agenda_plan.content(sitting.id, sitting.starts_at, sitting.ends_at, await listed(work, rules, sitting))
    digest = agenda_plan.digest(kept)
    before = await agendas.versions(work, sitting.id)
    if before and before[0].digest == digest:
        return []
    version = (before[0].version if before else 0) + 1
    await agendas.add(work, sitting_id=sitting.id, version=version, digest=digest, content=kept, by_id=by)
    await sittings.change(work, sitting.id, agenda_state=RELEASED, agenda_version=version)
    await sittings.mark_agenda_sent(work, sitting.id)
    if kept["lines"]:
        # whether or not anybody runs it from the chat, its record is asked for
        await timers.set_(work, [(minutes.TIMER, sitting.id, sitting_timers.record_at(rules.book, sitting))])
    key = f"change:{version}:{because}" if before else because
    return [
        delivery(work, kind=Kind.AGENDA, subject_id=sitting.id, person_id=one.id, key=f"{one.id}:{key}")
        for one in await readers(work, sitting.panel)
    ]


async def renew(work: Work, rules: Rules, sitting: Sitting, *, by: str | None, because: str) -> list[deliveries.Wanted]:
    """A new version of an agenda that is out, after something on it changed; nothing before it first went out."""
    current = await sittings.get(work, sitting.id)
    if current is None or current.agenda_state != RELEASED or current.status not in sitting_plan.OPEN:
        return []
    if current.started_at is not None:
        return []
    return await release(work, rules, current, by=by, because=because)


async def listed(work: Work, rules: Rules, sitting: Sitting) -> tuple[Listed, ...]:
    """The items of a sitting in their order, as ids and codes."""
    rows = await items.on_sitting(work, sitting.id)
    ids = [item.id for _, item in rows]
    minutes = {one.item_id: one.minutes for one in await slots_db.filled(work, sitting.id)}
    families = await item_children.of_items(work, ids)
    so_far = await item_papers.of_items(work, ids)
    return tuple(
        Listed(
            item_id=item.id,
            reference=item.reference,
            request_type=item.request_type,
            panel=item.panel,
            presenter_id=item.presenter_id,
            case_refs=tuple(child.case_ref for child in families[item.id]),
            minutes=minutes[item.id],
            papers=_papers(rules, item, so_far[item.id]),
        )
        for _, item in rows
    )


async def view(work: Work, rules: Rules, sitting: Sitting, *, reader: Person, is_change: bool = False) -> Agenda:
    """The agenda of a sitting for a reader whose right the caller has checked; without what they are kept out of."""
    rows = await items.on_sitting(work, sitting.id)
    kept_from = await attendance.items_kept_from(work, reader.id)
    plan = await listed(work, rules, sitting)
    begins = agenda_plan.starts((one.minutes for one in plan), sitting.starts_at)
    by_id = {item.id: item for _, item in rows}
    names = await people.by_ids(work, [one.presenter_id for one in plan], today=today(work))
    lines = []
    for place, (one, begin) in enumerate(zip(plan, begins, strict=True), start=1):
        if one.item_id not in kept_from:
            lines.append(await _line(work, rules, by_id[one.item_id], one, place, begin, names))
    released = await agendas.versions(work, sitting.id)
    seen = await agendas.seen(work, sitting.id)
    newest = released[0].version if released else 0
    is_stale = {one.id: seen.get(one.id, (0, None))[0] < newest for one in await readers(work, sitting.panel)}
    known = await people.by_ids(work, is_stale, today=today(work))
    is_open = sitting.status in sitting_plan.OPEN and sitting.closed_at is None
    runs = is_open and access.can_release_agenda(reader, sitting.panel)
    return Agenda(
        sitting_id=sitting.id,
        panel=sitting.panel,
        panel_name=item_cards.panel_name(rules.book, sitting.panel),
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        papers_due_at=sitting.papers_due_at,
        status=sitting.status,
        capacity=sitting.capacity,
        free=sitting.free,
        incorporates=tuple(item_cards.panel_name(rules.book, code) for code in sitting.incorporates),
        lines=tuple(lines),
        is_change=is_change,
        state=sitting.agenda_state,
        version=newest,
        digest=released[0].digest if released else "",
        changes=_changes(released, kept_from, by_id, known | names, since=seen.get(reader.id, (0, None))[0]),
        unseen=tuple(sorted(known[id].name for id, stale in is_stale.items() if stale and newest and id != reader.id)),
        seen=not is_stale.get(reader.id, False),
        overflow=await tracker_flags.overflow(work, rules, sitting),
        hidden=len([one for one in plan if one.item_id in kept_from]),
        venue=sitting.venue,
        warnings=await _warnings(work, rules, [one for one in by_id.values() if one.id not in kept_from]),
        may_lock=runs and sitting.agenda_state == DRAFT,
        may_release=runs and sitting.agenda_state != RELEASED,
        may_start=is_open and access.can_run_sitting(reader, sitting.panel) and newest > 0,
        is_in_session=sitting.started_at is not None and sitting.closed_at is None,
    )


def words_of(change: Change, names: Mapping[str, Person]) -> str:
    """One difference in a few words."""
    was, now = (names[one].name if one in names else one for one in (change.was, change.now))
    if change.kind == "sitting":
        return "The time of the sitting changed"
    said = {
        "added": f"new, at place {now}",
        "removed": "taken off",
        "moved": f"from place {was} to {now}",
        "time": f"{now} minutes instead of {was}",
        "presenter": f"presented by {now} instead of {was}",
        "children": "other children",
        "papers": f"papers {now}, were {was}",
    }[change.kind]
    return f"{change.reference}: {said}"


async def _line(
    work: Work,
    rules: Rules,
    item: items.Item,
    one: Listed,
    place: int,
    begin: datetime,
    names: Mapping[str, Person],
) -> AgendaLine:
    case = await cases.get(work, item.case_ref)
    flags = list(await tracker_flags.of_item(work, rules, item))
    if item.late:
        flags.append("papers late" if item.late == "late" else "papers late, let in")
    if item.deferrals:
        flags.append("deferred once" if item.deferrals == 1 else f"deferred {item.deferrals} times")
    if item.is_urgent:
        flags.append("urgent")
    if item.carries_over:
        flags.append("carried over")
    return AgendaLine(
        item_id=item.id,
        place=place,
        starts_at=begin,
        reference=item.reference,
        initials=item.initials,
        case_id=case.case_id,
        panel=item.panel,
        request_type=item_cards.request_type_name(rules.book, item),
        presenter=names[item.presenter_id].name if item.presenter_id in names else "",
        minutes=one.minutes,
        siblings=len(one.case_refs) - 1,
        papers=one.papers,
        flags=tuple(flags),
    )


def _papers(rules: Rules, item: items.Item, so_far: Mapping[str, item_papers.ItemPaper]) -> str:
    panel = item_cards.panel_of(rules.book, item.panel)
    if panel is None or not panel.papers_for(item.request_type):
        return ""
    return "complete" if papers.are_complete(panel, item.request_type, so_far) else "incomplete"


def _changes(
    released: Sequence[agendas.Released],
    kept_from: frozenset[str],
    by_id: Mapping[str, items.Item],
    names: Mapping[str, Person],
    *,
    since: int,
) -> tuple[str, ...]:
    """What is new since the version this reader saw, or since the last one where they saw none."""
    earlier = [one for one in released[1:] if one.version == since] or list(released[1:2])
    if not earlier or since == released[0].version:
        return ()
    newest, before = released[0], earlier[0]
    hidden = {by_id[id].reference for id in kept_from if id in by_id}
    lines: list[Any] = [*before.content["lines"], *newest.content["lines"]]
    hidden |= {line["reference"] for line in lines if line["item"] in kept_from}
    found = agenda_plan.changes(before.content, newest.content)
    return tuple(words_of(one, names) for one in found if one.reference not in hidden)


def changed_between(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, Person]
) -> tuple[str, ...]:
    """What is different between two versions' contents, in words."""
    return tuple(words_of(one, names) for one in agenda_plan.changes(before, after))


async def _warnings(work: Work, rules: Rules, found: Iterable[items.Item]) -> tuple[str, ...]:
    """Items whose chair manages the case, or whose presenter may not be there."""
    said = []
    for item in found:
        if words := await chairs.warning(work, rules, item, await item_cards.facts(work, item)):
            said.append(f"{item.reference}: {words}")
        said += [f"{item.reference}: {words}" for words in await presenters.warnings(work, rules, item)]
    return tuple(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproduced:
    """Whether a kept version still gives its digest."""

    version: int
    is_true: bool


async def verify(work: Work, sitting_id: str) -> tuple[Reproduced, ...]:
    """Each released version of a sitting's agenda, its digest worked out again from what was kept."""
    return tuple(
        Reproduced(version=one.version, is_true=agenda_plan.digest(one.content) == one.digest)
        for one in await agendas.versions(work, sitting_id)
    )
