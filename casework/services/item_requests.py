"""A request for a panel, read from its form and written: which children, what is asked, who presents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.db import cases, item_children, items
from casework.db.base import new_id
from casework.db.uow import Work
from casework.domain import access, booking, forms, item_forms
from casework.domain import cases as case_rules
from casework.domain.cases import CaseRef
from casework.domain.errors import Code, FieldErrors, Refusal
from casework.domain.forms import Child
from casework.domain.people import Person
from casework.domain.rulebook import Rulebook
from casework.services import approvers, directory, item_moves
from casework.services.context import Rules, today

FIELDS = ("initials", "case_id", "panel", "request_type", "sitting", "siblings")
# stands where a sitting would, for an item that waits for one
WAITS = "waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as asked for, every field checked against the rulebook; `kept` identifiers stay for a reason given."""

    children: tuple[Child, ...]
    panel: str
    request_type: str
    sitting_id: str
    summary: str
    deadline_on: date | None
    is_urgent: bool
    presenter: str
    kept: int
    kept_because: str


def check_case(fields: Mapping[str, str], rulebook: Rulebook) -> dict[str, Code]:
    """What is wrong with the first half of a request: which child, which panel."""
    errors: dict[str, Code] = {}
    if problem := case_rules.initials_problem(case_rules.tidy_initials(fields.get("initials", ""))):
        errors["initials"] = problem
    case_id = case_rules.tidy_case_id(fields.get("case_id", ""))
    if problem := case_rules.case_id_problem(case_id, rulebook.council.case_id_pattern):
        errors["case_id"] = problem
    if fields.get("panel", "") not in {panel.code for panel in rulebook.panels}:
        errors["panel"] = Code.CHOICE_UNKNOWN if fields.get("panel") else Code.MISSING
    return errors


def read(fields: Mapping[str, str], rulebook: Rulebook, work: Work) -> Request:
    """The whole form; raises FieldErrors with every mistake at once."""
    errors = check_case(fields, rulebook)
    extra: Mapping[str, str] = {}
    kept, found = 0, None
    if "panel" not in errors:
        panel = rulebook.panel(fields["panel"])
        if fields.get("request_type", "") not in {kind.code for kind in panel.request_types}:
            errors["request_type"] = Code.CHOICE_UNKNOWN if fields.get("request_type") else Code.MISSING
        try:
            extra, kept = forms.answers(item_forms.request(panel), fields, book=rulebook, now=work.now)
        except FieldErrors as wrong:
            errors |= wrong.errors
            found = wrong.found
    if not fields.get("sitting"):
        errors["sitting"] = Code.MISSING
    if errors:
        order = [*FIELDS, *(code for code in errors if code not in FIELDS)]
        raise FieldErrors({field: errors[field] for field in order if field in errors}, found=found)
    case_id, initials = case_rules.tidy_case_id(fields["case_id"]), case_rules.tidy_initials(fields["initials"])
    siblings = forms.children(extra["siblings"], rulebook.council.case_id_pattern)
    assert not isinstance(siblings, Code)
    if case_id in {one.case_id for one in siblings} or len({one.case_id for one in siblings}) < len(siblings):
        raise FieldErrors({"siblings": Code.CHILD_TWICE})
    return Request(
        children=(Child(initials=initials, case_id=case_id), *siblings),
        panel=fields["panel"],
        request_type=fields["request_type"],
        sitting_id=fields["sitting"],
        summary=extra["summary"],
        deadline_on=date.fromisoformat(extra["deadline"]) if extra.get("deadline") else None,
        is_urgent=bool(extra.get("urgent")),
        presenter=extra["presenter"],
        kept=kept,
        kept_because=extra.get(forms.REASON, ""),
    )


async def create(work: Work, rules: Rules, *, person: Person, draft_id: str, asked: Request) -> items.Item:
    """Write the item with its children, awaiting the first who has to say yes, or waiting for its slot."""
    panel = rules.book.panel(asked.panel)
    family = await _family(work, rules, person, asked)
    lead = family[0]
    presenter_id = lead.allocated_person_id or person.id
    if asked.presenter:
        named = await directory.person_named(work, asked.presenter)
        if isinstance(named, Code):
            raise FieldErrors({"presenter": named})
        presenter_id = named.id
    item = items.Item(
        id=new_id(),
        reference=await item_moves.next_reference(work),
        case_ref=lead.id,
        panel=asked.panel,
        request_type=asked.request_type,
        requester_id=person.id,
        presenter_id=presenter_id,
        state=items.WAITING,
        initials=asked.children[0].initials,
        requested_at=work.now,
        changed_by_id=None,
        version=1,
        band=booking.band(panel, asked.request_type, asked.deadline_on, today(work), rules.book.calendar),
        waiting_since=None,
        summary=asked.summary,
        deadline_on=asked.deadline_on,
        wanted_sitting_id=asked.sitting_id if asked.sitting_id != WAITS else None,
        is_urgent=asked.is_urgent,
        minutes=panel.minutes_for(len(family)),
    )
    facts = access.ItemFacts(
        requester_id=person.id,
        presenter_id=presenter_id,
        team=lead.team,
        service=lead.service,
        panel=item.panel,
        heard_by=item.panel,
    )
    role = approvers.next_role(panel, item, person, facts)
    state = items.AWAITING if role else items.WAITING
    waits = work.now if asked.sitting_id == WAITS and not role else None
    item = items.with_(item, state=state, awaiting=role, waiting_since=waits)
    await items.create(work, item, nonce=draft_id)
    initials = [child.initials for child in asked.children]
    await item_children.add(work, item.id, [(one.id, name) for one, name in zip(family, initials, strict=True)])
    return item


async def _family(work: Work, rules: Rules, person: Person, asked: Request) -> list[CaseRef]:
    """The cases of the children, each locked; raises Refusal ALREADY_BOOKED where one is before this panel already."""
    team, service = person.home()
    found = []
    for child in asked.children:
        case = await cases.find_or_create(
            work, case_id=child.case_id, initials=child.initials, team=team, service=service
        )
        found.append(case)
    for id in sorted(case.id for case in found):
        await cases.lock(work, id)
    for case in found:
        if await item_children.is_booked(work, case_ref=case.id, panel=asked.panel):
            raise Refusal(Code.ALREADY_BOOKED, panel=rules.book.panel(asked.panel).name)
    return found
