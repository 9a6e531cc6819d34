"""The clock on the wall of the processes of a drill, which a drill can move."""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")
NO_COMPILER = (
    "The clock cannot be moved: there is no C compiler here. Install cc, gcc or clang "
    "for the drills of clocks."
)


class Clock:
    """So many seconds beside the real one, for who is started with `environment`."""

    def __init__(self, folder: Path) -> None:
        file = folder / "clock"
        file.write_bytes(bytes(8))
        library = folder / "clock.so"
        self.environment = (
            {"LD_PRELOAD": str(library), "DRILL_CLOCK": str(file)}
            if _compiled(library)
            else {}
        )
        with file.open("r+b") as opened:
            self._page = mmap.mmap(opened.fileno(), 8)

    def set(self, seconds: int) -> None:
        assert self.environment, NO_COMPILER
        self._page[:8] = struct.pack("=q", seconds)


def compiler() -> str | None:
    return shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")


def _compiled(library: Path) -> bool:
    """Make it, if there is a compiler here."""
    program = compiler()
    if program is None:
        return False
    command = [program, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE)]
    subprocess.run([*command, "-ldl"], check=True)  # noqa: S603 - the file beside
    return True
