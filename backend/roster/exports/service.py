from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
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
from roster.components.content import TreeFile, tree_digest
from roster.components.kinds import KINDS
from roster.components.models import Component, Label, Revision, RevisionFile
from roster.components.rows import AnyRow, fetch, visible
from roster.components.stored import StoredFile
from roster.core.actor import Anonymous, Caller
from roster.core.db import Database
from roster.core.errors import Conflict, Invalid, NotFound
from roster.exports import servers
from roster.exports.packing import MEDIA_TYPES, Packed, pack
from roster.exports.schemas import ExportRequest
from roster.exports.shipment import Item, Shipment
from roster.exports.targets.asking import find_target, require_lossless
from roster.exports.targets.base import ExportFile
from roster.settings import Settings
from roster.teams.models import Team
from roster.usage import service as usage
from roster.usage.clients import Client

BATCH = 100
COMPONENTS = "components"
_NEVER = datetime(1980, 1, 1, tzinfo=UTC)


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
    packed: Packed
    filename: str
    media_type: str


Placed = list[tuple[Chosen, TreeFile]]


async def export(  # noqa: PLR0913 - what an answer is made of
    database: Database,
    store: BlobStore,
    settings: Settings,
    data: ExportRequest,
    *,
    actor: Caller,
    client: Client,
) -> Export:
    """Pack the files of the chosen components, each at the label.

    Raises:
        NotFound: One of them is not there for the actor; the answer names none.
        Invalid: One of them has no such label.
        Conflict: Two of them have the same path.
        ExportLoses: Something would get lost, and the request is strict.
        TooLarge: They have too many bytes together.
        Gone: Something of it was redacted.
    """
    target = find_target(data.target) if data.target else None
    async with database.read() as session:
        chosen = await _choose(session, data, actor)
        placed = await _files(session, chosen)
        await blobs.require_kept(session, ((o.team_id, f.digest) for o, f in placed))
        if target is None:
            files = await _as_stored(session, store, placed)
        else:
            shipment = await _shipment(session, store, placed)
            made = await run_in_threadpool(target.export, shipment)
            if data.strict:
                require_lossless(made)
            files = list(made.files)
        packed = await pack(
            session, store, files, data.format, most=settings.unpacked_bytes
        )
    try:
        # Nothing leaves that the audit does not know of.
        async with database.write() as session:
            _record(session, chosen, actor)
            pulled = [(one.id, one.number) for one in chosen if one.number is not None]
            await usage.count_components(session, pulled, client)
    except BaseException:
        packed.close()
        raise
    name = _filename(chosen) + (f"-{target.name}" if target else "")
    return Export(packed, f"{name}.{data.format}", MEDIA_TYPES[data.format])


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


async def _files(session: AsyncSession, chosen: Sequence[Chosen]) -> Placed:
    """Every file of the chosen revisions, in the order of the components."""
    held = {(one.id, one.number): one for one in chosen}
    found = []
    for start in range(0, len(chosen), BATCH):
        for row in await _tree_rows(session, chosen[start : start + BATCH]):
            component_id, number, path, digest, size, mode = row
            file = TreeFile(path, digest, size, mode)
            found.append((held[component_id, number], file))
    return sorted(found, key=lambda one: (one[0].path, one[0].reference, one[1].path))


async def _as_stored(
    session: AsyncSession, store: BlobStore, placed: Placed
) -> list[ExportFile]:
    """The very bytes, and all servers in the one file that tools read."""
    files = [
        ExportFile(_place(one, file.path), stored=_stored(file), mode=file.mode)
        for one, file in placed
        if one.kind != servers.KIND
    ]
    held = [(one.name, file) for one, file in placed if one.kind == servers.KIND]
    if held:
        found = await blobs.contents(session, store, (file.digest for _, file in held))
        named = sorted((name, found[file.digest]) for name, file in held)
        files.append(ExportFile(servers.PATH, servers.merged(named)))
    return files


async def _shipment(
    session: AsyncSession, store: BlobStore, placed: Placed
) -> Shipment:
    """The components as a release would have them, which has no number."""
    mains = [file.digest for one, file in placed if file.path == _main(one)]
    found = await blobs.contents(session, store, mains)
    items = []
    for one, group in groupby(placed, key=itemgetter(0)):
        files = {file.path: file for _, file in group}
        main = files.pop(_main(one))
        items.append(
            Item(
                kind=one.kind,
                team=one.team,
                name=one.name,
                number=one.number or 0,
                digest=tree_digest(
                    (file.path, file.mode, file.digest)
                    for file in (main, *files.values())
                ),
                main=found[main.digest],
                mode=main.mode,
                others=tuple(_stored(file) for file in files.values()),
            )
        )
    teams = sorted({item.team for item in items})
    team = teams[0] if len(teams) == 1 else COMPONENTS
    return Shipment(team, COMPONENTS, "", "", 0, team, _NEVER, tuple(items))


def _main(one: Chosen) -> str:
    return KINDS[one.kind].main


def _stored(file: TreeFile) -> StoredFile:
    return StoredFile(file.path, file.mode, file.size, file.digest)


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


def _filename(chosen: Sequence[Chosen]) -> str:
    teams = {one.team for one in chosen}
    kinds = {one.plural for one in chosen}
    parts = [*(teams if len(teams) == 1 else ()), *(kinds if len(kinds) == 1 else ())]
    return "-".join(parts) or COMPONENTS
