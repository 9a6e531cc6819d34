"""Requests per second and CPU per request, beside bare Starlette in the same rounds."""

import argparse
import asyncio
import tempfile
from contextlib import ExitStack
from random import Random

from bench import operations, pocketbase
from bench.client import Connection
from bench.load import Load
from bench.rounds import Row, Target, measure
from bench.server import Server, bare, copy_of, serving, sign_in, sign_up
from tests.services.postgres import PostgresServer, connect

UNCACHED = {"ROSTER_CACHE_BYTES": "0"}
BARE = "bare Starlette"
Filled = tuple[dict[str, str], list[str]]


async def _fill(port: int, records: int) -> Filled:
    connection = await Connection.open(port)
    headers = await sign_up(connection)
    await connection.close()
    return headers, await operations.fill(port, headers, records)


async def bodies(
    port: int, headers: dict[str, str], ids: list[str]
) -> dict[str, bytes]:
    """What Roster answers, for the bare server to answer as well."""
    connection = await Connection.open(port)
    paths = {
        "one": operations.reads(headers, ids[:1]).requests[0],
        "list": operations.LIST,
    }
    found = {}
    for name, request in paths.items():
        path = request.removeprefix("GET ")
        found[name] = (await connection.request("GET", path, headers))[2]
    await connection.close()
    return found


async def _again(port: int) -> dict[str, str]:
    connection = await Connection.open(port)
    headers = await sign_in(connection)
    await connection.close()
    return headers


def cold(headers: dict[str, str], ids: list[str]) -> dict[str, Load]:
    """For a server that keeps no answers: each is made anew."""
    shuffled = Random(1).sample(ids, len(ids))  # noqa: S311 - the same order each time
    return {
        "cold read": operations.reads(headers, shuffled),
        "list, not kept": Load([operations.LIST], headers),
        **operations.searched(headers),
    }


def _bare_target(server: Server) -> Target:
    one, several = Load(["GET /one"], {}), Load(["GET /list"], {})
    return Target(BARE, server, {"hot read": one, "cold read": one, "list": several})


def _database(stack: ExitStack, engine: str) -> str | None:
    if engine == "sqlite":
        return None
    server = PostgresServer.start()
    stack.callback(server.stop)
    server.create_database("bench")
    return server.url("bench")


async def _settle(database: str) -> None:
    """What autovacuum does within a minute; on the server of the tests it is off."""
    connection = await connect(database)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def _roster(
    stack: ExitStack, engine: str, options: argparse.Namespace
) -> tuple[list[Target], list[str]]:
    """Servers on the same records: one keeps its answers, the others do not."""
    database = _database(stack, engine)
    data = stack.enter_context(tempfile.TemporaryDirectory())
    with serving(data, database) as server:
        headers, ids = asyncio.run(_fill(server.port, options.records))
    if database is not None:
        asyncio.run(_settle(database))
    targets = []
    for name, settings in {
        engine: {},
        f"{engine}, not kept": UNCACHED,
        f"{engine}, {options.workers} workers, not kept": {
            **UNCACHED,
            "ROSTER_WORKERS": str(options.workers),
        },
    }.items():
        # On SQLite each has a copy of its own: what one writes costs no other.
        folder = stack.enter_context(copy_of(data))
        server = stack.enter_context(serving(folder, database, settings))
        headers = asyncio.run(_again(server.port))
        loads = cold(headers, ids)
        if not settings:
            loads = operations.of_one_instance(headers, ids)
        targets.append(Target(name, server, loads))
    return targets, ids


def run_engine(engine: str, options: argparse.Namespace) -> list[Row]:
    """Measure one engine, with PocketBase if that was asked for."""
    with ExitStack() as stack:
        targets, ids = _roster(stack, engine, options)
        first = targets[0]
        headers = dict(next(iter(first.loads.values())).headers)
        answers = asyncio.run(bodies(first.server.port, headers, ids))
        beside = [_bare_target(stack.enter_context(bare(answers)))]
        if options.peers and engine == "sqlite":
            theirs = stack.enter_context(pocketbase.serving())
            filled = asyncio.run(pocketbase.fill(theirs.port, options.records))
            beside.append(Target("PocketBase", theirs, pocketbase.loads(*filled)))
        _warm(targets, ids)
        return measure(
            [*beside, *targets],
            rounds=options.rounds,
            seconds=options.seconds,
            connections=options.connections,
        )


def _warm(targets: list[Target], ids: list[str]) -> None:
    """Ask for each component once, as happened in an instance that was in use."""

    async def read(target: Target) -> None:
        connection = await Connection.open(target.server.port)
        load = next(iter(target.loads.values()))
        for request in operations.reads(dict(load.headers), ids).requests:
            path = request.removeprefix("GET ")
            await connection.request("GET", path, dict(load.headers))
        await connection.close()

    for target in targets:
        asyncio.run(read(target))
