"""The questions of each act on an item, made from its panel's rules, its children and the people concerned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.domain.ntk_rulebook import Choice, Field
from casework.domain.panel_rulebook import Panel, PanelWork, Paper

Named = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCase:
    """How an item stands, as far as its acts turn on it.

    `tracker` holds the dates of a tracked family.

    `children` are (id, "AB (ID 100101)") of those still open, `owners` and `sittings` (id, words) to choose from.
    """

    panel: Panel
    work: PanelWork
    state: str
    request_type: str
    summary: str = ""
    deadline_on: date | None = None
    children: tuple[Named, ...] = ()
    owners: tuple[Named, ...] = ()
    sittings: tuple[Named, ...] = ()
    papers: tuple[Paper, ...] = ()
    ready: frozenset[str] = frozenset()
    links: str = ""
    why: str = ""
    is_confirmed: bool = False
    is_late: bool = False
    is_in_session: bool = False
    is_over: bool = False
    is_in_principle: bool = False
    place: int = 0
    places: int = 0
    minutes: int = 0
    tracker: Mapping[str, str] | None = None

    @property
    def takes_out_of_panel(self) -> bool:
        return self.panel.out_of_panel != "no"


def request(panel: Panel) -> tuple[Field, ...]:
    """What is asked of a request besides panel, type and sitting."""
    siblings = Field(
        code="siblings",
        label="Brothers and sisters heard with them, one a line (optional)",
        kind="children",
        hint="CD 123457",
        max_length=400,
    )
    fields = [siblings, _words("summary", "What should the panel agree, and why? (optional)")]
    if panel.deadline:
        fields.append(Field(code="deadline", label=f"{panel.deadline} (optional)", kind="date"))
    if panel.urgent_approval:
        fields.append(Field(code="urgent", label="It can't wait for an ordinary slot", kind="yes_no"))
    person = Field(
        code="presenter", label="Who presents it? (leave empty for the allocated worker)", kind="person", max_length=80
    )
    return (*fields, person)


def reason(case: ItemCase) -> tuple[Field, ...]:
    return (_words("reason", "Why?", missing="Enter why"),)


def resend(case: ItemCase) -> tuple[Field, ...]:
    fields = (_words("summary", "What should the panel agree, and why?", missing="Enter what you ask for"),)
    return (*fields, *_deadline(case))


def as_it_stands(case: ItemCase) -> Mapping[str, str]:
    return {"summary": case.summary, "deadline": case.deadline_on.isoformat() if case.deadline_on else ""}


def papers(case: ItemCase) -> tuple[Field, ...]:
    """The checklist of the panel and request type: what is ready, links, and why anything is missing."""
    return (
        Field(
            code="ready",
            label="Ready",
            kind="choices",
            choices=tuple(Choice(code=paper.code, name=_paper_name(paper)) for paper in case.papers),
        ),
        Field(code="links", label="Links to them, one a line (optional)", kind="links", max_length=2000),
        Field(
            code="why",
            label="If something will not come: what and why (optional)",
            kind="long_text",
            max_length=400,
        ),
    )


def papers_so_far(case: ItemCase) -> Mapping[str, str]:
    return {"ready": ",".join(sorted(case.ready)), "links": case.links, "why": case.why}


def tracked(case: ItemCase) -> tuple[Field, ...]:
    """The dates of a tracked family that the case system has and its tracker should."""
    if case.panel.code == "PLO":
        return (
            Field(code="letter", label="Letter before proceedings sent on", kind="date"),
            Field(code="meeting", label="Meeting held on", kind="date"),
            Field(code="unborn", label="Baby due on", kind="date"),
        )
    return (
        Field(code="hearing", label="Next hearing on", kind="date"),
        Field(code="plan", label="There is a permanence plan", kind="yes_no"),
    )


def tracked_now(case: ItemCase) -> Mapping[str, str]:
    return case.tracker or {}


def presenter(case: ItemCase) -> tuple[Field, ...]:
    person = Field(
        code="who",
        label="Who presents it?",
        kind="person",
        required=True,
        missing="Enter their full name",
        max_length=80,
    )
    return (person,)


def give_slot(case: ItemCase) -> tuple[Field, ...]:
    return (
        _choice("sitting", "Which sitting?", case.sittings, missing="Choose a sitting"),
        _words("reason", "Why?", missing="Enter why"),
    )


def order(case: ItemCase) -> tuple[Field, ...]:
    lengths = sorted({*range(5, 65, 5), 90, 120, case.minutes})
    return (
        _choice(
            "place",
            "Place on the agenda",
            tuple((str(number), str(number)) for number in range(1, case.places + 1)),
            missing="Choose its place",
        ),
        _choice(
            "minutes",
            "Minutes",
            tuple((str(one), f"{one} minutes") for one in lengths if one),
            missing="Choose how long it has",
        ),
    )


def order_now(case: ItemCase) -> Mapping[str, str]:
    return {"place": str(case.place), "minutes": str(case.minutes)}


def conflict(case: ItemCase) -> tuple[Field, ...]:
    return (
        Field(code="who", label="Who? (leave empty for yourself)", kind="person", max_length=80),
        _words("reason", "What is the conflict? (optional)"),
    )


def decide(case: ItemCase) -> tuple[Field, ...]:
    """The decision for one or more of its children, by the panel's own outcomes; needed fields follow the outcome."""
    outcomes = tuple(Choice(code=one.code, name=f"{one.code}: {one.name}") for one in case.panel.outcomes)
    word = "Decision" if case.panel.decides == "decide" else "Recommendation"
    return (
        *_children(case),
        Field(
            code="outcome", label=word, kind="choice", required=True, missing="Choose the decision", choices=outcomes
        ),
        _words("rationale", "Why? The panel's reasons", missing="Enter the panel's reasons", length=1000),
        _words("conditions", "Conditions (where there are any)", empty="Enter the conditions", length=600),
        Field(
            code="cost",
            label="Cost agreed: weekly, for how long, who pays (where there is any)",
            kind="text",
            missing="Enter the cost agreed",
            max_length=200,
        ),
        Field(code="until", label="Agreed until (where it ends)", kind="date", missing="Enter until when it is agreed"),
        Field(
            code="review",
            label="Back to the panel on (where it is reviewed)",
            kind="date",
            missing="Enter when it comes back to the panel",
        ),
        _words("dissent", "Who saw it differently, and why (optional)", length=400, staff=True),
        *_action(case, "action", "First action"),
        *_action(case, "second", "Second action"),
    )


def out_of_panel(case: ItemCase) -> tuple[Field, ...]:
    return (
        _words("urgency", "Why can't it wait? Who agreed, and when?", missing="Enter why it can't wait", staff=True),
        *decide(case),
    )


def defer(case: ItemCase) -> tuple[Field, ...]:
    reasons = tuple((one.code, one.name) for one in case.work.deferral_reasons)
    return (
        *_children(case),
        _choice("deferred", "Reason", reasons, missing="Choose the reason"),
        _words("words", "What is needed for next time?", missing="Enter what is needed", length=600),
        *_action(case, "action", "Action"),
    )


def endorse(case: ItemCase) -> tuple[Field, ...]:
    return (_words("rationale", "Anything to add (optional)"),)


def advise(case: ItemCase) -> tuple[Field, ...]:
    return (_words("advice", "Legal advice", missing="Enter the advice", length=2000),)


def action(case: ItemCase) -> tuple[Field, ...]:
    needed = {"required": True, "missing": "Enter what, who and by when"}
    return tuple(one.model_copy(update=needed) for one in _action(case, "action", "Action"))


def all_children(case: ItemCase) -> Mapping[str, str]:
    return {"children": ",".join(id for id, _ in case.children)}


def _children(case: ItemCase) -> tuple[Field, ...]:
    if len(case.children) < 2:
        return ()
    label = "For which children?"
    choices = tuple(Choice(code=id, name=words) for id, words in case.children)
    return (
        Field(
            code="children",
            label=label,
            kind="choices",
            required=True,
            missing="Choose at least one child",
            choices=choices,
        ),
    )


def _action(case: ItemCase, code: str, label: str) -> tuple[Field, Field, Field]:
    """What, who and by when: an action without an owner and a day is none."""
    owners = tuple(Choice(code=id, name=words) for id, words in case.owners)
    return (
        _words(code, f"{label}: what?", empty=f"{label}: enter what is to be done", length=300),
        Field(
            code=f"{code}_who",
            label=f"{label}: who?",
            kind="choice",
            choices=owners,
            missing=f"{label}: choose who does it",
        ),
        Field(
            code=f"{code}_due", label=f"{label}: by when?", kind="date", missing=f"{label}: enter by when it is done"
        ),
    )


def _deadline(case: ItemCase) -> tuple[Field, ...]:
    if not case.panel.deadline:
        return ()
    return (Field(code="deadline", label=f"{case.panel.deadline} (optional)", kind="date"),)


def _choice(code: str, label: str, options: tuple[Named, ...], *, missing: str) -> Field:
    choices = tuple(Choice(code=value, name=words) for value, words in options)
    return Field(code=code, label=label, kind="choice", required=True, missing=missing, choices=choices)


def _words(
    code: str, label: str, *, missing: str = "", empty: str = "", length: int = 400, staff: bool = False
) -> Field:
    """A question answered in words; `missing` makes it required, `empty` is said where only some answers need it.

    `staff` lets the names of colleagues stand.
    """
    is_required = bool(missing)
    return Field(
        code=code,
        label=label,
        kind="long_text",
        required=is_required,
        missing=missing or empty,
        max_length=length,
        staff_names=staff,
    )


def _paper_name(paper: Paper) -> str:
    age = f", no older than {paper.months} months" if paper.months else ""
    optional = "" if paper.required else " (if there is one)"
    return f"{paper.name}{age}{optional}"
