"""Cards of sittings: when a panel next sits, and its agenda."""

from __future__ import annotations

from collections.abc import Sequence

from cards import booking, elements, wording
from casework import ports
from casework.views import Agenda, SittingOffer


def next_sittings(panel: str, panel_name: str, offers: Sequence[SittingOffer], *, may_book: bool) -> ports.Message:
    """The next sittings of a panel: day, free slots, papers cut-off."""
    body: list[elements.Element] = []
    for offer in offers:
        papers = f"Papers due {wording.short_day(offer.papers_due_at)}, {wording.clock(offer.papers_due_at)}"
        state = wording.slots(offer.free) if offer.is_open else f"Not open: {booking.why_closed(offer)}"
        with_ = f" · with {wording.named_list(offer.incorporates)}" if offer.incorporates else ""
        open_for = f" · {papers}" if offer.is_open else ""
        when = f"**{wording.span(offer.starts_at, offer.ends_at)}**{elements.plain(with_)}"
        body.append(elements.text(f"{when}\n\n{state}{open_for}", spacing="Medium"))
    if not body:
        body.append(elements.text("No sitting is planned. Ask the panel coordinator."))
    buttons = [elements.button("Book a case", booking.START, {"panel": panel})] if may_book and offers else []
    return elements.message(f"Next: {panel_name}", body, buttons, summary=wording.SUMMARY_LIST)


def agenda(view: Agenda) -> ports.Message:
    """The agenda: slots in order with their times. Initials and case ids only."""
    body: list[elements.Element] = [
        elements.text(f"**{wording.span(view.starts_at, view.ends_at)}**"),
        elements.text(
            f"{len(view.lines)} {'item' if len(view.lines) == 1 else 'items'}, {wording.slots(view.free)}. "
            f"Papers due {wording.moment(view.papers_due_at)}.",
            is_subtle=True,
        ),
    ]
    if view.is_change:
        body.insert(0, elements.text("**This agenda has changed since you last got it.**"))
    if view.incorporates:
        body.append(elements.text(f"With {elements.plain(wording.named_list(view.incorporates))}."))
    for line in view.lines:
        body.append(
            elements.text(
                f"**{wording.clock(line.starts_at)}** · {elements.plain(line.initials)} "
                f"(ID {elements.plain(line.case_id)}) · {elements.plain(line.request_type)}\n\n"
                f"{line.reference} · presented by {elements.plain(line.presenter)}",
                spacing="Medium",
            )
        )
        opening = elements.button(
            f"Open {line.reference}", booking.OPEN, {"item": line.item_id, "sitting": view.sitting_id}
        )
        body.append(elements.actions([opening]))
    if not view.lines:
        body.append(elements.text("Nothing is booked yet."))
    title = f"Agenda: {view.panel_name}"
    buttons = [elements.button("Show latest", booking.AGENDA, {"sitting": view.sitting_id})]
    return elements.message(title, body, buttons, summary=wording.SUMMARY_AGENDA)
