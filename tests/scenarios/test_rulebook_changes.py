"""The council changes its rulebook: what was made under the old one is still shown, sent and settled."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from casework.domain.rulebook import Rulebook
from casework.services import rulebook
from tests.scenarios import reading
from tests.scenarios.council import MONDAY_AFTERNOON, STORY, TOLD_AT_LEVEL_1, Council, open_council

NTK = "Need-to-know NTK-2026-0001"
AGENDA_DUE = datetime(2026, 12, 7, 16, tzinfo=UTC)


async def apply(council: Council, **changed: object) -> None:
    """Put a changed rulebook into effect now."""
    async with council.parts.context.database.reading() as work:
        book: Rulebook = (await council.parts.context.rules(work)).book
    await rulebook.apply(
        council.parts.context, book.model_copy(update=changed), applied_by="the test", why="A new year."
    )


async def current(council: Council) -> Rulebook:
    async with council.parts.context.database.reading() as work:
        return (await council.parts.context.rules(work)).book


async def test_an_ntk_of_a_category_that_is_gone_is_still_sent_listed_and_acknowledged(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam, tara = council.person("sam"), council.person("tara")
        await council.raises("sam")
        book = await current(council)
        left = tuple(category for category in book.categories if category.code != STORY["category"])

        await apply(council, categories=left)
        await council.send_all()
        seen_by = council.who_sees(NTK)
        await tara.says("my ntks")
        listed = tara.latest.words
        await tara.clicks(tara.card(NTK), "Acknowledge")
        await council.send_all()

        assert seen_by == TOLD_AT_LEVEL_1
        assert "NTK-2026-0001" in listed
        assert "Tara Whitfield, team manager: **acknowledged**" in sam.card("Need-to-know raised").words


async def test_an_item_of_a_panel_that_is_gone_is_still_listed_shown_and_cancelled(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam = council.person("sam")
        booked = await council.books("sam", "AB 100101 onto legal gateway")
        book = await current(council)
        left = tuple(panel for panel in book.panels if panel.code != "LGP")

        await apply(council, panels=left)
        await sam.says("my items")
        opened = reading.facts(await sam.clicks(sam.card("Your panel items"), "Open ITEM-2026-0001"))
        asked = await sam.clicks(booked, "Cancel item")
        await council.at(AGENDA_DUE)
        agenda = council.person("chloe").card("Wednesday 9 December").words
        cancelled = await council.presses(
            "connor", "item.cancel_confirm", reading.data_of(asked, "item.cancel_confirm")
        )

        assert opened["Reference"] == "ITEM-2026-0001"
        assert "AB (ID 100101)" in agenda
        assert reading.title(cancelled) == "Cancelled: ITEM-2026-0001"


async def test_a_form_begun_under_the_old_rulebook_is_judged_by_the_new_one(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")
        await council.fills_in("sam")
        book = await current(council)
        left = tuple(category for category in book.categories if category.code != STORY["category"])

        await apply(council, categories=left)
        form = await sam.clicks(sam.card("Check before you send"), "ntk.send")

        assert reading.title(form) == "Raise a need-to-know"
        assert "Choose one from the list" in form.words
        await sam.clicks(form, "Continue", {"category": left[0].code})
        assert reading.typed(form)["what_happened"] == STORY["what_happened"]
