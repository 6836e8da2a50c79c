"""Cards by which coordinators and chairs manage sittings: the list, one sitting, its forms, a preview, the news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

from cards import booking, elements, fields, wording
from cards.fields import NONE, Mistakes
from casework import ports
from casework.domain import london
from casework.domain.ntk_rulebook import Choice as Option
from casework.domain.ntk_rulebook import Field
from casework.sitting_views import (
    Placed,
    SittingChanged,
    SittingLine,
    SittingList,
    SittingPage,
    SittingPreview,
    WaitingLine,
)
from casework.views import Choice

PAGE = "sittings.page"
MANAGE = "sitting.manage"
CHANGE = "sitting.change"
CHANGE_CHECK = "sitting.change_check"
CHANGE_SAVE = "sitting.change_save"
CANCEL = "sitting.cancel"
CANCEL_SAVE = "sitting.cancel_save"
CALL = "sitting.call"
CALL_SAVE = "sitting.call_save"
WAIVE = "sitting.waive"
WAIVE_SAVE = "sitting.waive_save"
WAITING = "sittings.waiting"

LENGTHS = (30, 60, 90, 120, 150, 180, 210, 240, 300, 360)
STATUS = {
    "ask": "**Not settled**",
    "planned": "Planned",
    "moved": "Moved",
    "cancelled": "**Cancelled**",
    "skipped": "**No sitting**",
}
CHANGED = {
    "moved": "has moved",
    "length": "is longer or shorter",
    "venue": "is held elsewhere",
    "cancelled": "is cancelled",
    "skipped": "does not take place",
    "called": "sits extraordinarily",
    "waived": "takes papers for longer",
}

REASON = Field(code="reason", label="Why?", kind="long_text", required=True, missing="Enter why", max_length=300)
UNTIL = Field(
    code="until",
    label="Papers until",
    kind="moment",
    is_ahead=True,
    required=True,
    missing="Enter the day and time papers may come",
)


def change_fields(minutes: int) -> tuple[Field, ...]:
    """When, for how long, where and why; the sitting's own length is among those offered."""
    lengths = sorted({*LENGTHS, *([minutes] if minutes else [])})
    return (
        Field(code="when", label="When", kind="moment", is_ahead=True, required=True, missing="Enter the day and time"),
        Field(
            code="minutes",
            label="How long?",
            kind="choice",
            required=True,
            missing="Choose how long",
            choices=tuple(Option(code=str(one), name=_length(one)) for one in lengths),
        ),
        Field(code="venue", label="Where? (a room, “Teams” or a link; optional)", kind="text", max_length=200),
        REASON,
    )


def listed(view: SittingList) -> ports.Message:
    """What waits for a decision, what comes in four weeks, and who waits for a slot."""
    body: list[elements.Element] = []
    if view.to_resolve:
        body.append(elements.subheading("Days to settle"))
        for one in view.to_resolve:
            head = f"**{elements.plain(one.panel_name)}**, {wording.day(one.starts_at)}"
            body.append(elements.text(f"{head}\n\n{elements.plain(one.reason)}"))
            title = f"Settle {one.panel}, {wording.short_day(one.starts_at)}"
            body.append(elements.actions([elements.button(title, MANAGE, {"sitting": one.sitting_id})]))
    if view.moved:
        body.append(elements.subheading("Settled"))
        body.append(elements.text("\n".join(f"- {_settled(one)}" for one in view.moved)))
    body.append(elements.subheading("The next four weeks"))
    if view.coming:
        body += elements.chooser(
            "chosen",
            "Which sitting?",
            [_choice(one) for one in view.coming],
            elements.button("Manage it", MANAGE, takes_inputs=True),
        )
        body.append(elements.text("\n".join(f"- {short(one)}" for one in view.coming)))
    else:
        body.append(elements.text("No sitting is planned."))
    if view.more:
        body.append(elements.text(f"And {view.more} more.", is_subtle=True))
    buttons = [elements.button("Call an extraordinary sitting", CALL)] if view.panels else []
    if view.waiting:
        waiting = ", ".join(f"{count} for the {elements.plain(name)}" for name, count in view.waiting)
        body.append(elements.text(f"**Waiting for a slot:** {waiting}."))
        buttons.append(elements.button("Waiting list", WAITING))
    return elements.message("Sittings", body, buttons, summary=wording.SUMMARY_LIST)


def page(view: SittingPage, *, title: str = "", refusal: str = "") -> ports.Message:
    """One sitting: when, its items in order of priority, and what can be done with it."""
    body: list[elements.Element] = [*_problem(refusal), elements.facts(_facts(view))]
    if view.line.reason:
        body.append(elements.text(elements.plain(view.line.reason), is_subtle=True))
    body += _placed("Items, in the order they were placed", view.items)
    held: dict[str, object] = {"sitting": view.line.sitting_id, "version": view.version}
    buttons = []
    if view.may_manage:
        settle = view.line.status == "ask"
        buttons = [
            elements.button("Hold it on another day" if settle else "Move or change", CHANGE, held),
            elements.button("No sitting this time" if settle else "Cancel it", CANCEL, held),
        ]
    if view.may_waive:
        buttons.append(elements.button("Let papers in for longer", WAIVE, held))
    if view.line.status in ("planned", "moved"):
        if view.may_manage:
            buttons.append(elements.link("Invite in Teams", _invitation(view.line)))
        buttons.append(elements.button("Agenda", booking.AGENDA, {"sitting": view.line.sitting_id}))
    name = f"{view.line.panel_name}, {wording.short_day(view.line.starts_at)}"
    return elements.message(title or name, body, buttons, summary=wording.SUMMARY_SITTING)


def _invitation(line: SittingLine) -> str:
    """Teams' own form for a meeting, with the panel and the time filled in, and nobody and nothing else.

    Microsoft Learn, "Deep link to a workflow in Teams": /l/meeting/new takes subject, startTime and endTime.
    """
    wanted = {
        "subject": line.panel_name,
        "startTime": london.local(line.starts_at).isoformat(),
        "endTime": london.local(line.ends_at).isoformat(),
    }
    return f"https://teams.microsoft.com/l/meeting/new?{urlencode(wanted, quote_via=quote)}"


def change_form(view: SittingPage, draft_id: str, values: Mapping[str, str], wrong: Mistakes = NONE) -> ports.Message:
    """Another time, another length, another place; nothing is saved yet."""
    body = [
        elements.text(f"Now: {wording.span(view.line.starts_at, view.line.ends_at)}."),
        *fields.draw(change_fields(view.minutes), values, wrong),
        elements.text("Nothing is saved yet: you see first what it does.", is_subtle=True),
    ]
    buttons = [
        elements.button("See what it does", CHANGE_CHECK, {"draft": draft_id}, takes_inputs=True),
        elements.button("Back", MANAGE, {"sitting": view.line.sitting_id}),
    ]
    title = f"Change: {view.line.panel_name}"
    return elements.message(title, body, buttons, summary=wording.SUMMARY_FORM)


def change_check(view: SittingPreview, draft_id: str) -> ports.Message:
    """What the change does, before it is saved: who stays, who goes where, the deadline, clashes."""
    assert view.to_starts_at is not None
    assert view.to_ends_at is not None
    assert view.papers_due_at is not None
    body: list[elements.Element] = [
        elements.facts(
            [
                ("From", wording.span(view.page.line.starts_at, view.page.line.ends_at)),
                ("To", wording.span(view.to_starts_at, view.to_ends_at)),
                *([("Where", view.venue)] if view.venue else []),
                ("Papers due", wording.moment(view.papers_due_at)),
                ("Slots", str(view.capacity)),
            ]
        )
    ]
    if view.is_past_deadline:
        warning = "The papers' cut-off lies in the past: only the chair can let papers in."
        body.append(elements.box([elements.text(warning)], style="warning"))
    if view.warnings:
        names = wording.named_list(tuple(dict.fromkeys(view.warnings)))
        warning = f"At the same time: {elements.plain(names)}. Check that chair and presenters can be at both."
        body.append(elements.box([elements.text(warning)], style="warning"))
    body += _effect(view)
    held: dict[str, object] = {"sitting": view.page.line.sitting_id, "draft": draft_id}
    buttons = [
        elements.button("Save and tell everyone", CHANGE_SAVE, held),
        elements.button("Change something", CHANGE, held),
        elements.button("Leave it as it is", MANAGE, {"sitting": view.page.line.sitting_id}),
    ]
    return elements.message("What this change does", body, buttons, summary=wording.SUMMARY_FORM)


def cancel_form(view: SittingPreview, values: Mapping[str, str], nonce: str, wrong: Mistakes = NONE) -> ports.Message:
    """Cancel, with what becomes of its items, and why."""
    is_open_question = view.page.line.status == "ask"
    body: list[elements.Element] = [
        elements.text(f"{wording.span(view.page.line.starts_at, view.page.line.ends_at)}."),
        *_effect(view),
        *fields.draw((REASON,), values, wrong),
    ]
    held: dict[str, object] = {"sitting": view.page.line.sitting_id, "version": view.page.version, "nonce": nonce}
    title = "No sitting this time" if is_open_question else "Cancel it and tell everyone"
    buttons = [
        elements.button(title, CANCEL_SAVE, held, takes_inputs=True),
        elements.button("Keep it", MANAGE, {"sitting": view.page.line.sitting_id}),
    ]
    return elements.message(f"Cancel: {view.page.line.panel_name}?", body, buttons, summary=wording.SUMMARY_FORM)


def call_form(
    panels: Sequence[tuple[str, str]], values: Mapping[str, str], nonce: str, wrong: Mistakes = NONE
) -> ports.Message:
    """An extraordinary sitting: which panel, when, how long, where, why."""
    body = [
        elements.text("Whoever waits for this panel gets its slots, the first in line first. Everybody is told."),
        *fields.draw(call_fields(panels), values, wrong),
    ]
    buttons = [
        elements.button("Call it and tell everyone", CALL_SAVE, {"nonce": nonce}, takes_inputs=True),
        elements.button("Back", PAGE),
    ]
    return elements.message("Call an extraordinary sitting", body, buttons, summary=wording.SUMMARY_FORM)


def call_fields(panels: Sequence[tuple[str, str]]) -> tuple[Field, ...]:
    which = Field(
        code="panel",
        label="Which panel?",
        kind="choice",
        required=True,
        missing="Choose a panel",
        choices=tuple(Option(code=code, name=name) for code, name in panels),
    )
    return (which, *change_fields(60))


def waive_form(view: SittingPage, values: Mapping[str, str], nonce: str, wrong: Mistakes = NONE) -> ports.Message:
    """The chair lets papers and bookings in until later."""
    body = [
        elements.text(f"Papers are due {wording.moment(view.papers_due_at)}."),
        *fields.draw((UNTIL, REASON), values, wrong),
    ]
    held: dict[str, object] = {"sitting": view.line.sitting_id, "version": view.version, "nonce": nonce}
    buttons = [
        elements.button("Let papers in", WAIVE_SAVE, held, takes_inputs=True),
        elements.button("Back", MANAGE, held),
    ]
    return elements.message("Let papers in for longer", body, buttons, summary=wording.SUMMARY_FORM)


def waiting(lines: Sequence[WaitingLine], more: int) -> ports.Message:
    """Items without a slot, the first in line first."""
    body: list[elements.Element] = []
    for line in lines:
        band = f" · {elements.plain(line.band)}" if line.band else ""
        body.append(
            elements.text(
                f"**{line.reference}** · {elements.plain(line.initials)} (ID {elements.plain(line.case_id)})\n\n"
                f"{elements.plain(line.panel_name)}{band} · waiting since {wording.short_day(line.waiting_since)}",
                spacing="Medium",
            )
        )
        held: dict[str, object] = {"item": line.item_id, "version": line.version}
        body.append(elements.actions([elements.button(f"Place {line.reference}", booking.CHANGE, held)]))
    if more:
        body.append(elements.text(f"And {more} more: they move up as those above are placed.", is_subtle=True))
    if not lines:
        body.append(elements.text("Nobody waits for a slot."))
    return elements.message(
        "Waiting for a slot", body, [elements.button("Sittings", PAGE)], summary=wording.SUMMARY_LIST
    )


def changed(view: SittingChanged) -> ports.Message:
    """To everyone concerned: what became of a sitting, and of their own items."""
    because = "The council's rulebook has changed."
    if view.reason:
        because = f"{elements.plain(view.who)} says why: {elements.plain(view.reason)}"
    body: list[elements.Element] = [elements.text(because)]
    pairs = [("Was", wording.moment(view.from_starts_at))] if view.kind in ("moved", "cancelled", "skipped") else []
    if view.to_starts_at is not None and view.to_ends_at is not None:
        pairs.append(("Sitting", wording.span(view.to_starts_at, view.to_ends_at)))
    if view.venue:
        pairs.append(("Where", view.venue))
    if view.papers_due_at is not None:
        pairs.append(("Papers due", wording.moment(view.papers_due_at)))
    body.append(elements.facts(pairs))
    body += _placed("Your items", view.mine)
    buttons = [elements.button(f"Open {one.reference}", booking.OPEN, {"item": one.item_id}) for one in view.mine[:3]]
    if view.may_see_agenda:
        buttons.append(elements.button("Agenda", booking.AGENDA, {"sitting": view.sitting_id}))
    title = f"The {view.panel_name} {CHANGED[view.kind]}"
    return elements.message(title, body, buttons, summary=wording.SUMMARY_SITTING)


def _effect(view: SittingPreview) -> list[elements.Element]:
    """Who stays and who goes where; in a sentence where nobody is booked."""
    if not view.stays and not view.leaves:
        return [elements.text(f"Nobody is booked on it. {_told(view.told)}")]
    stays = f"{len(view.stays)} of {len(view.stays) + len(view.leaves)} items keep a slot on it."
    return [
        *([elements.text(stays)] if view.to_starts_at else []),
        *_placed("These go elsewhere, the first in line first", view.leaves),
        elements.text(_told(view.told)),
    ]


def _told(count: int) -> str:
    return f"{count} {'person is' if count == 1 else 'people are'} told."


def _placed(heading: str, rows: Sequence[Placed]) -> list[elements.Element]:
    if not rows:
        return []
    return [elements.subheading(heading), elements.text("\n".join(f"- {_line(one)}" for one in rows))]


def _line(one: Placed) -> str:
    where = (
        f"{wording.short_day(one.to_starts_at)}, {wording.clock(one.to_starts_at)}"
        if one.to_starts_at
        else "**waiting list**"
    )
    return f"{one.reference} · {elements.plain(one.initials)} (ID {elements.plain(one.case_id)}): {where}"


def _facts(view: SittingPage) -> list[tuple[str, str]]:
    return [
        ("Sitting", wording.span(view.line.starts_at, view.line.ends_at)),
        (
            "Stands",
            STATUS[view.line.status].replace("*", "") + (", extraordinary" if view.line.is_extraordinary else ""),
        ),
        *([("Where", view.venue)] if view.venue else []),
        ("Papers due", wording.moment(view.papers_due_at)),
        ("Booked", f"{view.line.booked} of {view.line.capacity}"),
        ("Agenda", "has gone out" if view.agenda_sent else "not out yet"),
    ]


def _choice(one: SittingLine) -> Choice:
    return Choice(value=one.sitting_id, label=short(one))


def short(one: SittingLine) -> str:
    extra = ", extraordinary" if one.is_extraordinary else ""
    when = f"{wording.short_day(one.starts_at)}, {wording.clock(one.starts_at)}"
    return f"{when} · {one.panel_name}{extra} · {one.booked} of {one.capacity} booked"


def _settled(one: SittingLine) -> str:
    when = f"{wording.short_day(one.starts_at)}, {wording.clock(one.starts_at)}"
    return f"{elements.plain(one.panel_name)}: {when}. {elements.plain(one.reason)}"


def _problem(refusal: str) -> list[elements.Element]:
    if not refusal:
        return []
    return [elements.box([elements.subheading(wording.PROBLEM), elements.text(refusal)], style="attention")]


def _length(minutes: int) -> str:
    whole, rest = divmod(minutes, 60)
    hours = f"{whole} hour{'s' if whole > 1 else ''}" if whole else ""
    return " ".join(part for part in (hours, f"{rest} minutes" if rest else "") if part)
