"""Store a part of an import in one transaction: each file wholly, or not at all.

What needs the CPU (repairing, renaming, reading) is done before the transaction
begins, on rows that nobody decides about meanwhile: the import is `applying`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import func, tuple_
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.blobs.reading import redacted
from roster.components import publish
from roster.components.content import Content
from roster.components.kinds import KINDS
from roster.components.locking import lock
from roster.components.models import Component
from roster.components.rows import visible
from roster.core.actor import Actor
from roster.core.crypto import Cipher
from roster.core.db import Database
from roster.imports import planning, secret_moves
from roster.imports.applying import AFTER_BATCH, Applied
from roster.imports.contents import content_of
from roster.imports.files import WITHOUT_BYTES
from roster.imports.models import Decision, Import, ImportFile, Outcome
from roster.imports.planning import Key, Plan, Present, key_of, name_of
from roster.imports.preview import components_for, hidden_among
from roster.imports.service import OPEN
from roster.imports.trees import REDACTED, Trees, trees_of
from roster.teams.models import Visibility

CREATED, PUBLISHED, UNCHANGED = "created", "published", "unchanged"
SKIPPED, REUSED = "skipped", "reused"
RESULTS = (CREATED, PUBLISHED, UNCHANGED, SKIPPED, REUSED)
NOT_THERE = "What it should be replaced by is not there any more. Decide again."
UNSEEN = "It holds what looks like a secret. Decide what becomes of that first."
STORED = frozenset({Decision.original, Decision.repaired})

Contents = dict[UUID, Content]


@dataclass
class _Work:
    """What is to be written, sorted by how."""

    new: list[ImportFile] = field(default_factory=list)
    changed: list[tuple[ImportFile, Component]] = field(default_factory=list)
    twins: list[tuple[ImportFile, UUID]] = field(default_factory=list)
    """Files that an earlier one stands for, and the id of that."""
    applied: dict[UUID, Applied] = field(default_factory=dict)
    left: list[ImportFile] = field(default_factory=list)
    """Files to decide about again."""

    def note(
        self,
        file: ImportFile,
        result: str,
        component_id: UUID | None = None,
        number: int | None = None,
    ) -> None:
        self.applied[file.id] = Applied(file, component_id, number, result)

    def leave(self, file: ImportFile, made: Plan) -> None:
        planning.settle(file, made)
        self.left.append(file)


async def prepare(database: Database, row: Import, ids: Sequence[UUID]) -> Contents:
    """Make what is to be published of some files, off the event loop."""
    async with database.read() as session:
        found = await session.exec(
            select(ImportFile).where(
                col(ImportFile.id).in_(ids),
                ImportFile.outcome != Outcome.unchanged,
                col(ImportFile.decision).in_(sorted(STORED)),
                OPEN,
            )
        )
        files = found.all()
        trees = await trees_of(session, (file.id for file in files))
    return await run_in_threadpool(_contents, files, row, trees)


def _contents(files: Sequence[ImportFile], row: Import, trees: Trees) -> Contents:
    return {
        file.id: content_of(file, row, trees.get(file.id, ()))
        for file in files
        if file.content is not None  # or it was redacted in the meantime
    }


async def store(  # noqa: PLR0913 - what is stored, and with what
    session: AsyncSession,
    row: Import,
    ids: Sequence[UUID],
    contents: Contents,
    *,
    cipher: Cipher,
    actor: Actor,
) -> list[Applied]:
    """Store some files: all those among the selected ones that want the same names."""
    chosen = set(ids)
    files = await _wanting(session, row, ids)
    work, components = await _sort(session, row, files, chosen, actor)
    await _complete(session, row, work, contents)
    await _write(session, row, work, contents, actor)
    for file, first in work.twins:
        if first in work.applied:
            stands = work.applied[first]
            work.note(file, UNCHANGED, stands.component_id, stands.number)
    applied = list(work.applied.values())
    await session.flush()
    if applied:
        await session.exec(update(ImportFile), params=[_result(one) for one in applied])
    stored = [one.file for one in applied]
    await secret_moves.carry_out(session, row, stored, cipher=cipher, actor=actor)
    others = [file for file in files if file.id not in chosen]
    if others:
        await _plan_again(session, row, others, components, actor)
    for after in AFTER_BATCH:
        await after(session, row, applied, actor)
    return applied


def tally(applied: Iterable[Applied]) -> dict[str, int]:
    found = Counter(one.result for one in applied)
    return {name: found[name] for name in RESULTS if found[name]}


def _result(one: Applied) -> dict[str, Any]:
    return {
        "id": one.file.id,
        "result": one.result,
        "component_id": one.component_id,
        "result_number": one.number,
    }


async def _wanting(
    session: AsyncSession, row: Import, ids: Sequence[UUID]
) -> list[ImportFile]:
    """The files, and all others of the import that want one of their names."""
    effective = func.coalesce(ImportFile.target_name, ImportFile.name)
    keys = await session.exec(
        select(ImportFile.kind, effective)
        .where(col(ImportFile.id).in_(ids), OPEN)
        .distinct()
    )
    found = await session.exec(
        select(ImportFile)
        .where(
            ImportFile.import_id == row.id,
            tuple_(col(ImportFile.kind), effective).in_(keys.all()),
            OPEN,
        )
        .options(*WITHOUT_BYTES)
    )
    return list(found)


async def _sort(
    session: AsyncSession,
    row: Import,
    files: Sequence[ImportFile],
    chosen: set[UUID],
    actor: Actor,
) -> tuple[_Work, planning.Components]:
    """Plan again, against the present state of the team, locked until the end."""
    components = await components_for(session, row.team_id, files)
    locked = await lock(
        session, [one.id for one in components.values() if not one.is_deleted]
    )
    present = {
        key: Present.of(locked[one.id]) if one.id in locked else one
        for key, one in components.items()
    }
    hidden = await hidden_among(session, actor, present)
    there = await _there(session, files, actor)
    taken = {(key_of(file), file.digest) for file in files if file.id in chosen}
    # An equal file that is not among the chosen ones cannot stand for one of them.
    rivals = (
        file
        for file in files
        if file.id in chosen or (key_of(file), file.digest) not in taken
    )
    work = _Work()
    for file, made in planning.plan(rivals, present, hidden=hidden):
        if file.id in chosen:
            _place(work, file, made, locked, there)
    work.new.sort(key=key_of)
    return work, present


def _place(
    work: _Work,
    file: ImportFile,
    made: Plan,
    locked: dict[UUID, Component],
    there: frozenset[UUID],
) -> None:
    component = made.component
    latest = component.latest_digest if component is not None else None
    if file.decision is Decision.skip:
        work.note(file, SKIPPED)
    elif file.decision is Decision.reuse:
        if file.reuse_id in there:
            work.note(file, REUSED)
        else:
            work.leave(file, Plan(Outcome.clash, NOT_THERE, None, component))
    elif made.decision is None:
        work.leave(file, made)
    elif made.twin is not None:
        work.twins.append((file, made.twin.id))
    elif component and latest == planning.digest_of(file, file.decision):
        work.note(file, UNCHANGED, component.id, component.latest_number)
    elif latest != file.seen_digest:
        work.leave(file, planning.moved(component))
    elif file.literal_secrets and file.secrets is None:
        # It was thought to be unchanged when it was asked for.
        work.leave(file, replace(made, reason=UNSEEN))
    elif component is None:
        work.new.append(file)
    else:
        work.changed.append((file, locked[component.id]))


async def _there(
    session: AsyncSession, files: Iterable[ImportFile], actor: Actor
) -> frozenset[UUID]:
    """Components of other teams that are to be used instead, and that are there."""
    ids = {file.reuse_id for file in files if file.decision is Decision.reuse}
    if not ids:
        return frozenset()
    rows = select(Component.id).where(col(Component.id).in_(ids), visible(actor))
    return frozenset(await session.exec(rows))


async def _complete(
    session: AsyncSession, row: Import, work: _Work, contents: Contents
) -> None:
    """Prepare what nobody expected to be stored, and refuse what was redacted."""
    files = {file.id: file for file in work.new}
    files |= {file.id: file for file, _ in work.changed}
    missing = [id_ for id_ in files if id_ not in contents]
    if missing:
        found = await session.exec(
            select(ImportFile)
            .where(col(ImportFile.id).in_(missing))
            .execution_options(populate_existing=True)
        )
        whole = found.all()
        trees = await trees_of(session, missing)
        contents |= await run_in_threadpool(_contents, whole, row, trees)
    digests = {
        id_: {file.digest for file in contents[id_].files}
        for id_ in files
        if id_ in contents
    }
    gone = await redacted(session, row.team_id, set().union(*digests.values()))
    for id_, file in files.items():
        if id_ not in digests or not digests[id_].isdisjoint(gone):
            work.leave(file, Plan(Outcome.refused, REDACTED, None))
    out = {file.id for file in work.left}
    work.new = [file for file in work.new if file.id not in out]
    work.changed = [pair for pair in work.changed if pair[0].id not in out]


async def _write(
    session: AsyncSession, row: Import, work: _Work, contents: Contents, actor: Actor
) -> None:
    files = [*work.new, *(file for file, _ in work.changed)]
    await publish.keep_blobs(
        session, row.team_id, (contents[file.id] for file in files)
    )
    for kind in dict.fromkeys(file.kind for file in work.new):
        alike = [file for file in work.new if file.kind == kind]
        made = await publish.create_many(
            session,
            [(name_of(file), contents[file.id]) for file in alike],
            team_id=row.team_id,
            kind=KINDS[kind or ""],
            visibility=Visibility.private,
            actor=actor,
        )
        for file, component in zip(alike, made, strict=True):
            work.note(file, CREATED, component.id, component.latest_number)
    if work.changed:
        items = [(component, contents[file.id]) for file, component in work.changed]
        revisions = await publish.publish_many(session, items, actor=actor)
        for (file, component), revision in zip(work.changed, revisions, strict=True):
            result = UNCHANGED if revision is None else PUBLISHED
            work.note(file, result, component.id, component.latest_number)


async def _plan_again(
    session: AsyncSession,
    row: Import,
    others: Sequence[ImportFile],
    components: planning.Components,
    actor: Actor,
) -> None:
    """Show what the files that were not chosen would be now."""
    present = await components_for(session, row.team_id, others)
    changed: set[Key] = {
        key for key, one in present.items() if components.get(key) != one
    }
    concerned = [file for file in others if key_of(file) in changed]
    hidden = await hidden_among(session, actor, present)
    for file, made in planning.plan(concerned, present, hidden=hidden):
        planning.settle(file, made)
    await session.flush()
