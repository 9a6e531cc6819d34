"""Bring a database to the schema of this version."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import NullPool, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
PRESENT = text("SELECT version_num FROM alembic_version")


def config_for(url: str) -> "Config":
    # Most starts migrate nothing, and do without the eight megabytes of alembic.
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str, *, application: str | None = None) -> None:
    """Run what is missing. Not to be called inside a running event loop.

    Args:
        url: The database, as the role that owns its tables.
        application: The role that the application connects as, where it is another
            one: it is granted what it needs, and no more.
    """
    if application is None and is_current(url):
        return
    from alembic import command  # noqa: PLC0415 - as above

    config = config_for(url)
    config.attributes["application"] = application
    command.upgrade(config, "head")


def is_current(url: str) -> bool:
    return asyncio.run(_present(url)) == head()


async def _present(url: str) -> str | None:
    """Read what the database was migrated to; None: never, or it does not say.

    Raises:
        OSError: It does not answer: it need not be asked again.
    """
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            version: str | None = (await connection.execute(PRESENT)).scalar()
            return version
    except SQLAlchemyError:
        return None
    finally:
        await engine.dispose()


def head() -> str | None:
    return max(known(), default=None)


def known() -> frozenset[str]:
    """Every schema that this version knows, by the numbers of the migrations."""
    scripts = (MIGRATIONS / "versions").glob("[0-9]*.py")
    return frozenset(script.name.partition("_")[0] for script in scripts)
