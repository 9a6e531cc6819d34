"""Take files in: unpack, read, compare with the team, and keep it all as an import."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import insert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster import samples
from roster.blobs.staging import Source, rely_on, stage
from roster.blobs.storage import store_of
from roster.components.content import TreeFile, content_digest
from roster.components.kinds import KINDS
from roster.components.lookup import batches, by_names
from roster.components.models import Component
from roster.components.rows import visible
from roster.components.service import team_to_write
from roster.core.actor import Actor
from roster.core.db import Database
from roster.core.errors import NotFound
from roster.imports import planning
from roster.imports.models import (
    Import,
    ImportFile,
    ImportSource,
    ImportTreeFile,
    Outcome,
)
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
        # A file beside a main one may be larger than that.
        file_bytes=max(settings.file_bytes, settings.tree_bytes),
        unpacked_bytes=settings.unpacked_bytes,
        tree_files=settings.tree_files,
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
        reading = await run_in_threadpool(
            read_upload, upload.parts, spool, limits, settings.file_bytes
        )
        trees = await _stage(reading, spool, database, settings)
        row = _new(team_id, ImportSource.upload, reading, actor)
        return await _keep(session, row, reading, trees, spool, actor)


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
        reading = await run_in_threadpool(read_texts, files, spool, settings.file_bytes)
        row = _new(team_id, ImportSource.samples, reading, actor)
        return await _keep(session, row, reading, {}, spool, actor)


def _new(team_id: UUID, source: ImportSource, reading: Reading, actor: Actor) -> Import:
    return Import(
        team_id=team_id,
        author_id=actor.id,
        source=source,
        headline=headline(reading),
    )


Trees = dict[int, tuple[TreeFile, ...]]
"""The files beside a main one, by the place of that in a `Reading`."""


async def _stage(
    reading: Reading, spool: Spool, database: Database, settings: Settings
) -> Trees:
    """Store the files beside the main ones, which nothing refers to yet."""
    beside = [
        (place, one) for place, kept in enumerate(reading.files) for one in kept.others
    ]
    sources = [
        Source(one.span.size, lambda span=one.span: spool.open(span))  # type: ignore[misc]
        for _, one in beside
    ]
    digests = await stage(database, settings, store_of(settings), sources)
    found: dict[int, list[TreeFile]] = defaultdict(list)
    for (place, one), digest in zip(beside, digests, strict=True):
        found[place].append(TreeFile(one.path, digest, one.span.size, one.mode))
    trees = {place: tuple(files) for place, files in found.items()}
    await run_in_threadpool(_count_in, reading, trees, spool)
    return trees


def _count_in(reading: Reading, trees: Trees, spool: Spool) -> None:
    """Make the digest of a row that of its whole tree."""
    for place, others in trees.items():
        kept = reading.files[place]
        kind = KINDS[kept.values["kind"]]
        for name, span in (
            ("digest", kept.content),
            ("repaired_digest", kept.repaired),
        ):
            if span is not None:
                kept.values[name] = content_digest(kind, spool.read(span), others)


async def _keep(  # noqa: PLR0913, PLR0917 - what an import is made of
    session: AsyncSession,
    row: Import,
    reading: Reading,
    trees: Trees,
    spool: Spool,
    actor: Actor,
) -> Import:
    session.add(row)
    await session.flush()
    files = await run_in_threadpool(_rows, row, reading)
    components = await components_for(session, row, files)
    hidden = await hidden_among(session, actor, components)
    await run_in_threadpool(_plan, files, components, hidden)
    beside = (one.digest for others in trees.values() for one in others)
    await rely_on(session, beside, row.team_id)
    pairs = list(zip(files, reading.files, strict=True))
    for batch in in_batches(pairs, BATCH):
        values = await run_in_threadpool(_values, batch, spool)
        await session.exec(insert(ImportFile), params=values)
    rows = [
        row
        for place, others in trees.items()
        for row in _tree_rows(files[place], others, reading.files[place])
    ]
    for tree_batch in in_batches(rows, 10 * BATCH):
        await session.exec(insert(ImportTreeFile), params=tree_batch)
    return row


def _tree_rows(
    file: ImportFile, others: Iterable[TreeFile], kept: Kept
) -> Iterator[dict[str, Any]]:
    for one, beside in zip(others, kept.others, strict=True):
        yield {
            "file_id": file.id,
            "path": one.path,
            "mode": one.mode,
            "blob_digest": one.digest,
            "size": one.size,
            "findings": [
                finding.model_dump(mode="json") for finding in beside.findings
            ],
        }


def _rows(row: Import, reading: Reading) -> list[ImportFile]:
    # An outcome to begin with; planning decides about all that can be imported.
    return [
        ImportFile(import_id=row.id, **{"outcome": Outcome.new, **kept.values})
        for kept in reading.files
    ]


def _plan(
    files: Sequence[ImportFile],
    components: planning.Components,
    hidden: frozenset[UUID],
) -> None:
    for file, made in planning.plan(files, components, hidden=hidden):
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
) -> planning.Components:
    """The team's components that have one of the names that the files want."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for file in files:
        if planning.can_be_imported(file):
            kind, name = planning.key_of(file)
            wanted[kind].add(name)
    found: planning.Components = {}
    for kind, names in wanted.items():
        named = await by_names(session, row.team_id, kind, names)
        found |= {(kind, name): component for name, component in named.items()}
    return found


async def hidden_among(
    session: AsyncSession, actor: Actor, components: planning.Components
) -> frozenset[UUID]:
    """Those that somebody began, and that the actor does not see."""
    begun = {one.id for one in components.values() if one.published_at is None}
    seen: set[UUID] = set()
    for batch in batches(begun):
        rows = select(Component.id).where(col(Component.id).in_(batch), visible(actor))
        seen.update(await session.exec(rows))
    return frozenset(begun - seen)
