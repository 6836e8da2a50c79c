"""ACTS: everything a person can do with an NTK once it is raised: who may, in which state, what they are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from casework.domain import access, ntk_act_forms
from casework.domain.access import NtkFacts
from casework.domain.ntk import LIVE, UNCHECKED, State
from casework.domain.ntk_act_forms import Case
from casework.domain.ntk_rulebook import Field
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook

ANY = frozenset(State)
SETTLED = frozenset({State.CLOSED, State.NOT_NTK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`may` judges rights, `entitled` those that turn on how it stands, `states` and `fits` the NTK.

    Without `fields` one press does it.

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
    entitled: Callable[[Case, Person, NtkFacts], bool] = lambda case, person, facts: True


def allowed(act: Act, book: Rulebook, case: Case, person: Person, facts: NtkFacts) -> bool:
    """Whether this person may do this to this NTK now."""
    is_entitled = act.may(person, facts) and act.entitled(case, person, facts)
    return case.state in act.states and is_entitled and act.fits(book, case, person, facts)


def open_to(book: Rulebook, case: Case, person: Person, facts: NtkFacts) -> tuple[Act, ...]:
    """Every act this person may do now, in the order of the table."""
    return tuple(act for act in ACTS.values() if allowed(act, book, case, person, facts))


def _decides(book: Rulebook, case: Case, person: Person, facts: NtkFacts) -> bool:
    decides = book.level(case.level).decides
    return decides is not None and any(grant.role.value == decides for grant in person.grants)


def _is_unchecked(book: Rulebook, case: Case, person: Person, facts: NtkFacts) -> bool:
    return not case.is_checked


def _is_to_lower(book: Rulebook, case: Case, person: Person, facts: NtkFacts) -> bool:
    return case.lower_to is not None


def _is_senior(case: Case, person: Person, facts: NtkFacts) -> bool:
    """Whoever asked for the lower level doesn't confirm it, nor anybody below them."""
    if case.lower_to is None:
        return True
    return person.id != case.lower_by_id and access.is_senior(access.line_tier(person, facts), case.lower_by_tier)


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
            fields=ntk_act_forms.update,
            intro="What was said before stays as it is. Everyone who was told gets this.",
            send="Send the update",
        ),
        Act(
            code="found",
            title="Found or returned",
            may=access.can_update_ntk,
            states=LIVE,
            fields=ntk_act_forms.found,
            fits=_is_missing,
            intro="This stops the missing clock and starts the one for the return interview.",
            send="Send",
        ),
        Act(
            code="comment",
            title="Comment or ask",
            may=access.can_read_ntk,
            states=LIVE,
            fields=ntk_act_forms.comment,
            intro="A recipient's question goes to the raiser, the raiser's answer to those who asked.",
            send="Send",
        ),
        Act(
            code="check",
            title="Endorse with notes",
            may=access.can_check_ntk,
            states=UNCHECKED,
            fields=ntk_act_forms.check,
            fits=_is_unchecked,
            send="Endorse",
        ),
        Act(
            code="return",
            title="Return for detail",
            may=access.can_check_ntk,
            states=frozenset({State.SUBMITTED}),
            fields=ntk_act_forms.return_,
            intro="Whoever was told stays told. A level 1 goes on meanwhile.",
            send="Return it",
        ),
        Act(
            code="level",
            title="Change the level",
            may=access.can_check_ntk,
            states=LIVE,
            fields=ntk_act_forms.level,
            intro="A higher level acts at once. A lower one after a second, senior person confirms it.",
            send="Change the level",
        ),
        Act(
            code="lower_confirm",
            title="Confirm the lower level",
            may=access.can_check_ntk,
            states=LIVE,
            fits=_is_to_lower,
            entitled=_is_senior,
        ),
        Act(
            code="lower_keep",
            title="Keep the level",
            may=access.can_check_ntk,
            states=LIVE,
            fits=_is_to_lower,
            entitled=_is_senior,
        ),
        Act(
            code="up",
            title="Decide about going further up",
            may=access.can_check_ntk,
            states=LIVE,
            fields=ntk_act_forms.up,
            fits=_decides,
            send="Record the decision",
        ),
        Act(
            code="not_ntk",
            title="Record as not a need-to-know",
            may=access.can_check_ntk,
            states=UNCHECKED,
            fields=ntk_act_forms.not_ntk,
            intro="Everyone who was told hears it, with your reason. The record stays.",
            send="Record it",
        ),
        Act(
            code="briefed",
            title="Record whom you briefed",
            may=access.can_brief_on_ntk,
            states=LIVE,
            fields=ntk_act_forms.briefed,
            intro="Usher sends nothing to them.",
            send="Record it",
        ),
        Act(
            code="propose_close",
            title="Propose to close",
            may=access.can_propose_close_ntk,
            states=LIVE,
            fields=ntk_act_forms.reason("Why can it be closed?", "Enter why it can be closed"),
            intro="A head of service decides.",
            send="Propose it",
        ),
        Act(
            code="close",
            title="Close",
            may=access.can_close_ntk,
            states=LIVE,
            fields=ntk_act_forms.close,
            send="Close it",
        ),
        Act(
            code="reopen",
            title="Reopen",
            may=access.can_close_ntk,
            states=SETTLED,
            fields=ntk_act_forms.reason("Why is it opened again?", "Enter why it is opened again"),
            send="Reopen it",
        ),
        Act(
            code="merge",
            title="Merge into another",
            may=access.can_merge_ntk,
            states=LIVE,
            fields=ntk_act_forms.merge,
            intro="For two need-to-knows on one incident. Both histories are kept under the one you name.",
            send="Merge",
        ),
        Act(
            code="withdraw",
            title="Withdraw",
            may=access.can_withdraw_ntk,
            states=UNCHECKED,
            fields=ntk_act_forms.reason("Why?", "Enter why you withdraw it"),
            fits=_is_unchecked,
            intro="Cards already delivered are replaced, and those told hear why. The record stays.",
            send="Withdraw it",
        ),
        Act(
            code="correct",
            title="Correct the child",
            may=access.can_correct_ntk,
            states=LIVE,
            fields=ntk_act_forms.correct,
            intro="Everyone who was told hears of it. What was there before is kept, sealed.",
            send="Correct it",
        ),
        Act(
            code="wrong_person",
            title="It went to the wrong person",
            may=access.can_correct_ntk,
            states=ANY,
            fields=ntk_act_forms.wrong_person,
            intro="They lose access at once, and it is recorded as a breach with what they saw.",
            send="Record it",
        ),
        Act(
            code="exclude",
            title="Keep somebody out",
            may=access.can_exclude_from_ntk,
            states=ANY,
            fields=ntk_act_forms.exclude,
            intro="They lose access at once, and find no trace of it.",
            send="Keep them out",
        ),
    )
}
