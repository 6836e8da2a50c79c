"""One person's chat window in Chromium, driven the way a person would: by what is written on things."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, time
from typing import Self

from playwright.async_api import Browser, Locator, Page, expect

from demo import windows

# a card may wait for Usher's outbox, whose pace is seconds
SECONDS_TO_ARRIVE = 20.0


@dataclass(frozen=True, slots=True)
class Chat:
    """An open Agents Playground. It shows only what comes while it is open, and forgets all when it is loaded again."""

    page: Page

    @classmethod
    async def open(cls, browser: Browser, window: windows.Window) -> Self:
        """Open `window`; the page tells Usher by itself that it was installed, and is ready when this returns."""
        page = await browser.new_page(viewport={"width": 1400, "height": 1000})
        async with page.expect_response(lambda answer: answer.url.endswith("/installation")):
            await page.goto(window.url)
        await expect(page.get_by_role("button", name="Send Message")).to_be_visible()
        return cls(page)

    async def say(self, words: str) -> None:
        """Type `words` into the box below, and send them."""
        await self.page.locator("[data-lexical-editor]").fill(words)
        await self.page.get_by_role("button", name="Send Message").click()

    async def card(self, *words: str, seconds: float = SECONDS_TO_ARRIVE) -> Card:
        """The newest card on which all `words` stand, once there is one."""
        cards = self.cards
        for one in words:
            cards = cards.filter(has_text=one)
        found = cards.last
        await expect(found).to_be_visible(timeout=seconds * 1000)
        return Card(found)

    @property
    def cards(self) -> Locator:
        return self.page.locator(".ac-adaptiveCard")


@dataclass(frozen=True, slots=True)
class Card:
    """One card in a chat. Fields are found by their labels, buttons by their titles."""

    place: Locator

    async def text(self) -> str:
        return await self.place.inner_text()

    async def write(self, label: str, words: str) -> None:
        await self.place.get_by_role("textbox", name=label).fill(words)

    async def tick(self, label: str, option: str) -> None:
        """Choose one of a list all of which is shown."""
        await self.place.get_by_role("radiogroup", name=label).get_by_role("radio", name=option, exact=True).check()

    async def choose(self, label: str, option: str) -> None:
        """Choose one of a list that opens."""
        await self.place.get_by_role("combobox", name=label).click()
        await self.place.page.get_by_role("option", name=option).click()

    async def pick_date(self, label: str, day: date) -> None:
        """Leaf to `day` in the calendar that opens."""
        await self.place.get_by_role("combobox", name=label).click()
        popup = self.place.page.get_by_role("dialog", name="Calendar")
        month = f"{day:%B} {day.year}"
        while not await popup.get_by_role("button", name=month, exact=True).count():
            shown = await popup.locator(".fui-CalendarDay__monthAndYear").inner_text()
            way = "Next" if _month(shown) < (day.year, day.month) else "Previous"
            await popup.get_by_role("button", name=f"{way} month").click()
            await expect(popup.get_by_role("button", name=shown, exact=True)).to_have_count(0)
        await popup.get_by_role("button", name=f"{day.day}, {day:%B}, {day.year}", exact=True).click()

    async def pick_time(self, label: str, at: time) -> None:
        """Choose a full or half hour: the Playground offers no others, and drops what is typed."""
        await self.place.get_by_role("combobox", name=label).click()
        shown = f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"
        await self.place.page.get_by_role("option", name=shown, exact=True).click()

    async def press(self, title: str) -> None:
        await self.place.get_by_role("button", name=title, exact=True).click()


def _month(shown: str) -> tuple[int, int]:
    name, _, year = shown.partition(" ")
    return int(year), list(calendar.month_name).index(name)
