"""Insert rows that need no entity: one statement for each table, past the ORM.

Making an entity, finding out what of it to write and writing it costs several times as
much as the row itself.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, insert
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from roster.core.changes import TOPICS
from roster.core.model import Model
from roster.core.topics import told_by_statement

Row = Mapping[str, Any]


@cache
def _insert_into(model: type[Model]) -> Insert:
    return insert(table_of(model))


def table_of(model: type[Model]) -> Table:
    return model.metadata.tables[str(model.__tablename__)]


def row_of(entity: Model) -> dict[str, Any]:
    """What is to be written of an entity that belongs to no session."""
    values = vars(entity)
    return {
        column.key: values[column.key]
        for column in table_of(type(entity)).columns
        if column.key in values
    }


async def insert_rows(
    session: AsyncSession, *rows_of: tuple[type[Model], Sequence[Row]]
) -> None:
    """Insert rows into tables, in this order, after what the session has to write.

    Args:
        session: The transaction.
        rows_of: Tables and their rows, which all have the same columns.
    """
    await session.run_sync(_insert_rows, rows_of)


def _insert_rows(
    session: Session, rows_of: Sequence[tuple[type[Model], Sequence[Row]]]
) -> None:
    session.flush()
    connection = session.connection()
    for model, rows in rows_of:
        if not rows:
            continue
        statement = _insert_into(model)
        connection.execute(statement, rows)
        topics = told_by_statement(statement, model.__tells__, rows)
        session.info.setdefault(TOPICS, set()).update(topics)
