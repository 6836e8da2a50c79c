"""The tables and queries, one file per noun; importing this package puts every table into `base.metadata`."""

from casework.db import (
    addresses,
    audit,
    base,
    cases,
    counters,
    deliveries,
    drafts,
    inbound,
    items,
    ntk,
    people,
    rulebooks,
    sittings,
    ticks,
    timers,
)

__all__ = [
    "addresses",
    "audit",
    "base",
    "cases",
    "counters",
    "deliveries",
    "drafts",
    "inbound",
    "items",
    "ntk",
    "people",
    "rulebooks",
    "sittings",
    "ticks",
    "timers",
]
