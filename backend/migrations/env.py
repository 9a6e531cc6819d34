"""Run migrations on the database that the caller names (see roster.core.migrate)."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, event, pool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import roster.tables  # noqa: F401 - fills the metadata
from roster.core import database_roles
from roster.core.model import Model

# Indexes that an engine keeps for search and no model knows of.
ENGINE_OWNED = ("component_search", "ix_search_documents_terms")


def include(_object: object, name: str | None, *_rest: object) -> bool:
    return not (name or "").startswith(ENGINE_OWNED)


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        include_object=include,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    # One transaction, also on SQLite: all of it or nothing, whenever it is killed.
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Two processes that start at once take turns; on SQLite, BEGIN sees to it.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7241889)")
        context.run_migrations()
        application = context.config.attributes.get("application")
        if application and connection.dialect.name == "postgresql":
            database_roles.grant(connection, application)


def configure_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=60000")
        # Once, here: the change needs the file to itself.
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


async def connect_and_run() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or ""
    engine = create_async_engine(url, poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite":
        configure_sqlite(engine)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


asyncio.run(connect_and_run())
