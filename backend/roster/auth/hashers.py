"""Who hashes passwords for the event loop: a process, or a thread if it is quick.

A hash takes a whole core for a quarter of a second. In a thread of this process it
would take turns with the event loop: on a core, and at the interpreter's lock, which
would not be given back before whatever is in the way of that thread. So a process of
its own hashes, started when it is first needed, only while nothing else wants to run.
If that is too seldom it is replaced for a while by one that gets its small part.
"""

import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import structlog

import roster
from roster.auth.hashing_errands import Errand, Scheduling, Verdict
from roster.core.errors import Unavailable

DEAR_ROUNDS = 8
"""From here on hashing takes longer than handing it to another process."""
USUAL_ROUNDS = 12
PATIENCE_SECONDS = 4.0
"""For one hash at the usual cost: where others leave it a tenth of a core, or so."""
LONGEST_SECONDS = 10.0
HURRY_SECONDS = 30.0
"""So long nothing is asked of a process that runs only while others do not."""
REST_SECONDS = 60.0
"""So long a process is kept that nothing was asked of."""
RETRY_SECONDS = 5
KEPT = ("LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE")
"""Of the environment; nothing else of it reaches the process."""

log = structlog.get_logger("roster.hashing")


class HashingError(Exception):
    """It could not be hashed or compared: a stored hash, say, is none."""


class Hasher(Protocol):
    async def do(self, errand: Errand) -> Verdict:
        """Do one errand; another one is only given when it is done."""

    async def close(self) -> None: ...


def hasher_for(rounds: int) -> Hasher:
    return HashingProcess(rounds) if rounds >= DEAR_ROUNDS else HashingThread(rounds)


class HashingThread:
    def __init__(self, rounds: int) -> None:
        # An instance leaves passlib, and its memory, to the process.
        from roster.auth.hashing import Scheme  # noqa: PLC0415 - see above

        self._scheme = Scheme(rounds)

    async def do(self, errand: Errand) -> Verdict:
        return await asyncio.to_thread(self._scheme.do, errand)

    async def close(self) -> None:
        """Nothing is left to end."""


class HashingProcess:
    def __init__(
        self,
        rounds: int,
        *,
        patience: float = PATIENCE_SECONDS,
        rest: float = REST_SECONDS,
        program: tuple[str, ...] = ("-m", "roster.auth.hashing"),
    ) -> None:
        self._rounds = rounds
        self._rest = rest
        self._program = program
        self._slower = 2.0 ** max(0, rounds - USUAL_ROUNDS)
        self._patience = patience
        self._process: Process | None = None
        self._scheduling: Scheduling = "idle"
        self._hurries_until = 0.0
        self._numbers = count(1)
        self._resting: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[int]] = set()

    async def do(self, errand: Errand) -> Verdict:
        """Have it done, by another process where one fails.

        Raises:
            HashingError: It cannot be done.
            Unavailable: No process did it.
        """
        hurries = time.monotonic() < self._hurries_until
        turns: tuple[Scheduling, ...] = ("nice", "nice")
        for scheduling in turns if hurries else ("idle", *turns):
            try:
                return await self._asked(errand, scheduling)
            except (OSError, ValueError) as error:
                kind = type(error).__name__
                log.warning("hashing.failed", scheduling=scheduling, error=kind)
                self._hurries_until = time.monotonic() + HURRY_SECONDS
        raise Unavailable(
            f"Nobody can sign in at this moment; try again in {RETRY_SECONDS} seconds.",
            headers={"Retry-After": str(RETRY_SECONDS)},
        )

    async def _asked(self, errand: Errand, scheduling: Scheduling) -> Verdict:
        if self._resting is not None:
            self._resting.cancel()
        patience = self._patience if scheduling == "idle" else LONGEST_SECONDS
        try:
            async with asyncio.timeout(patience * self._slower):
                said = await self._say(errand, scheduling)
        except BaseException:
            # What it says from now on would be taken for the answer to another.
            self._end()
            raise
        self._resting = asyncio.get_running_loop().call_later(self._rest, self._end)
        if "error" in said:
            raise HashingError(said["error"])
        return Verdict(said["correct"] is True, said["upgraded_hash"])

    async def _say(self, errand: Errand, scheduling: Scheduling) -> dict[str, Any]:
        process = await self._running(scheduling)
        if process.stdin is None or process.stdout is None:
            raise ValueError("A process without pipes.")
        number = next(self._numbers)
        told = json.dumps({"number": number, **asdict(errand)})
        process.stdin.write(f"{told}\n".encode())
        await process.stdin.drain()
        said: dict[str, Any] = json.loads(await process.stdout.readline())
        if said.get("number") != number:
            raise ValueError("The answer to something else.")
        return said

    async def _running(self, scheduling: Scheduling) -> Process:
        process = self._process
        if process is not None and (
            self._scheduling != scheduling or process.returncode is not None
        ):
            self._end()
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", *self._program, str(self._rounds), scheduling),
                env=_environment(),
                cwd="/",
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
            )
            self._scheduling = scheduling
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        ending = asyncio.create_task(process.wait())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
        self._end()
        await asyncio.gather(*self._ending)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    package = Path(roster.__file__).resolve().parent
    return {**kept, "PYTHONPATH": str(package.parent)}
