"""The gallery's cards: each drawn from a made-up view, written by `make samples`, kept fresh by a test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cards import booking, common, feed, people, sitting
from casework import ports
from casework.domain import item_forms
from casework.domain.errors import Code
from casework.views import Choice, SittingOffer
from tests import samples_agendas, samples_deliveries, samples_forms, samples_items, samples_ntk, samples_sittings
from tests.samples_views import BOOK, ID

FOLDER = Path("cards/samples")
SITTING = datetime(2026, 12, 2, 9, 30, tzinfo=UTC)
PAPERS = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
PANELS = [
    Choice(value="ARP", label="Access to Resources Panel"),
    Choice(value="HP", label="Housing Pathways"),
    Choice(value="LGP", label="Legal Gateway Panel"),
    Choice(value="PERM", label="Permanency Panel"),
]


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
        questions=item_forms.request(BOOK.panel("LGP")),
        refusal=refusal,
        approved_by="It goes to the team manager, then the service manager first, who has to agree.",
    )


def samples() -> Iterator[tuple[str, ports.Message]]:
    """(file name, message) for every card of the gallery."""
    full = "The last slot of that sitting has just been taken. Choose another below."
    hints = [
        people.Hint(example="raise", does="raise a need-to-know notification (NTK)"),
        people.Hint(example="book AB 123456 onto legal gateway", does="book a case onto a panel"),
    ]
    yield from samples_forms.forms()
    yield from samples_ntk.raised()
    yield from samples_sittings.managed()
    yield from samples_items.all_of_it()
    yield from samples_agendas.all_of_it()
    yield from samples_deliveries.all_of_it()
    yield "calendar", feed.page(None, is_set_up=True)
    yield "calendar_has", feed.page(SITTING, is_set_up=True)
    yield "calendar_made", feed.made(f"https://usher.council.example/calendar/{'q7Hs-9' * 7}w.ics")
    yield "calendar_not_here", feed.page(None, is_set_up=False)
    yield "calendar_stopped", feed.stopped()
    yield "help", people.help_card(hints, may_raise=True, may_book=True)
    yield "item_cancel", booking.cancel_form(samples_items.CARD)
    waiting = replace(
        samples_items.CARD, state="waiting", starts_at=None, slot_starts_at=None, place=None, papers_due_at=None
    )
    yield "item_case_form", case_form({})
    yield "item_case_form_errors", case_form({"case_id": Code.CASE_ID_FORMAT, "panel": Code.MISSING})
    yield "item_change", booking.change_form(samples_items.CARD, [offer(0, 2), offer(7, 1), offer(14, 4)])
    yield "item_sitting_form", sitting_form([offer(-7, 2, is_open=False), offer(0, 1), offer(7, 4)])
    yield "item_sitting_form_lost_race", sitting_form([offer(0, 0, is_open=False), offer(7, 4)], refusal=full)
    yield "item_sitting_form_none", sitting_form([offer(0, 0, is_open=False)])
    held = [offer(7, 4), replace(offer(0, 0, is_open=False), only_urgent=True)]
    yield "item_sitting_form_urgent", sitting_form(held)
    yield "my_items", booking.mine([replace(waiting, reference="ITEM-2026-0008"), samples_items.CARD])
    yield "my_items_none", booking.mine([])
    yield (
        "next_sittings",
        sitting.next_sittings("LGP", "Legal Gateway Panel", [offer(0, 0, is_open=False), offer(7, 4)], may_book=True),
    )
    yield "not_saved", common.not_saved("01632 960199")
    yield "refusal", common.refusal(Code.NOT_ALLOWED, {})
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
