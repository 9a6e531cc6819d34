"""Read what came in, in the background, until it is a preview."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.acting import acting
from roster.blobs.storage import store_of
from roster.components.foreign.places import PLACES
from roster.components.kinds import KINDS
from roster.core.errors import Conflict, Problem
from roster.core.model import utc_now
from roster.fetching.rosters import Refusal
from roster.imports import preview, sources
from roster.imports.models import Import, ImportInput, ImportSource, ImportState
from roster.imports.reading import Looked
from roster.imports.reading import read as read_file
from roster.imports.service import LOOKED_IN
from roster.imports.taking import READ
from roster.imports.trees import let_go
from roster.imports.unpacking import Kept, Reading, headline, read_upload
from roster.jobs import claims
from roster.jobs.models import Job, JobState, Queue
from roster.jobs.registry import JobError, JobKind, JobLostError, Run, Tools
from roster.settings import Settings
from roster.teams.access import Verb, require
from roster.uploads.archive import Limits
from roster.uploads.spool import Spool

LONGEST = timedelta(minutes=30)
KEPT = timedelta(days=7)
"""How long an upload that could not be read waits to be tried again."""
CANCELLED = "It was cancelled before all of it was read."
UNEXPECTED = "Something went wrong here while it was read ({}); try it again."
GIVEN_UP = "It was given up in the meantime."


def limits_of(settings: Settings) -> Limits:
    return Limits(
        files=settings.import_files,
        # A file beside a main one may be larger than that.
        file_bytes=max(settings.file_bytes, settings.tree_bytes),
        unpacked_bytes=settings.unpacked_bytes,
        tree_files=settings.tree_files,
    )


async def read(run: Run) -> None:
    """Make a preview of an import, or say why there is none.

    Raises:
        JobError: It cannot be read.
    """
    try:
        await _read(run)
    except Problem as problem:
        raise JobError(problem.detail, final=True) from problem


async def _read(run: Run) -> None:
    async with run.tools.database.read() as session:
        row = await session.get(Import, UUID(run.payload["import_id"]))
        if row is None or row.state is not ImportState.reading:
            raise JobError(GIVEN_UP, final=True)
        kept = await session.get_one(ImportInput, row.id)
        actor = await acting(session, run.actor_id, run.payload)
        await require(session, actor, row.team_id, Verb.edit)
    with Spool() as spool:
        reading = await _reading(run, row, kept, spool)
        run.progress(0, len(reading.files), step="Storing the files")
        trees = await preview.stage_trees(reading, spool, run)
        await preview.keep(run, row, reading, trees, spool, actor)
    said = headline(reading)
    found = _was_found(reading)
    if not found:
        said |= {LOOKED_IN: list(PLACES)}
    nothing = None if found else _nothing(row, reading)
    gone = await _end(run, row, said, nothing=nothing)
    store = store_of(run.tools.settings)
    for digest in gone:
        await store.delete(digest)


async def _reading(run: Run, row: Import, kept: ImportInput, spool: Spool) -> Reading:
    obtained = await sources.obtain(run, row, kept, spool)

    def watch(step: str, done: int, total: int | None) -> None:
        run.check()
        run.progress(done, total, step=step)

    settings = run.tools.settings
    reading = await run_in_threadpool(
        read_upload,
        obtained.parts,
        spool,
        limits_of(settings),
        settings.file_bytes,
        watch,
    )
    reading.files += [_refused(one) for one in obtained.refusals]
    return reading


def _refused(refusal: Refusal) -> Kept:
    looked = Looked(refusal.path, 0, refusal=refusal.reason)
    return Kept(read_file(looked, None, 0).values, None, None)


def _was_found(reading: Reading) -> bool:
    """Whether anything in it is a building block, or says where one stands."""
    return any(
        kept.values.get("kind") in KINDS or kept.values.get("elsewhere")
        for kept in reading.files
    )


def _nothing(row: Import, reading: Reading) -> str:
    if row.source is ImportSource.lock:
        return "Nothing that the lock lists could be taken; each says why."
    files = f"{len(reading.files):,} files" if len(reading.files) != 1 else "one file"
    places = f"{', '.join(PLACES[:-1])} and {PLACES[-1]}"
    return f"Nothing found here, among {files}; looked in {places}."


async def _end(
    run: Run, row: Import, said: dict[str, Any], *, nothing: str | None
) -> list[str]:
    """Let the import be a preview, together with the end of the job.

    Returns:
        Digests of blobs that are of no use any more.
    """
    state = ImportState.preview if nothing is None else ImportState.failed
    result = {key: said[key] for key in ("agents", "components")}
    async with run.tools.database.write() as session:
        if nothing is None:
            run.note(_summary(said))
            await run.finish(session, result)
        else:
            await _fail(run, session, nothing)
        now = utc_now()
        changed = await session.exec(
            update(Import)
            .where(
                col(Import.id) == row.id,
                col(Import.state) == ImportState.reading,
            )
            .values(
                state=state,
                version=Import.version + 1,
                updated_at=now,
                headline=said,
                commit=row.commit,
                origin=row.origin,
                error=nothing or "",
            )
        )
        if changed.rowcount != 1:
            await preview.forget_rows(session, row.id)
        return await let_go(session, [row.id])


def _summary(said: dict[str, Any]) -> str:
    found = [
        f"{count:,} {KINDS[kind].plural if count > 1 else kind}"
        for kind, count in said["components"].items()
    ]
    return f"Found {', '.join(found) or 'nothing that can be taken'}."


async def _fail(run: Run, session: AsyncSession, reason: str) -> None:
    """Let the job fail together with what this transaction does."""
    run.note(reason, "error")
    await run.tell(session)
    if not await claims.fail(session, run.job_id, run.attempt, reason):
        raise JobLostError


async def ended(session: AsyncSession, job: Job, _tools: Tools) -> None:
    """Say at the import why it was not read, and keep nothing that is half."""
    row = await _of(session, job)
    if row is None:
        return
    await preview.forget_rows(session, row.id)
    if row.state is not ImportState.reading:
        return
    row.state = ImportState.failed
    row.version += 1
    row.updated_at = utc_now()
    row.error = CANCELLED
    if job.state is JobState.failed:
        told = " " in job.error  # a sentence, and not the name of an exception
        row.error = job.error if told else UNEXPECTED.format(job.error)
    await session.flush()


async def retried(session: AsyncSession, old: Job, new: Job) -> None:
    """Read it again.

    Raises:
        Conflict: It is too late for that.
    """
    row = await _of(session, old)
    kept = await session.get(ImportInput, old.subject_id)
    if row is None or row.state is not ImportState.failed:
        raise Conflict("This was read, or given up, in the meantime.")
    if kept is None:
        if row.source in {ImportSource.upload, ImportSource.lock}:
            raise Conflict("What was uploaded is gone; upload it again.")
        session.add(ImportInput(import_id=row.id))
    await preview.forget_rows(session, row.id)
    row.state, row.error, row.job_id = ImportState.reading, "", new.id
    row.headline = {}
    row.version += 1
    row.updated_at = utc_now()
    await session.flush()


async def _of(session: AsyncSession, job: Job) -> Import | None:
    """The import that a job is the newest one of, locked."""
    found = await session.exec(
        select(Import).where(Import.job_id == job.id).with_for_update()
    )
    return found.first()


async def forget_inputs(run: Run) -> None:
    """Let go of what could not be read and nobody tried again for a while."""
    before = utc_now() - KEPT
    async with run.tools.database.write() as session:
        found = await session.exec(
            select(ImportInput.import_id)
            .join(Import, col(Import.id) == ImportInput.import_id)
            .where(Import.state == ImportState.failed, col(Import.updated_at) < before)
        )
        await let_go(session, found.all())


JOBS = [
    JobKind(
        READ,
        read,
        longest=LONGEST,
        queue=Queue.imports,
        ended=ended,
        retried=retried,
    ),
    JobKind(
        "imports.forget_inputs",
        forget_inputs,
        every=timedelta(hours=6),
        queue=Queue.upkeep,
    ),
]
