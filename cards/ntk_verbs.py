"""The verbs of need-to-know cards, and the buttons that carry them."""

from __future__ import annotations

from collections.abc import Sequence

from cards import elements
from casework.ntk_views import Act

START = "ntk.start"
START_NEW = "ntk.start_new"
CONTINUE = "ntk.continue"
CHECK = "ntk.check"
EDIT = "ntk.edit"
EDIT_STORY = "ntk.edit_story"
SEND = "ntk.send"
DISCARD = "ntk.discard"
ASK_FIRST = "ntk.ask_first"
ACKNOWLEDGE = "ntk.acknowledge"
OPEN = "ntk.open"
STATUS = "ntk.status"
MORE = "ntk.more"
ACT = "ntk.act"
DO = "ntk.do"
TIMELINE = "ntk.timeline"
PROMPT = "ntk.prompt"
DECIDE = "ntk.decide"
MINE = "ntk.mine"
TEAM = "ntk.team"
CONSULT_ANSWER = "consult.answer"

# acts one press does
AT_ONCE = frozenset({"endorse", "lower_confirm", "lower_keep"})


def act_button(act: Act, ntk_id: str) -> elements.Element:
    """One act as a button: done at once, or leading to its form."""
    verb = DO if act.code in AT_ONCE else ACT
    return elements.button(act.title, verb, {"ntk": ntk_id, "act": act.code})


def act_buttons(acts: Sequence[Act], codes: Sequence[str], ntk_id: str) -> list[elements.Element]:
    """The buttons of those acts among `codes` that this reader may do, in that order."""
    may = {act.code: act for act in acts}
    return [act_button(may[code], ntk_id) for code in codes if code in may]


def more_button(ntk_id: str) -> elements.Element:
    return elements.button("More", MORE, {"ntk": ntk_id})
