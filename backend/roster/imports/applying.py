"""Store an import: all of it in one transaction, or nothing.

What needs the CPU (repairing, renaming, reading) is done before the transaction
begins, on rows that cannot change unnoticed: whoever changes one raises the version
of the import, and the transaction begins by claiming the version that was read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.components import publish
from roster.components.content import Content
from roster.components.kinds import KINDS
from roster.components.models import Component
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.core.errors import Conflict
from roster.core.model import utc_now
from roster.imports import planning, secret_moves
from roster.imports.contents import content_of
from roster.imports.models import Decision, Import, ImportFile, ImportState, Outcome
from roster.imports.preview import components_for, hidden_among, in_batches
from roster.imports.service import WITHOUT_BYTES, find, require_preview
from roster.imports.trees import Trees, trees_of
from roster.teams.access import Verb, require
from roster.teams.models import Visibility

CREATED, PUBLISHED, UNCHANGED, SKIPPED = "created", "published", "unchanged", "skipped"
BATCH = 100
NAMED = 5
"""How many files a refusal names."""


@dataclass
class _Work:
    """What is to be written, sorted by how."""

    new: list[ImportFile] = field(default_factory=list)
    changed: list[tuple[ImportFile, Component]] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)

    def note(
        self,
        file: ImportFile,
        result: str,
        component_id: UUID | None = None,
        number: int | None = None,
    ) -> None:
        self.results.append(
            {
                "id": file.id,
                "result": result,
                "component_id": component_id,
                "result_number": number,
            }
        )


async def apply_import(  # noqa: PLR0913 - what is applied, and with what
    database: Database,
    session: AsyncSession,
    import_id: UUID,
    if_match: str | None,
    *,
    cipher: Cipher,
    actor: Actor,
) -> Import:
    """Create and publish what was decided.

    The session first asks for a connection when all has been prepared.

    Raises:
        Forbidden: The actor may not edit in the team.
        Conflict: It is no preview any more, a clash or what becomes of secrets is
            undecided, or what it would change is not any more what the person saw.
        Stale: The import is not in the state that ``If-Match`` names.
    """
    async with database.read() as looking:
        row = await find(looking, import_id, actor, edit=True)
        require_preview(row)
        if if_match is not None:
            require_match(if_match, row.version)
        files = await _files(looking, row)
        secret_moves.require_decided(files)
        contents = await _prepare(looking, row, files)
    row = await _claim(session, row)
    # Preparing takes a while, in which the actor may have lost the role.
    await require(session, actor, row.team_id, Verb.edit)
    work = await _sort(session, row, files, actor)
    await _store(session, row, work, contents, actor)
    await secret_moves.carry_out(session, row, files, cipher=cipher, actor=actor)
    row.results = _tally(work)
    target = Target("import", row.id, row.source, row.team_id)
    record(session, "import.applied", target, by=actor, details=row.results)
    return row


async def _files(session: AsyncSession, row: Import) -> list[ImportFile]:
    found = await session.exec(
        select(ImportFile).where(ImportFile.import_id == row.id).options(*WITHOUT_BYTES)
    )
    return [file for file in found if planning.can_be_imported(file)]


async def _prepare(
    session: AsyncSession, row: Import, files: Iterable[ImportFile]
) -> dict[UUID, Content]:
    """Make what is to be published of the files, off the event loop."""
    wanted = [
        file.id
        for file in files
        if file.outcome is not Outcome.unchanged
        and file.decision in {Decision.original, Decision.repaired}
    ]
    contents: dict[UUID, Content] = {}
    for batch in in_batches(wanted, BATCH):
        found = await session.exec(
            select(ImportFile)
            .where(col(ImportFile.id).in_(batch))
            .execution_options(populate_existing=True)
        )
        trees = await trees_of(session, batch)
        contents |= await run_in_threadpool(_contents, found.all(), row, trees)
    return contents


def _contents(
    files: Sequence[ImportFile], row: Import, trees: Trees
) -> dict[UUID, Content]:
    return {
        file.id: content_of(file, row.source, trees.get(file.id, ())) for file in files
    }


async def _claim(session: AsyncSession, seen: Import) -> Import:
    """Take the import for this transaction; a second one waits here and is refused."""
    now = utc_now()
    claimed = await session.exec(
        update(Import)
        .where(
            col(Import.id) == seen.id,
            col(Import.state) == ImportState.preview,
            col(Import.version) == seen.version,
        )
        .values(
            state=ImportState.applied,
            version=seen.version + 1,
            applied_at=now,
            updated_at=now,
        )
    )
    if claimed.rowcount != 1:
        raise Conflict(
            "This import was changed or applied in the meantime; look at it again."
        )
    return await session.get_one(Import, seen.id)


async def _sort(
    session: AsyncSession, row: Import, files: Sequence[ImportFile], actor: Actor
) -> _Work:
    """Plan again, against the present state of the team, locked until the end."""
    components = await components_for(session, row, files)
    locked = await publish.lock(
        session,
        [one.id for one in components.values() if one.deleted_at is None],
    )
    present = {
        key: locked.get(component.id, component)
        for key, component in components.items()
    }
    hidden = await hidden_among(session, actor, present)
    plans = planning.plan(files, present, hidden=hidden)
    undecided = [file.path for file, made in plans if made.decision is None]
    if undecided:
        raise Conflict(
            f"Decide about these first: {_listed(undecided)}. Each of them wants a "
            f"name that something else has."
        )
    work, moved = _Work(), []
    for file, made in plans:
        component = made.component
        latest = component.latest_digest if component is not None else None
        if file.decision is Decision.skip:
            work.note(file, SKIPPED)
        elif made.twin is not None:
            work.note(file, UNCHANGED)
        elif component and latest == planning.digest_of(file, file.decision):
            work.note(file, UNCHANGED, component.id, component.latest_number)
        elif latest != file.seen_digest:
            moved.append(f"{file.path} ({planning.name_of(file)})")
        elif component is None:
            work.new.append(file)
        else:
            work.changed.append((file, component))
    if moved:
        raise Conflict(
            f"Somebody published in the meantime what these would change: "
            f"{_listed(moved)}. Nothing was stored; look at them and decide again."
        )
    return work


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return ", ".join(paths[:NAMED]) + more


async def _store(
    session: AsyncSession,
    row: Import,
    work: _Work,
    contents: dict[UUID, Content],
    actor: Actor,
) -> None:
    files = [*work.new, *(file for file, _ in work.changed)]
    await publish.keep_blobs(
        session, row.team_id, (contents[file.id] for file in files)
    )
    # In batches, so that other requests have their turn in between.
    work.new.sort(key=planning.name_of)
    for batch in in_batches(work.new, BATCH):
        await _create(session, row, work, batch, contents, actor)
    for changes in in_batches(work.changed, BATCH):
        items = [(component, contents[file.id]) for file, component in changes]
        revisions = await publish.publish_many(session, items, actor=actor)
        for (file, component), revision in zip(changes, revisions, strict=True):
            result = UNCHANGED if revision is None else PUBLISHED
            work.note(file, result, component.id, component.latest_number)
    for results in in_batches(work.results, 10 * BATCH):
        await session.exec(update(ImportFile), params=results)


async def _create(  # noqa: PLR0913, PLR0917 - what a component is made of
    session: AsyncSession,
    row: Import,
    work: _Work,
    files: Sequence[ImportFile],
    contents: dict[UUID, Content],
    actor: Actor,
) -> None:
    for kind in dict.fromkeys(file.kind for file in files):
        alike = [file for file in files if file.kind == kind]
        made = await publish.create_many(
            session,
            [(planning.name_of(file), contents[file.id]) for file in alike],
            team_id=row.team_id,
            kind=KINDS[kind or ""],
            visibility=Visibility.private,
            actor=actor,
        )
        for file, component in zip(alike, made, strict=True):
            work.note(file, CREATED, component.id, component.latest_number)


def _tally(work: _Work) -> dict[str, int]:
    results = [result["result"] for result in work.results]
    return {
        name: results.count(name) for name in (CREATED, PUBLISHED, UNCHANGED, SKIPPED)
    }
