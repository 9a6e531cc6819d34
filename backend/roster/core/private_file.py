"""Small files that only the owner of the data folder may read."""

import contextlib
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class TooOpenError(Exception):
    """A file with secrets in it that other accounts of this machine may read."""


def create_once(path: Path, text: str) -> None:
    """Write a file in one step; of several processes that try, the first one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _write_draft(path, text)
    try:
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


@contextlib.contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Keep other processes from changing files of a folder that change by `replace`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace(path: Path, text: str) -> None:
    """Put other text into a file, in one step: nobody ever reads half of it."""
    draft = _write_draft(path, text)
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def read(path: Path) -> str:
    """Give the text of a file that nobody else may read.

    Raises:
        TooOpenError: Its mode lets other accounts in.
    """
    with path.open() as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & OTHERS:
            message = (
                f"{path} holds secrets, but its mode {mode:o} lets other accounts of "
                f"this machine at them: run `chmod 600 {path}`, and make new ones if "
                "somebody may have read it."
            )
            raise TooOpenError(message)
        return file.read()
