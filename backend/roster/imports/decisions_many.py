"""What a person decides about many files of an import at once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select as select_columns
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.rows import fetch
from roster.core.actor import Actor
from roster.imports import planning
from roster.imports.decisions import touch
from roster.imports.file_schemas import FilesDecision
from roster.imports.files import has_rule
from roster.imports.models import (
    Decision,
    Import,
    ImportFile,
    Outcome,
    SecretsDecision,
)
from roster.imports.planning import Present, Wanting
from roster.imports.preview import components_for, hidden_among, in_batches
from roster.imports.service import LEAKING, OPEN, require_preview

BATCH = 1000
_PLANNED = ("outcome", "reason", "decision", "component_id", "seen_digest")


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
    matching = _matching(row, data)
    decided: set[UUID] = set()
    if data.decision is not None:
        asked = select(ImportFile.id).where(*matching, OPEN)
        ids = set((await session.exec(asked)).all())
        decided |= await _decide(session, row, ids, data.decision, actor)
    if data.secrets is not None:
        kept = await session.exec(
            update(ImportFile)
            .where(*matching, LEAKING)
            .values(secrets=SecretsDecision.keep)
            .returning(col(ImportFile.id))
            .execution_options(synchronize_session=False)
        )
        decided |= {id_ for (id_,) in kept.all()}
    touch(row)
    return len(decided)


def _matching(row: Import, data: FilesDecision) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(ImportFile.import_id) == row.id]
    if data.ids is not None:
        conditions.append(col(ImportFile.id).in_(data.ids))
    if data.outcome is not None:
        conditions.append(col(ImportFile.outcome).in_(data.outcome))
    if data.kind is not None:
        conditions.append(col(ImportFile.kind).in_(data.kind))
    if data.rule is not None:
        conditions.append(has_rule(data.rule))
    return conditions


async def _decide(
    session: AsyncSession,
    row: Import,
    asked: set[UUID],
    decision: Decision,
    actor: Actor,
) -> set[UUID]:
    files = await _waiting(session, row)
    components = await components_for(session, row.team_id, files)
    hidden = await hidden_among(session, actor, components)
    chosen: set[UUID] = set()
    concerned: list[Wanting] = []
    for key, group in planning.by_key(files).items():
        fitting = [
            file
            for file in group
            if file.id in asked and _fits(file, decision, group, components.get(key))
        ]
        for file in fitting:
            file.decision = decision
        chosen.update(file.id for file in fitting)
        concerned += group if fitting else []
    for file, made in planning.plan(
        concerned, components, chosen=frozenset(chosen), hidden=hidden
    ):
        planning.settle(file, made)
    for batch in in_batches([_planned(file) for file in concerned], BATCH):
        await session.exec(update(ImportFile), params=batch)
    return chosen


async def _waiting(session: AsyncSession, row: Import) -> list[Wanting]:
    """All open files, as planning sees them: there may be tens of thousands."""
    rows = await fetch(
        session,
        select_columns(
            col(ImportFile.id),
            col(ImportFile.path),
            col(ImportFile.outcome),
            col(ImportFile.kind),
            col(ImportFile.name),
            col(ImportFile.digest),
            col(ImportFile.repaired_digest),
            col(ImportFile.needs_repair),
            col(ImportFile.reason),
            col(ImportFile.target_name),
            col(ImportFile.decision),
            col(ImportFile.component_id),
            col(ImportFile.seen_digest),
        ).where(col(ImportFile.import_id) == row.id, OPEN),
    )
    return [Wanting(*values) for values in rows]


def _planned(file: Wanting) -> dict[str, Any]:
    return {"id": file.id} | {name: getattr(file, name) for name in _PLANNED}


def _fits(
    file: Wanting,
    decision: Decision,
    group: Sequence[Wanting],
    component: Present | None,
) -> bool:
    if decision is Decision.skip:
        return True
    if decision is Decision.repaired and file.repaired_digest is None:
        return False
    if component is not None and component.is_deleted:
        return False
    # Nor does it pick one of several files for a name that all of them gave up.
    contested = any(other.digest != file.digest for other in group)
    given_up = not planning.takes_name(file)
    return file.outcome is not Outcome.clash and not (given_up and contested)
