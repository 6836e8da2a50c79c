"""What a council settles, as data: levels, tiers, categories, panels, calendar and times of sending."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from casework.domain import ntk_rulebook
from casework.domain.ntk_rulebook import Category, Level, Tier
from casework.domain.panel_rulebook import Before, Panel, PanelWork
from casework.domain.rulebook_base import Data, Text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as fault:
        raise ValueError(f"is no regular expression: {fault}") from None
    return text


class Council(Data):
    """The council's name and how it writes a case id; `duty_phone` is what people ring when nothing can be saved."""

    name: Text
    short_name: Text
    case_id_label: Text
    case_id_pattern: Annotated[str, AfterValidator(_pattern)]
    case_id_example: Text
    duty_phone: Text

    @model_validator(mode="after")
    def _example_fits(self) -> Council:
        if not re.fullmatch(self.case_id_pattern, self.case_id_example):
            raise ValueError("case_id_example does not fit case_id_pattern")
        return self


class Closure(Data):
    """Days of every year on which the council is closed, as "MM-DD", both ends included."""

    first: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
    last: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
    name: Text

    @model_validator(mode="after")
    def _in_order(self) -> Closure:
        if self.last < self.first:
            raise ValueError("last is before first: write a closure over New Year as two")
        return self


class HolidayOverride(Data):
    """A day added to or taken from the bank holidays: royal events, moved days."""

    on: date
    name: Text
    kind: Literal["add", "remove"] = "add"


class CalendarRules(Data):
    """Bank holidays are those of England and Wales; after `published_to` they are projected."""

    published_to: Annotated[int, Field(ge=2026, le=2100)]
    closures: tuple[Closure, ...] = ()
    overrides: tuple[HolidayOverride, ...] = ()


class DeliveryRules(Data):
    """When Usher sends of itself, and how long a draft is kept."""

    agenda: Before
    presenter_reminder: Before
    draft_days: Annotated[int, Field(ge=1, le=366)]


class Rulebook(Data):
    """All of it."""

    council: Council
    tiers: tuple[Tier, ...] = Field(min_length=1)
    levels: tuple[Level, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)
    ntk: ntk_rulebook.Life
    fields: tuple[ntk_rulebook.Field, ...] = Field(min_length=1)
    criteria: tuple[ntk_rulebook.Criterion, ...] = ()
    prompts: tuple[ntk_rulebook.Prompt, ...] = ()
    missing: tuple[ntk_rulebook.Missing, ...] = ()
    panels: tuple[Panel, ...] = Field(min_length=1)
    panel_work: PanelWork
    calendar: CalendarRules
    delivery: DeliveryRules

    def panel(self, code: str) -> Panel:
        """Raises KeyError."""
        return {panel.code: panel for panel in self.panels}[code]

    def category(self, code: str) -> Category:
        """Raises KeyError."""
        return {category.code: category for category in self.categories}[code]

    def field(self, code: str) -> ntk_rulebook.Field:
        """Raises KeyError."""
        return {field.code: field for field in self.fields}[code]

    def prompt(self, code: str) -> ntk_rulebook.Prompt:
        """Raises KeyError."""
        return {prompt.code: prompt for prompt in self.prompts}[code]

    def level(self, number: int) -> Level:
        """Raises KeyError."""
        return {level.number: level for level in self.levels}[number]
