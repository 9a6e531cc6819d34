"""How lists and their facets hold at size, on both engines.

One request at a time: what is asked of the database is what grows, if anything does.
"""

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any

from bench import imports
from bench.client import Connection
from bench.copying import multiply
from bench.filling import fill
from bench.server import API, USERNAME, serving, sign_up
from roster.core.db import Database
from tests.services.postgres import PostgresServer

DEEP = 1_000
"""The page that is compared with the first one."""
LIMIT, LARGEST = 50, 200
MADE = 10_000
"""So many are made; of a multiple of that the others are copies."""
ROUNDS = 20
GOAL = 1.5
REQUESTS = {
    "first page": "/components?limit=50",
    "of one kind": "/agents?limit=50",
    "by name": "/components?limit=50&sort=name",
    "by errors": "/agents?limit=50&sort=-errors",
    "of a team": "/agents?limit=50&team=bench-0",
    "of a team, by errors": "/agents?limit=50&team=bench-0&sort=-errors",
    "with a label": "/agents?limit=50&label=production",
    "with a label of nobody": "/agents?limit=50&label=nobody",
    "with a tool": "/agents?limit=50&tool=Tool7",
    "with errors": "/agents?limit=50&health=error",
    "counted": "/agents?limit=50&count=true",
    "search": "/agents?limit=50&q=migrates",
    "facets": "/agents/facets",
    "facets, filtered": "/agents/facets?model=opus",
    "facets of all kinds": "/components/facets",
}
Times = dict[str, float]


async def _get(connection: Connection, path: str, headers: dict[str, str]) -> Any:
    status, _, content = await connection.request("GET", f"{API}{path}", headers)
    if status != HTTPStatus.OK:
        message = f"{path}: {status} {content.decode()}"
        raise RuntimeError(message)
    return json.loads(content)


async def _deep_page(connection: Connection, headers: dict[str, str]) -> str:
    """Walk to the thousandth page, or to the last one of a shorter list."""
    cursor, path = "", f"/components?limit={LARGEST}"
    for _ in range((DEEP - 1) * LIMIT // LARGEST):
        page = await _get(connection, path + cursor, headers)
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    return f"{REQUESTS['first page']}{cursor}"


async def _one(connection: Connection, headers: dict[str, str]) -> str:
    """Make an agent that has content: those that were filled in have none."""
    body = {"team": USERNAME, "content": imports.agent("bench-one")}
    made = await connection.json("POST", f"{API}/agents", headers, body)
    return f"/agents/{made['id']}"


async def _measure(port: int, url: str, components: int) -> Times:
    """Give the best time of each request in milliseconds, over interleaved rounds.

    Other programs only ever make it longer.
    """
    connection = await Connection.open(port)
    headers = await sign_up(connection)
    database = Database(url)
    await fill(database, USERNAME, min(components, MADE))
    await multiply(database, components // MADE)
    await database.dispose()
    await connection.close()  # which the server has given up by now
    connection = await Connection.open(port)
    paths = {
        "read by id": await _one(connection, headers),
        **REQUESTS,
        "thousandth page": await _deep_page(connection, headers),
    }
    times: dict[str, list[float]] = {name: [] for name in paths}
    for number in range(ROUNDS + 1):
        for name, path in paths.items():
            begun = time.perf_counter()
            await _get(connection, path, headers)
            if number:  # the first round warms up
                times[name].append((time.perf_counter() - begun) * 1000)
    await connection.close()
    return {name: round(min(found), 2) for name, found in times.items()}


def _run(engine: str, server: PostgresServer, components: int) -> Times:
    with tempfile.TemporaryDirectory() as data, ExitStack() as stack:
        database = None
        if engine == "postgresql":
            name = f"bench_{components}"
            server.create_database(name)
            stack.callback(server.drop_database, name)
            database = server.url(name)
        # What the database takes is what may grow: no answer is kept.
        settings = {"ROSTER_CACHE_BYTES": "0", "ROSTER_LOG_LEVEL": "warning"}
        with serving(data, database, settings) as one:
            return asyncio.run(_measure(one.port, one.database, components))


def _ratio(after: float, before: float) -> float:
    return round(after / before, 2)


def _compare(found: dict[int, Times]) -> dict[str, float]:
    smallest, largest = min(found), max(found)
    small, large = found[smallest], found[largest]
    return {
        "page_growth_first_to_thousandth": _ratio(
            large["thousandth page"], large["first page"]
        ),
        "read_growth": _ratio(large["read by id"], small["read by id"]),
        "page_growth": _ratio(large["first page"], small["first page"]),
        "facets_growth": _ratio(
            large["facets of all kinds"], small["facets of all kinds"]
        ),
    }


def compare(sizes: Sequence[int]) -> dict[str, Any]:
    """Measure registries of each size on each engine, and print a table."""
    server = PostgresServer.start()
    result: dict[str, Any] = {"sizes": list(sizes), "goal": GOAL}
    for engine in ("sqlite", "postgresql"):
        found = {size: _run(engine, server, size) for size in sizes}
        growth = _compare(found)
        result[engine] = {**growth, "ms": found}
        print(f"\nlists on {engine}, in ms, at components:")
        print(f"  {'':<24} " + " ".join(f"{size:>9,}" for size in sizes))
        for name in found[sizes[0]]:
            taken = " ".join(f"{found[size][name]:>9}" for size in sizes)
            print(f"  {name:<24} {taken}")
        for name, value in growth.items():
            print(f"  {name:<44} {value} (goal: ≤ {GOAL})")
    server.stop()
    return result
