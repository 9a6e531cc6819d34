"""Several processes that serve: started, watched, replaced and ended by this one.

`roster serve` becomes this program once the database is up to date. It imports the
standard library alone, so what watches stays small and falls over nothing that it
watches.

    python -m roster.supervisor SOCKET ADDRESS COUNT DRAIN

A process tells by a byte in a pipe, each second, that its event loop turns. Another
pipe ends when this program does, however that happens: then the processes end, too.
"""

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

METRICS = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus-client lets processes count together, if it is set at its import."""
START_SECONDS = 120.0
SILENT_SECONDS = 30.0
"""Without a sign of life for that long, a process is taken for stuck."""
END_SECONDS = 15.0
"""In which a process ends that was told to; more than it gives to its requests."""
LONGEST_PAUSE = 30.0
"""Before one is started again that fails each time."""
SOON = 10.0
"""Whoever ends within that long would probably do so again."""
TICK_SECONDS = 1.0


@dataclass
class Child:
    process: subprocess.Popen[bytes]
    beats: int
    """The end of the pipe to read."""
    started_at: float
    heard_at: float
    is_ready: bool = False
    told_at: float | None = None
    """When it was told to end."""
    successor: "Child | None" = None
    """Starts in its place; it is told to end when that one is ready."""

    @property
    def pid(self) -> int:
        return self.process.pid

    def tell(self, signal_number: int) -> None:
        self.told_at = self.told_at or time.monotonic()
        with suppress(ProcessLookupError):
            self.process.send_signal(signal_number)

    def is_stuck(self, now: float, *, drain: float, silent: float) -> bool:
        if self.told_at is not None:
            return now - self.told_at > drain + END_SECONDS
        patience = silent if self.is_ready else START_SECONDS
        return now - self.heard_at > patience


@dataclass
class Supervisor:
    socket: int
    address: str
    count: int
    metrics: Path
    drain: float = 0.0
    """Seconds that a process goes on after it was told to end."""
    program: tuple[str, ...] = ("-m", "roster.process")
    """What this Python runs in each."""
    silent: float = SILENT_SECONDS
    children: list[Child] = field(default_factory=list)
    renewing: list[Child] = field(default_factory=list)
    """Those that are still to be replaced, since somebody asked for new ones."""
    has_served: bool = False
    ending: bool = False
    status: int = 0
    _pause: float = 0.0
    _start_at: float = 0.0

    def __post_init__(self) -> None:
        self._lifeline, self._alive = os.pipe()
        self._told, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(self._told, False)

    def run(self) -> int:
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, _noted)
        self.children = [self._start() for _ in range(self.count)]
        while self.children:
            self._wait()
            self._look_after()
        return self.status

    def _start(self) -> Child:
        heard, beats = os.pipe()
        os.set_blocking(heard, False)
        place = (str(self.socket), str(self._lifeline), str(beats), self.address)
        process = subprocess.Popen(  # noqa: S603 - this Python, with our own numbers
            [sys.executable, *self.program, *place],
            pass_fds=(self.socket, self._lifeline, beats),
            env={**os.environ, METRICS: str(self.metrics)},
        )
        os.close(beats)
        now = time.monotonic()
        return Child(process, heard, started_at=now, heard_at=now)

    def _wait(self) -> None:
        """Sleep until there is a signal or a sign of life, a second at most."""
        before = time.monotonic()
        pipes = {child.beats: child for child in self._all()}
        found, _, _ = select.select([self._told, *pipes], [], [], TICK_SECONDS)
        now = time.monotonic()
        if now - before > TICK_SECONDS + SILENT_SECONDS / 2:
            # This program was stopped itself, and they probably with it.
            for child in pipes.values():
                child.heard_at = now
        for pipe in found:
            if pipe == self._told:
                self._obey(os.read(pipe, 256))
            elif os.read(pipe, 256):
                pipes[pipe].heard_at = now
                pipes[pipe].is_ready = self.has_served = True

    def _all(self) -> list[Child]:
        starting = [child.successor for child in self.children if child.successor]
        return [*self.children, *starting]

    def _obey(self, signals: bytes) -> None:
        for number in signals:
            if number == signal.SIGHUP and not self.ending:
                self.renewing = list(self.children)
            elif number in {signal.SIGTERM, signal.SIGINT}:
                self._end(number)

    def _end(self, signal_number: int) -> None:
        if not self.ending:
            self.ending = True
            # Only theirs are left: nobody is let in whom none of them would serve.
            os.close(self.socket)
            signal_number = signal.SIGTERM
        for child in self._all():
            child.tell(signal_number)

    def _look_after(self) -> None:
        now = time.monotonic()
        for child in self._all():
            is_there = child.process.poll() is None
            if is_there and child.is_stuck(now, drain=self.drain, silent=self.silent):
                _say(f"Process {child.pid} does not answer, and is killed.")
                child.process.kill()
                child.process.wait()
        for child in list(self.children):
            self._follow_up(child, now)
        if self.ending:
            return
        self._renew_next()
        if now >= self._start_at:
            while len(self.children) < self.count:
                self.children.append(self._start())

    def _renew_next(self) -> None:
        """Replace one after the other, each when the one before has ended."""
        if any(child.successor or child.told_at for child in self.children):
            return
        self.renewing = [child for child in self.renewing if child in self.children]
        if self.renewing:
            self.renewing.pop(0).successor = self._start()

    def _follow_up(self, child: Child, now: float) -> None:
        new = child.successor
        if new is not None and new.process.poll() is not None:
            self._forget(new)
            child.successor = new = None
            self.renewing = []
            if not self.ending:
                _say(
                    "What should take over did not start: the others stay as they are."
                )
        if new is not None and new.is_ready and child.told_at is None:
            child.tell(signal.SIGTERM)
        code = child.process.poll()
        if code is None:
            return
        self.children.remove(child)
        self._forget(child)
        if new is not None:
            self.children.append(new)
        if self.ending or child.told_at is not None:
            return
        if not self.has_served:
            # It cannot start at all, and has said why.
            self.status = code if code > 0 else 1
            self._end(signal.SIGTERM)
            return
        _say(f"Process {child.pid} ended ({code}), and is replaced.")
        lasted = child.is_ready and now - child.started_at > SOON
        self._pause = 0.0 if lasted else min(self._pause + 1.0, LONGEST_PAUSE)
        self._start_at = now + self._pause

    def _forget(self, child: Child) -> None:
        os.close(child.beats)
        # What it counted stays; what it said of its present goes.
        for file in self.metrics.glob(f"gauge_live*_{child.pid}.db"):
            file.unlink(missing_ok=True)


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Let it wake `select`, which reads the number."""


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def main() -> None:
    socket, address, count, drain = sys.argv[1:]
    metrics = Path(tempfile.mkdtemp(prefix="roster-metrics-"))
    try:
        status = Supervisor(
            int(socket), address, int(count), metrics, float(drain)
        ).run()
    finally:
        shutil.rmtree(metrics, ignore_errors=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
