"""What a council settles about panels, as data: when they sit, what they ask for, who approves, what they decide."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import Field, PositiveInt, model_validator

from casework.domain.rulebook_base import Code, Data, LongText, Text, Within

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")


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


class Paper(Data):
    """One line of a panel's checklist. `for_types` empty: asked for with every request; `months`: how old at most."""

    code: Code
    name: Text
    for_types: tuple[Code, ...] = ()
    required: bool = True
    months: Annotated[int, Field(ge=1, le=60)] | None = None


class Near(Data):
    """An item whose date that can't move is nearer than this stands in at least this priority band."""

    band: Annotated[int, Field(ge=1, le=9)]
    days: PositiveInt
    count: Literal["working", "calendar"] = "calendar"


class Quorum(Data):
    """How many must be there, and one of each role in `needs`; what happens `without`: decided in principle, or not."""

    members: PositiveInt = 3
    needs: tuple[Code, ...] = ()
    without: Literal["in_principle", "refuse"] = "in_principle"


class Follow(Data):
    """What follows a decision by itself.

    "task": an action for `owner` due so many days after. "track": the family is tracked by, and listed on, `panel`.
    "conclude": it leaves that tracker. "review": a reminder that the item comes back on its review date, or after
    `days`. "end": reminders so many `days` before the date it was agreed until.
    """

    do: Literal["task", "track", "conclude", "review", "end"]
    what: Text | None = None
    owner: Code = "SW"
    panel: Code | None = None
    days: Annotated[int, Field(ge=0, le=400)] = 0
    count: Literal["working", "calendar"] = "calendar"

    @model_validator(mode="after")
    def _says_enough(self) -> Follow:
        if self.do == "task" and not self.what:
            raise ValueError('a "task" needs what = "..."')
        if self.do in ("track", "conclude") and not self.panel:
            raise ValueError(f'"{self.do}" needs panel = "..."')
        return self


class Outcome(Data):
    """What a panel can decide for one child. `needs` are the fields of the decision that may not stay empty."""

    code: Code
    name: Text
    needs: tuple[Literal["conditions", "until", "review", "cost"], ...] = ()
    needs_role: Code | None = None
    needs_action: bool = True
    follow: tuple[Follow, ...] = ()


class Tracked(Data):
    """How long a family's stage may last, and at which weeks it is flagged.

    From `late_week` on it counts among the most pressing; without a plan for permanence it is flagged from
    `plan_from_week` on (proceedings only).
    """

    weeks: PositiveInt
    late_week: PositiveInt
    plan_from_week: PositiveInt = 20
    flags: tuple[PositiveInt, ...] = Field(min_length=1)
    letter_days: PositiveInt = 5
    meeting_working_days: PositiveInt = 7
    hearing_working_days: PositiveInt = 10
    unborn_weeks: PositiveInt = 12


class Panel(Data):
    """A panel. One with `incorporated_in` has no sittings of its own: it is heard within that panel's.

    `share` slots of those sittings are its own until `share_release`; held urgent ones until `urgent_release`.
    `not_on` are dates of its schedule on which it does not sit.
    """

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
    not_on: tuple[date, ...] = ()
    papers: Before
    agenda: Before | None = None
    incorporated_in: Code | None = None
    request_types: tuple[RequestType, ...] = Field(min_length=1)
    bands: tuple[Text, ...] = ()
    near: tuple[Near, ...] = ()
    deadline: Text | None = None
    share: Annotated[int, Field(ge=0)] = 0
    share_release: Before | None = None
    urgent_release: Before | None = None
    sibling_minutes: Annotated[int, Field(ge=0, le=60)] = 0
    approvals: tuple[Code, ...] = ()
    urgent_approval: Code | None = None
    checklist: tuple[Paper, ...] = ()
    attendees: tuple[Text, ...] = ()
    quorum: Quorum = Quorum()
    chair_independent: bool = False
    decides: Literal["decide", "recommend"] = "decide"
    outcomes: tuple[Outcome, ...] = ()
    advice_seen_by: tuple[Code, ...] = ("LA", "CH")
    papers_confirmed_by: Code | None = None
    out_of_panel: Literal["ratify", "note", "no"] = "no"
    ratify_type: Code | None = None
    tracked: Tracked | None = None

    def papers_for(self, request_type: str) -> tuple[Paper, ...]:
        """The checklist of one request type."""
        return tuple(paper for paper in self.checklist if not paper.for_types or request_type in paper.for_types)

    def outcome(self, code: str) -> Outcome | None:
        """None for one a later rulebook no longer has."""
        return next((known for known in self.outcomes if known.code == code), None)

    def minutes_for(self, children: int) -> int:
        """How long an item of so many children takes."""
        return self.slot_minutes + self.sibling_minutes * (children - 1)

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
        if any(near.band > len(self.bands) for near in self.near):
            raise ValueError("near names a band that is not there")
        kinds = {kind.code for kind in self.request_types}
        if self.ratify_type is not None and self.ratify_type not in kinds:
            raise ValueError(f"ratify_type: no such request type: {self.ratify_type}")
        if unknown := {code for paper in self.checklist for code in paper.for_types} - kinds:
            raise ValueError(f"checklist: no such request type: {', '.join(sorted(unknown))}")
        return self


class Reason(Data):
    code: Code
    name: Text


class PanelWork(Data):
    """What holds for all panels: reminders of papers, offers of freed slots, deferrals, and when records are due.

    `deferral_alerts` are the roles told of a second, a third deferral of one item, and so on.
    """

    paper_reminder_days: tuple[PositiveInt, ...] = (5, 2, 1)
    paper_reminder_at: time
    offer: Within
    approval_reminder: Within
    decline_by: tuple[Code, ...] = ("SM", "HOS")
    deferral_reasons: tuple[Reason, ...] = Field(min_length=1)
    deferral_alerts: tuple[Code, ...] = ()
    tracker_listed_days: PositiveInt = 5
    minutes_days: PositiveInt = 5
    action_reminder_days: PositiveInt = 2
    family_note: LongText
