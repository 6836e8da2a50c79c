"""The gallery's cards: each drawn from a made-up view, written by `make samples`, kept fresh by a test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cards import booking, common, ntk, people, sitting
from casework import ports
from casework.domain.errors import Code
from casework.views import (
    Agenda,
    AgendaLine,
    Choice,
    ItemCard,
    ItemChanged,
    NotDelivered,
    NtkCard,
    NtkLine,
    NtkPreview,
    NtkReceipt,
    SittingOffer,
    ToldPerson,
)

FOLDER = Path("cards/samples")
NOW = datetime(2026, 11, 23, 16, 50, tzinfo=UTC)
SITTING = datetime(2026, 12, 2, 9, 30, tzinfo=UTC)
PAPERS = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
ID = "0" * 32
STORY = (
    "Found by a neighbour at 3pm, alone at home. Two older bruises on the left arm.\n"
    "*Said* she fell; mother could not be reached until 4:10pm <at>everyone</at> [see](http://example.com)."
)
DONE = "Police and ambulance called. Child is at hospital with a worker."
SPOKEN = "Team manager by phone at 4:20pm."
CATEGORIES = [
    Choice(value=code, label=label)
    for code, label in (
        ("DEATH", "Death of a child"),
        ("SERHARM", "Serious injury or harm"),
        ("MISSING", "Child missing"),
        ("MEDIA", "Media interest"),
        ("STAFFALLEG", "Allegation against staff or a carer"),
        ("LEGAL", "Legal challenge or inquest"),
        ("PREMISES", "Fire, flood or closure"),
        ("OTHER", "Something else"),
    )
]
PANELS = [
    Choice(value="ARP", label="Access to Resources Panel"),
    Choice(value="HP", label="Housing Pathways"),
    Choice(value="LGP", label="Legal Gateway Panel"),
    Choice(value="PERM", label="Permanency Panel"),
]
FIELDS = {
    "category": "SERHARM",
    "initials": "AB",
    "case_id": "100101",
    "aware_date": "2026-11-23",
    "aware_time": "16:10",
    "what_happened": STORY,
    "actions_taken": DONE,
    "who_told": SPOKEN,
}
TOLD = (
    ToldPerson(
        name="Tara Whitfield",
        tier="Team manager",
        reached="yes",
        acknowledged_at=NOW + timedelta(minutes=4),
        phone="",
    ),
    ToldPerson(name="Neil Abara", tier="Service manager", reached="yes", acknowledged_at=None, phone=""),
    ToldPerson(name="Chloe Marsh", tier="Head of service", reached="waiting", acknowledged_at=None, phone=""),
    ToldPerson(
        name="Dana O'Holloway-*Smith*",
        tier="Director",
        reached="no",
        acknowledged_at=None,
        phone="01632 960106",
    ),
)


def offer(days: int, free: int, *, is_open: bool = True) -> SittingOffer:
    starts_at = SITTING + timedelta(days=days)
    return SittingOffer(
        sitting_id=f"{days:032d}",
        panel="LGP",
        panel_name="Legal Gateway Panel",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=150),
        papers_due_at=PAPERS + timedelta(days=days),
        free=free,
        capacity=4,
        is_open=is_open,
        incorporates=(),
    )


ITEM = ItemCard(
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
)
CANCELLED = ItemCard(
    item_id=ID,
    version=2,
    reference="ITEM-2026-0007",
    initials="AB",
    case_id="100101",
    panel="LGP",
    panel_name="Legal Gateway Panel",
    request_type="Start pre-proceedings",
    presenter="Sam Okafor",
    state="cancelled",
    sitting_id="",
    starts_at=None,
    ends_at=None,
    slot_starts_at=None,
    place=None,
    papers_due_at=None,
    may_change=False,
    agenda_sent=False,
)
RECEIPT = NtkReceipt(
    ntk_id=ID,
    reference="NTK-2026-0042",
    category="Serious injury or harm",
    level=1,
    initials="AB",
    case_id="100101",
    raised_at=NOW,
    told=TOLD,
    gaps=("Assistant director",),
)
LINE = NtkLine(
    ntk_id=ID,
    reference="NTK-2026-0042",
    category="Serious injury or harm",
    level=1,
    initials="AB",
    case_id="100101",
    raised_at=NOW,
    acknowledged=1,
    told=4,
)


def ntk_card(*, acknowledged: bool = False, again: bool = False) -> NtkCard:
    return NtkCard(
        ntk_id=ID,
        reference="NTK-2026-0042",
        category="Serious injury or harm",
        level=1,
        level_meaning="everyone up to the Director, at once",
        initials="AB",
        case_id="100101",
        raised_by="Sam Okafor",
        raiser_phone="01632 960101",
        team="North team",
        raised_at=NOW,
        aware_at=NOW - timedelta(minutes=40),
        what_happened=STORY,
        actions_taken=DONE,
        who_told=SPOKEN,
        told=TOLD,
        acknowledged_at=NOW + timedelta(minutes=4) if acknowledged else None,
        may_acknowledge=True,
        sent_again_at=NOW + timedelta(minutes=2) if again else None,
    )


def agenda(lines: int, *, is_change: bool = False) -> Agenda:
    return Agenda(
        sitting_id=ID,
        panel="LGP",
        panel_name="Legal Gateway Panel",
        starts_at=SITTING,
        ends_at=SITTING + timedelta(minutes=150),
        papers_due_at=PAPERS,
        status="planned",
        capacity=4,
        free=4 - lines,
        incorporates=(),
        lines=tuple(
            AgendaLine(
                item_id=f"{place:032d}",
                place=place,
                starts_at=SITTING + timedelta(minutes=30 * (place - 1)),
                reference=f"ITEM-2026-{place:04d}",
                initials="AB",
                case_id=f"10010{place}",
                panel="LGP",
                request_type="Start pre-proceedings",
                presenter="Sam Okafor",
            )
            for place in range(1, lines + 1)
        ),
        is_change=is_change,
    )


def samples() -> Iterator[tuple[str, ports.Message]]:
    """(file name, message) for every card of the gallery."""

    def form(fields: dict[str, str], errors: dict[str, Code]) -> ports.Message:
        return ntk.form(
            draft_id=ID,
            fields=fields,
            categories=CATEGORIES,
            case_id_label="Case ID",
            case_id_example="123456",
            errors=errors,
        )

    def case_form(errors: dict[str, Code]) -> ports.Message:
        return booking.case_form(
            draft_id=ID,
            fields={"initials": "AB", "case_id": "1001"},
            panels=PANELS,
            case_id_label="Case ID",
            case_id_example="123456",
            errors=errors,
        )

    def sitting_form(offers: list[SittingOffer], refusal: str = "") -> ports.Message:
        return booking.sitting_form(
            draft_id=ID,
            fields={"initials": "AB", "case_id": "100101"},
            panel_name="Legal Gateway Panel",
            request_types=[Choice(value="PRE", label="Start pre-proceedings"), Choice(value="ISSUE", label="Issue")],
            offers=offers,
            errors={},
            refusal=refusal,
        )

    preview = NtkPreview(
        draft_id=ID,
        category="Serious injury or harm",
        level=1,
        level_meaning="everyone up to the Director, at once",
        initials="AB",
        case_id="100101",
        aware_at=NOW - timedelta(minutes=40),
        what_happened=STORY,
        actions_taken=DONE,
        who_told=SPOKEN,
        told=TOLD,
        gaps=("Assistant director",),
        initials_differ=True,
    )
    full = "The last slot of that sitting has just been taken. Choose another below."
    hints = [
        people.Hint(example="raise", does="raise a need-to-know notification (NTK)"),
        people.Hint(example="book AB 123456 onto legal gateway", does="book a case onto a panel"),
    ]
    yield "agenda", sitting.agenda(agenda(4))
    yield "agenda_changed", sitting.agenda(agenda(2, is_change=True))
    yield "agenda_empty", sitting.agenda(agenda(0))
    yield "help", people.help_card(hints, may_raise=True, may_book=True)
    yield "item", booking.item(ITEM)
    yield "item_from_agenda", booking.item(ITEM, back_to=ID)
    yield "item_cancel", booking.cancel_form(ITEM)
    yield "item_cancelled", booking.item(CANCELLED)
    yield "item_case_form", case_form({})
    yield "item_case_form_errors", case_form({"case_id": Code.CASE_ID_FORMAT, "panel": Code.MISSING})
    yield "item_change", booking.change_form(ITEM, [offer(0, 2), offer(7, 1), offer(14, 4)])
    yield "item_moved_by_other", booking.changed(ItemChanged(item=ITEM, changed_by="Connor Byrne"))
    yield "item_sitting_form", sitting_form([offer(-7, 2, is_open=False), offer(0, 1), offer(7, 4)])
    yield "item_sitting_form_lost_race", sitting_form([offer(0, 0, is_open=False), offer(7, 4)], refusal=full)
    yield "item_sitting_form_none", sitting_form([offer(0, 0, is_open=False)])
    yield "my_items", booking.mine([ITEM])
    yield "my_items_none", booking.mine([])
    yield (
        "next_sittings",
        sitting.next_sittings("LGP", "Legal Gateway Panel", [offer(0, 0, is_open=False), offer(7, 4)], may_book=True),
    )
    yield "not_saved", common.not_saved("01632 960199")
    yield "ntk", ntk.card(ntk_card())
    yield "ntk_acknowledged", ntk.card(ntk_card(acknowledged=True))
    yield "ntk_check", ntk.check(preview)
    yield "ntk_form", form({"aware_date": "2026-11-23", "aware_time": "16:50"}, {})
    yield (
        "ntk_form_errors",
        form(
            {**FIELDS, "initials": "Annabel B", "who_told": ""},
            {"initials": Code.INITIALS_FORMAT, "who_told": Code.MISSING},
        ),
    )
    yield "ntk_lists", ntk.lists([LINE], [])
    yield (
        "ntk_not_delivered",
        ntk.not_delivered(
            NotDelivered(
                ntk_id=ID, reference="NTK-2026-0042", level=1, initials="AB", case_id="100101", to_phone=TOLD[3:]
            )
        ),
    )
    yield "ntk_receipt", ntk.receipt(RECEIPT)
    yield "ntk_resume", ntk.resume(ID, FIELDS)
    yield "ntk_sent_again", ntk.card(ntk_card(again=True))
    yield "refusal", common.refusal(Code.NOT_ALLOWED, {})
    yield "reminder", booking.reminder(ITEM)
    yield "sorry", common.sorry("7F3A-91C2")
    yield "stale", common.refusal(Code.STALE_CARD, {})
    yield (
        "welcome",
        people.help_card(
            hints,
            may_raise=True,
            may_book=True,
            title="Welcome to Usher",
            opening="Usher takes need-to-know notifications.",
        ),
    )


def text_of(name: str, message: ports.Message) -> str:
    """A sample file's content."""
    value = {"name": name, "summary": message.summary, "card": message.card}
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def write() -> None:
    """Write every sample, and remove those no longer drawn."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = {f"{name}.json": text_of(name, message) for name, message in samples()}
    for file in FOLDER.glob("*.json"):
        if file.name not in wanted:
            file.unlink()
    for name, content in wanted.items():
        (FOLDER / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write()
