"""The forms that raise a need-to-know, the questions to a manager before it, and the cards of cover."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from cards import consult, cover, ntk_form, wording
from cards.fields import NONE, Mistakes
from casework import ports
from casework.cover_views import CoverLine, CoverPage, OnCallLine
from casework.domain import ntk as ntk_rules
from casework.domain.errors import Code, Found
from casework.domain.ntk_rulebook import Choice as Option
from casework.ntk_views import ConsultAnswer, ConsultCard, NtkPreview, Said
from casework.services import ntk
from casework.services.context import Rules
from casework.views import Choice
from tests.samples_views import (
    ANSWERS,
    AWARE,
    BOOK,
    DONE,
    GAPS,
    ID,
    LINE,
    LONG,
    NOW,
    SPOKEN,
    STANDING,
    STORY,
    TOLD,
    Named,
)

CATEGORIES = [Choice(value=category.code, label=category.name) for category in BOOK.categories]
FIRST = {
    "category": "SERHARM",
    "initials": "AB",
    "case_id": "100101",
    "aware_date": "2026-11-23",
    "aware_time": "16:10",
    "status": "CP",
    "age_band": "A5",
}
SECOND = {"what_happened": STORY, "actions_taken": DONE, "who_told": SPOKEN, "safety": "SAFE", "media": "NONE"}
EMPTY = {"aware_date": "2026-11-23", "aware_time": "16:50", "setting": "NK", "media": "NONE", "restrict": "NO"}
COACH = ntk.coach(Rules(version=1, book=BOOK), FIRST, NOW)
PREVIEW = NtkPreview(
    draft_id=ID,
    category=STANDING.category,
    level=1,
    level_meaning=STANDING.level_meaning,
    children=("AB (ID 100101)",),
    aware_at=AWARE,
    answers=ANSWERS,
    told=tuple(replace(person, acknowledged_at=None, reached="waiting", phone="") for person in TOLD),
    later=(),
    gaps=(),
    excluded=0,
    is_restricted=False,
    initials_differ=False,
    coach=COACH,
    duplicates=(),
    prompts=(),
)


def forms() -> Iterator[Named]:
    """What is filled in and asked before anything is sent, and the cards of cover."""
    yield from _first()
    yield from _second()
    yield from _check()
    yield from _consult()
    yield from _cover()
    yield from _arranging()


def _who(values: Mapping[str, str], wrong: Mistakes = NONE) -> ports.Message:
    return ntk_form.who_form(
        draft_id=ID,
        values=values,
        questions=ntk_rules.fields_of(BOOK, values.get("category", ""), "who"),
        categories=CATEGORIES,
        case_id_label=BOOK.council.case_id_label,
        case_id_example=BOOK.council.case_id_example,
        wrong=wrong,
    )


def _what(values: Mapping[str, str], wrong: Mistakes = NONE) -> ports.Message:
    return ntk_form.what_form(
        draft_id=ID,
        values=values,
        questions=ntk_rules.fields_of(BOOK, values["category"], "what"),
        coach=ntk.coach(Rules(version=1, book=BOOK), values, NOW),
        about=BOOK.category(values["category"]).name,
        wrong=wrong,
    )


def _first() -> Iterator[Named]:
    yield "ntk_form", _who(EMPTY)
    typed = {**EMPTY, "initials": "Annabel B", "case_id": "12", "other_children": "CD", "age_band": "UNBORN"}
    errors = {
        "category": Code.MISSING,
        "initials": Code.INITIALS_FORMAT,
        "case_id": Code.CASE_ID_FORMAT,
        "other_children": Code.CHILDREN_FORMAT,
        "aware_date": Code.IN_THE_FUTURE,
        "aware_time": Code.TIME_DOES_NOT_EXIST,
        "status": Code.MISSING,
        "expected_on": Code.MISSING,
        "on_behalf": Code.PERSON_UNKNOWN,
    }
    yield "ntk_form_errors", _who(typed, Mistakes(errors=errors))
    filled = {**EMPTY, **FIRST, "other_children": "CD 100102\nEF 100103", "on_behalf": "Ines Calloway"}
    yield "ntk_form_filled", _who(filled)
    yield "ntk_resume", ntk_form.resume(ID, FIRST)


def _second() -> Iterator[Named]:
    start = {**EMPTY, **FIRST}
    yield "ntk_story", _what(start)
    yield "ntk_story_filled", _what({**start, **SECOND})
    for category in ("MISSING", "STAFFALLEG", "DEATH", "DATA", "OTHER"):
        yield f"ntk_story_{category.lower()}", _what({**start, "category": category})
    late = {**start, "category": "MISSING", "missing_risk": "HIGH", "aware_time": "09:10"}
    yield "ntk_story_late", _what(late)
    yield "ntk_story_soon", _what({**start, "category": "PRACTICE"})
    errors = {
        "missing_since_time": Code.MISSING,
        "missing_risk": Code.MISSING,
        "what_happened": Code.TOO_LONG,
        "safety": Code.MISSING,
        "actions_taken": Code.MISSING,
        "who_told": Code.MISSING,
        "occurred_date": Code.TOO_LONG_AGO,
        "setting": Code.CHOICE_UNKNOWN,
        "links": Code.LINK_FORMAT,
    }
    typed = {**start, "category": "MISSING", "what_happened": STORY, "links": "case 12", "setting": "MOON"}
    yield "ntk_story_errors", _what({**typed, "missing_since_date": "2026-11-22"}, Mistakes(errors=errors))
    found = {
        "what_happened": (Found("name", "Annabel <b>Brown</b>"), Found("postcode", "ZZ9 9ZZ")),
        "who_told": (Found("email", "annabel@home.example"), Found("date_of_birth", "born 4 May 2019")),
    }
    guard = Mistakes(errors=dict.fromkeys(found, Code.PERSONAL_DATA), found=found)
    named = {**start, **SECOND, "what_happened": "Annabel <b>Brown</b> was found at ZZ9 9ZZ."}
    yield "ntk_story_guard", _what({**named, "who_told": "annabel@home.example, born 4 May 2019"}, guard)
    reason = "It is the name of the street, not of a person."
    missing = Mistakes(errors={"safety": Code.MISSING})
    yield "ntk_story_reason", _what({**named, "safety": "", "privacy_reason": reason}, missing)
    full = {**start, **dict.fromkeys(("what_happened", "actions_taken", "who_told"), LONG), "category": "MISSING"}
    yield "ntk_story_full", _what({**full, "links": "https://cases.example/100101\n" * 20}, Mistakes(errors=errors))


def _check() -> Iterator[Named]:
    yield "ntk_check", ntk_form.check(PREVIEW)
    missing = ntk.coach(Rules(version=1, book=BOOK), {**FIRST, "category": "MISSING", "aware_time": "09:10"}, NOW)
    full = replace(
        PREVIEW,
        children=("AB (ID 100101)", "CD (ID 100102)", "EF (ID 100103)"),
        later=("Head of service", "Assistant director"),
        gaps=GAPS,
        excluded=2,
        is_restricted=True,
        initials_differ=True,
        coach=replace(missing, is_late=True),
        duplicates=(LINE, replace(LINE, ntk_id="4" * 32, reference="NTK-2026-0041", raised_at=NOW - timedelta(days=1))),
        prompts=("Serious incident notification", "Rapid review"),
    )
    yield "ntk_check_full", ntk_form.check(full)
    yield "ntk_check_nobody", ntk_form.check(replace(PREVIEW, told=()))
    long = tuple(replace(one, words=LONG) if one.is_long else one for one in ANSWERS)
    yield "ntk_check_long", ntk_form.check(replace(full, answers=long))


def _consult() -> Iterator[Named]:
    asked = ConsultCard(
        consult_id=ID,
        asker="Sam Okafor",
        asker_phone="01632 960101",
        asked_at=NOW,
        due_at=NOW + timedelta(minutes=30),
        is_open=True,
        answers=(
            Said(label="About", words=STANDING.category),
            Said(label="Child", words="AB (ID 100101)"),
            *ANSWERS,
        ),
        coach=COACH,
    )
    yield "consult", consult.question(asked)
    wrong = Mistakes(errors={"comment": Code.MISSING})
    yield "consult_error", consult.question(asked, values={"comment": ""}, wrong=wrong)
    yield "consult_answered", consult.question(replace(asked, is_open=False))
    bare = replace(asked, answers=asked.answers[1:2], coach=None, asker_phone="")
    yield "consult_passed_on", consult.question(replace(asked, is_passed_on=True))
    yield "consult_bare", consult.question(bare)
    for kind, comment in (
        ("RAISE", ""),
        ("TALK", "Ring me before 6pm."),
        ("NOTNOW", "It is known already."),
        ("NONE", ""),
    ):
        said = ConsultAnswer(
            draft_id=ID,
            answer=kind,
            manager="" if kind == "NONE" else "Tara Whitfield",
            manager_phone="" if kind == "NONE" else "01632 960102",
            comment=comment,
            initials="AB",
            case_id="100101",
        )
        yield f"consult_answer_{kind.lower()}", consult.answer(said)
    within = wording.span_words(BOOK.ntk.consult_within)
    yield "consult_asked", consult.asked(1, within)
    yield "consult_asked_nobody", consult.asked(0, within)


def _cover() -> Iterator[Named]:
    leave = CoverLine(
        cover_id=ID,
        person="Tara Whitfield",
        cover="Neil Abara",
        kind="leave",
        starts_on=date(2026, 12, 21),
        ends_on=date(2027, 1, 3),
        may_end=True,
    )
    deputy = replace(leave, kind="deputy", cover="Chloe Marsh", may_end=False)
    alone = replace(leave, person="Bo Hartnell", cover="", cover_id="5" * 32)
    duty = OnCallLine(
        rota_id=ID,
        tier="Duty head",
        person="Ffion Garside",
        phone="01632 960120",
        starts_at=NOW,
        ends_at=NOW + timedelta(hours=16),
        may_end=True,
    )
    again = replace(duty, rota_id="6" * 32, tier="Head of service", person="Chloe Marsh", phone="", may_end=True)
    full = CoverPage(lines=(leave, deputy, alone), on_call=(duty, again), may_arrange_rota=True)
    yield "cover", cover.page(full)
    yield "cover_none", cover.page(CoverPage(lines=(), on_call=(), may_arrange_rota=False))
    many = replace(
        full,
        lines=tuple(replace(leave, cover_id=f"{at:032d}") for at in range(40)),
        on_call=tuple(replace(duty, rota_id=f"{at:032d}") for at in range(20)),
    )
    yield "cover_many", cover.page(many)
    yield "cover_set", cover.announced(leave)
    yield "cover_set_deputy", cover.announced(deputy)


def _arranging() -> Iterator[Named]:
    yield "cover_form", cover.form({"starts_on": "2026-11-23", "kind": "leave"})
    errors = {
        "absent": Code.PERSON_UNCLEAR,
        "cover": Code.PERSON_BELOW,
        "starts_on": Code.MISSING,
        "ends_on": Code.NOT_LATER,
    }
    yield "cover_form_errors", cover.form({"kind": "deputy", "cover": "Sam"}, Mistakes(errors=errors))
    tiers = [Option(code="DUTY", name="Duty head, told when nobody answers")]
    questions = cover.rota_fields([*tiers, *(Option(code=tier.code, name=tier.name) for tier in BOOK.tiers)])
    values = {"from_date": "2026-11-23", "from_time": "17:00", "until_time": "09:00"}
    yield "rota_form", cover.rota_form(questions, values)
    wrong = {
        "tier": Code.MISSING,
        "name": Code.PERSON_UNKNOWN,
        "until_date": Code.DATE_FORMAT,
        "from_time": Code.TIME_FORMAT,
    }
    yield "rota_form_errors", cover.rota_form(questions, {**values, "name": "Sam"}, Mistakes(errors=wrong))
