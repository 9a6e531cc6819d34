"""What a person decides about the files of an import."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import func, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.content import TreeFile
from roster.components.models import Component
from roster.core.actor import Actor
from roster.core.errors import Conflict, Invalid, NotFound
from roster.core.model import utc_now
from roster.imports import planning, secret_moves
from roster.imports.contents import digests_of
from roster.imports.models import (
    Decision,
    Import,
    ImportFile,
    Outcome,
    SecretsDecision,
)
from roster.imports.preview import components_for, hidden_among
from roster.imports.schemas import FileDecision, FilesDecision
from roster.imports.service import WITHOUT_BYTES, require_preview
from roster.imports.trees import tree_of


async def find_file(session: AsyncSession, row: Import, file_id: UUID) -> ImportFile:
    file = await session.get(ImportFile, file_id)
    if file is None or file.import_id != row.id:
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
    given = data.model_dump(exclude_unset=True)
    if given.get("secrets") is SecretsDecision.move:
        await secret_moves.require_right(session, row, actor)
    keys = {planning.key_of(file)}
    twins = await secret_moves.twins(session, file) if "secrets" in given else []
    await _change(file, given, await tree_of(session, file.id))
    for twin in twins:
        await _change(twin, {"secrets": given["secrets"]}, ())
    keys.add(planning.key_of(file))
    files = await _wanting(session, row, keys)
    components = await components_for(session, row, files)
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


async def _change(
    file: ImportFile, given: dict[str, Any], others: Sequence[TreeFile]
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
    elif given.get("accept_fixes") and file.decision is Decision.original:
        file.decision = Decision.repaired
    if file.decision is Decision.repaired and file.repaired_digest is None:
        if "decision" in given:
            message = "There is nothing to repair in this file; take the original."
            raise Invalid.field("decision", message)
        file.decision = Decision.original
    file.literal_secrets = await run_in_threadpool(secret_moves.count, file)


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
    if file.decision in {None, Decision.skip} and not renamed:
        return
    if file.decision is Decision.skip:
        return
    key = planning.key_of(file)
    component = components.get(key)
    if component is not None and component.deleted_at is not None:
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
    """Other files that differ and are not skipped."""
    return [
        other
        for other in group
        if other.id != file.id
        and other.digest != file.digest
        and other.decision is not Decision.skip
    ]


async def decide_many(
    session: AsyncSession, row: Import, data: FilesDecision, *, actor: Actor
) -> int:
    """Decide alike about many files, as far as the decision fits them.

    A clash is left to be decided one by one, unless it is skipped; a file without a
    repair is not set to `repaired`.

    Returns:
        How many files now have the decision by this.
    """
    require_preview(row)
    found = await session.exec(
        select(ImportFile).where(ImportFile.import_id == row.id).options(*WITHOUT_BYTES)
    )
    files = [file for file in found if planning.can_be_imported(file)]
    groups = planning.by_key(files)
    components = await components_for(session, row, files)
    hidden = await hidden_among(session, actor, components)
    ids = None if data.ids is None else set(data.ids)
    touched: dict[planning.Key, list[ImportFile]] = {}
    chosen: set[UUID] = set()
    for key, group in groups.items():
        for file in group:
            asked = (ids is None or file.id in ids) and (
                data.outcome is None or file.outcome in data.outcome
            )
            if asked and _fits(file, data.decision, group, components.get(key)):
                file.decision = data.decision
                chosen.add(file.id)
                touched[key] = group
    concerned = [file for group in touched.values() for file in group]
    for file, made in planning.plan(
        concerned, components, chosen=frozenset(chosen), hidden=hidden
    ):
        planning.settle(file, made)
    touch(row)
    return len(chosen)


def _fits(
    file: ImportFile,
    decision: Decision,
    group: Sequence[ImportFile],
    component: Component | None,
) -> bool:
    if decision is Decision.skip:
        return True
    if decision is Decision.repaired and file.repaired_digest is None:
        return False
    if component is not None and component.deleted_at is not None:
        return False
    # Nor does it pick one of several files for a name that all of them gave up.
    contested = any(other.digest != file.digest for other in group)
    skipped = file.decision is Decision.skip
    return file.outcome is not Outcome.clash and not (skipped and contested)
