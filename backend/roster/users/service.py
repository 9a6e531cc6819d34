from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.audit.service import Target, record
from roster.core.actor import Actor
from roster.core.errors import FieldError, NameTaken
from roster.core.handlers import UNIQUE
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


async def find_by_login(session: AsyncSession, login: str) -> User | None:
    """Find a user by user name or e-mail address, which are never alike."""
    login = login.strip().lower()
    found = await session.exec(
        select(User).where(or_(col(User.username) == login, col(User.email) == login))
    )
    return found.one_or_none()


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
