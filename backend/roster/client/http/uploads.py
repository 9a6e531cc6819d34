"""Files on their way to a server: packed on disk, sent piece by piece."""

import secrets
import tempfile
import zipfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from roster.client.saying import Advance

CHUNK = 256 * 1024
IN_MEMORY = 8 * 1024 * 1024
EXECUTABLE, PLAIN = 0o100755, 0o100644


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart form with one file in it."""

    fields: Mapping[str, str]
    filename: str
    file: IO[bytes]
    size: int
    boundary: str

    @property
    def headers(self) -> dict[str, str]:
        length = len(self._head) + self.size + len(self._tail)
        return {
            "Content-Type": f"multipart/form-data; boundary={self.boundary}",
            "Content-Length": str(length),
        }

    def chunks(self, advance: Advance) -> Iterator[bytes]:
        yield self._head
        while chunk := self.file.read(CHUNK):
            advance(len(chunk))
            yield chunk
        yield self._tail

    @property
    def _head(self) -> bytes:
        parts = [
            f"--{self.boundary}\r\n"
            f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in self.fields.items()
        ]
        name = self.filename.replace("\\", "\\\\").replace('"', "%22")
        parts.append(
            f"--{self.boundary}\r\n"
            f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        return "".join(parts).encode()

    @property
    def _tail(self) -> bytes:
        return f"\r\n--{self.boundary}--\r\n".encode()


@contextmanager
def packed(files: Mapping[str, Path], fields: Mapping[str, str]) -> Generator[Form]:
    """Pack a folder, with the bits that say what may be run."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as spool:
        with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, path in files.items():
                info = zipfile.ZipInfo(name)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 3
                is_executable = bool(path.stat().st_mode & 0o100)
                info.external_attr = (EXECUTABLE if is_executable else PLAIN) << 16
                with path.open("rb") as file, archive.open(info, "w") as entry:
                    while chunk := file.read(CHUNK):
                        entry.write(chunk)
        size = spool.tell()
        spool.seek(0)
        yield Form(fields, "folder.zip", spool, size, secrets.token_hex(16))


@contextmanager
def alone(path: Path, fields: Mapping[str, str]) -> Generator[Form]:
    """Send one file as it is."""
    with path.open("rb") as file:
        size = path.stat().st_size
        yield Form(fields, path.name, file, size, secrets.token_hex(16))
