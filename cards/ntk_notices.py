"""The smaller cards about need-to-knows: what changed, an update due, a gap in the line, the e-mail without content."""

from __future__ import annotations

from cards import elements, ntk_verbs, ntk_words, wording
from casework import ports
from casework.ntk_list_views import TimelineEntry
from casework.ntk_views import GapReport, NtkChange, NtkStub, Unproved, UpdateDue

LETTER = ports.Letter(
    subject="Please open Teams",
    body=(
        "Something is waiting for you in Teams, in your chat with Usher, that Teams could not deliver.\n\n"
        "Open Teams and write “hello” to Usher. If you can't, phone your duty team.\n\n"
        "This message holds no details on purpose. Nobody reads answers to it.\n"
    ),
)


def changed(view: NtkChange) -> ports.Message:
    """What changed, by whom, in whose words."""
    entry = TimelineEntry(at=view.at, kind=view.kind, who=view.who, facts=view.facts, words=view.words)
    child = f" · {elements.plain(view.initials)} (ID {elements.plain(view.case_id)})" if view.case_id else ""
    body: list[elements.Element] = [
        elements.text(f"**{view.reference}** · level {view.level}{child}"),
        elements.text(
            f"{elements.plain(ntk_words.event(entry))}, {wording.short_day(view.at)}, {wording.clock(view.at)}."
        ),
    ]
    for one in view.words:
        if one.label:
            body.append(elements.subheading(elements.plain(one.label)))
        body.append(elements.text(elements.plain(one.words), spacing="Small"))
    if view.kind == "breach" and not view.may_open:
        body.append(elements.text("Ask them for the details. Nothing about the child is shown here."))
    if view.facts.get("material"):
        body.append(elements.text("This changes things: please acknowledge again."))
    buttons = [
        *(
            [elements.button("Acknowledge", ntk_verbs.ACKNOWLEDGE, {"ntk": view.ntk_id})]
            if view.may_acknowledge
            else []
        ),
        *ntk_verbs.act_buttons(view.acts, tuple(act.code for act in view.acts), view.ntk_id),
        *([elements.button("Open it", ntk_verbs.OPEN, {"ntk": view.ntk_id})] if view.may_open else []),
    ]
    title = ntk_words.CHANGED_TITLES.get(view.kind, "Changed: {ref}").format(ref=view.reference)
    return elements.message(title, body, buttons, summary=wording.SUMMARY_CHANGED)


def update_due(view: UpdateDue) -> ports.Message:
    """An update is due, overdue, or the detail a manager asked for is still missing."""
    if view.is_return:
        words = "Your manager asked for more detail and has none yet. The next manager up has been told meanwhile."
    elif view.is_overdue:
        words = (
            f"The update was due {wording.moment(view.due_at)} and is overdue. {elements.plain(view.owner)} owes it."
        )
    else:
        words = f"An update is due now. {elements.plain(view.owner)} owes it."
    body = [
        elements.text(
            f"**{view.reference}** · level {view.level} · {elements.plain(view.initials)} "
            f"(ID {elements.plain(view.case_id)})"
        ),
        elements.text(words),
        elements.text(
            "Add what was asked for, or say why you can't yet."
            if view.is_return
            else "If nothing is new, say so: that is an update too.",
            is_subtle=True,
        ),
    ]
    buttons = [
        elements.button("Add an update", ntk_verbs.ACT, {"ntk": view.ntk_id, "act": "update"}),
        elements.button("Open it", ntk_verbs.OPEN, {"ntk": view.ntk_id}),
    ]
    title = f"{'Overdue update' if view.is_overdue else 'Update due'}: {view.reference}"
    return elements.message(title, body, buttons, summary=wording.SUMMARY_REMINDER_NTK)


def gap(view: GapReport) -> ports.Message:
    """To administrators: who is missing on Usher's list. Nothing of the case."""
    where = ", ".join(elements.plain(part) for part in (view.team, view.service) if part)
    body = [
        elements.text(f"A need-to-know was raised for {where}. Nobody was there to be told as:"),
        elements.text("\n".join(f"- {ntk_words.low(one.tier)}: {ntk_words.GAPS[one.because]}" for one in view.gaps)),
        elements.text(
            "The next manager up was told instead. Add who holds the role to Usher's list, or have cover arranged."
        ),
    ]
    return elements.message("A gap in the line", body, summary=wording.SUMMARY_NOTICE)


def unproved(view: Unproved) -> ports.Message:
    """To administrators: a step is missing, and how to see which."""
    body = [
        elements.text(
            f"A step of **{view.reference}** is missing from the record: somebody may not know what they must know. "
            "Ask the head of service now."
        ),
        elements.text(f"To see which: python -m bot ntk prove {view.reference}", is_subtle=True),
    ]
    return elements.message(f"A step is missing: {view.reference}", body, summary=wording.SUMMARY_NOTICE)


def letter(view: NtkStub) -> ports.Letter:
    """The same words for everybody: that something waits, never what or about whom."""
    return LETTER
