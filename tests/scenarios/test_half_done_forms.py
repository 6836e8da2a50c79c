"""What somebody has begun to type survives a restart, a slip and a day off, and is carried out once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from casework.db import drafts
from casework.services import forms
from tests.scenarios import acting, reading
from tests.scenarios.council import MONDAY_AFTERNOON, STORY, TOLD_AT_LEVEL_1, first_of, open_council
from tests.teams_service.service import FakeTeams

GONE = "This form was sent already, thrown away, or left for more than 30 days."
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


async def test_a_half_typed_ntk_is_found_again_after_a_restart(tmp_path: Path) -> None:
    half = {**STORY, "actions_taken": "", "who_told": ""}
    async with FakeTeams() as teams:
        async with open_council(tmp_path, now=MONDAY_AFTERNOON, same_teams=teams) as council:
            sam = council.person("sam")
            await sam.says("raise")
            form = await council.checks("sam", sam.latest, half)
            errors = form.words

        async with open_council(tmp_path, now=MONDAY_AFTERNOON + A_DAY, same_teams=teams) as council:
            sam = council.person("sam")
            await sam.says("raise")
            offered = sam.latest
            asked = reading.title(offered)
            carried_on = reading.typed(await sam.clicks(offered, "Carry on with it"))
            carried_on |= reading.typed(await sam.clicks(offered, "Continue"))

    assert "Enter what has been done so far, or “none yet”" in errors
    assert "Enter who you have spoken to, or “nobody yet”" in errors
    assert asked == "Carry on, or start new?"
    assert {field: carried_on[field] for field in half} == half


async def test_the_old_card_itself_still_works_after_a_restart(tmp_path: Path) -> None:
    async with FakeTeams() as teams:
        async with open_council(tmp_path, now=MONDAY_AFTERNOON, same_teams=teams) as council:
            sam = council.person("sam")
            await sam.says("raise")
            await council.checks("sam", sam.latest, STORY)
            booking = await council.begins_booking("sam", "AB 100101 onto legal gateway")

        async with open_council(tmp_path, now=MONDAY_AFTERNOON + AN_HOUR, same_teams=teams) as council:
            await council.everybody_installs()
            sam = council.person("sam")
            receipt = await sam.clicks(sam.card("Check before you send"), "ntk.send")
            booked = await sam.clicks(booking, "item.book", first_of(booking, "request_type"))
            await council.send_all()
            seen_by = council.who_sees("Need-to-know NTK-2026-0001")

    assert reading.title(receipt) == "Need-to-know raised: NTK-2026-0001"
    assert reading.title(booked) == "Waiting for approval: ITEM-2026-0001"
    assert seen_by == TOLD_AT_LEVEL_1


async def test_a_double_click_on_send_raises_once(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        sam = council.person("sam")
        await sam.says("raise")
        await council.checks("sam", sam.latest, STORY)
        data = reading.data_of(sam.card("Check before you send"), "ntk.send")

        receipts = await asyncio.gather(*(council.presses("sam", "ntk.send", data) for _ in range(5)))
        await council.send_all()

        assert [reading.title(card) for card in receipts] == ["Need-to-know raised: NTK-2026-0001"] * 5
        tara = council.person("tara")
        assert [card.words.splitlines()[0] for card in tara.cards if "Need-to-know NTK-" in card.words] == [
            "Need-to-know NTK-2026-0001"
        ]


async def test_a_form_left_for_more_than_thirty_days_says_so(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")
        await sam.says("raise")
        form = await council.checks("sam", sam.latest, {**STORY, "who_told": ""})
        await council.at(MONDAY_AFTERNOON + 30 * A_DAY + AN_HOUR)

        answer = await sam.clicks(form, "Check and send", STORY)
        await sam.says("raise")

        assert GONE in answer.words
        assert reading.title(sam.latest) == "Raise a need-to-know"
        assert reading.typed(sam.latest)["case_id"] == ""
        who = reading.typed(sam.latest).keys() & STORY.keys()
        await sam.clicks(sam.latest, "Continue", {field: STORY[field] for field in who})
        assert reading.typed(sam.latest)["what_happened"] == ""


async def test_an_expired_form_is_deleted_and_its_words_with_it(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")
        await council.fills_in("sam")
        kept = [await acting.count(council, drafts.drafts)]

        for moment in (MONDAY_AFTERNOON + 30 * A_DAY - AN_HOUR, MONDAY_AFTERNOON + 30 * A_DAY + AN_HOUR):
            await council.at(moment)
            await forms.remove_expired(council.parts.context)
            kept.append(await acting.count(council, drafts.drafts))
        await sam.says("raise")

        assert kept == [1, 1, 0]
        assert reading.title(sam.latest) == "Raise a need-to-know"


async def test_a_form_thrown_away_is_gone_and_nobody_is_told(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")
        await sam.says("raise")
        await sam.clicks(sam.latest, "Throw away")

        await sam.says("raise")

        assert "Nothing was sent and nobody was told." in sam.cards[0].words
        assert reading.title(sam.latest) == "Raise a need-to-know"
