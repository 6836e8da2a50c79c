"""What a council settles, as data: levels, tiers, categories, panels, calendar and times of sending."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PositiveInt, model_validator

from casework.domain import ntk_rulebook
from casework.domain.ntk_rulebook import Category, Level, Tier
from casework.domain.rulebook_base import Code, Data, Text

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")


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


class Weekly(Data):
    kind: Literal["weekly"]
    weekday: Weekday


class EveryNWeeks(Data):
    """Every n-th week counted from an anchor date: never by ISO week parity."""

    kind: Literal["every_n_weeks"]
    anchor: date
    weeks: Annotated[int, Field(ge=1, le=52)]


class NthOfMonth(Data):
    month: Annotated[int, Field(ge=1, le=12)]
    nth: Annotated[int, Field(ge=1, le=4)]


class LastOfMonth(Data):
    """The last such weekday of each month, but for months with an n-th of their own."""

    kind: Literal["last_of_month"]
    weekday: Weekday
    instead: tuple[NthOfMonth, ...] = ()


Schedule = Annotated[Weekly | EveryNWeeks | LastOfMonth, Field(discriminator="kind")]


class OnHoliday(Data):
    """What happens to a sitting whose day is closed."""

    kind: Literal["skip", "next_working_day", "previous_working_day", "ask"]


class MoveTo(Data):
    """Move to the next such weekday at another time; ask where that day is closed too."""

    kind: Literal["move_to"]
    weekday: Weekday
    start: time
    end: time


HolidayRule = Annotated[OnHoliday | MoveTo, Field(discriminator="kind")]


class Before(Data):
    """A moment so many operating days before a sitting, at a time of day in London."""

    days_before: Annotated[int, Field(ge=0, le=30)]
    at: time


class RequestType(Data):
    """What a panel can be asked; `band` is the place in the panel's `bands` an item of this kind begins at."""

    code: Code
    name: Text
    band: Annotated[int, Field(ge=1, le=9)] = 9


class Panel(Data):
    """A panel. One with `incorporated_in` has no sittings of its own: it is heard within that panel's."""

    code: Code
    name: Text
    short_name: Text
    aliases: tuple[Text, ...] = ()
    chair: Text
    schedule: Schedule
    start: time
    end: time
    slot_minutes: PositiveInt
    slots: PositiveInt
    urgent_held: Annotated[int, Field(ge=0)] = 0
    on_holiday: HolidayRule
    papers: Before
    agenda: Before | None = None
    incorporated_in: Code | None = None
    request_types: tuple[RequestType, ...] = Field(min_length=1)
    bands: tuple[Text, ...] = ()

    def request_type(self, code: str) -> RequestType | None:
        """None for one a later rulebook no longer has."""
        return next((known for known in self.request_types if known.code == code), None)

    def band_of(self, code: str) -> int:
        """The priority band, 1 the highest, an item of this request type begins in."""
        known = self.request_type(code)
        return min(known.band if known else 9, max(1, len(self.bands)))

    @model_validator(mode="after")
    def _fits(self) -> Panel:
        minutes = (self.end.hour - self.start.hour) * 60 + self.end.minute - self.start.minute
        if minutes <= 0:
            raise ValueError("end is not after start")
        if self.slots * self.slot_minutes > minutes:
            raise ValueError(f"{self.slots} slots of {self.slot_minutes} minutes don't fit into {minutes} minutes")
        if self.urgent_held > self.slots:
            raise ValueError("urgent_held is more than slots")
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
