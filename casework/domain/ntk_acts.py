"""ACTS: everything a person can do with an NTK once it is raised: who may, in which state, what they are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from casework.domain import access
from casework.domain.access import NtkFacts
from casework.domain.ntk import LIVE, UNCHECKED, State
from casework.domain.ntk_rulebook import Choice, Field
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook

ANY = frozenset(State)
SETTLED = frozenset({State.CLOSED, State.NOT_NTK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What an act turns on besides rights: how the NTK stands, and who and what may be chosen from."""

    state: State
    level: int
    is_checked: bool = False
    is_missing: bool = False
    lower_to: int | None = None
    lower_by_id: str | None = None
    people: tuple[Choice, ...] = ()
    children: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`may` judges rights, `states` and `fits` the NTK. Without `fields` one press does it.

    `is_quiet` acts stand on the menu only, not on the first row of buttons.
    """

    code: str
    title: str
    may: Callable[[Person, NtkFacts], bool]
    states: frozenset[State]
    fields: Callable[[Rulebook, Case], tuple[Field, ...]] | None = None
    intro: str = ""
    send: str = "Save"
    fits: Callable[[Rulebook, Case, Person, NtkFacts], bool] = lambda book, case, person, facts: True


def allowed(act: Act, book: Rulebook, case: Case, person: Person, facts: NtkFacts) -> bool:
    """Whether this person may do this to this NTK now."""
    return case.state in act.states and act.may(person, facts) and act.fits(book, case, person, facts)


def open_to(book: Rulebook, case: Case, person: Person, facts: NtkFacts) -> tuple[Act, ...]:
    """Every act this person may do now, in the order of the table."""
    return tuple(act for act in ACTS.values() if allowed(act, book, case, person, facts))


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


def _update(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        words("text", "What is new?", missing="Enter what is new", hint="Facts, in a few sentences. Initials only"),
        tick("material", "This changes things: ask everyone to acknowledge again"),
    )


def _found(book: Rulebook, case: Case) -> tuple[Field, ...]:
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


def _comment(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (words("text", "Your comment or question", missing="Enter your comment or question"),)


def _check(book: Rulebook, case: Case) -> tuple[Field, ...]:
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
        Field(code="recorded_on", label="Recorded in the case system on (optional)", kind="date"),
    )


def _return(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (words("text", "What has to be added?", missing="Enter what the raiser has to add"),)


def _level(book: Rulebook, case: Case) -> tuple[Field, ...]:
    levels = tuple(
        Choice(code=str(level.number), name=f"{level.name}: {level.meaning}")
        for level in book.levels
        if level.number != case.level
    )
    return (
        choice("level", "New level", levels, missing="Choose the new level"),
        words("text", "Why?", missing="Enter why the level changes"),
    )


def _not_ntk(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        choice("reason", "Reason", book.ntk.not_ntk_reasons, missing="Choose a reason"),
        words("text", "In a sentence", missing="Enter why it is not a need-to-know"),
    )


def _up(book: Rulebook, case: Case) -> tuple[Field, ...]:
    answer = (Choice(code="UP", name="Yes, tell them now"), Choice(code="STAY", name="No, it stays here"))
    return (
        choice("decision", "Does it go further up?", answer, missing="Choose whether it goes further up"),
        words("text", "Why?", missing="Enter why"),
    )


def _close(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        choice("outcome", "Outcome", book.ntk.outcomes, missing="Choose the outcome"),
        choice("themes", "Themes", book.ntk.themes, missing="Choose at least one theme", several=True),
        words("text", "How it ended", missing="Enter how it ended"),
        words("learning", "What can be learnt? (optional)"),
        words("actions", "Actions left (optional)", hint="One a line: what, which role, by when"),
        Field(
            code="recorded_on",
            label="Recorded in the case system on",
            kind="date",
            required=True,
            missing="Enter the day it was recorded in the case system",
        ),
    )


def _reason(label: str, missing: str) -> Callable[[Rulebook, Case], tuple[Field, ...]]:
    return lambda book, case: (words("text", label, missing=missing),)


def _merge(book: Rulebook, case: Case) -> tuple[Field, ...]:
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


def _correct(book: Rulebook, case: Case) -> tuple[Field, ...]:
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


def _wrong_person(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        choice("person", "Who should not have got it?", case.people, missing="Choose who should not have got it"),
        words("text", "How did it happen?", missing="Enter how it happened"),
    )


def _exclude(book: Rulebook, case: Case) -> tuple[Field, ...]:
    return (
        choice("person", "Who is to be kept out?", case.people, missing="Choose who is to be kept out"),
        words("text", "Why?", missing="Enter why"),
    )


def _briefed(book: Rulebook, case: Case) -> tuple[Field, ...]:
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


def _decides(book: Rulebook, case: Case, person: Person, facts: NtkFacts) -> bool:
    decides = book.level(case.level).decides
    return decides is not None and any(grant.role.value == decides for grant in person.grants)


def _is_unchecked(book: Rulebook, case: Case, person: Person, facts: NtkFacts) -> bool:
    return not case.is_checked


def _may_confirm(book: Rulebook, case: Case, person: Person, facts: NtkFacts) -> bool:
    return case.lower_to is not None and person.id != case.lower_by_id


def _is_missing(book: Rulebook, case: Case, person: Person, facts: NtkFacts) -> bool:
    return case.is_missing


ACTS: dict[str, Act] = {
    act.code: act
    for act in (
        Act(
            code="endorse",
            title="Endorse",
            may=access.can_check_ntk,
            states=UNCHECKED,
            fits=_is_unchecked,
        ),
        Act(
            code="update",
            title="Add an update",
            may=access.can_update_ntk,
            states=LIVE,
            fields=_update,
            intro="What was said before stays as it is. Everyone who was told gets this.",
            send="Send the update",
        ),
        Act(
            code="found",
            title="Found or returned",
            may=access.can_update_ntk,
            states=LIVE,
            fields=_found,
            fits=_is_missing,
            intro="This stops the missing clock and starts the one for the return interview.",
            send="Send",
        ),
        Act(
            code="comment",
            title="Comment or ask",
            may=access.can_read_ntk,
            states=LIVE,
            fields=_comment,
            intro="A recipient's question goes to the raiser, the raiser's answer to those who asked.",
            send="Send",
        ),
        Act(
            code="check",
            title="Endorse with notes",
            may=access.can_check_ntk,
            states=UNCHECKED,
            fields=_check,
            fits=_is_unchecked,
            send="Endorse",
        ),
        Act(
            code="return",
            title="Return for detail",
            may=access.can_check_ntk,
            states=frozenset({State.SUBMITTED}),
            fields=_return,
            intro="Whoever was told stays told. A level 1 goes on meanwhile.",
            send="Return it",
        ),
        Act(
            code="level",
            title="Change the level",
            may=access.can_check_ntk,
            states=LIVE,
            fields=_level,
            intro="A higher level acts at once. A lower one after a second, senior person confirms it.",
            send="Change the level",
        ),
        Act(
            code="lower_confirm",
            title="Confirm the lower level",
            may=access.can_check_ntk,
            states=LIVE,
            fits=_may_confirm,
        ),
        Act(
            code="lower_keep",
            title="Keep the level",
            may=access.can_check_ntk,
            states=LIVE,
            fits=_may_confirm,
        ),
        Act(
            code="up",
            title="Decide about going further up",
            may=access.can_check_ntk,
            states=LIVE,
            fields=_up,
            fits=_decides,
            send="Record the decision",
        ),
        Act(
            code="not_ntk",
            title="Record as not a need-to-know",
            may=access.can_check_ntk,
            states=UNCHECKED,
            fields=_not_ntk,
            intro="Everyone who was told hears it, with your reason. The record stays.",
            send="Record it",
        ),
        Act(
            code="briefed",
            title="Record whom you briefed",
            may=access.can_brief_on_ntk,
            states=LIVE,
            fields=_briefed,
            intro="Usher sends nothing to them.",
            send="Record it",
        ),
        Act(
            code="propose_close",
            title="Propose to close",
            may=access.can_propose_close_ntk,
            states=LIVE,
            fields=_reason("Why can it be closed?", "Enter why it can be closed"),
            intro="A head of service decides.",
            send="Propose it",
        ),
        Act(
            code="close",
            title="Close",
            may=access.can_close_ntk,
            states=LIVE,
            fields=_close,
            send="Close it",
        ),
        Act(
            code="reopen",
            title="Reopen",
            may=access.can_close_ntk,
            states=SETTLED,
            fields=_reason("Why is it opened again?", "Enter why it is opened again"),
            send="Reopen it",
        ),
        Act(
            code="merge",
            title="Merge into another",
            may=access.can_merge_ntk,
            states=LIVE,
            fields=_merge,
            intro="For two need-to-knows on one incident. Both histories are kept under the one you name.",
            send="Merge",
        ),
        Act(
            code="withdraw",
            title="Withdraw",
            may=access.can_withdraw_ntk,
            states=UNCHECKED,
            fields=_reason("Why?", "Enter why you withdraw it"),
            fits=_is_unchecked,
            intro="Cards already delivered are replaced, and those told hear why. The record stays.",
            send="Withdraw it",
        ),
        Act(
            code="correct",
            title="Correct the child",
            may=access.can_correct_ntk,
            states=LIVE,
            fields=_correct,
            intro="Everyone who was told hears of it. What was there before is kept, sealed.",
            send="Correct it",
        ),
        Act(
            code="wrong_person",
            title="It went to the wrong person",
            may=access.can_correct_ntk,
            states=ANY,
            fields=_wrong_person,
            intro="They lose access at once, and it is recorded as a breach with what they saw.",
            send="Record it",
        ),
        Act(
            code="exclude",
            title="Keep somebody out",
            may=access.can_exclude_from_ntk,
            states=ANY,
            fields=_exclude,
            intro="They lose access at once, and find no trace of it.",
            send="Keep them out",
        ),
    )
}
