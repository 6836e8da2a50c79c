"""The main job on a real Teams client: the whole demo in real Agents Playground windows, driven in real Chromium."""

from __future__ import annotations

import asyncio
import math
import os
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import psutil
from playwright.async_api import async_playwright, expect

from casework.domain import clocks, london, working_days
from casework.rulebook import reader
from demo import people, windows
from gallery import chromium
from tests.browser.chat import Chat

NAMES = ("sam", "tara", "neil", "chloe", "priya", "dana")
SECONDS_TO_READY = 90
STORY = {
    "What happened?": "Found alone by a neighbour.",
    "What has been done so far?": "Ambulance called.",
    "Who have you spoken to, and when?": "Tara by phone at 4:20pm.",
}


def free_ports(count: int) -> int:
    """The first of `count` free ports in a row, below the range the system hands out."""
    # two runs on one machine begin to look at different places
    begin = os.getpid() * 50 % 10_000
    for first in (20_000 + (begin + step) % 10_000 for step in range(0, 10_000, 50)):
        probes = [socket.socket() for _ in range(count)]
        try:
            for number, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + number))
        except OSError:
            continue
        else:
            return first
        finally:
            for probe in probes:
                probe.close()
    raise AssertionError("no free ports")


@asynccontextmanager
async def demo(folder: Path) -> AsyncIterator[tuple[Process, dict[str, windows.Window]]]:
    """`python -m demo` until it says Ready; its windows by first name. Ended at the end, whatever happens."""
    first = free_ports(len(NAMES) + 1)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "demo", "--windows", ",".join(NAMES), "--port", str(first), "--window-port", str(first + 1)),
        *("--folder", str(folder)),
        stdout=PIPE,
        stderr=STDOUT,
    )
    try:
        said = await asyncio.wait_for(_until_ready(process), SECONDS_TO_READY)
        urls = dict(re.findall(r"^  (\w+ \w+) +(http://127\.0\.0\.1:\d+/)", said, re.MULTILINE))
        known = {person.name: person for person in people.read()}
        yield (
            process,
            {
                known[name].key: windows.Window(
                    person=known[name], url=url, conversation_id="", log=folder / "playground.log"
                )
                for name, url in urls.items()
            },
        )
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 30)


async def _until_ready(process: Process) -> str:
    assert process.stdout is not None
    said = ""
    async for line in process.stdout:
        said += line.decode()
        if line.strip() == b"Ready":
            return said
    raise AssertionError(f"the demo ended before it was ready:\n{said}")


async def test_raise_acknowledge_book_and_digest_in_real_windows(tmp_path: Path) -> None:
    async with demo(tmp_path / "demo") as (process, opened), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium.find(), args=list(chromium.ARGUMENTS))
        names = ("sam", "tara", "neil", "chloe")
        sam, tara, neil, chloe = [await Chat.open(browser, opened[name]) for name in names]

        await _comes_to_work(sam)
        await _raises(sam)
        received = await tara.card("Need-to-know NTK-2026-0001")
        assert "Found alone by a neighbour." in await received.text()
        await received.press("Acknowledge")
        await tara.card("You acknowledged this")
        seen = await sam.card("Need-to-know raised: NTK-2026-0001")
        await expect(seen.place).to_contain_text("Tara Whitfield, team manager: acknowledged")

        await _books(sam, tara, neil)
        await sam.say("demo: forward 2 weeks")
        await chloe.card("Agenda: Legal Gateway Panel", "AB (ID 100101)", seconds=60)
        await sam.card("You present on Wed", seconds=60)
        await browser.close()

        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 30) == 0
        assert psutil.wait_procs(children, timeout=10)[1] == []


async def _comes_to_work(sam: Chat) -> None:
    """Next operating day, 10:00: whenever this runs, the office is open, and those on call are not told as well."""
    now = datetime.now(UTC)
    opening = clocks.local_instant(
        working_days.operating_day_after(london.local_date(now), reader.read(None).calendar), time(10)
    )
    await sam.say(f"demo: forward {math.ceil((opening - now) / timedelta(minutes=1))} minutes")
    await sam.card("It is now")


async def _raises(sam: Chat) -> None:
    """Nothing leaves a form with an empty field; a wrong value or a name comes back with what was typed and why."""
    await sam.say("rasie ab 100101")
    form = await sam.card("Raise a need-to-know")
    await form.choose("What is it about?", "Serious injury or harm, life-threatening or narrowly avoided")
    await form.choose("Child's status", "Child protection plan")
    await form.choose("Age", "5 to 9")
    await form.write("Child's initials", "Annabel")
    await form.press("Continue")
    again = await sam.card("There is a problem")
    assert "Enter initials only, 1 to 4 letters, like AB" in await again.text()
    await again.write("Child's initials", "AB")
    await again.press("Continue")

    story = await sam.card("What happened?")
    await story.press("Check and send")
    await expect(story.place).to_contain_text("Enter what happened")
    for label, words in STORY.items():
        await story.write(label, words)
    await story.tick("Is abuse or neglect known or suspected?", "Not known yet")
    await story.tick("Are the child and any siblings safe now?", "Safe")
    await story.write("What happened?", "Sarah Jones was found alone.")
    await story.press("Check and send")
    guarded = await sam.card("This may say who somebody is")
    assert "Sarah Jones" in await guarded.text()
    assert "a name “Tara”" not in await guarded.text()
    typed = guarded.place.get_by_role("textbox", name="What has been done so far?")
    await expect(typed).to_have_value("Ambulance called.")
    await guarded.write("What happened?", STORY["What happened?"])
    await guarded.press("Check and send")

    check = await sam.card("Check before you send")
    assert "Tara Whitfield, team manager" in await check.text()
    await check.press("Send to 7 people")
    await sam.card("Need-to-know raised: NTK-2026-0001")


async def _books(sam: Chat, tara: Chat, neil: Chat) -> None:
    """Asked for, approved by the team manager and then the service manager, each in a window of their own."""
    await sam.say("book ab 100101 onto legal gatway")
    form = await sam.card("Choose a sitting")
    await form.tick("What are you asking for?", "Issue care proceedings")
    await form.press("Ask for it")
    asked = await sam.card("Waiting for approval: ITEM-")
    assert "Legal Gateway Panel" in await asked.text()
    for manager in (tara, neil):
        card = await manager.card("For your approval: ITEM-", "AB (ID 100101)")
        await card.press("Approve")
    await neil.card("Booked: ITEM-", "AB (ID 100101)")
    told = await sam.card("was approved", "AB (ID 100101)")
    assert "Your slot" in await told.text()


async def test_a_killed_demo_leaves_no_window_behind(tmp_path: Path) -> None:
    async with demo(tmp_path / "demo") as (process, opened):
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= len(opened)

        process.kill()
        await process.wait()

        assert psutil.wait_procs(children, timeout=15)[1] == []
