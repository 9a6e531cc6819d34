"""How long an event takes to reach everybody who listens."""

import asyncio
import statistics
import time
from typing import Any

from bench.client import Connection
from bench.imports import agent
from bench.load import cpu_seconds
from bench.server import API, PASSWORD, USERNAME, instance, sign_in, sign_up
from roster.live.listeners import MOST_PER_USER

LISTENERS = 200
PEOPLE = LISTENERS // MOST_PER_USER
EVENTS = 20


Listener = tuple[asyncio.StreamReader, asyncio.StreamWriter]
"""Held together: a connection is closed when nobody holds what writes to it."""


async def _listen(port: int, headers: dict[str, str]) -> Listener:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = [f"GET {API}/events HTTP/1.1", "host: bench"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    await reader.readuntil(b"ready")
    return reader, writer


async def _people(connection: Connection) -> list[dict[str, str]]:
    """Make as many accounts as it takes: each may listen so often, and no more."""
    signed = []
    for number in range(PEOPLE):
        name = f"listener-{number}"
        account = {"username": name, "password": PASSWORD}
        more = {"email": f"{name}@example.org"}
        await connection.json("POST", f"{API}/auth/register", {}, account | more)
        signed.append(await sign_in(connection, name))
    return signed


async def _told(listener: Listener, name: str) -> float:
    await listener[0].readuntil(name.encode())
    return time.perf_counter()


async def _run(port: int, pid: int) -> dict[str, Any]:
    connection = await Connection.open(port)
    headers = await sign_up(connection)
    people = await _people(connection)
    listeners = [
        await _listen(port, people[number % PEOPLE]) for number in range(LISTENERS)
    ]
    times: list[float] = []
    before = cpu_seconds(pid)
    for number in range(EVENTS):
        name = f"told-{number}"
        data = {"team": USERNAME, "content": agent(name), "visibility": "internal"}
        await connection.json("POST", f"{API}/agents", headers, data)
        begun = time.perf_counter()
        reached = await asyncio.gather(*(_told(one, name) for one in listeners))
        times += [(at - begun) * 1000 for at in reached]
    spent = cpu_seconds(pid) - before
    await connection.close()
    cuts = statistics.quantiles(times, n=100)
    return {
        "listeners": LISTENERS,
        "people": PEOPLE,
        "events": EVENTS,
        "cpu_us_each": round(spent * 1e6 / EVENTS / LISTENERS),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
    }


def compare() -> dict[str, Any]:
    started: list[int] = []
    with instance(started=started.append) as (port, _):
        found = asyncio.run(_run(port, *started))
    print(f"events to {LISTENERS} listeners: {found}")
    return found
