"""The gallery's page carries everything within itself, and nothing in a card can break out of it."""

from __future__ import annotations

import json

from gallery import page, samples

HOSTILE = samples.Sample(
    name="x", summary="</script><script>alert(1)</script> {{script}}", card={"type": "AdaptiveCard"}
)


def test_build_puts_the_cards_into_the_page_as_data_that_cannot_end_it() -> None:
    built = page.build([HOSTILE], views=[page.View("dark", 320)])

    _, _, rest = built.partition('<script type="application/json" id="data">')
    data = json.loads(rest.partition("</script>")[0])
    assert [(sample["name"], sample["summary"]) for sample in data["samples"]] == [("x", HOSTILE.summary)]
    assert [(view["name"], view["theme"], view["width"]) for view in data["views"]] == [("dark-320", "dark", 320)]


def test_build_gives_each_theme_its_own_colours_of_teams() -> None:
    built = page.build([HOSTILE], views=[page.View("light", 600), page.View("dark", 600)])

    _, _, rest = built.partition('<script type="application/json" id="data">')
    views = json.loads(rest.partition("</script>")[0])["views"]
    backgrounds = [view["hostConfig"]["containerStyles"]["default"]["backgroundColor"] for view in views]
    assert backgrounds == ["#ffffff", "#ff2d2c2c"]
