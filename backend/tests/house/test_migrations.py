"""The migrations make what the models say, on both engines, and can be undone."""

import asyncio
import subprocess
import sys
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Connection,
    PrimaryKeyConstraint,
    UniqueConstraint,
    inspect,
    text,
)
from sqlalchemy.ext.asyncio import create_async_engine

import roster.tables  # noqa: F401 - fills the metadata
from roster.core.migrate import MIGRATIONS, config_for, upgrade
from roster.core.model import Model

VECTORS = ("names", "heads", "terms")
UPGRADE = "import sys; from roster.core.migrate import upgrade; upgrade(sys.argv[1])"
ENGINE_OWNED = (
    "component_search",
    "component_heads",
    *(f"ix_search_documents_{column}" for column in VECTORS),
)


def differences(connection: Connection) -> list[Any]:
    def include(_object: object, name: str | None, *_rest: object) -> bool:
        return not (name or "").startswith(ENGINE_OWNED)

    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_object": include}
    )
    found: list[Any] = compare_metadata(context, Model.metadata)
    # What search keeps for itself on PostgreSQL.
    return [
        change
        for change in found
        if not (change[0] == "remove_column" and change[3].name in VECTORS)
    ]


def tables(connection: Connection) -> list[str]:
    return sorted(inspect(connection).get_table_names())


async def ask(url: str, question: Any) -> Any:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        answer = await connection.run_sync(question)
    await engine.dispose()
    return answer


async def test_the_migrated_schema_is_that_of_the_models(database_url: str) -> None:
    assert await ask(database_url, differences) == []


async def test_every_constraint_is_named_by_rule(database_url: str) -> None:
    def names(connection: Connection) -> list[str | None]:
        found = inspect(connection)
        return [
            constraint["name"]
            for table in Model.metadata.tables
            for constraint in (
                *found.get_unique_constraints(table),
                *found.get_foreign_keys(table),
                found.get_pk_constraint(table),
            )
        ]

    for name in await ask(database_url, names):
        assert name
        assert name.startswith(("uq_", "fk_", "pk_"))


def test_every_foreign_key_has_an_index() -> None:
    for table in Model.metadata.tables.values():
        keys = [
            constraint
            for constraint in table.constraints
            if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint)
        ]
        leading = {each.columns.keys()[0] for each in (*table.indexes, *keys)}
        if table.name == "instance_setup":
            continue  # it has one row
        for key in table.foreign_key_constraints:
            assert key.column_keys[0] in leading, f"{table.name}: {key.column_keys}"


async def test_down_to_nothing_and_up_again(owner_url: str) -> None:
    def triggers(connection: Connection) -> int:
        catalogue = {
            "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'",
            "postgresql": "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal",
        }
        found = connection.execute(text(catalogue[connection.dialect.name]))
        return int(found.scalar_one())

    config = config_for(owner_url)
    before = await ask(owner_url, tables), await ask(owner_url, triggers)

    await asyncio.to_thread(command.downgrade, config, "base")
    assert await ask(owner_url, tables) == ["alembic_version"]
    assert await ask(owner_url, triggers) == 0

    await asyncio.to_thread(upgrade, owner_url)
    after = await ask(owner_url, tables), await ask(owner_url, triggers)
    assert after == before
    assert await ask(owner_url, differences) == []


async def test_upgrading_twice_does_nothing(owner_url: str) -> None:
    before = await ask(owner_url, tables)

    await asyncio.to_thread(upgrade, owner_url)

    assert await ask(owner_url, tables) == before


def test_there_is_one_line_of_migrations() -> None:
    script = ScriptDirectory(str(MIGRATIONS))

    assert len(script.get_heads()) == 1
    for revision in script.walk_revisions():
        assert revision.doc, revision.revision


async def test_two_processes_may_migrate_at_once(owner_url: str) -> None:
    await asyncio.to_thread(command.downgrade, config_for(owner_url), "base")
    command_line = [sys.executable, "-c", UPGRADE, owner_url]

    started = [
        await asyncio.create_subprocess_exec(*command_line, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    ended = [await process.communicate() for process in started]

    codes = [process.returncode for process in started]
    assert codes == [0, 0], [stderr.decode()[-2000:] for _, stderr in ended]
    assert await ask(owner_url, differences) == []
