"""Begin an import: what came in is kept, and a job is asked to read it."""

import secrets
from uuid import UUID

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.acting import asked_by
from roster.blobs.staging import Source, rely_on, stage
from roster.blobs.storage import store_of
from roster.components.service import team_to_write
from roster.core.actor import Actor
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.core.errors import Invalid, NotFound
from roster.fetching.addresses import Location
from roster.fetching.errors import FetchError
from roster.fetching.git import normalise
from roster.fetching.locks import read_lock
from roster.imports import sealing
from roster.imports.models import Import, ImportInput, ImportSource, ImportState
from roster.imports.schemas import ADDRESS_LENGTH, TOKEN_LENGTH, RepositoryImport
from roster.jobs.service import enqueue, require_room
from roster.repositories import service as repositories
from roster.repositories.models import Repository
from roster.settings import Settings
from roster.uploads.multipart import FIELDS, Upload, receive
from roster.uploads.spool import Span, Spool

READ = "imports.read"
ADDRESS, TOKEN = "address", "token"
LOCK_FIELDS = {**FIELDS, ADDRESS: ADDRESS_LENGTH, TOKEN: TOKEN_LENGTH}
SALT_BYTES = 32
NAMED_LENGTH = 200


async def take_upload(
    request: Request,
    database: Database,
    session: AsyncSession,
    settings: Settings,
    *,
    actor: Actor,
) -> Import:
    """Take an upload in.

    No connection is held while its bytes arrive: the session first asks for one when
    all of them are stored.
    """
    with Spool() as spool:
        upload = await receive(
            request,
            spool,
            max_files=settings.import_files,
            max_bytes=settings.upload_bytes,
        )
        team_id = await _team(database, upload.team, actor)
        digest = await _store(spool, database, settings)
        row = Import(team_id=team_id, author_id=actor.id, source=ImportSource.upload)
        await rely_on(session, [digest], team_id)
        kept = ImportInput(import_id=row.id, blob_digest=digest, parts=_parts(upload))
        return await _begin(session, row, kept, _title_of(upload), actor=actor)


async def take_lock(  # noqa: PLR0913 - as an upload, and what keeps its token
    request: Request,
    database: Database,
    session: AsyncSession,
    settings: Settings,
    *,
    cipher: Cipher,
    actor: Actor,
) -> Import:
    """Take a lock file in, whose components another instance gives.

    Raises:
        Invalid: It is not one file, or the address is none, or missing beside a token.
    """
    with Spool() as spool:
        upload = await receive(
            request,
            spool,
            max_files=1,
            max_bytes=settings.file_bytes,
            fields=LOCK_FIELDS,
        )
        address = _address(upload.fields.get(ADDRESS, ""))
        if upload.fields.get(TOKEN) and not address:
            message = (
                "Give the address of the instance as well: else whoever wrote the lock "
                "file would choose who gets the token."
            )
            raise Invalid.field(ADDRESS, message)
        if not address:
            _require_instance(spool.read(upload.parts[0].span))
        team_id = await _team(database, upload.team, actor)
        digest = await _store(spool, database, settings)
        row = Import(
            team_id=team_id,
            author_id=actor.id,
            source=ImportSource.lock,
            origin=address,
        )
        await rely_on(session, [digest], team_id)
        kept = ImportInput(import_id=row.id, blob_digest=digest, parts=_parts(upload))
        if token := upload.fields.get(TOKEN):
            kept.sealed_token = sealing.seal(cipher, row, token)
        title = f"Read what {upload.parts[0].path[:NAMED_LENGTH]} lists"
        return await _begin(session, row, kept, title, actor=actor)


async def take_samples(
    session: AsyncSession, team: str, settings: Settings, *, actor: Actor
) -> Import:
    """Take the samples in.

    Raises:
        NotFound: This instance offers none.
    """
    if not settings.samples:
        raise NotFound("This instance offers no samples.")
    team_id = await team_to_write(session, team, actor)
    row = Import(team_id=team_id, author_id=actor.id, source=ImportSource.samples)
    kept = ImportInput(import_id=row.id)
    return await _begin(session, row, kept, "Read the samples", actor=actor)


async def take_repository(
    session: AsyncSession, data: RepositoryImport, *, cipher: Cipher, actor: Actor
) -> Import:
    """Take in what stands in a git repository."""
    team_id = await team_to_write(session, data.team, actor)
    repository = await repositories.take(
        session,
        team_id,
        _repository_at(data.url),
        data.ref,
        data.folder,
        data.token,
        cipher=cipher,
        actor=actor,
    )
    return await read_repository(session, repository, actor=actor)


async def read_repository(
    session: AsyncSession, repository: Repository, *, actor: Actor
) -> Import:
    """Look at all that stands in a repository, for the first time or again."""
    row = Import(
        team_id=repository.team_id,
        author_id=actor.id,
        source=ImportSource.repository,
        repository_id=repository.id,
        origin=repository.url,
    )
    title = f"Read {repository.url[:NAMED_LENGTH]}"
    return await _begin(session, row, ImportInput(import_id=row.id), title, actor=actor)


async def _team(database: Database, slug: str, actor: Actor) -> UUID:
    async with database.read() as looking:
        return await team_to_write(looking, slug, actor)


async def _store(spool: Spool, database: Database, settings: Settings) -> str:
    """Keep all that came in as one blob, which nothing refers to yet.

    It ends in a few bytes of chance: so it is like no other blob, and can go as soon
    as it has been read.
    """
    await run_in_threadpool(spool.append, secrets.token_bytes(SALT_BYTES))
    everything = Span(0, spool.size)
    source = Source(everything.size, lambda: spool.open(everything))
    # As a file, whatever its size: of that nothing is left when it is removed.
    apart = settings.model_copy(update={"blob_database_bytes": 0})
    [digest] = await stage(database, apart, store_of(settings), [source])
    return digest


def _parts(upload: Upload) -> list[tuple[str, int, int]]:
    return [(part.path, part.span.start, part.span.size) for part in upload.parts]


def _title_of(upload: Upload) -> str:
    if len(upload.parts) == 1:
        return f"Read {upload.parts[0].path[:NAMED_LENGTH]}"
    return f"Read {len(upload.parts):,} uploaded files"


def _repository_at(given: str) -> str:
    try:
        return normalise(given)
    except ValueError as error:
        raise Invalid.field("url", str(error), "no_address") from None


def _address(given: str) -> str:
    if not given:
        return ""
    try:
        return str(Location.parse(given))
    except ValueError as error:
        raise Invalid.field(ADDRESS, str(error), "no_address") from None


def _require_instance(data: bytes) -> None:
    """Ask at once for the address of the instance that a lock file does not name."""
    try:
        lock = read_lock(data)
    except FetchError:
        return  # which the job tells, as of any other file
    if lock.instance is None:
        message = (
            "The lock file does not say which instance it is from; give its address."
        )
        raise Invalid.field(ADDRESS, message)


async def _begin(
    session: AsyncSession, row: Import, kept: ImportInput, title: str, *, actor: Actor
) -> Import:
    await require_room(session, READ, actor.id)
    job = enqueue(
        session,
        READ,
        {"import_id": str(row.id), **asked_by(actor)},
        actor_id=actor.id,
        team_id=row.team_id,
        subject=("import", row.id),
        title=title,
    )
    await session.flush()
    row.state, row.job_id = ImportState.reading, job.id
    session.add(row)
    await session.flush()
    session.add(kept)
    await session.flush()
    return row
