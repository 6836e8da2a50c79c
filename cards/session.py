"""A sitting as its chair runs it: who is there, item by item, closing it, confirming its record, addenda."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards import booking, elements, fields, items, wording
from cards.fields import NONE, Mistakes
from casework import ports
from casework.domain.ntk_rulebook import Choice as Option
from casework.domain.ntk_rulebook import Field
from casework.sitting_views import Attending, SessionLine, SittingRecord
from casework.views import Choice

RUN = "sitting.run"
START = "sitting.start"
ATTEND = "sitting.attend"
ATTEND_SAVE = "sitting.attend_save"
CLOSE = "sitting.close"
CONFIRM = "sitting.confirm"
ADDENDUM = "sitting.addendum"
ADDENDUM_SAVE = "sitting.addendum_save"

MOST_OPENED = 8
STATES = {
    "booked": "to be heard",
    "decided": "decided",
    "closed": "decided",
    "deferred": "deferred",
    "not_heard": "not heard, carried over",
    "refused_late": "refused: papers late",
    "waiting": "not on this sitting any more",
    "cancelled": "cancelled",
    "awaiting": "not on this sitting any more",
    "returned": "not on this sitting any more",
    "declined": "not on this sitting any more",
}
ADDENDUM_FIELDS = (
    Field(
        code="words",
        label="What is to be added or put right?",
        kind="long_text",
        required=True,
        missing="Enter what is to be added",
        max_length=1000,
        staff_names=True,
    ),
)


def attend_fields(view: SittingRecord) -> tuple[Field, ...]:
    """Who is here, who sent apologies, and others by name."""
    people = tuple(Option(code=one.person_id, name=_who(one)) for one in view.attending)
    return (
        Field(code="present", label="Here", kind="choices", choices=people),
        Field(code="apologies", label="Apologies", kind="choices", choices=people),
        Field(
            code="others",
            label="Others, one a line; for a substitute: “full name for full name” (optional)",
            kind="long_text",
            max_length=400,
            staff_names=True,
        ),
    )


def run(view: SittingRecord, *, refusal: str = "") -> ports.Message:
    """The sitting as it stands: before, while and after it sits."""
    body: list[elements.Element] = [
        *items.problem(refusal),
        elements.text(f"**{wording.span(view.starts_at, view.ends_at)}**"),
        elements.text(_stands(view)),
    ]
    if view.is_started:
        body.append(elements.facts(_attendance(view.attending)))
    if view.quorum:
        body.append(elements.box([elements.text(elements.plain(view.quorum))], style="attention"))
    body += _lines(view)
    if view.unseen:
        body.append(elements.text(f"{view.unseen} not shown: you have declared an interest.", is_subtle=True))
    if view.addenda:
        added = "\n".join(f"- {elements.plain(one)}" for one in view.addenda)
        body += [elements.subheading("Addenda"), elements.text(added)]
    title = f"{'Record' if view.is_closed else 'Sitting'}: {view.panel_name}"
    return elements.message(title, body, _buttons(view), summary=wording.SUMMARY_SITTING)


def attend_form(view: SittingRecord, values: Mapping[str, str] | None = None, wrong: Mistakes = NONE) -> ports.Message:
    """Who is here."""
    here = ",".join(one.person_id for one in view.attending if one.state == "present")
    away = ",".join(one.person_id for one in view.attending if one.state == "apologies")
    known = {one.person_id for one in view.attending}
    others = "\n".join(
        f"{one.name} for {one.stands_for}" for one in view.attending if one.stands_for and one.person_id in known
    )
    filled = {"present": here, "apologies": away, "others": others} if values is None else values
    send = [
        elements.button("Save", ATTEND_SAVE, {"sitting": view.sitting_id}, takes_inputs=True),
        elements.button("Back", RUN, {"sitting": view.sitting_id}),
    ]
    drawn = fields.draw(attend_fields(view), filled, wrong)
    return elements.message("Who is here?", drawn, send, summary=wording.SUMMARY_FORM)


def addendum_form(
    view: SittingRecord, nonce: str, values: Mapping[str, str] | None = None, wrong: Mistakes = NONE
) -> ports.Message:
    """Something to add to a record that is confirmed."""
    send = [
        elements.button("Add it", ADDENDUM_SAVE, {"sitting": view.sitting_id, "nonce": nonce}, takes_inputs=True),
        elements.button("Back", RUN, {"sitting": view.sitting_id}),
    ]
    drawn = fields.draw(ADDENDUM_FIELDS, values or {}, wrong)
    return elements.message("Addendum", drawn, send, summary=wording.SUMMARY_FORM)


def minutes_due(view: SittingRecord) -> ports.Message:
    """To the chair: the record waits to be confirmed."""
    return run(view)


def _stands(view: SittingRecord) -> str:
    if view.confirmed_at is not None:
        by = elements.plain(view.confirmed_by)
        return (
            f"**The record is confirmed** by {by}, {wording.moment(view.confirmed_at)}. Nothing in it changes any more."
        )
    if view.is_closed:
        by_when = f" Confirm it by {wording.moment(view.confirm_by)}." if view.confirm_by else ""
        return f"**Closed.** The record is a draft.{by_when}"
    return "**In session.**" if view.is_started else "Not started."


def _attendance(attending: Sequence[Attending]) -> list[tuple[str, str]]:
    here = [_who(one) for one in attending if one.state == "present"]
    away = [one.name for one in attending if one.state == "apologies"]
    return [("Here", ", ".join(here) or "nobody recorded"), ("Apologies", ", ".join(away) or "none")]


def _who(one: Attending) -> str:
    instead = f" for {one.stands_for}" if one.stands_for else ""
    return f"{one.name}{instead}{f' ({one.role})' if one.role else ''}"


def _lines(view: SittingRecord) -> list[elements.Element]:
    body: list[elements.Element] = []
    for line in view.lines:
        body.append(elements.text(_line(line), spacing="Medium"))
        if len(view.lines) <= MOST_OPENED and line.state == "booked" and view.is_started:
            held = {"item": line.item_id, "sitting": view.sitting_id}
            body.append(elements.actions([elements.button(f"Open {line.reference}", booking.OPEN, held)]))
    if len(view.lines) > MOST_OPENED:
        choices = [
            Choice(value=line.item_id, label=f"{wording.clock(line.starts_at)} {line.reference}") for line in view.lines
        ]
        opening = elements.button("Open it", booking.OPEN, {"sitting": view.sitting_id}, takes_inputs=True)
        body += elements.chooser("item", "Which item?", choices, opening)
    if not view.lines:
        body.append(elements.text("Nothing is on its agenda."))
    return body


def _line(line: SessionLine) -> str:
    outcome = f": {elements.plain(line.outcome)}" if line.outcome else ""
    return (
        f"**{wording.clock(line.starts_at)}** · {elements.plain(line.child)} · {elements.plain(line.request_type)}\n\n"
        f"{line.reference} · {elements.plain(line.presenter)} · **{STATES[line.state]}{outcome}**"
    )


def _buttons(view: SittingRecord) -> list[elements.Element]:
    held: dict[str, object] = {"sitting": view.sitting_id}
    buttons = []
    if view.may_run and not view.is_started:
        buttons.append(elements.button("Start the sitting", START, held))
    if view.may_run and view.is_started and not view.is_closed:
        buttons.append(elements.button("Who is here", ATTEND, held))
        buttons.append(elements.button("Close the sitting", CLOSE, held))
    if view.may_run and view.is_closed:
        buttons.append(elements.button("Confirm the record", CONFIRM, held))
    if view.may_add:
        buttons.append(elements.button("Add an addendum", ADDENDUM, held))
    buttons.append(elements.button("Show latest", RUN, held))
    return buttons
