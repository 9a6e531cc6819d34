"""Get what an import is to read into a spool, wherever it stands."""

from fastapi.concurrency import run_in_threadpool

from roster import samples
from roster.blobs import reading as blobs
from roster.blobs.storage import store_of
from roster.core.crypto import Cipher
from roster.fetching import git
from roster.fetching.errors import FetchError
from roster.fetching.git import Progress, Remote
from roster.imports.models import Import, ImportInput, ImportSource
from roster.jobs.registry import JobError, Run
from roster.repositories.models import Repository
from roster.repositories.sealing import TokenLostError, token_of
from roster.uploads.multipart import Part
from roster.uploads.spool import Span, Spool

MIB = 1024 * 1024
TAR = "repository.tar"
GONE = "What was to be read is gone; import it again."


async def obtain(run: Run, row: Import, kept: ImportInput, spool: Spool) -> list[Part]:
    """Get the files of an import, as they came in.

    Raises:
        JobError: They are not to be had.
    """
    if row.source is ImportSource.samples:
        return await run_in_threadpool(_samples, spool)
    if row.source is ImportSource.repository:
        return [await _fetched(run, row, spool)]
    return await uploaded(run, kept, spool)


def _samples(spool: Spool) -> list[Part]:
    return [Part(path, spool.append(data)) for path, data in samples.files()]


async def uploaded(run: Run, kept: ImportInput, spool: Spool) -> list[Part]:
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

    try:
        fetched = await git.fetch(
            remote, spool, settings=run.tools.settings, on_progress=told
        )
    except FetchError as error:
        raise JobError(error.message, final=not error.may_pass) from None
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
    except TokenLostError:
        message = "The token of the repository cannot be opened; give it again."
        raise JobError(message, final=True) from None
    return Remote(found.url, found.ref or None, found.folder or None, token)
