"""Secrets of servers: written by owners, listed by members, shown to nobody."""

from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.models import Component
from roster.components.trail import Happening, tell
from roster.core.actor import Actor
from roster.core.caching import require_match, version_tag
from roster.core.crypto import Cipher
from roster.core.errors import Conflict, NotFound, Stale
from roster.core.model import utc_now
from roster.secrets.models import Secret, SecretList, SecretPublic, SecretState
from roster.secrets.sealing import bound_to, is_attached, seal
from roster.users.models import User, UserRef

MOST = 100
"""Secrets of one server."""

_NO_SECRET = "The server has no such secret."  # noqa: S105 - a sentence


def public(secret: Secret, component: Component, writer: User) -> SecretPublic:
    attached = is_attached(secret, component)
    return SecretPublic(
        key=secret.key,
        state=SecretState.attached if attached else SecretState.detached,
        etag=version_tag(secret.version),
        written_by=UserRef.model_validate(writer),
        created_at=secret.created_at,
        updated_at=secret.updated_at,
    )


async def list_of(session: AsyncSession, component: Component) -> SecretList:
    rows = await session.exec(
        select(Secret, User)
        .join(User, col(User.id) == Secret.written_by)
        .where(Secret.component_id == component.id)
        .order_by(col(Secret.key))
    )
    return SecretList(items=[public(row, component, writer) for row, writer in rows])


async def find(session: AsyncSession, component_id: UUID, key: str) -> Secret | None:
    found = await session.exec(
        select(Secret).where(Secret.component_id == component_id, Secret.key == key)
    )
    return found.first()


async def write(  # noqa: PLR0913 - what, where, and based on what
    session: AsyncSession,
    component: Component,
    key: str,
    value: str,
    *,
    cipher: Cipher,
    if_match: str | None,
    actor: Actor,
) -> SecretPublic:
    """Seal a value for what the server, which is locked, starts or calls now.

    Raises:
        Conflict: There is nothing yet that it could be for, or too many are kept.
        PreconditionRequired: There is one, and ``If-Match`` is missing.
        Stale: There is one of another version, or none any more.
    """
    if not component.target_digest:
        raise Conflict(
            "Publish the server first: a secret is bound to its command or address."
        )
    secret = await find(session, component.id, key)
    if secret is None:
        if if_match is not None:
            raise Stale("There is no such secret any more; send it without If-Match.")
        await _require_room(session, component.id)
    else:
        require_match(if_match, secret.version)
    return await put(session, component, secret, key, value, cipher=cipher, actor=actor)


async def put(  # noqa: PLR0913 - what is written, and where
    session: AsyncSession,
    component: Component,
    secret: Secret | None,
    key: str,
    value: str,
    *,
    cipher: Cipher,
    actor: Actor,
) -> SecretPublic:
    """Write a secret, in place of the given one if there is one."""
    sealed = seal(cipher, component, key, value)
    now, replaced = utc_now(), secret is not None
    if secret is None:
        secret = Secret(
            component_id=component.id,
            key=key,
            sealed=sealed,
            target_digest=bound_to(component),
            written_by=actor.id,
            created_at=now,
            updated_at=now,
        )
        session.add(secret)
    else:
        secret.sealed, secret.target_digest = sealed, bound_to(component)
        secret.written_by, secret.updated_at = actor.id, now
        secret.version += 1
    details = {"key": key, "replaced": replaced}
    await tell(session, [Happening("secret.written", component, details)], by=actor)
    await session.flush()
    return public(secret, component, await session.get_one(User, actor.id))


async def _require_room(session: AsyncSession, component_id: UUID) -> None:
    count = select(func.count()).where(col(Secret.component_id) == component_id)
    if (await session.exec(count)).one() >= MOST:
        raise Conflict(f"A server keeps at most {MOST} secrets; remove one first.")


async def remove(
    session: AsyncSession,
    component: Component,
    key: str,
    *,
    if_match: str | None,
    actor: Actor,
) -> None:
    """Forget a value for good.

    Raises:
        NotFound: There is no such secret.
        PreconditionRequired: ``If-Match`` is missing.
        Stale: It was written anew since it was read.
    """
    secret = await find(session, component.id, key)
    if secret is None:
        raise NotFound(_NO_SECRET)
    require_match(if_match, secret.version)
    await session.delete(secret)
    details = {"key": key}
    await tell(session, [Happening("secret.removed", component, details)], by=actor)
    await session.flush()
