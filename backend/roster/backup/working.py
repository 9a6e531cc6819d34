"""Folders for the moment, removed at the end, or by the next one if it was killed."""

import contextlib
import fcntl
import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

LOCK = "lock"


@contextmanager
def working_folder(parent: Path, prefix: str) -> Generator[Path]:
    """Make a folder in another one that only this process uses.

    Args:
        parent: Where; it is there already.
        prefix: What names of such folders begin with, and of no other ones.
    """
    _remove_left_behind(parent, prefix)
    folder = parent / f"{prefix}{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    try:
        with (folder / LOCK).open("w") as lock:
            # Let go by the kernel, however the process ends.
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_behind(parent: Path, prefix: str) -> None:
    for folder in parent.glob(f"{prefix}*"):
        with contextlib.suppress(OSError), (folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
