"""Draws the gallery in Chromium: pictures of every card, and what is wrong with how they look and read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from gallery import chromium, page, samples

_OVERFLOWS = """figures => figures.flatMap(figure => {
  const card = figure.querySelector(".card");
  const edge = card.getBoundingClientRect().right + 1;
  const past = [...card.querySelectorAll("*")].filter(part => part.getBoundingClientRect().right > edge
    || (part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== "visible"
        && !["INPUT", "SELECT", "TEXTAREA"].includes(part.tagName)));
  return past.length ? [`${figure.dataset.sample} (${figure.dataset.view}): ${past[0].textContent.slice(0, 60)}`] : [];
})"""
_EMPTY = """figures => figures.filter(figure => !figure.querySelector(".card").innerText.trim())
  .map(figure => `${figure.dataset.sample} (${figure.dataset.view})`)"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of a drawing: the pictures made, in order, and everything wrong with the cards in them."""

    pictures: list[Path]
    problems: list[str]


def draw(cards: Sequence[samples.Sample], out: Path) -> Drawn:
    """Write index.html and one picture per card and view into `out`, and check what was drawn.

    A problem is: a rule of axe broken, a card wider than its frame, an empty card, an error on the page, a card too
    heavy for Teams. Raises NoChromium and FileNotFoundError when the tools are missing.
    """
    out.mkdir(parents=True, exist_ok=True)
    index = out / "index.html"
    index.write_text(page.build(cards), encoding="utf-8")
    heavy = [
        f"{sample.name}: {samples.weight(sample.card)} bytes of UTF-16, Teams takes {samples.MOST_BYTES}"
        for sample in cards
        if samples.weight(sample.card) >= samples.MOST_BYTES
    ]
    path = chromium.find()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
        try:
            sheet = browser.new_page(viewport={"width": 1360, "height": 900}, locale="en-GB")
            errors: list[str] = []
            sheet.on("pageerror", lambda error: errors.append(f"error on the page: {error}"))
            sheet.on("request", lambda request: errors.extend(_foreign(request.url)))
            sheet.goto(index.resolve().as_uri())
            sheet.wait_for_function("document.body.dataset.drawn === 'yes'", timeout=30_000)
            pictures = _pictures(sheet, out)
            problems = [*heavy, *_broken(sheet), *_unreadable(sheet), *errors]
        finally:
            browser.close()
    return Drawn(pictures, problems)


def _foreign(url: str) -> list[str]:
    return [] if url.startswith(("file:", "data:", "blob:")) else [f"the page asks for {url}"]


def _pictures(sheet: Page, out: Path) -> list[Path]:
    made = []
    for figure in sheet.locator("figure").all():
        name = f"{figure.get_attribute('data-sample')}-{figure.get_attribute('data-view')}.png"
        figure.screenshot(path=out / name)
        made.append(out / name)
    return made


def _broken(sheet: Page) -> Iterator[str]:
    figures = sheet.locator("figure")
    yield from (f"wider than its frame: {found}" for found in figures.evaluate_all(_OVERFLOWS))
    yield from (f"nothing to read: {found}" for found in figures.evaluate_all(_EMPTY))


def _unreadable(sheet: Page) -> Iterator[str]:
    # every rule axe has, none excused
    sheet.add_script_tag(path=page.AXE)
    found: dict[str, list[dict[str, Any]]] = sheet.evaluate("axe.run(document, {resultTypes: ['violations']})")
    for violation in found["violations"]:
        for node in violation["nodes"]:
            yield f"axe {violation['id']}: {violation['help']}: {' '.join(map(str, node['target']))}"
