"""Let components that were imported from a repository remember where they come from."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from uuid import UUID

from sqlalchemy import tuple_
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Revision
from roster.core.actor import Actor
from roster.core.model import utc_now
from roster.imports.applying import AFTER_BATCH, Applied
from roster.imports.models import Decision, Import, SecretsDecision
from roster.imports.storing import CREATED, PUBLISHED, UNCHANGED
from roster.repositories.models import Repository, Taken, Upstream, UpstreamState
from roster.upstreams.models import UpstreamFile, UpstreamUpdate

STORED = frozenset({CREATED, PUBLISHED, UNCHANGED})


async def link(
    session: AsyncSession, row: Import, applied: Sequence[Applied], _actor: Actor
) -> None:
    """Write down what of a repository each component of a part of an import holds.

    What comes from another repository stays with that, unless it was changed.
    """
    if row.repository_id is None:
        return
    wanted = _first_of_each(applied)
    present = await _present(session, wanted)
    made = {
        id_: one
        for id_, one in wanted.items()
        if one.result != UNCHANGED
        or id_ not in present
        or present[id_].repository_id == row.repository_id
    }
    if not made:
        return
    digests = await _digests(session, made.values())
    known = [id_ for id_ in made if id_ in present]
    for table in (UpstreamFile, UpstreamUpdate):
        mine = col(table.component_id).in_(known)
        await session.exec(delete(table).where(mine))
    for id_, one in made.items():
        values = _values(one, row, digests[id_])
        upstream = present.get(id_)
        if upstream is None:
            session.add(Upstream.model_validate({"component_id": id_, **values}))
        else:
            upstream.sqlmodel_update(values | {"version": upstream.version + 1})
    await _look_again(session, row)
    await session.flush()


def _first_of_each(applied: Iterable[Applied]) -> dict[UUID, Applied]:
    """Of files that make one component the first: the others are the same."""
    found: dict[UUID, Applied] = {}
    for one in sorted(applied, key=attrgetter("file.path")):
        if one.result in STORED and one.component_id is not None and one.number:
            found.setdefault(one.component_id, one)
    return found


async def _present(session: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Upstream]:
    rows = await session.exec(
        select(Upstream)
        .where(col(Upstream.component_id).in_(list(ids)))
        .order_by(col(Upstream.component_id))
        .with_for_update()
    )
    return {upstream.component_id: upstream for upstream in rows}


async def _digests(
    session: AsyncSession, applied: Iterable[Applied]
) -> dict[UUID, str]:
    numbers = [(one.component_id, one.number) for one in applied]
    rows = await session.exec(
        select(Revision.component_id, Revision.digest).where(
            tuple_(col(Revision.component_id), col(Revision.number)).in_(numbers)
        )
    )
    return dict(rows.all())


def _values(one: Applied, row: Import, digest: str) -> dict[str, object]:
    file = one.file
    repaired = file.decision is Decision.repaired
    return {
        "repository_id": row.repository_id,
        "path": file.path,
        "taken": Taken.repaired if repaired else Taken.original,
        "digest": file.found_digest,
        "number": one.number,
        "base_digest": digest,
        "moved_secrets": file.secrets is SecretsDecision.move,
        "commit": row.commit,
        "state": UpstreamState.current,
        "checked_at": utc_now(),
    }


async def _look_again(session: AsyncSession, row: Import) -> None:
    """Let the next check compare, where the last one was of another commit."""
    repository = await session.get(
        Repository, row.repository_id, with_for_update=True, populate_existing=True
    )
    if repository is not None and repository.commit != row.commit:
        repository.commit = ""


AFTER_BATCH.append(link)
