"""Sample cards of managing sittings: the list, one sitting, its forms, what a change does, the news of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cards import sittings
from cards.fields import Mistakes
from casework import ports
from casework.domain.errors import Code
from casework.sitting_views import (
    Placed,
    SittingChanged,
    SittingLine,
    SittingList,
    SittingPage,
    SittingPreview,
    WaitingLine,
)

Named = tuple[str, ports.Message]
ID = "0123456789abcdef0123456789abcdef"
DAY = datetime(2026, 12, 9, 9, 30, tzinfo=UTC)
HOURS = timedelta(hours=2, minutes=30)
LINE = SittingLine(
    sitting_id=ID,
    panel="LGP",
    panel_name="Legal Gateway Panel",
    starts_at=DAY,
    ends_at=DAY + HOURS,
    status="planned",
    is_extraordinary=False,
    booked=3,
    capacity=4,
    reason="",
)
ASKED = replace(
    LINE,
    starts_at=datetime(2026, 12, 30, 9, 30, tzinfo=UTC),
    ends_at=datetime(2026, 12, 30, 12, tzinfo=UTC),
    status="ask",
    booked=0,
    reason="Closed: the council's Christmas closure: the coordinator decides",
)
ITEMS = tuple(
    Placed(
        item_id=ID,
        reference=f"ITEM-2026-{number:04d}",
        initials="AB",
        case_id="100101",
        band="Newborn",
        to_starts_at=DAY,
        to_panel="Legal Gateway Panel",
    )
    for number in range(41, 44)
)
PAGE = SittingPage(
    line=LINE,
    panel="LGP",
    version=1,
    papers_due_at=datetime(2026, 12, 4, 12, tzinfo=UTC),
    venue="Teams",
    agenda_sent=False,
    minutes=150,
    items=ITEMS,
    may_manage=True,
    may_waive=False,
    is_over=False,
)
PREVIEW = SittingPreview(
    page=PAGE,
    to_starts_at=DAY + timedelta(days=1),
    to_ends_at=DAY + timedelta(days=1, hours=1),
    venue="Room 4",
    papers_due_at=datetime(2026, 12, 7, 12, tzinfo=UTC),
    is_past_deadline=False,
    capacity=2,
    stays=ITEMS[:2],
    leaves=(replace(ITEMS[2], to_starts_at=None, to_panel=""),),
    warnings=(),
    told=4,
)
TYPED = {"when_date": "2026-12-10", "when_time": "09:30", "minutes": "60", "venue": "Room 4", "reason": "At court."}
PANELS = (("LGP", "Legal Gateway Panel"), ("PLO", "PLO Panel"))


def managed() -> Iterator[Named]:
    """Everything a coordinator or chair sees of sittings."""
    several = tuple(replace(LINE, starts_at=DAY + timedelta(days=number)) for number in range(12))
    full = SittingList(
        to_resolve=(ASKED, replace(ASKED, panel="CARE", panel_name="Care Proceedings Panel")),
        coming=several,
        waiting=(("Legal Gateway Panel", 2), ("Permanency Panel", 1)),
        more=3,
        panels=PANELS,
        moved=(replace(LINE, status="moved", reason="Moved from Monday 29 March 2027: Easter Monday"),),
    )
    yield "sittings", sittings.listed(full)
    yield "sittings_none", sittings.listed(SittingList(to_resolve=(), coming=(), waiting=(), more=0, panels=PANELS))
    yield "sitting", sittings.page(PAGE)
    yield "sitting_to_settle", sittings.page(replace(PAGE, line=ASKED, items=(), venue=""))
    yield "sitting_chair", sittings.page(replace(PAGE, may_manage=False, may_waive=True))
    yield "sitting_cancelled", sittings.page(replace(PAGE, line=replace(LINE, status="cancelled"), may_manage=False))
    yield "sitting_stale", sittings.page(PAGE, refusal="This card is out of date: something changed since.")
    yield "sitting_change", sittings.change_form(PAGE, ID, TYPED)
    wrong = Mistakes(errors={"when_date": Code.DAY_CLOSED, "reason": Code.MISSING})
    yield "sitting_change_errors", sittings.change_form(PAGE, ID, TYPED | {"reason": ""}, wrong)
    yield "sitting_change_check", sittings.change_check(PREVIEW, ID)
    warned = replace(PREVIEW, is_past_deadline=True, warnings=("PLO Panel", "Permanency Panel"))
    yield "sitting_change_check_warned", sittings.change_check(warned, ID)
    cancelled = replace(PREVIEW, to_starts_at=None, to_ends_at=None, papers_due_at=None, stays=(), leaves=ITEMS)
    yield "sitting_cancel", sittings.cancel_form(cancelled, {}, ID)
    wrong = Mistakes(errors={"reason": Code.MISSING})
    yield "sitting_cancel_errors", sittings.cancel_form(cancelled, {}, ID, wrong)
    empty = replace(cancelled, page=replace(PAGE, line=ASKED, items=()), leaves=())
    yield "sitting_no_sitting", sittings.cancel_form(empty, {}, ID)
    yield "sitting_call", sittings.call_form(PANELS, {"minutes": "60"}, ID)
    wrong = Mistakes(errors={"panel": Code.MISSING, "when_date": Code.IN_THE_PAST})
    yield "sitting_call_errors", sittings.call_form(PANELS, TYPED, ID, wrong)
    yield "sitting_waive", sittings.waive_form(PAGE, {"until_date": "2026-12-08", "until_time": "12:00"}, ID)
    yield "sittings_waiting", sittings.waiting(tuple(_waiting(number) for number in range(1, 5)), 2)
    yield "sittings_waiting_none", sittings.waiting((), 0)
    yield from _news()


def _waiting(number: int) -> WaitingLine:
    return WaitingLine(
        item_id=ID,
        version=2,
        reference=f"ITEM-2026-{number:04d}",
        initials="CD",
        case_id="100102",
        panel_name="Legal Gateway Panel",
        band="Supervision order ending within 3 months",
        waiting_since=DAY - timedelta(days=number),
    )


def _news() -> Iterator[Named]:
    moved = SittingChanged(
        panel_name="Legal Gateway Panel",
        kind="moved",
        from_starts_at=DAY,
        to_starts_at=DAY + timedelta(days=1),
        to_ends_at=DAY + timedelta(days=1) + HOURS,
        venue="Teams",
        papers_due_at=datetime(2026, 12, 7, 12, tzinfo=UTC),
        who="Connor Byrne",
        reason="The chair is at court.",
        mine=ITEMS[:1],
        sitting_id=ID,
        may_see_agenda=True,
    )
    yield "sitting_moved", sittings.changed(moved)
    gone = replace(moved, kind="cancelled", to_starts_at=None, to_ends_at=None, papers_due_at=None, venue="")
    waits = replace(ITEMS[1], to_starts_at=None, to_panel="")
    yield "sitting_was_cancelled", sittings.changed(replace(gone, mine=(ITEMS[0], waits), may_see_agenda=False))
    for kind in ("length", "venue", "called", "waived", "skipped"):
        yield f"sitting_news_{kind}", sittings.changed(replace(moved, kind=kind, mine=()))
    yield "sitting_moved_by_rule", sittings.changed(replace(moved, who="Usher", reason=""))
