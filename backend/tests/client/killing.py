"""Pulls that are killed at each of their steps, in processes that really die.

    python -m tests.client.killing SCRATCH

For each step of the file system a child is forked, which kills itself there; then the
next run does its work. What stood there after each is printed as a line of JSON.
"""

import base64
import hashlib
import io
import json
import os
import shutil
import signal
import sys
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from roster.client.registry.releases import Preview, Promise, Release, tree_digest
from roster.client.trees import moving
from roster.client.trees.disk import Disk
from roster.client.trees.pulling import Pull, Wanted

OLD = {
    ".claude/agents/critic.md": b"old critic",
    ".claude/agents/gone.md": b"gone",
    ".claude/skills/notes/SKILL.md": b"old notes",
    "AGENTS.md": b"the same",
}
NEW = {
    ".claude/agents/critic.md": b"new critic",
    ".claude/agents/more/deep/new.md": b"new",
    ".claude/skills/notes/SKILL.md": b"new notes",
    ".claude/skills/notes/scripts/run.sh": b"#!/bin/sh\n",
    "AGENTS.md": b"the same",
}
EXECUTABLE = ".claude/skills/notes/scripts/run.sh"
MINE = "mine.txt"


class Dying(Disk):
    """A disk whose process is killed before a step of it, or after it."""

    def __init__(self, at: int, *, after: bool) -> None:
        self.at, self.after, self.done = at, after, 0

    def __getattribute__(self, name: str) -> Any:
        found = object.__getattribute__(self, name)
        if name not in Disk.__dict__ or name.startswith("_"):
            return found

        def step(*given: Any) -> None:
            self.done += 1
            if self.done == self.at and not self.after:
                os.kill(os.getpid(), signal.SIGKILL)
            found(*given)
            if self.done == self.at:
                os.kill(os.getpid(), signal.SIGKILL)

        return step


class Served:
    """An instance that gives one archive."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    @contextmanager
    def stream(self, _path: str, _query: Any) -> Generator[Any]:
        digest = base64.b64encode(hashlib.sha256(self.data).digest()).decode()
        headers = {"Repr-Digest": f"sha-256=:{digest}:"}

        def chunks(_size: int) -> Iterator[bytes]:
            yield self.data

        yield SimpleNamespace(headers=headers, stream=chunks)


def promises(files: dict[str, bytes]) -> dict[str, Promise]:
    return {
        path: Promise(
            "100755" if path == EXECUTABLE else "100644",
            len(data),
            hashlib.sha256(data).hexdigest(),
            "agent:ada/a@1",
        )
        for path, data in files.items()
    }


def pull_of(root: Path, files: dict[str, bytes], number: int, disk: Disk) -> Pull:
    """A pull of these files, as a release of this number."""
    packed = io.BytesIO()
    found = promises(files)
    with zipfile.ZipFile(packed, "w") as archive:
        for path, data in files.items():
            info = zipfile.ZipInfo(path)
            info.create_system = 3
            info.external_attr = int(found[path].mode, 8) << 16
            archive.writestr(info, data)
    detail = {"number": number, "digest": "0" * 64}
    preview = Preview(
        "claude-code", number, "0" * 64, tree_digest(found), found, [], []
    )
    wanted = Wanted("http://roster.test", Release("1", "ada", "kit", detail), preview)
    served: Any = Served(packed.getvalue())
    return Pull(served, root, wanted, disk)


def run(root: Path, files: dict[str, bytes], number: int, disk: Disk) -> None:
    pull_of(root, files, number, disk).run(lambda plan: plan, lambda _: None)


def tree(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".roster" not in path.relative_to(root).parts
    }


def release_of(root: Path) -> int:
    state = root / ".roster" / "ada-kit.claude-code.json"
    return int(json.loads(state.read_text())["release"])


def begin(root: Path) -> None:
    root.mkdir()
    (root / MINE).write_text("mine")
    run(root, OLD, 1, Disk())


def killed(root: Path, at: int, *, after: bool) -> bool:
    """Pull release 2 in a child that dies at a step; False: it had no such step."""
    child = os.fork()
    if not child:
        run(root, NEW, 2, Dying(at, after=after))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def main(scratch: Path) -> None:
    start = scratch / "start"
    begin(start)
    for after in (False, True):
        at = 0
        while True:
            at += 1
            root = scratch / f"{after}-{at}"
            shutil.copytree(start, root)
            if not killed(root, at, after=after):
                break
            moving.recover(root, Disk())
            found = {"at": at, "after": after, "tree": tree(root)}
            found["release"] = release_of(root)
            found["left"] = sorted(
                path.name for path in (root / ".roster").iterdir() if path.is_dir()
            )
            run(root, NEW, 2, Disk())
            found["then"] = tree(root)
            sys.stdout.write(json.dumps(found) + "\n")
            shutil.rmtree(root)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
