"""Work for long, and look whether anything grows that should not.

    python -m tests.drills.soak MINUTES [sqlite|postgresql]

People work as in a drill, without rest; others open streams of events and leave, or
break off in the middle of a request. Of each process that serves, what it holds is
noted all the time. It fails if something of this grows after the first third, or if
something is still held when everybody has left.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

import httpx

from roster.core.db import Database
from tests.drills.drilling import Drilling, say
from tests.drills.people import Person, at_work
from tests.drills.stand import Stand, stand

EVERY_SECONDS = 5.0
QUIET_SECONDS = 20.0
"""Until what idle clients held is let go of: longer than a connection is kept."""
STREAM_SECONDS = 2.0
MIB = 1024 * 1024
GROWTH, GROWTH_MIB = 0.10, 10.0
"""How much more memory is still none: caches fill, and memory comes in pieces."""
LEFT_OVER = 6
"""So many more of anything are still none: pools open connections when needed."""


@dataclass(frozen=True)
class Held:
    """What a process holds at one moment."""

    pss_mib: float
    """Its share of memory."""
    uss_mib: float
    """The memory that is its own alone."""
    files: float
    sockets: float
    threads: float
    tasks: float


NAMES = [one.name for one in fields(Held)]


def held_by(pid: int, tasks: float) -> Held:
    sizes: dict[str, int] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, size, *_ = line.split()
        sizes[name] = int(size) * 1024
    links = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            links.append(str(link.readlink()))
    own = sizes["Private_Clean:"] + sizes["Private_Dirty:"]
    return Held(
        sizes["Pss:"] / MIB,
        own / MIB,
        len(links),
        sum(link.startswith("socket:") for link in links),
        len(list(Path(f"/proc/{pid}/task").iterdir())),
        tasks,
    )


async def look(stand: Stand) -> dict[int, Held]:
    tasks = await stand.api.tasks()
    return {pid: held_by(pid, tasks.get(pid, 0)) for pid in stand.api.serving()}


class Visitor:
    """Comes, listens to the events for a moment, and leaves in the middle."""

    def __init__(self, person: Person, stand: Stand) -> None:
        self._person = person
        self._stand = stand

    async def work(self, done: asyncio.Event) -> None:
        while not done.is_set():
            with suppress(httpx.TransportError):
                await self._listen()
            with suppress(OSError):
                await self._break_off()

    async def _listen(self) -> None:
        headers = {"Authorization": f"Bearer {self._person.token}"}
        url = f"{self._stand.api.url}/api/v1/events"
        async with (
            httpx.AsyncClient(trust_env=False) as client,
            client.stream("GET", url, headers=headers) as answer,
        ):
            with suppress(TimeoutError):
                async with asyncio.timeout(STREAM_SECONDS):
                    async for _ in answer.aiter_raw():
                        pass

    async def _break_off(self) -> None:
        """Begin to send a body, and vanish without a word."""
        _, writer = await asyncio.open_connection("127.0.0.1", self._stand.api.port)
        head = (
            "POST /api/v1/agents HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {self._person.token}\r\n"
            "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"
        )
        writer.write(head.encode())
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.transport.abort()


def line_of(name: str, held: Held) -> str:
    values = "".join(f"{getattr(held, one):>10.1f}" for one in NAMES)
    return f"{name:<16}{values}"


def middle(looks: Sequence[Held]) -> Held:
    return Held(
        *(statistics.median(getattr(one, name) for one in looks) for name in NAMES)
    )


def grown(what: str, before: Held, after: Held, *, memory: bool) -> list[str]:
    found = []
    for name in NAMES:
        was, now = getattr(before, name), getattr(after, name)
        more = max(was * GROWTH, GROWTH_MIB) if name.endswith("mib") else LEFT_OVER
        if (memory or not name.endswith("mib")) and now > was + more:
            found.append(f"{what}: {name} grew from {was:.1f} to {now:.1f}")
    return found


def judged(looks: Sequence[Mapping[int, Held]]) -> list[str]:
    """Compare the second third of the time with the last one, for each process."""
    found = []
    third = len(looks) // 3
    assert third, "Too short to compare anything."
    for pid in looks[-1]:
        assert all(pid in one for one in looks), f"process {pid} was another before"
        second = middle([one[pid] for one in looks[third : 2 * third]])
        last = middle([one[pid] for one in looks[2 * third :]])
        say(line_of(f"{pid} second", second))
        say(line_of(f"{pid} last", last))
        found += grown(f"process {pid}", second, last, memory=True)
    return found


async def soak(minutes: float, engine: str) -> list[str]:
    """Work for so long; give what has grown, and what was answered wrongly."""
    async with stand(engine) as found:
        database = Database(found.settings.database, pool_size=2)
        drills = Drilling(found, database)
        await drills.begin()
        visitors = [Visitor(person, found) for person in drills.people]
        await asyncio.sleep(QUIET_SECONDS)
        idle = await look(found)
        say(f"{engine}\n{'process':<16}" + "".join(f"{name:>10}" for name in NAMES))
        for pid, held in idle.items():
            say(line_of(f"{pid} idle", held))
        looks = []
        end = time.monotonic() + minutes * 60
        async with at_work([*drills.people, *visitors]):
            while time.monotonic() < end:
                await asyncio.sleep(EVERY_SECONDS)
                looks.append(await look(found))
        wrong = judged(looks)
        requests = len(drills.journal.entries)
        wrong += await drills.compare()
        await drills.close()
        await asyncio.sleep(QUIET_SECONDS)
        for pid, held in (await look(found)).items():
            say(line_of(f"{pid} after", held))
            wrong += grown(f"process {pid}, left", idle[pid], held, memory=False)
        say(
            f"{requests} requests of {len(drills.people)} people in {minutes:g} minutes"
        )
        await database.dispose()
        return wrong


def main(minutes: str, engine: str = "postgresql") -> None:
    wrong = asyncio.run(soak(float(minutes), engine))
    if wrong:
        sys.exit("\n".join(wrong[:20]))
    say("Nothing grows, and nothing is left.")


if __name__ == "__main__":
    main(*sys.argv[1:])
