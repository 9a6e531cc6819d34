"""One drill after the other, under load, with a look at everything after each."""

import asyncio
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from roster.core.db import Database
from tests.drills.compare import (
    Stored,
    differences,
    digest_of,
    imports_of,
    stored,
)
from tests.drills.faults import Fault
from tests.drills.journal import Journal, Trouble
from tests.drills.people import Person, at_work
from tests.drills.processes import until
from tests.drills.sound import settled, unsound
from tests.drills.stand import Stand

PEOPLE = 6
DONE_BEFORE = 20
"""Requests that are answered before anything is broken."""
AFTER_SECONDS = 1.0
READ_AGAIN = 5
MOST_SHOWN = 8
LAG_SECONDS = 1.0
"""How long what one process wrote may be unknown to another one."""
RECOVERY_SECONDS = 120.0
"""From when the cause is gone: far more than it takes, on a machine that is busy."""


@dataclass
class Report:
    """A line of the table."""

    name: str
    away: float
    """Seconds from the begin until a write succeeded that was sent after it."""
    recovery: float
    """The same from when the cause was gone."""
    done: int
    writes: int
    """Of what was done, so many changed something; each was found again, once."""
    refused: int
    unknown: int

    HEAD: ClassVar[str] = (
        f"{'drill':<48}{'away s':>8}{'recovery s':>12}"
        f"{'done':>7}{'writes':>8}{'refused':>9}{'unknown':>9}"
    )

    def __str__(self) -> str:
        return (
            f"{self.name:<48}{self.away:>8.2f}{self.recovery:>12.2f}"
            f"{self.done:>7}{self.writes:>8}{self.refused:>9}{self.unknown:>9}"
        )


def say(line: str) -> None:
    """Write a line of the table when it is known: all of them take long."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def summary(reports: Sequence[Report]) -> Iterator[str]:
    """Say of each drill how often it was done, and how fast it was over."""
    yield f"{'drill':<48}{'rounds':>8}{'writes':>8}{'median s':>10}{'worst s':>9}"
    for name in dict.fromkeys(one.name for one in reports):
        mine = [one for one in reports if one.name == name]
        writes = sum(one.writes for one in mine)
        times = [one.recovery for one in mine]
        yield (
            f"{name:<48}{len(mine):>8}{writes:>8}"
            f"{statistics.median(times):>10.2f}{max(times):>9.2f}"
        )


class Drilling:
    """An instance, the people who use it, and what they were told."""

    def __init__(self, stand: Stand, database: Database) -> None:
        self.stand = stand
        self.journal = Journal()
        names = [f"person{number}" for number in range(PEOPLE)]
        url = stand.api.url
        self.people = [Person(name, url, self.journal) for name in names]
        if stand.settings.workers > 1:
            for person in self.people:
                person.lag = LAG_SECONDS
        self.reports: list[Report] = []
        self._probe = Person("probe", url, self.journal)
        self._database = database

    async def begin(self) -> None:
        for person in [self._probe, *self.people]:
            await person.register(first=person is self._probe)

    async def close(self) -> None:
        for person in [self._probe, *self.people]:
            await person.close()

    async def run(self, fault: Fault) -> None:
        """Break something while people work, mend it, and compare."""
        for person in [self._probe, *self.people]:
            # Many rounds take longer than a token is good for.
            await person.sign_in()
        began = time.monotonic()
        pids = {one.name: one.pid for one in self.stand.processes}
        async with at_work(self.people):
            await self._have_worked(began)
            with self.journal.trouble(fault.name, **fault.allows) as trouble:
                watching = asyncio.create_task(self._watch(trouble))
                async with fault.breaking(self.stand):
                    await asyncio.sleep(fault.seconds)
                    trouble.lifted = time.monotonic()
                away, recovery = await watching
            await asyncio.sleep(AFTER_SECONDS)
        if trouble.signs_out:
            for person in [self._probe, *self.people]:
                person.token = ""  # of another time, and not for the comparison
        counts = self.journal.counts(began)
        report = Report(
            f"{fault.name} ({self._database.dialect})",
            away,
            recovery,
            counts["acknowledged"],
            counts["writes"],
            counts["refused"],
            counts["unknown"],
        )
        self.reports.append(report)
        say(str(report))
        self._same_processes(fault, pids)
        found = await self.compare()
        assert not found, "\n".join([fault.name, *found])
        assert recovery < RECOVERY_SECONDS, str(report)

    async def _have_worked(self, began: float) -> None:
        """Wait until there is something to be lost."""

        async def is_so() -> bool:
            return self.journal.counts(began)["acknowledged"] >= DONE_BEFORE

        await until(is_so, f"{DONE_BEFORE} answers", every=0.1)

    async def _watch(self, trouble: Trouble) -> tuple[float, float]:
        """Write all the time; give when that succeeded first, and after the mending."""
        away = None
        while True:
            if not self._probe.token:
                await self._probe.sign_in()
            sent = time.monotonic()
            if self._probe.token and await self._probe.writes():
                now = time.monotonic()
                away = now - trouble.began if away is None else away
                if trouble.lifted is not None and sent >= trouble.lifted:
                    return away, now - trouble.lifted
            await asyncio.sleep(0.02)

    def _same_processes(self, fault: Fault, before: dict[str, int]) -> None:
        """Nothing ended but what was killed."""
        for one in self.stand.processes:
            assert one.is_alive, f"{one.name} ended in: {fault.name}"
            if one.name not in fault.replaces:
                assert one.pid == before[one.name], f"{one.name} ended: {fault.name}"

    async def compare(self) -> list[str]:
        """Everything that is wrong, after all that was begun is done."""
        await settled(self._database)
        found = list(self.journal.faults())
        everybody = [self._probe, *self.people]
        async with self._database.read() as session:
            there = await stored(session)
            found += differences(everybody, there)
            found += [one async for one in imports_of(session, everybody)]
        found += [one async for one in unsound(self._database, self.stand.settings)]
        found += await self._read_again(there)
        self.journal.forget_reads()
        found = [*self.said("unhandled_error"), *found[:MOST_SHOWN]]
        return found + self.said("fault") if found else []

    def said(self, event: str) -> list[str]:
        """What the log tells of errors, by kinds, and how often."""
        kinds: Counter[str] = Counter()
        with self.stand.api.log.open(errors="replace") as lines:
            for line in lines:
                if f'"{event}"' in line:
                    told = json.loads(line)
                    chain = told.get("exception", ())
                    said = [f"{one['exc_type']} {one['exc_value']}" for one in chain]
                    said += [str(told.get(name, "")) for name in ("kind", "error")]
                    kinds[" ".join(one[:150] for one in said)] += 1
        return [f"{count} times in the log: {kind}" for kind, count in kinds.items()]

    async def _read_again(self, there: dict[str, Stored]) -> list[str]:
        """Ask the server for the same, and whether who signed out stays out."""
        found = []
        for person in self.people:
            listed = await person.listed()
            mine = {
                name: one.row.latest_digest
                for name, one in there.items()
                if name.startswith(f"{person.name}-")
            }
            if listed != mine:
                found.append(f"{person.name} is shown other agents than are there")
            for name in sorted(mine)[:READ_AGAIN]:
                read = await person.read(f"/agents/{there[name].row.id}")
                if digest_of(read["content"]) != mine[name]:
                    found.append(f"{name} is read with another content")
            found += [
                f"{person.name} is signed in again by an old token"
                for token in person.signed_out
                if not await person.is_refused(token)
            ]
        return found
