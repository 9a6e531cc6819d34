"""The repositories that a team takes components from."""

from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.core.actor import Actor
from roster.core.crypto import Cipher
from roster.core.errors import Forbidden, Invalid
from roster.core.model import utc_now
from roster.repositories.models import Repository
from roster.repositories.sealing import seal
from roster.repositories.timing import next_check
from roster.teams.access import Verb, may, require, role_in


def target_of(repository: Repository) -> Target:
    return Target("repository", repository.id, repository.url, repository.team_id)


async def take(  # noqa: PLR0913, PLR0917 - what a repository is made of
    session: AsyncSession,
    team_id: UUID,
    url: str,
    ref: str,
    folder: str,
    token: SecretStr | None,
    *,
    cipher: Cipher,
    actor: Actor,
) -> Repository:
    """Give the repository of a team at an address, locked; made if there is none.

    A token that is given takes the place of the one that is kept.

    Args:
        session: A transaction.
        team_id: Of the team.
        url: As `fetching.git.normalise` gives it, so that two ways to write it are one.
        ref: A branch, a tag or a commit; empty: the branch it points at itself.
        folder: Only what stands in it; empty: all.
        token: To fetch it with.
        cipher: Seals the token.
        actor: Who asks.

    Raises:
        Forbidden: The actor may not edit in the team, or not replace its token.
        Invalid: The folder is none that can be.
    """
    await require(session, actor, team_id, Verb.edit)
    wanted = Repository(
        team_id=team_id,
        url=url,
        ref=ref.strip(),
        folder=_folder(folder),
        created_by=actor.id,
    )
    wanted.next_check_at = next_check(wanted, utc_now())
    found = await _insert(session, wanted)
    if found.id == wanted.id:
        if token is not None:
            found.sealed_token = seal(cipher, found, token)
        details = {"ref": found.ref, "folder": found.folder}
        record(session, "repository.added", target_of(found), by=actor, details=details)
    elif token is not None:
        await require_token_right(session, found, actor)
        keep_token(session, found, token, cipher=cipher, actor=actor)
    await session.flush()
    return found


async def _insert(session: AsyncSession, wanted: Repository) -> Repository:
    """Let the database decide which of two at once is there first."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    insert_into: Any = postgresql.insert if on_postgres else sqlite.insert
    values = wanted.model_dump()
    await session.exec(insert_into(Repository).values(values).on_conflict_do_nothing())
    found = await session.exec(
        select(Repository)
        .where(
            Repository.team_id == wanted.team_id,
            Repository.url == wanted.url,
            Repository.ref == wanted.ref,
            Repository.folder == wanted.folder,
        )
        .with_for_update()
    )
    return found.one()


async def require_token_right(
    session: AsyncSession, repository: Repository, actor: Actor
) -> None:
    """Let none replace or remove a token but owners, and who added the repository.

    Raises:
        Forbidden: The actor is neither, and there is a token.
    """
    if repository.sealed_token is None or repository.created_by == actor.id:
        return
    if not may(await role_in(session, actor, repository.team_id), Verb.manage):
        raise Forbidden(
            "This repository has a token that somebody else gave. Leave it as it is, "
            "or ask an owner of the team to replace it."
        )


def keep_token(
    session: AsyncSession,
    repository: Repository,
    token: SecretStr | None,
    *,
    cipher: Cipher,
    actor: Actor,
) -> None:
    """Replace the token of a locked repository, or remove it."""
    sealed = None if token is None else seal(cipher, repository, token)
    repository.sealed_token = sealed
    repository.failures = 0
    repository.version += 1
    repository.updated_at = utc_now()
    details = {"token": "removed" if token is None else "replaced"}
    record(
        session, "repository.changed", target_of(repository), by=actor, details=details
    )


def _folder(folder: str) -> str:
    parts = [part for part in folder.strip().split("/") if part not in {"", "."}]
    if ".." in parts:
        message = "Name a folder of the repository, without `..`."
        raise Invalid.field("folder", message, "no_folder")
    return "/".join(parts)
