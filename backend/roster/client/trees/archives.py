"""Archives as they come: held against what was promised, file by file."""

import base64
import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from roster.client.registry.releases import EXECUTABLE, Promise, tampered
from roster.client.trees.disk import CHUNK

_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)


class Counted:
    """What goes through, and its digest."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self._whole = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._whole.update(chunk)
            yield chunk

    def require(self, header: str | None) -> None:
        """Hold it against `Repr-Digest`.

        Raises:
            Trouble: It is another one, or was not sent.
        """
        found = _DIGEST.search(header or "")
        if found is None:
            raise tampered("the archive came without its digest")
        own = base64.b64encode(self._whole.digest()).decode()
        if found[1] != own:
            raise tampered("the archive has another digest than was said")


class Archive:
    """A zip, from which comes only what was promised.

    Args:
        path: Where it is.
        promised: Its files.

    Raises:
        Trouble: It holds others, or not all, or something else than files.
    """

    def __init__(self, path: Path, promised: Mapping[str, Promise]) -> None:
        self._promised = promised
        self._entries: dict[str, zipfile.ZipInfo] = {}
        try:
            self._zip = zipfile.ZipFile(path)
        except _BROKEN:
            raise tampered("the archive cannot be read") from None
        try:
            self._take_all()
        except BaseException:
            self._zip.close()
            raise

    def _take_all(self) -> None:
        for info in self._zip.infolist():
            self._take(info)
        if missing := sorted(self._promised.keys() - self._entries.keys()):
            raise tampered(f"{missing[0]!r} is missing")

    def _take(self, info: zipfile.ZipInfo) -> None:
        name = info.orig_filename
        promise = self._promised.get(name)
        bits = info.external_attr >> 16
        kind = stat.S_IFMT(bits)
        if promise is None:
            raise tampered(f"it holds {name[:200]!r}, which nobody spoke of")
        if name in self._entries:
            raise tampered(f"it holds {name!r} twice")
        if info.is_dir() or kind not in {0, stat.S_IFREG}:
            raise tampered(f"{name!r} is no file")
        if info.file_size != promise.size:
            raise tampered(f"{name!r} has another size")
        if bool(bits & stat.S_IXUSR) is not (promise.mode == EXECUTABLE):
            raise tampered(f"{name!r} has another mode")
        self._entries[name] = info

    def close(self) -> None:
        self._zip.close()

    def read(self, path: str) -> Generator[bytes]:
        """Give the bytes of a file, and raise at their end if they are others."""
        promise = self._promised[path]
        whole, left = hashlib.sha256(), promise.size
        try:
            with self._zip.open(self._entries[path]) as file:
                for chunk in _chunks(file):
                    left -= len(chunk)
                    if left < 0:
                        raise tampered(f"{path!r} has another size")
                    whole.update(chunk)
                    yield chunk
        except (*_BROKEN, RuntimeError):
            raise tampered(f"{path!r} cannot be read") from None
        if left or whole.hexdigest() != promise.sha256:
            raise tampered(f"{path!r} has another digest")


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
