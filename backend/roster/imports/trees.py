"""The files of an import that come with a main one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from roster.blobs.models import Blob
from roster.components.content import TreeFile, file_digest
from roster.components.holders import HOLDING, kept
from roster.components.kinds import KINDS
from roster.components.lookup import batches
from roster.components.models import Component
from roster.components.redaction import FORGETTING, Forgotten
from roster.components.trees import others_of
from roster.core.errors import NotFound
from roster.imports.file_schemas import ImportTreeFilePublic, TreeFileStatus
from roster.imports.models import (
    Import,
    ImportFile,
    ImportInput,
    ImportState,
    ImportTreeFile,
    Outcome,
)
from roster.imports.reading import SECRET
from roster.lint.findings import Finding

REDACTED = "Its content was redacted and cannot be published again."
Trees = dict[UUID, tuple[TreeFile, ...]]


async def trees_of(session: AsyncSession, file_ids: Iterable[UUID]) -> Trees:
    """What stands beside each of some main files; nothing of those that are alone."""
    found: dict[UUID, list[TreeFile]] = defaultdict(list)
    for batch in batches(file_ids):
        rows = await session.exec(_rows(batch))
        for row in rows:
            found[row.file_id].append(_file(row))
    return {file_id: tuple(files) for file_id, files in found.items()}


async def tree_of(session: AsyncSession, file_id: UUID) -> tuple[TreeFile, ...]:
    return (await trees_of(session, [file_id])).get(file_id, ())


def _rows(file_ids: Sequence[UUID]) -> SelectOfScalar[ImportTreeFile]:
    return (
        select(ImportTreeFile)
        .where(col(ImportTreeFile.file_id).in_(file_ids))
        .order_by(col(ImportTreeFile.file_id), col(ImportTreeFile.path))
    )


def _file(row: ImportTreeFile) -> TreeFile:
    return TreeFile(row.path, row.blob_digest, row.size, row.mode)


async def counts_of(session: AsyncSession, file_ids: Iterable[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for batch in batches(file_ids):
        rows = await session.exec(
            select(ImportTreeFile.file_id, func.count())
            .where(col(ImportTreeFile.file_id).in_(batch))
            .group_by(col(ImportTreeFile.file_id))
        )
        found.update(dict(rows.all()))
    return found


async def leaks_of(session: AsyncSession, file_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many values that look like secrets stand in files beside main ones."""
    found: dict[UUID, int] = {}
    for batch in batches(file_ids):
        rows = await session.exec(
            select(ImportTreeFile.file_id, ImportTreeFile.findings).where(
                col(ImportTreeFile.file_id).in_(batch)
            )
        )
        for file_id, findings in rows:
            more = sum(finding["rule"] == SECRET for finding in findings)
            found[file_id] = found.get(file_id, 0) + more
    return found


async def describe(
    session: AsyncSession, file: ImportFile
) -> list[ImportTreeFilePublic]:
    """The files beside a main one, next to those of what it would change."""
    rows = (await session.exec(_rows([file.id]))).all()
    present = await _present(session, file)
    shown = [
        ImportTreeFilePublic(
            path=row.path,
            status=_status(row, present.pop(row.path, None)),
            mode=row.mode,
            size=row.size,
            digest=row.blob_digest,
            findings=[Finding.model_validate(finding) for finding in row.findings],
        )
        for row in rows
    ]
    gone = TreeFileStatus.removed
    shown += [
        ImportTreeFilePublic(
            path=old.path,
            status=gone,
            mode=old.mode,
            size=old.size,
            digest=old.digest,
            findings=[],
        )
        for old in present.values()
    ]
    return sorted(shown, key=lambda one: one.path)


async def _present(session: AsyncSession, file: ImportFile) -> dict[str, TreeFile]:
    if file.component_id is None or not KINDS[file.kind or ""].is_tree:
        return {}
    component = await session.get(Component, file.component_id)
    if component is None or component.deleted_at is not None:
        return {}
    number = file.result_number or component.latest_number
    others = await others_of(session, component, number)
    return {one.path: one for one in others}


def _status(row: ImportTreeFile, old: TreeFile | None) -> TreeFileStatus:
    if old is None:
        return TreeFileStatus.added
    same = (row.blob_digest, row.mode) == (old.digest, old.mode)
    return TreeFileStatus.same if same else TreeFileStatus.changed


async def digest_of(session: AsyncSession, file: ImportFile, path: str) -> str:
    """The digest of one file beside a main one.

    Raises:
        NotFound: There is no such file.
    """
    row = await session.get(ImportTreeFile, (file.id, path))
    if row is None:
        raise NotFound(f"There is no file {path} beside {file.path}.")
    return row.blob_digest


async def forget_redacted(session: AsyncSession, what: Forgotten) -> None:
    """Let no import of the team hold what it redacted, or what that was made of."""
    imports = select(Import.id).where(Import.team_id == what.team_id)
    mine = col(ImportFile.import_id).in_(imports)
    await session.exec(
        delete(ImportTreeFile).where(
            col(ImportTreeFile.blob_digest) == what.digest,
            col(ImportTreeFile.file_id).in_(select(ImportFile.id).where(mine)),
        )
    )
    for batch in batches(what.component_ids):
        await session.exec(
            update(ImportFile)
            .where(
                mine,
                col(ImportFile.component_id).in_(batch),
                col(ImportFile.result).is_not(None),
            )
            .values(
                content=None,
                source=None,
                repaired=None,
                has_repair=False,
                description="",
            )
        )
    holding = await session.exec(
        select(ImportFile).where(
            mine,
            or_(
                func.length(ImportFile.content) == what.size,
                func.length(ImportFile.source) == what.size,
                func.length(ImportFile.repaired) == what.size,
            ),
        )
    )
    for file in holding:
        held = (file.content, file.source, file.repaired)
        if what.digest in {file_digest(one) for one in held if one is not None}:
            file.content = file.source = file.repaired = None
            file.has_repair, file.description = False, ""
            if file.result is None:
                file.outcome, file.reason = Outcome.refused, REDACTED
    await session.flush()


async def forget_unread(session: AsyncSession, what: Forgotten) -> None:
    """Let go of uploads that could not be read: what was redacted may be in them."""
    failed = select(Import.id).where(
        Import.team_id == what.team_id, Import.state == ImportState.failed
    )
    await let_go(session, (await session.exec(failed)).all())


def _in_imports() -> SelectOfScalar[str]:
    return (
        select(ImportTreeFile.blob_digest)
        .join(ImportFile, col(ImportFile.id) == ImportTreeFile.file_id)
        .join(Import, col(Import.id) == ImportFile.import_id)
        .where(kept(col(Import.team_id), ImportTreeFile.blob_digest))
    )


FORGETTING += [forget_redacted, forget_unread]
HOLDING.append(_in_imports)


async def let_go(session: AsyncSession, import_ids: Sequence[UUID]) -> list[str]:
    """Forget what was to be read.

    Returns:
        Digests of the blobs that are gone. Files of theirs that do not stand in the
        database go when they are removed from the store, or swept.
    """
    mine = col(ImportInput.import_id).in_(import_ids)
    gone = await session.exec(
        delete(ImportInput).where(mine).returning(col(ImportInput.blob_digest))
    )
    digests = [digest for (digest,) in gone.all() if digest is not None]
    await session.exec(delete(Blob).where(col(Blob.digest).in_(digests)))
    return digests


async def forget(session: AsyncSession, row: Import) -> None:
    """Refer to the files no longer, so that they are collected."""
    mine = select(ImportFile.id).where(ImportFile.import_id == row.id)
    await session.exec(
        delete(ImportTreeFile).where(col(ImportTreeFile.file_id).in_(mine))
    )
