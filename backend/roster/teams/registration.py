"""Registering: an account and its personal team, made together."""

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.errors import Conflict, FieldError, NameTaken
from roster.core.handlers import UNIQUE
from roster.core.model import utc_now
from roster.teams.models import Membership, Role, Team, TeamSlug
from roster.users.models import InstanceSetup, User, UserCreate
from roster.users.service import USERNAME_TAKEN

# A new account's team carries its name, so a taken slug is a taken user name.
UNIQUE["uq_teams_slug"] = NameTaken(
    "A team has this name; choose another user name.",
    errors=[FieldError(loc="username", message=USERNAME_TAKEN, code="taken")],
)
UNIQUE["pk_instance_setup"] = Conflict(
    "Somebody else set this instance up just now; register again."
)


async def make_account(
    session: AsyncSession, data: UserCreate, password_hash: str, *, first: bool
) -> User:
    """Make an account; the first one of an instance administers it."""
    user = User.model_validate(
        data, update={"password_hash": password_hash, "is_admin": first}
    )
    session.add(user)
    await session.flush()
    team = Team(
        slug=user.username, name=user.display_name or user.username, is_personal=True
    )
    session.add(team)
    await session.flush()
    session.add(TeamSlug(slug=team.slug, team_id=team.id))
    session.add(Membership(user_id=user.id, team_id=team.id, role=Role.owner))
    if first:
        session.add(InstanceSetup(user_id=user.id, created_at=utc_now()))
    await session.flush()
    return user
