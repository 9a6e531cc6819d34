"""Ask for what was decided to be stored: all of an import, or a part of it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.auth.acting import asked_by
from roster.core.actor import Actor
from roster.core.caching import require_match
from roster.core.errors import Conflict
from roster.core.model import utc_now
from roster.imports.models import (
    Import,
    ImportFile,
    ImportState,
    SecretsDecision,
)
from roster.imports.schemas import ApplyRequest
from roster.imports.service import (
    LEAKING,
    OPEN,
    TAKES_SOMETHING,
    find,
    require_preview,
)
from roster.jobs.service import enqueue
from roster.teams.access import Verb, require

APPLY = "imports.apply"
NAMED = 5
"""How many files a refusal names."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a file.

    Attributes:
        file: Its row, without its bytes.
        component_id: What it made, changed or equals; None if it was skipped.
        number: The revision of that.
        result: `created`, `published`, `unchanged`, `skipped` or `reused`.
    """

    file: ImportFile
    component_id: UUID | None
    number: int | None
    result: str


AfterBatch = Callable[[AsyncSession, Import, Sequence[Applied], Actor], Awaitable[None]]
AFTER_BATCH: list[AfterBatch] = []
"""Called in the transaction that stores a part of an import."""


async def begin(
    session: AsyncSession,
    import_id: UUID,
    if_match: str | None,
    wanted: ApplyRequest,
    *,
    actor: Actor,
) -> Import:
    """Ask a job to store what was decided.

    Raises:
        Forbidden: The actor may not edit in the team, or not store secrets there.
        Conflict: It is no preview any more, or something of it is undecided.
        Stale: The import is not in the state that ``If-Match`` names.
    """
    row = await find(session, import_id, actor, edit=True)
    if if_match is not None:
        require_match(if_match, row.version)
    require_preview(row)
    chosen = wanted.model_dump(mode="json", exclude_none=True)
    matching = selected(row.id, chosen)
    total = await _count(session, matching)
    if chosen and not total:
        raise Conflict("Nothing of this is left to be applied.")
    await require_decided(session, matching)
    moving = and_(
        matching, TAKES_SOMETHING, col(ImportFile.secrets) == SecretsDecision.move
    )
    if await _count(session, moving):
        await require(session, actor, row.team_id, Verb.manage)
    job = enqueue(
        session,
        APPLY,
        {
            "import_id": str(row.id),
            "selected": chosen,
            "before": row.results or {},
            **asked_by(actor),
        },
        actor_id=actor.id,
        team_id=row.team_id,
        subject=("import", row.id),
        title=f"Store {total:,} files of an import",
    )
    await session.flush()
    row.state, row.job_id, row.error = ImportState.applying, job.id, ""
    row.version += 1
    row.updated_at = utc_now()
    await session.flush()
    return row


def selected(import_id: UUID, chosen: dict[str, Any]) -> ColumnElement[bool]:
    """Open files that match every condition, as the payload of a job has them."""
    conditions = [col(ImportFile.import_id) == import_id, OPEN]
    if "ids" in chosen:
        conditions.append(col(ImportFile.id).in_([UUID(id_) for id_ in chosen["ids"]]))
    if "outcome" in chosen:
        conditions.append(col(ImportFile.outcome).in_(chosen["outcome"]))
    if "kind" in chosen:
        conditions.append(col(ImportFile.kind).in_(chosen["kind"]))
    return and_(*conditions)


async def _count(session: AsyncSession, matching: ColumnElement[bool]) -> int:
    counted = await session.exec(
        select(func.count()).select_from(ImportFile).where(matching)
    )
    return counted.one()


async def require_decided(session: AsyncSession, matching: ColumnElement[bool]) -> None:
    """Store nothing that a person still has to decide about.

    Raises:
        Conflict: Something of it is undecided.
    """
    undecided = await _named(
        session, and_(matching, col(ImportFile.decision).is_(None))
    )
    if undecided:
        raise Conflict(
            f"Decide about these first: {undecided}. Each of them wants a name that "
            f"something else has, or was changed by somebody else."
        )
    leaking = await _named(session, and_(matching, LEAKING))
    if leaking:
        raise Conflict(
            "Decide first what becomes of the secrets that are written out in "
            f"{leaking}: keep them, or move those of servers into the store."
        )


async def _named(session: AsyncSession, matching: ColumnElement[bool]) -> str:
    """The first paths, and how many more there are; empty if there is none."""
    found = await session.exec(
        select(ImportFile.path)
        .where(matching)
        .order_by(col(ImportFile.path), col(ImportFile.id))
        .limit(NAMED)
    )
    paths = list(found)
    if not paths:
        return ""
    more = await _count(session, matching) - len(paths)
    return ", ".join(paths) + (f" and {more:,} more" if more else "")
