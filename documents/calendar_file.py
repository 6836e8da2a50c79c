"""Calendars in the iCalendar format (RFC 5545): a rulebook's sittings, and what one person has to be at or do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from casework.domain import london
from casework.domain.rulebook import Rulebook
from casework.domain.sitting_calendar import Occurrence, spoken
from casework.views import CalendarEntry
from documents import words

STATUS = {"planned": "CONFIRMED", "moved": "CONFIRMED", "ask": "TENTATIVE", "skipped": "CANCELLED"}


# how often whoever subscribed is asked to look again
REFRESH = timedelta(hours=1)


def of_person(entries: Iterable[CalendarEntry], *, name: str, made_at: datetime) -> bytes:
    """One person's calendar under a name, times on London's clock; `made_at` is aware.

    A subscription takes out what is no longer in it; a sitting that was called off stays, as cancelled.
    """
    made = _calendar(name)
    made.add("method", "PUBLISH")
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for one in entries:
        made.add_component(_entry(one, made_at))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _entry(one: CalendarEntry, made_at: datetime) -> Event:
    spoken_words = f"Cancelled: {one.words}" if one.status == "cancelled" else one.words
    if one.on is not None:
        event = _event(one.id, spoken_words, one.on, one.on + timedelta(days=1), made_at)
    else:
        assert one.starts_at is not None
        assert one.ends_at is not None
        event = _event(one.id, spoken_words, london.local(one.starts_at), london.local(one.ends_at), made_at)
    event.add("status", one.status.upper())
    if one.is_deadline or one.on is not None:
        event.add("transp", "TRANSPARENT")
    return event


def of_rulebook(book: Rulebook, found: Iterable[Occurrence], *, made_at: datetime) -> bytes:
    """The sittings a rulebook gives, each with its papers, times on London's clock; `made_at` is aware.

    An entry keeps its identity when it moves, so that a calendar that reads it again moves it too. One that waits for
    the coordinator is tentative.
    """
    made = _calendar(f"{book.council.short_name}: panels")
    for one in found:
        made.add_component(_sitting(book, one, made_at))
        if one.status in ("planned", "moved"):
            made.add_component(_papers(book, one, made_at))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _sitting(book: Rulebook, one: Occurrence, made_at: datetime) -> Event:
    names = " with ".join(book.panel(code).name for code in (one.panel, *one.incorporates))
    event = _event(f"{one.panel}-{one.original_on}", names, one.starts_at, one.ends_at, made_at)
    event.add("status", STATUS[one.status])
    if one.reason:
        event.add("description", one.reason)
    return event


def _papers(book: Rulebook, one: Occurrence, made_at: datetime) -> Event:
    due = one.papers_due_at
    name = f"Papers due: {book.panel(one.panel).short_name}, {spoken(one.on)}"
    event = _event(f"{one.panel}-{one.original_on}-papers", name, due, due + timedelta(minutes=15), made_at)
    event.add("transp", "TRANSPARENT")
    return event


def _calendar(name: str) -> Calendar:
    made = Calendar()
    made.add("prodid", "-//Usher//sittings//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", words.plain(name))
    return made


def _event(uid: str, summary: str, starts_at: date, ends_at: date, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uid}@usher")
    event.add("summary", words.plain(summary))
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("dtstamp", made_at.astimezone(UTC))
    return event
