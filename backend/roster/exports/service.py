from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.blobs.models import Blob
from roster.components.archive import ArchiveWriter
from roster.components.kinds import KINDS
from roster.components.models import Component, Label, Revision, RevisionFile
from roster.components.rows import visible
from roster.core.actor import Anonymous, Caller
from roster.core.db import Database
from roster.core.errors import Conflict, Invalid, NotFound
from roster.exports.schemas import ExportRequest
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
    number: int | None


@dataclass(frozen=True, slots=True)
class Export:
    archive: ArchiveWriter
    size: int
    filename: str


async def export(database: Database, data: ExportRequest, *, actor: Caller) -> Export:
    """Pack the files of the chosen components, each at the label.

    Raises:
        NotFound: One of them is not there for the actor; the answer names none.
        Invalid: One of them has no such label.
        Conflict: Two of them have the same path.
    """
    async with database.read() as session:
        chosen = await _choose(session, data, actor)
        archive, size = await _pack(session, chosen)
    try:
        # Nothing leaves that the audit does not know of.
        async with database.write() as session:
            _record(session, chosen, actor)
    except BaseException:
        archive.close()
        raise
    return Export(archive, size, _filename(chosen))


async def _pack(
    session: AsyncSession, chosen: Sequence[Chosen]
) -> tuple[ArchiveWriter, int]:
    archive = ArchiveWriter()
    try:
        for start in range(0, len(chosen), BATCH):
            batch = chosen[start : start + BATCH]
            files = await _files(session, batch)
            await run_in_threadpool(_add, archive, batch, files)
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
    session: AsyncSession, batch: Sequence[Chosen]
) -> dict[tuple[UUID, int], bytes]:
    """The main file of each chosen revision."""
    numbered = {(one.id, one.number) for one in batch}
    rows = await session.exec(
        select(Revision.component_id, Revision.number, RevisionFile.path, Blob.content)
        .join(RevisionFile, col(RevisionFile.revision_id) == Revision.id)
        .join(Blob, col(Blob.digest) == RevisionFile.blob_digest)
        .where(tuple_(Revision.component_id, Revision.number).in_(numbered))
    )
    wanted = {(one.id, one.number): KINDS[one.kind].main for one in batch}
    return {
        (id_, number): content or b""  # redacted
        for id_, number, path, content in rows
        if wanted.get((id_, number)) == path
    }


def _add(
    archive: ArchiveWriter,
    batch: Sequence[Chosen],
    files: dict[tuple[UUID, int], bytes],
) -> None:
    for one in batch:
        archive.add(one.path, files[one.id, one.number or 0])


def _filename(chosen: Sequence[Chosen]) -> str:
    teams = {one.team for one in chosen}
    kinds = {one.plural for one in chosen}
    parts = [*(teams if len(teams) == 1 else ()), *(kinds if len(kinds) == 1 else ())]
    return f"{'-'.join(parts) or 'components'}.zip"
