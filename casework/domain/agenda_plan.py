"""The content of an agenda as it is released: canonical, with a digest, and what changed since the version before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

Difference = Literal["added", "removed", "moved", "time", "presenter", "children", "papers", "sitting"]
# what can change of an item that stays, and under which key it is kept
CHANGING: tuple[tuple[Difference, str], ...] = (("time", "minutes"), ("presenter", "presenter"), ("papers", "papers"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One item as it goes onto an agenda: ids and codes only, nothing that says who a child is."""

    item_id: str
    reference: str
    request_type: str
    panel: str
    presenter_id: str
    case_refs: tuple[str, ...]
    minutes: int
    papers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two versions: an item added, taken off, moved, or changed in itself."""

    kind: Difference
    reference: str
    was: str = ""
    now: str = ""


def starts(minutes: Iterable[int], first: datetime) -> tuple[datetime, ...]:
    """When each item begins, of the minutes each has: one after another from the sitting's start (aware)."""
    found, at = [], first
    for length in minutes:
        found.append(at)
        at += timedelta(minutes=length)
    return tuple(found)


def content(sitting_id: str, starts_at: datetime, ends_at: datetime, listed: Sequence[Listed]) -> dict[str, Any]:
    """What is kept of a version: enough to draw the agenda again, and the same for the same agenda."""
    begins = starts((one.minutes for one in listed), starts_at)
    return {
        "sitting": sitting_id,
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
        "lines": [
            {
                "item": one.item_id,
                "reference": one.reference,
                "type": one.request_type,
                "panel": one.panel,
                "presenter": one.presenter_id,
                "children": list(one.case_refs),
                "starts_at": begin.isoformat(),
                "minutes": one.minutes,
                "papers": one.papers,
            }
            for one, begin in zip(listed, begins, strict=True)
        ],
    }


def digest(kept: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a content: 64 hexadecimal characters."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What is different, in the order of the new agenda; what was taken off comes last."""
    old = {line["item"]: (place, line) for place, line in enumerate(before["lines"], start=1)}
    new = {line["item"]: (place, line) for place, line in enumerate(after["lines"], start=1)}
    found: list[Change] = []
    if before["starts_at"] != after["starts_at"]:
        found.append(Change(kind="sitting", reference="", was=before["starts_at"], now=after["starts_at"]))
    kept = [item for item in old if item in new]
    order = [item for item in new if item in old]
    for item, (place, line) in new.items():
        if item not in old:
            found.append(Change(kind="added", reference=line["reference"], now=str(place)))
            continue
        was_place, was = old[item]
        if kept.index(item) != order.index(item):
            found.append(Change(kind="moved", reference=line["reference"], was=str(was_place), now=str(place)))
        for kind, key in CHANGING:
            if was[key] != line[key]:
                found.append(Change(kind=kind, reference=line["reference"], was=str(was[key]), now=str(line[key])))
        if was["children"] != line["children"]:
            found.append(Change(kind="children", reference=line["reference"]))
    found += [Change(kind="removed", reference=line["reference"]) for item, (_, line) in old.items() if item not in new]
    return tuple(found)
