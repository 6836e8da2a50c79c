"""Cards of a need-to-know: the form and its parser, the last check, the raiser's receipt, the recipient's card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards import elements, wording
from casework import ports
from casework.domain import ntk as ntk_rules
from casework.domain.errors import Code
from casework.views import Choice, NotDelivered, NtkCard, NtkLine, NtkPreview, NtkReceipt, ToldPerson

START = "ntk.start"
START_NEW = "ntk.start_new"
CHECK = "ntk.check"
EDIT = "ntk.edit"
SEND = "ntk.send"
DISCARD = "ntk.discard"
ACKNOWLEDGE = "ntk.acknowledge"
OPEN = "ntk.open"
STATUS = "ntk.status"

MAX_TYPED = 4000


def parse_form(data: Mapping[str, object]) -> dict[str, str]:
    """What somebody typed into the form, by field, kept word for word; anything that isn't text counts as empty."""
    return {
        field: value.replace("\x00", "")[:MAX_TYPED] if isinstance(value, str) else ""
        for field in ntk_rules.FIELDS
        if (value := data.get(field)) is not None
    }


def form(
    *,
    draft_id: str,
    fields: Mapping[str, str],
    categories: Sequence[Choice],
    case_id_label: str,
    case_id_example: str,
    errors: Mapping[str, Code],
) -> ports.Message:
    """The form, with whatever was typed before and every error beside its field."""

    said = {field: wording.field_error(field, code, example=case_id_example) for field, code in errors.items()}
    problems: list[elements.Element] = []
    if said:
        lines = "\n".join(f"- {words}" for words in said.values())
        problems = [elements.box([elements.subheading(wording.PROBLEM), elements.text(lines)], style="attention")]
    body = [
        elements.text("In an emergency phone first. Use initials only: no names, dates of birth or addresses."),
        *problems,
        *_child_inputs(fields, said, categories, case_id_label, case_id_example),
        *_story_inputs(fields, said),
    ]
    buttons = [
        elements.button("Check and send", CHECK, {"draft": draft_id}, takes_inputs=True),
        elements.button("Throw away", DISCARD, {"draft": draft_id}),
    ]
    return elements.message("Raise a need-to-know", body, buttons, summary=wording.SUMMARY_FORM)


def _child_inputs(
    fields: Mapping[str, str],
    said: Mapping[str, str],
    categories: Sequence[Choice],
    case_id_label: str,
    case_id_example: str,
) -> list[elements.Element]:
    """What it is about, which child, and since when it is known."""

    def typed(field: str) -> elements.Typed:
        return elements.Typed(
            value=fields.get(field, ""), error=said.get(field, ""), missing=wording.FIELD_MISSING[field]
        )

    about = typed("category")
    return [
        *elements.choice_input("category", "What is it about?", categories, hint="Choose a category", **about),
        *elements.text_input("initials", "Child's initials", hint="AB", max_length=10, **typed("initials")),
        *elements.text_input("case_id", case_id_label, hint=case_id_example, max_length=30, **typed("case_id")),
        *elements.date_input("aware_date", "When did the council first know? Date", **typed("aware_date")),
        *elements.time_input("aware_time", "Time", **typed("aware_time")),
    ]


def _story_inputs(fields: Mapping[str, str], said: Mapping[str, str]) -> list[elements.Element]:
    """The three short texts."""
    asked = (
        ("what_happened", "What happened?", "Facts, in a few sentences"),
        ("actions_taken", "What has been done so far?", "Is the child safe now? Who is with them?"),
        ("who_told", "Who have you spoken to, and when?", "Your manager by phone at 4:30pm"),
    )
    return [
        element
        for field, label, hint in asked
        for element in elements.text_input(
            field,
            label,
            value=fields.get(field, ""),
            hint=hint,
            error=said.get(field, ""),
            missing=wording.FIELD_MISSING[field],
            is_multiline=True,
            max_length=ntk_rules.MAX_NARRATIVE,
        )
    ]


def resume(draft_id: str, fields: Mapping[str, str]) -> ports.Message:
    """An unfinished need-to-know was found: carry on, or start another."""
    about = ", ".join(
        elements.plain(part)
        for part in (fields.get("initials", ""), f"ID {fields['case_id']}" if fields.get("case_id") else "")
        if part
    )
    body = [elements.text(f"You began a need-to-know{f' for {about}' if about else ''} and didn't send it.")]
    buttons = [
        elements.button("Carry on with it", EDIT, {"draft": draft_id}),
        elements.button("Start a new one", START_NEW),
        elements.button("Throw it away", DISCARD, {"draft": draft_id}),
    ]
    return elements.message("Carry on, or start new?", body, buttons, summary=wording.SUMMARY_FORM)


def check(view: NtkPreview) -> ports.Message:
    """The last look before sending: what it says, and by name who will be told."""
    body: list[elements.Element] = []
    if view.initials_differ:
        body.append(
            elements.box(
                [elements.text("**Check the child.** Usher has other initials for this case ID.")], style="warning"
            )
        )
    body += [
        elements.facts(
            [
                ("About", view.category),
                ("Level", f"{view.level}: {view.level_meaning}"),
                ("Child", f"{view.initials} (ID {view.case_id})"),
                ("Known since", wording.moment(view.aware_at)),
            ]
        ),
        *_story(view.what_happened, view.actions_taken, view.who_told),
        elements.subheading("Who will be told now"),
        elements.text(
            "\n".join(f"- {elements.plain(person.name)}, {person.tier.lower()}" for person in view.told)
            or "**Nobody: no manager is on Usher's list for this team. Phone instead.**"
        ),
        *_gaps(view.gaps),
    ]
    count = len(view.told)
    buttons = [
        elements.button(
            f"Send to {count} {'person' if count == 1 else 'people'}" if count else "Record it",
            SEND,
            {"draft": view.draft_id},
        ),
        elements.button("Change", EDIT, {"draft": view.draft_id}),
        elements.button("Throw away", DISCARD, {"draft": view.draft_id}),
    ]
    return elements.message("Check before you send", body, buttons, summary=wording.SUMMARY_FORM)


def receipt(view: NtkReceipt) -> ports.Message:
    """The raiser's own card: the reference, exactly who was told, who has acknowledged."""
    to_phone = [person for person in view.told if _must_phone(person)]
    body: list[elements.Element] = []
    if to_phone or not view.told:
        body.append(_phone_box(to_phone))
    body += [
        elements.facts(
            [
                ("Reference", view.reference),
                ("About", view.category),
                ("Level", str(view.level)),
                ("Child", f"{view.initials} (ID {view.case_id})"),
                ("Raised", wording.moment(view.raised_at)),
            ]
        ),
        elements.subheading("Who was told"),
        elements.text("\n".join(f"- {_told(person)}" for person in view.told) or "Nobody yet."),
        *_gaps(view.gaps),
        elements.text(
            "This card shows who has acknowledged as it happens. Record it in the case system too.", is_subtle=True
        ),
    ]
    buttons = [elements.button("Show latest", STATUS, {"ntk": view.ntk_id})]
    return elements.message(f"Need-to-know raised: {view.reference}", body, buttons, summary=wording.SUMMARY_DONE)


def card(view: NtkCard) -> ports.Message:
    """A recipient's card: the need-to-know, and the button that says they have seen it."""
    body: list[elements.Element] = []
    if view.sent_again_at is not None:
        body.append(
            elements.text(
                f"Sent again at {wording.clock(view.sent_again_at)}, as we can't be sure the first copy arrived. "
                "Acknowledging either is enough.",
                is_subtle=True,
            )
        )
    if view.acknowledged_at is not None:
        body.append(
            elements.box(
                [elements.text(f"**You acknowledged this** on {wording.moment(view.acknowledged_at)}.")], style="good"
            )
        )
    phone = f", {view.raiser_phone}" if view.raiser_phone else ""
    body += [
        elements.facts(
            [
                ("About", view.category),
                ("Level", f"{view.level}: {view.level_meaning}"),
                ("Child", f"{view.initials} (ID {view.case_id})"),
                ("Team", view.team or "not known"),
                ("Raised by", f"{view.raised_by}{phone}"),
                ("Raised", wording.moment(view.raised_at)),
                ("Known since", wording.moment(view.aware_at)),
            ]
        ),
        elements.text("Not yet checked by a manager.", is_subtle=True),
        *_story(view.what_happened, view.actions_taken, view.who_told),
        elements.subheading("Also told"),
        elements.text("\n".join(f"- {_also_told(person)}" for person in view.told) or "Nobody else."),
    ]
    can = view.may_acknowledge and view.acknowledged_at is None
    buttons = [elements.button("Acknowledge", ACKNOWLEDGE, {"ntk": view.ntk_id})] if can else []
    return elements.message(f"Need-to-know {view.reference}", body, buttons, summary=wording.SUMMARY_NTK)


def not_delivered(view: NotDelivered) -> ports.Message:
    """To the raiser: whom to phone now, because Teams could not put the card before them."""
    child = [("Child", f"{view.initials} (ID {view.case_id})")] if view.case_id else []
    body = [
        _phone_box(view.to_phone),
        elements.facts([("Reference", view.reference), *child, ("Level", str(view.level))]),
        elements.text("Usher sends it to them as soon as they open their chat with Usher.", is_subtle=True),
    ]
    buttons = [elements.button("Show latest", STATUS, {"ntk": view.ntk_id})]
    return elements.message(
        f"{view.reference} was not delivered to everyone", body, buttons, summary=wording.SUMMARY_PHONE_NOW
    )


def lists(waiting: Sequence[NtkLine], raised: Sequence[NtkLine]) -> ports.Message:
    """What waits for this person's acknowledgement, and what they raised."""
    body: list[elements.Element] = [elements.subheading("Waiting for you to acknowledge")]
    body += _lines(waiting, OPEN, "Nothing is waiting for you.")
    body.append(elements.subheading("Raised by you"))
    body += _lines(raised, STATUS, "You have raised none.")
    return elements.message("Need-to-knows", body, summary=wording.SUMMARY_LIST)


def _lines(lines: Sequence[NtkLine], verb: str, nothing: str) -> list[elements.Element]:
    if not lines:
        return [elements.text(nothing)]
    shown: list[elements.Element] = []
    for line in lines:
        words = (
            f"**{line.reference}** · level {line.level} · {elements.plain(line.category)} · "
            f"{elements.plain(line.initials)} (ID {elements.plain(line.case_id)}) · "
            f"{wording.short_day(line.raised_at)} · {line.acknowledged} of {line.told} acknowledged"
        )
        shown.append(elements.text(words, spacing="Medium"))
        shown.append(elements.actions([elements.button(f"Open {line.reference}", verb, {"ntk": line.ntk_id})]))
    return shown


def _story(what_happened: str, actions_taken: str, who_told: str) -> list[elements.Element]:
    shown: list[elements.Element] = []
    for title, words in (
        ("What happened", what_happened),
        ("Done so far", actions_taken),
        ("Spoken to", who_told),
    ):
        shown += [elements.subheading(title), elements.text(elements.plain(words), spacing="Small")]
    return shown


def _told(person: ToldPerson) -> str:
    who = f"{elements.plain(person.name)}, {person.tier.lower()}"
    if person.acknowledged_at is not None:
        at = person.acknowledged_at
        return f"{who}: **acknowledged** {wording.short_day(at)}, {wording.clock(at)}"
    phone = f" on {elements.plain(person.phone)}" if person.phone else ""
    return f"{who}: {wording.REACHED[person.reached]}{phone}"


def _also_told(person: ToldPerson) -> str:
    """As other recipients see it: whether somebody knows, not whom the raiser has to phone."""
    reached = f"not reached yet, {wording.RAISER_PHONES}" if person.reached in ("no", "unsure") else ""
    if not reached or person.acknowledged_at is not None:
        return _told(person)
    return f"{elements.plain(person.name)}, {person.tier.lower()}: {reached}"


def _must_phone(person: ToldPerson) -> bool:
    return person.reached in ("no", "unsure") and person.acknowledged_at is None


def _phone_box(to_phone: Sequence[ToldPerson]) -> elements.Element:
    lines = "\n".join(
        f"- {elements.plain(person.name)}, {person.tier.lower()}: "
        f"{elements.plain(person.phone) or 'no number on Usher’s list'}"
        for person in to_phone
    )
    words = lines or "Nobody could be told: phone your manager."
    return elements.box([elements.subheading("Not delivered: phone now"), elements.text(words)], style="attention")


def _gaps(gaps: Sequence[str]) -> list[elements.Element]:
    if not gaps:
        return []
    names = wording.named_list(tuple(gap.lower() for gap in gaps))
    return [elements.text(f"Nobody is on Usher's list as {names} for this team, so nobody is told in that role.")]
