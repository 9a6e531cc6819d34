from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import PurePosixPath
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select as columns
from sqlalchemy import tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.blobs import reading as blobs
from roster.blobs.storage import BlobStore
from roster.components.archive import ArchiveWriter
from roster.components.content import TreeFile
from roster.components.kinds import KINDS
from roster.components.models import Component, Label, Revision, RevisionFile
from roster.components.rows import AnyRow, fetch, visible
from roster.components.serving import add_all
from roster.core.actor import Anonymous, Caller
from roster.core.db import Database
from roster.core.errors import Conflict, Invalid, NotFound, TooLarge
from roster.exports import servers
from roster.exports.schemas import ExportRequest
from roster.settings import Settings
from roster.teams.models import Team

BATCH = 100


@dataclass(frozen=True, slots=True)
class Chosen:
    """A component to be exported, at one of its revisions."""

    path: str
    reference: str
    team: str
    team_id: UUID
    plural: str
    id: UUID
    kind: str
    name: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Export:
    archive: ArchiveWriter
    size: int
    filename: str


async def export(
    database: Database,
    store: BlobStore,
    settings: Settings,
    data: ExportRequest,
    *,
    actor: Caller,
) -> Export:
    """Pack the files of the chosen components, each at the label.

    Raises:
        NotFound: One of them is not there for the actor; the answer names none.
        Invalid: One of them has no such label.
        Conflict: Two of them have the same path.
        TooLarge: They have too many bytes together.
        Gone: Something of it was redacted.
    """
    async with database.read() as session:
        chosen = await _choose(session, data, actor)
        archive, size = await _pack(session, store, chosen, settings.unpacked_bytes)
    try:
        # Nothing leaves that the audit does not know of.
        async with database.write() as session:
            _record(session, chosen, actor)
    except BaseException:
        archive.close()
        raise
    return Export(archive, size, _filename(chosen))


async def _pack(
    session: AsyncSession, store: BlobStore, chosen: Sequence[Chosen], most: int
) -> tuple[ArchiveWriter, int]:
    files = await _files(session, chosen)
    if sum(file.size for _, file in files) > most:
        raise TooLarge(f"All of it has more than {most:,} bytes; export it in parts.")
    archive = ArchiveWriter()
    try:
        await _require_kept(session, chosen)
        await _add_servers(archive, session, store, chosen)
        await add_all(archive, session, store, files)
        return archive, await run_in_threadpool(archive.finish)
    except BaseException:
        archive.close()
        raise


def _record(session: AsyncSession, chosen: Sequence[Chosen], actor: Caller) -> None:
    """Append one event for each team: its owners see what left of theirs alone."""
    if isinstance(actor, Anonymous):
        return  # what everybody may read
    by_team = attrgetter("team", "team_id")
    for (team, team_id), group in groupby(sorted(chosen, key=by_team), key=by_team):
        references = [f"{one.reference}@{one.number}" for one in group]
        target = Target("team", team_id, team, team_id)
        details = {"revisions": references}
        record(session, "export.made", target, by=actor, details=details)


async def _choose(
    session: AsyncSession, data: ExportRequest, actor: Caller
) -> list[Chosen]:
    ids = set(data.components)
    on_label = (col(Label.component_id) == Component.id) & (Label.name == data.label)
    rows = await session.exec(
        select(Component, Team.slug, Label.number)
        .join(Team, col(Team.id) == Component.team_id)
        .outerjoin(Label, on_label)
        .where(col(Component.id).in_(ids), visible(actor))
    )
    chosen = [_chosen(*row) for row in rows]
    if len(chosen) != len(ids):
        raise NotFound("Not all of these components are there; choose again.")
    chosen.sort(key=attrgetter("path", "reference"))
    _check(chosen, data.label)
    return chosen


def _chosen(component: Component, team: str, number: int | None) -> Chosen:
    kind = KINDS[component.kind]
    return Chosen(
        path=kind.export_path(component.name),
        reference=f"{kind.name}:{team}/{component.name}",
        team=team,
        team_id=component.team_id,
        plural=kind.plural,
        id=component.id,
        kind=kind.name,
        name=component.name,
        number=number,
    )


def _check(chosen: Sequence[Chosen], label: str) -> None:
    without = [one.reference for one in chosen if one.number is None]
    if without:
        message = f"{without[0]} has no label {label}; set it, or export another."
        raise Invalid.field("label", message, "label_missing")
    for path, group in groupby(chosen, key=attrgetter("path")):
        references = [one.reference for one in group]
        if len(references) > 1:
            raise Conflict(
                f"{' and '.join(references)} share the file {path}; export them apart."
            )


async def _files(
    session: AsyncSession, chosen: Sequence[Chosen]
) -> list[tuple[str, TreeFile]]:
    """Where each file of the chosen revisions goes, in the order of the paths."""
    placed = {(one.id, one.number): one for one in chosen if one.kind != servers.KIND}
    found = []
    for start in range(0, len(chosen), BATCH):
        for row in await _tree_rows(session, chosen[start : start + BATCH]):
            component_id, number, path, digest, size, mode = row
            one = placed.get((component_id, number))
            if one is not None:
                file = TreeFile(path, digest, size, mode)
                found.append((_place(one, path), file))
    return sorted(found, key=itemgetter(0))


def _place(one: Chosen, path: str) -> str:
    if path == KINDS[one.kind].main:
        return one.path
    return str(PurePosixPath(one.path).parent / path)


async def _tree_rows(
    session: AsyncSession, batch: Sequence[Chosen]
) -> Sequence[AnyRow]:
    numbered = {(one.id, one.number) for one in batch}
    return await fetch(
        session,
        columns(
            col(Revision.component_id),
            col(Revision.number),
            col(RevisionFile.path),
            col(RevisionFile.blob_digest),
            col(RevisionFile.size),
            col(RevisionFile.mode),
        )
        .join(RevisionFile, col(RevisionFile.revision_id) == Revision.id)
        .where(tuple_(col(Revision.component_id), col(Revision.number)).in_(numbered)),
    )


async def _require_kept(session: AsyncSession, chosen: Sequence[Chosen]) -> None:
    teams = {one.id: one.team_id for one in chosen}
    for start in range(0, len(chosen), BATCH):
        rows = await _tree_rows(session, chosen[start : start + BATCH])
        await blobs.require_kept(session, ((teams[row[0]], row[3]) for row in rows))


async def _add_servers(
    archive: ArchiveWriter,
    session: AsyncSession,
    store: BlobStore,
    chosen: Sequence[Chosen],
) -> None:
    found = []
    mine = [one for one in chosen if one.kind == servers.KIND]
    for start in range(0, len(mine), BATCH):
        batch = {(one.id, one.number): one for one in mine[start : start + BATCH]}
        for row in await _tree_rows(session, list(batch.values())):
            blob = await blobs.find(session, row[3])
            name = batch[row[0], row[1]].name
            found.append((name, await blobs.whole(store, blob)))
    if found:
        archive.add(servers.PATH, servers.merged(sorted(found)))


def _filename(chosen: Sequence[Chosen]) -> str:
    teams = {one.team for one in chosen}
    kinds = {one.plural for one in chosen}
    parts = [*(teams if len(teams) == 1 else ()), *(kinds if len(kinds) == 1 else ())]
    return f"{'-'.join(parts) or 'components'}.zip"
