"""The demo's typed clock: "demo: forward 2 days". It is wired only in development, never where time is real."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from cards import common, wording
from casework import ports

MEANT = re.compile(r"\s*demo\b\s*:?\s*(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
FORWARD = re.compile(r"forward\s+(?P<count>\d{1,4})\s*(?P<unit>minute|hour|day|week)s?\s*", re.IGNORECASE)
LONGEST = timedelta(days=366)


def is_meant(text: str) -> bool:
    """Whether the line speaks to the demo's clock."""
    return MEANT.fullmatch(text) is not None


async def forward(move: Callable[[timedelta], Awaitable[datetime]], text: str) -> ports.Message:
    """Move the clock ahead by as much as the line says; never back, as nothing that was sent can be unsent."""
    meant = MEANT.fullmatch(text)
    asked = FORWARD.fullmatch(meant.group("rest")) if meant else None
    step = timedelta(**{f"{asked.group('unit').lower()}s": int(asked.group("count"))}) if asked else timedelta()
    if not timedelta() < step <= LONGEST:
        return common.notice(
            "Demo clock", "Type “demo: forward 2 days” (minutes, hours, days or weeks; a year at most)."
        )
    return common.notice("Demo clock", f"It is now {wording.moment(await move(step))} for everyone in this demo.")
