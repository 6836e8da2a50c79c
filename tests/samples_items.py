"""Sample cards of panel items: pages, the form of every act, and what Usher sends of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cards import item_notices, items
from cards.fields import Mistakes
from casework import ports
from casework.domain.errors import Code
from casework.domain.item_acts import ITEM_ACTS, ItemAct
from casework.domain.item_forms import ItemCase
from casework.item_views import (
    ActionDue,
    Actions,
    ActionView,
    Approvals,
    Braid,
    Decided,
    Happened,
    ItemApproval,
    ItemChanged,
    ItemDecided,
    ItemDeferred,
    ItemForm,
    ItemPage,
    ItemReview,
    LatePapers,
    NoHeldSlot,
    OfferCard,
    PapersDue,
    Ready,
)
from casework.views import ItemCard
from tests.samples_views import BOOK, ID

Named = tuple[str, ports.Message]
SITTING = datetime(2026, 12, 2, 9, 30, tzinfo=UTC)
PAPERS = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
AB, CD = "AB (ID 100101)", "CD (ID 100102)"
CARD = ItemCard(
    item_id=ID,
    version=1,
    reference="ITEM-2026-0007",
    initials="AB",
    case_id="100101",
    panel="LGP",
    panel_name="Legal Gateway Panel",
    request_type="Start pre-proceedings",
    presenter="Sam Okafor",
    state="booked",
    sitting_id=ID,
    starts_at=SITTING,
    ends_at=SITTING + timedelta(minutes=150),
    slot_starts_at=SITTING + timedelta(minutes=30),
    place=2,
    papers_due_at=PAPERS,
    may_change=True,
    agenda_sent=False,
    children=(AB,),
)
NO_SLOT = replace(
    CARD, sitting_id="", starts_at=None, ends_at=None, slot_starts_at=None, place=None, papers_due_at=None
)
GREEN = Ready(colour="green", missing=(), excused=(), why="", links=(), is_confirmed=True, needs_confirming="")
AMBER = replace(
    GREEN,
    colour="amber",
    missing=("Threshold chronology",),
    excused=("Family group conference held or considered",),
    why="The family declined.",
    links=("https://council.test/cases/100101/papers",),
    is_confirmed=False,
    needs_confirming="LA",
)
RED = replace(AMBER, colour="red", missing=("Threshold chronology", "Child and family assessment"), excused=())
HISTORY = (
    Happened(kind="requested", at=SITTING - timedelta(days=9), who="Sam Okafor", words=""),
    Happened(kind="approved", at=SITTING - timedelta(days=8), who="Tara Whitfield", words=""),
    Happened(
        kind="deferred",
        at=SITTING - timedelta(days=7),
        who="Chloe Marsh",
        words="The *assessment* is of May.",
        note="Assessment out of date",
    ),
)
DECIDED = Decided(
    child=AB,
    outcome="B: Start pre-proceedings",
    is_in_principle=False,
    is_outside=False,
    words={"rationale": "Harm is likely and support did not hold.", "conditions": "Written agreement by Friday."},
    until_on=None,
    review_on=date(2027, 1, 20),
    decided_on=date(2026, 12, 2),
    who="Chloe Marsh",
)
ACTION = ActionView(
    action_id=ID,
    item_id=ID,
    reference="ITEM-2026-0007",
    child=AB,
    panel_name="Legal Gateway Panel",
    what="Send the letter before proceedings",
    owner="Sam Okafor",
    due_on=date(2026, 12, 7),
    is_done=False,
    is_overdue=False,
    may_finish=True,
)
BRAID = (
    Braid(kind="ntk", child=AB, words="NTK-2026-0042, Serious injury or harm", on=date(2026, 11, 23)),
    Braid(kind="item", child=AB, words="ITEM-2026-0003, Access to Resources Panel", on=date(2026, 12, 7)),
    Braid(kind="decision", child=CD, words="Permanency Panel, SGO: Plan agreed: special guardianship", on=None),
    Braid(kind="action", child=AB, words="Order the placement or package", on=date(2026, 11, 20)),
    Braid(kind="tracked", child=AB, words="PLO Panel", on=date(2026, 11, 2)),
)
PAGE = ItemPage(
    card=CARD,
    children=(AB,),
    summary="Agree to start pre-proceedings: support since May has not held.",
    deadline_label="Order ends, or baby is due, on",
    deadline_on=date(2027, 1, 20),
    days_left=49,
    band="Newborn",
    awaiting="",
    who_approves=(),
    ready=AMBER,
    late="",
    deferrals=1,
    flags=(),
    warnings=(),
    acts=(ITEM_ACTS["papers"], ITEM_ACTS["presenter"]),
    decisions=(),
    actions=(),
    advice=(),
    history=HISTORY,
    braid=BRAID[:2],
)
CASE = ItemCase(
    panel=BOOK.panel("LGP"),
    work=BOOK.panel_work,
    state="booked",
    request_type="PREPROC",
    summary="Agree to start pre-proceedings.",
    deadline_on=date(2027, 1, 20),
    children=(("1" * 32, AB), ("2" * 32, CD)),
    owners=(
        ("3" * 32, "Sam Okafor"),
        ("4" * 32, "Leila Farouk"),
        ("5" * 32, "Tara Whitfield"),
        ("6" * 32, "Neil Abara"),
    ),
    sittings=(("7" * 32, "Wed 09 Dec, 09:30"), ("8" * 32, "Wed 16 Dec, 09:30")),
    papers=BOOK.panel("LGP").papers_for("PREPROC"),
    ready=frozenset({"FORM", "CHRON"}),
    links="https://council.test/cases/100101",
    place=2,
    places=4,
    minutes=30,
    tracker={"hearing": "2026-12-14", "plan": "yes"},
)
# one child before the panel whose papers, outcomes and date differ most from legal gateway's
ARP_CASE = replace(
    CASE,
    panel=BOOK.panel("ARP"),
    request_type=BOOK.panel("ARP").request_types[0].code,
    summary="Agree a short break for the family.",
    children=CASE.children[:1],
    papers=BOOK.panel("ARP").papers_for(BOOK.panel("ARP").request_types[0].code),
    ready=frozenset(),
    links="",
)
PLO_CASE = replace(CASE, panel=BOOK.panel("PLO"), tracker={"letter": "2026-11-20", "unborn": "2027-03-01"})


def all_of_it() -> Iterator[Named]:
    """Everything there is about items."""
    yield from pages()
    yield from forms()
    yield from notices()


def pages() -> Iterator[Named]:
    yield "item", items.page(PAGE)
    yield "item_from_agenda", items.page(PAGE, back_to=ID)
    yield "item_stale", items.page(PAGE, refusal="This was done already, or somebody else was faster.")
    waits = replace(PAGE, card=replace(NO_SLOT, state="waiting"), ready=AMBER)
    yield "item_waiting", items.page(waits)
    yield "item_waiting_offered", items.page(replace(waits, offer_id=ID))
    awaiting = replace(PAGE, card=replace(NO_SLOT, state="awaiting"), awaiting="TM", who_approves=("Tara Whitfield",))
    approve = tuple(ITEM_ACTS[code] for code in ("approve", "return", "decline"))
    yield "item_awaiting", items.page(awaiting)
    yield "item_to_approve", item_notices.approval(ItemApproval(page=replace(awaiting, acts=approve)))
    back = replace(PAGE, card=replace(NO_SLOT, state="returned"), acts=(ITEM_ACTS["resend"],))
    yield "item_returned", items.page(back)
    yield (
        "item_cancelled",
        items.page(
            replace(PAGE, card=replace(NO_SLOT, state="cancelled", may_change=False), ready=None, acts=(), braid=())
        ),
    )
    yield "item_late", items.page(replace(PAGE, ready=RED, late="late", card=replace(CARD, is_urgent=True)))
    tracked = ("week 15 of 16", "week 14 reached", "letter not sent, was due 27 Nov")
    yield "item_tracked", items.page(replace(PAGE, flags=tracked, ready=GREEN, acts=()))
    several = replace(PAGE, children=(AB, CD), card=replace(CARD, state="decided", may_change=False, children=(AB, CD)))
    other = replace(DECIDED, child=CD, is_in_principle=True, words={"rationale": "As for AB."}, review_on=None)
    done = replace(ACTION, what="Tell the reviewing service", owner="Leila Farouk", is_done=True, may_finish=False)
    yield (
        "item_decided",
        items.page(
            replace(
                several,
                ready=None,
                decisions=(DECIDED, other),
                actions=(ACTION, done),
                advice=("Threshold is met on neglect; instruct by Friday. (Leila Farouk)",),
                braid=BRAID,
                acts=(ITEM_ACTS["endorse"], ITEM_ACTS["advise"], ITEM_ACTS["action"]),
            )
        ),
    )
    in_session = tuple(ITEM_ACTS[code] for code in ("order", "decide", "defer", "not_heard"))
    warning = "Chloe Marsh chairs the panel and manages this case. Helen Strand, Priya Lindqvist could chair it."
    leave = "Sam Okafor is on leave that day: name somebody else."
    sits = replace(several, card=replace(several.card, state="booked"), acts=in_session, warnings=(warning, leave))
    yield "item_in_session", items.page(sits)
    yield from lists()


def lists() -> Iterator[Named]:
    everything = replace(PAGE, acts=tuple(ITEM_ACTS.values()))
    yield "item_every_act", items.page(everything)
    yield "approvals", items.approvals(Approvals(items=(NO_SLOT, replace(NO_SLOT, reference="ITEM-2026-0009"))))
    yield "approvals_none", items.approvals(Approvals(items=()))
    overdue = replace(ACTION, is_overdue=True, owner="Marek Sadowski", may_finish=False)
    yield "actions", items.action_list(Actions(mine=(ACTION,), others=(overdue, overdue), more=3))
    yield "actions_none", items.action_list(Actions(mine=(), others=(), more=0))


def forms() -> Iterator[Named]:
    wrong = {
        "decide": Mistakes(errors={"outcome": Code.MISSING, "rationale": Code.MISSING, "action_due": Code.IN_THE_PAST}),
        "papers": Mistakes(errors={"links": Code.LINK_FORMAT}),
        "presenter": Mistakes(errors={"who": Code.PERSON_UNKNOWN}),
    }
    for code, act in ITEM_ACTS.items():
        if act.fields is None:
            continue
        form = form_of(act, CASE)
        yield f"item_act_{code}", items.form(form)
        if act.fields(ARP_CASE) != form.fields:
            yield f"item_act_{code}_arp", items.form(form_of(act, ARP_CASE))
        if code in wrong:
            yield f"item_act_{code}_errors", items.form(form, wrong=wrong[code])
        if code == "decide":
            said = "No legal adviser is at this sitting, so this can't be decided."
            yield "item_act_decide_refused", items.form(form, refusal=said)
    yield "item_act_dates_plo", items.form(form_of(ITEM_ACTS["dates"], PLO_CASE))


def form_of(act: ItemAct, case: ItemCase) -> ItemForm:
    """The form of an act on an item that stands so."""
    assert act.fields is not None
    return ItemForm(
        act=act,
        item_id=ID,
        version=1,
        reference="ITEM-2026-0007",
        child=", ".join(words for _, words in case.children),
        fields=act.fields(case),
        values=dict(act.values(case)),
        nonce=ID,
    )


def notices() -> Iterator[Named]:
    yield "item_moved_by_other", item_notices.changed(ItemChanged(page=PAGE, changed_by="Connor Byrne"))
    for kind in (
        *("approved", "deferred", "not_heard", "moved", "presenter", "let_in", "refused_late"),
        *("papers_ok", "out_of_turn", "listed"),
    ):
        last = (*HISTORY[:1], replace(HISTORY[1], kind=kind))
        yield (
            f"item_news_{kind}",
            item_notices.changed(ItemChanged(page=replace(PAGE, history=last), changed_by="Usher")),
        )
    for state in ("awaiting", "returned", "declined", "cancelled", "waiting", "decided", "closed"):
        stands = replace(NO_SLOT, state=state, may_change=state in ("awaiting", "returned", "waiting"))
        page = replace(PAGE, card=stands, history=HISTORY[:1], acts=())
        if state in ("decided", "closed"):
            page = replace(page, ready=None, decisions=(DECIDED,))
        yield f"item_news_{state}", item_notices.changed(ItemChanged(page=page, changed_by="Neil Abara"))
    late = ItemChanged(page=replace(PAGE, late="late", ready=RED), changed_by="Usher")
    yield "item_news_late", item_notices.changed(late)
    offer = OfferCard(
        offer_id=ID,
        item=NO_SLOT,
        starts_at=SITTING,
        ends_at=SITTING + timedelta(minutes=150),
        papers_due_at=PAPERS,
        lapses_at=PAPERS - timedelta(hours=3),
        minutes=30,
        is_late=False,
    )
    yield "offer", item_notices.offered(offer)
    yield "offer_late", item_notices.offered(replace(offer, is_late=True))
    yield "papers_due", item_notices.papers_due(PapersDue(page=PAGE, due_at=PAPERS, is_last=False))
    yield (
        "papers_due_today",
        item_notices.papers_due(PapersDue(page=replace(PAGE, ready=RED), due_at=PAPERS, is_last=True)),
    )
    lines = ((CARD, RED), (replace(CARD, reference="ITEM-2026-0009"), RED))
    late_papers = LatePapers(sitting_id=ID, panel_name="Legal Gateway Panel", starts_at=SITTING, lines=lines)
    yield "papers_late", item_notices.papers_late(late_papers)
    decided = replace(
        PAGE, card=replace(CARD, state="decided", may_change=False), decisions=(DECIDED,), actions=(ACTION,), ready=None
    )
    yield "decision", item_notices.decided(ItemDecided(page=decided))
    yield "deferred_again", item_notices.deferred(ItemDeferred(page=replace(PAGE, deferrals=2)))
    yield "review_due", item_notices.review(ItemReview(page=decided, review_on=date(2027, 1, 20), until_on=None))
    yield "agreement_ends", item_notices.review(ItemReview(page=decided, review_on=None, until_on=date(2027, 3, 1)))
    urgent = replace(PAGE, card=replace(CARD, is_urgent=True))
    yield "no_held_slot", item_notices.no_held_slot(NoHeldSlot(page=urgent))
    yield "reminder", item_notices.reminder(PAGE)
    yield "action_new", item_notices.action_due(ActionDue(action=ACTION, is_new=True))
    yield "action_due", item_notices.action_due(ActionDue(action=ACTION, is_new=False))
    overdue = replace(ACTION, is_overdue=True)
    yield "action_overdue", item_notices.action_due(ActionDue(action=overdue, is_new=False))
    done = replace(ACTION, is_done=True, may_finish=False)
    yield "action_done", item_notices.action_due(ActionDue(action=done, is_new=False))
