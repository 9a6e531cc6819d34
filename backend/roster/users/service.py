from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, Uuid, or_, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.core.actor import Actor
from roster.core.changing import present
from roster.core.compiled import Asking, Row
from roster.core.direct import slot
from roster.core.errors import FieldError, NameTaken
from roster.core.handlers import UNIQUE
from roster.core.inserting import table_of
from roster.core.model import utc_now
from roster.users.models import User, UserUpdate

USERNAME_TAKEN = "This user name is taken; choose another."
EMAIL_TAKEN = "An account with this e-mail address exists; sign in with it."

UNIQUE["uq_users_username"] = NameTaken(
    USERNAME_TAKEN,
    errors=[FieldError(loc="username", message=USERNAME_TAKEN, code="taken")],
)
UNIQUE["uq_users_email"] = NameTaken(
    EMAIL_TAKEN, errors=[FieldError(loc="email", message=EMAIL_TAKEN, code="taken")]
)


_LOGIN = slot("login", String())
_ALL: Select[*tuple[Any, ...]] = select(*table_of(User).columns)
_BY_LOGIN = Asking(
    _ALL.where(or_(col(User.username) == _LOGIN, col(User.email) == _LOGIN))
)
_BY_ID = Asking(_ALL.where(col(User.id) == slot("id", Uuid())))
_LOCKED = Asking(_ALL.where(col(User.id) == slot("id", Uuid())).with_for_update())


async def _one(session: AsyncSession, asking: Asking, values: Row) -> User | None:
    rows = await asking.rows(session, values)
    return next(iter(present(session, User, (row._asdict() for row in rows))), None)


async def find_by_login(session: AsyncSession, login: str) -> User | None:
    """Find a user by user name or e-mail address, which are never alike."""
    return await _one(session, _BY_LOGIN, {"login": login.strip().lower()})


async def find(session: AsyncSession, user_id: UUID) -> User | None:
    return await _one(session, _BY_ID, {"id": user_id})


async def lock(session: AsyncSession, user_id: UUID) -> User | None:
    """Find a user as nobody else may change it before this transaction ends."""
    return await _one(session, _LOCKED, {"id": user_id})


def version_of(user: User) -> int:
    """The version that an ETag carries: the time of the last change."""
    return int(user.updated_at.timestamp() * 1_000_000)


async def update(
    session: AsyncSession, user: User, data: UserUpdate, *, actor: Actor
) -> User:
    """Change what is given but the address, which is to be proved first."""
    user.sqlmodel_update(data.model_dump(exclude={"email", "current_password"}))
    if fields := sorted(data.model_fields_set - {"current_password"}):
        target = Target("user", user.id, user.username)
        record(session, "account.changed", target, by=actor, details={"asked": fields})
    user.updated_at = utc_now()
    await session.flush()
    return user
