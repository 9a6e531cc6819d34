"""What a TAR is made of that Roster itself writes."""

import tarfile

SUBMODULE = "ROSTER.submodule"
"""The entry stands for another repository at this commit."""
CUT = "ROSTER.size"
"""The file has that many bytes; only its beginning is there."""
HEAD_BYTES = 64 * 1024
"""How much of a file that is too large is looked at to tell what it is."""
END = bytes(2 * tarfile.BLOCKSIZE)


def head_of(path: str, size: int, *, is_executable: bool = False) -> bytes:
    info = tarfile.TarInfo(path)
    info.size = size
    info.mode = 0o755 if is_executable else 0o644
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def padding(size: int) -> int:
    """How many bytes fill the last block of a file."""
    return -size % tarfile.BLOCKSIZE
