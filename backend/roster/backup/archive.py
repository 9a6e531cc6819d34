"""One file that holds an instance: a compressed TAR that is whole or not there.

`roster.json` comes first and says what it is; `manifest.json` comes last, with the
size and sha256 of every file before it. What has no manifest was cut off.
"""

import contextlib
import fcntl
import hashlib
import io
import json
import os
import re
import secrets
import tarfile
import time
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter

from roster.backup.errors import BackupError

HEAD, MANIFEST = "roster.json", "manifest.json"
FORMAT = 1
LEVEL = 3
"""Of compression: most of the gain for a third of the time."""
CHUNK_BYTES = 1024 * 1024
LARGEST_DOCUMENT = 256 * CHUNK_BYTES
NAMES = re.compile(
    r"roster\.json|manifest\.json|keys\.json|database\.(sqlite|dump)"
    r"|tables/[a-z_]+\.\d{6}\.jsonl|blobs/[0-9a-f]{64}"
)
_MALFORMED = (ValueError, TypeError, AttributeError)
"""What comes of reading what is of another form than what was written."""
_UNFINISHED = re.compile(r"\..+\.[0-9a-f]{8}\.unfinished")


@dataclass(frozen=True)
class Head:
    """What a file is, and what it was made with."""

    what: str
    """``backup``, for the same engine, or ``export``, for any."""
    engine: str
    schema: str
    """The migration that the database was at."""
    version: str
    made_at: str
    format: int = FORMAT


@dataclass
class Manifest:
    """What is in a file, to be compared with what comes out of it."""

    tables: dict[str, int] = field(default_factory=dict)
    """How many rows each table has."""
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Size and sha256 of every file."""
    missing: list[str] = field(default_factory=list)
    """Blobs that were damaged or away already."""


_DOCUMENT: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
_HEAD, _MANIFEST = TypeAdapter(Head), TypeAdapter(Manifest)


class Writer:
    """Puts files into an archive and notes what they were."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar = tar
        self.manifest = manifest

    def add_file(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            self.add(name, file, os.fstat(file.fileno()).st_size)

    def add_bytes(self, name: str, data: bytes) -> None:
        self.add(name, io.BytesIO(data), len(data))

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        reading = Hashing(file)
        self._put(name, reading, size)
        entry = {"size": size, "sha256": reading.hexdigest()}
        self.manifest.files[name] = entry

    def end(self) -> None:
        data = json.dumps(asdict(self.manifest)).encode()
        self._put(MANIFEST, io.BytesIO(data), len(data))

    def _put(self, name: str, file: Any, size: int) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode, info.mtime = size, 0o600, time.time()
        self._tar.addfile(info, file)
        _forget(self._tar)


class Hashing:
    """Reads a file and knows the sha256 of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._seen = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._seen.update(data)
        return data

    def lines(self) -> Iterator[bytes]:
        rest = b""
        while chunk := self.read(CHUNK_BYTES):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
        if rest:
            yield rest

    def hexdigest(self) -> str:
        return self._seen.hexdigest()


@dataclass(frozen=True)
class Unfinished:
    """A file that has not got its name yet."""

    path: Path
    file: IO[bytes]


@contextmanager
def unfinished(target: Path) -> Generator[Unfinished]:
    """Give a file to write that becomes `target` when the block ends well.

    Raises:
        BackupError: There is a file of that name, or no place for it.
    """
    if target.exists():
        message = f"There is a file {target} already; name another one."
        raise BackupError(message)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _remove_left_behind(target.parent)
        path = target.with_name(f".{target.name}.{secrets.token_hex(4)}.unfinished")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        message = f"Cannot write {target}: {error.strerror}."
        raise BackupError(message) from error
    try:
        with os.fdopen(descriptor, "w+b") as file:
            # Held until the end, or until the process is killed.
            fcntl.flock(file, fcntl.LOCK_EX)
            yield Unfinished(path, file)
            file.flush()
            os.fsync(file.fileno())
            _name(path, target)
    except OSError as error:
        message = f"Cannot write {target}: {error.strerror or error}."
        raise BackupError(message) from error
    finally:
        path.unlink(missing_ok=True)
        sync_folder(target.parent)


def _name(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except FileExistsError as error:
        message = f"There is a file {target} already; name another one."
        raise BackupError(message) from error
    except OSError:  # a file system without links
        path.replace(target)


def _remove_left_behind(folder: Path) -> None:
    """Remove what processes that were killed have begun."""
    for path in folder.iterdir():
        if not _UNFINISHED.fullmatch(path.name):
            continue
        with contextlib.suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(file: IO[bytes], head: Head) -> Generator[Writer]:
    """Write an archive into an open file; its manifest only when all went well."""
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=LEVEL) as tar:
        writer = Writer(tar, Manifest())
        writer.add_bytes(HEAD, json.dumps(asdict(head)).encode())
        yield writer
        writer.end()


class Reader:
    """Gives what is in an archive, in its order, and finds out whether it is whole."""

    def __init__(self, path: Path, tar: tarfile.TarFile) -> None:
        self._path = path
        self._tar = tar
        self.head = self._read_head()
        self.manifest: Manifest | None = None

    def _read_head(self) -> Head:
        info = self._tar.next()
        if info is None or info.name != HEAD:
            raise _damaged(self._path, "it is no backup or export of Roster")
        self._seen = {HEAD: self._entry(info)}
        found = self._document
        if found.get("format") != FORMAT:
            message = (
                f"{self._path} has the format {found.get('format')}, and this version "
                f"of Roster reads format {FORMAT}: use the version that made it, "
                f"{found.get('version')}."
            )
            raise BackupError(message)
        return _HEAD.validate_python(found)

    def _entry(self, info: tarfile.TarInfo) -> dict[str, Any]:
        data = self._whole(info)
        self._document = _DOCUMENT.validate_json(data)
        return {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def _whole(self, info: tarfile.TarInfo) -> bytes:
        file = self._tar.extractfile(info)
        if file is None or info.size > LARGEST_DOCUMENT:
            raise _damaged(self._path, f"{info.name} is not what it should be")
        return file.read()

    def members(self) -> Iterator[tuple[str, Hashing]]:
        """Give every file between the head and the manifest; read each to its end.

        Raises:
            BackupError: It is not whole; then what was read counts for nothing.
        """
        while (info := self._tar.next()) is not None:
            # What a sparse file says its size is may be more than any disk holds.
            is_plain = info.isreg() and not info.issparse()
            if not (is_plain and NAMES.fullmatch(info.name)):
                raise _damaged(self._path, f"it holds {info.name!r}")
            if info.name == MANIFEST:
                self._finish(_MANIFEST.validate_json(self._whole(info)))
                return
            if info.name in self._seen:
                raise _damaged(self._path, f"it holds {info.name} twice")
            file = self._tar.extractfile(info)
            assert file is not None  # noqa: S101 - it is a regular file
            reading = Hashing(file)
            _forget(self._tar)
            yield info.name, reading
            while reading.read(CHUNK_BYTES):
                pass
            entry = {"size": info.size, "sha256": reading.hexdigest()}
            self._seen[info.name] = entry
        raise _damaged(self._path, "its end is missing")

    def _finish(self, found: Manifest) -> None:
        self.manifest = found
        if self.manifest.files != self._seen:
            wrong = [
                name
                for name in {*self.manifest.files, *self._seen}
                if self.manifest.files.get(name) != self._seen.get(name)
            ]
            raise _damaged(self._path, f"{min(wrong)} is not what was put into it")


@contextmanager
def reading(path: Path) -> Generator[Reader]:
    """Open an archive.

    Raises:
        BackupError: It is none, it is damaged, or of another format.
    """
    try:
        with tarfile.open(path, mode="r|gz") as tar:
            yield Reader(path, tar)
    except (tarfile.TarError, EOFError, zlib.error, *_MALFORMED) as error:
        raise _damaged(path, type(error).__name__) from error
    except FileNotFoundError as error:
        if error.filename != str(path):
            raise
        raise BackupError(f"There is no file {path}.") from error


def _forget(tar: tarfile.TarFile) -> None:
    """Let go of the names of the files so far: there may be a million."""
    tar.members = []  # type: ignore[attr-defined]  # typeshed leaves it out


def _damaged(path: Path, why: str) -> BackupError:
    return BackupError(f"{path} is damaged or not whole: {why}. Nothing was changed.")


def unpack(path: Path, folder: Path) -> tuple[Head, Manifest]:
    """Put all files of an archive below a folder, each for the owner alone."""
    with reading(path) as reader:
        for name, file in reader.members():
            place = folder / name
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as unpacked:
                while chunk := file.read(CHUNK_BYTES):
                    unpacked.write(chunk)
        assert reader.manifest is not None  # noqa: S101 - else members() has raised
        return reader.head, reader.manifest
