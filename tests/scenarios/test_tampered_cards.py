"""What a card carries is never believed: another's ids, forged verbs and wrong types change nothing (A01 to A07)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.db import (
    agendas,
    attendance,
    cases,
    consults,
    covers,
    decisions,
    deliveries,
    drafts,
    item_actions,
    item_children,
    item_events,
    item_papers,
    items,
    minutes,
    ntk,
    ntk_events,
    ntk_prompts,
    ntk_recipients,
    ntk_steps,
    offers,
    sittings,
    slots,
    trackers,
)
from casework.domain import buckets
from dialogs.actions import ACTIONS
from tests.scenarios import reading
from tests.scenarios.council import MONDAY_AFTERNOON, STORY, TOLD_AT_LEVEL_1, Council, first_of, open_council
from tests.teams_service.chats import Shown

TABLES = (
    agendas.agenda_seen,
    agendas.agendas,
    attendance.attendance,
    attendance.conflicts,
    cases.cases,
    consults.consults,
    covers.covers,
    covers.rota,
    decisions.advice,
    decisions.decisions,
    deliveries.deliveries,
    drafts.drafts,
    item_actions.item_actions,
    item_children.item_children,
    item_events.item_events,
    item_papers.item_papers,
    items.items,
    minutes.addenda,
    minutes.minutes,
    ntk.ntks,
    ntk_events.ntk_events,
    ntk_prompts.ntk_prompts,
    ntk_recipients.ntk_recipients,
    ntk_steps.ntk_steps,
    offers.offers,
    sittings.sittings,
    slots.slots,
    trackers.tracker_children,
    trackers.trackers,
)
OF_ITEMS = ("item.open", "item.act", "item.do", "offer.take", "offer.refuse", "action.done")
OF_SITTINGS = (
    *("agenda.seen", "agenda.lock", "agenda.release", "sitting.run", "sitting.start", "sitting.attend"),
    *("sitting.attend_save", "sitting.close", "sitting.confirm", "sitting.addendum", "sitting.addendum_save"),
)
NO_SUCH_ID = "0" * 32
NOT_FOUND = "There is nothing by that name that you can see."
GONE = "This form was sent already, thrown away, or left for more than 30 days."


@pytest.fixture
async def council(tmp_path: Path) -> AsyncIterator[Council]:
    """Sam has raised an NTK and booked an item, and is in the middle of a second NTK and a second booking."""
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as opened:
        await opened.everybody_installs()
        await opened.raises("sam")
        await opened.books("sam", "AB 100101 onto legal gateway")
        await opened.begins_booking("sam", "CD 100102 onto legal gateway")
        await opened.person("sam").says("raise")
        await opened.checks("sam", opened.person("sam").latest, STORY)
        await opened.send_all()
        yield opened


async def everything(council: Council) -> list[list[tuple[object, ...]]]:
    """Every row of the records themselves."""
    async with council.parts.context.database.reading() as work:
        return [
            sorted((tuple(row) for row in await work.connection.execute(select(table))), key=str) for table in TABLES
        ]


def sams(council: Council, words: str, verb: str) -> dict[str, object]:
    return reading.data_of(council.person("sam").card(words), verb)


async def test_another_persons_draft_is_out_of_reach(council: Council) -> None:
    data = sams(council, "Check before you send", "ntk.send") | STORY | {"what_happened": "Something else."}
    before = await everything(council)

    verbs = ("ntk.send", "ntk.continue", "ntk.check", "ntk.edit", "ntk.edit_story", "ntk.ask_first")
    answers = {verb: await council.presses("jo", verb, data) for verb in verbs}
    answers["ntk.discard"] = await council.presses("jo", "ntk.discard", data)

    assert await everything(council) == before
    assert {verb: GONE in answer.words for verb, answer in answers.items()} == {
        **dict.fromkeys(verbs, True),
        "ntk.discard": False,  # "thrown away" is all anybody learns of a form that isn't theirs
    }
    assert "Found alone by a neighbour." not in "".join(answer.words for answer in answers.values())
    sent = await council.presses("sam", "ntk.send", sams(council, "Check before you send", "ntk.send"))
    assert reading.title(sent) == "Need-to-know raised: NTK-2026-0002"


async def test_another_persons_booking_form_is_out_of_reach(council: Council) -> None:
    form = council.person("sam").card("Choose a sitting")
    data = {**reading.data_of(form, "item.book"), **first_of(form, "request_type"), **first_of(form, "sitting")}
    before = await everything(council)

    answers = [
        await council.presses("jo", verb, data) for verb in ("item.book", "item.choose", "item.back", "item.discard")
    ]

    assert await everything(council) == before
    assert ["100102" in answer.words for answer in answers] == [False] * 4


@pytest.mark.parametrize("who", ["marek", "connor"])
async def test_another_teams_ntk_is_answered_as_one_that_does_not_exist(council: Council, who: str) -> None:
    data = sams(council, "Need-to-know raised", "ntk.status") | {"act": "endorse"}
    before = await everything(council)

    for verb in ("ntk.acknowledge", "ntk.open", "ntk.status", "ntk.more", "ntk.timeline", "ntk.act", "ntk.do"):
        answer = await council.presses(who, verb, data)
        nothing = await council.presses(who, verb, data | {"ntk": NO_SUCH_ID})

        assert NOT_FOUND in answer.words
        assert answer.card == nothing.card
    assert await everything(council) == before


async def test_another_teams_item_is_answered_as_one_that_does_not_exist(council: Council) -> None:
    data = sams(council, "Booked: ", "item.change") | {"act": "presenter", "who": "Marek Sadowski"}
    before = await everything(council)

    verbs = ("item.open", "item.change", "item.cancel", "item.cancel_confirm", "item.move", "item.act", "item.do")
    for verb in verbs:
        answer = await council.presses("marek", verb, data)
        nothing = await council.presses("marek", verb, data | {"item": NO_SUCH_ID})

        assert NOT_FOUND in answer.words
        assert answer.card == nothing.card
    assert await everything(council) == before


async def test_somebody_who_may_see_an_item_may_not_change_it(council: Council) -> None:
    data = sams(council, "Booked: ", "item.change")
    form = council.person("sam").card("Choose a sitting")
    other = list(reading.choices(form, "sitting"))[1]
    before = await everything(council)

    buttons = {}
    for who in ("tara", "neil", "chloe", "priya", "leila"):
        shown = await council.presses(who, "item.open", data)
        buttons[who] = shown.buttons
        cancelled = await council.presses(who, "item.cancel_confirm", data)
        moved = await council.presses(who, "item.move", data | {"sitting": other})

        assert (who, reading.facts(shown)["Reference"]) == (who, "ITEM-2026-0001")
        assert "You don't have the role for this." in cancelled.words
        assert "You don't have the role for this." in moved.words
    # none of them may move or cancel it, each has what their role gives
    line = ["Papers", "Change presenter"]
    assert buttons == {
        "tara": line,
        "neil": line,
        "chloe": [*line, "Place and minutes", "Conflict of interest", "Decide outside the panel"],
        "priya": ["Decide outside the panel"],
        "leila": ["Papers are complete", "Conflict of interest", "Legal advice"],
    }
    assert await everything(council) == before


async def test_a_version_of_the_wrong_type_counts_as_out_of_date(council: Council) -> None:
    versions: tuple[object, ...] = ("1", 1.0, True, None, [], {"$gt": 0}, 0, -1, 10**30, "1 OR 1=1")
    data = sams(council, "Booked: ", "item.change")
    before = await everything(council)

    answers = [await council.presses("sam", "item.cancel_confirm", data | {"version": value}) for value in versions]

    assert [reading.title(answer) for answer in answers] == ["This card is out of date"] * len(versions)
    assert {reading.facts(answer)["Reference"] for answer in answers} == {"ITEM-2026-0001"}
    assert await everything(council) == before


async def test_an_id_of_the_wrong_type_finds_nothing(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    # hundreds of presses by one person, faster than anybody's hand: how fast one may press is not asked here
    monkeypatch.setattr(buckets.Buckets, "take", lambda *_: True)
    ids: tuple[object, ...] = (
        None,
        7,
        1.5,
        True,
        [],
        {"id": "x"},
        "' OR '1'='1",
        "%",
        "x" * 10_000,
        "../1",
        "\u202e",
        "",
    )
    keys = ("item", "ntk", "draft", "act", "prompt", "cover", "nonce", "offer", "action", "sitting")
    verbs = {
        "sam": ("item.cancel_confirm", "item.move", "item.book", "ntk.send", "ntk.continue", "ntk.check", *OF_ITEMS),
        "chloe": OF_SITTINGS,
        "tara": ("ntk.acknowledge", "ntk.open", "ntk.do", "ntk.decide", "cover.end"),
    }
    before = await everything(council)

    for odd in ids:
        for who, verb in ((who, verb) for who, pressed in verbs.items() for verb in pressed):
            answer = await council.presses(who, verb, dict.fromkeys(keys, odd) | {"version": 1})

            assert NOT_FOUND in answer.words or GONE in answer.words, (odd, verb, answer.words)
    assert await everything(council) == before


async def test_a_verb_nobody_drew_changes_nothing_and_leads_on(council: Council) -> None:
    verbs = ("ntk.delete", "", "__class__", "NTK.SEND", "item.approve", "ntk.send ", "x" * 5000)
    data = sams(council, "Check before you send", "ntk.send")
    before = await everything(council)

    answers = [await council.presses("sam", verb, data) for verb in verbs]

    assert [reading.title(answer) for answer in answers] == ["This card is out of date"] * len(verbs)
    assert [answer.buttons for answer in answers] == [["What can I do?"]] * len(verbs)
    assert await everything(council) == before


async def test_a_click_without_a_shape_never_fails_and_changes_nothing(council: Council) -> None:
    shapes: tuple[object, ...] = (
        None,
        3,
        [],
        "text",
        {},
        {"action": None},
        {"action": []},
        {"action": {"verb": 5, "data": "x"}},
    )
    sam = council.person("sam")
    before = await everything(council)

    answers = []
    for value in shapes:
        invoke = council.teams.activity(sam, "invoke") | {"name": "adaptiveCard/action", "value": value}
        answers.append(await council.teams.post(invoke))

    assert [answer.status for answer in answers] == [200] * len(shapes)
    assert await everything(council) == before


async def test_extra_keys_decide_nothing(council: Council) -> None:
    forged = {
        "level": 4,
        "raiser_id": await council.id_of("jo"),
        "person": await council.id_of("jo"),
        "approved": True,
        "told": [],
        "recipients": [],
        "state": "accepted",
        "version": 99,
    }
    data = sams(council, "Check before you send", "ntk.send") | forged

    receipt = await council.presses("sam", "ntk.send", data)
    await council.send_all()

    assert reading.facts(receipt)["Level"] == "1: everyone up to the director, at once"
    assert council.who_sees("Need-to-know NTK-2026-0002") == TOLD_AT_LEVEL_1
    assert council.who_sees("Need-to-know raised: NTK-2026-0002") == []


async def test_another_panels_sitting_is_not_booked_by_its_id(council: Council) -> None:
    other_panel = await council.begins_booking("jo", "LM 100301 onto permanency")
    foreign = next(iter(reading.choices(other_panel, "sitting")))
    form = council.person("sam").card("Choose a sitting")
    data = reading.data_of(form, "item.book") | first_of(form, "request_type")

    refused = await council.presses("sam", "item.book", {**data, "sitting": foreign})
    unknown = await council.presses("sam", "item.book", {**data, "sitting": NO_SUCH_ID})
    odd_type = await council.presses("sam", "item.book", {**data, "request_type": "ANYTHING"})

    said = "That sitting can't be booked any more. Choose another below."
    assert (said in refused.words, said in unknown.words) == (True, True)
    assert "Choose one from the list" in odd_type.words
    await council.person("sam").says("my items")
    assert council.person("sam").card("Your panel items").buttons == ["Open ITEM-2026-0001"]


async def test_a_refresh_nobody_asked_for_changes_nothing(council: Council) -> None:
    data = {
        **sams(council, "Check before you send", "ntk.send"),
        **sams(council, "Booked: ", "item.change"),
        **sams(council, "Need-to-know raised", "ntk.status"),
        "act": "endorse",
    }
    before = await everything(council)

    for verb in sorted(ACTIONS):
        for who in ("sam", "tara"):
            invoke = council.teams.activity(council.person(who), "invoke") | {
                "name": "adaptiveCard/action",
                "value": {"action": {"type": "Action.Execute", "verb": verb, "data": data}, "trigger": "automatic"},
            }
            assert (await council.teams.post(invoke)).status == 200

    assert await everything(council) == before


async def test_a_colleague_pressing_somebodys_acknowledge_does_not_acknowledge_for_them(council: Council) -> None:
    tara = council.person("tara")
    card: Shown = tara.card("Need-to-know NTK-2026-0001")

    await council.presses("neil", "ntk.acknowledge", reading.data_of(card, "ntk.acknowledge"))
    await council.send_all()

    words = council.person("sam").card("Need-to-know raised").words
    assert "Neil Abara, service manager: **acknowledged**" in words
    assert "Tara Whitfield, team manager: delivered" in words


async def test_an_old_click_after_throwing_away_brings_nothing_back(council: Council) -> None:
    data = sams(council, "Check before you send", "ntk.send")
    await council.presses("sam", "ntk.discard", data)
    before = await everything(council)

    answer = await council.presses("sam", "ntk.send", data)

    assert GONE in answer.words
    assert await everything(council) == before
