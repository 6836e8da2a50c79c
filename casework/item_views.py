"""What people are shown of one item: how it stands, its papers, what was decided, what else there is of the family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from casework.domain.item_acts import ItemAct
from casework.domain.ntk_rulebook import Field
from casework.views import ItemCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """How ready its papers are: `colour` "green", "amber" or "red", never shown without its words."""

    colour: str
    missing: tuple[str, ...]
    excused: tuple[str, ...]
    why: str
    links: tuple[str, ...]
    is_confirmed: bool
    needs_confirming: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of an item's history: what, when, by whom, in people's words where they said any."""

    kind: str
    at: datetime
    who: str
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided for one child."""

    child: str
    outcome: str
    is_in_principle: bool
    is_outside: bool
    words: dict[str, str]
    until_on: date | None
    review_on: date | None
    decided_on: date
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """One action: who does what by when; `may_finish` is for this reader."""

    action_id: str
    item_id: str
    reference: str
    child: str
    panel_name: str
    what: str
    owner: str
    due_on: date
    is_done: bool
    is_overdue: bool
    may_finish: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Braid:
    """Something else there is about a child of this item: another item, an open NTK, a decision, an overdue action."""

    kind: str
    child: str
    words: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """One item in full, for one reader. `advice` is there only for who may read it."""

    card: ItemCard
    children: tuple[str, ...]
    summary: str
    deadline_label: str
    deadline_on: date | None
    days_left: int | None
    band: str
    awaiting: str
    who_approves: tuple[str, ...]
    ready: Ready | None
    late: str
    deferrals: int
    flags: tuple[str, ...]
    warnings: tuple[str, ...]
    acts: tuple[ItemAct, ...]
    decisions: tuple[Decided, ...]
    actions: tuple[ActionView, ...]
    advice: tuple[str, ...]
    history: tuple[Happened, ...]
    braid: tuple[Braid, ...]
    offer_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemForm:
    """The form of one act on an item: drawn as it is, sent back with its nonce."""

    act: ItemAct
    item_id: str
    version: int
    reference: str
    child: str
    fields: tuple[Field, ...]
    values: dict[str, str]
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """A slot that came free, held for the reader's item until `lapses_at`."""

    offer_id: str
    item: ItemCard
    starts_at: datetime
    ends_at: datetime
    papers_due_at: datetime
    lapses_at: datetime
    minutes: int
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePapers:
    """To the chair at the cut-off: the items whose papers are not complete."""

    sitting_id: str
    panel_name: str
    starts_at: datetime
    lines: tuple[tuple[ItemCard, Ready], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersDue:
    """To whoever presents: what is still missing, and until when it can come."""

    page: ItemPage
    due_at: datetime
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Items that wait for this reader's word."""

    items: tuple[ItemCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """Open actions, by owner where they are not all the reader's own."""

    mine: tuple[ActionView, ...]
    others: tuple[ActionView, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanged:
    """Somebody else did something to an item the reader asked for or presents."""

    page: ItemPage
    changed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemApproval:
    """An item that waits for the reader's word."""

    page: ItemPage


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDecided:
    """What the panel decided, the same day."""

    page: ItemPage


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDeferred:
    """An item that was deferred a second time, or more often."""

    page: ItemPage


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReview:
    """A review that is near, or something agreed that runs out."""

    page: ItemPage
    review_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDue:
    """An action that is new, due soon, or overdue."""

    action: ActionView
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHeldSlot:
    """What can't wait, and found no slot where it was wanted."""

    page: ItemPage
