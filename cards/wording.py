"""Every sentence people read, in plain English: what happened, and what to do next."""

from __future__ import annotations

from datetime import date, datetime

from casework.domain import london
from casework.domain.errors import Code
from casework.domain.ntk_rulebook import Field
from casework.domain.rulebook_base import Within

SUMMARY_NTK = "New need-to-know for you"
SUMMARY_NTK_UPDATED = "A need-to-know was updated"
SUMMARY_PHONE_NOW = "Not delivered: please open"
SUMMARY_FORM = "A form for you to fill in"
SUMMARY_DONE = "Done"
SUMMARY_LIST = "Your list"
SUMMARY_AGENDA = "Panel agenda"
SUMMARY_REMINDER = "Panel reminder"
SUMMARY_ITEM = "Panel item"
SUMMARY_SITTING = "A panel sitting"
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

SUMMARY_REMINDER_NTK = "A need-to-know waits for you"
SUMMARY_CHANGED = "A need-to-know changed"
SUMMARY_CLOCK = "A clock needs your answer"
SUMMARY_DIGEST = "Your morning list"
SUMMARY_OFFICE = "Panels this morning"
SUMMARY_UNDELIVERED = "Some cards did not arrive"
SUMMARY_COVER = "Cover was arranged"

GUARD_TITLE = "This may say who somebody is"
GUARD = (
    "Chat carries initials and case IDs only. Write initials, roles or “mother” instead. "
    "If it has to stay as it is, say why below in a few words: the reason is kept."
)
GUARD_REASON = "Why words that may say who somebody is have to stay (leave empty if you changed them)"
FOUND = {
    "name": "a name",
    "date_of_birth": "a date of birth",
    "postcode": "a postcode",
    "phone": "a phone number",
    "email": "an e-mail address",
    "nhs_number": "an NHS number",
    "address": "an address",
}

FIELD_MISSING: dict[str, str] = {
    "initials": "Enter the child's initials",
    "case_id": "Enter the case ID",
    "panel": "Choose a panel",
    "request_type": "Choose what you are asking the panel for",
    "sitting": "Choose a sitting",
}

ERRORS: dict[Code, str] = {
    Code.MISSING: "Fill this in",
    Code.TOO_LONG: "Shorten this to {most} characters or fewer",
    Code.INITIALS_FORMAT: "Enter initials only, 1 to 4 letters, like AB",
    Code.CASE_ID_FORMAT: "Check the case ID: it should look like {example}",
    Code.CHOICE_UNKNOWN: "Choose one from the list",
    Code.DATE_FORMAT: "Enter a real date, like 3 December 2026",
    Code.TIME_FORMAT: "Enter a time, like 14:30",
    Code.TIME_DOES_NOT_EXIST: "The clocks went forward in that hour: enter a time before 1am or after 2am",
    Code.IN_THE_FUTURE: "This can't be in the future",
    Code.TOO_LONG_AGO: "This is more than a year ago: check the year",
    Code.CHILDREN_FORMAT: "Enter one child a line, initials and case ID, like CD {example}",
    Code.BEFORE_MISSING: "Enter a time after the child went missing",
    Code.CHILD_TWICE: "This child is named twice: enter each child once",
    Code.ACTION_FORMAT: "Enter one action a line: what, which role, by when, like “Review the plan, SW, 3 December”",
    Code.LINK_FORMAT: "Enter links that begin with https://, one a line",
    Code.PERSON_UNKNOWN: "Nobody of that name is on Usher's list: check the spelling",
    Code.PERSON_UNCLEAR: "More than one person on Usher's list has a name like this: enter it in full",
    Code.PERSON_BELOW: "Choose somebody at the same level or above",
    Code.PERSONAL_DATA: "Take out what may say who somebody is, or say why it has to stay",
    Code.NOT_LATER: "Enter an end after the start, not in the past and not too far off",
    Code.REFERENCE_UNKNOWN: "There is no open need-to-know with this reference that you can merge into",
    Code.RESTRICTED_MERGE: "A restricted need-to-know can't go into one that isn't: merge the other way round",
    Code.SAME_AS_BEFORE: "This is what it was before: enter something else",
    Code.NTK_CLOSED: "This need-to-know isn't open any more. Open it to see how it stands.",
    Code.NTK_CHECKED_ALREADY: "A manager has checked this need-to-know already.",
    Code.PROMPTS_OPEN: "Before this, somebody has to record a decision on: {prompts}.",
    Code.ALREADY_DONE: "This was done already, or somebody else was faster. Open it to see how it stands.",
    Code.IN_THE_PAST: "This has to lie in the future",
    Code.DAY_CLOSED: "The council is closed on that day: choose another",
    Code.SITTING_OVER: "This sitting has begun, or does not take place any more.",
    Code.SITTING_FULL: "The last slot of that sitting has just been taken. Choose another below.",
    Code.SITTING_NOT_OPEN: "That sitting can't be booked any more. Choose another below.",
    Code.PAPERS_PASSED: (
        "The papers for that sitting were due before now. Choose another, or ask the panel coordinator."
    ),
    Code.ALREADY_BOOKED: "This case is already booked onto the {panel}. Type “my items” to see it.",
    Code.AGENDA_SENT: "The agenda has gone out. Ask the panel coordinator to change or cancel this item.",
    Code.ITEM_CANCELLED: "This item was cancelled, so there is nothing to change.",
    Code.OFFER_LAPSED: "The time to take this slot has passed, and it was offered to the next in line.",
    Code.NO_LAWYER: "No legal adviser is at this sitting, so this can't be decided. Record who is here, or defer it.",
    Code.NOT_QUORATE: "The panel is not quorate, so it can't decide. Record who is here, or defer the item.",
    Code.NOT_IN_SESSION: "This sitting has not been started, or is closed. Open it to start it.",
    Code.MINUTES_CONFIRMED: "The record of this sitting is confirmed. Add what is new as an addendum.",
    Code.NO_TIME_LEFT: "The sitting has not the time for that. Shorten another item first.",
    Code.NOT_ALLOWED: "You don't have the role for this. If you need it, ask your team manager.",
    Code.NOT_FOUND: "There is nothing by that name that you can see. Check it, or type “help”.",
    Code.DRAFT_GONE: "This form was sent already, thrown away, or left for more than 30 days.",
    Code.STALE_CARD: "This card is out of date: something changed since. Here is how it stands now.",
    Code.BUSY: "Usher is very busy. Nothing was saved: please try again in a moment.",
    Code.STORE_DOWN: "Usher can't save anything just now.",
}

# what is said of these names the question itself
SAYS_WHICH = frozenset(
    {
        Code.MISSING,
        Code.INITIALS_FORMAT,
        Code.CASE_ID_FORMAT,
        Code.CHILDREN_FORMAT,
        Code.PERSON_UNKNOWN,
        Code.PERSON_UNCLEAR,
        Code.PERSON_BELOW,
    }
)

RAISER_PHONES = "the raiser has been asked to phone"

PROBLEM = "There is a problem"
STALE_TITLE = "This card is out of date"

REACHED = {
    "waiting": "sending now",
    "yes": "delivered",
    "no": "**not delivered: phone now**",
    "unsure": "**not sure it arrived: phone now**",
}


def field_error(field: str | Field, code: Code, *, example: str = "") -> str:
    """What to say beside one field: of a form of ours by its id, or a question of the rulebook's."""
    if isinstance(field, str):
        return FIELD_MISSING.get(field, ERRORS[code]) if code is Code.MISSING else ERRORS[code].format(example=example)
    if code is Code.MISSING and field.missing:
        return field.missing
    return ERRORS[code].format(example=example or "123456", most=f"{field.max_length or 1000:,}")


def summary_line(label: str, code: Code, said: str) -> str:
    """One mistake in the box above a form: under its question's name, where the words alone don't say which."""
    name = label.removesuffix(" (optional)")
    return said if code in SAYS_WHICH else f"{name}{'' if name.endswith('?') else ':'} {said}"


def refusal(code: Code, values: dict[str, str]) -> str:
    """What to say when a rule said no."""
    return ERRORS[code].format(**{"example": "", "panel": "panel", "prompts": "a clock", "most": "1,000", **values})


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


def iso_moment(text: str) -> str:
    """A stored moment (UTC, ISO 8601) as day and time in London."""
    return moment(datetime.fromisoformat(text))


def plain_day(day: date) -> str:
    """A calendar day: "Wed 2 December 2026"."""
    return f"{day:%a} {day.day} {day:%B %Y}"


def span(starts_at: datetime, ends_at: datetime) -> str:
    """A sitting's day and times: "Wednesday 2 December 2026, 9:30am to 12pm"."""
    return f"{day(starts_at)}, {clock(starts_at)} to {clock(ends_at)}"


def span_words(within: Within) -> str:
    """A span of time: "30 minutes", "4 hours", "until 5pm on the next working day"."""
    if within.minutes is not None:
        whole, rest = divmod(within.minutes, 60)
        length = f"{within.minutes} minutes" if rest or not whole else "an hour" if whole == 1 else f"{whole} hours"
        return f"{length} of office time" if within.hours == "working" else length
    assert within.at is not None
    at = f"{within.at.hour % 12 or 12}{f':{within.at.minute:02d}' if within.at.minute else ''}"
    half = "am" if within.at.hour < 12 else "pm"
    day = {0: "today", 1: "the next working day"}.get(within.days or 0, f"the {within.days}th working day")
    return f"until {at}{half} on {day}"


def slots(free: int) -> str:
    """How many places are left, in words."""
    return "full" if free == 0 else "1 slot free" if free == 1 else f"{free} slots free"


def named_list(names: tuple[str, ...]) -> str:
    """Names as a sentence has them: "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
