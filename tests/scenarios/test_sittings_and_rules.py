"""The council changes when a panel sits: shown before it is saved, and done only where no agenda is out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from bot.cli.rulebook import effect_line
from casework.domain.panel_rulebook import Panel
from casework.domain.rule_effect import Effect
from casework.domain.rulebook import Rulebook
from casework.services import rulebook, sitting_rules, sittings
from tests.scenarios import reading
from tests.scenarios.chain import current_rulebook
from tests.scenarios.council import Council
from tests.scenarios.test_sittings import LGP_9, book_legal_gateway, saves, standing

LAST = date(2027, 1, 15)


async def changed(council: Council, code: str, **values: object) -> Rulebook:
    """The rulebook in effect with one panel's rule changed."""
    book = await current_rulebook(council)
    panels = tuple(
        Panel.model_validate(panel.model_dump() | values) if panel.code == code else panel for panel in book.panels
    )
    return book.model_copy(update={"panels": panels})


async def applies(council: Council, book: Rulebook) -> None:
    await rulebook.apply(council.parts.context, book, applied_by="the test", why="A new year.")
    await sittings.extend(council.parts.context)
    await council.send_all()


async def foreseen(council: Council, book: Rulebook) -> list[Effect]:
    return list(await sitting_rules.foreseen(council.parts.context, book, last=LAST))


async def test_the_rulebook_in_effect_has_no_effect(council: Council) -> None:
    assert await foreseen(council, await current_rulebook(council)) == []


async def test_a_later_start_is_shown_line_by_line_and_moves_what_is_booked(council: Council) -> None:
    await book_legal_gateway(council, 1)
    book = await changed(council, "LGP", start=time(10), end=time(12, 30))

    lines = [effect_line(one) for one in await foreseen(council, book)]
    await applies(council, book)

    # the agenda of Wednesday 2 December is out
    assert lines[0] == "  Wednesday 9 December 2026    LGP   Wed 9 Dec 09:30-12:00 -> Wed 9 Dec 10:00-12:30, 1 booked"
    assert len(lines) == 6
    card = council.person("sam").card("The Legal Gateway Panel has moved")
    assert reading.facts(card)["Sitting"] == "Wednesday 9 December 2026, 10am to 12:30pm"
    assert (await standing(council))["ITEM-2026-0001"] == ("booked", "09 Dec")
    assert await foreseen(council, book) == []


async def test_a_day_that_goes_takes_empty_sittings_and_keeps_booked_ones(council: Council) -> None:
    await book_legal_gateway(council, 1)
    book = await changed(council, "LGP", schedule={"kind": "weekly", "weekday": "friday"})

    found = await foreseen(council, book)
    await applies(council, book)

    assert {one.kind for one in found} == {"new", "dropped", "kept"}
    assert [(one.on, one.kind) for one in found if one.kind == "kept"] == [(date(2026, 12, 9), "kept")]
    await council.person("sam").says("next legal gateway")
    said = council.person("sam").latest.words
    assert "Wednesday 9 December 2026" in said
    assert "Friday 11 December 2026" in said
    assert "Wednesday 16 December 2026" not in said


async def test_once_an_agenda_is_out_a_rule_change_leaves_the_sitting_alone(council: Council) -> None:
    await book_legal_gateway(council, 1)
    await council.at(datetime(2026, 12, 7, 16, 1, tzinfo=UTC))
    book = await changed(council, "LGP", start=time(10), end=time(12, 30))

    await applies(council, book)

    await council.person("sam").says("next legal gateway")
    assert "Wednesday 9 December 2026, 9:30am to midday" in council.person("sam").latest.words
    assert "Wednesday 16 December 2026, 10am to 12:30pm" in council.person("sam").latest.words


async def test_what_somebody_decided_by_hand_is_not_undone_by_a_rule(council: Council) -> None:
    await saves(council, LGP_9, when_date="2026-12-10", when_time="13:00")
    book = await changed(council, "LGP", start=time(10), end=time(12, 30))

    await applies(council, book)

    await council.person("sam").says("next legal gateway")
    assert "Thursday 10 December 2026, 1pm to 3:30pm" in council.person("sam").latest.words


async def test_fewer_slots_than_are_booked_are_kept_and_named(council: Council) -> None:
    await book_legal_gateway(council, 3)
    book = await changed(council, "LGP", slots=2, urgent_held=0)

    found = await foreseen(council, book)
    await applies(council, book)

    assert [(one.on, one.kind) for one in found if one.kind == "kept"] == [(date(2026, 12, 9), "kept")]
    assert set((await standing(council)).values()) == {("booked", "09 Dec")}
