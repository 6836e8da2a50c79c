"""A rulebook whose panels name roles or panels that are not there is refused with key and reason."""

from __future__ import annotations

import pytest

from casework.domain.panel_rulebook import Panel
from casework.domain.rulebook import Rulebook
from casework.rulebook import panel_faults
from tests.factories import rulebook


def with_panel(**changed: object) -> Rulebook:
    """The default rulebook with its Legal Gateway changed, read again as a file would be."""
    book = rulebook()
    data = book.panel("LGP").model_dump() | changed
    panels = tuple(Panel.model_validate(data) if one.code == "LGP" else one for one in book.panels)
    return book.model_copy(update={"panels": panels})


def test_the_default_rulebook_has_no_fault() -> None:
    assert list(panel_faults.of(rulebook())) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"approvals": ("TM", "CEO")}, ("panels.LGP.approvals", "no such role here: CEO")),
        # a coordinator is no tier of the line
        ({"approvals": ("CO",)}, ("panels.LGP.approvals", "no such role here: CO")),
        ({"urgent_approval": "BOSS"}, ("panels.LGP.urgent_approval", "no such role here: BOSS")),
        ({"papers_confirmed_by": "X"}, ("panels.LGP.papers_confirmed_by", "no such role here: X")),
        ({"advice_seen_by": ("LA", "ALL")}, ("panels.LGP.advice_seen_by", "no such role here: ALL")),
        (
            {"quorum": {"members": 2, "needs": ("LAW",), "without": "refuse"}},
            ("panels.LGP.quorum.needs", "no such role here: LAW"),
        ),
        (
            {"outcomes": ({"code": "B", "name": "B", "follow": ({"do": "track", "panel": "ARP"},)},)},
            ("panels.LGP.outcomes.B.follow.1.panel", "ARP tracks no families"),
        ),
        (
            {"outcomes": ({"code": "B", "name": "B", "follow": ({"do": "task", "what": "x", "owner": "ME"},)},)},
            ("panels.LGP.outcomes.B.follow.1.owner", "no such role here: ME"),
        ),
        (
            {"outcomes": ({"code": "A", "name": "A"}, {"code": "A", "name": "Again"})},
            ("panels.LGP.outcomes.A", "stands here twice"),
        ),
    ],
)
def test_a_role_or_panel_that_is_not_there_is_named(changed: dict[str, object], found: tuple[str, str]) -> None:
    assert list(panel_faults.of(with_panel(**changed))) == [found]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"near": ({"band": 9, "days": 5},)}, "near names a band that is not there"),
        ({"ratify_type": "NONE"}, "ratify_type: no such request type: NONE"),
        ({"checklist": ({"code": "X", "name": "X", "for_types": ("NONE",)},)}, "checklist: no such request type: NONE"),
        ({"outcomes": ({"code": "A", "name": "A", "follow": ({"do": "task"},)},)}, 'a "task" needs what'),
        ({"outcomes": ({"code": "A", "name": "A", "follow": ({"do": "track"},)},)}, '"track" needs panel'),
    ],
)
def test_what_one_panel_says_against_itself_is_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        with_panel(**changed)
