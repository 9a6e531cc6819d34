"""How fast many files are read and stored, and how much memory that takes.

The files are made up, each unlike the others; they come as one archive. Time counts
from the upload until the last of them is a component that search finds.
"""

import asyncio
import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from bench.client import Connection
from bench.server import API, USERNAME, instance, sign_up
from tests.services.postgres import PostgresServer

FEW, MANY = 1_000, 20_000
BOUNDARY = "of-the-benchmark"
MIB = 1024 * 1024
GOALS = {
    "import_files_per_s": 200,
    "import_growth_1k_to_20k": 1.3,
    "import_peak_mb": 400,
}
WORDS = [
    *("always", "ask", "before", "branch", "change", "check", "code", "commit"),
    *("data", "deploy", "explain", "file", "find", "first", "measure", "merge"),
    *("never", "note", "plan", "query", "read", "release", "review", "risk", "rule"),
    *("small", "table", "team", "test", "then", "tool", "trace", "type", "use"),
]


def _said(random: Random, words: int) -> str:
    return " ".join(random.choices(WORDS, k=words))


def agent(name: str) -> str:
    """A definition of about 3 KiB, the same each time for a name."""
    random = Random(name)  # noqa: S311 - nothing secret
    sections = "\n\n".join(
        f"## {_said(random, 3)}\n\n{_said(random, 60)}.\n\n"
        f"- {_said(random, 10)}\n- {_said(random, 12)}"
        for _ in range(6)
    )
    return (
        f"---\nname: {name}\ndescription: Use it to {_said(random, 30)}.\n"
        f"tools: Read, Grep, Bash\nmodel: sonnet\n---\n\n{sections}\n"
    )


def form(prefix: str, files: int) -> bytes:
    """The body of an upload of one archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(files):
            name = f"{prefix}-{number:05}"
            archive.writestr(f"agents/{name}.md", agent(name))
    disposition = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name="
    return (
        f'{disposition}"team"\r\n\r\n{USERNAME}\r\n'
        f'{disposition}"files"; filename="agents.zip"\r\n\r\n'.encode()
        + packed.getvalue()
        + f"\r\n--{BOUNDARY}--\r\n".encode()
    )


async def take(port: int, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    """Import an archive to its end; give the import and how long its parts took."""
    connection = await Connection.open(port)
    kind = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    begun = time.perf_counter()
    _, _, content = await connection.request(
        "POST", f"{API}/imports", headers | kind, body
    )
    place = f"{API}/imports/{json.loads(content)['id']}"
    await _until(connection, headers, place, "preview")
    read = time.perf_counter()
    await connection.json("POST", f"{place}/apply", headers, {})
    made = await _until(connection, headers, place, "applied")
    done = time.perf_counter()
    await connection.close()
    return made | {"read_s": read - begun, "apply_s": done - read}


async def _until(
    connection: Connection, headers: dict[str, str], place: str, state: str
) -> dict[str, Any]:
    while True:
        _, _, content = await connection.request("GET", place, headers)
        found: dict[str, Any] = json.loads(content)
        if found["state"] == state:
            return found
        if found["error"]:
            raise RuntimeError(found["error"])
        await asyncio.sleep(0.1)


class Memory:
    """The most memory that a process had to itself, looked at ten times a second."""

    def __init__(self, pid: int) -> None:
        self._file = Path(f"/proc/{pid}/smaps_rollup")
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch)
        self.peak = 0
        self._watching.start()

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self.peak = max(self.peak, self._unshared())

    def _unshared(self) -> int:
        try:
            lines = self._file.read_text().splitlines()
        except OSError:
            return 0
        kilobytes = [int(line.split()[1]) for line in lines if "Private_" in line]
        return sum(kilobytes) * 1024

    def stop(self) -> float:
        self._over.set()
        self._watching.join()
        return self.peak / MIB


async def _run(port: int, few: int, many: int) -> dict[str, dict[str, float]]:
    connection = await Connection.open(port)
    headers = await sign_up(connection)
    await connection.close()
    await take(port, headers, form("warm", 100))
    results = {}
    for prefix, files in (("few", few), ("many", many)):
        made = await take(port, headers, form(prefix, files))
        if made["results"]["created"] != files:
            message = f"of {files} files came {made['results']}"
            raise RuntimeError(message)
        seconds = made["read_s"] + made["apply_s"]
        results[prefix] = {
            "files": files,
            "read_s": round(made["read_s"], 2),
            "apply_s": round(made["apply_s"], 2),
            "per_second": round(files / seconds, 1),
        }
    return results


@contextmanager
def _databases() -> Iterator[dict[str, str | None]]:
    server = PostgresServer.start()
    try:
        server.create_database("bench")
        yield {"sqlite": None, "postgresql": server.url("bench")}
    finally:
        server.stop()


def compare(few: int = FEW, many: int = MANY) -> dict[str, Any]:
    """Measure both engines; of each goal the worse one counts."""
    engines: dict[str, Any] = {}
    with _databases() as databases:
        for engine, database in databases.items():
            pids: list[int] = []
            with instance(database, started=pids.append) as (port, _):
                memory = Memory(pids[0])
                try:
                    results = asyncio.run(_run(port, few, many))
                finally:
                    peak = memory.stop()
            few_, many_ = results["few"]["per_second"], results["many"]["per_second"]
            engines[engine] = {
                **results,
                "import_files_per_s": few_,
                "import_growth_1k_to_20k": round(few_ / many_, 2),
                "import_peak_mb": round(peak, 1),
            }
            figures = "  ".join(f"{key} {engines[engine][key]:>8}" for key in GOALS)
            print(f"imports on {engine:<19} {figures}")
    worst = {key: max(one[key] for one in engines.values()) for key in GOALS}
    worst["import_files_per_s"] = min(
        one["import_files_per_s"] for one in engines.values()
    )
    return {**worst, "goals": GOALS, "engines": engines}


if __name__ == "__main__":
    print(json.dumps(compare(), indent=2))
