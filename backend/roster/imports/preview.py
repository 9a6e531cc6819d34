"""Take files in: unpack, read, compare with the team, and keep it all as an import."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from roster import samples
from roster.components.lookup import by_names
from roster.components.models import Component
from roster.components.service import team_to_write
from roster.core.actor import Actor
from roster.core.db import Database
from roster.core.errors import NotFound
from roster.imports import planning
from roster.imports.models import Import, ImportFile, ImportSource, Outcome
from roster.imports.unpacking import Kept, Reading, headline, read_texts, read_upload
from roster.settings import Settings
from roster.uploads.archive import Limits
from roster.uploads.multipart import receive
from roster.uploads.spool import Spool

BATCH = 200

Item = TypeVar("Item")


def limits_of(settings: Settings) -> Limits:
    return Limits(
        files=settings.import_files,
        file_bytes=settings.file_bytes,
        unpacked_bytes=settings.unpacked_bytes,
    )


async def take_upload(
    request: Request,
    database: Database,
    session: AsyncSession,
    settings: Settings,
    *,
    actor: Actor,
) -> Import:
    """Take in an upload.

    No connection is held while its bytes arrive: the session first asks for one when
    all has been read.
    """
    limits = limits_of(settings)
    with Spool() as spool:
        upload = await receive(
            request,
            spool,
            max_files=settings.import_files,
            max_bytes=settings.upload_bytes,
        )
        async with database.read() as looking:
            team_id = await team_to_write(looking, upload.team, actor)
        reading = await run_in_threadpool(read_upload, upload.parts, spool, limits)
        row = _new(team_id, ImportSource.upload, reading, actor)
        return await _keep(session, row, reading, spool)


async def take_samples(
    team: str,
    database: Database,
    session: AsyncSession,
    settings: Settings,
    *,
    actor: Actor,
) -> Import:
    """Take in the samples.

    Raises:
        NotFound: This instance offers none.
    """
    if not settings.samples:
        raise NotFound("This instance offers no samples.")
    files = await run_in_threadpool(samples.files)
    with Spool() as spool:
        async with database.read() as looking:
            team_id = await team_to_write(looking, team, actor)
        limits = limits_of(settings)
        reading = await run_in_threadpool(read_texts, files, spool, limits)
        row = _new(team_id, ImportSource.samples, reading, actor)
        return await _keep(session, row, reading, spool)


def _new(team_id: UUID, source: ImportSource, reading: Reading, actor: Actor) -> Import:
    return Import(
        team_id=team_id,
        author_id=actor.id,
        source=source,
        headline=headline(reading),
    )


async def _keep(
    session: AsyncSession, row: Import, reading: Reading, spool: Spool
) -> Import:
    session.add(row)
    await session.flush()
    files = await run_in_threadpool(_rows, row, reading)
    components = await components_for(session, row, files)
    await run_in_threadpool(_plan, files, components)
    pairs = list(zip(files, reading.files, strict=True))
    for batch in in_batches(pairs, BATCH):
        values = await run_in_threadpool(_values, batch, spool)
        await session.exec(insert(ImportFile), params=values)
    return row


def _rows(row: Import, reading: Reading) -> list[ImportFile]:
    # An outcome to begin with; planning decides about all that can be imported.
    return [
        ImportFile(import_id=row.id, **{"outcome": Outcome.new, **kept.values})
        for kept in reading.files
    ]


def _plan(files: Sequence[ImportFile], components: dict[str, Component]) -> None:
    for file, made in planning.plan(files, components):
        planning.settle(file, made)


def _values(
    batch: Sequence[tuple[ImportFile, Kept]], spool: Spool
) -> list[dict[str, Any]]:
    return [
        {
            **file.model_dump(exclude={"content", "repaired"}),
            "content": None if kept.content is None else spool.read(kept.content),
            "repaired": None if kept.repaired is None else spool.read(kept.repaired),
        }
        for file, kept in batch
    ]


def in_batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


async def components_for(
    session: AsyncSession, row: Import, files: Iterable[ImportFile]
) -> dict[str, Component]:
    """The team's components that have one of the names that the files want."""
    wanted = [file for file in files if planning.can_be_imported(file)]
    found: dict[str, Component] = {}
    for kind in {file.kind for file in wanted if file.kind is not None}:
        names = {planning.name_of(file) for file in wanted if file.kind == kind}
        found |= await by_names(session, row.team_id, kind, names)
    return found
