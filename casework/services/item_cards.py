"""One reader's view of an item, a sitting on offer or an agenda, made from stored facts."""

from __future__ import annotations

from datetime import timedelta

from casework.db import cases, items, people, sittings
from casework.db.uow import Work
from casework.domain import access, booking
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook
from casework.services.context import Rules, today
from casework.views import Agenda, AgendaLine, ItemCard, SittingOffer


async def facts(work: Work, item: items.Item) -> access.ItemFacts:
    """What rights over this item turn on."""
    case = await cases.get(work, item.case_ref)
    slot = await sittings.slot_of(work, item.id)
    sitting = await sittings.get(work, slot[0]) if slot else None
    return access.ItemFacts(
        requester_id=item.requester_id,
        presenter_id=item.presenter_id,
        team=case.team,
        service=case.service,
        panel=item.panel,
        heard_by=sitting.panel if sitting else item.panel,
    )


async def card(work: Work, rules: Rules, item: items.Item, *, reader: Person) -> ItemCard:
    """The item for a reader whose right the caller has checked."""
    case = await cases.get(work, item.case_ref)
    slot = await sittings.slot_of(work, item.id)
    sitting = await sittings.get(work, slot[0]) if slot else None
    place = slot[1] if slot else None
    presenter = (await people.by_ids(work, [item.presenter_id], today=today(work)))[item.presenter_id]
    sent = sitting is not None and sitting.agenda_sent_at is not None
    slot_starts_at = None
    if sitting is not None and place is not None:
        slot_starts_at = sitting.starts_at + timedelta(
            minutes=(place - 1) * await sittings.slot_minutes(work, sitting.id)
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
        may_change=(
            item.state == items.WAITING
            or (item.state == items.BOOKED and sitting is not None and sitting.starts_at > work.now)
        )
        and access.can_change_item(reader, await facts(work, item), agenda_sent=sent),
        agenda_sent=sent,
        has_waited=item.waiting_since is not None,
    )


def offer(rules: Rules, sitting: booking.Sitting, *, panel: str, work: Work, reader: Person) -> SittingOffer:
    """A sitting as it is offered for an item of `panel`."""
    objections = booking.objections(sitting, panel=panel, now=work.now, may_book_late=access.can_book_late(reader))
    return SittingOffer(
        sitting_id=sitting.id,
        panel=panel,
        panel_name=rules.book.panel(panel).name,
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        papers_due_at=sitting.papers_due_at,
        free=sitting.free,
        capacity=sitting.capacity,
        is_open=not objections,
        incorporates=tuple(panel_name(rules.book, code) for code in sitting.incorporates),
    )


async def agenda(work: Work, rules: Rules, sitting: booking.Sitting, *, is_change: bool = False) -> Agenda:
    """The agenda of a sitting for a reader whose right the caller has checked."""
    rows = await items.on_sitting(work, sitting.id)
    presenters = await people.by_ids(work, [item.presenter_id for _, item in rows], today=today(work))
    minutes = await sittings.slot_minutes(work, sitting.id)
    lines = []
    for place, item in rows:
        case = await cases.get(work, item.case_ref)
        lines.append(
            AgendaLine(
                item_id=item.id,
                place=place,
                starts_at=sitting.starts_at + timedelta(minutes=(place - 1) * minutes),
                reference=item.reference,
                initials=item.initials,
                case_id=case.case_id,
                panel=item.panel,
                request_type=request_type_name(rules.book, item),
                presenter=presenters[item.presenter_id].name,
            )
        )
    return Agenda(
        sitting_id=sitting.id,
        panel=sitting.panel,
        panel_name=panel_name(rules.book, sitting.panel),
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
        papers_due_at=sitting.papers_due_at,
        status=sitting.status,
        capacity=sitting.capacity,
        free=sitting.free,
        incorporates=tuple(panel_name(rules.book, code) for code in sitting.incorporates),
        lines=tuple(lines),
        is_change=is_change,
    )


def panel_name(book: Rulebook, code: str) -> str:
    """The panel in words; the code where a later rulebook no longer has it."""
    return {panel.code: panel.name for panel in book.panels}.get(code, code)


def request_type_name(book: Rulebook, item: items.Item) -> str:
    """The request type in words; the code where a later rulebook no longer has it."""
    names = {kind.code: kind.name for panel in book.panels if panel.code == item.panel for kind in panel.request_types}
    return names.get(item.request_type, item.request_type)
