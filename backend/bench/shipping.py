"""What it takes to ship 500 components: as archives, and as clones with git.

Times are the best of interleaved rounds, beside what does the same with nothing around
it: the standard library's zip, and git's own server on the same repository.
"""

import asyncio
import io
import json
import os
import re
import statistics
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from bench import operations
from bench.client import Connection
from bench.load import run
from bench.server import API, USERNAME, serving, sign_up
from tests.services.git_server import Repository, git_server

COMPONENTS = 500
CLONES = 20
ROUNDS = 9
FIRST_ROUNDS = 3
READING_SECONDS, READING_ROUNDS = 3, 3
COLLECTION = "everything"
TARGETS = ("claude-code", "claude-plugin")
GOALS = {
    "export_vs_zip": 1.5,
    "first_export_vs_zip": 4,
    "clone_vs_git_http_backend": 3,
    "p99_under_clones": 3,
}
UPLOAD_PACK = {"content-type": "application/x-git-upload-pack-request"}
QUIET = {"ROSTER_LOG_LEVEL": "warning"}
Headers = dict[str, str]


async def _released(port: int) -> tuple[Headers, str, list[str]]:
    """Make 500 agents, and a release that holds them; give how it is asked for."""
    connection = await Connection.open(port)
    headers = await sign_up(connection)
    await connection.close()  # which the server has given up by then
    ids = await operations.fill(port, headers, COMPONENTS)
    connection = await Connection.open(port)
    body = {"team": USERNAME, "name": COLLECTION}
    made = await connection.json("POST", f"{API}/collections", headers, body)
    place = f"{API}/collections/{made['id']}"
    entries = {"entries": [{"component_id": id_} for id_ in ids]}
    anyhow = {**headers, "if-match": "*"}
    await connection.json("PUT", f"{place}/entries", anyhow, entries)
    await connection.json("POST", f"{place}/releases", anyhow, {})
    token = {"name": "Clones", "scopes": ["read"]}
    made = await connection.json("POST", f"{API}/auth/tokens", headers, token)
    await connection.close()
    reading = {"authorization": f"Bearer {made['token']}"}
    return reading, f"{place}/releases/1/export", ids


# --- archives ---------------------------------------------------------------------


def _zipped(files: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)


def _unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def _taken(
    connection: Connection, path: str, headers: Headers
) -> tuple[float, bytes]:
    """Take an archive; give how long it took as well."""
    begun = time.perf_counter()
    status, _, content = await connection.request("GET", path, headers)
    took = time.perf_counter() - begun
    if status != HTTPStatus.OK:
        raise RuntimeError(content.decode())
    return took, content


async def _first_of_a_process(
    port: int, headers: Headers, path: str
) -> tuple[float, float]:
    """Take an archive that nothing is kept of, and zip what it holds."""
    connection = await Connection.open(port)
    await connection.request("GET", f"{API}/collections", headers)  # who is it?
    took, content = await _taken(connection, path, headers)
    await connection.close()
    files = _unpacked(content)
    begun = time.perf_counter()
    _zipped(files)
    return took, time.perf_counter() - begun


def _firsts(data: str, headers: Headers, place: str) -> dict[str, float]:
    """The first export for each target, in a new process each time."""
    found: dict[str, float] = {}
    for target in TARGETS:
        path = f"{place}?target={target}"
        times = []
        for _ in range(FIRST_ROUNDS):
            with serving(data, None, QUIET) as server:
                asked = _first_of_a_process(server.port, headers, path)
                times.append(asyncio.run(asked))
        ours, bare = (min(column) * 1000 for column in zip(*times, strict=True))
        found[target] = round(ours / bare, 2)
        print(
            f"first export for {target}: {ours:.1f} ms ÷ zip {bare:.1f} ms "
            f"= {found[target]}"
        )
    return found


async def _exports(port: int, headers: Headers, place: str) -> dict[str, float]:
    """The slowest target, by the time of zipping what it gives."""
    found: dict[str, float] = {}
    connection = await Connection.open(port)
    for target in TARGETS:
        path = f"{place}?target={target}"
        ours: list[float] = []
        bare: list[float] = []
        files: dict[str, bytes] = {}
        for _ in range(ROUNDS):
            took, content = await _taken(connection, path, headers)
            ours.append(took)
            files = files or _unpacked(content)
            begun = time.perf_counter()
            _zipped(files)
            bare.append(time.perf_counter() - begun)
        found[target] = round(min(ours) / min(bare), 2)
        print(
            f"export of {len(files)} files for {target}: {min(ours) * 1000:.1f} ms "
            f"÷ zip {min(bare) * 1000:.1f} ms = {found[target]}"
        )
    await connection.close()
    return found


# --- clones -----------------------------------------------------------------------


def _git(*arguments: str, home: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }
    subprocess.run(
        ["git", *arguments], cwd=home, env=environment, check=True, capture_output=True
    )


def _clones(url: str, headers: Headers) -> dict[str, float]:
    """Clone from here and from git's own server, by turns."""
    header = f"http.extraHeader=Authorization: {headers['authorization']}"
    with tempfile.TemporaryDirectory() as folder, git_server(Path(folder)) as server:
        home = Path(folder)
        bare = home / "same.git"
        _git("-c", header, "clone", "--bare", url, str(bare), home=home)
        address = f"{server.url}/same.git"
        server.repositories["same"] = Repository("same", address, bare)
        addresses = {"ours": url, "git": address}
        times: dict[str, list[float]] = {name: [] for name in addresses}
        for number in range(ROUNDS):
            for name, one in addresses.items():
                begun = time.perf_counter()
                _git("-c", header, "clone", one, f"{name}-{number}", home=home)
                times[name].append(time.perf_counter() - begun)
    ours, theirs = min(times["ours"]), min(times["git"])
    ratio = round(ours / theirs, 2)
    print(
        f"clone of {COMPONENTS} files: {ours * 1000:.1f} ms "
        f"÷ git http-backend {theirs * 1000:.1f} ms = {ratio}"
    )
    return {"clone_ms": ours * 1000, "git_ms": theirs * 1000, "ratio": ratio}


def _packet(line: str) -> bytes:
    return f"{len(line) + 4:04x}{line}".encode()


async def _keep_cloning(
    port: int, repository: str, headers: Headers, done: asyncio.Event
) -> int:
    """Say what git says to clone, without its work on what it is given."""
    connection = await Connection.open(port)
    finished = 0
    while not done.is_set():
        place = f"{repository}/info/refs?service=git-upload-pack"
        _, _, content = await connection.request("GET", place, headers)
        tip = re.search(rb"([0-9a-f]{40}) refs/heads/main", content)
        assert tip, content
        want = _packet(f"want {tip[1].decode()} ofs-delta side-band-64k\n")
        body = want + b"0000" + _packet("done\n")
        status, _, content = await connection.request(
            "POST", f"{repository}/git-upload-pack", headers | UPLOAD_PACK, body
        )
        assert status == HTTPStatus.OK, content
        assert b"PACK" in content
        finished += 1
    await connection.close()
    return finished


async def _under_clones(
    port: int, repository: str, headers: Headers, ids: list[str]
) -> dict[str, float]:
    """Measure who reads by turns: alone, and while twenty clone again and again."""
    reads = operations.reads(headers, ids)

    async def reading() -> float:
        found = await asyncio.to_thread(run, port, reads, seconds=READING_SECONDS)
        assert not found.errors
        return found.p99_ms

    alone, beside, clones = [], [], 0
    for _ in range(READING_ROUNDS):
        alone.append(await reading())
        done = asyncio.Event()
        cloning = [
            asyncio.create_task(_keep_cloning(port, repository, headers, done))
            for _ in range(CLONES)
        ]
        beside.append(await reading())
        done.set()
        clones += sum(await asyncio.gather(*cloning))
    before, after = statistics.median(alone), statistics.median(beside)
    ratio = round(after / before, 2)
    print(
        f"p99 under {CLONES} clones at once ÷ p99 without: {after} ms ÷ {before} ms "
        f"= {ratio}, with {clones} clones"
    )
    return {"ratio": ratio, "without_ms": before, "during_ms": after, "clones": clones}


def compare() -> dict[str, Any]:
    """Measure all of it on an instance with SQLite."""
    with tempfile.TemporaryDirectory() as data:
        with serving(data, None, QUIET) as server:
            port = server.port
            headers, place, ids = asyncio.run(_released(port))
            repository = f"/git/{USERNAME}/{COLLECTION}.git"
            exports = asyncio.run(_exports(port, headers, place))
            clones = _clones(f"http://127.0.0.1:{port}{repository}", headers)
            under = asyncio.run(_under_clones(port, repository, headers, ids))
        firsts = _firsts(data, headers, place)
    result = {
        "export_vs_zip": max(exports.values()),
        "first_export_vs_zip": max(firsts.values()),
        "clone_vs_git_http_backend": clones["ratio"],
        "p99_under_clones": under["ratio"],
    }
    for name, goal in GOALS.items():
        print(f"{name:<40} {result[name]:>7}  (goal: ≤ {goal})")
    details = {
        "exports": exports,
        "first_exports": firsts,
        "clones": clones,
        "under_clones": under,
    }
    return {**result, "goals": GOALS, **details}


if __name__ == "__main__":
    print(json.dumps(compare(), indent=2))
