"""How often an answer that was kept will do, while people look around and write."""

import argparse
import asyncio
import re
from typing import Any
from urllib.request import urlopen

from bench import operations
from bench.client import Connection
from bench.load import Load, run
from bench.server import instance, sign_up

SECONDS = 10
WRITES = 2
"""Of a hundred requests."""
_COUNTED = re.compile(r"^roster_cache_total\{(.*?)\} (\S+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="(.*?)"')


def _counts(port: int) -> dict[str, float]:
    """Outcomes of the cache of answers so far."""
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
    found: dict[str, float] = {}
    for labels, value in _COUNTED.findall(text):
        named = dict(_LABEL.findall(labels))
        if named.get("cache") == "answers":
            outcome = named["outcome"]
            found[outcome] = found.get(outcome, 0) + float(value)
    return found


def _with_writes(load: Load, headers: dict[str, str], ids: list[str]) -> Load:
    """Put a new revision of some component among the reads now and then."""
    publishing = operations.published(headers, ids)
    asked = list(load.requests)
    every = 100 // WRITES
    for place in range(every, len(asked), every):
        asked[place] = publishing.requests[place % len(ids)]
    return Load(asked, publishing.headers, publishing.body)


def measure(options: argparse.Namespace) -> dict[str, Any]:
    with instance() as (port, _):

        async def fill() -> tuple[dict[str, str], list[str]]:
            connection = await Connection.open(port)
            headers = await sign_up(connection)
            await connection.close()
            ids = await operations.fill(port, headers, options.records // 5)
            return headers, ids

        headers, ids = asyncio.run(fill())
        reading = operations.browsed(headers, ids)
        run(port, reading, seconds=SECONDS // 2)
        before = _counts(port)
        figures = run(port, reading, seconds=SECONDS)
        after = _counts(port)
        writing = run(
            port, _with_writes(reading, headers, ids), seconds=SECONDS, first=1
        )
        finally_ = _counts(port)
    found = {
        "cache_hit_rate": _rate(before, after),
        f"cache_hit_rate_with_{WRITES}_percent_writes": _rate(after, finally_),
        "per_second": figures.per_second,
        "per_second_with_writes": writing.per_second,
        "p99_ms": figures.p99_ms,
    }
    print(found)
    return found


def _rate(before: dict[str, float], after: dict[str, float]) -> float:
    new = {outcome: after[outcome] - before.get(outcome, 0) for outcome in after}
    return round(new.get("hit", 0) / max(1, sum(new.values())), 3)
