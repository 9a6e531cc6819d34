from uuid import UUID

from roster.auth.models import PasswordGrant
from roster.auth.passwords import PasswordHasher
from roster.core.db import Database
from roster.core.errors import WrongCredentials
from roster.users.service import find_by_login


async def authenticate(
    database: Database, passwords: PasswordHasher, grant: PasswordGrant
) -> tuple[UUID, str | None]:
    """Find whose name and password these are.

    No connection is held while the password is hashed: many sign-ins at once must
    not keep the others from the database.

    Returns:
        The user's id, and the password hashed anew where the cost has changed.

    Raises:
        WrongCredentials: There is no such active user, or the password is another.
    """
    async with database.read() as session:
        user = await find_by_login(session, grant.username)
    verdict = await passwords.verify(
        grant.password, user.password_hash if user else None
    )
    if user is None or not verdict.correct:
        raise WrongCredentials("The user name or the password is wrong.")
    return user.id, verdict.upgraded_hash
