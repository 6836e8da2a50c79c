"""Sample cards of what did not arrive, and of the coordinator's morning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cards import deliveries
from casework import ports
from casework.delivery_views import OfficeDigest, Undelivered, UndeliveredLine
from tests.samples_sittings import ASKED, DAY, ID, LINE

LINE_OF_CARD = UndeliveredLine(
    delivery_id=ID, kind="agenda", to="Chloe Marsh", at=DAY, is_unknown=True, reason="TimeoutError"
)
REFUSED = replace(
    LINE_OF_CARD, delivery_id=ID[::-1], kind="decision", to="Sam Okafor", is_unknown=False, reason="no_address"
)
VIEW = Undelivered(lines=(LINE_OF_CARD, REFUSED), more=3, unreachable=(("Sam Okafor", "removed"),))
MORNING = OfficeDigest(
    to_resolve=(ASKED,), waiting=(("Legal Gateway Panel", 2),), today=(LINE,), undelivered=1, unreachable=2
)


def all_of_it() -> Iterator[tuple[str, ports.Message]]:
    yield "office_digest", deliveries.morning(MORNING)
    yield "undelivered", deliveries.page(VIEW)
    yield "undelivered_none", deliveries.page(Undelivered(lines=(), more=0, unreachable=()))
    yield "undelivered_told", deliveries.told(replace(VIEW, lines=(REFUSED,), more=0))
