"""The building blocks of the rulebook's models: frozen data that refuses keys it doesn't know."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,15}$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
Text = Annotated[str, Field(min_length=1, max_length=200)]
LongText = Annotated[str, Field(min_length=1, max_length=600)]


class Data(BaseModel):
    """Frozen; a key that means nothing is a mistake, not a comment."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Within(Data):
    """A span from some moment: minutes by the clock or in office hours, or the n-th operating day at a time of day.

    Days count operating days after the moment's own day; 0 is that day, or the next operating day once the time of
    day has passed.
    """

    minutes: PositiveInt | None = None
    hours: Literal["clock", "working"] = "clock"
    days: Annotated[int, Field(ge=0, le=60)] | None = None
    at: time | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Within:
        by_day = self.days is not None and self.at is not None
        if (self.minutes is not None) == by_day or (self.minutes is not None and self.at is not None):
            raise ValueError('write either { minutes = 30 } or { days = 1, at = "17:00" }')
        return self
