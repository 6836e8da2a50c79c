"""Made-up need-to-knows for the gallery: one child, one story, one line of managers, in every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from casework import ports
from casework.domain import ntk_acts as acts
from casework.domain.ntk import State
from casework.domain.ntk_act_forms import Case
from casework.domain.ntk_rulebook import Choice
from casework.ntk_views import (
    Act,
    Gap,
    NotDelivered,
    NtkCard,
    NtkChange,
    NtkLine,
    NtkReceipt,
    PromptCard,
    PromptLine,
    Said,
    Standing,
    ToldPerson,
)
from casework.rulebook import reader
from casework.services import ntk_cards

Named = tuple[str, ports.Message]
Facts = dict[str, str | int | bool | None]

NOW = datetime(2026, 11, 23, 16, 50, tzinfo=UTC)
AWARE = NOW - timedelta(minutes=40)
ID = "0" * 32
BOOK = reader.read(None)
STORY = (
    "Found by a neighbour at 3pm, alone at home. Two older bruises on the left arm.\n"
    "*Said* she fell; mother could not be reached until 4:10pm <at>everyone</at> [see](http://example.com)."
)
DONE = "Police and ambulance called. Child is at hospital with a worker."
SPOKEN = "Team manager by phone at 4:20pm."
LONG = ("Seen at school by the duty worker, calm and well; the plan for the night is agreed with the carer. " * 11)[
    :1000
]
WORDS = (Said(label="", words="The ward keeps her overnight. Mother has arrived and is calm.", is_long=True),)
STANDING = Standing(
    ntk_id=ID,
    version=1,
    reference="NTK-2026-0042",
    category=BOOK.category("SERHARM").name,
    level=1,
    level_meaning=BOOK.level(1).meaning,
    state="submitted",
    initials="AB",
    case_id="100101",
    raised_at=NOW,
    checked_at=None,
    checked_by="",
    lower_to=None,
    next_update_at=NOW + timedelta(hours=19, minutes=10),
    is_overdue=False,
    is_restricted=False,
    merged_into="",
    found_at=None,
)
CHECKED = replace(STANDING, state="open", checked_at=NOW + timedelta(minutes=20), checked_by="Tara Whitfield")
TOLD = (
    ToldPerson(
        name="Tara Whitfield",
        tier="Team manager",
        reached="yes",
        acknowledged_at=NOW + timedelta(minutes=4),
        phone="",
    ),
    ToldPerson(name="Neil Abara", tier="Service manager, covering", reached="yes", acknowledged_at=None, phone=""),
    ToldPerson(name="Chloe Marsh", tier="Head of service", reached="waiting", acknowledged_at=None, phone=""),
    ToldPerson(
        name="Dana O'Holloway-*Smith*",
        tier="Director",
        reached="no",
        acknowledged_at=None,
        phone="01632 960106",
    ),
    ToldPerson(name="Idris Penhaligon", tier="LADO", reached="yes", acknowledged_at=None, phone="", is_asked=False),
)
UNSURE = replace(TOLD[1], reached="unsure", phone="01632 960103")
GAPS = (
    Gap(tier="Assistant director", because="vacant"),
    Gap(tier="Service manager", because="away"),
    Gap(tier="Team manager", because="excluded"),
)
RULES = {rule.code: rule for rule in BOOK.prompts}
OPEN_CLOCK = PromptLine(
    prompt_id=ID,
    name=RULES["SIN"].name,
    question=RULES["SIN"].question,
    source=RULES["SIN"].source,
    owner="Assistant director",
    due_at=NOW + timedelta(days=7),
    is_overdue=False,
    decision=None,
    decided_on=None,
    decided_by="",
    reference="",
)
LATE_CLOCK = replace(
    OPEN_CLOCK,
    prompt_id="1" * 32,
    name=RULES["AUTHORITY"].name,
    question=RULES["AUTHORITY"].question,
    source=RULES["AUTHORITY"].source,
    owner="Team manager",
    due_at=NOW - timedelta(hours=2),
    is_overdue=True,
)
DECIDED_CLOCK = replace(
    OPEN_CLOCK,
    prompt_id="2" * 32,
    name=RULES["RAPID"].name,
    decision="NOTNEEDED",
    decided_on=date(2026, 11, 24),
    decided_by="Priya Lindqvist",
)
CLOCKS = (OPEN_CLOCK, LATE_CLOCK, DECIDED_CLOCK)
ON_CALL = (("Duty head", "Ffion Garside", "01632 960120"), ("Head of service", "Chloe Marsh", "01632 960104"))
LINE = NtkLine(
    ntk_id=ID,
    reference="NTK-2026-0042",
    category=STANDING.category,
    level=1,
    state="submitted",
    initials="AB",
    case_id="100101",
    raised_at=NOW,
    acknowledged=1,
    told=4,
    next_update_at=NOW + timedelta(hours=19, minutes=10),
)
OVERDUE = replace(LINE, next_update_at=NOW - timedelta(hours=5), is_overdue=True, unanswered=2, level=2)
EVERYONE = Case(
    state=State.OPEN,
    level=2,
    people=tuple(Choice(code=f"{at:032d}", name=person.name) for at, person in enumerate(TOLD)),
    children=(Choice(code="0", name="AB (ID 100101)"), Choice(code="1", name="CD (ID 100102)")),
)


def act(*codes: str) -> tuple[Act, ...]:
    return tuple(Act(code=code, title=acts.ACTS[code].title) for code in codes)


def said(category: str, answers: dict[str, str]) -> tuple[Said, ...]:
    return ntk_cards.said(BOOK, category, answers)


def lines(count: int, line: NtkLine) -> tuple[NtkLine, ...]:
    """So many lines, each its own need-to-know."""
    start = line.level * 100 + line.unanswered * 10
    return tuple(
        replace(line, ntk_id=f"{start + at:032d}", reference=f"NTK-2026-{start + at:04d}") for at in range(count)
    )


ANSWERS = said(
    "SERHARM",
    {
        "status": "CP",
        "age_band": "A5",
        "abuse": "NK",
        "what_happened": STORY,
        "safety": "SAFE",
        "actions_taken": DONE,
        "who_told": SPOKEN,
        "occurred": "2026-11-23T15:00:00+00:00",
        "setting": "HOME",
        "agencies": "POLICE,HEALTH",
        "media": "NONE",
        "restrict": "NO",
        "links": "https://cases.example/100101",
    },
)
CARD = NtkCard(
    standing=STANDING,
    children=("AB (ID 100101)",),
    raised_by="Sam Okafor",
    on_behalf="",
    raiser_phone="01632 960101",
    team="North team",
    aware_at=AWARE,
    answers=ANSWERS,
    updates=(),
    told=TOLD,
    prompts=(),
    acknowledged_at=None,
    may_acknowledge=True,
    sent_again_at=None,
    acts=act("endorse", "update", "comment", "check", "return", "level", "not_ntk", "propose_close"),
    why="line|Team manager|",
)
RECEIPT = NtkReceipt(
    standing=STANDING,
    told=TOLD[:3],
    later=(),
    gaps=(),
    prompts=(OPEN_CLOCK,),
    on_call=(),
    acts=act("update", "comment", "withdraw", "correct"),
)
TO_PHONE = NotDelivered(
    ntk_id=ID,
    reference="NTK-2026-0042",
    level=1,
    initials="AB",
    case_id="100101",
    to_phone=(TOLD[3], UNSURE),
    tier="Service manager",
    may_open=True,
    duty_phone=BOOK.council.duty_phone,
)
CLOCK = PromptCard(
    ntk_id=ID,
    reference="NTK-2026-0042",
    category=STANDING.category,
    initials="AB",
    case_id="100101",
    aware_at=AWARE,
    prompt=OPEN_CLOCK,
)
CHANGE = NtkChange(
    ntk_id=ID,
    reference="NTK-2026-0042",
    level=1,
    initials="AB",
    case_id="100101",
    kind="update",
    who="Sam Okafor",
    at=NOW + timedelta(hours=2),
    facts={},
    words=WORDS,
    acts=(),
    may_acknowledge=False,
    may_open=True,
)
# for each kind of event the facts its writer gives it, as services.ntk_lists.entry puts them into words
FACTS: dict[str, Facts] = {
    "raised": {"level": 1, "told": 5, "later": 0, "excluded": 0, "gaps": ""},
    "told": {"tiers": "Head of service, Director", "told": 2, "because": "escalated"},
    "acknowledged": {"tier": "Team manager"},
    "checked": {"tier": "Team manager", "statutory": "NK", "welfare": True},
    "level": {"from": 2, "to": 1},
    "lower_asked": {"from": 1, "to": 2},
    "lower_kept": {"level": 1},
    "decided_up": {"decision": "UP"},
    "not_ntk": {"reason": "Another procedure covers it"},
    "update": {"material": True, "answers_return": False},
    "found": {"at": "2026-11-23T18:10:00+00:00"},
    "briefed": {"whom": "MEMBER,PRESS"},
    "clock": {"prompt": RULES["SIN"].name, "due_at": "2026-11-30T16:10:00+00:00"},
    "clock_reminder": {"prompt": RULES["SIN"].name, "due_at": "2026-11-30T16:10:00+00:00"},
    "decided": {"prompt": RULES["SIN"].name, "decision": "DONE", "on": "2026-11-24", "again": None},
    "closed": {"outcome": "Goes on in casework", "themes": "Recording and chronology", "recorded_on": "2026-11-30"},
    "merged": {"into": "NTK-2026-0040"},
    "merged_from": {"from": "NTK-2026-0043", "level": 1},
    "corrected": {"initials": True, "case_id": False},
    "breach": {"person": "Bo Hartnell", "cards": 1, "opened": 0},
    "excluded": {"person": "Bo Hartnell"},
    "reassigned": {"from": "Sam Okafor", "to": "Tara Whitfield"},
}
SILENT = frozenset({"raised", "told", "acknowledged", "step", "clock", "clock_reminder", "reassigned", "lower_kept"})
