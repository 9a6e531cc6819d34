"""Files that say what no backup says: refused in a sentence, and nothing changed."""

import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import make_url

from roster.backup.archive import HEAD, MANIFEST, Head, Manifest, unpack
from roster.backup.errors import BackupError
from roster.backup.exporting import export_all
from roster.backup.importing import import_all
from roster.backup.restoring import Options, restore
from roster.core.keys import load_or_create
from roster.core.migrate import head as newest
from roster.settings import Settings
from tests.backup.conftest import NewPlace, quiet

OF_SQLITE = Head("backup", "sqlite", "0001", "0.1.0", "2026-01-01T00:00:00+00:00")
Part = tuple[tarfile.TarInfo, bytes]


def plain(name: str, data: bytes) -> Part:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    return info, data


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def pack(path: Path, *parts: Part, manifest: bytes | None = None) -> Path:
    """Write parts with a manifest that is right, unless another one is given."""
    files = {
        info.name: {"size": len(data), "sha256": sha256(data).hexdigest()}
        for info, data in parts
    }
    last = as_json(asdict(Manifest(files=files))) if manifest is None else manifest
    with tarfile.open(path, "w:gz") as tar:
        for info, data in (*parts, plain(MANIFEST, last)):
            tar.addfile(info, io.BytesIO(data))
    return path


def whole(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {info.name: _content(tar, info) for info in tar}


def _content(tar: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(info)
    assert file is not None
    return file.read()


def said(head: object) -> Part:
    return plain(HEAD, as_json(head))


GOOD = said(asdict(OF_SQLITE))
DEEP = b"[" * 100_000
HEADS = (b"[]", b"null", b'"x"', b"NaN", b'{"format": 1}', DEEP, b"\xff")
MANIFESTS = (
    b"[]",
    b'{"files": []}',
    b'{"files": {"roster.json": 3}}',
    b'{"tables": [], "files": {}}',
    b'{"missing": 3}',
    DEEP,
)


def odd_files() -> Iterator[Part]:
    for name in ("../evil", "blobs/../../evil", "/evil", "database.sqlite\n"):
        yield plain(name, b"x")
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
        info = tarfile.TarInfo("keys.json")
        info.type, info.linkname = kind, "/etc/passwd"
        yield info, b""


@pytest.mark.parametrize("head", HEADS)
def test_a_beginning_that_is_none(tmp_path: Path, head: bytes) -> None:
    path = pack(tmp_path / "a.tar.gz", plain(HEAD, head))

    with pytest.raises(BackupError, match="Nothing was changed"):
        unpack(path, tmp_path / "unpacked")


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_an_end_that_is_none(tmp_path: Path, manifest: bytes) -> None:
    path = pack(tmp_path / "a.tar.gz", GOOD, manifest=manifest)

    with pytest.raises(BackupError, match="Nothing was changed"):
        unpack(path, tmp_path / "unpacked")


@pytest.mark.parametrize("part", [*odd_files()])
def test_what_is_no_file_of_a_backup(tmp_path: Path, part: Part) -> None:
    path = pack(tmp_path / "a.tar.gz", GOOD, part)

    with pytest.raises(BackupError, match="it holds"):
        unpack(path, tmp_path / "below" / "unpacked")

    assert [one.name for one in tmp_path.rglob("*")] == ["a.tar.gz"]


def test_a_file_that_says_it_is_larger_than_any_disk(tmp_path: Path) -> None:
    info, data = plain("database.sqlite", b"")
    info.pax_headers = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": info.name,
        "GNU.sparse.realsize": str(2**60),
    }
    data = f"1\n{2**60}\n0\n".encode().ljust(512, b"\0")
    info.size = len(data)
    path = pack(tmp_path / "a.tar.gz", GOOD, (info, data))

    with pytest.raises(BackupError, match="it holds"):
        unpack(path, tmp_path / "unpacked")


def test_a_file_that_comes_twice(tmp_path: Path) -> None:
    keys = plain("keys.json", b"{}")

    with pytest.raises(BackupError, match=r"it holds keys\.json twice"):
        unpack(pack(tmp_path / "a.tar.gz", GOOD, keys, keys), tmp_path / "unpacked")


async def test_a_backup_of_another_engine_is_told_at_once(place: NewPlace) -> None:
    settings = place()
    here = make_url(settings.database).get_backend_name()
    other = "sqlite" if here == "postgresql" else "postgresql"
    settings.data_dir.mkdir()
    head = said(asdict(OF_SQLITE) | {"engine": other})
    path = pack(settings.data_dir.with_suffix(".tar.gz"), head)

    with pytest.raises(BackupError, match=f"This backup is of {other}"):
        await restore(settings, path, Options(), say=quiet)

    assert list(settings.data_dir.iterdir()) == []


async def test_a_database_that_is_none(place: NewPlace, tmp_path: Path) -> None:
    settings = place("sqlite")
    load_or_create(settings)
    database = plain("database.sqlite", b"no database" * 100)
    path = pack(tmp_path / "a.tar.gz", GOOD, database)

    with pytest.raises(BackupError, match="The database in it is damaged"):
        await restore(settings, path, Options(), say=quiet)

    assert [one.name for one in settings.data_dir.iterdir()] == ["keys.json"]


def changed_users(lines: list[bytes]) -> dict[str, list[bytes]]:
    columns, row, *_ = lines
    count = len(json.loads(columns))
    return {
        "empty": [],
        "twice": [columns, row, row],
        "without values": [columns, as_json([None] * count)],
        "too few values": [columns, b"[1]"],
        "numbers": [columns, as_json([2**80] * count)],
    }


async def test_rows_that_do_not_fit(
    ada: httpx.AsyncClient, settings: Settings, place: NewPlace, tmp_path: Path
) -> None:
    written = tmp_path / "export.tar.gz"
    await export_all(settings, written, say=quiet)
    files = whole(written)
    [users] = [name for name in files if name.startswith("tables/users.")]
    manifest: dict[str, Any] = json.loads(files.pop(MANIFEST))
    target = place()
    load_or_create(target)

    for what, lines in changed_users(files[users].splitlines()).items():
        parts = [
            plain(name, b"\n".join(lines) if name == users else data)
            for name, data in files.items()
        ]
        manifest["files"] = {
            info.name: {"size": len(data), "sha256": sha256(data).hexdigest()}
            for info, data in parts
        }
        path = pack(tmp_path / f"{what}.tar.gz", *parts, manifest=as_json(manifest))
        with pytest.raises(BackupError):
            await import_all(target, path, say=quiet)

    assert (await import_all(target, written, say=quiet)).head.schema == newest()
