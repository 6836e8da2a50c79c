"""The gallery draws every card in every view, and sees what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from gallery import chromium, drawing, samples

CARDS = Path(__file__).parent / "cards"
VIEWS = ("light-600", "dark-600", "light-320", "dark-320")

pytestmark = pytest.mark.browser


def sample(name: str) -> samples.Sample:
    return next(found for found in samples.read(CARDS) if found.name == name)


def test_draw_makes_a_picture_of_each_card_in_each_view_and_finds_nothing_wrong_with_a_good_one(tmp_path: Path) -> None:
    drawn = drawing.draw([sample("good")], tmp_path)

    assert drawn.problems == []
    assert [picture.name for picture in drawn.pictures] == [f"good-{view}.png" for view in VIEWS]
    assert [_width(picture) for picture in drawn.pictures] == [632, 632, 352, 352]


def test_draw_sees_each_fault_where_it_is(tmp_path: Path) -> None:
    heavy = samples.Sample(
        name="heavy",
        summary="",
        card={"type": "AdaptiveCard", "version": "1.4", "speak": "a", "body": [_text("word " * 3000)]},
    )
    empty = samples.Sample(
        name="empty", summary="", card={"type": "AdaptiveCard", "version": "1.4", "body": [_text("")]}
    )

    drawn = drawing.draw([sample("pale"), sample("wide"), heavy, empty], tmp_path)

    assert [_shortened(problem) for problem in drawn.problems] == [
        "heavy: 30206 bytes of UTF-16, Teams takes 28672",
        "wider than its frame: wide (light-320)",
        "wider than its frame: wide (dark-320)",
        "nothing to read: empty (light-600)",
        "nothing to read: empty (dark-600)",
        "nothing to read: empty (light-320)",
        "nothing to read: empty (dark-320)",
        "axe color-contrast: light-600",
        "axe color-contrast: light-320",
    ]


def test_draw_reads_markdown_as_teams_does(tmp_path: Path) -> None:
    drawing.draw([sample("good")], tmp_path)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        sheet = browser.new_page()
        sheet.goto((tmp_path / "index.html").as_uri())
        card = sheet.locator("figure[data-view=light-600] .card")
        bold = card.locator("strong").all_inner_texts()
        listed = card.locator("li").all_inner_texts()
        plain = card.get_by_text("no heading").inner_text()
        browser.close()

    assert bold == ["bold", "There is a problem"]
    assert listed == ["first", "second"]
    assert plain == "# no heading, <b>no</b> HTML and *no* italics"


def _text(words: str) -> dict[str, object]:
    return {"type": "TextBlock", "text": words, "wrap": True}


def _shortened(problem: str) -> str:
    if problem.startswith("axe"):
        view = next(view for view in VIEWS if view in problem)
        return f"{problem.partition(': ')[0]}: {view}"
    if problem.startswith("wider"):
        return problem.partition("): ")[0] + ")"
    return problem


def _width(picture: Path) -> int:
    # where a PNG holds its width
    return int.from_bytes(picture.read_bytes()[16:20], "big")
