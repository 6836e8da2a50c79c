"""The words of items: their states, what happened to them, how ready their papers are."""

from __future__ import annotations

from casework.domain.people import ROLE_NAMES, Role
from casework.item_views import Braid, Decided, Happened, ItemPage, Ready

STATES = {
    "awaiting": "Waiting for approval",
    "returned": "Sent back",
    "declined": "Declined",
    "waiting": "Waiting for a slot",
    "booked": "Booked",
    "decided": "Decided",
    "closed": "Closed",
    "cancelled": "Cancelled",
}
HAPPENED = {
    "action": "action added",
    "action_done": "action done",
    "advised": "legal advice added",
    "approved": "approved",
    "booked": "booked",
    "cancelled": "cancelled",
    "conflict": "somebody was kept out of it",
    "dates": "dates of the family changed",
    "decided": "decided",
    "declined": "declined",
    "deferred": "deferred",
    "endorsed": "confirmed",
    "let_in": "late papers let in",
    "listed": "listed by its tracker",
    "moved": "moved",
    "not_heard": "not heard: carried over",
    "ordered": "place or minutes changed",
    "out_of_turn": "given a slot out of turn",
    "outside": "decided outside the panel",
    "papers": "papers ticked",
    "papers_ok": "papers complete",
    "presenter": "another presenter",
    "ratify": "listed after a decision outside the panel",
    "refused_late": "refused: papers late",
    "requested": "asked for",
    "returned": "sent back",
    "sent_again": "sent again",
    "split": "split off its family",
    "waiting": "waits for a slot",
}
COLOURS = {"green": "Green: ready", "amber": "Amber: not everything is there yet", "red": "Red: papers are missing"}
BRAIDED = {
    "ntk": "Open need-to-know",
    "item": "Also before a panel",
    "decision": "Decided before",
    "action": "Overdue action",
    "tracked": "Tracked",
}
SAID = (
    ("rationale", "Why"),
    ("conditions", "Conditions"),
    ("cost", "Cost"),
    ("dissent", "Seen differently"),
    ("urgency", "Why it could not wait"),
)


def stands(page: ItemPage) -> str:
    """How it stands, in one line."""
    if page.card.state == "awaiting":
        who = ROLE_NAMES[Role(page.awaiting)] if page.awaiting else "approval"
        names = f": {', '.join(page.who_approves)}" if page.who_approves else ""
        return f"Waiting for the {who}{names}"
    return STATES[page.card.state]


def ready(view: Ready) -> str:
    """How ready its papers are, in words."""
    said = COLOURS[view.colour]
    if view.missing:
        said = f"{said}. Missing: {', '.join(view.missing)}"
    if view.excused:
        said = f"{said}. Will not come: {', '.join(view.excused)}{f' ({view.why})' if view.why else ''}"
    if view.needs_confirming:
        said = f"{said}. The {ROLE_NAMES[Role(view.needs_confirming)]} has not confirmed them yet"
    return said


def happened(one: Happened, when: str) -> str:
    """One line of the history, people's words last; still to be escaped."""
    note = f" ({one.note.lower()})" if one.note else ""
    words = f": {one.words}" if one.words else ""
    return f"{when} · {HAPPENED[one.kind]}{note}, {one.who}{words}"


def decided(one: Decided) -> str:
    """The decision for one child in one line; still to be escaped."""
    principle = " in principle" if one.is_in_principle else ""
    outside = ", outside the panel" if one.is_outside else ""
    return f"{one.child}: {one.outcome}{principle}{outside}"


def braid(one: Braid, when: str) -> str:
    """One other thing there is about the family; still to be escaped."""
    on = f", {when}" if when else ""
    return f"{BRAIDED[one.kind]} · {one.child}: {one.words}{on}"
