"""Store what was decided, in the background and in parts.

Each part is a transaction with a line in the log. What was stored stays, whatever
becomes of the job, and is never stored again: a file with a result is left out.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.auth.acting import acting
from roster.core.actor import Actor, Scope
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.core.errors import Conflict, Problem, Unavailable
from roster.core.model import utc_now
from roster.imports import storing
from roster.imports.applying import APPLY, require_decided, selected
from roster.imports.models import Import, ImportFile, ImportState
from roster.imports.planning import Key
from roster.imports.service import OPEN
from roster.jobs.models import Job, JobState, Queue
from roster.jobs.registry import JobError, JobKind, Run, Tools
from roster.teams.access import Verb, require
from roster.users.models import User

LONGEST = timedelta(minutes=30)
BATCH = 200
TRIES = 5
"""How often a part is tried to be stored while others store the same."""
FIRST_WAIT = 0.05
"""Seconds; the next waits are longer."""
CANCELLED = "It was cancelled; what was stored before stays."
UNEXPECTED = "Something went wrong here ({}); what was stored before stays. Try again."
GIVEN_UP = "It was given up in the meantime."
SCOPE = "The API token that this was asked for with may not publish any more."


async def apply(run: Run) -> None:
    """Store the files that were selected.

    Raises:
        JobError: The rest cannot be stored.
    """
    try:
        await _apply(run)
    except Unavailable as problem:
        raise JobError(problem.detail) from problem
    except Problem as problem:
        raise JobError(problem.detail, final=True) from problem


async def _apply(run: Run) -> None:
    async with run.tools.database.read() as session:
        row = await session.get(Import, UUID(run.payload["import_id"]))
        if row is None or row.state is not ImportState.applying:
            raise JobError(GIVEN_UP, final=True)
        waiting = await _waiting(session, row.id, run.payload["selected"])
    run.progress(0, sum(map(len, waiting)), step="Storing")
    work = _Work(run, row, Cipher(run.tools.keys.encryption))
    await _in_parts(work, waiting)
    await _end(work)


@dataclass
class _Work:
    run: Run
    row: Import
    cipher: Cipher

    @property
    def database(self) -> Database:
        return self.run.tools.database


async def _in_parts(work: _Work, waiting: Sequence[list[UUID]]) -> None:
    """Store one part while the next one is prepared."""
    done, total = 0, sum(map(len, waiting))
    preparing: asyncio.Task[storing.Contents] | None = None
    try:
        for place, ids in enumerate(waiting):
            current = preparing or _prepare(work, ids)
            contents = await current
            preparing = None
            if place + 1 < len(waiting):
                preparing = _prepare(work, waiting[place + 1])
            done += len(ids)
            await _store(work, ids, contents, f"{done:,} of {total:,}")
            work.run.progress(done, total)
    finally:
        if preparing is not None:
            preparing.cancel()
            await asyncio.gather(preparing, return_exceptions=True)


def _prepare(work: _Work, ids: Sequence[UUID]) -> asyncio.Task[storing.Contents]:
    return asyncio.create_task(storing.prepare(work.database, work.row, ids))


async def _waiting(
    session: AsyncSession, import_id: UUID, chosen: dict[str, Any]
) -> list[list[UUID]]:
    """The files to be stored, in parts; those that want one name are together."""
    effective = func.coalesce(ImportFile.target_name, ImportFile.name)
    rows = await session.exec(
        select(ImportFile.id, ImportFile.kind, effective).where(
            selected(import_id, chosen)
        )
    )
    groups: dict[Key, list[UUID]] = defaultdict(list)
    for id_, kind, name in rows:
        groups[kind or "", name].append(id_)
    return list(_parts([groups[key] for key in sorted(groups)]))


def _parts(groups: Sequence[list[UUID]]) -> Iterator[list[UUID]]:
    part: list[UUID] = []
    for group in groups:
        if part and len(part) + len(group) > BATCH:
            yield part
            part = []
        part = [*part, *group]
    if part:
        yield part


async def _store(
    work: _Work, ids: Sequence[UUID], contents: storing.Contents, place: str
) -> None:
    """Store one part, again if others stored the same at that moment."""
    wait = FIRST_WAIT
    for _ in range(TRIES - 1):
        try:
            await _store_once(work, ids, contents, place)
        except (DBAPIError, Unavailable):
            await asyncio.sleep(wait)
            wait *= 2
        else:
            return
    await _store_once(work, ids, contents, place)


async def _store_once(
    work: _Work, ids: Sequence[UUID], contents: storing.Contents, place: str
) -> None:
    run = work.run
    async with work.database.write() as session:
        actor = await acting(session, run.actor_id, run.payload)
        if Scope.publish not in actor.scopes:
            raise JobError(SCOPE, final=True)
        await require(session, actor, work.row.team_id, Verb.edit)
        applied = await storing.store(
            session, work.row, ids, contents, cipher=work.cipher, actor=actor
        )
        counts = storing.tally(applied)
        said = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        left = len(ids) - len(applied)
        more = f"; {left:,} to decide about again" if left else ""
        # The job first, then its import: who cancels it locks them in this order.
        await run.say(session, f"{place}: {said or 'nothing'}{more}.")
        await _count(session, work.row.id, run.job_id, counts)


async def _count(
    session: AsyncSession, import_id: UUID, job_id: UUID, counts: Mapping[str, int]
) -> None:
    found = await session.exec(
        select(Import.results)
        .where(
            Import.id == import_id,
            Import.job_id == job_id,
            Import.state == ImportState.applying,
        )
        .with_for_update()
    )
    rows = found.all()
    if not rows:
        raise JobError(GIVEN_UP, final=True)
    results = Counter(rows[0] or {}) + Counter(counts)
    await session.exec(
        update(Import).where(col(Import.id) == import_id).values(results=dict(results))
    )


async def _end(work: _Work) -> None:
    """Let the import be applied, or a preview of what is left."""
    run = work.run
    async with work.database.write() as session:
        actor = await acting(session, run.actor_id, run.payload)
        row = await session.get_one(Import, work.row.id)
        totals = _since(row, run.payload["before"])
        await run.finish(session, totals)
        row = await session.get_one(Import, row.id, with_for_update=True)
        await _settle(session, row)
        _record(session, row, totals, actor)


def _since(row: Import, before: Mapping[str, int]) -> dict[str, int]:
    """What this job did, over all its attempts."""
    done = Counter(row.results or {}) - Counter(before)
    return {name: done[name] for name in storing.RESULTS}


async def _settle(session: AsyncSession, row: Import, error: str = "") -> None:
    found = await session.exec(
        select(ImportFile.id).where(ImportFile.import_id == row.id, OPEN).limit(1)
    )
    now = utc_now()
    row.error = error
    row.state = ImportState.preview
    if found.first() is None:
        row.state, row.applied_at = ImportState.applied, now
    if row.results is None:
        row.results = {}
    row.version += 1
    row.updated_at = now
    await session.flush()


def _record(
    session: AsyncSession, row: Import, totals: Mapping[str, int], actor: Actor
) -> None:
    target = Target("import", row.id, row.source, row.team_id)
    record(session, "import.applied", target, by=actor, details=totals)


async def ended(session: AsyncSession, job: Job, _tools: Tools) -> None:
    """Let the rest be decided about and applied again; what was stored stays."""
    row = await _of(session, job)
    if row is None or row.state is not ImportState.applying:
        return
    error = CANCELLED
    if job.state is JobState.failed:
        told = " " in job.error  # a sentence, and not the name of an exception
        error = job.error if told else UNEXPECTED.format(job.error)
    await _settle(session, row, error)
    totals = _since(row, job.payload["before"])
    user = await session.get(User, job.actor_id)
    if any(totals.values()) and user is not None:
        actor = Actor(user.id, user.username, is_admin=user.is_admin)
        _record(session, row, totals, actor)


async def retried(session: AsyncSession, old: Job, new: Job) -> None:
    """Store the rest.

    Raises:
        Conflict: Something else became of it in the meantime, or is undecided.
    """
    row = await _of(session, old)
    if row is None or row.state is not ImportState.preview:
        raise Conflict("Something else became of this import in the meantime.")
    # Since it was asked for first, people may have decided anew.
    await require_decided(session, selected(row.id, old.payload["selected"]))
    new.payload = {**new.payload, "before": row.results or {}}
    row.state, row.error, row.job_id = ImportState.applying, "", new.id
    row.version += 1
    row.updated_at = utc_now()
    await session.flush()


async def _of(session: AsyncSession, job: Job) -> Import | None:
    """The import that a job is the newest one of, locked."""
    found = await session.exec(
        select(Import)
        .where(Import.job_id == job.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.first()


JOBS = [
    JobKind(
        APPLY,
        apply,
        longest=LONGEST,
        queue=Queue.imports,
        ended=ended,
        retried=retried,
    )
]
