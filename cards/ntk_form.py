"""Raising a need-to-know: the two forms with the threshold coach, the last check, an unfinished one found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards import elements, fields, ntk_verbs, ntk_words, wording
from cards.fields import Mistakes
from casework import ports
from casework.domain.ntk_rulebook import Field
from casework.ntk_views import Coach, NtkLine, NtkPreview, Said
from casework.views import Choice

TITLE = "Raise a need-to-know"
BASIS = {
    "law": "law",
    "council": "adopted by the council",
    "proposal": "Usher's proposal, not yet adopted by the council",
}


def who_form(
    *,
    draft_id: str,
    values: Mapping[str, str],
    questions: Sequence[Field],
    categories: Sequence[Choice],
    case_id_label: str,
    case_id_example: str,
    wrong: Mistakes = fields.NONE,
) -> ports.Message:
    """The first form: what it is about, which child, since when it is known."""
    body = [
        elements.text(
            "Step 1 of 3. In an emergency, phone first. Use initials only: no names, dates of birth or addresses."
        ),
        *fields.draw(
            questions,
            values,
            wrong,
            categories=categories,
            labels={"case_id": case_id_label},
            hints={"case_id": case_id_example, "other_children": f"One a line: CD {case_id_example}"},
        ),
    ]
    buttons = [
        elements.button("Continue", ntk_verbs.CONTINUE, {"draft": draft_id}, takes_inputs=True),
        _ask_first(draft_id),
        elements.button("Throw away", ntk_verbs.DISCARD, {"draft": draft_id}),
    ]
    return elements.message(TITLE, body, buttons, summary=wording.SUMMARY_FORM)


def what_form(
    *,
    draft_id: str,
    values: Mapping[str, str],
    questions: Sequence[Field],
    coach: Coach | None,
    about: str,
    wrong: Mistakes = fields.NONE,
) -> ports.Message:
    """The second form: what happened, under the coach's words on when this must be raised."""
    body = [
        elements.text(
            " · ".join(part for part in (f"Step 2 of 3. **{elements.plain(about)}**", _child(values)) if part)
        ),
        *coach_box(coach),
        *fields.draw(questions, values, wrong),
    ]
    buttons = [
        elements.button("Check and send", ntk_verbs.CHECK, {"draft": draft_id}, takes_inputs=True),
        elements.button("Back", ntk_verbs.EDIT, {"draft": draft_id}, takes_inputs=True),
        _ask_first(draft_id),
        elements.button("Throw away", ntk_verbs.DISCARD, {"draft": draft_id}),
    ]
    return elements.message(TITLE, body, buttons, summary=wording.SUMMARY_FORM)


def coach_box(coach: Coach | None) -> list[elements.Element]:
    """When something like this must be raised, on what that rests, and by when. It never says that this isn't one."""
    if coach is None:
        return []
    lines = []
    if coach.raise_by is not None:
        late = "**This is past.** Raise it now and phone" if coach.is_late else "Counted from when the council knew"
        lines.append(f"Level {coach.level}: to be raised by **{wording.moment(coach.raise_by)}**. {late}.")
    lines += [
        f"- {elements.plain(one.text)} ({BASIS[one.basis]}: {elements.plain(one.clause)})" for one in coach.criteria
    ]
    lines += [f"- {_hours(hours)}: {wording.named_list(tiers)} told" for hours, tiers in coach.missing]
    lines.append("In doubt, raise it or ask your manager first.")
    body = "\n".join(lines) if len(lines) == 1 else "\n".join([lines[0], "", *lines[1:-1], "", lines[-1]])
    return [elements.box([elements.subheading("When this must be raised"), elements.text(body)])]


def resume(draft_id: str, values: Mapping[str, str]) -> ports.Message:
    """An unfinished need-to-know was found: carry on, or start another."""
    about = _child(values)
    body = [elements.text(f"You began a need-to-know{f' for {about}' if about else ''} and didn't send it.")]
    buttons = [
        elements.button("Carry on with it", ntk_verbs.EDIT, {"draft": draft_id}),
        elements.button("Start a new one", ntk_verbs.START_NEW),
        elements.button("Throw it away", ntk_verbs.DISCARD, {"draft": draft_id}),
    ]
    return elements.message("Carry on, or start new?", body, buttons, summary=wording.SUMMARY_FORM)


def check(view: NtkPreview) -> ports.Message:
    """The last look before sending: what it says, by name who will be told, and what it may double."""
    body: list[elements.Element] = []
    if view.initials_differ:
        words = "**Check the child.** Usher has other initials for this case ID."
        body.append(elements.box([elements.text(words)], style="warning"))
    if view.duplicates:
        body += _duplicates(view.duplicates)
    body += [
        elements.facts(
            [
                ("About", view.category),
                ("Level", f"{view.level}: {view.level_meaning}"),
                ("Child" if len(view.children) == 1 else "Children", ", ".join(view.children)),
                ("Known since", wording.moment(view.aware_at)),
                *(
                    [("Raise by", f"{wording.moment(view.coach.raise_by)}{' (past)' if view.coach.is_late else ''}")]
                    if view.coach.raise_by
                    else []
                ),
            ]
        ),
        elements.subheading("Who will be told now"),
        elements.text(_told_lines(view)),
        *_later(view),
        *ntk_words.gap_lines(view.gaps),
    ]
    if view.prompts:
        body.append(elements.text(f"Clocks that begin: {elements.plain(wording.named_list(view.prompts))}."))
    body += [*story(view.answers), elements.subheading("More about it"), *short(view.answers)]
    count = len(view.told)
    send = f"Send to {count} {'person' if count == 1 else 'people'}" if count else "Record it"
    buttons = [
        elements.button(send, ntk_verbs.SEND, {"draft": view.draft_id}),
        elements.button("Change who or when", ntk_verbs.EDIT, {"draft": view.draft_id}),
        elements.button("Change what happened", ntk_verbs.EDIT_STORY, {"draft": view.draft_id}),
        _ask_first(view.draft_id),
        elements.button("Throw away", ntk_verbs.DISCARD, {"draft": view.draft_id}),
    ]
    return elements.message("Check before you send", body, buttons, summary=wording.SUMMARY_FORM)


def short(answers: Sequence[Said]) -> list[elements.Element]:
    """The short answers: names and values, and questions as lines, which a narrow column would break up."""
    said = [
        (one.label, wording.iso_moment(one.words) if one.is_moment else one.words) for one in answers if not one.is_long
    ]
    named = [(label, words) for label, words in said if not label.endswith("?")]
    asked = [f"- {elements.plain(label)} **{elements.plain(words)}**" for label, words in said if label.endswith("?")]
    return [
        *([elements.facts(named)] if named else []),
        *([elements.text("\n".join(asked))] if asked else []),
    ]


def story(answers: Sequence[Said]) -> list[elements.Element]:
    """The long answers, each under its question."""
    shown: list[elements.Element] = []
    for one in answers:
        if one.is_long:
            shown += [
                elements.subheading(elements.plain(one.label)),
                elements.text(elements.plain(one.words), spacing="Small"),
            ]
    return shown


def _told_lines(view: NtkPreview) -> str:
    lines = [
        f"- {elements.plain(one.name)}, {ntk_words.low(one.tier)}{'' if one.is_asked else ' (for information)'}"
        for one in view.told
    ]
    return "\n".join(lines) or "**Nobody: no manager is on Usher's list for this team. Phone your manager as well.**"


def _later(view: NtkPreview) -> list[elements.Element]:
    shown: list[elements.Element] = []
    if view.later:
        names = wording.named_list(tuple(ntk_words.low(tier) for tier in view.later))
        shown.append(elements.text(f"Then, step by step: {names}."))
    if view.is_restricted:
        words = "Restricted: only those named here can see it; for everybody else it does not exist."
        shown.append(elements.text(words))
    if view.excluded:
        shown.append(elements.text("Kept from the person it is about and their managers."))
    return shown


def _duplicates(lines: Sequence[NtkLine]) -> list[elements.Element]:
    words = "\n".join(
        f"- **{line.reference}**, {elements.plain(ntk_words.low(line.category))}, {elements.plain(line.initials)} "
        f"(ID {elements.plain(line.case_id)}), raised {wording.short_day(line.raised_at)}, "
        f"{wording.clock(line.raised_at)}"
        for line in lines
    )
    asked = "If it is the same incident, open that one and add an update instead. You can still send this."
    opens = [elements.button(f"Open {line.reference}", ntk_verbs.OPEN, {"ntk": line.ntk_id}) for line in lines]
    parts = [elements.subheading("Perhaps raised already"), elements.text(words), elements.text(asked)]
    return [elements.box(parts, style="warning"), elements.actions(opens)]


def _child(values: Mapping[str, str]) -> str:
    initials, case_id = (elements.plain(values.get(id, "")) for id in ("initials", "case_id"))
    if not initials:
        return f"ID {case_id}" if case_id else ""
    return f"{initials} (ID {case_id})" if case_id else initials


def _hours(hours: int) -> str:
    return "At once" if hours == 0 else f"Missing {hours} hours"


def _ask_first(draft_id: str) -> elements.Element:
    return elements.button(
        "Not sure: ask my manager first", ntk_verbs.ASK_FIRST, {"draft": draft_id}, takes_inputs=True
    )
