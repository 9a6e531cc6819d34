"""From what was read to the rows of a preview: compared with the team, and kept.

Rows are kept in batches, so that nobody waits long for their turn to write. As long as
the import is `reading` nobody sees them, and an attempt begins by removing those of the
one before.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import insert
from sqlalchemy import select as select_columns
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession
from uuid_utils.compat import uuid7

from roster.blobs.reading import redacted
from roster.blobs.staging import Source, rely_on, stage
from roster.blobs.storage import store_of
from roster.components.content import TreeFile, content_digest, file_digest
from roster.components.kinds import KINDS
from roster.components.lookup import batches
from roster.components.models import Component, ComponentName
from roster.components.rows import fetch, visible
from roster.core.actor import Actor
from roster.core.model import utc_now
from roster.imports import planning
from roster.imports.models import Import, ImportFile, ImportTreeFile, Outcome
from roster.imports.planning import Present, Wanting
from roster.imports.trees import REDACTED
from roster.imports.unpacking import Kept, Reading
from roster.jobs import claims
from roster.jobs.registry import JobLostError, Run
from roster.uploads.spool import Spool

BATCH = 200

Item = TypeVar("Item")
Trees = dict[int, tuple[TreeFile, ...]]
"""The files beside a main one, by the place of that in a `Reading`."""

_BYTES = ("content", "source", "repaired")
_OF_CONTENT = (*_BYTES, "decision", "component_id", "seen_digest")
_DEFAULTS = {
    name: field.default
    for name, field in ImportFile.model_fields.items()
    if field.default is None or isinstance(field.default, str | int | bool)
}


@dataclass(frozen=True, slots=True)
class _Tree:
    """The files beside a main one, and the id of its row."""

    id: UUID
    files: tuple[TreeFile, ...]
    kept: Kept


async def stage_trees(reading: Reading, spool: Spool, run: Run) -> Trees:
    """Store the files beside the main ones, which nothing refers to yet."""
    tools = run.tools
    beside = [
        (place, one) for place, kept in enumerate(reading.files) for one in kept.others
    ]
    sources = [
        Source(one.span.size, lambda span=one.span: spool.open(span))  # type: ignore[misc]
        for _, one in beside
    ]
    store = store_of(tools.settings)
    digests = await stage(tools.database, tools.settings, store, sources)
    found: dict[int, list[TreeFile]] = defaultdict(list)
    for (place, one), digest in zip(beside, digests, strict=True):
        found[place].append(TreeFile(one.path, digest, one.span.size, one.mode))
    trees = {place: tuple(files) for place, files in found.items()}
    await run_in_threadpool(_count_in, reading, trees, spool)
    return trees


def _count_in(reading: Reading, trees: Trees, spool: Spool) -> None:
    """Make the digest of a row that of its whole tree."""
    for place, others in trees.items():
        kept = reading.files[place]
        kind = KINDS[kept.values["kind"]]
        for name, span in (
            ("digest", kept.content),
            ("repaired_digest", kept.repaired),
        ):
            if span is not None:
                kept.values[name] = content_digest(kind, spool.read(span), others)


async def keep(  # noqa: PLR0913, PLR0917 - what an import is made of
    run: Run, row: Import, reading: Reading, trees: Trees, spool: Spool, actor: Actor
) -> None:
    """Decide what each file would be in the team, and keep them all."""
    database = run.tools.database
    files = await run_in_threadpool(_wanting, reading)
    async with database.read() as session:
        components = await components_for(session, row.team_id, files)
        hidden = await hidden_among(session, actor, components)
    await run_in_threadpool(_plan, files, components, hidden)
    async with database.write() as session:
        await still_ours(session, run)
        await forget_rows(session, row.id)
    places = range(len(files))
    for batch in in_batches(places, BATCH):
        values = await run_in_threadpool(_values, row, batch, files, reading, spool)
        async with database.write() as session:
            await still_ours(session, run)
            here = [
                _Tree(files[place].id, trees[place], reading.files[place])
                for place in batch
                if place in trees
            ]
            others = {one.id: one.files for one in here}
            refused = await _refuse_redacted(session, row, values, others)
            await session.exec(insert(ImportFile), params=values)
            await _keep_trees(session, row, (t for t in here if t.id not in refused))
        run.progress(batch[-1] + 1, len(files), step="Comparing with the team")


async def still_ours(session: AsyncSession, run: Run) -> None:
    """Let nothing be stored by an attempt that another one has taken over.

    Raises:
        JobLostError: Another one has, or the job was cancelled.
    """
    if not await claims.beat(session, run.job_id, run.attempt):
        raise JobLostError


async def forget_rows(session: AsyncSession, import_id: UUID) -> None:
    """Remove what an attempt to read it has kept."""
    mine = select(ImportFile.id).where(ImportFile.import_id == import_id)
    await session.exec(
        delete(ImportTreeFile).where(col(ImportTreeFile.file_id).in_(mine))
    )
    await session.exec(delete(ImportFile).where(col(ImportFile.import_id) == import_id))


def _wanting(reading: Reading) -> list[Wanting]:
    # An outcome to begin with; planning decides about all that can be imported.
    return [
        Wanting(
            id=uuid7(),
            path=values["path"],
            outcome=values.get("outcome", Outcome.new),
            reason=values.get("reason", ""),
            kind=values.get("kind"),
            name=values.get("name"),
            digest=values.get("digest"),
            repaired_digest=values.get("repaired_digest"),
            needs_repair=values.get("needs_repair", False),
        )
        for values in (kept.values for kept in reading.files)
    ]


def _plan(
    files: Sequence[Wanting],
    components: planning.Components,
    hidden: frozenset[UUID],
) -> None:
    for file, made in planning.plan(files, components, hidden=hidden):
        planning.settle(file, made)


def _values(
    row: Import,
    places: Sequence[int],
    files: Sequence[Wanting],
    reading: Reading,
    spool: Spool,
) -> list[dict[str, Any]]:
    now = utc_now()
    made = []
    for place in places:
        file, kept = files[place], reading.files[place]
        made.append(
            {
                **_DEFAULTS,
                "notes": [],
                "rules": [],
                "accepted_fixes": [],
                "elsewhere": None,
                **kept.values,
                "id": file.id,
                "import_id": row.id,
                "created_at": now,
                "updated_at": now,
                "outcome": file.outcome,
                "reason": file.reason,
                "decision": file.decision,
                "component_id": file.component_id,
                "seen_digest": file.seen_digest,
                "found_digest": kept.values.get("digest"),
                "content": None if kept.content is None else spool.read(kept.content),
                "source": None if kept.source is None else spool.read(kept.source),
                "repaired": (
                    None if kept.repaired is None else spool.read(kept.repaired)
                ),
            }
        )
    return made


async def _refuse_redacted(
    session: AsyncSession,
    row: Import,
    values: Sequence[dict[str, Any]],
    others: Mapping[UUID, tuple[TreeFile, ...]],
) -> set[UUID]:
    """Let no bytes back in that the team redacted; give the ids of what is refused."""
    holding: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in values:
        for name in _BYTES:
            if one[name] is not None:
                holding[file_digest(one[name])].append(one)
        for file in others.get(one["id"], ()):
            holding[file.digest].append(one)
    refused = set()
    for digest in await redacted(session, row.team_id, holding):
        for one in holding[digest]:
            one.update(dict.fromkeys(_OF_CONTENT), outcome=Outcome.refused)
            one.update(reason=REDACTED, has_repair=False, description="")
            refused.add(one["id"])
    return refused


async def _keep_trees(
    session: AsyncSession, row: Import, trees: Iterable[_Tree]
) -> None:
    kept = list(trees)
    digests = (file.digest for one in kept for file in one.files)
    await rely_on(session, digests, row.team_id)
    rows = [values for one in kept for values in _tree_rows(one)]
    for batch in in_batches(rows, 10 * BATCH):
        await session.exec(insert(ImportTreeFile), params=batch)


def _tree_rows(tree: _Tree) -> Iterator[dict[str, Any]]:
    for one, beside in zip(tree.files, tree.kept.others, strict=True):
        yield {
            "file_id": tree.id,
            "path": one.path,
            "mode": one.mode,
            "blob_digest": one.digest,
            "size": one.size,
            "findings": [
                finding.model_dump(mode="json") for finding in beside.findings
            ],
        }


def in_batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


async def components_for(
    session: AsyncSession, team_id: UUID, files: Iterable[planning.File]
) -> planning.Components:
    """The team's components that have one of the names that the files want.

    The soft-deleted are among them, and those that had the name once.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for file in files:
        if planning.is_open(file):
            kind, name = planning.key_of(file)
            wanted[kind].add(name)
    found: planning.Components = {}
    for kind, names in wanted.items():
        for batch in batches(names):
            rows = await fetch(
                session,
                select_columns(
                    col(ComponentName.name),
                    col(Component.id),
                    col(Component.latest_number),
                    col(Component.latest_digest),
                    col(Component.deleted_at).is_not(None),
                    col(Component.published_at).is_not(None),
                )
                .join(Component, col(Component.id) == ComponentName.component_id)
                .where(
                    col(ComponentName.team_id) == team_id,
                    col(ComponentName.kind) == kind,
                    col(ComponentName.name).in_(batch),
                ),
            )
            for name, *about in rows:
                found[kind, name] = Present(*about)
    return found


async def hidden_among(
    session: AsyncSession, actor: Actor, components: planning.Components
) -> frozenset[UUID]:
    """Those that somebody began, and that the actor does not see."""
    begun = {one.id for one in components.values() if not one.is_published}
    seen: set[UUID] = set()
    for batch in batches(begun):
        rows = select(Component.id).where(col(Component.id).in_(batch), visible(actor))
        seen.update(await session.exec(rows))
    return frozenset(begun - seen)
