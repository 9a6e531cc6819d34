"""Find and describe the files of imports."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, false, func, or_, tuple_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from roster.components.models import Component
from roster.components.rows import fetch, seen, visible
from roster.components.schemas import Health
from roster.core.actor import Actor
from roster.core.paging import Page, by_id, by_text, cut, ordered
from roster.imports.file_schemas import (
    ClashWith,
    FileQuery,
    FileResult,
    ImportFileBase,
    ImportFilePublic,
    Reused,
    Same,
)
from roster.imports.models import Decision, Import, ImportFile, ImportState, Outcome
from roster.imports.planning import is_open, key_of
from roster.imports.service import LEAKING, OPEN, TAKES_SOMETHING
from roster.imports.trees import counts_of
from roster.teams.models import Team, TeamRef

BY_PATH = [by_text(col(ImportFile.path)), by_id(col(ImportFile.id))]
WITHOUT_BYTES = (
    defer(ImportFile.content, raiseload=True),  # type: ignore[arg-type]  # a column
    defer(ImportFile.source, raiseload=True),  # type: ignore[arg-type]  # a column
    defer(ImportFile.repaired, raiseload=True),  # type: ignore[arg-type]  # a column
)
_DERIVED = frozenset({"health", "clash_with", "result", "reuse"})


async def files_page(
    session: AsyncSession, row: Import, query: FileQuery, *, actor: Actor
) -> Page[ImportFilePublic]:
    total = None
    statement = _files(row, query).options(*WITHOUT_BYTES)
    if query.count:
        counted = select(func.count()).select_from(_files(row, query).subquery())
        total = (await session.exec(counted)).one()
    rows = await session.exec(ordered(statement, "path", BY_PATH, query))
    files, cursor = cut(rows.all(), "path", query, lambda file: [file.path, file.id])
    items = await _describe(session, row, files, actor)
    return Page(items=items, next_cursor=cursor, total=total)


def _files(row: Import, query: FileQuery) -> SelectOfScalar[ImportFile]:
    statement = select(ImportFile).where(ImportFile.import_id == row.id)
    if row.state is ImportState.reading:
        return statement.where(false())
    if query.outcome:
        statement = statement.where(col(ImportFile.outcome).in_(query.outcome))
    if query.kind:
        statement = statement.where(col(ImportFile.kind).in_(query.kind))
    if query.rule is not None:
        statement = statement.where(has_rule(query.rule))
    if query.result is not None:
        applied = col(ImportFile.result).is_not(None)
        statement = statement.where(applied if query.result == "applied" else OPEN)
    if query.secrets is not None:
        statement = statement.where(LEAKING)
    if query.q:
        columns = (ImportFile.path, ImportFile.name, ImportFile.target_name)
        found = (col(one).icontains(query.q, autoescape=True) for one in columns)
        statement = statement.where(or_(*found))
    return statement


def has_rule(rule: str) -> ColumnElement[bool]:
    """Whether a rule, or one of a group such as `frontmatter.*`, found something."""
    # As they are stored, each stands in quotes, and none holds a `%` or `_`.
    wanted = f'"{rule[:-1]}' if rule.endswith("*") else f'"{rule}"'
    return cast(ImportFile.rules, String).like(f"%{wanted}%")


async def describe_file(
    session: AsyncSession, row: Import, file: ImportFile, *, actor: Actor
) -> ImportFilePublic:
    [described] = await _describe(session, row, [file], actor)
    return described


async def _describe(
    session: AsyncSession, row: Import, files: Sequence[ImportFile], actor: Actor
) -> list[ImportFilePublic]:
    around = await around_of(session, row, files, actor)
    counts = await counts_of(session, [file.id for file in files])
    same = await _same_as(session, row, files, actor)
    return [
        ImportFilePublic(
            **public_values(file, around),
            examples=file.examples,
            other_files=counts.get(file.id, 0),
            same_as=[
                one
                for digest in dict.fromkeys((file.digest, file.repaired_digest))
                for one in same.get(digest, ())
                if is_open(file)
            ],
        )
        for file in files
    ]


@dataclass(frozen=True)
class Around:
    """What is shown of other things than the file."""

    clashes: Mapping[UUID, list[ClashWith]]
    reused: Mapping[UUID, Reused] = field(default_factory=dict)


async def around_of(
    session: AsyncSession, row: Import, files: Sequence[ImportFile], actor: Actor
) -> Around:
    return Around(
        await _clashes_of(session, row, files), await _reused(session, files, actor)
    )


def public_values(file: ImportFile, around: Around) -> dict[str, Any]:
    known = set(ImportFileBase.model_fields) - _DERIVED
    values: dict[str, Any] = {name: getattr(file, name) for name in known}
    result = None
    if file.result is not None:
        reused = file.decision is Decision.reuse
        result = FileResult(
            outcome=file.result,
            component_id=file.reuse_id if reused else file.component_id,
            number=file.result_number,
        )
    return values | {
        "health": Health.of(file),
        "clash_with": around.clashes.get(file.id, []),
        "reuse": around.reused.get(file.reuse_id) if file.reuse_id else None,
        "result": result,
    }


async def _same_as(
    session: AsyncSession, row: Import, files: Sequence[ImportFile], actor: Actor
) -> Mapping[str | None, list[Same]]:
    """Components of other teams that the actor sees, by the digest of their newest."""
    digests = {
        digest
        for file in files
        for digest in (file.digest, file.repaired_digest)
        if digest is not None and is_open(file)
    }
    found: dict[str | None, list[Same]] = defaultdict(list)
    if not digests:
        return found
    rows = await fetch(
        session,
        select_columns(
            col(Component.id),
            col(Component.latest_digest),
            col(Component.kind),
            col(Component.name),
            col(Team.id),
            col(Team.slug),
            col(Team.name),
        )
        .join(Team, col(Team.id) == Component.team_id)
        .where(
            col(Component.latest_digest).in_(digests),
            col(Component.team_id) != row.team_id,
            visible(actor),
        )
        .order_by(col(Team.slug), col(Component.name)),
    )
    for id_, digest, kind, name, team_id, slug, team in rows:
        found[digest].append(
            Same(
                component_id=id_,
                reference=f"{kind}:{slug}/{name}",
                team=TeamRef(id=team_id, slug=slug, name=team),
            )
        )
    return found


async def _reused(
    session: AsyncSession, files: Sequence[ImportFile], actor: Actor
) -> Mapping[UUID, Reused]:
    ids = {file.reuse_id for file in files if file.reuse_id is not None}
    if not ids:
        return {}
    rows = await session.exec(
        select(Component.id, Component.kind, Team.slug, Component.name)
        .join(Team, col(Team.id) == Component.team_id)
        .where(col(Component.id).in_(ids), seen(actor))
    )
    return {
        id_: Reused(component_id=id_, reference=f"{kind}:{slug}/{name}")
        for id_, kind, slug, name in rows
    }


async def _clashes_of(
    session: AsyncSession, row: Import, files: Sequence[ImportFile]
) -> Mapping[UUID, list[ClashWith]]:
    """What each file that is in a clash clashes with."""
    found: dict[UUID, list[ClashWith]] = defaultdict(list)
    clashing = [file for file in files if file.outcome is Outcome.clash]
    if not clashing:
        return found
    effective = func.coalesce(ImportFile.target_name, ImportFile.name)
    keys = {key_of(file) for file in clashing}
    others = await session.exec(
        select(ImportFile)
        .where(
            ImportFile.import_id == row.id,
            tuple_(col(ImportFile.kind), effective).in_(keys),
            OPEN,
            TAKES_SOMETHING,
        )
        .options(*WITHOUT_BYTES)
        .order_by(col(ImportFile.path), col(ImportFile.id))
    )
    wanting = others.all()
    deleted = await _deleted_references(session, clashing)
    for file in clashing:
        found[file.id] = [
            ClashWith(path=other.path)
            for other in wanting
            if key_of(other) == key_of(file)
            and other.id != file.id
            and other.digest != file.digest
        ]
        if file.component_id in deleted:
            found[file.id].append(ClashWith(reference=deleted[file.component_id]))
    return found


async def _deleted_references(
    session: AsyncSession, files: Sequence[ImportFile]
) -> dict[UUID | None, str]:
    ids = {file.component_id for file in files if file.component_id is not None}
    rows = await session.exec(
        select(Component.id, Component.kind, Team.slug, Component.name)
        .join(Team, col(Team.id) == Component.team_id)
        .where(col(Component.id).in_(ids), col(Component.deleted_at).is_not(None))
    )
    return {id_: f"{kind}:{slug}/{name}" for id_, kind, slug, name in rows}
