"""Read blobs, and never give bytes that are not those of the digest."""

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

import structlog
from sqlalchemy import String, Uuid, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.models import Blob, Redaction
from roster.blobs.storage import BlobStore
from roster.core.compiled import Asking, in_slots, slots
from roster.core.direct import slot
from roster.core.errors import Gone

log = structlog.get_logger()

BATCH = 500


class DamagedBlobError(Exception):
    """What is stored under a digest has another one, or is missing."""


@dataclass(frozen=True, slots=True)
class Found:
    """A blob, and its bytes where the database holds them."""

    digest: str
    size: int
    content: bytes | None
    redacted_at: datetime | None = None


async def find(session: AsyncSession, digest: str) -> Found:
    """Look a blob up that something refers to."""
    return (await find_many(session, [digest]))[digest]


async def find_many(session: AsyncSession, digests: Iterable[str]) -> dict[str, Found]:
    """Look a few blobs up: their bytes are in memory, where the database has them."""
    table = Blob.metadata.tables["blobs"].c
    await session.flush()
    connection = await session.connection()
    rows = await connection.execute(
        select_columns(
            table.digest,
            table.size,
            table.content,
            table.redacted_at,
        ).where(table.digest.in_(set(digests)))
    )
    return {row.digest: Found(*row) for row in rows}


@cache
def _asking_redacted(count: int) -> Asking:
    return Asking(
        select(Redaction.digest).where(
            col(Redaction.team_id) == slot("team_id", Uuid()),
            col(Redaction.digest).in_(slots("digest", count, String())),
        )
    )


async def redacted_among(
    session: AsyncSession, team_id: UUID, digests: Sequence[str]
) -> set[str]:
    """Those of some digests that a team redacted."""
    found: set[str] = set()
    for start in range(0, len(digests), BATCH):
        values = in_slots("digest", digests[start : start + BATCH])
        asking = _asking_redacted(len(values))
        rows = await asking.rows(session, {**values, "team_id": team_id})
        found.update(row.digest for row in rows)
    return found


_REDACTED = select(Redaction).where(
    col(Redaction.team_id) == bindparam("team_id"),
    col(Redaction.digest).in_(bindparam("digests", expanding=True)),
)


async def redacted(
    session: AsyncSession, team_id: UUID, digests: Iterable[str]
) -> dict[str, Redaction]:
    """What a team redacted of some digests."""
    found: dict[str, Redaction] = {}
    wanted = sorted(set(digests))
    for start in range(0, len(wanted), BATCH):
        rows = await session.exec(
            _REDACTED,
            params={"team_id": team_id, "digests": wanted[start : start + BATCH]},
        )
        found.update({row.digest: row for row in rows})
    return found


async def require_kept(session: AsyncSession, held: Iterable[tuple[UUID, str]]) -> None:
    """Refuse to go on with what the team that holds it redacted.

    Args:
        session: Where to look.
        held: Teams, each with a digest that something of it refers to.

    Raises:
        Gone: One was, and the detail says when and why.
    """
    by_team: dict[UUID, set[str]] = defaultdict(set)
    for team_id, digest in held:
        by_team[team_id].add(digest)
    for team_id, digests in by_team.items():
        found = await redacted(session, team_id, digests)
        if found:
            first = found[min(found)]
            raise gone(first.redacted_at, first.reason)


def gone(at: datetime, reason: str) -> Gone:
    return Gone(f"This content was redacted on {at:%Y-%m-%d}: {reason}")


async def whole(store: BlobStore, found: Found) -> bytes:
    """All bytes of a small blob."""
    return b"".join([chunk async for chunk in stream(store, found)])


async def contents(
    session: AsyncSession, store: BlobStore, digests: Iterable[str]
) -> dict[str, bytes]:
    """All bytes of many small blobs, by their digests."""
    found: dict[str, bytes] = {}
    wanted = sorted(set(digests))
    for start in range(0, len(wanted), BATCH):
        batch = await find_many(session, wanted[start : start + BATCH])
        for digest, blob in batch.items():
            if blob.content is not None and blob.redacted_at is None:
                found[digest] = verified(digest, blob.content)
            else:
                found[digest] = await whole(store, blob)
    return found


async def stream(store: BlobStore, found: Found) -> AsyncIterator[bytes]:
    """The bytes in pieces; the last one only when all of them are the right ones.

    Raises:
        Gone: They went meanwhile: the last team that held them redacted them.
        DamagedBlobError: They are not; whoever reads along notices the missing end.
    """
    if found.redacted_at is not None:
        raise Gone("This content was redacted.")
    seen = hashlib.sha256()
    held = b""
    async for chunk in _chunks(store, found):
        seen.update(chunk)
        if held:
            yield held
        held = chunk
    if seen.hexdigest() != found.digest:
        raise _damaged(found)
    yield held


async def _chunks(store: BlobStore, found: Found) -> AsyncIterator[bytes]:
    if found.content is not None:
        yield found.content
        return
    try:
        async for chunk in store.open(found.digest):
            yield chunk
    except FileNotFoundError as error:
        raise _damaged(found) from error


def verified(digest: str, content: bytes | None) -> bytes:
    """Bytes that the database always holds, if they are those of the digest.

    Raises:
        DamagedBlobError: They are not.
    """
    if content is None or hashlib.sha256(content).hexdigest() != digest:
        raise _damaged(Found(digest, len(content or b""), content))
    return content


def _damaged(found: Found) -> DamagedBlobError:
    log.error("blob is damaged", digest=found.digest, size=found.size)
    return DamagedBlobError(f"The blob {found.digest} is damaged or missing.")
