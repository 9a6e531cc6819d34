"""Get what an import is to read into a spool, wherever it stands."""

from dataclasses import dataclass, field

from fastapi.concurrency import run_in_threadpool

from roster import samples
from roster.blobs import reading as blobs
from roster.blobs.storage import store_of
from roster.core.crypto import Cipher, NotOpenedError
from roster.fetching import git
from roster.fetching.errors import FetchError
from roster.fetching.git import Progress, Remote
from roster.fetching.rosters import Refusal, fetch_lock
from roster.imports.models import Import, ImportInput, ImportSource
from roster.imports.sealing import unseal
from roster.jobs.registry import JobError, Run
from roster.repositories.models import Repository
from roster.repositories.sealing import token_of
from roster.uploads.multipart import Part
from roster.uploads.spool import Span, Spool

MIB = 1024 * 1024
TAR = "repository.tar"
GONE = "What was to be read is gone; import it again."


@dataclass(frozen=True)
class Obtained:
    """What there is to read, and what could not be had."""

    parts: list[Part]
    refusals: list[Refusal] = field(default_factory=list)


async def obtain(run: Run, row: Import, kept: ImportInput, spool: Spool) -> Obtained:
    """Get the files of an import, as they came in.

    It notes at the row where they are from.

    Raises:
        JobError: They are not to be had.
    """
    try:
        if row.source is ImportSource.samples:
            return Obtained(await run_in_threadpool(_samples, spool))
        if row.source is ImportSource.repository:
            return Obtained([await _fetched(run, row, spool)])
        parts = await _uploaded(run, kept, spool)
        if row.source is ImportSource.lock:
            return await _locked(run, row, kept, parts[0], spool)
    except FetchError as error:
        raise JobError(error.message, final=not error.may_pass) from None
    return Obtained(parts)


def _samples(spool: Spool) -> list[Part]:
    return [Part(path, spool.append(data)) for path, data in samples.files()]


async def _uploaded(run: Run, kept: ImportInput, spool: Spool) -> list[Part]:
    """Get an upload out of the blob that it was kept in."""
    if kept.blob_digest is None:
        raise JobError(GONE, final=True)
    run.progress(0, step="Opening the upload")
    async with run.tools.database.read() as session:
        found = (await blobs.find_many(session, [kept.blob_digest])).get(
            kept.blob_digest
        )
    if found is None:
        raise JobError(GONE, final=True)
    try:
        async for chunk in blobs.stream(store_of(run.tools.settings), found):
            run.check()
            await run_in_threadpool(spool.append, chunk)
    except blobs.DamagedBlobError:
        raise JobError(GONE, final=True) from None
    return [Part(path, Span(start, size)) for path, start, size in kept.parts]


async def _fetched(run: Run, row: Import, spool: Spool) -> Part:
    remote = await _remote(run, row)
    run.progress(0, step="Fetching the repository")

    def told(progress: Progress) -> None:
        received = f"{progress.received / MIB:,.1f} MiB"
        run.progress(progress.objects, step=f"Fetching the repository: {received}")

    fetched = await git.fetch(
        remote, spool, settings=run.tools.settings, on_progress=told
    )
    row.commit = fetched.commit
    run.note(f"Fetched {fetched.ref} at commit {fetched.commit}.")
    return Part(TAR, fetched.span)


async def _remote(run: Run, row: Import) -> Remote:
    """What to fetch, if the repository is still the team's."""
    async with run.tools.database.read() as session:
        found = None
        if row.repository_id is not None:
            found = await session.get(Repository, row.repository_id)
    if found is None or found.team_id != row.team_id:
        message = "The repository was removed from the team; import it again."
        raise JobError(message, final=True)
    try:
        token = token_of(Cipher(run.tools.keys.encryption), found)
    except NotOpenedError:
        message = "The token of the repository cannot be opened; give it again."
        raise JobError(message, final=True) from None
    return Remote(found.url, found.ref or None, found.folder or None, token)


async def _locked(
    run: Run, row: Import, kept: ImportInput, lock: Part, spool: Spool
) -> Obtained:
    try:
        token = unseal(Cipher(run.tools.keys.encryption), row, kept.sealed_token)
    except NotOpenedError:
        message = "The token of the instance cannot be opened; import it again."
        raise JobError(message, final=True) from None
    data = await run_in_threadpool(spool.read, lock.span)
    run.progress(0, step="Fetching what the lock lists")
    fetched = await fetch_lock(
        data,
        row.origin or None,
        token,
        spool,
        settings=run.tools.settings,
        on_progress=run.progress,
    )
    row.origin = fetched.instance
    run.note(f"Fetched what {fetched.instance} has of it.")
    return Obtained(fetched.parts, fetched.refusals)
