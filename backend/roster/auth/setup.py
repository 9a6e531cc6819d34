"""Setting an instance up: the one-time code that the first account needs.

The code proves that who registers first can read this machine's console or files.
That the first account exists is a row (`InstanceSetup`), whose key decides a race.
"""

import asyncio
import secrets

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core import private_file
from roster.core.db import Database
from roster.core.errors import Invalid
from roster.settings import Settings
from roster.users.models import InstanceSetup, UserCreate

FILE_NAME = "setup-code"
# Without the letters and digits that are taken for one another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 4, 5


def new_code() -> str:
    groups = [
        "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH))
        for _ in range(GROUPS)
    ]
    return "-".join(groups)


def _code_in(settings: Settings) -> str:
    if settings.setup_code is not None:
        return settings.setup_code.get_secret_value()
    path = settings.data_dir / FILE_NAME
    if not path.exists():
        private_file.create_once(path, new_code() + "\n")
    return private_file.read(path).strip()


async def forget_code(settings: Settings) -> None:
    path = settings.data_dir / FILE_NAME
    await asyncio.to_thread(path.unlink, missing_ok=True)


async def is_set_up(session: AsyncSession) -> bool:
    return (await session.exec(select(InstanceSetup.id))).first() is not None


async def current_code(settings: Settings, database: Database) -> str | None:
    """Give the code that the first account needs, or None once there is one."""
    async with database.read() as session:
        done = await is_set_up(session)
    if done:
        await forget_code(settings)
        return None
    return await asyncio.to_thread(_code_in, settings)


async def is_first(settings: Settings, database: Database, data: UserCreate) -> bool:
    """Tell whether a registration is the first of the instance.

    Raises:
        Invalid: It would be the first, and its setup code is missing or wrong.
    """
    code = await current_code(settings, database)
    if code is None:
        return False
    given = data.setup_code.get_secret_value() if data.setup_code else ""
    if secrets.compare_digest(given.strip().encode(), code.encode()):
        return True
    raise Invalid.field(
        "setup_code",
        "The first account needs the setup code that this instance printed when it "
        f"started; it also stands in the file {FILE_NAME} of its data folder.",
        "setup_code_wrong",
    )
