"""The repositories of teams: found, described, changed, removed."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import MISSING
from sqlalchemy import ColumnElement, and_, case, func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import record
from roster.components.models import Component
from roster.core.actor import Actor
from roster.core.caching import version_tag
from roster.core.crypto import Cipher
from roster.core.errors import Conflict, NotFound
from roster.core.handlers import UNIQUE
from roster.core.model import utc_now
from roster.core.paging import Page, by_id, cut, ordered
from roster.imports.models import Import
from roster.jobs.refs import refs_of
from roster.repositories.models import Repository, Upstream, UpstreamState
from roster.repositories.service import keep_token, require_token_right, target_of
from roster.repositories.timing import next_check
from roster.teams.access import Verb, require, teams_of
from roster.teams.models import Team, TeamRef
from roster.teams.names import known_as
from roster.upstreams.schemas import (
    RepositoryPublic,
    RepositoryQuery,
    RepositoryUpdate,
)

ORDER = "-id"
KEYS = [by_id(col(Repository.id), descending=True)]
UNIQUE["uq_repositories_team_id_url_ref_folder"] = Conflict(
    "The team takes components from this branch of the repository already."
)


async def find(
    session: AsyncSession, repository_id: UUID, actor: Actor, *, lock: bool = False
) -> Repository:
    """A repository of a team that the actor is a member of.

    Raises:
        NotFound: There is none that the actor may see.
    """
    statement = select(Repository).where(Repository.id == repository_id, _seen(actor))
    found = await session.exec(statement.with_for_update() if lock else statement)
    repository = found.first()
    if repository is None:
        raise NotFound("There is no such repository, or you may not see it.")
    return repository


def _seen(actor: Actor) -> ColumnElement[bool]:
    return col(Repository.team_id).in_(teams_of(actor, Verb.read))


async def page_of(
    session: AsyncSession, query: RepositoryQuery, *, actor: Actor
) -> Page[RepositoryPublic]:
    wanted = [_seen(actor)]
    if query.team is not None:
        teams = select(Team.id).where(known_as([query.team]))
        wanted.append(col(Repository.team_id).in_(teams))
    statement = select(Repository).where(*wanted)
    rows = await session.exec(ordered(statement, ORDER, KEYS, query))
    kept, cursor = cut(rows.all(), ORDER, query, lambda row: [row.id])
    items = await describe(session, kept)
    page: Page[RepositoryPublic] = Page(items=items, next_cursor=cursor)
    if query.count:
        counted = select(func.count()).select_from(Repository).where(*wanted)
        page.total = (await session.exec(counted)).one()
    return page


async def describe(
    session: AsyncSession, rows: Sequence[Repository]
) -> list[RepositoryPublic]:
    team_ids = {row.team_id for row in rows}
    teams = await session.exec(select(Team).where(col(Team.id).in_(team_ids)))
    team_of = {team.id: TeamRef.model_validate(team) for team in teams}
    jobs = await refs_of(session, (row.job_id for row in rows))
    counts = await _counts(session, [row.id for row in rows])
    described = []
    for row in rows:
        components, updates, pinned = counts.get(row.id, (0, 0, 0))
        described.append(
            RepositoryPublic(
                **row.model_dump(
                    include=set(RepositoryPublic.model_fields) - {"next_check_at"}
                ),
                # Nothing is to be checked by itself before something was taken.
                next_check_at=row.next_check_at if components else None,
                team=team_of[row.team_id],
                has_token=row.sealed_token is not None,
                job=jobs.get(row.job_id) if row.job_id else None,
                components=components,
                updates=updates,
                pinned=pinned,
                etag=version_tag(row.version),
            )
        )
    return described


async def describe_one(
    session: AsyncSession, repository: Repository
) -> RepositoryPublic:
    [described] = await describe(session, [repository])
    return described


async def _counts(
    session: AsyncSession, ids: Sequence[UUID]
) -> dict[UUID, tuple[int, int, int]]:
    """Components of each, how many can be updated, and how many are pinned."""
    pinned = col(Upstream.is_pinned)
    available = and_(col(Upstream.state) == UpstreamState.available, ~pinned)
    rows = await session.exec(
        select(
            Upstream.repository_id,
            func.count(),
            func.sum(case((available, 1), else_=0)),
            func.sum(case((pinned, 1), else_=0)),
        )
        .join(Component, col(Component.id) == Upstream.component_id)
        .where(
            col(Upstream.repository_id).in_(ids), col(Component.deleted_at).is_(None)
        )
        .group_by(col(Upstream.repository_id))
    )
    return {id_: (components, updates, held) for id_, components, updates, held in rows}


async def change(
    session: AsyncSession,
    repository: Repository,
    data: RepositoryUpdate,
    *,
    cipher: Cipher,
    actor: Actor,
) -> None:
    """Change how a locked repository is fetched, and how often.

    Raises:
        Forbidden: The actor may not replace the token.
        Conflict: The team has this branch of it already.
    """
    await require(session, actor, repository.team_id, Verb.edit)
    given = data.model_dump(exclude={"token"})
    changed = {
        name: value
        for name, value in given.items()
        if value != getattr(repository, name)
    }
    if data.token is not MISSING:
        await require_token_right(session, repository, actor)
        keep_token(session, repository, data.token, cipher=cipher, actor=actor)
    if "ref" in changed:
        # What was compared is another branch.
        repository.commit, repository.failures = "", 0
    if changed:
        now = utc_now()
        repository.sqlmodel_update(changed)
        repository.next_check_at = next_check(repository, now)
        repository.version += 1
        repository.updated_at = now
        target = target_of(repository)
        record(session, "repository.changed", target, by=actor, details=changed)
    await session.flush()


async def remove(
    session: AsyncSession, repository: Repository, *, actor: Actor
) -> None:
    """Forget a locked repository; its components stay, without an upstream.

    Raises:
        Forbidden: The actor does not own the team.
    """
    await require(session, actor, repository.team_id, Verb.manage)
    await session.exec(
        delete(Upstream).where(col(Upstream.repository_id) == repository.id)
    )
    await session.exec(
        update(Import)
        .where(col(Import.repository_id) == repository.id)
        .values(repository_id=None)
    )
    record(session, "repository.removed", target_of(repository), by=actor)
    await session.delete(repository)
    await session.flush()
