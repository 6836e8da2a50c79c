"""One HTML page that draws every card, with everything it needs inside it."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gallery import samples

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
_RENDERER = MODULES / "adaptivecards" / "dist" / "adaptivecards.min.js"
_MARKDOWN = MODULES / "markdown-it" / "dist" / "browser" / "markdown-it.umd.min.js"
_HOST_CONFIGS = MODULES / "adaptivecards-designer" / "lib" / "hostConfigs"


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at a card: a Teams theme at a width in CSS pixels."""

    theme: str
    width: int

    @property
    def name(self) -> str:
        return f"{self.theme}-{self.width}"


# a desktop chat, and the narrowest phone WCAG 1.4.10 (reflow) asks about
VIEWS = (View("light", 600), View("dark", 600), View("light", 320), View("dark", 320))


def build(cards: Sequence[samples.Sample], views: Sequence[View] = VIEWS) -> str:
    """The page of `cards`, each drawn once per view. Raises FileNotFoundError when the renderer is not installed."""
    if not _RENDERER.exists():
        raise FileNotFoundError("The renderer of the cards is not installed: run `make windows` first.")
    data = {
        "samples": [dataclasses.asdict(sample) for sample in cards],
        "views": [
            {"name": view.name, "theme": view.theme, "width": view.width, "hostConfig": _host_config(view.theme)}
            for view in views
        ],
    }
    parts = {
        "style": (HERE / "page.css").read_text(encoding="utf-8"),
        "data": json.dumps(data).replace("<", "\\u003c"),
        "adaptivecards": _script(_RENDERER),
        "markdown": _script(_MARKDOWN),
        "script": _script(HERE / "page.js"),
    }
    page = (HERE / "page.html").read_text(encoding="utf-8")
    # in one go: what a part holds is never taken for a place to fill
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], page)


def _host_config(theme: str) -> object:
    return json.loads((_HOST_CONFIGS / f"microsoft-teams-{theme}.json").read_text(encoding="utf-8-sig"))


def _script(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    # a page of one file has no maps beside it, and a script ends at the first `</script`
    kept = (line for line in lines if not line.startswith("//# sourceMappingURL"))
    return "\n".join(kept).replace("</script", "<\\/script")
