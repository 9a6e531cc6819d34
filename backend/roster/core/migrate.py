"""Bring a database to the schema of this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def config_for(url: str) -> Config:
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
    config = config_for(url)
    config.attributes["application"] = application
    command.upgrade(config, "head")


def head() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def known() -> frozenset[str]:
    """Every schema that this version knows, the oldest to the newest."""
    script = ScriptDirectory(str(MIGRATIONS))
    return frozenset(one.revision for one in script.walk_revisions())
