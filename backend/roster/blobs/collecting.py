"""Remove the blobs that nothing refers to.

The row goes first and the file later, so that no row is ever without its file. A
file is removed under the lock of a row of its digest, which nobody else can insert
meanwhile; what a killed process left behind is swept the next time.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.models import Blob
from roster.blobs.staging import row_of
from roster.blobs.storage import BlobStore, store_of
from roster.core.db import Database
from roster.core.model import Model, utc_now
from roster.jobs.models import Queue
from roster.jobs.registry import JobKind, Run

KEPT = timedelta(days=1)
"""How long bytes wait for something that refers to them."""
BATCH = 200
FORGET = "blobs.forget"


def _unreferenced() -> Iterator[ColumnElement[bool]]:
    """No row of any table refers to it by a foreign key."""
    digest = Blob.metadata.tables["blobs"].c.digest
    for table in Model.metadata.tables.values():
        for key in table.foreign_keys:
            if key.references(digest.table):
                yield ~exists().where(key.parent == digest)


async def collect(database: Database, store: BlobStore, kept: timedelta = KEPT) -> int:
    """Remove what was staged longer ago than `kept` and is not referred to.

    Returns:
        How many rows were removed.
    """
    removed = 0
    while count := await _remove_rows(database, kept):
        removed += count
    await sweep(database, store, kept)
    return removed


async def _remove_rows(database: Database, kept: timedelta) -> int:
    conditions = (
        col(Blob.created_at) < utc_now() - kept,
        *_unreferenced(),
    )
    async with database.write() as session:
        found = await session.exec(
            select(Blob.digest)
            .where(*conditions)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
        digests = found.all()
        if not digests:
            return 0
        # Again, now that nobody can begin to rely on them: somebody may have done so
        # after this looked, and before it had the locks.
        gone = await session.exec(
            delete(Blob).where(col(Blob.digest).in_(digests), *conditions)
        )
        return int(gone.rowcount)


async def sweep(database: Database, store: BlobStore, kept: timedelta = KEPT) -> None:
    """Remove the files that no row counts on."""
    old = await store.unused_for(kept)
    for start in range(0, len(old), BATCH):
        batch = old[start : start + BATCH]
        async with database.read() as session:
            needed = await _needed(session, batch)
        for digest in batch:
            if digest not in needed:
                await _remove_file(database, store, digest, kept)


async def _needed(session: AsyncSession, digests: Sequence[str]) -> set[str]:
    found = await session.exec(
        select(Blob.digest).where(
            col(Blob.digest).in_(digests),
            col(Blob.content).is_(None),
            col(Blob.redacted_at).is_(None),
        )
    )
    return set(found)


async def _remove_file(
    database: Database, store: BlobStore, digest: str, kept: timedelta
) -> None:
    async with database.write() as session:
        on_postgres = session.get_bind().dialect.name == "postgresql"
        insert_into: Any = postgresql.insert if on_postgres else sqlite.insert
        mine = await session.exec(
            insert_into(Blob)
            .values(row_of(digest, 0, None))
            .on_conflict_do_nothing()
            .returning(col(Blob.digest))
        )
        if mine.first() is not None:
            await store.delete(digest, unused_for=kept)
            await session.exec(delete(Blob).where(col(Blob.digest) == digest))
        elif not await _needed(session, [digest]):
            await store.delete(digest)


async def collect_garbage(run: Run) -> None:
    await collect(run.tools.database, store_of(run.tools.settings))


async def forget(run: Run) -> None:
    """Remove the file of what went, unless somebody brought it again."""
    digest = str(run.payload["digest"])
    async with run.tools.database.write() as session:
        gone = await session.exec(
            select(Blob.digest)
            .where(Blob.digest == digest, col(Blob.redacted_at).is_not(None))
            .with_for_update()
        )
        if gone.first() is not None:
            await store_of(run.tools.settings).delete(digest)


JOBS = [
    JobKind(
        "blobs.collect", collect_garbage, every=timedelta(hours=6), queue=Queue.upkeep
    ),
    JobKind(FORGET, forget),
]
