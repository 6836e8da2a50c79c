"""What people are shown of need-to-knows: frozen read models, already cut to what this one reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from casework.domain.ntk_rulebook import Criterion

Reached = Literal["waiting", "yes", "no", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPerson:
    """One person an NTK is addressed to, and how it stands with them.

    `reached` is "waiting" until Teams has taken the card, "yes" once it has, "no" when it can't be delivered, and
    "unsure" while nobody knows. `phone` is filled only where somebody has to be phoned. `is_asked`: an
    acknowledgement is waited for.
    """

    name: str
    tier: str
    reached: Reached
    acknowledged_at: datetime | None
    phone: str
    is_asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A tier nobody was there to be told in: "vacant", "away" or "excluded"."""

    tier: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One answer of the form as it is shown: its question and its words."""

    label: str
    words: str
    is_long: bool = False
    is_moment: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something this reader may do with an NTK now: its code and what its button says."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkLine:
    """One NTK in a list."""

    ntk_id: str
    reference: str
    category: str
    level: int
    state: str
    initials: str
    case_id: str
    raised_at: datetime
    acknowledged: int
    told: int
    next_update_at: datetime | None = None
    is_overdue: bool = False
    unanswered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coach:
    """The threshold coach's words: the criteria, the steps for a missing child, by when it must be raised."""

    level: int
    level_meaning: str
    criteria: tuple[Criterion, ...]
    missing: tuple[tuple[int, tuple[str, ...]], ...]
    raise_by: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkPreview:
    """What a raiser checks before sending: the NTK as it would be, who would be told, what it may double."""

    draft_id: str
    category: str
    level: int
    level_meaning: str
    children: tuple[str, ...]
    aware_at: datetime
    answers: tuple[Said, ...]
    told: tuple[ToldPerson, ...]
    later: tuple[str, ...]
    gaps: tuple[Gap, ...]
    excluded: int
    is_restricted: bool
    initials_differ: bool
    coach: Coach
    duplicates: tuple[NtkLine, ...]
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptLine:
    """One outside clock: when it is due, and what was recorded by whom."""

    prompt_id: str
    name: str
    question: str
    source: str
    owner: str
    due_at: datetime
    is_overdue: bool
    decision: str | None
    decided_on: date | None
    decided_by: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How an NTK stands, as every card of it says."""

    ntk_id: str
    version: int
    reference: str
    category: str
    level: int
    level_meaning: str
    state: str
    initials: str
    case_id: str
    raised_at: datetime
    checked_at: datetime | None
    checked_by: str
    lower_to: int | None
    next_update_at: datetime | None
    is_overdue: bool
    is_restricted: bool
    merged_into: str
    found_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkReceipt:
    """The raiser's own card: the reference, exactly who was told, who has acknowledged, whom to phone."""

    standing: Standing
    told: tuple[ToldPerson, ...]
    later: tuple[str, ...]
    gaps: tuple[Gap, ...]
    prompts: tuple[PromptLine, ...]
    on_call: tuple[tuple[str, str, str], ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkCard:
    """A recipient's card: the notification itself, and their button to acknowledge it.

    `escalated_from` names the tier that didn't answer; `why` says why this reader got it; `allocated` is the case's own
    worker, where somebody else raised it.
    """

    standing: Standing
    children: tuple[str, ...]
    raised_by: str
    on_behalf: str
    raiser_phone: str
    team: str
    aware_at: datetime
    answers: tuple[Said, ...]
    updates: tuple[tuple[datetime, str, str], ...]
    told: tuple[ToldPerson, ...]
    prompts: tuple[PromptLine, ...]
    acknowledged_at: datetime | None
    may_acknowledge: bool
    sent_again_at: datetime | None
    acts: tuple[Act, ...]
    why: str
    escalated_from: str = ""
    allocated: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkStub:
    """What stands in place of a card whose NTK was withdrawn, or whose reader has no right to it any more."""

    reference: str
    because: Literal["withdrawn", "removed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDelivered:
    """An NTK could not be put before somebody, or nobody answers: whom to phone now.

    Where nobody answers, `tier` names who; `is_unreachable` says that their cards couldn't be delivered.
    """

    ntk_id: str
    reference: str
    level: int
    initials: str
    case_id: str
    to_phone: tuple[ToldPerson, ...]
    tier: str = ""
    may_open: bool = False
    duty_phone: str = ""
    is_unreachable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkReminder:
    """Somebody hasn't acknowledged yet: enough to know which, the rest behind the button."""

    ntk_id: str
    reference: str
    category: str
    level: int
    initials: str
    case_id: str
    raised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkChange:
    """One event as the others are told of it: what changed, by whom, in whose words."""

    ntk_id: str
    reference: str
    level: int
    initials: str
    case_id: str
    kind: str
    who: str
    at: datetime
    facts: dict[str, str | int | bool | None]
    words: tuple[Said, ...]
    acts: tuple[Act, ...]
    may_acknowledge: bool
    may_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NtkConfirm:
    """A level is to be lowered: a second, senior person confirms or keeps it."""

    ntk_id: str
    version: int
    reference: str
    initials: str
    case_id: str
    level: int
    lower_to: int
    asked_by: str
    reason: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDue:
    """An update is due or overdue."""

    ntk_id: str
    reference: str
    level: int
    initials: str
    case_id: str
    due_at: datetime
    is_overdue: bool
    is_return: bool
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptCard:
    """An outside clock, for whoever is to record the decision; or, where nobody is there for that, for those told."""

    ntk_id: str
    reference: str
    category: str
    initials: str
    case_id: str
    aware_at: datetime
    prompt: PromptLine
    may_record: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GapReport:
    """To administrators: a tier of a team nobody was there for. Nothing of the case."""

    team: str
    service: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproved:
    """To administrators: the auditor found a step missing. Nothing of the case."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """Everything this reader may do with one NTK now; `decides` are the ids of the clocks they may record."""

    standing: Standing
    why: str
    acts: tuple[Act, ...]
    prompts: tuple[PromptLine, ...]
    decides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultCard:
    """A social worker asks their manager before raising: what was typed so far."""

    consult_id: str
    asker: str
    asker_phone: str
    asked_at: datetime
    due_at: datetime
    is_open: bool
    answers: tuple[Said, ...]
    coach: Coach | None
    is_passed_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultAnswer:
    """The manager's answer, or that none came in time."""

    draft_id: str
    answer: str
    manager: str
    manager_phone: str
    comment: str
    initials: str
    case_id: str
