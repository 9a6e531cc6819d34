"""Insert rows that need no entity: one statement for each table, past the ORM."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.compiled import Inserting, Row
from roster.core.model import Model


@cache
def _insert_into(model: type[Model]) -> Inserting:
    return Inserting(model)


def table_of(model: type[Model]) -> Table:
    return model.metadata.tables[str(model.__tablename__)]


def row_of(entity: Model) -> dict[str, Any]:
    """What is to be written of an entity that belongs to no session."""
    values = vars(entity)
    return {key: values[key] for key in _keys(type(entity)) if key in values}


@cache
def _keys(model: type[Model]) -> tuple[str, ...]:
    return tuple(column.key for column in table_of(model).columns)


async def insert_rows(
    session: AsyncSession, *rows_of: tuple[type[Model] | Inserting, Sequence[Row]]
) -> None:
    """Insert rows into tables, in this order, after what the session has to write.

    Args:
        session: The transaction.
        rows_of: Tables and their rows, which all have the same columns.
    """
    for into, rows in rows_of:
        inserting = into if isinstance(into, Inserting) else _insert_into(into)
        await inserting.rows(session, rows)


def insert_of(session: AsyncSession) -> Any:
    """The dialect's own INSERT, which knows of conflicts."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert if on_postgres else sqlite.insert
