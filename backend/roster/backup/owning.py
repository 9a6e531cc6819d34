"""Transactions that take as long as they take: one that reads, and one that fills."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from roster.settings import Settings

# Of triggers: what they refuse with, see the migrations.
_REFUSES = "%is immutable%"
_ON_SQLITE = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
    "AND sql LIKE :refuses AND sql LIKE '%BEFORE INSERT%'"
)
# 4 is the bit of triggers that insertions set off.
_ON_POSTGRESQL = text(
    "SELECT t.tgname, c.relname FROM pg_trigger AS t "
    "JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid "
    "JOIN pg_namespace AS n ON n.oid = c.relnamespace "
    "WHERE NOT t.tgisinternal AND n.nspname = 'public' "
    "AND p.prosrc LIKE :refuses AND t.tgtype & 4 <> 0"
)


@asynccontextmanager
async def one_moment(url: str) -> AsyncGenerator[AsyncConnection]:
    """See the same in every statement, whatever is written meanwhile."""
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
    on_sqlite = engine.dialect.name == "sqlite"
    if on_sqlite:
        _begin_with(engine, "BEGIN")
    else:
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    async with engine.connect() as connection:
        if not on_sqlite:
            await _unhurried(connection)
        yield connection


async def _unhurried(connection: AsyncConnection) -> None:
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        await connection.exec_driver_sql(f"SET LOCAL {limit} = 0")


@asynccontextmanager
async def owner(settings: Settings) -> AsyncGenerator[AsyncConnection]:
    """Begin a transaction that is committed when the block ends well."""
    engine = create_async_engine(
        settings.migration_database, poolclass=NullPool, hide_parameters=True
    )
    on_sqlite = engine.dialect.name == "sqlite"
    if on_sqlite:
        _begin_with(engine, "BEGIN IMMEDIATE")
    async with engine.begin() as connection:
        if not on_sqlite:
            await _unhurried(connection)
        yield connection


def _begin_with(engine: AsyncEngine, statement: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours, below
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(statement)


@asynccontextmanager
async def without_guards(connection: AsyncConnection) -> AsyncGenerator[None]:
    """Insert what has a past: the approval of a promotion that was applied long ago.

    Guards against insertions alone are put aside, and they are back before the
    transaction can be committed.
    """
    put_aside, put_back = await _statements(connection)
    for statement in put_aside:
        await connection.exec_driver_sql(statement)
    yield
    for statement in put_back:
        await connection.exec_driver_sql(statement)


async def _statements(connection: AsyncConnection) -> tuple[list[str], list[str]]:
    on_sqlite = connection.dialect.name == "sqlite"
    query = _ON_SQLITE if on_sqlite else _ON_POSTGRESQL
    found = (await connection.execute(query, {"refuses": _REFUSES})).all()
    if on_sqlite:
        return [f"DROP TRIGGER {name}" for name, _ in found], [sql for _, sql in found]
    change = "ALTER TABLE {} {} TRIGGER {}"
    return (
        [change.format(table, "DISABLE", name) for name, table in found],
        [change.format(table, "ENABLE", name) for name, table in found],
    )
