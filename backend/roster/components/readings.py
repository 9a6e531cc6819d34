"""What files say, kept as it is shown.

To read a file anew takes longer than all else of an answer. What came out is kept
beside the revision as the very JSON that the API gives, written in the background after
the first read. It follows from the file, the name of the component and `RULES`, so a
row counts only where all of them are still the same, and where the component's team did
not redact the file; what is missing is read again. Nothing else depends on it.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import Depends, Request
from sqlalchemy import and_, exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from roster import lint
from roster.blobs.models import Redaction
from roster.components import kinds
from roster.components.lookup import batches
from roster.components.models import Component, Reading, Revision, RevisionFile
from roster.core.db import Database
from roster.core.inserting import insert_of

PAUSE_SECONDS = 0.2
"""Between batches: what is read then goes into the next one."""
BATCH = 200
MOST_WAITING = 2_000
"""More are not worth the memory: they are read again."""
LARGEST = 256 * 1024
_PARSERS = ("pydantic", "pyyaml")
_BESIDE = ("kind_schemas.py", "schemas.py", "reading.py", "stored.py")

log = structlog.get_logger()


def _rules() -> str:
    """Digest of all that decides how a file is read and shown."""
    here = Path(__file__).parent
    folders = [Path(package.__file__ or "").parent for package in (lint, kinds)]
    files = [file for folder in folders for file in sorted(folder.rglob("*.py"))]
    digest = hashlib.sha256("".join(version(name) for name in _PARSERS).encode())
    for file in [*files, *(here / name for name in _BESIDE)]:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


RULES = _rules()
"""The version of the rules. After an upgrade each file is read again, once."""

COUNTS = and_(
    col(Reading.rules) == RULES,
    col(Reading.name) == Component.name,
    ~exists()
    .where(
        col(Redaction.team_id) == Component.team_id,
        col(Redaction.digest) == Reading.digest,
    )
    .correlate_except(Redaction),
)
"""Whether what was read of the revision of a component is still true."""


@dataclass(frozen=True, slots=True)
class Read:
    """What came out of a revision that was read just now."""

    component_id: UUID
    revision_id: UUID
    name: str
    digest: str
    said: bytes


class Readings:
    """Writes what was read, a batch at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[UUID, Read] = {}
        self._noticed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def note(self, read: Read) -> None:
        """Keep this by and by."""
        if len(self._waiting) < MOST_WAITING and len(read.said) <= LARGEST:
            self._waiting[read.revision_id] = read
            self._noticed.set()

    async def write(self) -> None:
        """Write what waits."""
        while self._waiting:
            some = list(self._waiting)[:BATCH]
            batch = [self._waiting.pop(one) for one in some]
            async with self._database.write() as session:
                await _store(session, batch)

    async def _run(self) -> None:
        while True:
            await self._noticed.wait()
            await asyncio.sleep(PAUSE_SECONDS)
            self._noticed.clear()
            try:
                await self.write()
            except (SQLAlchemyError, OSError) as error:
                # They are read again when somebody asks.
                self._waiting.clear()
                log.warning("readings were not kept", kind=type(error).__name__)


async def _store(session: AsyncSession, batch: Sequence[Read]) -> None:
    # Who redacts locks the components as well: so either this sees the marker, or the
    # redaction sees the row.
    ids = sorted({read.component_id for read in batch})
    locked = select(col(Component.id)).where(col(Component.id).in_(ids))
    connection = await session.connection()
    await connection.execute(
        locked.order_by(col(Component.id)).with_for_update(read=True)
    )
    held = (
        select(col(Revision.id), col(RevisionFile.blob_digest))
        .join(Component, col(Component.id) == Revision.component_id)
        .join(RevisionFile, col(RevisionFile.revision_id) == Revision.id)
        .outerjoin(
            Redaction,
            and_(
                col(Redaction.team_id) == Component.team_id,
                col(Redaction.digest) == RevisionFile.blob_digest,
            ),
        )
        .where(
            col(Revision.id).in_([read.revision_id for read in batch]),
            col(Redaction.digest).is_(None),
        )
    )
    there = {tuple(row) for row in await connection.execute(held)}
    rows = [_row(read) for read in batch if (read.revision_id, read.digest) in there]
    if not rows:
        return
    statement = insert_of(session)(Reading)
    changed = ("rules", "name", "digest", "said")
    await session.exec(
        statement.on_conflict_do_update(
            index_elements=["revision_id"],
            set_={name: statement.excluded[name] for name in changed},
        ),
        params=rows,
    )


def _row(read: Read) -> dict[str, Any]:
    return {
        "revision_id": read.revision_id,
        "rules": RULES,
        "name": read.name,
        "digest": read.digest,
        "said": read.said,
    }


async def forget(session: AsyncSession, revision_ids: Iterable[UUID]) -> None:
    """Drop what was read of revisions."""
    for batch in batches(revision_ids):
        await session.exec(delete(Reading).where(col(Reading.revision_id).in_(batch)))


async def get_readings(request: Request) -> Readings:
    readings: Readings = request.app.state.readings
    return readings


ReadingsDep = Annotated[Readings, Depends(get_readings)]
