"""A disk that is full: a small file system, or a limit on the size of files."""

import os
import resource
import shutil
import subprocess
from collections.abc import Generator, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path

SIZE = "512m"
MOST_BYTES = 1024 * 1024
"""Of a file, where there is only a limit; the log of a server is smaller."""
_CHUNK = bytes(4096)


class SmallDisk:
    """A file system of its own, which can be filled to the last byte."""

    name = "a full file system"

    def __init__(self, folder: Path) -> None:
        self._filling = folder / "filling"

    def fill(self, _pids: Iterable[int]) -> None:
        free = os.statvfs(self._filling.parent)
        with self._filling.open("wb", buffering=0) as file:
            with suppress(OSError):
                os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize)
            file.seek(0, os.SEEK_END)
            with suppress(OSError):
                while True:
                    file.write(_CHUNK)

    def free(self, _pids: Iterable[int]) -> None:
        self._filling.unlink()


class FileLimit:
    """The kernel refuses to let the processes make files larger."""

    name = "files that may not grow"

    def fill(self, pids: Iterable[int]) -> None:
        for pid in pids:
            _limit(pid, MOST_BYTES)

    def free(self, pids: Iterable[int]) -> None:
        for pid in pids:
            _limit(pid, resource.RLIM_INFINITY)


def _limit(pid: int, size: int) -> None:
    with suppress(FileNotFoundError, ProcessLookupError), _as_owner_of(pid):
        _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        soft = hard if size == resource.RLIM_INFINITY else size
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _as_owner_of(pid: int) -> Generator[None]:
    """Be somebody who may: not even root may do so to others in every container."""
    owner = Path(f"/proc/{pid}").stat()
    if owner.st_uid == os.getuid():
        yield
        return
    os.setresgid(owner.st_gid, 0, 0)
    os.setresuid(owner.st_uid, 0, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)


Disk = SmallDisk | FileLimit


@contextmanager
def disk_at(folder: Path) -> Generator[Disk]:
    """Mount a small file system there; who may not do so gets a limit instead."""
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    made = False
    if mount and unmount and os.geteuid() == 0:
        command = [mount, "-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs"]
        made = not subprocess.run(  # noqa: S603 - on a folder of this test
            [*command, str(folder)], check=False, capture_output=True
        ).returncode
    try:
        yield SmallDisk(folder) if made else FileLimit()
    finally:
        if made and unmount:
            # Lazily: a process that was killed may not be gone yet.
            subprocess.run([unmount, "-l", str(folder)], check=True)  # noqa: S603 - see above
