"""Run migrations on the database that the caller names (see roster.core.migrate)."""

import asyncio
from typing import Any

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

import roster.tables  # noqa: F401 - fills the metadata
from roster.core.model import Model

# Indexes that an engine keeps for search and no model knows of.
ENGINE_OWNED = ("component_search", "ix_search_documents_terms")


def include(_object: object, name: str | None, *_rest: object) -> bool:
    return not (name or "").startswith(ENGINE_OWNED)


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    options: dict[str, Any] = {
        "target_metadata": Model.metadata,
        "include_name": include,
        "compare_type": True,
        "render_as_batch": sqlite,
        "transaction_per_migration": True,
    }
    context.configure(connection=connection, **options)
    with context.begin_transaction():
        if not sqlite:
            # Two processes that start at once take turns.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7241889)")
        context.run_migrations()


async def connect_and_run() -> None:
    engine = create_async_engine(
        context.config.get_main_option("sqlalchemy.url") or "", poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Once, here: the change needs the file to itself, and does not wait for it.
            await connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


asyncio.run(connect_and_run())
