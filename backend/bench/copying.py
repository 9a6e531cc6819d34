"""Make a registry many times as large, by statements that copy what is in it.

The database does it by itself: a million components take minutes. Copies have names,
identifiers and times of their own, and are as different as the first ones are.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    Insert,
    String,
    Uuid,
    cast,
    func,
    insert,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.dialects import postgresql, sqlite

from roster.components.models import (
    Component,
    ComponentFacet,
    ComponentName,
    Label,
    Revision,
)
from roster.core.db import Database
from roster.core.model import Model
from roster.search.models import SearchDocument

TABLES: tuple[type[Model], ...] = (
    Component,
    ComponentName,
    Revision,
    Label,
    ComponentFacet,
    SearchDocument,
)
IDS = {"id", "component_id"}
TIMES = {"created_at", "updated_at", "published_at", "moved_at"}
MINUTES = 5_003
"""Between one copy and the next."""
PREFIX = 8
"""Hexadecimal digits that tell copies apart: those of the first ones begin with 01."""
FIRST = UUID("01000000-0000-0000-0000-000000000000")
NAMES = [str(model.__tablename__) for model in TABLES]
SEARCHED = ("component_search", "component_heads")
"""What SQLite searches, from the table of documents."""
BESIDE_SQLITE = """
    SELECT type, name, sql FROM sqlite_master
    WHERE type IN ('index', 'trigger') AND sql IS NOT NULL
    AND instr(',' || ? || ',', ',' || tbl_name || ',')
"""
BESIDE_POSTGRES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE tablename = ANY($1) AND NOT EXISTS (
        SELECT FROM pg_constraint WHERE conname = indexname)
"""
"""What is made anew when all rows are there: that is quicker."""
SQLITE = ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-1000000")
POSTGRES = """
    SET session_replication_role = replica;
    SET synchronous_commit = off; SET maintenance_work_mem = '1GB'
"""


async def multiply(database: Database, times: int) -> None:
    """Copy all components with what hangs on them, until there are so many of each."""
    if times > 1 and database.dialect == "sqlite":
        _in_sqlite(database, times)
    elif times > 1:
        await _in_postgres(database, times)


def _in_sqlite(database: Database, times: int) -> None:
    file = database.writer.url.database
    assert file is not None
    connection = sqlite3.connect(file, isolation_level=None, timeout=30)
    for pragma in SQLITE:
        connection.execute(f"PRAGMA {pragma}")
    dialect = sqlite.dialect()
    beside = connection.execute(BESIDE_SQLITE, [",".join(NAMES)]).fetchall()
    for what, name, _ in beside:
        connection.execute(f"DROP {what} {name}")
    for number in range(1, times):
        connection.execute("BEGIN IMMEDIATE")
        for statement in _copies(number, "sqlite"):
            connection.execute(_text(statement, dialect))
        connection.execute("COMMIT")
    for _, _, definition in beside:
        connection.execute(definition)
    for name in SEARCHED:
        connection.execute(f"INSERT INTO {name}({name}) VALUES ('rebuild')")  # noqa: S608 - a name from above
    connection.close()


async def _in_postgres(database: Database, times: int) -> None:
    url = database.writer.url.set(drivername="postgresql", query={})
    address = url.render_as_string(hide_password=False)
    connection = await asyncpg.connect(address, ssl=False)
    await connection.execute(POSTGRES)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call] # as it is
    beside = await connection.fetch(BESIDE_POSTGRES, list(NAMES))
    for name, _ in beside:
        await connection.execute(f"DROP INDEX {name}")
    for number in range(1, times):
        for statement in _copies(number, "postgresql"):
            await connection.execute(_text(statement, dialect))
    for _, definition in beside:
        await connection.execute(definition)
    await connection.execute("VACUUM ANALYZE")  # as the server does by and by
    await connection.close()


def _text(statement: Insert, dialect: Any) -> str:
    options = {"literal_binds": True}
    return str(statement.compile(dialect=dialect, compile_kwargs=options))


def _copies(number: int, dialect: str) -> Iterator[Insert]:
    for model in TABLES:
        table = model.metadata.tables[str(model.__tablename__)]
        columns = [one for one in table.columns if one.name != "rowid"]
        owner = table.c.get("component_id", table.c.get("id"))
        assert owner is not None
        values = [_copied(one, number, dialect) for one in columns]
        first = select(*values).where(owner >= _first_of(dialect))
        yield insert(table).from_select([one.name for one in columns], first)


def _first_of(dialect: str) -> ColumnElement[Any]:
    text = f"'{FIRST}'::uuid" if dialect == "postgresql" else f"'{FIRST.hex}'"
    return literal_column(text)


def _copied(column: Any, number: int, dialect: str) -> Any:
    on_postgres = dialect == "postgresql"
    minutes = number * MINUTES
    if column.name in IDS:
        rest = func.substr(cast(column, String), PREFIX + 1)
        id_ = literal_column(f"'{number:0{PREFIX}x}'", String()).concat(rest)
        return cast(id_, Uuid()) if on_postgres else id_
    if column.name in TIMES and on_postgres:
        return column.op("+")(literal_column(f"interval '{minutes} minutes'"))
    if column.name in TIMES:
        moved = func.strftime("%Y-%m-%d %H:%M:%S", column, f"+{minutes} minutes")
        return type_coerce(moved, String()).concat(".000000")
    if column.name == "name" and column.table.name in {"components", "component_names"}:
        return column.concat(f"-{number}")
    return column
