"""Names of teams and accounts share one space, and none is ever given twice."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.errors import FieldError, NameTaken
from roster.core.model import utc_now
from roster.teams.models import Team, TeamSlug

RESERVED = frozenset({"me", "new", "api", "roster", "system", "anonymous"})
"""They mean something else where a team or a person is named."""
NAME_TAKEN = "This name is taken, was once, or is reserved; choose another."


def known_as(slugs: Collection[str]) -> ColumnElement[bool]:
    """Teams that have, or had, one of these names."""
    former = select(TeamSlug.team_id).where(col(TeamSlug.slug).in_(slugs))
    return or_(col(Team.slug).in_(slugs), col(Team.id).in_(former))


async def _insert(session: AsyncSession, slug: str, team_id: UUID | None) -> bool:
    """Tell whether the name was free; the primary key decides a race."""
    if slug in RESERVED:
        return False
    on_postgres = session.get_bind().dialect.name == "postgresql"
    insert_into = postgresql.insert if on_postgres else sqlite.insert
    added = await session.exec(
        insert_into(TeamSlug)
        .values(slug=slug, team_id=team_id, created_at=utc_now())
        .on_conflict_do_nothing()
        .returning(col(TeamSlug.slug))
    )
    return added.first() is not None


def taken(field: str, message: str) -> NameTaken:
    error = FieldError(loc=field, message=message, code="taken")
    return NameTaken(message, errors=[error])


async def reserve(
    session: AsyncSession, slug: str, *, field: str, message: str = NAME_TAKEN
) -> None:
    """Keep a name for a team or account that is about to be made.

    Args:
        session: The caller's transaction.
        slug: The name.
        field: The form's field that a refusal names.
        message: What a refusal says.

    Raises:
        NameTaken: It belongs to a team or account, or did once.
    """
    if not await _insert(session, slug, None):
        raise taken(field, message)


async def claim(session: AsyncSession, slug: str, team_id: UUID) -> None:
    """Give a reserved name to the team that it was reserved for."""
    await session.exec(
        update(TeamSlug).where(col(TeamSlug.slug) == slug).values(team_id=team_id)
    )


async def rename(session: AsyncSession, team: Team, slug: str) -> None:
    """Give a team another name, or one back that it had before.

    Raises:
        NameTaken: It belongs to another team or account, or did once.
    """
    if not await _insert(session, slug, team.id):
        owner = select(TeamSlug.team_id).where(TeamSlug.slug == slug)
        if (await session.exec(owner)).one_or_none() != team.id:
            raise taken("slug", NAME_TAKEN)
    team.slug = slug
