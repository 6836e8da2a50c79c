"""One reader's view of an item in short, or of a sitting on offer, made from stored facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from casework.db import attendance, cases, item_children, items, people, sittings, slots
from casework.db.uow import Work
from casework.domain import access, booking
from casework.domain.panel_rulebook import Panel
from casework.domain.people import Person, Role
from casework.domain.rulebook import Rulebook
from casework.services.context import Rules, today
from casework.views import ItemCard, SittingOffer


async def facts(work: Work, item: items.Item) -> access.ItemFacts:
    """What rights over this item turn on."""
    case = await cases.get(work, item.case_ref)
    slot = await slots.slot_of(work, item.id)
    sitting = await sittings.get(work, slot[0]) if slot else None
    present = await attendance.of_sitting(work, sitting.id) if sitting and sitting.started_at else ()
    chairs = {
        one.id
        for one in await people.holding(work, [Role.CH], today=today(work))
        if one.chairs(heard_by(item, sitting))
    }
    return access.ItemFacts(
        requester_id=item.requester_id,
        presenter_id=item.presenter_id,
        team=case.team,
        service=case.service,
        panel=item.panel,
        heard_by=heard_by(item, sitting),
        awaiting=item.awaiting if item.state == items.AWAITING else "",
        kept_out_ids=await attendance.kept_out(work, item.id),
        is_listed=item.origin == "tracker",
        stand_in_ids=frozenset(one.person_id for one in present if one.stands_for_id in chairs),
    )


async def facts_by(work: Work, book: Rulebook, item: items.Item) -> access.ItemFacts:
    """As `facts`, with what the panel's own rules add: whose word on papers counts, who reads legal advice."""
    panel = panel_of(book, item.panel)
    found = await facts(work, item)
    heard = panel.incorporated_in if panel and panel.incorporated_in else found.heard_by
    if panel is None:
        return replace(found, heard_by=heard)
    return replace(
        found, heard_by=heard, confirmed_by=panel.papers_confirmed_by, advice_roles=tuple(panel.advice_seen_by)
    )


def heard_by(item: items.Item, sitting: booking.Sitting | None) -> str:
    """The panel that hears it: that of its sitting, where it is on one."""
    return sitting.panel if sitting else item.panel


def panel_of(book: Rulebook, code: str) -> Panel | None:
    """None for a panel a later rulebook no longer has."""
    return next((panel for panel in book.panels if panel.code == code), None)


async def card(work: Work, rules: Rules, item: items.Item, *, reader: Person) -> ItemCard:
    """The item for a reader whose right the caller has checked."""
    case = await cases.get(work, item.case_ref)
    slot = await slots.slot_of(work, item.id)
    sitting = await sittings.get(work, slot[0]) if slot else None
    place = slot[1] if slot else None
    presenter = (await people.by_ids(work, [item.presenter_id], today=today(work)))[item.presenter_id]
    sent = sitting is not None and sitting.agenda_state != "draft"
    slot_starts_at = None
    if sitting is not None and place is not None:
        before = [one.minutes for one in await slots.filled(work, sitting.id) if one.place < place]
        slot_starts_at = sitting.starts_at + timedelta(minutes=sum(before))
    is_ahead = item.state in (items.WAITING, items.AWAITING, items.RETURNED) or (
        item.state == items.BOOKED
        and sitting is not None
        and sitting.starts_at > work.now
        and sitting.started_at is None
    )
    return ItemCard(
        item_id=item.id,
        version=item.version,
        reference=item.reference,
        initials=item.initials,
        case_id=case.case_id,
        panel=item.panel,
        panel_name=panel_name(rules.book, item.panel),
        request_type=request_type_name(rules.book, item),
        presenter=presenter.name,
        state=item.state,
        sitting_id=sitting.id if sitting else "",
        starts_at=sitting.starts_at if sitting else None,
        ends_at=sitting.ends_at if sitting else None,
        slot_starts_at=slot_starts_at,
        place=place,
        papers_due_at=sitting.papers_due_at if sitting else None,
        may_change=is_ahead and access.can_change_item(reader, await facts(work, item), agenda_sent=sent),
        agenda_sent=sent,
        has_waited=item.waiting_since is not None,
        children=await children(work, item),
        is_urgent=item.is_urgent,
        awaiting=item.awaiting,
    )


async def children(work: Work, item: items.Item) -> tuple[str, ...]:
    """The children of an item as people read them: "AB (ID 100101)", the one it was asked for first."""
    found = []
    for child in await item_children.of_item(work, item.id):
        case = await cases.get(work, child.case_ref)
        found.append(child_words(child.initials or item.initials, case.case_id))
    return tuple(found)


def child_words(initials: str, case_id: str) -> str:
    return f"{initials} (ID {case_id})"


def offer(rules: Rules, sitting: booking.Sitting, *, panel: str, work: Work, reader: Person) -> SittingOffer:
    """A sitting as it is offered for an item of `panel`."""
    late = access.can_book_late(reader)
    objections = booking.objections(sitting, panel=panel, now=work.now, may_book_late=late)
    urgent = booking.objections(sitting, panel=panel, now=work.now, may_book_late=late, is_urgent=True)
    return SittingOffer(
        sitting_id=sitting.id,
        panel=panel,
        panel_name=rules.book.panel(panel).name,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        papers_due_at=sitting.papers_due_at,
        free=sitting.free_for(panel),
        capacity=sitting.capacity,
        is_open=not objections,
        only_urgent=bool(objections) and not urgent,
        incorporates=tuple(panel_name(rules.book, code) for code in sitting.incorporates),
    )


def panel_name(book: Rulebook, code: str) -> str:
    """The panel in words; the code where a later rulebook no longer has it."""
    return {panel.code: panel.name for panel in book.panels}.get(code, code)


def request_type_name(book: Rulebook, item: items.Item) -> str:
    """The request type in words; the code where a later rulebook no longer has it."""
    names = {kind.code: kind.name for panel in book.panels if panel.code == item.panel for kind in panel.request_types}
    return names.get(item.request_type, item.request_type)
