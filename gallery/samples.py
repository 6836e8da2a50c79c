"""The cards to draw: the rendered samples, read from their folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "cards" / "samples"
# Teams refuses more with 413 (Microsoft's budget for a bot's card)
MOST_BYTES = 28 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One card of the gallery, with the summary that may stand on a lock screen beside it."""

    name: str
    summary: str
    card: Mapping[str, object]


def read(folder: Path = FOLDER) -> list[Sample]:
    """The samples of `folder`, by name. Raises ValueError naming the file when one is no sample, or there is none."""
    samples = []
    for path in sorted(folder.glob("*.json")):
        try:
            sample = Sample(**json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise ValueError(f"{path.name} is no sample of a card: {error}") from error
        if sample.name != path.stem:
            raise ValueError(f"{path.name} holds the sample {sample.name}.")
        samples.append(sample)
    if not samples:
        raise ValueError(f"There are no samples in {folder.name}.")
    return samples


def weight(card: Mapping[str, object]) -> int:
    """The card's size in bytes as Teams counts it: compact JSON in UTF-16."""
    return len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))
