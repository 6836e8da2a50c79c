"""Cards of sittings: when a panel next sits, and its agenda."""

from __future__ import annotations

from collections.abc import Sequence

from cards import booking, elements, session, wording
from casework import ports
from casework.views import Agenda, AgendaLine, Choice, SittingOffer

SEEN = "agenda.seen"
LOCK = "agenda.lock"
RELEASE = "agenda.release"

# a longer agenda has one list to open items from instead of a button each
MOST_OPENED = 12
MOST_WARNED = 5
# one block holds several lines: each block costs a card some of the weight it may have
LINES_A_BLOCK = 10


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
    """The agenda: slots in order with their times, its version, what changed. Initials and case ids only."""
    body: list[elements.Element] = [
        elements.text(f"**{wording.span(view.starts_at, view.ends_at)}**"),
        elements.text(
            f"{len(view.lines)} {'item' if len(view.lines) == 1 else 'items'}, {wording.slots(view.free)}. "
            f"Papers due {wording.moment(view.papers_due_at)}.",
            is_subtle=True,
        ),
        elements.text(_version(view), is_subtle=True),
    ]
    if view.is_change:
        body.insert(0, elements.text("**This agenda has changed since you last got it.**"))
    body += _changes(view)
    if view.incorporates:
        body.append(elements.text(f"With {elements.plain(wording.named_list(view.incorporates))}."))
    if view.warnings:
        said = [elements.text(elements.plain(one)) for one in view.warnings[:MOST_WARNED]]
        body.append(elements.box(said, style="warning"))
    body += _many(view) if len(view.lines) > MOST_OPENED else _few(view)
    if not view.lines:
        body.append(elements.text("Nothing is booked yet."))
    if view.hidden:
        body.append(elements.text(f"{view.hidden} not shown: you have declared an interest.", is_subtle=True))
    if view.overflow:
        due = elements.plain(", ".join(view.overflow))
        body.append(elements.box([elements.text(f"**Due, and without a slot:** {due}.")], style="attention"))
    if view.unseen:
        unseen = elements.plain(wording.named_list(view.unseen))
        body.append(elements.text(f"Not yet seen by: {unseen}.", is_subtle=True))
    return elements.message(f"Agenda: {view.panel_name}", body, _buttons(view), summary=wording.SUMMARY_AGENDA)


def _version(view: Agenda) -> str:
    if not view.version:
        return "Draft." if view.state == "draft" else "Locked: only the coordinator changes it. Not released yet."
    return f"Version {view.version}, checksum {view.digest[:12]}."


def _changes(view: Agenda) -> list[elements.Element]:
    if not view.changes:
        return []
    lines = "\n".join(f"- {elements.plain(one)}" for one in view.changes)
    return [elements.subheading(f"Changed in version {view.version}"), elements.text(lines)]


def _few(view: Agenda) -> list[elements.Element]:
    body: list[elements.Element] = []
    for line in view.lines:
        body.append(elements.text(_line(line), spacing="Medium"))
        opening = elements.button(
            f"Open {line.reference}", booking.OPEN, {"item": line.item_id, "sitting": view.sitting_id}
        )
        body.append(elements.actions([opening]))
    return body


def _many(view: Agenda) -> list[elements.Element]:
    """A long agenda: one button for all, so that it stays light enough."""
    parts = [view.lines[at : at + LINES_A_BLOCK] for at in range(0, len(view.lines), LINES_A_BLOCK)]
    body = [elements.text("\n".join(_short(line) for line in part)) for part in parts]
    choices = [Choice(value=line.item_id, label=f"{line.place}: {line.reference}") for line in view.lines]
    opening = elements.button("Open it", booking.OPEN, {"sitting": view.sitting_id}, takes_inputs=True)
    return [*body, *elements.chooser("item", "Which item?", choices, opening)]


def _line(line: AgendaLine) -> str:
    more = f" and {line.siblings} more" if line.siblings else ""
    papers = f" · papers {line.papers}" if line.papers else ""
    flags = f"\n\n**{elements.plain('; '.join(line.flags))}**" if line.flags else ""
    minutes = f" · {line.minutes} minutes" if line.minutes else ""
    return (
        f"**{wording.clock(line.starts_at)}** · {elements.plain(line.initials)} (ID {elements.plain(line.case_id)})"
        f"{more} · {elements.plain(line.request_type)}\n\n"
        f"{line.reference} · presented by {elements.plain(line.presenter)}{minutes}{papers}{flags}"
    )


def _short(line: AgendaLine) -> str:
    flags = f" · **{elements.plain('; '.join(line.flags))}**" if line.flags else ""
    more = f" +{line.siblings}" if line.siblings else ""
    return (
        f"- {line.place} · **{wording.clock(line.starts_at)}** · {elements.plain(line.initials)} "
        f"(ID {elements.plain(line.case_id)}){more} · {elements.plain(line.request_type)} · "
        f"{elements.plain(line.presenter)}{flags}"
    )


def _buttons(view: Agenda) -> list[elements.Element]:
    held: dict[str, object] = {"sitting": view.sitting_id}
    buttons = [elements.button("Show latest", booking.AGENDA, held)]
    if view.version and not view.seen:
        buttons.append(elements.button("I have read it", SEEN, {**held, "version": view.version}))
    if view.may_lock:
        buttons.append(elements.button("Lock the agenda", LOCK, held))
    if view.may_release:
        buttons.append(elements.button("Release it now", RELEASE, held))
    if view.may_start or view.is_in_session:
        buttons.append(elements.button("Run the sitting", session.RUN, held))
    return buttons
