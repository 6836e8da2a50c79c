"""Usher speaks with this council's people, one to one; everybody else gets one polite sentence and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from casework.db import addresses, drafts, ntk
from casework.services import directory
from tests.scenarios.council import MONDAY_AFTERNOON, PEOPLE, Council, open_council
from tests.teams_service.people import Person
from tests.teams_service.service import TENANT_ID

STRANGER = (
    "Usher works for this council's children's services only, and you are not on its list. "
    "If you should be, ask your team manager to have you added."
)
ONE_TO_ONE = "I only work in one-to-one chat. Open a chat with Usher and write to me there."
OTHER_TENANT = "77777777-8888-4777-8666-555555555555"


async def kept(council: Council) -> tuple[int, int, int]:
    """How many addresses, drafts and NTKs are stored."""
    async with council.parts.context.database.reading() as work:
        counts = [
            await work.connection.scalar(select(func.count()).select_from(table))
            for table in (addresses.addresses, drafts.drafts, ntk.ntks)
        ]
    return counts[0] or 0, counts[1] or 0, counts[2] or 0


def somebody(council: Council, who: str) -> Person:
    """A stranger, or a guest whose activities bear no Entra id."""
    return council.teams.person(None if who == "guest" else "", "Robin Elsewhere")


@pytest.mark.parametrize("who", ["stranger", "guest"])
async def test_a_stranger_gets_one_sentence_whatever_they_type_or_click(tmp_path: Path, who: str) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        robin = somebody(council, who)
        council.people["robin"] = robin

        await robin.installs()
        after_installing = [shown.words for shown in robin.inbox]
        for line in ("raise", "help", "agenda arp", "demo: forward 2 days", ""):
            await robin.says(line)
        clicked = await council.presses("robin", "ntk.start", {})

        assert after_installing == []
        assert {shown.words for shown in robin.inbox} == {STRANGER}
        assert clicked.activity["attachments"][0]["content"] == STRANGER
        assert await kept(council) == (0, 0, 0)


async def test_a_leaver_gets_one_sentence_from_the_day_after_their_last(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")
        lines = [line.replace(",,,,", ",,,2026-11-30,") for line in PEOPLE.splitlines() if "Sam Okafor" in line]
        text = "\n".join([PEOPLE.splitlines()[0], *lines])
        await directory.import_people(council.parts.context, text, tenant_id=TENANT_ID)

        await sam.says("raise")
        last_day = sam.latest.words.splitlines()[0]
        council.clock.forward_to(MONDAY_AFTERNOON.replace(day=30, hour=23, minute=59, second=59))
        council.clock.forward_to(MONDAY_AFTERNOON.replace(month=12, day=1, hour=0, minute=0))
        await sam.says("my ntks")
        clicked = await council.presses("sam", "ntk.start", {})

        assert last_day == "Raise a need-to-know"
        assert sam.latest.words == STRANGER
        assert clicked.activity["attachments"][0]["content"] == STRANGER


async def test_somebody_of_another_tenant_is_turned_away_at_the_door(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sams_double = council.teams.person(council.person("sam").entra_object_id, "Sam Okafor", OTHER_TENANT)

        answer = await sams_double.says("raise")

        assert (answer.status, answer.body) == (401, {"error": "unauthorized"})
        assert sams_double.inbox == []
        assert await kept(council) == (0, 0, 0)


async def test_a_group_chat_gets_one_sentence_and_nothing_personal(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")

        await sam.says("book AB 100101 onto legal gateway", in_group="19:group@thread.v2")
        await sam.says("my ntks", in_group="19:group@thread.v2")

        assert [shown.words for shown in council.teams.group("19:group@thread.v2")] == [ONE_TO_ONE, ONE_TO_ONE]
        assert sam.inbox == []
        assert await kept(council) == (0, 0, 0)


async def test_installing_welcomes_once_and_an_upgrade_not_at_all(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        sam = council.person("sam")

        await sam.installs()
        await sam.upgrades()

        assert [shown.words.splitlines()[0] for shown in sam.inbox] == ["Welcome to Usher"]


async def test_somebody_who_takes_usher_out_gets_nothing_until_they_bring_it_back(tmp_path: Path) -> None:
    async with open_council(tmp_path, now=MONDAY_AFTERNOON) as council:
        await council.everybody_installs()
        tara = council.person("tara")
        await tara.removes()
        await council.raises("sam")

        await council.send_all()
        while_gone = [shown.words.splitlines()[0] for shown in tara.inbox]
        await tara.installs()
        await council.send_all()

        assert while_gone == ["Welcome to Usher"]
        assert sorted(shown.words.splitlines()[0] for shown in tara.inbox) == [
            "Need-to-know NTK-2026-0001",
            "Welcome to Usher",
            "Welcome to Usher",
        ]
