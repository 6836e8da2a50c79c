"""Every card of a need-to-know that was raised, drawn from the made-up ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from cards import ntk, ntk_acts, ntk_lists, ntk_notices, ntk_words
from cards.fields import Mistakes
from casework import ports
from casework.domain import ntk_acts as acts
from casework.domain.errors import Code, Found
from casework.ntk_list_views import Digest, Handover, NtkLists, Timeline, TimelineEntry
from casework.ntk_views import GapReport, Menu, NtkConfirm, NtkReminder, NtkStub, Said, Unproved, UpdateDue
from tests.samples_views import (
    ANSWERS,
    BOOK,
    CARD,
    CHANGE,
    CHECKED,
    CLOCK,
    CLOCKS,
    EVERYONE,
    FACTS,
    GAPS,
    ID,
    LATE_CLOCK,
    LINE,
    LONG,
    NOW,
    ON_CALL,
    OPEN_CLOCK,
    OVERDUE,
    RECEIPT,
    SILENT,
    STANDING,
    TO_PHONE,
    TOLD,
    UNSURE,
    WORDS,
    Named,
    act,
    lines,
)


def raised() -> Iterator[Named]:
    """Every card of a need-to-know that was raised."""
    yield from _receipts()
    yield from _cards()
    yield from _phoning()
    yield from _acts()
    yield from _timelines()
    yield from _changes()
    yield from _lists()


def _receipts() -> Iterator[Named]:
    full = replace(RECEIPT, told=(*TOLD, UNSURE), later=("Director",), gaps=GAPS, prompts=CLOCKS, on_call=ON_CALL)
    yield "ntk_receipt", ntk.receipt(full)
    for name, changes in (
        ("plain", {}),
        ("returned", {"state": "returned"}),
        ("checked", {"state": "open", "checked_at": CHECKED.checked_at, "checked_by": "Tara Whitfield"}),
        ("overdue", {"state": "open", "next_update_at": NOW - timedelta(hours=1), "is_overdue": True}),
        ("lowering", {"state": "open", "lower_to": 2}),
        ("closed", {"state": "closed", "next_update_at": None}),
        ("not_ntk", {"state": "not_ntk", "next_update_at": None}),
        ("withdrawn", {"state": "withdrawn", "next_update_at": None}),
        ("merged", {"state": "merged", "next_update_at": None, "merged_into": "NTK-2026-0040"}),
    ):
        live = changes.get("state", "submitted") in ("submitted", "returned", "open")
        standing = replace(STANDING, **changes)
        yield f"ntk_receipt_{name}", ntk.receipt(replace(RECEIPT, standing=standing, acts=RECEIPT.acts if live else ()))
    missing = replace(RECEIPT, acts=act("update", "found", "comment"), told=())
    yield "ntk_receipt_nobody", ntk.receipt(missing)


def _cards() -> Iterator[Named]:
    yield "ntk", ntk.card(CARD)
    at = NOW + timedelta(minutes=4)
    yield "ntk_acknowledged", ntk.card(replace(CARD, standing=CHECKED, acknowledged_at=at, acts=act("update", "found")))
    yield "ntk_escalated", ntk.card(replace(CARD, escalated_from="Service manager", why="escalated|Head of service|"))
    yield "ntk_sent_again", ntk.card(replace(CARD, sent_again_at=NOW + timedelta(minutes=2)))
    restricted = replace(CARD, standing=replace(STANDING, is_restricted=True), why="role|LADO|", told=TOLD[:1])
    yield "ntk_restricted", ntk.card(restricted)
    updates = tuple((NOW + timedelta(hours=hour), "Sam Okafor", LONG[: 60 * hour]) for hour in (9, 5, 2))
    yield "ntk_updated", ntk.card(replace(CARD, standing=CHECKED, updates=updates, prompts=CLOCKS))
    several = replace(
        CARD,
        children=("AB (ID 100101)", "CD (ID 100102)", "EF (ID 100103)"),
        on_behalf="Ines Calloway",
        standing=replace(STANDING, lower_to=2, initials="AB and 2 more"),
        acts=act("lower_confirm", "lower_keep", "update", "found", "comment"),
        why="deputy|Service manager|Neil Abara",
    )
    yield "ntk_several", ntk.card(several)
    heavy = replace(CARD, answers=tuple(replace(one, words=LONG) if one.is_long else one for one in ANSWERS))
    yield "ntk_long", ntk.card(replace(heavy, updates=((NOW, "Sam Okafor", LONG),) * 5, prompts=CLOCKS))
    yield "ntk_stub_withdrawn", ntk.card(NtkStub(reference="NTK-2026-0042", because="withdrawn"))
    yield "ntk_stub_removed", ntk.card(NtkStub(reference="NTK-2026-0042", because="removed"))


def _phoning() -> Iterator[Named]:
    yield (
        "ntk_reminder",
        ntk.reminder(
            NtkReminder(
                ntk_id=ID,
                reference="NTK-2026-0042",
                category=STANDING.category,
                level=1,
                initials="AB",
                case_id="100101",
                raised_at=NOW,
            )
        ),
    )
    yield "ntk_exhausted", ntk.exhausted(TO_PHONE)
    yield "ntk_exhausted_no_access", ntk.exhausted(replace(TO_PHONE, initials="", case_id="", may_open=False))
    yield "ntk_not_delivered", ntk.not_delivered(TO_PHONE)
    yield "ntk_unproved", ntk_notices.unproved(Unproved(reference="NTK-2026-0042"))
    gaps = GapReport(team="North team", service="Assessment", gaps=GAPS[:2])
    yield "ntk_gap", ntk_notices.gap(gaps)


def act_form(code: str, values: dict[str, str] | None = None, wrong: Mistakes | None = None) -> ports.Message:
    one = acts.ACTS[code]
    assert one.fields is not None
    return ntk_acts.act_form(
        standing=STANDING,
        code=code,
        title=one.title,
        intro=one.intro,
        send=one.send,
        questions=one.fields(BOOK, EVERYONE),
        values=values or {},
        nonce=ID,
        wrong=wrong or Mistakes(),
        case_id_example=BOOK.council.case_id_example,
    )


def _acts() -> Iterator[Named]:
    for code, one in acts.ACTS.items():
        if one.fields is not None:
            yield f"ntk_act_{code}", act_form(code)
    close = {"themes": Code.MISSING, "text": Code.TOO_LONG, "recorded_on": Code.DATE_FORMAT}
    yield "ntk_act_close_errors", act_form("close", {"outcome": "CASEWORK", "text": LONG}, Mistakes(errors=close))
    guard = Mistakes(
        errors={"text": Code.PERSONAL_DATA},
        found={"text": (Found("name", "Annabel <b>Brown</b>"), Found("phone", "01632 960177"))},
    )
    typed = {"text": "Annabel <b>Brown</b> rang from 01632 960177.", "privacy_reason": "no", "material": "yes"}
    yield "ntk_act_update_guard", act_form("update", typed, guard)
    every = act(*(code for code in acts.ACTS if code not in ("lower_confirm", "reopen")))
    menu = Menu(
        standing=CHECKED,
        why="line|Head of service|",
        acts=every,
        prompts=CLOCKS,
        decides=tuple(clock.prompt_id for clock in CLOCKS),
    )
    yield "ntk_menu", ntk_acts.menu(menu)
    yield "ntk_menu_raiser", ntk_acts.menu(replace(menu, why="raiser||", acts=RECEIPT.acts, decides=()))
    closed = replace(menu, standing=replace(STANDING, state="closed"), acts=(), prompts=(), why="reader|Director|")
    yield "ntk_menu_closed", ntk_acts.menu(closed)
    yield (
        "ntk_confirm",
        ntk_acts.confirm(
            NtkConfirm(
                ntk_id=ID,
                version=1,
                reference="NTK-2026-0042",
                initials="AB",
                case_id="100101",
                level=1,
                lower_to=2,
                asked_by="Tara Whitfield",
                reason="The injury is old and explained; the ward agrees.",
                is_open=True,
            )
        ),
    )
    yield "ntk_prompt", ntk_acts.prompt(CLOCK)
    yield "ntk_prompt_overdue", ntk_acts.prompt(replace(CLOCK, prompt=LATE_CLOCK))
    yield "ntk_prompt_nobody", ntk_acts.prompt(replace(CLOCK, may_record=False))
    yield "ntk_prompt_form", ntk_acts.prompt_form(CLOCK, values={}, nonce=ID)
    wrong = Mistakes(errors={"decision": Code.MISSING, "on": Code.DATE_FORMAT, "reason": Code.MISSING})
    yield "ntk_prompt_form_errors", ntk_acts.prompt_form(CLOCK, values={"reference": "SIN 12"}, nonce=ID, wrong=wrong)


def _entries() -> list[TimelineEntry]:
    """Every kind of event, and every step, a few minutes apart, the newest first."""
    kinds = [(kind, FACTS.get(kind, {})) for kind in ntk_words.EVENTS if kind != "step"]
    kinds += [("step", {"do": do, "tier": "Service manager", "told": 2}) for do in ntk_words.STEPS]
    return [
        TimelineEntry(
            at=NOW + timedelta(minutes=7 * at),
            kind=kind,
            who="Usher" if kind in ("clock", "clock_reminder", "step", "told", "reassigned") else "Tara Whitfield",
            facts=facts,
            words=() if kind in SILENT else WORDS,
        )
        for at, (kind, facts) in enumerate(kinds)
    ][::-1]


def _timelines() -> Iterator[Named]:
    entries = _entries()
    for page in (1, 2, 3):
        shown = tuple(entries[(page - 1) * 12 : page * 12])
        yield f"ntk_timeline_{page}", ntk_acts.timeline(Timeline(standing=STANDING, entries=shown, page=page, pages=3))
    close = tuple(Said(label=label, words=LONG, is_long=True) for label in ("", "Learning", "Actions left"))
    long = tuple(replace(entries[at], kind="comment", words=close[: 1 + at % 3]) for at in range(12))
    view = Timeline(standing=STANDING, entries=long, page=2, pages=3)
    for part in (1, 2, 3, 4):
        yield f"ntk_timeline_long_{part}", ntk_acts.timeline(view, part=part)


def _changes() -> Iterator[Named]:
    may = {"returned": ("update",), "comment": ("comment",), "close_proposed": ("close", "comment")}
    for kind in ntk_words.CHANGED_TITLES:
        change = replace(
            CHANGE,
            kind=kind,
            facts=FACTS.get(kind, {}),
            words=() if kind in SILENT else WORDS,
            acts=act(*may.get(kind, ())),
            may_acknowledge=kind == "update",
        )
        yield f"ntk_changed_{kind}", ntk_notices.changed(change)
    breach = replace(CHANGE, kind="breach", facts=FACTS["breach"], words=(), initials="", case_id="", may_open=False)
    yield "ntk_changed_breach_dpo", ntk_notices.changed(breach)
    due = UpdateDue(
        ntk_id=ID,
        reference="NTK-2026-0042",
        level=1,
        initials="AB",
        case_id="100101",
        due_at=NOW,
        is_overdue=False,
        is_return=False,
        owner="Sam Okafor",
    )
    yield "ntk_update_due", ntk_notices.update_due(due)
    yield "ntk_update_overdue", ntk_notices.update_due(replace(due, is_overdue=True))
    yield "ntk_update_return", ntk_notices.update_due(replace(due, is_return=True))


def _lists() -> Iterator[Named]:
    yield "ntk_mine", ntk_lists.mine(NtkLists(waiting=(LINE,), raised=(LINE, *lines(2, OVERDUE))), may_list_team=True)
    yield "ntk_mine_none", ntk_lists.mine(NtkLists())
    later = replace(LINE, acknowledged=4, next_update_at=None, level=3, state="open")
    few = NtkLists(unacknowledged=lines(2, LINE), overdue=lines(1, OVERDUE), others=lines(2, later))
    yield "ntk_team", ntk_lists.team(few)
    yield "ntk_team_none", ntk_lists.team(NtkLists())
    longest = max((category.name for category in BOOK.categories), key=len)
    many = [lines(15, replace(one, category=longest)) for one in (LINE, OVERDUE, replace(later, unanswered=4), later)]
    full = NtkLists(unacknowledged=many[0], overdue=many[1], due_today=many[2], others=many[3], more=12)
    yield "ntk_team_full", ntk_lists.team(full)
    yield "ntk_found", ntk_lists.found([replace(LINE, state="merged"), *lines(1, replace(later, state="not_ntk"))])
    yield "ntk_found_none", ntk_lists.found([])
    digest = Digest(
        day=date(2026, 11, 24),
        new=3,
        unacknowledged=lines(10, LINE),
        overdue=lines(1, OVERDUE),
        due_today=(),
        prompts=tuple((line.reference, OPEN_CLOCK.name, OPEN_CLOCK.due_at) for line in lines(2, LINE)),
        open=17,
    )
    yield "ntk_digest", ntk_lists.digest(digest)
    quiet = replace(digest, new=0, unacknowledged=(), overdue=(), prompts=(), open=0)
    yield "ntk_digest_quiet", ntk_lists.digest(quiet)
    yield "ntk_handover", ntk_lists.handover(Handover(since=NOW + timedelta(minutes=10), lines=lines(2, LINE)))
