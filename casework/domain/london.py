"""Europe/London: the one zone in which people read and type times."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from casework.domain.errors import Code

ZONE = ZoneInfo("Europe/London")


def local(instant: datetime) -> datetime:
    """An aware instant as the clock on the wall shows it."""
    return instant.astimezone(ZONE)


def local_date(instant: datetime) -> date:
    """The day on which an aware instant falls in London."""
    return local(instant).date()


def typed_instant(date_text: str, time_text: str) -> datetime | Code:
    """Read "YYYY-MM-DD" and "HH:MM" as typed into a form; the aware UTC instant, or what is wrong.

    Of the hour that comes twice in October the first is taken; an hour that never was in March is refused.
    """
    try:
        day = date.fromisoformat(date_text)
    except ValueError:
        return Code.DATE_FORMAT
    try:
        clock = time.fromisoformat(time_text)
    except ValueError:
        return Code.TIME_FORMAT
    if clock.tzinfo is not None or not time_text.isascii() or not date_text.isascii():
        return Code.TIME_FORMAT
    wall = datetime.combine(day, clock.replace(second=0, microsecond=0), tzinfo=ZONE)
    try:
        instant = wall.astimezone(UTC)
    except OverflowError:
        return Code.DATE_FORMAT
    if instant.astimezone(ZONE).replace(tzinfo=None) != wall.replace(tzinfo=None):
        return Code.TIME_DOES_NOT_EXIST
    return instant
