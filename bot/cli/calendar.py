"""Sittings as a calendar: one entry for each sitting and one for its papers, without anything of a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from casework.domain.rulebook import Rulebook
from casework.domain.sitting_calendar import Occurrence, spoken

STATUS = {"planned": "CONFIRMED", "moved": "CONFIRMED", "ask": "TENTATIVE", "skipped": "CANCELLED"}


def calendar(book: Rulebook, found: Iterable[Occurrence], *, made_at: datetime) -> bytes:
    """The sittings in the iCalendar format (RFC 5545), times on London's clock; `made_at` is aware.

    An entry keeps its identity when it moves, so that a calendar that reads it again moves it too. One that waits for
    the coordinator is tentative.
    """
    made = Calendar()
    made.add("prodid", "-//Usher//sittings//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"{book.council.short_name}: panels")
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


def _event(uid: str, summary: str, starts_at: datetime, ends_at: datetime, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uid}@usher")
    event.add("summary", summary)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("dtstamp", made_at.astimezone(UTC))
    return event
