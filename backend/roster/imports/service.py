"""Find and describe imports and their files."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, or_, tuple_
from sqlalchemy.orm import defer
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from roster.components.models import Component
from roster.components.schemas import Health
from roster.core.actor import Actor
from roster.core.caching import version_tag
from roster.core.errors import Conflict, NotFound
from roster.core.paging import (
    Page,
    PageQuery,
    by_id,
    by_text,
    by_time,
    cut,
    ordered,
)
from roster.imports.models import Decision, Import, ImportFile, ImportState, Outcome
from roster.imports.planning import key_of
from roster.imports.schemas import (
    ClashWith,
    Counts,
    FileQuery,
    FileResult,
    Headline,
    ImportFileBase,
    ImportFilePublic,
    ImportPublic,
    Results,
)
from roster.imports.trees import counts_of
from roster.teams.access import Verb, require, teams_of
from roster.teams.models import Team, TeamRef
from roster.users.models import User, UserRef

NEWEST = [
    by_time(col(Import.created_at), descending=True),
    by_id(col(Import.id), descending=True),
]
BY_PATH = [by_text(col(ImportFile.path)), by_id(col(ImportFile.id))]
WITHOUT_BYTES = (
    defer(ImportFile.content, raiseload=True),  # type: ignore[arg-type]  # a column
    defer(ImportFile.repaired, raiseload=True),  # type: ignore[arg-type]  # a column
)


async def find(
    session: AsyncSession, import_id: UUID, actor: Actor, *, edit: bool = False
) -> Import:
    """An import for its author and the editors of its team; locked to be edited.

    It shows what the team's components say now: an author who left sees it no more.

    Raises:
        NotFound: There is none that the actor may see.
        Forbidden: It is the actor's, who may not edit in the team any more.
    """
    reading, editing = teams_of(actor, Verb.read), teams_of(actor, Verb.edit)
    statement = select(Import).where(
        Import.id == import_id,
        col(Import.team_id).in_(reading),
        or_(col(Import.author_id) == actor.id, col(Import.team_id).in_(editing)),
    )
    found = await session.exec(statement.with_for_update() if edit else statement)
    row = found.first()
    if row is None:
        raise NotFound("There is no such import.")
    if edit:
        await require(session, actor, row.team_id, Verb.edit)
    return row


def require_preview(row: Import) -> None:
    if row.state is not ImportState.preview:
        raise Conflict(f"This import is {row.state} and cannot be changed any more.")


async def page_of(
    session: AsyncSession, query: PageQuery, *, actor: Actor
) -> Page[ImportPublic]:
    statement = select(Import).where(
        Import.author_id == actor.id,
        col(Import.team_id).in_(teams_of(actor, Verb.read)),
    )
    rows = await session.exec(ordered(statement, "newest", NEWEST, query))
    imports, cursor = cut(
        rows.all(), "newest", query, lambda row: [row.created_at, row.id]
    )
    return Page(items=await describe(session, imports), next_cursor=cursor)


async def describe(
    session: AsyncSession, imports: Sequence[Import]
) -> list[ImportPublic]:
    team_ids = {row.team_id for row in imports}
    teams = await session.exec(select(Team).where(col(Team.id).in_(team_ids)))
    team_of = {team.id: TeamRef.model_validate(team) for team in teams}
    author_ids = {row.author_id for row in imports}
    users = await session.exec(select(User).where(col(User.id).in_(author_ids)))
    author_of = {user.id: UserRef.model_validate(user) for user in users}
    counts = await _counts(session, [row.id for row in imports])
    return [
        ImportPublic(
            id=row.id,
            team=team_of[row.team_id],
            state=row.state,
            created_at=row.created_at,
            applied_at=row.applied_at,
            author=author_of[row.author_id],
            source=row.source,
            headline=Headline.model_validate(row.headline),
            counts=counts[row.id],
            results=Results(**row.results) if row.results is not None else None,
            etag=version_tag(row.version),
        )
        for row in imports
    ]


async def describe_one(session: AsyncSession, row: Import) -> ImportPublic:
    [described] = await describe(session, [row])
    return described


async def _counts(
    session: AsyncSession, import_ids: Sequence[UUID]
) -> Mapping[UUID, Counts]:
    rows = await session.exec(
        select(ImportFile.import_id, ImportFile.outcome, func.count())
        .where(col(ImportFile.import_id).in_(import_ids))
        .group_by(col(ImportFile.import_id), col(ImportFile.outcome))
    )
    found: dict[UUID, Counter[str]] = defaultdict(Counter)
    for import_id, outcome, count in rows:
        found[import_id][outcome] = count
    return {id_: Counts(**found[id_]) for id_ in import_ids}


async def files_page(
    session: AsyncSession, row: Import, query: FileQuery
) -> Page[ImportFilePublic]:
    total = None
    statement = _files(row, query).options(*WITHOUT_BYTES)
    if query.count:
        counted = select(func.count()).select_from(_files(row, query).subquery())
        total = (await session.exec(counted)).one()
    rows = await session.exec(ordered(statement, "path", BY_PATH, query))
    files, cursor = cut(rows.all(), "path", query, lambda file: [file.path, file.id])
    clashes = await clashes_of(session, row, files)
    counts = await counts_of(session, [file.id for file in files])
    items = [
        ImportFilePublic(
            **public_values(file, clashes[file.id]),
            examples=file.examples,
            other_files=counts.get(file.id, 0),
        )
        for file in files
    ]
    return Page(items=items, next_cursor=cursor, total=total)


def _files(row: Import, query: FileQuery) -> SelectOfScalar[ImportFile]:
    statement = select(ImportFile).where(ImportFile.import_id == row.id)
    if query.outcome:
        statement = statement.where(col(ImportFile.outcome).in_(query.outcome))
    return statement


def public_values(file: ImportFile, clash_with: list[ClashWith]) -> dict[str, object]:
    known = set(ImportFileBase.model_fields) - {"health", "clash_with", "result"}
    values: dict[str, object] = {name: getattr(file, name) for name in known}
    result = None
    if file.result is not None:
        result = FileResult(
            outcome=file.result,
            component_id=file.component_id,
            number=file.result_number,
        )
    return values | {
        "health": Health.of(file),
        "clash_with": clash_with,
        "result": result,
    }


async def describe_file(
    session: AsyncSession, row: Import, file: ImportFile
) -> ImportFilePublic:
    clashes = await clashes_of(session, row, [file])
    values = public_values(file, clashes[file.id])
    counts = await counts_of(session, [file.id])
    return ImportFilePublic(
        **values, examples=file.examples, other_files=counts.get(file.id, 0)
    )


async def clashes_of(
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
            col(ImportFile.outcome).not_in([Outcome.left_aside, Outcome.refused]),
            func.coalesce(ImportFile.decision, "") != Decision.skip.value,
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
