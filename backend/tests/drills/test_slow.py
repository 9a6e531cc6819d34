"""Clients that are slow, silent or many, and one who wants to get on with work."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from roster.core.db import Database
from tests.drills.drilling import Drilling
from tests.drills.processes import UP_SECONDS, until
from tests.drills.soak import held_by
from tests.drills.stand import Stand, stand

IDLE = 1000
"""Connections on which nothing is ever said."""
DRIPPING, SILENT = 60, 30
STEPS = 25
MOST_MIB = 120.0
"""How much more memory the server may use for all of them."""
LEFT_OVER = 8
Connection = tuple[StreamReader, StreamWriter]


@asynccontextmanager
async def connections(there: Stand, number: int) -> AsyncGenerator[list[Connection]]:
    opened = [
        await asyncio.open_connection("127.0.0.1", there.api.port, limit=1024)
        for _ in range(number)
    ]
    try:
        yield opened
    finally:
        for _, writer in opened:
            writer.transport.abort()


def files_of(there: Stand) -> int:
    return len(list(Path(f"/proc/{there.api.pid}/fd").iterdir()))


async def works(drills: Drilling) -> None:
    """Do one thing after the other, and be answered each time."""
    person = drills.people[0]
    for _ in range(STEPS):
        await person.step()
    found = list(drills.journal.faults())
    assert not found, "\n".join([*found, *drills.said("fault")])


async def is_let_go(there: Stand, before: int) -> None:
    async def is_so() -> bool:
        return files_of(there) <= before + LEFT_OVER

    await until(is_so, "the connections are closed")


async def _a_thousand_say_nothing(drills: Drilling) -> None:
    before = files_of(drills.stand)
    async with connections(drills.stand, IDLE):
        await works(drills)
        assert files_of(drills.stand) >= before + IDLE
    await is_let_go(drills.stand, before)


async def _who_drips_headers_is_sent_away(drills: Drilling) -> None:
    before = files_of(drills.stand)

    async def drip(reader: StreamReader, writer: StreamWriter) -> None:
        """Send a byte a second, until the other side has enough of it."""
        writer.write(b"GET /api/v1/instance HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
        with suppress(ConnectionError):
            while not reader.at_eof():
                writer.write(b"x")
                with suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        assert not await reader.read(1)

    async with connections(drills.stand, DRIPPING) as opened:
        tasks = [asyncio.create_task(drip(*one)) for one in opened]
        await works(drills)
        async with asyncio.timeout(UP_SECONDS):
            await asyncio.gather(*tasks)
    await is_let_go(drills.stand, before)


async def _who_drips_a_body_keeps_nobody_out(drills: Drilling) -> None:
    before = files_of(drills.stand)
    token = drills.people[1].token
    head = (
        "POST /api/v1/agents HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
    )

    async def drip(writer: StreamWriter) -> None:
        writer.write(head.encode())
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.1)

    async with connections(drills.stand, DRIPPING) as opened:
        tasks = [asyncio.create_task(drip(writer)) for _, writer in opened]
        await works(drills)
        assert not any(task.done() for task in tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await is_let_go(drills.stand, before)


async def _who_never_reads_costs_little(drills: Drilling) -> None:
    await works(drills)
    pid = drills.stand.api.pid
    before, files = held_by(pid, 0).uss_mib, files_of(drills.stand)
    asked = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    async with connections(drills.stand, SILENT) as opened:
        for reader, writer in opened:
            # The next is asked for though nothing of the one before was read.
            writer.write(asked.encode() * 20)
            reader._transport.pause_reading()  # type: ignore[attr-defined]
        await works(drills)
        assert held_by(pid, 0).uss_mib < before + MOST_MIB
    await is_let_go(drills.stand, files)


async def test_one_who_works_beside_them(sqlite_template: Path) -> None:
    async with stand("sqlite", sqlite_template) as found:
        database = Database(found.settings.database)
        drills = Drilling(found, database)
        await drills.begin()
        await _a_thousand_say_nothing(drills)
        await _who_drips_headers_is_sent_away(drills)
        await _who_drips_a_body_keeps_nobody_out(drills)
        await _who_never_reads_costs_little(drills)
        assert not await drills.compare()
        await drills.close()
        await database.dispose()
