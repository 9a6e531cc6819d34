"""How lists and their facets hold at size, on both engines.

One request at a time: what is asked of the database is what grows, if anything does.
"""

import asyncio
import json
import time
from http import HTTPStatus
from typing import Any

from bench.client import Connection
from bench.filling import fill
from bench.server import API, USERNAME, instance, sign_up
from roster.core.db import Database
from tests.services.postgres import PostgresServer

SMALL = 10_000
"""Facets count as many; beyond it nothing should take longer."""
DEEP = 1_000
"""The page that is compared with the first one."""
LIMIT, LARGEST = 50, 200
ROUNDS = 20
GOAL = 1.5
REQUESTS = {
    "first page": "/components?limit=50",
    "of one kind": "/agents?limit=50",
    "by name": "/components?limit=50&sort=name",
    "by errors": "/agents?limit=50&sort=-errors",
    "of a team": "/agents?limit=50&team=bench-0",
    "with a label": "/agents?limit=50&label=production",
    "with a tool": "/agents?limit=50&tool=Tool7",
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


async def _measure(port: int, url: str, components: int) -> Times:
    """Give the best time of each request in milliseconds, over interleaved rounds.

    Other programs only ever make it longer.
    """
    connection = await Connection.open(port)
    headers = await sign_up(connection)
    database = Database(url)
    await fill(database, USERNAME, components)
    await database.dispose()
    await connection.close()  # which the server has given up by now
    connection = await Connection.open(port)
    paths = {**REQUESTS, "thousandth page": await _deep_page(connection, headers)}
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
    name = f"bench_{components}"
    if engine == "postgresql":
        server.create_database(name)
        with instance(server.url(name)) as (port, url):
            times = asyncio.run(_measure(port, url, components))
        server.drop_database(name)
        return times
    with instance() as (port, url):
        return asyncio.run(_measure(port, url, components))


def _compare(small: Times, large: Times) -> dict[str, float]:
    def ratio(after: float, before: float) -> float:
        return round(after / before, 2)

    first, deep = large["first page"], large["thousandth page"]
    facets = large["facets of all kinds"]
    return {
        "page_growth_first_to_thousandth": ratio(deep, first),
        "page_growth_first_to_thousandth_with_facets": ratio(
            deep + facets, first + facets
        ),
        "page_growth_with_size": ratio(first, small["first page"]),
        "facets_growth": ratio(facets, small["facets of all kinds"]),
    }


def compare(components: int) -> dict[str, Any]:
    """Measure a small registry and a large one on each engine, and print a table."""
    server = PostgresServer.start()
    found: dict[str, Any] = {"components": components, "goal": GOAL}
    for engine in ("sqlite", "postgresql"):
        small = _run(engine, server, SMALL)
        large = _run(engine, server, components)
        growth = _compare(small, large)
        found[engine] = {**growth, f"ms_at_{SMALL}": small, "ms": large}
        print(f"\nlists on {engine}: ms at {SMALL:,} and at {components:,} components")
        for name, time_taken in large.items():
            print(f"  {name:<24} {small[name]:>9} {time_taken:>9}")
        for name, value in growth.items():
            print(f"  {name:<44} {value} (goal: ≤ {GOAL})")
    server.stop()
    return found
