"""Cards of booking: which case and panel, which sitting, the booked item, change, cancel, one's own items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards import elements, wording
from cards import fields as form_fields
from cards.fields import NONE, Mistakes
from casework import ports
from casework.domain.errors import Code
from casework.domain.ntk_rulebook import Field
from casework.views import Choice, ItemCard, SittingOffer

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

MINE = {"awaiting": "waiting for approval", "returned": "sent back to you"}

CASE_FIELDS = ("initials", "case_id", "panel")
SITTING_FIELDS = ("request_type", "sitting")
MAX_TYPED = 800


def parse_case_form(data: Mapping[str, object]) -> dict[str, str]:
    """What was typed into the first form, by field."""
    return _parse(data, CASE_FIELDS)


def parse_sitting_form(data: Mapping[str, object], questions: Sequence[Field] = ()) -> dict[str, str]:
    """What was chosen and typed in the second form, by field."""
    return {**_parse(data, SITTING_FIELDS), **form_fields.parse(data, questions)}


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
    questions: Sequence[Field],
    wrong: Mistakes = NONE,
    refusal: str = "",
    approved_by: str = "",
) -> ports.Message:
    """Second half: what is asked of the panel, and at which sitting. `refusal` says why the last try failed.

    `questions` are the panel's own; `approved_by` says in words who has to agree first.
    """
    errors = {field: code for field, code in wrong.errors.items() if field in SITTING_FIELDS}
    ordinary = [offer for offer in offers if offer.is_open]
    open_offers = [*ordinary, *(offer for offer in offers if offer.only_urgent)]
    problems = [refusal] if refusal else []
    problems += [wording.field_error(field, code) for field, code in errors.items()]
    child = f"{elements.plain(fields.get('initials', ''))} (ID {elements.plain(fields.get('case_id', ''))})"
    body = [elements.text(f"{child} for the **{elements.plain(panel_name)}**."), *_problems(problems)]
    body += _what_for(request_types, fields, errors)
    firsts: list[elements.Element] = []
    if open_offers:
        body += _which_sitting(open_offers, fields, errors)
        firsts = [
            elements.button("Ask for it" if approved_by else "Book", BOOK, {"draft": draft_id}, takes_inputs=True)
        ]
    if not ordinary:
        body.append(elements.text(NOTHING_FREE))
        firsts.append(elements.button("Wait for a slot", WAIT, {"draft": draft_id}, takes_inputs=True))
    body += form_fields.draw(questions, fields, wrong)
    if approved_by:
        body.append(elements.text(approved_by, is_subtle=True))
    body += _closed(offers)
    buttons = [
        *firsts,
        elements.button("Back", BACK, {"draft": draft_id}),
        elements.button("Throw away", DISCARD, {"draft": draft_id}),
    ]
    return elements.message("Choose a sitting", body, buttons, summary=wording.SUMMARY_FORM)


def _what_for(
    request_types: Sequence[Choice], fields: Mapping[str, str], errors: Mapping[str, Code]
) -> list[elements.Element]:
    return elements.choice_input(
        "request_type",
        "What are you asking for?",
        request_types,
        value=fields.get("request_type", ""),
        error=wording.field_error("request_type", errors["request_type"]) if "request_type" in errors else "",
        missing=wording.FIELD_MISSING["request_type"],
        hint="Choose one",
    )


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


def change_form(view: ItemCard, offers: Sequence[SittingOffer], *, refusal: str = "") -> ports.Message:
    """Choose another sitting for an item that has one."""
    others = [offer for offer in offers if _is_for(offer, view) and offer.sitting_id != view.sitting_id]
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


def mine(items: Sequence[ItemCard]) -> ports.Message:
    """One's own items, soonest first."""
    body: list[elements.Element] = []
    for view in items:
        when = "waiting for a slot"
        if view.starts_at is not None:
            when = f"{wording.short_day(view.starts_at)}, {wording.clock(view.slot_starts_at or view.starts_at)}"
        elif view.state in MINE:
            when = MINE[view.state]
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


def _is_for(offer: SittingOffer, view: ItemCard) -> bool:
    return offer.is_open or (offer.only_urgent and view.is_urgent)


def _offer(offer: SittingOffer) -> str:
    if offer.only_urgent:
        return f"{wording.short_day(offer.starts_at)}, {wording.clock(offer.starts_at)} · only what can't wait"
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
