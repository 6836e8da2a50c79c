"""Every sentence people read, in plain English: what happened, and what to do next."""

from __future__ import annotations

from datetime import datetime

from casework.domain import london
from casework.domain.errors import Code

SUMMARY_NTK = "New need-to-know for you"
SUMMARY_NTK_UPDATED = "A need-to-know was updated"
SUMMARY_PHONE_NOW = "Not delivered: please open"
SUMMARY_FORM = "A form for you to fill in"
SUMMARY_DONE = "Done"
SUMMARY_LIST = "Your list"
SUMMARY_AGENDA = "Panel agenda"
SUMMARY_REMINDER = "Panel reminder"
SUMMARY_ITEM = "Panel item"
SUMMARY_HELP = "What Usher can do"
SUMMARY_NOTICE = "A message from Usher"

STRANGER = (
    "Usher works for this council's children's services only, and you are not on its list. "
    "If you should be, ask your team manager to have you added."
)
ONLY_ONE_TO_ONE = "I only work in one-to-one chat. Open a chat with Usher and write to me there."
NOT_SAVED_TITLE = "Not saved: please phone"
NOT_SAVED = "Usher can't save anything just now, so nothing was sent and nobody was told. Phone {phone}."
SORRY_TITLE = "That didn't work"
SORRY = (
    "Something went wrong on our side. What you did just now may not have been saved. "
    "Try again; if it is urgent, phone. If you report this, quote {reference}."
)
NOT_UNDERSTOOD = "I didn't understand that. Here is what you can type."
CLOSE_MATCH = "Did you mean “{phrase}”?"

FIELD_MISSING: dict[str, str] = {
    "category": "Choose what it is about",
    "initials": "Enter the child's initials",
    "case_id": "Enter the case ID",
    "aware_date": "Enter the day the council became aware",
    "aware_time": "Enter the time the council became aware",
    "what_happened": "Enter what happened",
    "actions_taken": "Enter what has been done so far, or “none yet”",
    "who_told": "Enter who you have spoken to, or “nobody yet”",
    "panel": "Choose a panel",
    "request_type": "Choose what you are asking the panel for",
    "sitting": "Choose a sitting",
}

ERRORS: dict[Code, str] = {
    Code.MISSING: "Fill this in",
    Code.TOO_LONG: "Shorten this to 1,000 characters or fewer",
    Code.INITIALS_FORMAT: "Enter initials only, 1 to 4 letters, like AB",
    Code.CASE_ID_FORMAT: "Check the case ID: it should look like {example}",
    Code.CHOICE_UNKNOWN: "Choose one from the list",
    Code.DATE_FORMAT: "Enter a real date, like 3 December 2026",
    Code.TIME_FORMAT: "Enter a time, like 14:30",
    Code.TIME_DOES_NOT_EXIST: "The clocks went forward in that hour: enter a time before 1am or after 2am",
    Code.IN_THE_FUTURE: "This can't be in the future",
    Code.TOO_LONG_AGO: "This is more than a year ago: check the year",
    Code.SITTING_FULL: "The last slot of that sitting has just been taken. Choose another below.",
    Code.SITTING_NOT_OPEN: "That sitting can't be booked any more. Choose another below.",
    Code.PAPERS_PASSED: (
        "The papers for that sitting were due before now. Choose another, or ask the panel coordinator."
    ),
    Code.ALREADY_BOOKED: "This case is already booked onto the {panel}. Type “my items” to see it.",
    Code.AGENDA_SENT: "The agenda has gone out. Ask the panel coordinator to change or cancel this item.",
    Code.ITEM_CANCELLED: "This item was cancelled, so there is nothing to change.",
    Code.NOT_ALLOWED: "You don't have the role for this. If you need it, ask your team manager.",
    Code.NOT_FOUND: "There is nothing by that name that you can see. Check it, or type “help”.",
    Code.DRAFT_GONE: "This form was sent already, thrown away, or left for more than 30 days.",
    Code.STALE_CARD: "This card is out of date: something changed since. Here is how it stands now.",
    Code.BUSY: "Usher is very busy. Nothing was saved: please try again in a moment.",
    Code.STORE_DOWN: "Usher can't save anything just now.",
}

RAISER_PHONES = "the raiser has been asked to phone"

PROBLEM = "There is a problem"
STALE_TITLE = "This card is out of date"

REACHED = {
    "waiting": "sending now",
    "yes": "delivered",
    "no": "**not delivered: phone now**",
    "unsure": "**not sure it arrived: phone now**",
}


def field_error(field: str, code: Code, *, example: str = "") -> str:
    """What to say beside one field."""
    if code is Code.MISSING:
        return FIELD_MISSING.get(field, ERRORS[code])
    return ERRORS[code].format(example=example)


def refusal(code: Code, values: dict[str, str]) -> str:
    """What to say when a rule said no."""
    return ERRORS[code].format(**{"example": "", "panel": "panel", **values})


def clock(instant: datetime) -> str:
    """A time of day in London, as GOV.UK writes it: "2pm", "9:30am", "midday"."""
    wall = london.local(instant)
    if wall.minute == 0 and wall.hour in (0, 12):
        return "midday" if wall.hour else "midnight"
    minutes = f":{wall.minute:02d}" if wall.minute else ""
    return f"{wall.hour % 12 or 12}{minutes}{'am' if wall.hour < 12 else 'pm'}"


def day(instant: datetime) -> str:
    """A day in London: "Wednesday 2 December 2026"."""
    wall = london.local(instant)
    return f"{wall:%A} {wall.day} {wall:%B %Y}"


def short_day(instant: datetime) -> str:
    """A day in London for lists: "Wed 2 Dec"."""
    wall = london.local(instant)
    return f"{wall:%a} {wall.day} {wall:%b}"


def moment(instant: datetime) -> str:
    """Day and time: "Wednesday 2 December 2026 at 9:30am"."""
    return f"{day(instant)} at {clock(instant)}"


def span(starts_at: datetime, ends_at: datetime) -> str:
    """A sitting's day and times: "Wednesday 2 December 2026, 9:30am to 12pm"."""
    return f"{day(starts_at)}, {clock(starts_at)} to {clock(ends_at)}"


def slots(free: int) -> str:
    """How many places are left, in words."""
    return "full" if free == 0 else "1 slot free" if free == 1 else f"{free} slots free"


def named_list(names: tuple[str, ...]) -> str:
    """Names as a sentence has them: "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
