"""Store bytes before the transaction that will refer to them.

What is staged and then not referred to is collected after a day. Who refers to a
blob locks it first (`rely_on`), so that it is not collected meanwhile.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import IO, Any
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import String, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.models import Blob
from roster.blobs.reading import redacted_among
from roster.blobs.storage import CHUNK_BYTES, BlobStore
from roster.core.compiled import Asking, Inserting, in_slots, slots
from roster.core.db import Database
from roster.core.errors import Redacted, Unavailable
from roster.core.model import utc_now
from roster.settings import Settings

BATCH = 500
BATCH_BYTES = 2 * 1024 * 1024
"""How much of a tree is in memory at once."""
INSERTED_AT_ONCE = 100


@cache
def _asking_known(count: int, *, lock: bool) -> Asking:
    statement = (
        select(Blob.digest)
        .where(
            col(Blob.digest).in_(slots("digest", count, String())),
            col(Blob.redacted_at).is_(None),
        )
        .order_by(col(Blob.digest))
    )
    # Against being collected, and against being redacted.
    return Asking(statement.with_for_update(read=True) if lock else statement)


_INSERTING = Inserting(Blob, lambda insert: insert.on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class Source:
    """Bytes that came in, wherever they wait."""

    size: int
    open: Callable[[], IO[bytes]]


async def stage(
    database: Database, settings: Settings, store: BlobStore, sources: Sequence[Source]
) -> list[str]:
    """Store bytes, each once, and give their digests in the order of the sources.

    It has transactions of its own: call it before the request's begins.

    What no team held any more is stored anew; a team that redacted it still cannot
    refer to it, and what nobody refers to goes again.
    """
    digests = await run_in_threadpool(lambda: [_digest(one) for one in sources])
    waiting = dict(zip(digests, sources, strict=True))
    async with database.read() as session:
        known = await _known(session, sorted(waiting))
    limit = settings.blob_database_bytes
    large = [digest for digest, one in waiting.items() if one.size > limit]
    for digest in large:
        await _put(store, digest, waiting[digest])
    new = [digest for digest in waiting if digest not in known]
    for batch in _batches(new, waiting, limit):
        rows = await run_in_threadpool(_rows, batch, waiting, limit)
        async with database.write() as session:
            await insert_new(session, rows)
            await _revive(session, rows)
    for digest in large:
        # It was perhaps swept just before its row was there.
        if not await store.exists(digest):
            await _put(store, digest, waiting[digest])
    return digests


async def _put(store: BlobStore, digest: str, source: Source) -> None:
    with await run_in_threadpool(source.open) as file:
        await store.put(digest, file)


def _digest(source: Source) -> str:
    with source.open() as file:
        found = hashlib.sha256()
        while chunk := file.read(CHUNK_BYTES):
            found.update(chunk)
    return found.hexdigest()


def _batches(
    digests: Iterable[str], sources: dict[str, Source], limit: int
) -> Iterable[list[str]]:
    batch: list[str] = []
    size = 0
    for digest in sorted(digests):
        weight = sources[digest].size if sources[digest].size <= limit else 0
        if batch and (size + weight > BATCH_BYTES or len(batch) == BATCH):
            yield batch
            batch, size = [], 0
        batch.append(digest)
        size += weight
    if batch:
        yield batch


def _rows(
    digests: Iterable[str], sources: dict[str, Source], limit: int
) -> list[dict[str, Any]]:
    rows = []
    for digest in digests:
        source = sources[digest]
        content = None
        if source.size <= limit:
            with source.open() as file:
                content = file.read()
        rows.append(row_of(digest, source.size, content))
    return rows


def row_of(digest: str, size: int, content: bytes | None) -> dict[str, Any]:
    now = utc_now()
    return {"digest": digest, "size": size, "content": content, "created_at": now}


async def insert_new(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Insert the rows of blobs that are not there; everybody in the same order."""
    rows = sorted(rows, key=itemgetter("digest"))
    for start in range(0, len(rows), INSERTED_AT_ONCE):
        await _INSERTING.rows(session, rows[start : start + INSERTED_AT_ONCE])


async def _revive(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    """Put bytes back that went when the last team that held them redacted them."""
    contents = {row["digest"]: row["content"] for row in rows}
    for start in range(0, len(contents), BATCH):
        gone = await session.exec(
            select(Blob.digest)
            .where(
                col(Blob.digest).in_(sorted(contents)[start : start + BATCH]),
                col(Blob.redacted_at).is_not(None),
            )
            .order_by(col(Blob.digest))
            .with_for_update()
        )
        for digest in gone.all():
            await session.exec(
                update(Blob)
                .where(col(Blob.digest) == digest)
                .values(content=contents[digest], redacted_at=None)
            )


async def _known(
    session: AsyncSession, digests: Sequence[str], *, lock: bool = False
) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(digests), BATCH):
        values = in_slots("digest", digests[start : start + BATCH])
        rows = await _asking_known(len(values), lock=lock).rows(session, values)
        found.update(row.digest for row in rows)
    return found


async def rely_on(
    session: AsyncSession,
    digests: Iterable[str],
    team_id: UUID,
    rows: Sequence[dict[str, Any]] = (),
) -> None:
    """Lock blobs that this transaction is about to refer to, until it ends.

    Args:
        session: The transaction.
        digests: Of the blobs.
        team_id: Whose component or import is to refer to them.
        rows: Those of them whose bytes are at hand, should they be gone.

    Raises:
        Redacted: The team redacted one of them.
        Unavailable: One is not there, or not any more.
    """
    wanted = sorted(set(digests))
    known = await _known(session, wanted, lock=True)
    # Only now: who redacts holds these locks, and then changes what is found here.
    refused = await redacted_among(session, team_id, wanted)
    if refused:
        raise Redacted(
            f"The content {min(refused)} was redacted and can never come back. Take "
            "out of the file what must not be in it, and send it again."
        )
    missing = [row for row in rows if row["digest"] not in known]
    if missing:
        await _revive(session, missing)
        known |= {row["digest"] for row in missing}
    if len(known) != len(wanted):
        raise Unavailable(
            "A file that this refers to was cleared away meanwhile; send it again.",
            headers={"Retry-After": "1"},
        )
