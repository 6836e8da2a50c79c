"""Turns a second of Usher's edge and of all of Usher, beside stock botbuilder and a bare handler, in one run."""

from __future__ import annotations

import asyncio
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from aiohttp import web

from bench.servers import PEOPLE_COUNT, TENANT, entra_object_id

CONNECTIONS = 16
SECONDS = 2.0
REPEATS = 3
FIRST_PORT = 4170


async def main() -> None:
    """Print turns a second (median of three), the slowest percent, and each one's ratio to its own limit."""
    replies = itertools.count()
    counted = {"n": 0}

    async def connector(request: web.Request) -> web.Response:
        await request.read()
        counted["n"] = next(replies) + 1
        return web.json_response({"id": str(counted["n"])}, status=201)

    site = web.Application()
    site.router.add_post("/{tail:.*}", connector)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", FIRST_PORT).start()
    service_url = f"http://127.0.0.1:{FIRST_PORT}/"
    rates: dict[str, list[float]] = {}
    slowest: dict[str, list[float]] = {}
    names = ("bare", "edge", "stock", "bare+commit", "whole")
    with _servers(names) as ports:
        for _ in range(REPEATS):
            for name in names:
                before = counted["n"]
                taken = await _load(ports[name], service_url)
                assert counted["n"] - before == len(taken), (
                    f"{name}: {counted['n'] - before} replies to {len(taken)} requests"
                )
                rates.setdefault(name, []).append(len(taken) / SECONDS)
                slowest.setdefault(name, []).append(statistics.quantiles(taken, n=100)[98] * 1000)
    await runner.cleanup()
    limits = {"edge": "bare", "stock": "bare", "whole": "bare+commit"}
    print(f"{'server':14}{'turns/s':>10}{'p99 ms':>10}   against its limit")
    for name in names:
        rate = statistics.median(rates[name])
        limit = limits.get(name)
        said = f"1/{statistics.median(rates[limit]) / rate:.1f} of {limit}" if limit else ""
        print(f"{name:14}{rate:10.0f}{statistics.median(slowest[name]):10.1f}   {said}")
    print(f"edge against stock: {statistics.median(rates['edge']) / statistics.median(rates['stock']):.1f} times")


async def _load(port: int, service_url: str) -> list[float]:
    url = f"http://127.0.0.1:{port}/api/messages"
    until = time.perf_counter() + SECONDS
    taken: list[float] = []
    serial = itertools.count()
    mark = time.time_ns()

    async def one(session: aiohttp.ClientSession) -> None:
        while time.perf_counter() < until:
            body = json.dumps(_activity(service_url, mark, next(serial))).encode()
            begun = time.perf_counter()
            async with session.post(url, data=body, headers={"Content-Type": "application/json"}) as answer:
                await answer.read()
                assert answer.status in (200, 201, 202), answer.status
            taken.append(time.perf_counter() - begun)

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(one(session) for _ in range(CONNECTIONS)))
    return taken


def _activity(service_url: str, mark: int, serial: int) -> dict[str, object]:
    person = serial % PEOPLE_COUNT
    return {
        "type": "message",
        "id": f"{mark}-{serial}",
        "text": "help",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "from": {"id": f"29:{person}", "name": f"Worker {person}", "aadObjectId": entra_object_id(person)},
        "conversation": {"id": f"a:{person}", "conversationType": "personal", "tenantId": TENANT},
        "recipient": {"id": "28:usher", "name": "Usher"},
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "en-GB",
    }


@contextmanager
def _servers(names: tuple[str, ...]) -> Iterator[dict[str, int]]:
    ports = {name: FIRST_PORT + 1 + number for number, name in enumerate(names)}
    running = [
        subprocess.Popen([sys.executable, "-m", "bench.servers", name, str(port)], stdout=subprocess.PIPE)
        for name, port in ports.items()
    ]
    try:
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == b"serving"
        yield ports
    finally:
        for process in running:
            process.kill()
            process.wait()


if __name__ == "__main__":
    asyncio.run(main())
