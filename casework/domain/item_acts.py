"""ITEM_ACTS: everything a person can do with an item: who may, while it stands how, and what they are asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from casework.domain import access, item_forms
from casework.domain.access import ItemFacts
from casework.domain.item_forms import ItemCase
from casework.domain.ntk_rulebook import Field
from casework.domain.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAct:
    """`may` judges rights, `fits` how the item stands. Without `fields` one press does it."""

    code: str
    title: str
    may: Callable[[Person, ItemFacts], bool]
    fits: Callable[[ItemCase], bool]
    fields: Callable[[ItemCase], tuple[Field, ...]] | None = None
    intro: str = ""
    send: str = "Save"
    values: Callable[[ItemCase], Mapping[str, str]] = lambda case: {}


def is_allowed(act: ItemAct, case: ItemCase, person: Person, facts: ItemFacts) -> bool:
    """Whether this person may do this to this item now."""
    return act.may(person, facts) and act.fits(case)


def open_to(case: ItemCase, person: Person, facts: ItemFacts) -> tuple[ItemAct, ...]:
    """Every act this person may do now, in the order of the table."""
    return tuple(act for act in ITEM_ACTS.values() if is_allowed(act, case, person, facts))


def _state(*states: str) -> Callable[[ItemCase], bool]:
    return lambda case: case.state in states


def _is_to_hear(case: ItemCase) -> bool:
    return case.state in ("waiting", "booked") and not case.is_over


def _is_before_the_panel(case: ItemCase) -> bool:
    return case.state == "booked" and case.is_in_session


def _before_it_sits(case: ItemCase) -> bool:
    return case.state in ("awaiting", "returned", "waiting", "booked") and not case.is_in_session and not case.is_over


ITEM_ACTS: dict[str, ItemAct] = {
    act.code: act
    for act in (
        ItemAct(code="approve", title="Approve", may=access.can_approve_item, fits=_state("awaiting")),
        ItemAct(
            code="return",
            title="Send back",
            may=access.can_approve_item,
            fits=_state("awaiting"),
            fields=item_forms.reason,
            intro="It goes back to whoever asked, with your words.",
            send="Send it back",
        ),
        ItemAct(
            code="decline",
            title="Decline",
            may=access.can_decline_item,
            fits=_state("awaiting"),
            fields=item_forms.reason,
            intro="It will not go to the panel. Whoever asked and the team manager are told why.",
            send="Decline it",
        ),
        ItemAct(
            code="resend",
            title="Change and send again",
            may=access.is_items_side,
            fits=_state("returned"),
            fields=item_forms.resend,
            values=item_forms.as_it_stands,
            send="Send again",
        ),
        ItemAct(
            code="papers",
            title="Papers",
            may=access.can_tick_papers,
            fits=lambda case: _before_it_sits(case) and bool(case.papers),
            fields=item_forms.papers,
            values=item_forms.papers_so_far,
            intro="Tick what is ready on the case record. Usher keeps links and ticks, never the papers themselves.",
        ),
        ItemAct(
            code="papers_ok",
            title="Papers are complete",
            may=access.can_confirm_papers,
            fits=lambda case: _is_to_hear(case) and not case.is_confirmed,
        ),
        ItemAct(
            code="dates",
            title="Dates of the family",
            may=access.can_tick_papers,
            fits=lambda case: case.tracker is not None and case.panel.tracked is not None,
            fields=item_forms.tracked,
            values=item_forms.tracked_now,
            intro="As the case system has them: Usher counts weeks and flags from them.",
        ),
        ItemAct(
            code="presenter",
            title="Change presenter",
            may=access.can_name_presenter,
            fits=_before_it_sits,
            fields=item_forms.presenter,
        ),
        ItemAct(
            code="let_in",
            title="Let the late papers in",
            may=access.can_rule_on_late_papers,
            fits=lambda case: case.state == "booked" and case.is_late,
            fields=item_forms.reason,
        ),
        ItemAct(
            code="refuse_late",
            title="Refuse: papers late",
            may=access.can_rule_on_late_papers,
            fits=lambda case: case.state == "booked" and case.is_late,
            fields=item_forms.reason,
            intro="It comes off this sitting and goes to the next with a place.",
            send="Refuse it",
        ),
        ItemAct(
            code="give_slot",
            title="Give it a slot out of turn",
            may=access.can_overrule_the_line,
            fits=lambda case: case.state == "waiting" and bool(case.sittings),
            fields=item_forms.give_slot,
            intro="It goes before whoever is ahead of it in the line: say why.",
            send="Give it this slot",
        ),
        ItemAct(
            code="order",
            title="Place and minutes",
            may=access.can_order_agenda,
            fits=lambda case: case.state == "booked" and not case.is_over,
            fields=item_forms.order,
            values=item_forms.order_now,
        ),
        ItemAct(
            code="conflict",
            title="Conflict of interest",
            may=access.can_declare_conflict,
            fits=_before_it_sits,
            fields=item_forms.conflict,
            intro="Whoever is named no longer sees this item and takes no part in it.",
            send="Keep them out",
        ),
        ItemAct(
            code="decide",
            title="Record the decision",
            may=access.can_decide_item,
            fits=_is_before_the_panel,
            fields=item_forms.decide,
            values=item_forms.all_children,
            send="Record it",
        ),
        ItemAct(
            code="defer",
            title="Defer",
            may=access.can_decide_item,
            fits=_is_before_the_panel,
            fields=item_forms.defer,
            values=item_forms.all_children,
            intro="It comes back to the next sitting with a place.",
            send="Defer it",
        ),
        ItemAct(code="not_heard", title="Not heard", may=access.can_decide_item, fits=_is_before_the_panel),
        ItemAct(
            code="endorse",
            title="Confirm what was decided in principle",
            may=access.can_endorse_decision,
            fits=lambda case: case.state == "decided" and case.is_in_principle,
            fields=item_forms.endorse,
        ),
        ItemAct(
            code="out_of_panel",
            title="Decide outside the panel",
            may=access.can_decide_out_of_panel,
            fits=lambda case: _before_it_sits(case) and case.takes_out_of_panel,
            fields=item_forms.out_of_panel,
            values=item_forms.all_children,
            intro="For what can't wait. It is listed at the next sitting.",
            send="Record it",
        ),
        ItemAct(
            code="advise",
            title="Legal advice",
            may=access.can_advise,
            fits=lambda case: case.state in ("waiting", "booked", "decided"),
            fields=item_forms.advise,
            intro="Privileged: seen only by those the council's rules name.",
        ),
        ItemAct(
            code="action",
            title="Add an action",
            may=access.can_add_action,
            fits=_state("decided"),
            fields=item_forms.action,
        ),
    )
}
