"""The record of a sitting as a sheet: who was there, what was decided for each child, and who does what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cards import wording
from casework.paper_views import ActionLine, ChildDecision, DecisionItem, DecisionPaper
from documents.sheets import HANDLING, Block, Box, Bullets, Heading, Paragraph, Sheet, Table, checksum, facts
from documents.words import plain

DRAFT = "DRAFT: not yet confirmed by the chair"
ADVICE = "Legal advice: privileged"
ACTIONS = ("What", "Owner", "Due", "Done")
ACTION_WIDTHS = (64, 28, 46, 44)
IN_PRINCIPLE = "This is a decision in principle."
NOBODY = "Nobody is recorded."
NO_APOLOGIES = "None."
NO_ITEMS = "No items are recorded."
NOTHING_DECIDED = "No decision is recorded."
OPEN = "Not yet"
# a heading without words is refused by PDF/UA
UNNAMED = "Child not named"


def sheet(view: DecisionPaper) -> Sheet:
    """The whole record; a draft says so at the top of the text and of each page."""
    name = f"Decisions: {view.panel_name}"
    title = f"{name}, {wording.day(view.starts_at)}"
    is_draft = view.confirmed_at is None
    return Sheet(
        title=f"Draft. {title}" if is_draft else title,
        running_head=f"{view.council}. {title}",
        mark=DRAFT if is_draft else "",
        dated_at=view.confirmed_at or view.ends_at,
        is_wide=False,
        blocks=(
            Heading(level=1, words=name),
            Paragraph(words=standing(view), is_strong=is_draft),
            Paragraph(words=HANDLING),
            facts(
                ("Council", view.council),
                ("When", wording.span(view.starts_at, view.ends_at)),
                ("Venue", view.venue),
                ("Chair", view.chair),
                ("Checksum", checksum(view.digest)),
            ),
            *attendance(view),
            *(block for item in view.items for block in item_blocks(item)),
            *(() if view.items else (Paragraph(words=NO_ITEMS),)),
            *added(view),
        ),
    )


def standing(view: DecisionPaper) -> str:
    """Is this a draft, or who made it final and when?"""
    if view.confirmed_at is None:
        return f"{DRAFT}."
    return f"Confirmed by {view.confirmed_by} on {wording.moment(view.confirmed_at)}."


def attendance(view: DecisionPaper) -> tuple[Block, ...]:
    """Who was there, who sent apologies, and whether enough were there to decide."""
    return (
        Heading(level=2, words="Who was there"),
        Bullets(lines=view.present) if view.present else Paragraph(words=NOBODY),
        facts(("Quorum", view.quorum)),
        Heading(level=3, words="Apologies"),
        Bullets(lines=view.apologies) if view.apologies else Paragraph(words=NO_APOLOGIES),
    )


def item_blocks(item: DecisionItem) -> Iterator[Block]:
    """One item: what was asked, what was decided, the advice this reader may read, the actions."""
    yield Heading(level=2, words=f"Item {item.number}: {item.reference}")
    yield facts(("Asking for", item.request_type), ("Presenter", item.presenter), ("Not decided", item.not_decided))
    for decision in item.decisions:
        yield from decision_blocks(decision)
    if not item.decisions and not item.not_decided.strip():
        yield Paragraph(words=NOTHING_DECIDED)
    if item.advice.strip():
        yield Box(title=ADVICE, words=item.advice)
    if item.actions:
        yield Heading(level=3, words=f"Actions from item {item.number}")
        yield Table(headings=ACTIONS, widths=ACTION_WIDTHS, rows=tuple(row(action) for action in item.actions))


def decision_blocks(decision: ChildDecision) -> Iterator[Block]:
    """What was decided for one child, and why."""
    yield Heading(level=3, words=plain(decision.child).strip() or UNNAMED)
    yield facts(
        ("Decision", f"{decision.outcome} ({decision.outcome_code})"),
        ("In principle", IN_PRINCIPLE if decision.is_in_principle else ""),
        ("Rationale", decision.rationale),
        ("Conditions", decision.conditions),
        ("Dissent", decision.dissent),
        ("Cost", decision.cost),
        ("Until", day_or_nothing(decision.until_on)),
        ("Review on", day_or_nothing(decision.review_on)),
    )


def row(action: ActionLine) -> tuple[str, ...]:
    """One action, in the order of ACTIONS."""
    return action.what, action.owner, wording.plain_day(action.due_on), day_or_nothing(action.done_on) or OPEN


def added(view: DecisionPaper) -> tuple[Block, ...]:
    """What was added after the record was made, if anything was."""
    return (Heading(level=2, words="Addenda"), Bullets(lines=view.addenda)) if view.addenda else ()


def day_or_nothing(day: date | None) -> str:
    """The day in words, or nothing."""
    return wording.plain_day(day) if day else ""
