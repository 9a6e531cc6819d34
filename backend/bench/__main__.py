"""Measure an instance of this code: requests per second and the time they take.

    python -m bench [--agents 500] [--seconds 3] [--connections 16]
                    [--components 100000] [--few-files 1000] [--many-files 20000]

It starts a real server on an empty data folder, fills it through the API, runs each
kind of request in turn and writes `bench/latest.json`. Server and client share the
machine, so compare runs on one machine with each other, not with anything else.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import time
from collections.abc import Awaitable, Callable
from itertools import count

from bench import imports, lists, sign_ins
from bench.client import Connection
from bench.server import API, HERE, instance, sign_up

OK = (200, 201, 304)

Request = Callable[[Connection, int], Awaitable[int]]


def agent(number: int) -> str:
    paragraph = f"Look at case {number} with care, and say what you would change. "
    return (
        f"---\nname: bench-{number}\ndescription: Use for case {number} of the "
        f"benchmark\nmodel: {('opus', 'sonnet', 'haiku')[number % 3]}\n"
        f"tools: Read, Grep\n---\n\n# Case {number}\n\n{paragraph * 60}\n"
    )


async def fill(port: int, agents: int) -> tuple[dict[str, str], list[str]]:
    """Sign in and make agents; give the headers to use and the ids."""
    connection = await Connection.open(port)
    headers = await sign_up(connection)
    ids = []
    for number in range(agents):
        data = {"team": "bench", "content": agent(number)}
        made = await connection.json("POST", f"{API}/agents", headers, data)
        ids.append(made["id"])
    await connection.close()
    return headers, ids


def requests(headers: dict[str, str], ids: list[str]) -> dict[str, Request]:
    fresh = count(len(ids))
    etags: dict[str, str] = {}

    def get(path_of: Callable[[int], str]) -> Request:
        async def run(connection: Connection, turn: int) -> int:
            return (await connection.request("GET", path_of(turn), headers))[0]

        return run

    async def revalidate(connection: Connection, turn: int) -> int:
        path = f"{API}/agents/{ids[turn % len(ids)]}"
        known = {"if-none-match": etags[path]} if path in etags else {}
        status, found, _ = await connection.request("GET", path, headers | known)
        etags[path] = found["etag"]
        return status

    async def create(connection: Connection, _turn: int) -> int:
        data = {"team": "bench", "content": agent(next(fresh))}
        await connection.json("POST", f"{API}/agents", headers, data)
        return 201

    return {
        "read by id": get(lambda turn: f"{API}/agents/{ids[turn % len(ids)]}"),
        "read by id, unchanged": revalidate,
        "list 50": get(lambda _: f"{API}/agents?limit=50"),
        "list 50, filtered and sorted": get(
            lambda _: f"{API}/agents?limit=50&model=opus&sort=-created_at"
        ),
        "search": get(lambda turn: f"{API}/agents?limit=20&q=case+{turn % len(ids)}"),
        "create": create,
    }


async def measure(
    port: int, request: Request, *, seconds: float, connections: int
) -> dict[str, float]:
    times: list[float] = []
    turns = count()
    start = time.perf_counter()

    async def work() -> None:
        connection = await Connection.open(port)
        while (begun := time.perf_counter()) - start < seconds:
            status = await request(connection, next(turns))
            if status not in OK:
                message = f"an answer of {status}"
                raise RuntimeError(message)
            times.append((time.perf_counter() - begun) * 1000)
        await connection.close()

    await asyncio.gather(*(work() for _ in range(connections)))
    taken = time.perf_counter() - start
    cuts = statistics.quantiles(times, n=100)
    return {
        "per_second": round(len(times) / taken, 1),
        "p50_ms": round(cuts[49], 2),
        "p95_ms": round(cuts[94], 2),
        "p99_ms": round(cuts[98], 2),
    }


async def run(
    options: argparse.Namespace, port: int
) -> tuple[dict[str, dict[str, float]], dict[str, str], list[str]]:
    headers, ids = await fill(port, options.agents)
    results = {}
    for name, request in requests(headers, ids).items():
        results[name] = await measure(
            port, request, seconds=options.seconds, connections=options.connections
        )
        figures = "  ".join(f"{key} {value:>8}" for key, value in results[name].items())
        print(f"{name:<30} {figures}")
    return results, headers, ids


async def run_all(
    options: argparse.Namespace, port: int
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    results, headers, ids = await run(options, port)
    read = requests(headers, ids)["read by id"]

    async def reading() -> dict[str, float]:
        return await measure(
            port, read, seconds=options.seconds, connections=options.connections
        )

    return results, await sign_ins.compare(port, reading)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--components", type=int, default=100_000)
    parser.add_argument("--few-files", type=int, default=imports.FEW)
    parser.add_argument("--many-files", type=int, default=imports.MANY)
    options = parser.parse_args()
    with instance() as (port, _):
        results, under_sign_ins = asyncio.run(run_all(options, port))
    report = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        **vars(options),
        "results": results,
        "p99_under_sign_ins": under_sign_ins,
        "lists": lists.compare(options.components),
    }
    taken = imports.compare(options.few_files, options.many_files)
    report |= {key: taken[key] for key in imports.GOALS} | {"imports": taken}
    (HERE / "latest.json").write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    main()
