"""What a council settles about need-to-knows, as data: the line, levels, categories, form, clocks and life."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import Field as Limit
from pydantic import PositiveInt, model_validator

from casework.domain.rulebook_base import Code, Data, LongText, Name, Text, Within

FieldKind = Literal[
    "category", "initials", "case_id", "children", "text", "long_text", "choice", "choices", "yes_no", "date",
    "moment", "links", "person", "actions",
]  # fmt: skip


class Tier(Data):
    """One step of the management line; `scope` says for what somebody holds it."""

    code: Code
    name: Text
    scope: Literal["team", "service", "council"]


class Target(Data):
    """By when one tier has to acknowledge, where it differs from the level's."""

    tier: Code
    within: Within


class Step(Data):
    """What happens so many minutes after a tier's time to acknowledge has passed.

    "remind" asks the same people again, "deputy" tells their deputies, "above" the next tier, "alarm" the duty head.
    """

    do: Literal["remind", "deputy", "above", "alarm"]
    minutes: Annotated[int, Limit(ge=0, le=10_000)]
    hours: Literal["clock", "working"] = "clock"


class Level(Data):
    """How far up an NTK goes, how fast, and what happens when nobody acknowledges.

    `tell`: every tier at once, or each once the tier below has acknowledged or run out of time. `decides` is the tier
    that says whether it goes further up. `also` are the roles told besides, for information.
    """

    number: PositiveInt
    name: Text
    tiers: tuple[Code, ...] = Limit(min_length=1)
    meaning: Text
    tell: Literal["at_once", "in_turn"] = "at_once"
    raise_within: Within | None = None
    acknowledge: Within | None = None
    by_tier: tuple[Target, ...] = ()
    steps: tuple[Step, ...] = ()
    update_every: Within | None = None
    decides: Code | None = None
    also: tuple[Code, ...] = ()

    def acknowledge_within(self, tier: str) -> Within | None:
        """The time one tier has to acknowledge; None where nobody waits for it."""
        return next((target.within for target in self.by_tier if target.tier == tier), self.acknowledge)


class LevelWhen(Data):
    """A category begins at another level when a field of the form holds one of these values."""

    field: Name
    values: tuple[Text, ...] = Limit(min_length=1)
    level: PositiveInt


class AlsoWhen(Data):
    """A role told besides the line when a field of the form holds one of these values."""

    role: Code
    field: Name
    values: tuple[Text, ...] = Limit(min_length=1)


class Category(Data):
    """What an NTK can be about: the level it begins at, who is told besides the line, whose acknowledgement counts."""

    code: Code
    name: Text
    level: PositiveInt
    restricted: bool = False
    level_when: tuple[LevelWhen, ...] = ()
    also: tuple[Code, ...] = ()
    also_when: tuple[AlsoWhen, ...] = ()
    acknowledged_by: Literal["any", "all", "one_per_tier"] = "one_per_tier"


class Choice(Data):
    code: Annotated[str, Limit(pattern=r"^[A-Za-z0-9]{1,40}$")]
    name: Text


class When(Data):
    """Where a field of the form holds one of these values."""

    field: Name
    values: tuple[Text, ...] = Limit(min_length=1)


class Field(Data):
    """One question of a form. `categories` empty: asked for every category; `required_when`: required only then.

    A date with `is_past` can't lie ahead; a moment has come already, one with `is_ahead` has not. `staff_names` lets
    the names of people on Usher's list stand: "who have you spoken to" can't be answered without.
    """

    code: Name
    label: Text
    kind: FieldKind
    page: Literal["who", "what"] = "what"
    required: bool = False
    hint: Annotated[str, Limit(max_length=200)] = ""
    missing: Annotated[str, Limit(max_length=200)] = ""
    choices: tuple[Choice, ...] = ()
    initial: Annotated[str, Limit(max_length=40)] = ""
    categories: tuple[Code, ...] = ()
    required_when: When | None = None
    max_length: Annotated[int, Limit(ge=0, le=4000)] = 0
    staff_names: bool = False
    is_ahead: bool = False
    is_past: bool = False

    @model_validator(mode="after")
    def _is_whole(self) -> Field:
        if self.kind in ("choice", "choices") and not self.choices:
            raise ValueError("has nothing to choose from: give it choices")
        if (self.required or self.required_when) and not self.missing:
            raise ValueError("is required: say in missing what somebody is told who leaves it empty")
        return self

    def choice_name(self, code: str) -> str:
        """The words of one choice; the code itself where no choice has it."""
        return next((choice.name for choice in self.choices if choice.code == code), code)


class Criterion(Data):
    """When something must be raised as this category: the words, on what they rest, and where they stand.

    `basis` "proposal" is shown as Usher's own, not yet adopted by the council.
    """

    code: Code
    category: Code
    text: LongText
    basis: Literal["law", "council", "proposal"]
    clause: Text


class Prompt(Data):
    """A statutory or other outside clock: Usher reminds and counts; only a named person ever records the answer.

    It starts for `categories` (all when empty), where `when` fits, at `starts`: when the council became aware, when
    the NTK was raised, or when a child was found.
    """

    code: Code
    name: Text
    question: LongText
    categories: tuple[Code, ...] = ()
    when_any: tuple[When, ...] = ()
    when_given: Name | None = None
    starts: Literal["aware", "raised", "found"] = "aware"
    statutory_days: PositiveInt | None = None
    hours: PositiveInt | None = None
    owner: Code
    source: Text
    warn_days: tuple[Annotated[int, Limit(ge=0, le=20)], ...] = ()

    @model_validator(mode="after")
    def _has_a_length(self) -> Prompt:
        if (self.statutory_days is None) == (self.hours is None):
            raise ValueError("needs either statutory_days or hours")
        return self


class Missing(Data):
    """After how long missing which tiers are told, by the child's legal status (any when empty) and the risk."""

    code: Code
    statuses: tuple[Code, ...] = ()
    risks: tuple[Code, ...] = ()
    hours: Annotated[int, Limit(ge=0, le=1000)]
    tiers: tuple[Code, ...] = Limit(min_length=1)


class Life(Data):
    """Everything about an NTK that belongs to no single level: office hours, duplicates, digests, who is excluded."""

    opens: time
    closes: time
    duplicate_hours: PositiveInt
    consult_within: Within
    excluded: Literal["subject", "subject_and_line"]
    digest_at: time
    handover_at: time
    chase_after: Within
    return_within: Within
    outcomes: tuple[Choice, ...] = Limit(min_length=1)
    themes: tuple[Choice, ...] = Limit(min_length=1)
    not_ntk_reasons: tuple[Choice, ...] = Limit(min_length=1)

    @model_validator(mode="after")
    def _is_open(self) -> Life:
        if self.closes <= self.opens:
            raise ValueError("closes is not after opens")
        return self
