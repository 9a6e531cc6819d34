"""Bytes under their digest: staged, read, verified, collected."""

import asyncio
import hashlib
import io
import os
import stat
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import select

from roster.blobs.collecting import collect, sweep
from roster.blobs.models import Blob
from roster.blobs.reading import DamagedBlobError, Found, find, stream, whole
from roster.blobs.staging import Source, rely_on, stage
from roster.blobs.storage import FolderStore
from roster.core.db import Database
from roster.core.errors import Unavailable
from roster.core.model import utc_now
from roster.settings import Settings

SMALL = b"small\n" * 10
LARGE = bytes(range(256)) * 5000
NOW, DAY = timedelta(seconds=-10), timedelta(days=1)


def source(data: bytes) -> Source:
    return Source(len(data), lambda: io.BytesIO(data))


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def store(settings: Settings) -> FolderStore:
    return FolderStore(settings.blobs)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


async def digests_in(database: Database) -> set[str]:
    async with database.read() as session:
        return set(await session.exec(select(Blob.digest)))


async def read_into(given: list[bytes], store: FolderStore, found: Found) -> None:
    async for chunk in stream(store, found):
        given.append(chunk)  # noqa: PERF401 - kept although it fails


async def test_small_ones_lie_in_the_database_and_large_ones_in_the_folder(
    database: Database, settings: Settings, store: FolderStore
) -> None:
    given = [SMALL, LARGE, SMALL, b""]
    sources = [source(data) for data in given]
    digests = await stage(database, settings, store, sources)
    assert digests == [digest_of(data) for data in given]
    assert files_in(settings.blobs) == [digest_of(LARGE)]
    [file] = [path for path in settings.blobs.rglob("*") if path.is_file()]
    assert file.parent.name == digest_of(LARGE)[:2]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    async with database.read() as session:
        for data in given:
            found = await find(session, digest_of(data))
            assert (found.content is None) == (data is LARGE)
            assert await whole(store, found) == data
    # Once more changes nothing; what was lost comes back.
    file.unlink()
    assert await stage(database, settings, store, sources) == digests
    assert await digests_in(database) == set(digests)
    assert file.read_bytes() == LARGE


async def test_what_is_damaged_is_never_given_as_a_whole(
    database: Database, settings: Settings, store: FolderStore
) -> None:
    await stage(database, settings, store, [source(LARGE)])
    [file] = [path for path in settings.blobs.rglob("*") if path.is_file()]
    async with database.read() as session:
        found = await find(session, digest_of(LARGE))
    for damaged in (LARGE[:-1] + b"x", LARGE[: len(LARGE) // 2], LARGE + b"x", b""):
        file.write_bytes(damaged)
        given: list[bytes] = []
        with pytest.raises(DamagedBlobError):
            await read_into(given, store, found)
        assert len(b"".join(given)) < len(damaged) or not damaged
    file.unlink()
    with pytest.raises(DamagedBlobError):
        await whole(store, found)


async def test_only_what_nothing_refers_to_is_collected(
    database: Database, settings: Settings, store: FolderStore
) -> None:
    await stage(database, settings, store, [source(SMALL), source(LARGE)])
    assert await collect(database, store) == 0
    assert len(await digests_in(database)) == 2
    # A killed process left these: bytes without a row, and half a file.
    await store.put(digest_of(b"lost"), io.BytesIO(b"lost"))
    (settings.blobs / "ab").mkdir()
    (settings.blobs / "ab" / ".abcd.half").write_bytes(b"ha")
    await sweep(database, store)
    assert len(files_in(settings.blobs)) == 3
    assert await collect(database, store, NOW) == 2
    assert await digests_in(database) == set()
    assert files_in(settings.blobs) == []


async def test_a_file_that_was_just_put_again_is_not_swept(
    database: Database, settings: Settings, store: FolderStore
) -> None:
    digest = digest_of(LARGE)
    await store.put(digest, io.BytesIO(LARGE))
    place = settings.blobs / digest[:2] / digest
    long_ago = (utc_now() - 2 * DAY).timestamp()
    os.utime(place, (long_ago, long_ago))
    assert await store.unused_for(DAY) == [digest]
    await store.put(digest, io.BytesIO(LARGE))
    assert await store.delete(digest, unused_for=DAY) is False
    os.utime(place, (long_ago, long_ago))
    await sweep(database, store)
    assert await store.exists(digest) is False
    assert await digests_in(database) == set()


async def test_a_transaction_that_relies_on_a_blob_keeps_it(
    database: Database, settings: Settings, store: FolderStore
) -> None:
    """Invariant: nothing is ever collected that a transaction begins to refer to."""
    [digest] = await stage(database, settings, store, [source(SMALL)])
    async with database.write() as session:
        await rely_on(session, [digest], uuid4())
        collecting = asyncio.create_task(collect(database, store, NOW))
        if database.dialect == "postgresql":
            assert await collecting == 0  # skipped, and nobody waited
    removed = await collecting
    if database.dialect == "postgresql":
        assert await digests_in(database) == {digest}
        removed = await collect(database, store, NOW)
    assert removed == 1
    async with database.write() as session:
        with pytest.raises(Unavailable):
            await rely_on(session, [digest], uuid4())
