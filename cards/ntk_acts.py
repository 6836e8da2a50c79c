"""What can be done with a need-to-know: the menu, the form of one act, an outside clock's form, and the timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from cards import elements, fields, fitting, ntk, ntk_verbs, ntk_words, wording
from cards.fields import Mistakes
from casework import ports
from casework.domain.ntk_rulebook import Choice, Field
from casework.ntk_list_views import Timeline, TimelineEntry
from casework.ntk_views import Menu, NtkConfirm, PromptCard, PromptLine, Standing

MOST_PER_ROW = 5
MOST_OF_A_PART = 21 * 1024
LAST = 99
# the menu's groups, in order; an act that stands in none comes last
GROUPS = (
    ("Say what is new", ("update", "found", "comment")),
    ("Check it", ("endorse", "check", "return", "not_ntk", "level", "lower_confirm", "lower_keep", "up")),
    ("Bring it to an end", ("propose_close", "close", "reopen", "merge", "withdraw")),
    ("Put right or record", ()),
)

PROMPT_FIELDS = (
    Field(
        code="decision",
        label="Decision",
        kind="choice",
        required=True,
        missing="Choose the decision",
        choices=(Choice(code="DONE", name="Done"), Choice(code="NOTNEEDED", name="Not required")),
    ),
    Field(
        code="on",
        label="On which day?",
        kind="date",
        is_past=True,
        required=True,
        missing="Enter the day it was done or decided",
    ),
    Field(
        code="reason",
        label="Reason, and who decided",
        kind="long_text",
        required=True,
        missing="Enter the reason",
        max_length=1000,
    ),
    Field(code="reference", label="Outside reference (optional)", kind="text", max_length=60),
)


def menu(view: Menu) -> ports.Message:
    """Everything this reader may do with it now, and why they have it."""
    id = view.standing.ntk_id
    body: list[elements.Element] = [
        elements.facts(_head(view.standing)),
        elements.text(f"Why you: {elements.plain(ntk_words.why(view.why))}"),
        *ntk.prompts_box(view.prompts),
    ]
    left = [act.code for act in view.acts]
    for title, codes in GROUPS:
        shown = [code for code in left if code in codes or not codes]
        left = [code for code in left if code not in shown]
        body += _rows(title, ntk_verbs.act_buttons(view.acts, shown, id))
    mine = [prompt for prompt in view.prompts if prompt.prompt_id in view.decides]
    body += _rows("Answer an outside clock", _clock_buttons(mine))
    buttons = [
        elements.button("Open it", ntk_verbs.OPEN, {"ntk": id}),
        elements.button("Everything that happened", ntk_verbs.TIMELINE, {"ntk": id, "page": 1}),
    ]
    return elements.message(f"{view.standing.reference}: more", body, buttons, summary=wording.SUMMARY_LIST)


def _rows(title: str, buttons: Sequence[elements.Element]) -> list[elements.Element]:
    if not buttons:
        return []
    rows = [elements.actions(buttons[at : at + MOST_PER_ROW]) for at in range(0, len(buttons), MOST_PER_ROW)]
    return [elements.subheading(title), *rows]


def _clock_buttons(prompts: Sequence[PromptLine]) -> list[elements.Element]:
    """One button a clock; two of one name, as after a merge, are told apart by their place in the list."""
    names = Counter(prompt.name for prompt in prompts)
    return [
        elements.button(
            f"{'Record' if prompt.decision is None else 'Correct'}: {prompt.name}"
            f"{f', {place}' if names[prompt.name] > 1 else ''}",
            ntk_verbs.PROMPT,
            {"prompt": prompt.prompt_id},
        )
        for place, prompt in enumerate(prompts, start=1)
    ]


def act_form(
    *,
    standing: Standing,
    code: str,
    title: str,
    intro: str,
    send: str,
    questions: Sequence[Field],
    values: Mapping[str, str],
    nonce: str,
    wrong: Mistakes = fields.NONE,
    case_id_example: str = "",
    refusal: str = "",
) -> ports.Message:
    """The form of one act, with what was typed before and every error beside its field."""
    body = [
        elements.text(f"**{standing.reference}** · {elements.plain(ntk_words.child(standing))}"),
        *(
            [elements.box([elements.subheading(wording.PROBLEM), elements.text(refusal)], style="attention")]
            if refusal
            else []
        ),
        *([elements.text(intro)] if intro else []),
        *fields.draw(questions, values, wrong, hints={"case_id": case_id_example}),
    ]
    carried = {"ntk": standing.ntk_id, "act": code, "nonce": nonce}
    buttons = [
        elements.button(send, ntk_verbs.DO, carried, takes_inputs=True),
        elements.button("Back", ntk_verbs.OPEN, {"ntk": standing.ntk_id}),
    ]
    return elements.message(title, body, buttons, summary=wording.SUMMARY_FORM)


def confirm(view: NtkConfirm) -> ports.Message:
    """A lower level waits for a second, senior person."""
    body = [
        elements.text(
            f"{elements.plain(view.asked_by)} asks to lower **{view.reference}** "
            f"({elements.plain(view.initials)}, ID {elements.plain(view.case_id)}) from level {view.level} "
            f"to level {view.lower_to}. Until you confirm, level {view.level} holds."
        ),
        elements.subheading("Why"),
        elements.text(elements.plain(view.reason), spacing="Small"),
    ]
    decide = [
        elements.button(f"Confirm level {view.lower_to}", ntk_verbs.DO, {"ntk": view.ntk_id, "act": "lower_confirm"}),
        elements.button(f"Keep level {view.level}", ntk_verbs.DO, {"ntk": view.ntk_id, "act": "lower_keep"}),
    ]
    if not view.is_open:
        body.append(elements.text("**This is decided already.** You need do nothing."))
    buttons = [*(decide if view.is_open else []), elements.button("Open it", ntk_verbs.OPEN, {"ntk": view.ntk_id})]
    return elements.message(f"Lower {view.reference}?", body, buttons, summary=wording.SUMMARY_CHANGED)


def prompt(view: PromptCard) -> ports.Message:
    """An outside clock for whoever is to record the decision."""
    one = view.prompt
    overdue = "**Overdue.** " if one.is_overdue else ""
    body = [
        elements.text(elements.plain(one.question)),
        elements.facts(
            [
                ("Need-to-know", f"{view.reference}, {view.category}"),
                ("Child", f"{view.initials} (ID {view.case_id})"),
                ("Known since", wording.moment(view.aware_at)),
                ("Due", wording.moment(one.due_at)),
                ("Rests on", one.source),
            ]
        ),
        elements.text(
            f"{overdue}Usher notifies nobody outside and stops no clock: it keeps what is recorded. "
            "The need-to-know can't be closed until the decision is recorded."
        ),
    ]
    buttons = [elements.button("Open the need-to-know", ntk_verbs.OPEN, {"ntk": view.ntk_id})]
    if view.may_record:
        buttons.insert(0, elements.button("Record the decision", ntk_verbs.PROMPT, {"prompt": one.prompt_id}))
    else:
        body.append(
            elements.box(
                [
                    elements.text(
                        "Nobody who may record this could be found today. Phone your head of service or the "
                        f"{elements.plain(ntk_words.low(one.owner))}: one of them decides."
                    )
                ],
                style="warning",
            )
        )
    return elements.message(one.name, body, buttons, summary=wording.SUMMARY_CLOCK)


def prompt_form(
    view: PromptCard, *, values: Mapping[str, str], nonce: str, wrong: Mistakes = fields.NONE
) -> ports.Message:
    """What was decided about an outside clock, on which day, why, and its reference outside."""
    body = [
        elements.text(f"**{view.reference}** · {elements.plain(view.initials)} (ID {elements.plain(view.case_id)})"),
        elements.text(elements.plain(view.prompt.question)),
        elements.text(f"Due {wording.moment(view.prompt.due_at)}."),
        *fields.draw(PROMPT_FIELDS, values, wrong),
    ]
    buttons = [
        elements.button(
            "Record it", ntk_verbs.DECIDE, {"prompt": view.prompt.prompt_id, "nonce": nonce}, takes_inputs=True
        ),
        elements.button("Back", ntk_verbs.OPEN, {"ntk": view.ntk_id}),
    ]
    return elements.message(f"Record: {view.prompt.name}", body, buttons, summary=wording.SUMMARY_FORM)


def timeline(view: Timeline, *, part: int = 1) -> ports.Message:
    """Everything that happened, the newest first, a page at a time; a page too heavy for one card comes in parts.

    A `part` past the last one is the last one.
    """
    parts = _parts(view)
    part = min(max(1, part), len(parts))
    body = [elements.facts(_head(view.standing)), *parts[part - 1]]
    id = view.standing.ntk_id
    buttons = [elements.button("Open it", ntk_verbs.OPEN, {"ntk": id})]
    if part < len(parts):
        buttons.append(_turn("Earlier", id, view.page, part + 1))
    elif view.page < view.pages:
        buttons.append(_turn("Earlier", id, view.page + 1))
    if part > 1:
        buttons.append(_turn("Later", id, view.page, part - 1))
    elif view.page > 1:
        buttons.append(_turn("Later", id, view.page - 1, LAST))
    pages = f" ({view.page} of {view.pages})" if view.pages > 1 else ""
    more = f", part {part} of {len(parts)}" if len(parts) > 1 else ""
    return elements.message(
        f"{view.standing.reference}: what happened{pages}{more}", body, buttons, summary=wording.SUMMARY_LIST
    )


def _turn(title: str, ntk_id: str, page: int, part: int = 1) -> elements.Element:
    return elements.button(
        title, ntk_verbs.TIMELINE, {"ntk": ntk_id, "page": page, **({"part": part} if part > 1 else {})}
    )


def _parts(view: Timeline) -> list[list[elements.Element]]:
    """The entries of a page in as many parts as Teams needs to take each."""
    parts: list[list[elements.Element]] = [[]]
    for entry in view.entries:
        drawn = _entry(entry)
        if parts[-1] and fitting.weight([*parts[-1], *drawn]) > MOST_OF_A_PART:
            parts.append([])
        parts[-1] += drawn
    return parts


def _entry(entry: TimelineEntry) -> list[elements.Element]:
    at = f"**{wording.short_day(entry.at)}, {wording.clock(entry.at)}**"
    drawn = [elements.text(f"{at} {elements.plain(ntk_words.event(entry))}", spacing="Medium")]
    for one in entry.words:
        label = f"{elements.plain(one.label)}: " if one.label else ""
        drawn.append(elements.text(f"{label}{elements.plain(one.words)}", spacing="Small", is_subtle=True))
    return drawn


def _head(standing: Standing) -> list[tuple[str, str]]:
    return [
        ("About", standing.category),
        ("Level", str(standing.level)),
        ("Child", ntk_words.child(standing)),
        ("Stands", ntk_words.state(standing)),
    ]
