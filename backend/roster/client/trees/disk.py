"""The single steps of writing: each of them happens, or does not."""

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

EXECUTABLE = "100755"
PLAIN = "100644"
_NO_LINKS = frozenset(
    {errno.EPERM, errno.ENOTSUP, errno.EXDEV, errno.EMLINK, errno.ENOSYS, errno.EACCES}
)
CHUNK = 1024 * 1024


class Disk:
    """What is done to a file system. A test fails or kills at any one of these."""

    def folder(self, path: Path) -> None:
        path.mkdir(exist_ok=True)

    def write(self, path: Path, chunks: Iterable[bytes], mode: str = PLAIN) -> None:
        """Write a new file and see that it is on the disk."""
        bits = 0o777 if mode == EXECUTABLE else 0o666
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, bits), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())

    def second(self, path: Path, other: Path) -> None:
        """Give a file a second name; a copy of it where there are no such things."""
        try:
            os.link(path, other)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            half = other.with_name(f"{other.name}.half")
            shutil.copy2(path, half)
            half.replace(other)

    def move(self, path: Path, other: Path) -> None:
        """Rename; what had the other name before has none then."""
        try:
            path.replace(other)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            half = other.with_name(f".{other.name}.roster-half")
            shutil.copy2(path, half)
            half.replace(other)
            path.unlink()

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> None:
        """Remove a folder that nothing is in."""
        with contextlib.suppress(OSError):
            path.rmdir()

    def sync(self, path: Path) -> None:
        """See that the names in a folder are on the disk."""
        if os.name != "posix":
            return
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def digest_of(path: Path) -> str | None:
    """The sha256 of a file; None where there is none."""
    whole = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                whole.update(chunk)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return whole.hexdigest()


def has_mode(path: Path, mode: str) -> bool:
    """Whether a file may be run, or not, as it should; true where nothing says so."""
    if os.name != "posix":
        return True
    return bool(path.stat().st_mode & stat.S_IXUSR) is (mode == EXECUTABLE)


def rewrite(path: Path, data: bytes) -> None:
    """Give a file other bytes, at once and with its mode; a device just takes them."""
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    half = path.with_name(f".{path.name}.roster-half")
    try:
        half.write_bytes(data)
        if path.exists():
            shutil.copymode(path, half)
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
