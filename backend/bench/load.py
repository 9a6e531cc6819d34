"""Load from wrk, and what it costs the server: figures of one run."""

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

SCRIPT = Path(__file__).with_name("requests.lua")
PACKAGE = "wrk"
TICKS = os.sysconf("SC_CLK_TCK")


class NoWrkError(Exception):
    """The load generator is not there; the sentence says how to get it."""


@dataclass(frozen=True)
class Figures:
    """What one kind of request took: times in milliseconds, CPU in microseconds."""

    per_second: float
    cpu_us: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    errors: int
    bytes_each: float


@dataclass(frozen=True)
class Load:
    """Requests that are sent in turn."""

    requests: Sequence[str]
    """``METHOD path`` each; with a body ``{n}`` becomes a number of its own."""
    headers: Mapping[str, str]
    body: str | None = None


def find_wrk() -> str:
    """Find wrk, or unpack Debian's package of it into a folder of the user's own.

    Raises:
        NoWrkError: It is neither there nor to be had.
    """
    if found := shutil.which(PACKAGE):
        return found
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "roster" / PACKAGE
    unpacked = folder / "usr" / "bin" / PACKAGE
    if unpacked.exists():
        return str(unpacked)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["apt-get", "download", PACKAGE], cwd=folder, check=True)
        [package] = folder.glob("wrk_*.deb")
        subprocess.run(["dpkg", "-x", package, folder], check=True)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        message = "The load comes from wrk: install the package wrk, and try again."
        raise NoWrkError(message) from error
    return str(unpacked)


def run(  # noqa: PLR0913 - what a load is made of
    port: int,
    load: Load,
    *,
    pid: int | None = None,
    seconds: float = 2,
    connections: int = 16,
    first: int = 0,
) -> Figures:
    """Send requests over kept-alive connections for some seconds.

    Args:
        port: Of the server, on this machine.
        load: What is sent.
        pid: The server's, whose CPU time, with that of its children, is counted.
        seconds: How long.
        connections: How many, each with one request at a time.
        first: The number after which those in bodies are counted.
    """
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder, "requests")
        head = "".join(f"{name}: {value}\n" for name, value in load.headers.items())
        listed.write_text(f"{head}\n" + "\n".join(load.requests) + "\n")
        arguments = [str(listed)]
        if load.body is not None:
            body = Path(folder, "body")
            body.write_text(load.body)
            arguments += [str(body), str(first)]
        before = cpu_seconds(pid)
        command = [
            *(find_wrk(), "-t1", f"-c{connections}", f"-d{seconds}s"),
            *("--timeout", "10s", "-s", str(SCRIPT)),
            *(f"http://127.0.0.1:{port}", "--", *arguments),
        ]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        spent = cpu_seconds(pid) - before
    found = json.loads(done.stdout.splitlines()[-1])
    answered = max(1, found["requests"])
    return Figures(
        per_second=round(found["requests"] / found["us"] * 1e6, 1),
        cpu_us=round(spent / answered * 1e6, 1),
        p50_ms=found["p50"] / 1000,
        p95_ms=found["p95"] / 1000,
        p99_ms=found["p99"] / 1000,
        errors=found["errors"],
        bytes_each=round(found["bytes"] / answered, 1),
    )


def median(rounds: Sequence[Figures]) -> Figures:
    """Of each figure the one in the middle; of errors all."""
    middle = {
        field.name: round(
            statistics.median(getattr(one, field.name) for one in rounds), 3
        )
        for field in fields(Figures)
        if field.name != "errors"
    }
    return Figures(**middle, errors=sum(one.errors for one in rounds))


def cpu_seconds(pid: int | None) -> float:
    """CPU time of a process and of those that it started, user and system."""
    if pid is None:
        return 0.0
    return sum(_ticks(one) for one in family(pid)) / TICKS


def family(pid: int) -> list[int]:
    """A process and those below it."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(_after_name(stat)[1])
        except (OSError, IndexError):
            continue  # it has just ended
    found = [pid]
    for one in found:
        found.extend(child for child, parent in parents.items() if parent == one)
    return found


def _ticks(pid: int) -> int:
    try:
        values = _after_name(Path(f"/proc/{pid}/stat"))
    except OSError:
        return 0
    return int(values[11]) + int(values[12])


def _after_name(stat: Path) -> list[str]:
    # The name of a program may hold spaces and brackets.
    return stat.read_text().rpartition(")")[2].split()
