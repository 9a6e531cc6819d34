"""Whether what is stored is sound in itself, whoever asked for it."""

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import and_, func, or_, text
from sqlalchemy import select as select_columns
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from roster import tables
from roster.audit.chain import Chain
from roster.audit.models import AuditEvent
from roster.audit.verify import verify
from roster.blobs.models import Blob
from roster.components.content import tree_digest
from roster.components.models import Revision, RevisionFile
from roster.core import keys
from roster.core.db import Database
from roster.core.model import Model, utc_now
from roster.jobs.models import Job, JobState
from roster.settings import Settings
from tests.drills.processes import until

assert tables.__all__  # they are all known to the metadata
SETTLED_SECONDS = 150.0
SILENT = timedelta(seconds=10)
"""A job that runs says so more often."""
LONG_AGO = timedelta(minutes=5)


async def settled(database: Database) -> None:
    """Wait until all that was asked for is done: jobs, and the seals of events."""
    left = "nothing was looked at"

    async def nothing_waits() -> bool:
        nonlocal left
        async with database.read() as session:
            waiting = (await session.exec(_asked_for())).one()
            unsealed = col(AuditEvent.seq).is_(None)
            events = await session.exec(
                select(func.count()).select_from(AuditEvent).where(unsealed)
            )
            left = f"{waiting} jobs and {events.one()} seals"
        if waiting:
            await _time_passes(database)
        return left == "0 jobs and 0 seals"

    try:
        await until(nothing_waits, "all is done", SETTLED_SECONDS, every=0.2)
    except TimeoutError as error:
        error.add_note(f"There are {left} left.")
        raise


def _asked_for() -> SelectOfScalar[int]:
    """How many jobs of people are not done that are to be done soon."""
    now = utc_now()
    tried = or_(
        col(Job.attempts) > 0,
        col(Job.due_at) <= now,
        # Asked for when the clock was ahead.
        col(Job.created_at) > now,
    )
    soon = and_(col(Job.state) == JobState.queued, tried)
    return (
        select(func.count())
        .select_from(Job)
        .where(
            col(Job.actor_id).is_not(None),
            or_(col(Job.state) == JobState.running, soon),
        )
    )


async def _time_passes(database: Database) -> None:
    """Let that much pass after which a job is taken for lost, or is tried again."""
    now = utc_now()
    running, queued = (
        col(Job.state) == state for state in (JobState.running, JobState.queued)
    )
    # What was noted when the clock was ahead is over as well.
    silent = or_(col(Job.updated_at) < now - SILENT, col(Job.updated_at) > now)
    sent = or_(col(Job.sent_at) < now - SILENT, col(Job.sent_at) > now)
    tried = or_(col(Job.attempts) > 0, col(Job.created_at) > now)
    again = and_(tried, col(Job.due_at) > now)
    async with database.write() as session:
        await session.exec(
            update(Job).where(running, silent).values(updated_at=now - LONG_AGO)
        )
        await session.exec(update(Job).where(queued, again).values(due_at=now))
        await session.exec(
            update(Job).where(queued, sent).values(sent_at=now - LONG_AGO)
        )


async def unsound(database: Database, settings: Settings) -> AsyncIterator[str]:
    """Say what is wrong in the database and in the folder of large files."""
    async with database.read() as session:
        async for wrong in _dangling(session):
            yield wrong
        async for wrong in _digests(session, settings):
            yield wrong
        if database.dialect == "sqlite":
            connection = await session.connection()
            checked = await connection.execute(text("PRAGMA integrity_check"))
            if (said := checked.scalar_one()) != "ok":
                yield f"SQLite says: {said}"
    report = await verify(database, Chain(keys.load_or_create(settings).audit))
    if not report.intact or report.unsealed:
        yield f"the chain of audit events: {report}"


async def _dangling(session: AsyncSession) -> AsyncIterator[str]:
    """Look for what refers to nothing, whatever the database says it enforces."""
    connection = await session.connection()
    for table in Model.metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            parent = constraint.referred_table.alias()
            pairs = [
                (element.parent, parent.c[element.column.name])
                for element in constraint.elements
            ]
            joined = and_(*(child == known for child, known in pairs))
            found = await connection.execute(
                select_columns(func.count())
                .select_from(table.outerjoin(parent, joined))
                .where(
                    *(child.is_not(None) for child, _ in pairs),
                    pairs[0][1].is_(None),
                )
            )
            if count := found.scalar_one():
                yield f"{count} rows of {table.name} break {constraint.name}"


async def _digests(session: AsyncSession, settings: Settings) -> AsyncIterator[str]:
    trees: dict[object, list[tuple[str, str, str]]] = defaultdict(list)
    for file in (await session.exec(select(RevisionFile))).all():
        trees[file.revision_id].append((file.path, file.mode, file.blob_digest))
    for revision in (await session.exec(select(Revision))).all():
        if tree_digest(trees[revision.id]) != revision.digest:
            yield f"revision {revision.id} has another digest than its files"
    for blob in (await session.exec(select(Blob))).all():
        content = blob.content
        if content is None:
            content = _read(settings.blobs / blob.digest[:2] / blob.digest)
        if hashlib.sha256(content).hexdigest() != blob.digest:
            yield f"what is stored as {blob.digest} is something else"


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""
