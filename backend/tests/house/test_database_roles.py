"""On PostgreSQL the application can change rows, and nothing that guards them."""

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import asyncpg
import httpx
import pytest
from alembic import command
from pydantic import SecretStr
from sqlalchemy import make_url

from roster.core.migrate import config_for
from roster.core.model import Model
from roster.serve import CannotStartError, migrate
from roster.settings import Settings
from tests.components.conftest import create
from tests.services.postgres import APPLICATION, OWNER, PostgresServer, connect

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

GUARDED = (
    "SELECT DISTINCT c.relname, t.tgname FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
)


@pytest.fixture
async def application(database_url: str) -> AsyncGenerator[asyncpg.Connection]:
    connection = await connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def owner(owner_url: str) -> AsyncGenerator[asyncpg.Connection]:
    connection = await connect(owner_url)
    yield connection
    await connection.close()


async def test_it_changes_neither_tables_nor_what_guards_them(
    application: asyncpg.Connection, ada: httpx.AsyncClient
) -> None:
    await create(ada, "ada")
    guarded = await application.fetch(GUARDED)
    tables = {row["relname"] for row in guarded}
    assert {"revisions", "revision_files", "audit_events", "releases"} <= tables
    attempts = [f"DROP TRIGGER {row['tgname']} ON {row['relname']}" for row in guarded]
    attempts += [f"ALTER TABLE {name} DISABLE TRIGGER ALL" for name in tables]
    attempts += [f"DROP TABLE {name} CASCADE" for name in tables]
    attempts += [f"TRUNCATE {name} CASCADE" for name in Model.metadata.tables]
    attempts += [
        "SET session_replication_role = replica",
        f"SET ROLE {OWNER}",
        f"SET SESSION AUTHORIZATION {OWNER}",
        f"GRANT {OWNER} TO {APPLICATION}",
        f"ALTER ROLE {APPLICATION} SUPERUSER",
        "ALTER TABLE revisions ADD COLUMN more text",
        "ALTER TABLE revisions OWNER TO CURRENT_USER",
        "CREATE TABLE own (id int)",
        (
            "CREATE TRIGGER own BEFORE UPDATE ON revisions FOR EACH ROW "
            "EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        ),
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger "
            "LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
        ),
        "DROP FUNCTION refuse_change() CASCADE",
        "DROP SCHEMA public CASCADE",
        "UPDATE alembic_version SET version_num = '0001'",
        "DELETE FROM alembic_version",
        "COPY revisions TO PROGRAM 'cat'",
    ]

    for statement in attempts:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await application.execute(statement)

    with pytest.raises(asyncpg.RestrictViolationError, match="immutable"):
        await application.execute("UPDATE revisions SET digest = ''")
    assert await application.fetchval("SELECT count(*) FROM revisions") == 1


async def test_what_it_is_granted_is_rows(owner: asyncpg.Connection) -> None:
    granted = await owner.fetch(
        "SELECT table_name, string_agg(privilege_type, ' ' ORDER BY privilege_type) "
        "AS verbs FROM information_schema.role_table_grants "
        "WHERE grantee = $1 GROUP BY table_name",
        APPLICATION,
    )
    verbs = {row["table_name"]: row["verbs"] for row in granted}

    assert verbs.pop("alembic_version") == "SELECT"
    assert set(verbs) == set(Model.metadata.tables)
    assert set(verbs.values()) == {"DELETE INSERT SELECT UPDATE"}


async def test_the_owner_too_is_kept_from_emptying_what_is_guarded(
    owner: asyncpg.Connection,
) -> None:
    for table in ("revisions", "revision_files", "audit_events", "releases"):
        with pytest.raises(asyncpg.RestrictViolationError, match="immutable"):
            await owner.execute(f"TRUNCATE {table} CASCADE")


async def test_later_tables_are_for_its_rows_too(
    owner: asyncpg.Connection, application: asyncpg.Connection
) -> None:
    await owner.execute("CREATE TABLE later (id int)")

    await application.execute("INSERT INTO later VALUES (1)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await application.execute("TRUNCATE later")


@pytest.fixture
def umask() -> Iterator[None]:
    """Starting takes rights of others from what is made; not for the tests after."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def with_roles(settings: Settings, **urls: str) -> Settings:
    return settings.model_copy(
        update={name: SecretStr(url) for name, url in urls.items()}
    )


async def test_a_start_migrates_as_the_owner(
    settings: Settings,
    owner_url: str,
    application: asyncpg.Connection,
    umask: None,
) -> None:
    await asyncio.to_thread(command.downgrade, config_for(owner_url), "base")
    alone = with_roles(settings, database_url=settings.database)
    with pytest.raises(CannotStartError, match="ROSTER_MIGRATION_DATABASE_URL"):
        await asyncio.to_thread(migrate, alone)

    both = with_roles(alone, migration_database_url=owner_url)
    await asyncio.to_thread(migrate, both)
    assert await application.fetchval("SELECT count(*) FROM users") == 0
    # What is up to date needs no owner.
    await asyncio.to_thread(migrate, alone)


async def test_a_role_that_could_do_more_is_refused(
    settings: Settings,
    postgres: PostgresServer,
    database_url: str,
    owner_url: str,
    umask: None,
) -> None:
    name = make_url(database_url).database or ""
    superuser = await connect(postgres.url(name))

    async def refused(**urls: Any) -> str:
        given = {"migration_database_url": owner_url, **urls}
        with pytest.raises(CannotStartError) as raised:
            await asyncio.to_thread(migrate, with_roles(settings, **given))
        return str(raised.value)

    nobody = make_url(database_url).set(username="nobody_here")
    url = nobody.render_as_string(hide_password=False)
    assert "There is no role nobody_here" in await refused(database_url=url)
    as_superuser = await refused(database_url=postgres.url(name))
    assert "can do all that the owner" in as_superuser

    own = {"database_url": database_url}
    await superuser.execute(
        f"CREATE TABLE of_ours (id int); ALTER TABLE of_ours OWNER TO {APPLICATION}"
    )
    assert "owns tables" in await refused(**own)
    await superuser.execute("DROP TABLE of_ours")
    await superuser.close()
    await asyncio.to_thread(
        migrate, with_roles(settings, migration_database_url=owner_url, **own)
    )
    # One role for both, as where nobody made a second one.
    same = {"migration_database_url": owner_url, "database_url": owner_url}
    await asyncio.to_thread(migrate, with_roles(settings, **same))
