"""What a person decides about one file of an import."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import func, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.content import TreeFile
from roster.components.kinds.server import SERVER
from roster.components.models import Component
from roster.components.rows import visible
from roster.core.actor import Actor
from roster.core.errors import Conflict, Invalid, NotFound
from roster.core.model import utc_now
from roster.imports import planning, secret_moves
from roster.imports.contents import digests_of
from roster.imports.file_schemas import FileDecision
from roster.imports.files import WITHOUT_BYTES
from roster.imports.models import (
    Decision,
    Import,
    ImportFile,
    ImportState,
    SecretsDecision,
)
from roster.imports.preview import components_for, hidden_among
from roster.imports.service import OPEN, require_preview
from roster.imports.trees import leaks_of, tree_of


async def find_file(session: AsyncSession, row: Import, file_id: UUID) -> ImportFile:
    file = await session.get(ImportFile, file_id)
    being_read = row.state is ImportState.reading
    if file is None or file.import_id != row.id or being_read:
        raise NotFound("There is no such file in this import.")
    return file


async def decide(
    session: AsyncSession,
    row: Import,
    file_id: UUID,
    data: FileDecision,
    *,
    actor: Actor,
) -> ImportFile:
    """Decide about one file, and about those again that its name concerned.

    What becomes of its secrets holds for the same file in other places, too.

    What the person has now seen counts as seen: deciding again about a file that
    applying found stale makes it current.

    Raises:
        Conflict: The import is no preview any more, or the file is none to import.
        Forbidden: The actor owns not the team whose secrets are to be written.
        Invalid: The name is not free, or there is no such repair or fix.
    """
    require_preview(row)
    file = await find_file(session, row, file_id)
    if not planning.can_be_imported(file):
        raise Conflict(
            f"{file.path} is {file.outcome.replace('_', ' ')}: {file.reason}"
        )
    if file.result is not None:
        raise Conflict(f"{file.path} is applied and cannot be decided any more.")
    given = data.model_dump(exclude_unset=True)
    await _require_fitting(session, row, file, given, actor)
    if given.get("secrets") is SecretsDecision.move:
        await secret_moves.require_right(session, row, actor)
    keys = {planning.key_of(file)}
    twins = await secret_moves.twins(session, file) if "secrets" in given else []
    await _change(session, file, given, await tree_of(session, file.id))
    for twin in twins:
        await _change(session, twin, {"secrets": given["secrets"]}, ())
    keys.add(planning.key_of(file))
    files = await _wanting(session, row, keys)
    components = await components_for(session, row.team_id, files)
    hidden = await hidden_among(session, actor, components)
    _require_free(file, files, components, hidden, renamed="target_name" in given)
    chosen = frozenset({file.id, *(twin.id for twin in twins)})
    for other, made in planning.plan(files, components, chosen=chosen, hidden=hidden):
        planning.settle(other, made)
    touch(row)
    await session.flush()
    return file


def touch(row: Import) -> None:
    row.version += 1
    row.updated_at = utc_now()


async def _require_fitting(
    session: AsyncSession,
    row: Import,
    file: ImportFile,
    given: dict[str, Any],
    actor: Actor,
) -> None:
    """Refuse what cannot be done with such a file.

    Raises:
        Invalid: Only servers have a store of secrets, or there is no such component.
    """
    if given.get("secrets") is SecretsDecision.move and file.kind != SERVER.name:
        message = "Only servers have a store; keep it, or take it out of the file."
        raise Invalid.field("secrets", message)
    if given.get("decision") is not Decision.reuse:
        return
    found = await session.exec(
        select(Component.id).where(
            Component.id == given["reuse_id"],
            Component.kind == file.kind,
            Component.team_id != row.team_id,
            visible(actor),
        )
    )
    if found.first() is None:
        message = "There is no such component of this kind in another team."
        raise Invalid.field("reuse_id", message)


async def _change(
    session: AsyncSession,
    file: ImportFile,
    given: dict[str, Any],
    others: Sequence[TreeFile],
) -> None:
    if "target_name" in given:
        own = given["target_name"] == file.name
        file.target_name = None if own else given["target_name"]
    if "accept_fixes" in given:
        file.accepted_fixes = sorted(set(given["accept_fixes"]))
    if "secrets" in given:
        file.secrets = SecretsDecision(given["secrets"])
    if {"target_name", "accept_fixes", "secrets"} & given.keys():
        try:
            made = await run_in_threadpool(digests_of, file, others)
        except ValueError as error:
            message = "These fixes do not exist, or change the same place twice."
            raise Invalid.field("accept_fixes", message) from error
        file.digest, file.repaired_digest = made.original, made.repaired
    if "decision" in given:
        file.decision = Decision(given["decision"])
        file.reuse_id = given.get("reuse_id")
    elif given.get("accept_fixes") and file.decision is Decision.original:
        file.decision = Decision.repaired
    if file.decision is Decision.repaired and file.repaired_digest is None:
        if "decision" in given:
            message = "There is nothing to repair in this file; take the original."
            raise Invalid.field("decision", message)
        file.decision = Decision.original
    beside = (await leaks_of(session, [file.id])).get(file.id, 0)
    file.literal_secrets = beside + await run_in_threadpool(secret_moves.count, file)


async def _wanting(
    session: AsyncSession, row: Import, keys: set[planning.Key]
) -> Sequence[ImportFile]:
    effective = func.coalesce(ImportFile.target_name, ImportFile.name)
    await session.flush()
    found = await session.exec(
        select(ImportFile)
        .where(
            ImportFile.import_id == row.id,
            tuple_(col(ImportFile.kind), effective).in_(keys),
            OPEN,
        )
        .options(*WITHOUT_BYTES)
    )
    return found.all()


def _require_free(
    file: ImportFile,
    files: Sequence[ImportFile],
    components: planning.Components,
    hidden: frozenset[UUID],
    *,
    renamed: bool,
) -> None:
    """A file that is to be stored needs a name that nothing else has or was given."""
    if not planning.takes_name(file) or (file.decision is None and not renamed):
        return
    key = planning.key_of(file)
    component = components.get(key)
    if component is not None and component.is_deleted:
        raise Invalid.field("target_name", planning.DELETED, "name_taken")
    if component is not None and component.id in hidden:
        raise Invalid.field("target_name", planning.BEGUN, "name_taken")
    for other in rivals(file, planning.by_key(files)[key]):
        if other.decision is not None or (renamed and file.target_name is not None):
            message = (
                f"{other.path} takes the name {key[1]} in this import. Choose another "
                f"name, or skip that file."
            )
            raise Invalid.field("target_name", message, "name_taken")


def rivals(file: ImportFile, group: Sequence[ImportFile]) -> list[ImportFile]:
    """Other files that differ and want the name, too."""
    return [
        other
        for other in group
        if other.id != file.id
        and other.digest != file.digest
        and planning.takes_name(other)
    ]
