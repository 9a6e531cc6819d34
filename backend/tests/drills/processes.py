"""Real programs that are killed, paused, and started again."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from tests.services.bound import BOUND

UP_SECONDS = 180.0
LOOK_SECONDS = 0.02


async def until(
    holds: Callable[[], Awaitable[bool]],
    what: str,
    seconds: float = UP_SECONDS,
    *,
    every: float = LOOK_SECONDS,
) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not await holds():
        if time.monotonic() > end:
            message = f"Not within {seconds:g} seconds: {what}."
            raise TimeoutError(message)
        await asyncio.sleep(every)


def children_of(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return list(map(int, children.split()))
    return []


class Process:
    """A program with all that it starts, in a session of its own."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        log: Path,
        who: str = "",
    ) -> None:
        self.name = name
        self.log = log
        self.environment = dict(environment)
        self._command = [*BOUND, who, *command]
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} was never started"
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        # By the thread that lives as long as the test: it ends with that very thread.
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - programs of this project
                self._command,
                cwd=self._folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def up(self) -> None:
        """Have it run and answer; start it again as often as it ends instead."""

        async def answers() -> bool:
            if not self.is_alive:
                self.start()
            return await self.answers()

        await until(answers, f"{self.name} answers (see {self.log})")

    async def answers(self) -> bool:
        return self.is_alive

    def all(self) -> list[int]:
        """It, and all that it has started."""
        found = [self.pid]
        for pid in found:
            found.extend(children_of(pid))
        return found

    def tell(self, sent: signal.Signals) -> None:
        for pid in self.all():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sent)

    def pause(self) -> None:
        self.tell(signal.SIGSTOP)

    def go_on(self) -> None:
        self.tell(signal.SIGCONT)

    async def kill(self) -> None:
        """Kill it as a machine that fails does: at once, and all of it."""
        if not self.is_alive:
            return
        self.tell(signal.SIGKILL)
        assert self._process is not None
        await asyncio.to_thread(self._process.wait)

    async def kill_alone(self) -> None:
        """Kill the first process, and leave to the others to notice."""
        os.kill(self.pid, signal.SIGKILL)
        assert self._process is not None
        await asyncio.to_thread(self._process.wait)

    async def ended(self) -> int:
        """Wait until it has ended by itself."""
        assert self._process is not None
        return await asyncio.to_thread(self._process.wait, UP_SECONDS)
