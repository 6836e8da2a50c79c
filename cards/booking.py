"""Cards of booking: which case and panel, which sitting, the booked item, change, cancel, one's own items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards import elements, wording
from casework import ports
from casework.domain.errors import Code
from casework.views import Choice, ItemCard, ItemChanged, SittingOffer

START = "item.start"
CHOOSE = "item.choose"
BACK = "item.back"
BOOK = "item.book"
WAIT = "item.wait"
DISCARD = "item.discard"
OPEN = "item.open"
CHANGE = "item.change"
MOVE = "item.move"
CANCEL = "item.cancel"
CANCEL_CONFIRM = "item.cancel_confirm"
AGENDA = "sitting.agenda"

NOTHING_FREE = (
    "None of the next sittings can be booked. You can wait: a slot that comes free goes to the first in line, "
    "and you are told. If it can't wait, ask the panel coordinator."
)

CASE_FIELDS = ("initials", "case_id", "panel")
SITTING_FIELDS = ("request_type", "sitting")
MAX_TYPED = 200


def parse_case_form(data: Mapping[str, object]) -> dict[str, str]:
    """What was typed into the first form, by field."""
    return _parse(data, CASE_FIELDS)


def parse_sitting_form(data: Mapping[str, object]) -> dict[str, str]:
    """What was chosen in the second form, by field."""
    return _parse(data, SITTING_FIELDS)


def case_form(
    *,
    draft_id: str,
    fields: Mapping[str, str],
    panels: Sequence[Choice],
    case_id_label: str,
    case_id_example: str,
    errors: Mapping[str, Code],
) -> ports.Message:
    """First half: which child, which panel."""

    def error(field: str) -> str:
        return wording.field_error(field, errors[field], example=case_id_example) if field in errors else ""

    body = [
        *_problems([error(field) for field in errors if field in CASE_FIELDS]),
        *elements.text_input(
            "initials",
            "Child's initials",
            value=fields.get("initials", ""),
            hint="AB",
            error=error("initials"),
            missing=wording.FIELD_MISSING["initials"],
            max_length=10,
        ),
        *elements.text_input(
            "case_id",
            case_id_label,
            value=fields.get("case_id", ""),
            hint=case_id_example,
            error=error("case_id"),
            missing=wording.FIELD_MISSING["case_id"],
            max_length=30,
        ),
        *elements.choice_input(
            "panel",
            "Which panel?",
            panels,
            value=fields.get("panel", ""),
            error=error("panel"),
            missing=wording.FIELD_MISSING["panel"],
        ),
    ]
    buttons = [
        elements.button("See the next sittings", CHOOSE, {"draft": draft_id}, takes_inputs=True),
        elements.button("Throw away", DISCARD, {"draft": draft_id}),
    ]
    return elements.message("Book a case onto a panel", body, buttons, summary=wording.SUMMARY_FORM)


def sitting_form(
    *,
    draft_id: str,
    fields: Mapping[str, str],
    panel_name: str,
    request_types: Sequence[Choice],
    offers: Sequence[SittingOffer],
    errors: Mapping[str, Code],
    refusal: str = "",
) -> ports.Message:
    """Second half: what is asked of the panel, and at which sitting. `refusal` says why the last try failed."""
    open_offers = [offer for offer in offers if offer.is_open]
    problems = [refusal] if refusal else []
    problems += [wording.field_error(field, code) for field, code in errors.items()]
    body = [
        elements.text(
            f"{elements.plain(fields.get('initials', ''))} (ID {elements.plain(fields.get('case_id', ''))}) "
            f"for the **{elements.plain(panel_name)}**."
        ),
        *_problems(problems),
    ]
    body += elements.choice_input(
        "request_type",
        "What are you asking for?",
        request_types,
        value=fields.get("request_type", ""),
        error=wording.field_error("request_type", errors["request_type"]) if "request_type" in errors else "",
        missing=wording.FIELD_MISSING["request_type"],
        hint="Choose one",
    )
    if open_offers:
        body += _which_sitting(open_offers, fields, errors)
        first = elements.button("Book", BOOK, {"draft": draft_id}, takes_inputs=True)
    else:
        body.append(elements.text(NOTHING_FREE))
        first = elements.button("Wait for a slot", WAIT, {"draft": draft_id}, takes_inputs=True)
    body += _closed(offers)
    buttons = [
        first,
        elements.button("Back", BACK, {"draft": draft_id}),
        elements.button("Throw away", DISCARD, {"draft": draft_id}),
    ]
    return elements.message("Choose a sitting", body, buttons, summary=wording.SUMMARY_FORM)


def _which_sitting(
    offers: Sequence[SittingOffer], fields: Mapping[str, str], errors: Mapping[str, Code]
) -> list[elements.Element]:
    return elements.choice_input(
        "sitting",
        "Which sitting?",
        [Choice(value=offer.sitting_id, label=_offer(offer)) for offer in offers],
        value=_preselected(fields.get("sitting", ""), offers),
        error=wording.field_error("sitting", errors["sitting"]) if "sitting" in errors else "",
        missing=wording.FIELD_MISSING["sitting"],
    )


def item(view: ItemCard, *, title: str = "", back_to: str = "") -> ports.Message:
    """One item: when and where it is heard, when papers are due, and what can still be done about it.

    `back_to` is the sitting whose agenda it was opened from.
    """
    body: list[elements.Element] = [elements.facts(item_facts(view))]
    if view.state == "waiting":
        waits = "**Waiting for a slot.** It gets the first one that comes free; you can choose a sitting yourself."
        body.insert(0, elements.text(waits))
    elif view.state != "booked":
        body.insert(0, elements.text("**Cancelled.** It has no slot any more."))
    elif view.agenda_sent and not view.may_change:
        body.append(elements.text(wording.ERRORS[Code.AGENDA_SENT], is_subtle=True))
    buttons = []
    if view.may_change:
        held: dict[str, object] = {"item": view.item_id, "version": view.version}
        buttons = [
            elements.button("Choose a sitting" if view.state == "waiting" else "Change sitting", CHANGE, held),
            elements.button("Cancel item", CANCEL, held),
        ]
    if back_to:
        buttons.append(elements.button("Back to the agenda", AGENDA, {"sitting": back_to}))
    stands = {"booked": "Booked", "waiting": "Waiting"}.get(view.state, "Cancelled")
    default = f"{stands}: {view.reference}"
    return elements.message(title or default, body, buttons, summary=wording.SUMMARY_ITEM)


def change_form(view: ItemCard, offers: Sequence[SittingOffer], *, refusal: str = "") -> ports.Message:
    """Choose another sitting for an item that has one."""
    others = [offer for offer in offers if offer.is_open and offer.sitting_id != view.sitting_id]
    body = [elements.facts(item_facts(view)), *_problems([refusal] if refusal else [])]
    held: dict[str, object] = {"item": view.item_id, "version": view.version}
    buttons = []
    if others:
        body += elements.choice_input(
            "sitting",
            "Move it to",
            [Choice(value=offer.sitting_id, label=_offer(offer)) for offer in others],
            value=others[0].sitting_id,
            missing=wording.FIELD_MISSING["sitting"],
        )
        buttons.append(elements.button("Move", MOVE, held, takes_inputs=True))
    else:
        body.append(elements.text("No other sitting can be booked just now. Ask the panel coordinator."))
    buttons.append(elements.button("Keep as it is", OPEN, {"item": view.item_id}))
    return elements.message(f"Change {view.reference}", body, buttons, summary=wording.SUMMARY_FORM)


def cancel_form(view: ItemCard) -> ports.Message:
    """Ask once before a slot is given up."""
    body = [
        elements.facts(item_facts(view)),
        elements.text("The slot goes to the next case. You can't take it back."),
    ]
    held: dict[str, object] = {"item": view.item_id, "version": view.version}
    buttons = [
        elements.button("Yes, cancel it", CANCEL_CONFIRM, held),
        elements.button("Keep it", OPEN, {"item": view.item_id}),
    ]
    return elements.message(f"Cancel {view.reference}?", body, buttons, summary=wording.SUMMARY_FORM)


def changed(view: ItemChanged) -> ports.Message:
    """To requester or presenter: somebody else moved or cancelled their item."""
    booked = "given a slot" if view.item.has_waited else "moved"
    verb = {"booked": booked, "waiting": "taken off its sitting"}.get(view.item.state, "cancelled")
    shown = item(view.item, title=f"{view.item.reference} was {verb}")
    assert shown.card is not None
    body = shown.card["body"]
    assert isinstance(body, list)
    who = elements.text(f"A place came free: {elements.plain(view.changed_by)} gave one up.")
    if not (view.item.has_waited and view.item.state == "booked"):
        who = elements.text(f"{elements.plain(view.changed_by)} {verb} it.")
    return ports.Message(summary=shown.summary, card={**shown.card, "body": [body[0], who, *body[1:]]})


def reminder(view: ItemCard) -> ports.Message:
    """To the presenter, the working day before."""
    assert view.starts_at is not None
    return item(view, title=f"You present on {wording.short_day(view.starts_at)}: {view.reference}")


def mine(items: Sequence[ItemCard]) -> ports.Message:
    """One's own items, soonest first."""
    body: list[elements.Element] = []
    for view in items:
        when = "waiting for a slot"
        if view.starts_at is not None:
            when = f"{wording.short_day(view.starts_at)}, {wording.clock(view.slot_starts_at or view.starts_at)}"
        body.append(
            elements.text(
                f"**{view.reference}** · {elements.plain(view.panel_name)} · "
                f"{elements.plain(view.initials)} (ID {elements.plain(view.case_id)}) · {when}",
                spacing="Medium",
            )
        )
        body.append(elements.actions([elements.button(f"Open {view.reference}", OPEN, {"item": view.item_id})]))
    if not body:
        body.append(elements.text("You have no items on sittings to come. Type “book” to book a case."))
    return elements.message("Your panel items", body, summary=wording.SUMMARY_LIST)


def item_facts(view: ItemCard) -> list[tuple[str, str]]:
    """The lines that describe an item."""
    lines = [
        ("Reference", view.reference),
        ("Child", f"{view.initials} (ID {view.case_id})"),
        ("Panel", view.panel_name),
        ("Asking for", view.request_type),
        ("Presenter", view.presenter),
    ]
    if view.starts_at and view.ends_at and view.slot_starts_at and view.papers_due_at:
        lines += [
            ("Sitting", wording.span(view.starts_at, view.ends_at)),
            ("Your slot", f"number {view.place}, about {wording.clock(view.slot_starts_at)}"),
            ("Papers due", wording.moment(view.papers_due_at)),
        ]
    return lines


def _parse(data: Mapping[str, object], names: Sequence[str]) -> dict[str, str]:
    return {
        field: value.replace("\x00", "").strip()[:MAX_TYPED] if isinstance(value, str) else ""
        for field in names
        if (value := data.get(field)) is not None
    }


def _problems(lines: Sequence[str]) -> list[elements.Element]:
    if not lines:
        return []
    said = "\n".join(f"- {line}" for line in lines)
    return [elements.box([elements.subheading(wording.PROBLEM), elements.text(said)], style="attention")]


def _offer(offer: SittingOffer) -> str:
    papers = f"papers by {wording.short_day(offer.papers_due_at)}, {wording.clock(offer.papers_due_at)}"
    start = f"{wording.short_day(offer.starts_at)}, {wording.clock(offer.starts_at)}"
    return f"{start} · {wording.slots(offer.free)} · {papers}"


def _preselected(wanted: str, open_offers: Sequence[SittingOffer]) -> str:
    ids = [offer.sitting_id for offer in open_offers]
    return wanted if wanted in ids else ids[0]


def _closed(offers: Sequence[SittingOffer]) -> list[elements.Element]:
    closed = [offer for offer in offers if not offer.is_open]
    if not closed:
        return []
    lines = "\n".join(f"- {wording.short_day(offer.starts_at)}: {why_closed(offer)}" for offer in closed)
    return [elements.text(f"Not open for booking:\n\n{lines}", is_subtle=True)]


def why_closed(offer: SittingOffer) -> str:
    """Why a sitting can't be booked, in a few words."""
    if offer.free == 0:
        return "full"
    return f"papers were due {wording.short_day(offer.papers_due_at)}, {wording.clock(offer.papers_due_at)}"
