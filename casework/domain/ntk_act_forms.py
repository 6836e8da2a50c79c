"""The questions of each act on an NTK: what somebody is asked before it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from casework.domain.ntk import State
from casework.domain.ntk_rulebook import Choice, Field
from casework.domain.people import Role
from casework.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What an act turns on besides rights: how the NTK stands, and who and what may be chosen from."""

    state: State
    level: int
    is_checked: bool = False
    is_missing: bool = False
    lower_to: int | None = None
    lower_by_id: str | None = None
    lower_by_tier: Role | None = None
    people: tuple[Choice, ...] = ()
    children: tuple[Choice, ...] = ()


def words(code: str, label: str, *, missing: str = "", long: bool = True, hint: str = "", most: int = 1000) -> Field:
    """A question answered in words; required where `missing` says what an empty one is told."""
    return Field(
        code=code,
        label=label,
        kind="long_text" if long else "text",
        required=bool(missing),
        missing=missing,
        hint=hint,
        max_length=most,
    )


def tick(code: str, label: str) -> Field:
    return Field(code=code, label=label, kind="yes_no")


def choice(
    code: str, label: str, choices: tuple[Choice, ...], *, missing: str, several: bool = False, initial: str = ""
) -> Field:
    return Field(
        code=code,
        label=label,
        kind="choices" if several else "choice",
        choices=choices,
        required=bool(missing),
        missing=missing,
        initial=initial,
    )


def update(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        words("text", "What is new?", missing="Enter what is new", hint="Facts, in a few sentences. Initials only"),
        tick("material", "This changes things: ask everyone to acknowledge again"),
    )


def found(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        Field(
            code="found",
            label="When was the child found or did they return?",
            kind="moment",
            required=True,
            missing="Enter when the child was found",
        ),
        words("text", "How are they, and where?", missing="Enter how the child is", hint="Initials only, no address"),
    )


def comment(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (words("text", "Your comment or question", missing="Enter your comment or question"),)


def check(book: Rulebook, case: Case) -> tuple[Field, ...]:
    answer = (
        Choice(code="YES", name="Yes"),
        Choice(code="NO", name="No, not needed"),
        Choice(code="NK", name="Not yet"),
    )
    return (
        words("needed", "What do you need from senior managers? (optional)"),
        choice("statutory", "Is a statutory notification considered?", answer, missing="Choose one", initial="NK"),
        words("statutory_why", "Why? (optional)", long=False, most=300),
        tick("welfare", "Support for the staff involved is arranged"),
        tick("comms", "The press office has been contacted"),
        tick("legal", "Legal services have been contacted"),
        Field(code="recorded_on", label="Recorded in the case system on (optional)", kind="date", is_past=True),
    )


def return_(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (words("text", "What has to be added?", missing="Enter what the raiser has to add"),)


def level(book: Rulebook, case: Case) -> tuple[Field, ...]:
    levels = tuple(
        Choice(code=str(level.number), name=f"{level.name}: {level.meaning}")
        for level in book.levels
        if level.number != case.level
    )
    return (
        choice("level", "New level", levels, missing="Choose the new level"),
        words("text", "Why?", missing="Enter why the level changes"),
    )


def not_ntk(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        choice("reason", "Reason", book.ntk.not_ntk_reasons, missing="Choose a reason"),
        words("text", "In a sentence", missing="Enter why it is not a need-to-know"),
    )


def up(book: Rulebook, case: Case) -> tuple[Field, ...]:
    answer = (Choice(code="UP", name="Yes, tell them now"), Choice(code="STAY", name="No, it stays here"))
    return (
        choice("decision", "Does it go further up?", answer, missing="Choose whether it goes further up"),
        words("text", "Why?", missing="Enter why"),
    )


def close(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        choice("outcome", "Outcome", book.ntk.outcomes, missing="Choose the outcome"),
        choice("themes", "Themes", book.ntk.themes, missing="Choose at least one theme", several=True),
        words("text", "How it ended", missing="Enter how it ended"),
        words("learning", "What can be learnt? (optional)"),
        Field(
            code="actions",
            label="Actions left (optional)",
            kind="actions",
            hint="One a line: what, which role, by when",
            max_length=1000,
        ),
        Field(
            code="recorded_on",
            label="Recorded in the case system on",
            kind="date",
            is_past=True,
            required=True,
            missing="Enter the day it was recorded in the case system",
        ),
    )


def reason(label: str, missing: str) -> Callable[[Rulebook, Case], tuple[Field, ...]]:
    return lambda book, case: (words("text", label, missing=missing),)


def merge(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        words(
            "reference",
            "Reference of the one to keep",
            missing="Enter the reference of the one to keep, like NTK-2026-0042",
            long=False,
            hint="NTK-2026-0042",
            most=20,
        ),
        words("text", "Why are they the same? (optional)"),
    )


def correct(book: Rulebook, case: Case) -> tuple[Field, ...]:
    initials = Field(
        code="initials", label="Right initials", kind="initials", required=True, missing="Enter the right initials"
    )
    case_id = Field(
        code="case_id",
        label=f"Right {book.council.case_id_label}",
        kind="case_id",
        required=True,
        missing="Enter the right case ID",
    )
    which = choice("child", "Which child?", case.children, missing="Choose which child", initial="0")
    return (which, initials, case_id, words("text", "What was wrong?", missing="Enter what was wrong"))


def wrong_person(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        choice("person", "Who should not have got it?", case.people, missing="Choose who should not have got it"),
        words("text", "How did it happen?", missing="Enter how it happened"),
    )


def exclude(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        choice("person", "Who is to be kept out?", case.people, missing="Choose who is to be kept out"),
        words("text", "Why?", missing="Enter why"),
    )


def briefed(book: Rulebook, case: Case) -> tuple[Field, ...]:
    whom = (
        Choice(code="MEMBER", name="Lead member"),
        Choice(code="CEX", name="Chief executive"),
        Choice(code="PRESS", name="Press office"),
        Choice(code="PARTNERS", name="Safeguarding partners"),
        Choice(code="GOV", name="DfE or Ofsted"),
    )
    return (
        choice("whom", "Whom did you brief?", whom, missing="Choose whom you briefed", several=True),
        words("text", "In a sentence (optional): nothing about the child"),
    )
