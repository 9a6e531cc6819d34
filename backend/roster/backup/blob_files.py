"""Keeps the files of blobs in place while a backup reads them.

A snapshot of the database refers to files that the collector may remove before they
are read. So every file gets a second name before the snapshot is taken, and those that
came meanwhile get theirs afterwards: they are too young to be collected.
"""

import contextlib
import os
import secrets
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from roster.backup.archive import CHUNK_BYTES, Hashing, sync_folder
from roster.backup.errors import BackupError
from roster.backup.working import LOCK, working_folder

SHARD = 2
HELD = ".backup-"


class HeldBlobs:
    """The files of the blobs of an instance, as they were and as they come."""

    def __init__(self, source: Path, held: Path | None) -> None:
        self._source = source
        self._held = held

    def hold_all(self) -> None:
        for folder in _shards(self._source):
            for entry in os.scandir(folder):
                if not entry.name.startswith("."):
                    self._hold(entry.name)

    def hold(self, digests: Iterable[str]) -> None:
        for digest in digests:
            self._hold(digest)

    def _hold(self, digest: str) -> None:
        if self._held is None:
            return
        place = self._held / digest[:SHARD] / digest
        place.parent.mkdir(mode=0o700, exist_ok=True)
        with contextlib.suppress(FileNotFoundError, FileExistsError):
            os.link(self._source / digest[:SHARD] / digest, place)

    def path(self, digest: str) -> Path:
        base = self._source if self._held is None else self._held
        return base / digest[:SHARD] / digest


@contextmanager
def held(source: Path) -> Generator[HeldBlobs]:
    """Hold what is in a folder of blobs until the block ends.

    Where the file system has no second names, files are read where they are: one that
    is collected meanwhile is then missing, which the backup notices.
    """
    if not source.is_dir():
        yield HeldBlobs(source, None)
        return
    # In the very folder, so that it is on the same file system.
    with working_folder(source, HELD) as folder:
        blobs = HeldBlobs(source, folder if _can_link(folder) else None)
        blobs.hold_all()
        yield blobs


def _can_link(folder: Path) -> bool:
    probe = folder / "probe"
    try:
        os.link(folder / LOCK, probe)
    except OSError:
        return False
    probe.unlink()
    return True


def _shards(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if len(path.name) == SHARD]


def place(unpacked: Path, folder: Path) -> None:
    """Put files into a folder of blobs, over what was there.

    Their names are their digests: what is there is the same, or damaged.
    """
    for path in sorted(unpacked.iterdir()):
        with path.open("rb") as file:
            put(Hashing(file), path.name, folder)


def put(file: Hashing, digest: str, folder: Path) -> None:
    """Put one file into a folder of blobs, in one step.

    Raises:
        BackupError: Its digest is another one.
    """
    shard = folder / digest[:SHARD]
    shard.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = shard / f".{digest}.{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as drafted:
            while chunk := file.read(CHUNK_BYTES):
                drafted.write(chunk)
            drafted.flush()
            os.fsync(drafted.fileno())
        if file.hexdigest() != digest:
            message = f"The content {digest} is not what its name says."
            raise BackupError(message)
        draft.replace(shard / digest)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(shard)
    sync_folder(folder)
