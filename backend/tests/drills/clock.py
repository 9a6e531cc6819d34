"""The clock on the wall of the processes of a drill, which a drill can move."""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")


class Clock:
    """So many seconds beside the real one, for who is started with `environment`."""

    def __init__(self, folder: Path) -> None:
        file = folder / "clock"
        file.write_bytes(bytes(8))
        library = folder / "clock.so"
        self.is_there = _compiled(library)
        self.environment = (
            {"LD_PRELOAD": str(library), "DRILL_CLOCK": str(file)}
            if self.is_there
            else {}
        )
        with file.open("r+b") as opened:
            self._page = mmap.mmap(opened.fileno(), 8)

    def set(self, seconds: int) -> None:
        self._page[:8] = struct.pack("=q", seconds)


def _compiled(library: Path) -> bool:
    """Make it, if there is a compiler here."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return False
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE)]
    subprocess.run([*command, "-ldl"], check=True)  # noqa: S603 - the file beside
    return True
